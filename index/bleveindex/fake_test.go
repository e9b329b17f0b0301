package bleveindex

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

// memory is a corpus in memory.
type memory struct {
	mu       sync.Mutex
	articles map[string]*corpus.Article
}

func newMemory(articles ...*corpus.Article) *memory {
	m := &memory{articles: map[string]*corpus.Article{}}
	m.put(articles...)
	return m
}

func (m *memory) put(articles ...*corpus.Article) (ids []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range articles {
		m.articles[a.ID] = a
		ids = append(ids, a.ID)
	}
	return ids
}

func (m *memory) Get(ctx context.Context, id string) (*corpus.Article, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if a := m.articles[id]; a != nil {
		return a, ctx.Err()
	}
	return nil, errors.New("no such article")
}

func (m *memory) Has(_ context.Context, id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.articles[id] != nil
}

func (m *memory) IDs(ctx context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []string
	for id := range m.articles {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, ctx.Err()
}

// sayings is an engine that knows one form: “words,” said Name, the role.
type sayings struct{ version string }

var saying = regexp.MustCompile(`(“[^”]+”) (said) ((?:Mr\. |Ms\. |\p{Lu}[\p{L}.]* ?)+)(?:, (?:the )?([a-z ]+))?`)

func (e sayings) Version() string { return "sayings-" + e.version }

func (e sayings) Extract(ctx context.Context, d quote.Document) ([]quote.Quote, error) {
	var quotes []quote.Quote
	for i, p := range d.Paragraphs {
		for _, m := range saying.FindAllStringSubmatchIndex(d.Text[p.Start:p.End], -1) {
			span := func(k int) quote.Span { return quote.Span{Start: p.Start + m[2*k], End: p.Start + m[2*k+1]} }
			text := func(k int) string {
				if m[2*k] < 0 {
					return ""
				}
				return strings.TrimSpace(d.Text[p.Start+m[2*k] : p.Start+m[2*k+1]])
			}
			name := strings.TrimSuffix(text(3), ".")
			q := quote.Quote{Kind: quote.Direct, Content: []quote.Span{span(1)}, Cue: []quote.Span{span(2)},
				Source: []quote.Span{span(3)}, Text: text(1), Paragraph: i, Confidence: 0.9,
				Speaker: &quote.Speaker{Name: name, Type: quote.TypePerson, Role: text(4)}}
			words := strings.Fields(name)
			if last := words[len(words)-1]; last != name {
				q.Speaker.Aliases = []string{last}
			}
			quotes = append(quotes, q)
		}
	}
	return quotes, ctx.Err()
}

func textLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// article makes an article of paragraphs.
func article(scope, title, publisher, day string, paragraphs ...string) *corpus.Article {
	a := &corpus.Article{Scope: scope, Title: title, Publisher: publisher, Date: day, Language: "en",
		URL: "https://news.example/" + strings.ReplaceAll(strings.ToLower(title), " ", "-")}
	for i, p := range paragraphs {
		if i > 0 {
			a.Text += "\n\n"
		}
		a.Paragraphs = append(a.Paragraphs, corpus.Paragraph{Number: i + 1, Kind: corpus.Body,
			Span: quote.Span{Start: len(a.Text), End: len(a.Text) + len(p)}})
		a.Text += p
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s", scope, title, a.Text))
	a.ID = hex.EncodeToString(sum[:8])
	return a
}

// open opens an index over the corpus in a folder of the test's own.
func open(t testing.TB, m *memory, change ...func(*Options)) *Index {
	t.Helper()
	o := Options{Dir: t.TempDir(), Store: m, Engine: sayings{"1"}}
	for _, c := range change {
		c(&o)
	}
	x, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// filled is an index of the whole corpus in one part.
func filled(t testing.TB, articles ...*corpus.Article) *Index {
	t.Helper()
	x := open(t, newMemory(articles...))
	if err := x.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return x
}
