package answer

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

func TestAsk(t *testing.T) {
	s := harbour(t)
	for _, c := range []struct {
		question string
		want     string // how the first answer begins; "" for none
		by       string // its speaker
	}{
		{"who said the bridge is not safe?", "“The bridge is not safe", "Ines Okafor"},
		{"who fears that tiny shops go bust before summer ends?", "the closure", "Tomas Reyes"}, // other words, same sense
		{"which organisation said fares will go up in summer?", "fares would rise", "Ellery Harbour Board"},
		{"who is keeping her bakery going no matter what the council does?", "she would keep her shop", "Lena Okafor"},
		{"what did Okafor say about the ferry being free?", "“I never promised", "Ines Okafor"},
		{"what did Lena Okafor say about the council?", "she would keep her shop", "Lena Okafor"},
		{"what did the mayor's spokesman van Dalen say about the fish market?", "“Ferries will run", "Piet van Dalen"},
		{"what did Reyez say about business?", "the closure", "Tomas Reyes"},
		{"did Ines Okafor say that nobody should drive over the bridge?", "“The bridge is not safe", "Ines Okafor"},
		{"when did Okafor promise a cheap ferry?", "“I never promised", "Ines Okafor"},
		{`"every twenty minutes"`, "“Ferries will run", "Piet van Dalen"},
		{"what did Okafor say in May 2026?", "“I never promised", "Ines Okafor"},
		{"what did Okafor say about building a new one in 2031?", "“The bridge is not safe", "Ines Okafor"}, // a year spoken of, not published in
		{"what did Ines Okafor say about the bridge in the Example Times?", "“The bridge is not safe", "Ines Okafor"},

		{"what did Tomas Reyes say about zebra vaccination?", "", ""},
		{"what did Ines Okafor say about the bridge in the Daily Gull last year?", "", ""},
		{"what did Wanda Quill say about ferries?", "", ""},
		{"who said that volcanoes cause hiccups?", "", ""},
		{"ferry -cheap -minutes", "", ""},
		{"", "", ""},
		{"???", "", ""},
	} {
		t.Run(c.question, func(t *testing.T) {
			r, err := s.Ask(t.Context(), Request{Question: c.question})
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" {
				if len(r.Answers) > 0 {
					t.Errorf("%s answered with %+v", r.Query, r.Answers[0])
				}
				return
			}
			if len(r.Answers) == 0 {
				t.Fatalf("%s: no answer", r.Query)
			}
			a := r.Answers[0]
			if !strings.HasPrefix(a.Quote, c.want) || a.Speaker == nil || a.Speaker.Name != c.by {
				t.Errorf("%s: %q by %v, want %q by %s", r.Query, a.Quote, a.Speaker, c.want, c.by)
			}
			if a.Score <= 0 || a.Score > 1 || a.Title == "" || a.URL == "" || a.Date == "" || a.Context == "" || a.Paragraph == 0 {
				t.Errorf("an answer without its evidence: %+v", a)
			}
		})
	}
}

