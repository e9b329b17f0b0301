package bleveindex

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/terms"
	"github.com/whosaid/whosaid/internal/gen"
)

// town is a small fictional corpus.
func town() []*corpus.Article {
	return []*corpus.Article{
		article(corpus.SharedScope, "Bridge closes", "The Harbour Post", "2031-03-02",
			"The old bridge closes on Monday. “The cables are rusted through and nobody may cross,” said Orla B. Finnegan, the city engineer.",
			"“We will be there on Tuesday,” said Mr. Tarkov."),
		article(corpus.SharedScope, "Council votes", "The Harbour Post", "2031-03-05",
			"“A new bridge costs more than the old one ever did,” said Émile Tarkov, the mayor.",
			"“To cross the river we take the ferry,” said Orla Finnegan."),
		article(corpus.SharedScope, "Ferry strike", "Valley Courier", "2031-04-01",
			"“Nobody asked the crews about the ferry,” said Dana Finnegan, the union leader."),
		article("guild", "Secret minutes", "Guild Gazette", "2031-03-09",
			"“The bridge is our secret,” said Orla Finnegan."),
	}
}

func TestSearch(t *testing.T) {
	x := filled(t, town()...)
	quotes := []index.PassageKind{index.KindDirect}
	tests := []struct {
		name string
		q    index.Query
		want []string // texts, best first
	}{
		{"words are stemmed and ranked", index.Query{Text: "rusting cable", Kinds: quotes},
			[]string{"“The cables are rusted through and nobody may cross,”"}},
		{"the context counts less than the text", index.Query{Text: "bridge", Kinds: quotes},
			[]string{"“A new bridge costs more than the old one ever did,”", "“The cables are rusted through and nobody may cross,”"}},
		{"a full name, newest first", index.Query{Speaker: "Orla Finnegan"},
			[]string{"“To cross the river we take the ferry,”", "“The cables are rusted through and nobody may cross,”"}},
		{"a surname in capitals", index.Query{Speaker: "FINNEGAN", Text: "ferry"},
			[]string{"“Nobody asked the crews about the ferry,”", "“To cross the river we take the ferry,”"}},
		{"a title and no accents; a surname that is nobody else's", index.Query{Speaker: "Mayor Emile Tarkov"},
			[]string{"“A new bridge costs more than the old one ever did,”", "“We will be there on Tuesday,”"}},
		{"a phrase", index.Query{Phrases: []string{"old one ever did"}, Kinds: quotes},
			[]string{"“A new bridge costs more than the old one ever did,”"}},
		{"words of a phrase in another order", index.Query{Phrases: []string{"ever did one old"}}, nil},
		{"an excluded word", index.Query{Text: "ferry", Not: []string{"crews"}, Kinds: quotes},
			[]string{"“To cross the river we take the ferry,”"}},
		{"a publisher", index.Query{Text: "ferry", Publisher: "valley courier", Kinds: quotes},
			[]string{"“Nobody asked the crews about the ferry,”"}},
		{"days", index.Query{Speaker: "Finnegan", From: "2031-03-03", To: "2031-03-31"},
			[]string{"“To cross the river we take the ferry,”"}},
		{"another scope", index.Query{Text: "bridge", Scopes: []string{"guild"}, Kinds: quotes},
			[]string{"“The bridge is our secret,”"}},
		{"stop words alone", index.Query{Text: "we will be there", Kinds: quotes},
			[]string{"“We will be there on Tuesday,”"}},
		{"two words must match", index.Query{Text: "bridge cable", MinShould: 2, Kinds: quotes},
			[]string{"“The cables are rusted through and nobody may cross,”"}},
		{"nothing", index.Query{}, nil},
		{"an unknown word", index.Query{Text: "xylophone"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := x.Search(t.Context(), tt.q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range r.Hits {
				got = append(got, h.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.q, diff)
			}
			if r.Total != len(got) {
				t.Errorf("Total is %d, there are %d hits", r.Total, len(got))
			}
		})
	}
}

// Any run of words of a paragraph is found as a phrase, and whatever is found
// has the run.
func TestPhrases(t *testing.T) {
	src := gen.New(7)
	m := newMemory()
	var paragraphs []string
	for range 10 {
		a, _ := src.Article()
		m.put(a)
		for _, p := range a.Paragraphs {
			paragraphs = append(paragraphs, a.Text[p.Span.Start:p.Span.End])
		}
	}
	x := open(t, m)
	if err := x.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		words := strings.Fields(terms.Key(rapid.SampledFrom(paragraphs).Draw(t, "paragraph")))
		n := rapid.IntRange(2, 8).Draw(t, "words")
		from := rapid.IntRange(0, len(words)-n).Draw(t, "from")
		phrase := strings.Join(words[from:from+n], " ")
		r, err := x.Search(context.Background(), index.Query{Phrases: []string{strings.ToUpper(phrase)}, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, p := range paragraphs {
			if strings.Contains(" "+terms.Key(p)+" ", " "+phrase+" ") {
				want++
			}
		}
		got := 0
		for _, h := range r.Hits {
			if h.Kind == index.KindParagraph {
				got++
			}
		}
		if got != want {
			t.Fatalf("%q stands in %d paragraphs, found in %d", phrase, want, got)
		}
	})
}

// Pages follow each other without gaps or repetitions.
func TestPaging(t *testing.T) {
	m := newMemory()
	x := open(t, m)
	for i := range 3 { // three parts of equal passages
		var ids []string
		for n := range 10 {
			ids = append(ids, m.put(numbered(fmt.Sprintf("%d%d", i, n)))...)
		}
		if err := x.Add(t.Context(), ids, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []index.Query{{Text: "lantern"}, {Speaker: "Ada Quill"}} {
		page := func(offset, limit int) (ids []string) {
			q.Offset, q.Limit = offset, limit
			r, err := x.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Hits {
				ids = append(ids, h.ID)
			}
			return ids
		}
		all := page(0, 100)
		var paged []string
		for offset := 0; offset < len(all); offset += 7 {
			paged = append(paged, page(offset, 7)...)
		}
		if diff := cmp.Diff(all, paged); diff != "" || len(all) < 30 {
			t.Errorf("%s: pages differ from the whole of %d (-whole +pages):\n%s", q, len(all), diff)
		}
	}
}

func TestRarity(t *testing.T) {
	x := filled(t, numbered("1"), numbered("2"))
	got, err := x.Rarity(t.Context(), []string{"LANTERNS", "1", "the", "well-lit", "zebra", "…"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{1, 0.5, 1, 0, 0, 0}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPassageHasEverything(t *testing.T) {
	x := filled(t, town()...)
	a := town()[0]
	p, err := x.Passage(t.Context(), nil, index.QuoteID(a.ID, 1))
	if err != nil {
		t.Fatal(err)
	}
	quotes, err := sayings{}.Extract(t.Context(), a.Document())
	if err != nil {
		t.Fatal(err)
	}
	passages := index.Passages(a, quotes)
	if diff := cmp.Diff(passages[len(a.Paragraphs)], p); diff != "" {
		t.Errorf("(-built +found):\n%s", diff)
	}
}

// A search that need not count finds hits of the same scores as one that does,
// in as many parts as there are.
func TestUncounted(t *testing.T) {
	src := gen.New(11)
	m := newMemory()
	x := open(t, m)
	for range 3 {
		for range 12 {
			a, _ := src.Article()
			m.put(a)
		}
		if err := x.CatchUp(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	words := src.Words()[:3000]
	rapid.Check(t, func(t *rapid.T) {
		q := index.Query{
			Text:  strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 8).Draw(t, "words"), " "),
			Limit: rapid.IntRange(1, 60).Draw(t, "limit"),
			Kinds: rapid.SampledFrom([][]index.PassageKind{nil, {index.KindParagraph}, {index.KindDirect, index.KindMixed}}).Draw(t, "kinds"),
		}
		counted, err := x.Search(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		q.Uncounted = true
		fast, err := x.Search(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		scores := func(r index.Results) (list []float64) {
			for _, h := range r.Hits {
				list = append(list, h.Score)
			}
			return list
		}
		if diff := cmp.Diff(scores(counted), scores(fast), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Fatalf("%s (-counted +uncounted):\n%s", q, diff)
		}
	})
}
