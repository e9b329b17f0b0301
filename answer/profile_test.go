package answer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// counted are the periods in which there is something, as LABEL=QUOTES.
func counted(periods []Period) string {
	var out []string
	for _, p := range periods {
		if p.Quotes > 0 {
			out = append(out, fmt.Sprintf("%s=%d", p.Label, p.Quotes))
		}
	}
	return strings.Join(out, " ")
}

// TestProfile describes speakers of whom one was printed widely, one spoke in two
// offices over years, and one is nobody.
func TestProfile(t *testing.T) {
	s := wire(t)
	p, err := s.Profile(t.Context(), nil, "haldn") // a slip of the finger
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "Mira Halden" || p.Quotes != 6 || p.First != "2031-04-02" || p.Last != "2031-05-01" {
		t.Errorf("%+v", p)
	}
	if got, want := counted(p.Periods), "2031-04-02=1 2031-04-03=3 2031-04-04=1 2031-05-01=1"; got != want {
		t.Errorf("quotes over time: %s, want %s", got, want)
	}
	if len(p.Roles) != 1 || p.Roles[0].Name != "harbour master" {
		t.Errorf("roles %+v", p.Roles)
	}
	if len(p.Quoted) != 3 || !strings.Contains(p.Quoted[0].Quote, "winter before last") || p.Quoted[0].AlsoIn != 4 || p.Quoted[1].AlsoIn != 0 {
		t.Errorf("most quoted: %+v", p.Quoted)
	}
	p, err = s.Profile(t.Context(), nil, "Astrid Haldenberg")
	if err != nil || p.Quotes != 0 || p.Name != "Astrid Haldenberg" || len(p.Periods)+len(p.Quoted) != 0 {
		t.Errorf("nobody is described as %+v, %v", p, err)
	}
	p, err = s.Profile(t.Context(), []string{"another server"}, "Mira Halden")
	if err != nil || p.Quotes != 0 || len(p.Near) != 0 {
		t.Errorf("another server learns %+v, %v", p, err)
	}
}

// TestAbout tells who speaks about something, and when.
func TestAbout(t *testing.T) {
	s := harbour(t)
	got, err := s.About(t.Context(), nil, "the bridge")
	if err != nil {
		t.Fatal(err)
	}
	if got.Quotes == 0 || len(got.Speakers) == 0 || got.Speakers[0].Speaker.Name != "Ines Okafor" || got.First > got.Last {
		t.Errorf("%+v", got)
	}
	sum := 0
	for _, p := range got.Periods {
		sum += p.Quotes
	}
	if sum != got.Quotes {
		t.Errorf("%d quotes, but %d over time: %s", got.Quotes, sum, counted(got.Periods))
	}
	for _, topic := range []string{"quantum chromodynamics", "", "the of and", "\x00", strings.Repeat("bridge ", 3000)} {
		if got, err = s.About(t.Context(), nil, topic); err != nil {
			t.Errorf("%.20q: %v", topic, err)
		}
	}
	if got, _ = s.About(t.Context(), nil, "quantum chromodynamics"); got.Quotes != 0 || got.Quoted != nil {
		t.Errorf("about nothing: %+v", got)
	}
}

// TestAboutMuch counts what does not fit into one search: every quote has its
// place in time and its speaker.
func TestAboutMuch(t *testing.T) {
	l := &library{articles: map[string]*corpus.Article{}, quotes: map[string][]quote.Quote{}}
	names := []string{"Ada Quill", "Bo Ferrant", "Cy Dunmore"}
	const articles = sampled + 60
	for i := range articles {
		by := person(names[min(i%5, 2)], "pilot") // 1 : 1 : 3
		words := fmt.Sprintf("“The tide took lamp number %d again,”", i)
		day := fmt.Sprintf("%04d-06-01", 1990+i%20)
		l.add(t, fmt.Sprintf("tide%d", i), "Lamps", "The Tarn Gazette", day, []string{words + " said " + by.Name + "."}, said{[]string{words}, by, quote.Direct})
	}
	s := New(l.open(t), WithClock(testClock))
	got, err := s.About(t.Context(), nil, "tide lamp")
	if err != nil {
		t.Fatal(err)
	}
	if got.Quotes != articles || got.First > "1990-06-01" || got.Last < "2009-06-01" || len(got.Periods) != 20 {
		t.Errorf("%d quotes from %s to %s, over time %s", got.Quotes, got.First, got.Last, counted(got.Periods))
	}
	var shares []string
	for _, sp := range got.Speakers {
		shares = append(shares, fmt.Sprintf("%s %d", sp.Speaker.Name, sp.Quotes))
	}
	if diff := cmp.Diff([]string{"Cy Dunmore 126", "Ada Quill 42", "Bo Ferrant 42"}, slices.Sorted(slices.Values(shares)), cmp.Transformer("sort", func(s []string) []string {
		return slices.Sorted(slices.Values(s))
	})); diff != "" || !strings.HasPrefix(shares[0], "Cy") {
		t.Errorf("speakers %v", shares)
	}
	q := index.Query{Text: "tide", Kinds: quoteKinds()}
	if first, last, err := s.bounds(t.Context(), q, "2000-06-01", "2001-06-01"); err != nil || first != "1990-01-01" || last != "2009-12-31" {
		t.Errorf("bounds %s to %s, %v", first, last, err)
	}
}

// TestParted: the periods follow each other without a gap, hold both ends, and are few.
func TestParted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) string {
			return time.Date(rapid.IntRange(1, 9999).Draw(t, name), 1, rapid.IntRange(1, 365).Draw(t, name+" day"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		}
		first, last := day("first"), day("last")
		if first > last {
			first, last = last, first
		}
		ps := parted(first, last)
		if len(ps) == 0 || len(ps) > maxPeriods || ps[0].From > first || ps[len(ps)-1].To < last || ps[len(ps)-1].From > last {
			t.Fatalf("%s to %s is parted into %+v", first, last, ps)
		}
		for i, p := range ps[1:] {
			before, err := time.Parse(time.DateOnly, ps[i].To)
			if err != nil || before.AddDate(0, 0, 1).Format(time.DateOnly) != p.From || p.From > p.To {
				t.Fatalf("%+v follows %+v", p, ps[i])
			}
		}
	})
	for _, days := range [][2]string{{"", "2024-01-01"}, {"2024-01-01", "soon"}, {"2024-01-02", "2024-01-01"}} {
		if got := parted(days[0], days[1]); got != nil {
			t.Errorf("%q is parted into %+v", days, got)
		}
	}
	if got := parted("2024-01-31", "2026-02-01"); len(got) != 26 || got[1].Label != "2024-02" || got[1].To != "2024-02-29" {
		t.Errorf("two years are %+v", got)
	}
}
