package bleveindex

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

func TestEmptyIndexAnswersNothing(t *testing.T) {
	x := open(t, newMemory())
	r, err := x.Search(t.Context(), index.Query{Text: "bridge"})
	if err != nil || len(r.Hits) != 0 {
		t.Errorf("got %v, %v", r, err)
	}
	if _, err := x.Passage(t.Context(), nil, "00.q1"); !errors.Is(err, index.ErrNotFound) {
		t.Errorf("Passage: %v, want ErrNotFound", err)
	}
	if got := x.Speakers(nil, "", 5); len(got) != 0 {
		t.Errorf("Speakers: %v", got)
	}
	if st := x.Stats(); st.Articles != 0 || st.Generation != "" {
		t.Errorf("Stats: %+v", st)
	}
	if err := x.Reindex(t.Context(), nil); err != nil {
		t.Errorf("reindexing an empty corpus: %v", err)
	}
}

// Each Add is a part more and visible at once; many parts are merged; all
// the time every article answers exactly once.
func TestAddPublishesAndMerges(t *testing.T) {
	m := newMemory()
	x := open(t, m, func(o *Options) { o.MaxParts = 3 })
	for i := range 12 {
		ids := m.put(numbered(fmt.Sprint(i)))
		for range 2 { // the second time there is nothing to do
			if err := x.Add(t.Context(), ids, nil); err != nil {
				t.Fatal(err)
			}
		}
		r, err := x.Search(t.Context(), index.Query{Speaker: "Quill", Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		if r.Total != i+1 || len(r.Hits) != i+1 {
			t.Fatalf("after %d articles: %d hits of %d", i+1, len(r.Hits), r.Total)
		}
		if n := len(x.snap.parts); n > 3 {
			t.Fatalf("%d parts", n)
		}
	}
	if st := x.Stats(); st.Articles != 12 || st.Quotes != 12 || st.Passages != 24 || st.Speakers != 1 {
		t.Errorf("Stats: %+v", st)
	}
	if err := x.Verify(t.Context()); err != nil {
		t.Errorf("Verify: %v", err)
	}
}

// Scores don't depend on how the passages are spread over parts.
func TestScoresAcrossParts(t *testing.T) {
	m := newMemory(town()...)
	one, many := open(t, m), open(t, m)
	if err := one.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	ids, _ := m.IDs(t.Context())
	for _, id := range ids {
		if err := many.Add(t.Context(), []string{id}, nil); err != nil {
			t.Fatal(err)
		}
	}
	q := index.Query{Text: "cross the old bridge by ferry", BoostSpeaker: "Dana Finnegan"}
	a, err := one.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	b, err := many.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Hits) != len(b.Hits) || len(a.Hits) < 5 {
		t.Fatalf("%d and %d hits", len(a.Hits), len(b.Hits))
	}
	for i := range a.Hits {
		if d := a.Hits[i].Score - b.Hits[i].Score; d > 1e-6 || d < -1e-6 {
			t.Errorf("hit %d scores %f and %f", i, a.Hits[i].Score, b.Hits[i].Score)
		}
	}
	if a.Hits[0].Speaker == nil || a.Hits[0].Speaker.Name != "Dana Finnegan" {
		t.Errorf("the boosted speaker is not first: %+v", a.Hits[0].Passage)
	}
}

func TestReindexWhileSearching(t *testing.T) {
	m := newMemory()
	for i := range 50 {
		m.put(numbered(fmt.Sprint(i)))
	}
	x := open(t, m)
	if err := x.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var searchers sync.WaitGroup
	for range 3 {
		searchers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				r, err := x.Search(context.Background(), index.Query{Text: "lantern lit", Kinds: []index.PassageKind{index.KindDirect}})
				if err != nil || r.Total != 50 || len(r.Hits) != 10 {
					t.Errorf("in the middle of a reindex: %d of %d hits, %v", len(r.Hits), r.Total, err)
					return
				}
				if len(x.Speakers(nil, "qui", 5)) != 1 {
					t.Error("in the middle of a reindex a speaker is missing")
					return
				}
			}
		})
	}
	for range 5 {
		var last index.Progress
		if err := x.Reindex(t.Context(), func(p index.Progress) { last = p }); err != nil {
			t.Fatal(err)
		}
		if last.Done != 50 || last.Total != 50 || last.Quotes != 50 || last.Failed != 0 {
			t.Errorf("progress ends with %+v", last)
		}
	}
	close(stop)
	searchers.Wait()
	if n := countParts(t, x.dir); n > 2 {
		t.Errorf("%d parts are left after five reindexes", n)
	}
	open(t, m, func(o *Options) { o.Dir = x.dir })
	if n := countParts(t, x.dir); n != 1 {
		t.Errorf("%d parts are left after opening the index anew", n)
	}
}

func countParts(t *testing.T, dir string) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, partPrefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

