package bleveindex

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/internal/gen"
)

// What is copied is read back, all that a hit shows of it, and a copy that was
// altered is an error rather than another text.
func TestCopies(t *testing.T) {
	dir := t.TempDir()
	w, err := newCopyWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	src := gen.New(3)
	var want []*corpus.Article
	for range 5 {
		a, _ := src.Article()
		a.Paragraphs[1].Kind = corpus.Byline
		want = append(want, a)
		if err := w.add(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	c, err := openCopies(dir, len(want))
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for i, a := range want {
		got, err := c.article(i, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, got); diff != "" {
			t.Fatalf("article %d (-want +got):\n%s", i, diff)
		}
	}

	if _, err := openCopies(dir, len(want)+1); err == nil {
		t.Error("a file of another number of articles opens")
	}
	path := filepath.Join(dir, textsName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[c.offset(2)+40] ^= 1
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if a, err := c.article(2, want[2].ID); err == nil {
		t.Errorf("an altered copy is read as %v", a)
	}
}

// unread is a corpus whose articles can't be read once they are indexed.
type unread struct{ *memory }

func (u unread) Get(context.Context, string) (*corpus.Article, error) {
	return nil, os.ErrPermission
}

// Hits come from the index's copy while the corpus has the article, and not a
// search longer.
func TestHitsFromCopies(t *testing.T) {
	a := article(corpus.SharedScope, "Tide table", "The Harbour Post", "2031-04-05", "“The quay floods at noon,” said Orla Finnegan, the harbourmaster.")
	m := newMemory(a)
	x := filled(t, m.articles[a.ID])
	y, err := Open(t.Context(), Options{Dir: x.dir, Store: unread{m}, Engine: sayings{"1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	q := index.Query{Text: "quay"}
	r, err := y.Search(t.Context(), q)
	if err != nil || len(r.Hits) != 2 || r.Hits[0].Publisher != "The Harbour Post" {
		t.Fatalf("found %v, %v", r.Hits, err)
	}
	delete(m.articles, a.ID)
	y.texts.cache.Purge()
	if r, err := y.Search(t.Context(), q); err != nil || len(r.Hits) != 0 {
		t.Fatalf("found %v, %v of an article that has left the corpus", r.Hits, err)
	}
}
