package quote

import (
	"context"
	"sync"
	"testing"
)

var sharedEngine = sync.OnceValues(New)

func newEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := sharedEngine()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// rulesOnly is an engine for English without what was trained.
func rulesOnly(t testing.TB) *Engine {
	t.Helper()
	english := *newEngine(t).packs[modelLanguage]
	english.models, english.trained = nil, nil
	return &Engine{packs: map[string]*pack{modelLanguage: &english}}
}

func extract(t testing.TB, e *Engine, d Document) []Quote {
	t.Helper()
	quotes, err := e.Extract(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return quotes
}

// speakerName is the name of a quote's speaker, "" for none.
func speakerName(q Quote) string {
	if q.Speaker == nil {
		return ""
	}
	return q.Speaker.Name
}