func TestReindexCancelled(t *testing.T) {
	m := newMemory()
	for i := range 400 {
		m.put(numbered(fmt.Sprint(i)))
	}
	x := open(t, m)
	if err := x.Add(t.Context(), []string{numbered("7").ID}, nil); err != nil {
		t.Fatal(err)
	}
	before := x.Stats().Generation
	ctx, cancel := context.WithCancel(t.Context())
	err := x.Reindex(ctx, func(index.Progress) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("Reindex: %v, want context.Canceled", err)
	}
	if after := x.Stats(); after.Generation != before || after.Articles != 1 {
		t.Errorf("the old index is gone: %+v", after)
	}
	if n := countParts(t, x.dir); n != 1 {
		t.Errorf("%d parts are left", n)
	}
}

// panicky is an engine that fails on one article.
type panicky struct{ sayings }

func (e panicky) Extract(ctx context.Context, d quote.Document) ([]quote.Quote, error) {
	if strings.Contains(d.Text, "cursed") {
		panic("cursed")
	}
	return e.sayings.Extract(ctx, d)
}

func TestOneBadArticle(t *testing.T) {
	bad := article(corpus.SharedScope, "Bad", "Valley Courier", "", "A cursed paragraph. “Alas,” said Ada Quill.")
	var log bytes.Buffer
	x := open(t, newMemory(bad, numbered("1")), func(o *Options) {
		o.Engine = panicky{sayings{"1"}}
		o.Logger = textLogger(&log)
	})
	var last index.Progress
	if err := x.CatchUp(t.Context(), func(p index.Progress) { last = p }); err != nil {
		t.Fatal(err)
	}
	if last.Failed != 1 || last.Done != 2 {
		t.Errorf("progress: %+v", last)
	}
	if !strings.Contains(log.String(), bad.ID) {
		t.Errorf("the log does not name the article:\n%s", &log)
	}
	r, err := x.Search(t.Context(), index.Query{Text: "cursed"})
	if err != nil || len(r.Hits) != 1 || r.Hits[0].Kind != index.KindParagraph {
		t.Errorf("its paragraph is not found: %+v, %v", r, err)
	}
}