func TestNoAnswersAreAnEmptyList(t *testing.T) {
	s := harbour(t)
	r, err := s.Ask(t.Context(), Request{Question: "what did Wanda Quill say?"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"question":"what did Wanda Quill say?","intent":"what","speaker":"Wanda Quill","topic":"","answers":[]}`
	if diff := cmp.Diff(want, string(b)); diff != "" {
		t.Error(diff)
	}
}

func TestAskPages(t *testing.T) {
	s := harbour(t)
	all, err := s.Ask(t.Context(), Request{Question: "what did Ines Okafor say?"})
	if err != nil {
		t.Fatal(err)
	}
	if all.Total != 2 || len(all.Answers) != 2 {
		t.Fatalf("%d answers of %d, want both", len(all.Answers), all.Total)
	}
	if all.Answers[0].Date < all.Answers[1].Date {
		t.Error("without a topic the newest comes first")
	}
	second, err := s.Ask(t.Context(), Request{Question: "what did Ines Okafor say?", Limit: 1, Offset: 1})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all.Answers[1:], second.Answers); diff != "" || second.Total != 2 {
		t.Errorf("total %d\n%s", second.Total, diff)
	}
	beyond, err := s.Ask(t.Context(), Request{Question: "what did Ines Okafor say?", Limit: -1, Offset: 1 << 40})
	if err != nil || beyond.Answers == nil || len(beyond.Answers) != 0 {
		t.Errorf("beyond the end: %v, %v", beyond.Answers, err)
	}
}

func TestQuotes(t *testing.T) {
	s := harbour(t)
	for _, c := range []struct {
		name   string
		filter Filter
		want   []string // the articles of the answers
	}{
		{"speaker, newest first", Filter{Speaker: "Ines Okafor"}, []string{"ferry", "bridge"}},
		{"speaker and subject", Filter{Speaker: "Ines Okafor", About: "bridge safe"}, []string{"bridge"}},
		{"publisher", Filter{Speaker: "Ines Okafor", Publisher: "Daily Gull"}, []string{"ferry"}},
		{"days", Filter{Speaker: "Ines Okafor", To: "2026-03-31"}, []string{"bridge"}},
		{"surname, misspelt", Filter{Speaker: "reyez"}, []string{"bridge"}},
		{"nobody of that name", Filter{Speaker: "Wanda Quill"}, nil},
		{"another server's corpus", Filter{Speaker: "Ines Okafor", Scopes: []string{"123"}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := s.Quotes(t.Context(), c.filter)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range r.Answers {
				got = append(got, a.Article)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || r.Answers == nil || r.Total != len(c.want) {
				t.Errorf("total %d\n%s", r.Total, diff)
			}
		})
	}
}

func TestAround(t *testing.T) {
	s := harbour(t)
	r, err := s.Ask(t.Context(), Request{Question: "who said the bridge is not safe?"})
	if err != nil || len(r.Answers) == 0 {
		t.Fatal(err, r)
	}
	got, err := s.Around(t.Context(), nil, r.Answers[0].Passage)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.Before, "The council") || !strings.HasPrefix(got.Of, "“The bridge") || !strings.HasPrefix(got.After, "Tomas Reyes") {
		t.Errorf("%+v", got)
	}
	if got.Answer.Quote != r.Answers[0].Quote {
		t.Errorf("around %q", got.Answer.Quote)
	}
	first, err := s.Around(t.Context(), nil, "bridge.p1")
	if err != nil || first.Before != "" || first.After == "" {
		t.Errorf("at the article's edge: %+v, %v", first, err)
	}
	for _, scopes := range [][]string{nil, {"123"}} {
		id := "bridge.q99"
		if scopes != nil {
			id = "bridge.q1" // there, but in another corpus
		}
		if _, err := s.Around(t.Context(), scopes, id); !errors.Is(err, index.ErrNotFound) {
			t.Errorf("%s in %v: %v, want ErrNotFound", id, scopes, err)
		}
	}
}

func TestServiceIsConcurrent(t *testing.T) {
	s := harbour(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				if r, err := s.Ask(t.Context(), Request{Question: "who said the bridge is not safe?"}); err != nil || len(r.Answers) == 0 {
					t.Error(err, r)
				}
				if c, err := s.Verify(t.Context(), Claim{Text: "We will build a new one by 2031"}); err != nil || c.Verdict != Verbatim {
					t.Error(err, c)
				}
			}
		})
	}
	wg.Wait()
}

// A question may hold anything, of any length.
func TestHostileQuestions(t *testing.T) {
	s := harbour(t)
	for _, q := range []string{
		strings.Repeat("bridge ", 100000), strings.Repeat("“", 50000), strings.Repeat("what did Okafor ", 5000),
		strings.Repeat("a-b'c.", 20000), "\xff\xfe\x00", strings.Repeat("speaker:", 5000), strings.Repeat(" -x", 5000),
	} {
		if _, err := s.Ask(t.Context(), Request{Question: q}); err != nil {
			t.Errorf("%.20q: %v", q, err)
		}
		if _, err := s.Verify(t.Context(), Claim{Text: q, Speaker: q}); err != nil {
			t.Errorf("%.20q: %v", q, err)
		}
	}
}

func BenchmarkAsk(b *testing.B) {
	s := harbour(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Ask(b.Context(), Request{Question: "who warned that small shops would go under?"}); err != nil {
			b.Fatal(err)
		}
	}
}

// A question that gives the words themselves gets their verdict too.
func TestAskChecksTheWords(t *testing.T) {
	s := harbour(t)
	for question, want := range map[string]Verdict{
		"did Ines Okafor say “I never promised anybody a free ferry”?":    Verbatim,
		"did Tomas Reyes say “I never promised anybody a free ferry”?":    Misattributed,
		"did the mayor say \"I always promised everybody a free ferry\"?": Altered,
		"did the mayor say “seagulls are the true owners of this town”?":  "",
		"did Ines Okafor say that she never promised a free ferry?":       "", // not word for word
		"what did Ines Okafor say about “free ferry”?":                    "",
	} {
		r, err := s.Ask(t.Context(), Request{Question: question})
		if err != nil {
			t.Fatal(err)
		}
		var got Verdict
		if r.Check != nil {
			got = r.Check.Verdict
		}
		if got != want {
			t.Errorf("%s: verdict %q, want %q", question, got, want)
		}
	}
}

// What may be somebody's words answers where no quote does, and says that it may
// only; it is no part of what somebody said.
func TestAskWeak(t *testing.T) {
	l := &library{articles: map[string]*corpus.Article{}, quotes: map[string][]quote.Quote{}}
	ines, tomas := person("Ines Okafor", "mayor"), person("Tomas Reyes", "fisherman")
	l.add(t, "pier", "The pier", "Example Times", "2026-03-02", []string{
		"“The bridge is not safe,” said Mayor Ines Okafor.",
		"Tomas Reyes has championed a taller lighthouse for twenty years.",
		"Ines Okafor walked over the bridge at noon and found it not safe.",
	},
		said{[]string{"“The bridge is not safe,”"}, ines, quote.Direct},
		said{[]string{"Tomas Reyes has championed a taller lighthouse for twenty years."}, tomas, quote.Indirect},
		said{[]string{"Ines Okafor walked over the bridge at noon and found it not safe."}, ines, quote.Indirect},
	)
	for _, quotes := range l.quotes {
		quotes[1].Weak, quotes[2].Weak = true, true
		quotes[1].Confidence, quotes[2].Confidence = 0.1, 0.1
	}
	s := New(l.open(t))
	for _, c := range []struct {
		question, by string // "" for no answer
		weak         bool
	}{
		{"who wants a taller lighthouse?", "Tomas Reyes", true},
		{"who said the bridge is not safe?", "Ines Okafor", false},
		{"what did Tomas Reyes say about a taller lighthouse?", "Tomas Reyes", true}, // nobody has a quote of him
		{"what did Tomas Reyes say?", "", false},
		{"who said that volcanoes cause hiccups?", "", false},
	} {
		r, err := s.Ask(t.Context(), Request{Question: c.question})
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case c.by == "" && len(r.Answers) > 0:
			t.Errorf("%s: answered with %+v", c.question, r.Answers[0])
		case c.by != "" && (len(r.Answers) == 0 || r.Answers[0].Speaker.Name != c.by || r.Answers[0].Weak() != c.weak):
			t.Errorf("%s: %s: %+v, want %s, weak: %v", c.question, r.Query, r.Answers, c.by, c.weak)
		}
	}
}

// Of one speaker in an article two answers come before those of others.
func TestSpread(t *testing.T) {
	var all []Answer
	for _, by := range []string{"Ada", "Ada", "Ada", "Grace", "Ada", "Ole"} {
		all = append(all, Answer{Article: "one", Quote: by, Speaker: &quote.Speaker{Name: by}})
	}
	var got []string
	for _, a := range spread(all) {
		got = append(got, a.Quote)
	}
	if diff := cmp.Diff([]string{"Ada", "Ada", "Grace", "Ole", "Ada", "Ada"}, got); diff != "" {
		t.Error(diff)
	}
}
