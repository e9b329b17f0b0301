package answer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

// wire is a corpus in which five papers print what one agency reported: whole,
// trimmed, with a word changed, given to somebody else, and translated.
func wire(t testing.TB) *Service {
	l := &library{articles: map[string]*corpus.Article{}, quotes: map[string][]quote.Quote{}}
	mira := person("Mira Halden", "harbour master", "Halden")
	print := func(id, publisher, day, words string, by quote.Speaker) {
		l.add(t, id, "The pilots' strike, by "+publisher, publisher, day, []string{
			"Nothing moved in the harbour of Tarn on Friday.", "“" + words + "” said " + by.Name + ".",
		}, said{[]string{"“" + words + "”"}, by, quote.Direct})
	}
	const whole = "We have asked for two more pilots since the winter before last, and nobody has answered a single letter,"
	print("agency", "Northern Wire", "2031-04-02", whole, mira)
	print("copy", "The Tarn Gazette", "2031-04-03", whole, person("Ms. Halden", ""))
	print("trimmed", "Evening Kite", "2031-04-03", "We have asked for two more pilots since the winter before last,", mira)
	print("changed", "Valley Courier", "2031-04-04", "We have asked for three more pilots since the winter before last, and nobody has answered a single letter,", mira)
	print("wrong", "Harbour Watch", "", whole, person("Piet Ostrander", "pilot"))
	print("translated", "Tarner Bote", "2031-04-03", "Wir haben seit dem vorletzten Winter zwei weitere Lotsen verlangt, und niemand hat einen einzigen Brief beantwortet,", mira)
	print("other", "The Tarn Gazette", "2031-05-01", "The pilots may have every boat that floats, and two of those that don't,", mira)
	return New(l.open(t), WithClock(testClock))
}

func TestPrintsOfOneQuote(t *testing.T) {
	s := wire(t)
	r, err := s.Ask(t.Context(), Request{Question: "what did Mira Halden say about asking for more pilots?"})
	if err != nil {
		t.Fatal(err)
	}
	twins := 0
	for _, a := range r.Answers {
		if strings.Contains(a.Quote, "winter before last") {
			twins++
		}
	}
	if twins != 1 {
		t.Fatalf("the quote is answered %d times: %+v", twins, r.Answers)
	}
	a := r.Answers[0]
	var places []string
	for _, p := range a.Also {
		places = append(places, strings.TrimSpace(p.Date+" "+p.Source))
	}
	own := strings.TrimSpace(a.Date + " " + a.Source)
	for _, want := range []string{"2031-04-02 Northern Wire", "2031-04-03 The Tarn Gazette", "2031-04-03 Evening Kite", "2031-04-04 Valley Courier", "Harbour Watch"} {
		if n := strings.Count(strings.Join(append(places, own), "|"), want); n != 1 {
			t.Errorf("%q is named %d times among %q and %q", want, n, own, places)
		}
	}
	if a.AlsoIn != 4 || a.FirstPrinted != "2031-04-02" {
		t.Errorf("also in %d, first printed %q", a.AlsoIn, a.FirstPrinted)
	}
	if len(a.Conflicts) != 1 || a.Conflicts[0].Speaker.Name != "Piet Ostrander" || !cmp.Equal(a.Conflicts[0].Sources, []string{"Harbour Watch"}) {
		t.Errorf("conflicts %+v", a.Conflicts)
	}
}

// Verifying a trimmed print shows the longest one and what differs.
func TestPrintsOfAClaim(t *testing.T) {
	c, err := wire(t).Verify(t.Context(), Claim{Text: "We have asked for three more pilots since the winter before last, and nobody has answered a single letter"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Verdict != Verbatim || c.Best.AlsoIn != 4 {
		t.Fatalf("%s, also in %d", c.Verdict, c.Best.AlsoIn)
	}
	want := map[string][]DiffPart{
		"Northern Wire": {{Same, "We have asked for"}, {Dropped, "three"}, {Added, "two"}, {Same, "more pilots since the winter before last and nobody has answered a single letter"}},
		"Evening Kite": {{Same, "We have asked for"}, {Dropped, "three"}, {Added, "two"}, {Same, "more pilots since the winter before last"},
			{Dropped, "and nobody has answered a single letter"}},
	}
	for _, p := range c.Best.Also {
		if diff := cmp.Diff(want[p.Source], p.Diff); want[p.Source] != nil && diff != "" {
			t.Errorf("%s (-want +got):\n%s", p.Source, diff)
		}
		if strings.Contains(p.Quote, "Wir haben") {
			t.Error("a translation is taken for a print of the original")
		}
	}
}

func TestSamePrint(t *testing.T) {
	const whole = "the ferry will run every twenty minutes from the fish market until the bridge is mended"
	tests := []struct {
		name, other string
		want        bool
	}{
		{"the same", whole, true},
		{"curly marks and capitals", "“The ferry will run every twenty minutes from the Fish Market until the bridge is mended,”", true},
		{"trimmed", "every twenty minutes from the fish market", true},
		{"a word changed", "the ferry will run every thirty minutes from the fish market until the bridge is mended", true},
		{"longer", whole + ", and after that nobody knows whether there will be one at all", true},
		{"too short to tell", "the fish market", false},
		{"another on the same matter", "the ferry will run whenever somebody pays for it, and from wherever they like until Easter", false},
		{"nothing", "", false},
	}
	for _, tt := range tests {
		if got := samePrint(shingles(whole), shingles(tt.other)); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
}

func TestConflicts(t *testing.T) {
	mira := person("Mira Halden", "")
	other := func(s quote.Speaker, source string) Place { return Place{Speaker: &s, Source: source} }
	places := []Place{
		other(person("Ms. Halden", ""), "A"), other(person("Mira J. Halden", ""), "B"), {Source: "C"},
		other(person("Olga Halden", ""), "D"), other(person("Piet Ostrander", ""), "E"), other(person("Ostrander", ""), "F"),
		other(quote.Speaker{Name: "Harbour Watch", Type: quote.TypeOrg}, "G"), other(quote.Speaker{Name: "a pilot", Type: quote.TypeUnnamed}, "H"),
	}
	var got []string
	for _, c := range conflicts(&mira, places) {
		got = append(got, c.Speaker.Name+" in "+strings.Join(c.Sources, ", "))
	}
	if diff := cmp.Diff([]string{"Olga Halden in D", "Piet Ostrander in E, F"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := conflicts(nil, places); len(got) > 0 {
		t.Errorf("an unknown speaker is contradicted by %v", got)
	}
}