func TestWriterLock(t *testing.T) {
	m := newMemory(numbered("1"))
	x := open(t, m)
	unlock, err := lockWriter(t.Context(), x.dir, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	y := open(t, m, func(o *Options) { o.Dir, o.LockWait = x.dir, 50*time.Millisecond })
	err = y.Reindex(t.Context(), nil)
	if !errors.Is(err, index.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) {
		t.Errorf("Reindex under a lock: %v", err)
	}
}

func TestDamage(t *testing.T) {
	flip := func(name string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			path := onlyMatch(t, dir, name)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b[len(b)/2] ^= 0x40
			if err := os.WriteFile(path, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	write := func(name, content string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(onlyMatch(t, dir, name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(name string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			if err := os.RemoveAll(onlyMatch(t, dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name   string
		damage func(t *testing.T, dir string)
		kind   index.ProblemKind
		atOpen bool // noticed at open, else by Verify
	}{
		{"a bit of the passages", flip("part-*/passages.bin"), index.Corrupt, true},
		{"a bit of the summary", flip("part-*/summary.bin"), index.Corrupt, true},
		{"a bit of the postings", flip("part-*/store/*.zap"), index.Corrupt, false},
		{"no root.bolt", remove("part-*/store/root.bolt"), index.Corrupt, true},
		{"no segment", remove("part-*/store/*.zap"), index.Corrupt, true},
		{"no part", remove("part-*"), index.Corrupt, true},
		{"a part's manifest cut short", write("part-*/MANIFEST.json", `{"form`), index.Corrupt, true},
		{"a part of another format", write("part-*/MANIFEST.json", `{"format":99}`), index.Format, true},
		{"CURRENT is no JSON", write("CURRENT", "\x00\x00"), index.Corrupt, true},
		{"CURRENT of another format", write("CURRENT", `{"format":99}`), index.Format, true},
		{"CURRENT points outside", write("CURRENT", fmt.Sprintf(`{"format":%d,"parts":["part-1/../../x"]}`, format)), index.Corrupt, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, dir := newMemory(town()...), t.TempDir()
			x, err := Open(t.Context(), Options{Dir: dir, Store: m, Engine: sayings{"1"}})
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(x.Reindex(t.Context(), nil), x.Close()); err != nil {
				t.Fatal(err)
			}
			tt.damage(t, dir)

			x = open(t, m, func(o *Options) { o.Dir = dir })
			problems := x.Problems()
			if !tt.atOpen {
				var p *index.Problem
				if len(problems) > 0 || !errors.As(x.Verify(t.Context()), &p) {
					t.Fatalf("Verify found nothing; at open: %v", problems)
				}
				problems = append(problems, p)
			}
			if len(problems) != 1 || problems[0].Kind != tt.kind || !strings.Contains(problems[0].Error(), "reindex") {
				t.Fatalf("problems: %v", problems)
			}
			if err := x.Reindex(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if p := x.Problems(); len(p) > 0 || x.Stats().Articles != 4 {
				t.Errorf("after a reindex: %v, %+v", p, x.Stats())
			}
		})
	}
}

// Adding to a damaged index brings back what the damage took.
func TestAddMendsDamage(t *testing.T) {
	m, dir := newMemory(town()...), t.TempDir()
	x := open(t, m, func(o *Options) { o.Dir = dir })
	if err := x.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(onlyMatch(t, dir, "part-*/summary.bin")); err != nil {
		t.Fatal(err)
	}
	y := open(t, m, func(o *Options) { o.Dir = dir })
	if y.Stats().Articles != 0 {
		t.Fatal("the damage went unnoticed")
	}
	if err := y.Add(t.Context(), m.put(numbered("1")), nil); err != nil {
		t.Fatal(err)
	}
	if st, p := y.Stats(), y.Problems(); st.Articles != 5 || len(p) > 0 {
		t.Errorf("after adding one: %+v, %v", st, p)
	}
}

func TestStaleEngine(t *testing.T) {
	m, dir := newMemory(town()...), t.TempDir()
	x := open(t, m, func(o *Options) { o.Dir = dir })
	if err := x.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	y := open(t, m, func(o *Options) { o.Dir, o.Engine = dir, sayings{"2"} })
	if p := y.Problems(); len(p) != 1 || p[0].Kind != index.Stale {
		t.Fatalf("problems: %v", p)
	}
	if r, err := y.Search(t.Context(), index.Query{Text: "ferry"}); err != nil || len(r.Hits) == 0 {
		t.Errorf("a stale index still answers: %v, %v", r, err)
	}
	if err := y.Repair(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if p := y.Problems(); len(p) > 0 {
		t.Errorf("after Repair: %v", p)
	}
}

// A search in some scopes never shows anything of another.
func TestScopesAreIsolated(t *testing.T) {
	scopes := []string{corpus.SharedScope, "guild", "harbour"}
	m := newMemory()
	for i, s := range scopes {
		for n := range 3 {
			m.put(article(s, fmt.Sprintf("Minutes %d", n), "Paper "+s, fmt.Sprintf("2031-06-%02d", 1+n),
				fmt.Sprintf("“The lantern of %s burns, number %d,” said Ada %s.", s, n, []string{"Quill", "Prum", "Wint"}[i])))
		}
	}
	x := open(t, m, func(o *Options) { o.MaxParts = 4 })
	ids, _ := m.IDs(t.Context())
	for i := 0; i < len(ids); i += 3 {
		if err := x.Add(t.Context(), ids[i:i+3], nil); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		allowed := rapid.SliceOfNDistinct(rapid.SampledFrom(scopes), 1, 3, rapid.ID[string]).Draw(t, "scopes")
		in := func(scope string) bool { return strings.Contains(strings.Join(allowed, " "), scope) }
		q := index.Query{
			Scopes: allowed, Limit: 50,
			Text:    rapid.SampledFrom([]string{"", "lantern", "the of", "guild harbour shared"}).Draw(t, "text"),
			Speaker: rapid.SampledFrom([]string{"", "Ada Prum", "Quill", "Wint"}).Draw(t, "speaker"),
			Not:     rapid.SampledFrom([][]string{nil, {"guild"}}).Draw(t, "not"),
			From:    rapid.SampledFrom([]string{"", "2031-06-02"}).Draw(t, "from"),
			Article: rapid.SampledFrom(append([]string{"", "none"}, ids...)).Draw(t, "article"),
			Phrases: rapid.SampledFrom([][]string{nil, {"The lantern of"}, {"burns"}}).Draw(t, "phrases"),
		}
		r, err := x.Search(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			if !in(h.Scope) {
				t.Fatalf("%s shows %+v", q, h.Passage)
			}
		}
		if r.Total != len(r.Hits) {
			t.Fatalf("%s counts %d, shows %d", q, r.Total, len(r.Hits))
		}
		want := index.Totals{Articles: 3 * len(allowed), Quotes: 3 * len(allowed), Speakers: len(allowed)}
		if got := x.Totals(allowed); got != want {
			t.Fatalf("Totals(%v) = %+v, want %+v", allowed, got, want)
		}
		for _, id := range ids {
			p, err := x.Passage(ctx, allowed, id+".p1")
			if err == nil && !in(p.Scope) {
				t.Fatalf("Passage shows %+v in %v", p, allowed)
			}
		}
		for i, name := range []string{"Ada Quill", "Ada Prum", "Ada Wint"} {
			if got := len(x.Speakers(allowed, name, 5)) == 1; got != in(scopes[i]) {
				t.Fatalf("%s completes in %v: %t", name, allowed, got)
			}
			if got := len(x.Publishers(allowed, "Paper "+scopes[i], 5)) == 1; got != in(scopes[i]) {
				t.Fatalf("%s's paper completes in %v: %t", scopes[i], allowed, got)
			}
		}
	})
}

// onlyMatch is the one file that the pattern matches below dir.
func onlyMatch(t *testing.T, dir, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s matches %q, %v", pattern, found, err)
	}
	return found[0]
}
