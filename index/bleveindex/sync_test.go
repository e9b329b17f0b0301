package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// library is a corpus on disk with its index.
type library struct {
	t     testing.TB
	store *corpus.Store
	x     *Index
}

func newLibrary(t testing.TB, articles ...*corpus.Article) *library {
	t.Helper()
	store, err := corpus.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.PutAll(t.Context(), articles); err != nil {
		t.Fatal(err)
	}
	x := open(t, nil, func(o *Options) { o.Store, o.Corrections = store, store })
	if err := x.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return &library{t, store, x}
}

// decide makes a change and applies it.
func (l *library) decide(c corpus.Change) corpus.Change {
	l.t.Helper()
	c.By = "7"
	c, err := l.store.Record(context.Background(), c)
	if err != nil {
		l.t.Fatal(err)
	}
	if err := l.x.Sync(context.Background()); err != nil {
		l.t.Fatal(err)
	}
	return c
}

// by lists the texts of the quotes that a search for the speaker finds, sorted.
func by(t testing.TB, x *Index, scope, speaker string) []string {
	t.Helper()
	r, err := x.Search(context.Background(), index.Query{Scopes: []string{scope}, Speaker: speaker, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{}
	for _, h := range r.Hits {
		texts = append(texts, h.Text)
	}
	if r.Total != len(texts) {
		t.Errorf("%d quotes by %s, but a total of %d", len(texts), speaker, r.Total)
	}
	slices.Sort(texts)
	return texts
}

// speakers are those that complete, with how often they are quoted.
func speakers(x *Index, scope string) map[string]int {
	all := map[string]int{}
	for _, e := range x.Speakers([]string{scope}, "", 100) {
		all[e.Name] = e.Quotes
	}
	return all
}

func harbour() (first, second, private *corpus.Article) {
	return article("shared", "Harbour", "The Quay", "2024-05-01", "“The harbour stays open,” said Orla Finn, the mayor.", "“Nobody asked me,” said Bela Ruud."),
		article("shared", "Ferry", "The Pier", "2024-05-02", "“The ferry is late,” said Orla Finn, the mayor."),
		article("77", "Club", "The Club", "2024-05-03", "“The club is ours,” said Orla Finn, the mayor.")
}

// TestDecisionsShowAtOnce: what each decision changes in answers, lists and
// counts, without a reindex; that undoing it brings back what was; and that another scope has its own.
func TestDecisionsShowAtOnce(t *testing.T) {
	first, _, _ := harbour()
	open := func(a *corpus.Article, s string) []quote.Span {
		i := strings.Index(a.Text, s)
		return []quote.Span{{Start: i, End: i + len(s)}}
	}
	id := func(a *corpus.Article) string { return a.Identity() }
	for name, tc := range map[string]struct {
		change   corpus.Change
		speaker  string
		want     []string
		speakers map[string]int
	}{
		"an article is removed": {
			corpus.Change{Action: corpus.ActRemove, Article: id(first)},
			"Orla Finn", []string{"“The ferry is late,”"}, map[string]int{"Orla Finn": 1},
		},
		"a quote is somebody else's": {
			corpus.Change{Action: corpus.ActSpeaker, Article: id(first), Quote: open(first, "“The harbour stays open,”"), To: "Bela Ruud"},
			"Bela Ruud", []string{"“Nobody asked me,”", "“The harbour stays open,”"}, map[string]int{"Orla Finn": 1, "Bela Ruud": 2},
		},
		"a quote is nobody's": {
			corpus.Change{Action: corpus.ActSpeaker, Article: id(first), Quote: open(first, "“Nobody asked me,”")},
			"Bela Ruud", []string{}, map[string]int{"Orla Finn": 2},
		},
		"a quote that the engine does not find": {
			corpus.Change{Action: corpus.ActSpeaker, Article: id(first), Quote: open(first, "the mayor"), Kind: quote.Indirect, To: "Bela Ruud"},
			"Bela Ruud", []string{"the mayor", "“Nobody asked me,”"}, map[string]int{"Orla Finn": 2, "Bela Ruud": 2},
		},
		"two names are one speaker": {
			corpus.Change{Action: corpus.ActMerge, Name: "Bela Ruud", To: "Orla Finn"},
			"Orla Finn", []string{"“Nobody asked me,”", "“The ferry is late,”", "“The harbour stays open,”"}, map[string]int{"Orla Finn": 3},
		},
		"a speaker has another name": {
			corpus.Change{Action: corpus.ActRename, Name: "Orla Finn", To: "Orla Finnegan-Brock"},
			"Orla Finnegan-Brock", []string{"“The ferry is late,”", "“The harbour stays open,”"}, map[string]int{"Orla Finnegan-Brock": 2, "Bela Ruud": 1},
		},
		"a speaker's old name finds them": {
			corpus.Change{Action: corpus.ActRename, Name: "Orla Finn", To: "Orla Finnegan-Brock"},
			"Orla Finn", []string{"“The ferry is late,”", "“The harbour stays open,”"}, map[string]int{"Orla Finnegan-Brock": 2, "Bela Ruud": 1},
		},
		"a speaker has one more name": {
			corpus.Change{Action: corpus.ActAlias, Name: "Orla Finn", To: "Iron Orla"},
			"Iron Orla", []string{"“The ferry is late,”", "“The harbour stays open,”"}, map[string]int{"Orla Finn": 2, "Bela Ruud": 1},
		},
		"a speaker is hidden": {
			corpus.Change{Action: corpus.ActHide, Name: "Orla Finn"},
			"Orla Finn", []string{}, map[string]int{"Bela Ruud": 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			first, second, private := harbour()
			l := newLibrary(t, first, second, private)
			tc.change.Scope = "shared"
			check := func(when string, x *Index) {
				t.Helper()
				if diff := cmp.Diff(tc.want, by(t, x, "shared", tc.speaker)); diff != "" {
					t.Errorf("%s, quotes by %s (-want +got):\n%s", when, tc.speaker, diff)
				}
				if diff := cmp.Diff(tc.speakers, speakers(x, "shared")); diff != "" {
					t.Errorf("%s, speakers (-want +got):\n%s", when, diff)
				}
				if diff := cmp.Diff([]string{"“The club is ours,”"}, by(t, x, "77", "Orla Finn")); diff != "" {
					t.Errorf("%s, another scope (-want +got):\n%s", when, diff)
				}
			}
			before := speakers(l.x, "shared")
			c := l.decide(tc.change)
			check("at once", l.x)
			if err := l.x.Reindex(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			check("after a reindex", l.x)
			l.decide(corpus.Change{Scope: "shared", Action: corpus.ActUndo, Of: c.Seq})
			if diff := cmp.Diff(before, speakers(l.x, "shared")); diff != "" {
				t.Errorf("undone, speakers (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRemovedArticleIsNowhere: no way of asking leads to it.
func TestRemovedArticleIsNowhere(t *testing.T) {
	first, second, private := harbour()
	l := newLibrary(t, first, second, private)
	scopes := []string{"shared"}
	before := l.x.Totals(scopes)
	l.decide(corpus.Change{Scope: "shared", Action: corpus.ActRemove, Article: first.ID})
	for _, q := range []index.Query{{Text: "harbour"}, {Phrases: []string{"harbour stays"}}, {Article: first.ID, Text: "open"}, {Publisher: "The Quay"}, {Speaker: "Ruud"}, {From: "2024-05-01", To: "2024-05-01"}} {
		q.Scopes = scopes
		if r, err := l.x.Search(t.Context(), q); err != nil || len(r.Hits) > 0 || r.Total > 0 {
			t.Errorf("%s finds %d of %d (%v)", q, len(r.Hits), r.Total, err)
		}
	}
	for _, id := range []string{index.ParagraphID(first.ID, 1), index.QuoteID(first.ID, 1)} {
		if _, err := l.x.Passage(t.Context(), scopes, id); !errors.Is(err, index.ErrNotFound) {
			t.Errorf("passage %s: %v", id, err)
		}
	}
	if got := l.x.Publishers(scopes, "", 10); !slices.Equal(got, []string{"The Pier"}) {
		t.Errorf("publishers %v", got)
	}
	after := l.x.Totals(scopes)
	if want := (index.Totals{Articles: before.Articles - 1, Quotes: before.Quotes - 2, Speakers: before.Speakers - 1}); after != want {
		t.Errorf("totals %+v, want %+v", after, want)
	}
	if n := l.x.Stats().Articles; n != 2 {
		t.Errorf("%d articles in all", n)
	}
}

// TestAnotherProcessSeesDecisions within a second or so, and one that was
// killed before applying them does so at its next start.
func TestAnotherProcessSeesDecisions(t *testing.T) {
	first, second, private := harbour()
	l := newLibrary(t, first, second, private)
	other := open(t, nil, func(o *Options) { o.Dir, o.Store, o.Corrections = l.x.dir, l.store, l.store })
	l.decide(corpus.Change{Scope: "shared", Action: corpus.ActHide, Name: "Orla Finn"})
	for deadline := time.Now().Add(20 * time.Second); len(by(t, other, "shared", "Orla Finn")) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the other process never sees it")
		}
	}
	if _, err := l.store.Record(t.Context(), corpus.Change{Scope: "shared", By: "7", Action: corpus.ActRemove, Article: first.ID}); err != nil {
		t.Fatal(err)
	}
	if err := other.Repair(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := by(t, other, "shared", "Bela Ruud"); len(got) > 0 {
		t.Errorf("not applied at the start: %v", got)
	}
}

// slow is an engine that waits in the middle of a build.
type slow struct {
	sayings
	began, goOn chan struct{}
}

func (e slow) Extract(ctx context.Context, d quote.Document) ([]quote.Quote, error) {
	if strings.Contains(d.Text, "slowly") {
		close(e.began)
		<-e.goOn
	}
	return e.sayings.Extract(ctx, d)
}

// TestDecisionsDuringAReindex: what is added, removed and corrected while the
// index is rebuilt shows at once, and is not lost with the swap.
func TestDecisionsDuringAReindex(t *testing.T) {
	first, second, private := harbour()
	l := newLibrary(t, first, second, private)
	if _, err := l.store.Put(t.Context(), article("shared", "Slow", "", "2024-05-01", "The river runs slowly.")); err != nil {
		t.Fatal(err)
	}
	engine := slow{sayings{"1"}, make(chan struct{}), make(chan struct{})}
	rebuilder := open(t, nil, func(o *Options) {
		o.Dir, o.Store, o.Corrections, o.Engine = l.x.dir, l.store, l.store, engine
	})
	done := make(chan error, 1)
	go func() { done <- rebuilder.Reindex(t.Context(), nil) }()
	<-engine.began
	check := func(when string) {
		t.Helper()
		if diff := cmp.Diff(map[string]int{"Iron Orla": 1, "Dana Moss": 1}, speakers(l.x, "shared")); diff != "" {
			t.Errorf("%s, speakers (-want +got):\n%s", when, diff)
		}
	}
	l.decide(corpus.Change{Scope: "shared", Action: corpus.ActRemove, Article: first.ID})
	l.decide(corpus.Change{Scope: "shared", Action: corpus.ActRename, Name: "Orla Finn", To: "Iron Orla"})
	added := article("shared", "Late", "", "2024-05-04", "“Wait for me,” said Dana Moss.")
	if _, err := l.store.Put(t.Context(), added); err != nil {
		t.Fatal(err)
	}
	if err := l.x.Add(t.Context(), []string{added.ID}, nil); err != nil {
		t.Fatal(err)
	}
	check("during the reindex")
	close(engine.goOn)
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
}

// decision is a change to make, and whether it is applied at once.
type decision struct {
	corpus.Change
	apply bool
}

var speakersNames = []string{"Orla Finn", "Bela Ruud", "Dana Moss", "Emil Tarn", "Another Name"}

// decisions are some changes of all kinds about the articles.
func decisions(articles []*corpus.Article) *rapid.Generator[[]decision] {
	name := rapid.SampledFrom(speakersNames)
	actions := []corpus.Action{corpus.ActSpeaker, corpus.ActClear, corpus.ActMerge, corpus.ActRename, corpus.ActHide,
		corpus.ActAlias, corpus.ActRemove, corpus.ActReplace, corpus.ActUndo, corpus.ActUndo, corpus.ActUndo}
	one := rapid.Custom(func(t *rapid.T) decision {
		a := rapid.SampledFrom(articles).Draw(t, "article")
		end := strings.Index(a.Text, "”") + len("”")
		return decision{corpus.Change{
			Scope: "shared", By: "7", Article: a.ID, Quote: []quote.Span{{Start: 0, End: end}},
			Action: rapid.SampledFrom(actions).Draw(t, "action"),
			Name:   name.Draw(t, "name"), To: name.Draw(t, "to"), Of: rapid.IntRange(1, 8).Draw(t, "of"),
			Newer: rapid.SampledFrom(articles).Draw(t, "newer").ID,
		}, rapid.Bool().Draw(t, "apply")}
	})
	return rapid.SliceOfN(one, 4, 14)
}

// TestSyncEqualsReindex: however decisions were applied one by one, the index
// answers as one built anew from them.
func TestSyncEqualsReindex(t *testing.T) {
	var articles []*corpus.Article
	for i := range 6 {
		articles = append(articles, article("shared", fmt.Sprint("No ", i), fmt.Sprint("Paper ", i%2), "2024-05-01",
			fmt.Sprintf("“It is number %d,” said %s.", i, speakersNames[i%4]), fmt.Sprintf("“It was %d,” said %s.", i+10, speakersNames[(i+1)%4])))
	}
	for seed := range 12 {
		l := newLibrary(t, articles...)
		l.x.maxParts = 3
		made := decisions(articles).Example(seed)
		for _, d := range made {
			if _, err := l.store.Record(t.Context(), d.Change); err != nil && !errors.Is(err, corpus.ErrChange) {
				t.Fatal(err)
			}
			if d.apply {
				if err := l.x.Sync(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := l.x.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		synced := contents(t, l.x)
		if err := l.x.Reindex(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(contents(t, l.x), synced); diff != "" {
			t.Errorf("seed %d (-built anew +applied one by one):\n%s\nafter %+v", seed, diff, made)
		}
	}
}

// TestNewestVersionIsIndexed: a newer version takes the older one's place as soon as it is
// added, an older one that comes later takes nobody's, and undoing brings back both.
func TestNewestVersionIsIndexed(t *testing.T) {
	ferry := func(day, when string) *corpus.Article {
		return article("shared", "Ferry", "The Pier", day, "The council met in the old hall by the water, as it does every month, and talked for four hours about the ferry.",
			"“The ferry is late,” said Orla Finn, the mayor.", "It was built sixty years ago and carries two hundred people to the island and back "+when+".")
	}
	l := newLibrary(t)
	add := func(a *corpus.Article) {
		t.Helper()
		if _, err := l.store.Add(t.Context(), "7", []*corpus.Article{a}); err != nil {
			t.Fatal(err)
		}
		if err := l.x.Add(t.Context(), []string{a.ID}, nil); err != nil {
			t.Fatal(err)
		}
	}
	first, second, early := ferry("2024-05-02", "every day"), ferry("2024-05-04", "twice a day"), ferry("2024-05-01", "at noon")
	days := func() (days []string) {
		t.Helper()
		r, err := l.x.Search(t.Context(), index.Query{Scopes: []string{"shared"}, Speaker: "Orla Finn"})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			days = append(days, h.Day)
		}
		return days
	}
	add(first)
	add(second)
	if got := days(); !slices.Equal(got, []string{"2024-05-04"}) {
		t.Errorf("after the update the quote is found of %v", got)
	}
	add(early)
	if got := days(); !slices.Equal(got, []string{"2024-05-04"}) {
		t.Errorf("after an older version came the quote is found of %v", got)
	}
	if missing, err := l.x.Missing(t.Context()); err != nil || len(missing) > 0 {
		t.Errorf("the index misses %v, %v", missing, err)
	}
	if err := l.x.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := days(); !slices.Equal(got, []string{"2024-05-04"}) {
		t.Errorf("after a reindex the quote is found of %v", got)
	}
	state, err := l.store.State(t.Context(), "shared")
	if err != nil {
		t.Fatal(err)
	}
	l.decide(corpus.Change{Scope: "shared", Action: corpus.ActUndo, Of: state.Replaced[first.ID].Change})
	if got := days(); !slices.Equal(got, []string{"2024-05-04", "2024-05-02"}) {
		t.Errorf("after the undo the quote is found of %v", got)
	}
}

// TestReindexOfOneScope: a server's reindex finds its own quotes anew, with what is decided
// meanwhile, and leaves the others' where they are.
func TestReindexOfOneScope(t *testing.T) {
	first, second, private := harbour()
	l := newLibrary(t, first, second, private)
	late := article("77", "Late", "The Club", "2024-05-04", "“The bar is shut,” said Bela Ruud.")
	engine := &pausing{sayings: sayings{"1"}, began: make(chan struct{}), goOn: make(chan struct{})}
	l.x.engine = engine
	done := make(chan error, 1)
	go func() { done <- l.x.ReindexScope(t.Context(), "77", nil) }()
	<-engine.began
	l.x.engine = sayings{"1"}
	if _, err := l.store.PutAll(t.Context(), []*corpus.Article{late}); err != nil {
		t.Fatal(err)
	}
	if err := l.x.Add(t.Context(), []string{late.ID}, nil); err != nil {
		t.Fatal(err)
	}
	l.decide(corpus.Change{Scope: "77", Action: corpus.ActRename, Name: "Orla Finn", To: "Orla Finnegan"})
	l.decide(corpus.Change{Scope: "shared", Action: corpus.ActRemove, Article: second.ID})
	close(engine.goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := engine.calls.Load(); n != 1 {
		t.Errorf("%d articles were read, want the one of the scope", n)
	}
	for _, want := range []struct{ scope, speaker, text string }{
		{"77", "Orla Finnegan", "“The club is ours,”"}, {"77", "Bela Ruud", "“The bar is shut,”"}, {"shared", "Orla Finn", "“The harbour stays open,”"},
	} {
		if got := by(t, l.x, want.scope, want.speaker); !slices.Equal(got, []string{want.text}) {
			t.Errorf("in %s, %s said %v, want %s", want.scope, want.speaker, got, want.text)
		}
	}
	scoped := contents(t, l.x)
	if err := l.x.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(contents(t, l.x), scoped); diff != "" {
		t.Errorf("(-whole +scope):\n%s", diff)
	}
	if l.x.Stats().Articles != 3 {
		t.Errorf("%d articles", l.x.Stats().Articles)
	}
}

// pausing is an engine that waits within each article.
type pausing struct {
	sayings
	calls       atomic.Int32
	began, goOn chan struct{}
}

func (e *pausing) Extract(ctx context.Context, d quote.Document) ([]quote.Quote, error) {
	e.calls.Add(1)
	close(e.began)
	<-e.goOn
	return e.sayings.Extract(ctx, d)
}

// contents is who said what in the index, and what it counts.
func contents(t *testing.T, x *Index) map[string]string {
	t.Helper()
	all := map[string]string{}
	r, err := x.Search(t.Context(), index.Query{Scopes: []string{"shared"}, From: "2024-01-01", Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range r.Hits {
		who := "nobody"
		if h.Speaker != nil {
			who = h.Speaker.Name
		}
		all[h.ID] = who + ": " + h.Text
	}
	for name, n := range speakers(x, "shared") {
		all["speaker "+name] = fmt.Sprint(n)
	}
	all["totals"] = fmt.Sprint(x.Totals([]string{"shared"}), x.Publishers([]string{"shared"}, "", 9), x.Stats().Articles, x.Stats().Quotes)
	return all
}
