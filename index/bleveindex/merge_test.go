package bleveindex

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/corpus"
)

// waiting is a corpus that waits when it is first asked for an article, in the
// middle of a merge.
type waiting struct {
	*corpus.Store
	once        *sync.Once
	began, goOn chan struct{}
}

func (w waiting) Has(ctx context.Context, id string) bool {
	w.once.Do(func() {
		close(w.began)
		<-w.goOn
	})
	return w.Store.Has(ctx, id)
}

// beginMerge begins a merge of the library's parts that goes on when w.goOn is closed.
func (l *library) beginMerge(t *testing.T) (w waiting, done chan error) {
	t.Helper()
	w = waiting{l.store, new(sync.Once), make(chan struct{}), make(chan struct{})}
	merger := open(t, nil, func(o *Options) {
		o.Dir, o.Store, o.Corrections, o.MaxParts = l.x.dir, w, l.store, 1
	})
	done = make(chan error, 1)
	go func() { done <- merger.merge(t.Context()) }()
	<-w.began
	return w, done
}

// TestDecisionsDuringAMerge: a merge keeps no writer waiting, and what is added, removed and
// corrected while it goes on is not lost with it.
func TestDecisionsDuringAMerge(t *testing.T) {
	first, second, private := harbour()
	l := newLibrary(t, first, second, private)
	add := func(a *corpus.Article) {
		t.Helper()
		if _, err := l.store.Put(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if err := l.x.Add(t.Context(), []string{a.ID}, nil); err != nil {
			t.Fatal(err)
		}
	}
	add(article("shared", "Early", "", "2024-05-03", "“Go ahead,” said Edda Lund."))
	// What a merge that was killed left is swept.
	left := filepath.Join(l.x.dir, mergePrefix+"left")
	if err := os.Mkdir(left, 0o755); err != nil {
		t.Fatal(err)
	}
	w, done := l.beginMerge(t)
	check := func(when string) {
		t.Helper()
		want := map[string]int{"Iron Orla": 1, "Dana Moss": 1, "Edda Lund": 1}
		if diff := cmp.Diff(want, speakers(l.x, "shared")); diff != "" {
			t.Errorf("%s, speakers (-want +got):\n%s", when, diff)
		}
	}
	l.decide(corpus.Change{Scope: "shared", Action: corpus.ActRemove, Article: first.ID})
	l.decide(corpus.Change{Scope: "shared", Action: corpus.ActRename, Name: "Orla Finn", To: "Iron Orla"})
	add(article("shared", "Late", "", "2024-05-04", "“Wait for me,” said Dana Moss."))
	check("during the merge")
	close(w.goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := l.x.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("after it")
	if err := l.x.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("%s is still there (%v)", left, err)
	}
}

// TestMergeGivesWay: a part that was replaced while it was merged stays replaced.
func TestMergeGivesWay(t *testing.T) {
	first, second, private := harbour()
	l := newLibrary(t, first, second, private)
	a := article("shared", "Early", "", "2024-05-03", "“Go ahead,” said Edda Lund.")
	if _, err := l.store.Put(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := l.x.Add(t.Context(), []string{a.ID}, nil); err != nil {
		t.Fatal(err)
	}
	w, done := l.beginMerge(t)
	if err := l.x.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	want := l.x.snap.names()
	close(w.goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := l.x.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, l.x.snap.names()); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	if found, _ := filepath.Glob(filepath.Join(l.x.dir, mergePrefix+"*")); len(found) > 0 {
		t.Errorf("left: %s", strings.Join(found, " "))
	}
}

// TestToMerge: small parts are merged when there are too many, into none that is too
// large, and large ones are left alone.
func TestToMerge(t *testing.T) {
	const half = maxMerged / 2
	for _, tt := range []struct {
		sizes string // of the parts there are, in passages
		want  string // of those to merge
	}{
		{"[1 1 1 1]", "[]"},
		{"[5 4 3 2 1]", "[1 2 3]"},
		{fmt.Sprint([]int{half + 1, half + 1, half + 1, half + 1, half + 1}), "[]"},
		{fmt.Sprint([]int{half, half, half, half, half}), fmt.Sprint([]int{half, half})},
		{fmt.Sprint([]int{maxMerged, 9, half, half, half, half - 8}), fmt.Sprint([]int{9, half - 8})},
	} {
		s := &snapshot{}
		for _, n := range strings.Fields(strings.Trim(tt.sizes, "[]")) {
			p := &part{}
			fmt.Sscan(n, &p.Passages)
			s.parts = append(s.parts, p)
		}
		got := []int{}
		for _, p := range (&Index{maxParts: 4}).toMerge(s) {
			got = append(got, p.Passages)
		}
		if fmt.Sprint(got) != tt.want {
			t.Errorf("of %s are merged %v, want %s", tt.sizes, got, tt.want)
		}
	}
}

// TestKilledReindexStartsOver: what a reindex that was killed had built is not used: the
// old index goes on answering, and the next reindex of the same sweeps it. One of another
// scope may be going on: that is left alone.
func TestKilledReindexStartsOver(t *testing.T) {
	first, second, private := harbour()
	l := newLibrary(t, first, second, private)
	before := contents(t, l.x)
	whole, scoped := filepath.Join(l.x.dir, buildPrefix+"left"), filepath.Join(l.x.dir, buildPrefix+"77.left")
	for _, dir := range []string{whole, scoped} {
		if err := os.MkdirAll(filepath.Join(dir, storeDir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	again := open(t, nil, func(o *Options) { o.Dir, o.Store, o.Corrections = l.x.dir, l.store, l.store })
	if diff := cmp.Diff(before, contents(t, again)); diff != "" || len(again.Problems()) > 0 {
		t.Errorf("after the kill (-want +got):\n%s\nproblems %v", diff, again.Problems())
	}
	swept := func(dir string, want bool) {
		t.Helper()
		if _, err := os.Stat(dir); os.IsNotExist(err) != want {
			t.Errorf("%s is swept: %v, want %v", filepath.Base(dir), !want, want)
		}
	}
	if err := again.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	swept(whole, true)
	swept(scoped, false)
	if err := again.ReindexScope(t.Context(), "77", nil); err != nil {
		t.Fatal(err)
	}
	swept(scoped, true)
	if diff := cmp.Diff(before, contents(t, again)); diff != "" {
		t.Errorf("after the reindexes (-want +got):\n%s", diff)
	}
}
