package bleveindex

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"github.com/whosaid/whosaid/index"
)

// lazily is an index of three parts that nobody has searched.
func lazily(t *testing.T) *Index {
	t.Helper()
	m := newMemory()
	x := open(t, m, func(o *Options) { o.Lazy = true })
	for _, n := range []string{"1", "2", "3"} {
		if err := x.Add(t.Context(), m.put(numbered(n)), nil); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// opened is how many parts have their Bleve index open.
func opened(parts []*part) int {
	n := 0
	for _, p := range parts {
		if p.engine != nil {
			n++
		}
	}
	return n
}

func TestLazyOpensAtFirstSearch(t *testing.T) {
	x := lazily(t)
	if st := x.Stats(); st.Articles != 3 || opened(x.snap.parts) != 0 {
		t.Fatalf("before a search: %d of %d parts are open, %+v", opened(x.snap.parts), len(x.snap.parts), st)
	}
	if r, err := x.Search(t.Context(), index.Query{Text: "lantern"}); err != nil || len(r.Hits) == 0 {
		t.Fatalf("%v, %v", r, err)
	}
	if n := opened(x.snap.parts); n != 3 {
		t.Errorf("after a search: %d of 3 parts are open", n)
	}
	y := open(t, nil, func(o *Options) { o.Dir, o.Store = x.dir, x.store })
	if n := opened(y.snap.parts); n != 3 {
		t.Errorf("an index that is not lazy opens %d of 3 parts", n)
	}
}

func TestLazyFirstSearchesSideBySide(t *testing.T) {
	x := lazily(t)
	start := make(chan struct{})
	var searches sync.WaitGroup
	for n := range 8 {
		searches.Go(func() {
			<-start
			if n%2 == 0 {
				if shares, err := x.Rarity(context.Background(), []string{"lantern"}); err != nil || shares[0] == 0 {
					t.Errorf("Rarity: %v, %v", shares, err)
				}
				return
			}
			r, err := x.Search(context.Background(), index.Query{Speaker: "Quill"})
			if err != nil || r.Total != 3 {
				t.Errorf("Search: %v, %v", r, err)
			}
		})
	}
	close(start)
	searches.Wait()
}

// Parts are closed when a reindex replaces them, whether they were opened or not.
func TestLazyClosesWhatWasNeverOpened(t *testing.T) {
	x := lazily(t)
	for range 2 {
		if err := x.Reindex(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if n := opened(x.snap.parts); n != 0 {
			t.Fatalf("a reindex opened %d parts", n)
		}
	}
	if r, err := x.Search(t.Context(), index.Query{Speaker: "Quill"}); err != nil || r.Total != 3 {
		t.Errorf("%v, %v", r, err)
	}
}

// What can't be opened is told each time, and says what helps.
func TestLazyKeepsTheError(t *testing.T) {
	x := lazily(t)
	if err := os.Remove(onlyMatch(t, x.dir, x.snap.parts[0].name+"/store/root.bolt")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := x.Search(t.Context(), index.Query{Text: "lantern"})
		var p *index.Problem
		if !errors.As(err, &p) || p.Kind != index.Corrupt || p.Part != x.snap.parts[0].name {
			t.Fatalf("Search: %v", err)
		}
	}
	if opened(x.snap.parts[:1]) != 0 {
		t.Error("the damaged part is open")
	}
}
