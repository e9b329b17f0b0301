package quote

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/quote/weights"
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

// TestConcurrentUse shares one engine: every goroutine finds the same quotes.
func TestConcurrentUse(t *testing.T) {
	e := newEngine(t)
	d := Document{Text: "“It is ready,” said Orla Pennyfeather, the mayor. She added: “Come and see the bridge.”", Language: "en"}
	want := saidOf(extract(t, e, d))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				quotes, err := e.Extract(context.Background(), d)
				if err != nil {
					t.Error(err)
					return
				}
				if diff := cmp.Diff(want, saidOf(quotes)); diff != "" {
					t.Errorf("quotes (-want +got):\n%s", diff)
					return
				}
			}
		})
	}
	wg.Wait()
	if len(want) != 2 {
		t.Errorf("got %d quotes, want 2: %v", len(want), want)
	}
}

// TestCancelledContext shows that the context's error comes back, wrapped.
func TestCancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := newEngine(t).Extract(ctx, Document{Text: "“Yes,” she said."}); !errors.Is(err, context.Canceled) {
		t.Errorf("got the error %v, want one that wraps %v", err, context.Canceled)
	}
}

// The version follows from the data, not from when it was built: the same for
// every engine, cheap, and with the weights' checksum in it.
func TestVersion(t *testing.T) {
	v := Version()
	if v != newEngine(t).Version() {
		t.Errorf("the engine's version is not %q", v)
	}
	if sum := fmt.Sprintf("%08x", weights.Checksum()); !strings.Contains(v, sum) || sum == "00000000" {
		t.Errorf("%q does not tell the weights %s", v, sum)
	}
}
