package bot

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// fakeCurator keeps decisions in a real store; what it reads, it makes up.
type fakeCurator struct {
	*corpus.Store
	added []string // what was asked to be added, with the scope
}

func newCurator(t testing.TB) *fakeCurator {
	t.Helper()
	store, err := corpus.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &fakeCurator{Store: store}
}

// put stores an article of two quotes.
func (f *fakeCurator) put(t testing.TB, scope, title string) *corpus.Article {
	t.Helper()
	for a, err := range corpus.Read(t.Context(), corpus.Input{Name: "a.txt", Scope: scope, Data: strings.NewReader(
		title + "\n\n“The lighthouse stays open all winter,” said Mira Halden, the harbour master.\n\n“Nobody asked me,” said Mirko Ostrander.\n")}) {
		if err != nil {
			t.Fatal(err)
		}
		a.Title = title
		if _, err := f.Put(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	return nil
}

func (f *fakeCurator) Decide(ctx context.Context, c corpus.Change) (corpus.Change, error) {
	return f.Record(ctx, c)
}

func (f *fakeCurator) AddPage(_ context.Context, scope, _, url string) (Added, error) {
	f.added = append(f.added, scope+" "+url)
	return Added{Articles: []ArticleLine{{ID: strings.Repeat("a", 32), Title: "A *page*"}}, Last: 1}, nil
}

func (f *fakeCurator) AddFile(_ context.Context, scope, _ string, u Upload) (Added, error) {
	b, err := io.ReadAll(u.Data)
	f.added = append(f.added, fmt.Sprintf("%s %s %s %s", scope, u.Name, u.MediaType, b))
	return Added{Known: 1, Failed: []string{"line 3: @everyone no text"}}, err
}

func (f *fakeCurator) AddText(_ context.Context, scope, _ string, p Pasted) (Added, error) {
	f.added = append(f.added, scope+" "+p.Title)
	return Added{Known: 1}, nil
}

func (f *fakeCurator) Articles(ctx context.Context, scope, words string, offset, limit int) (lines []ArticleLine, total int, err error) {
	ids, err := f.InScope(ctx, scope)
	for _, id := range ids {
		if a, err := f.Get(ctx, id); err == nil && strings.Contains(a.Title, words) {
			if total++; total > offset && len(lines) < limit {
				lines = append(lines, ArticleLine{ID: id, Title: a.Title})
			}
		}
	}
	return lines, total, err
}

func (f *fakeCurator) Article(ctx context.Context, scope, id string) (*corpus.Article, []index.Passage, error) {
	a, err := f.Get(ctx, id)
	if err != nil || a.Scope != scope {
		return nil, nil, corpus.ErrNotFound
	}
	p, err := f.Passage(ctx, []string{scope}, index.QuoteID(id, 1))
	return a, []index.Passage{p}, err
}

// Passage knows the first quote of every article.
func (f *fakeCurator) Passage(ctx context.Context, scopes []string, id string) (index.Passage, error) {
	article, _, _, _ := index.SplitID(id)
	a, err := f.Get(ctx, article)
	if err != nil {
		return index.Passage{}, index.ErrNotFound
	}
	for _, s := range scopes {
		if s == a.Scope {
			start, end := strings.Index(a.Text, "“"), strings.Index(a.Text, "”")+len("”")
			return index.Passage{
				ID: index.QuoteID(article, 1), ArticleID: article, Scope: a.Scope, Kind: index.KindDirect, Title: a.Title,
				Text: a.Text[start:end], Content: []quote.Span{{Start: start, End: end}}, Speaker: &quote.Speaker{Name: "Mira Halden"},
			}, nil
		}
	}
	return index.Passage{}, index.ErrNotFound
}

func (f *fakeCurator) Export(ctx context.Context, scope string, w io.Writer) error {
	return f.Store.Export(ctx, w, scope)
}

// curated makes handlers with a curator, which post to posted.
func curated(t testing.TB) (*handlers, *fakeCurator, *[]string) {
	t.Helper()
	h, f := newHandlers(t, &fakeBackend{}), newCurator(t)
	posted := &[]string{}
	h.curation = curation{
		curator: f, operatorGuild: "1",
		download: func(_ context.Context, url string, _ int64) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("fetched from " + url)), nil
		},
		announce: func(_ context.Context, channel string, m Message) error {
			*posted = append(*posted, channel+" "+wired(t, m).says())
			return nil
		},
	}
	return h, f, posted
}
