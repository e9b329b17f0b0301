package answer

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/quote"
)

// testClock says that today is Wednesday, 3 June 2026.
func testClock() time.Time { return time.Date(2026, 6, 3, 9, 0, 0, 0, time.UTC) }

func TestParse(t *testing.T) {
	p := harbour(t).parser(nil)
	for _, c := range []struct{ name, question, want string }{
		// Who.
		{"who said words", "who said the bridge is not safe?", `who about: bridge is not safe`},
		{"a name after who is the topic", "who complained about Okafor?", `who about: complained about Okafor`},
		{"whose", "whose shop stays open", `who about: shop stays open`},
		{"which with a noun", "which fisherman warned about small businesses?", `who about: fisherman warned about small businesses`},
		{"quoted words are words, not a filter", `who said "count the rivets"?`, `who about: count the rivets`},
		{"politeness", "hey, can you tell me who wants cheap ferries", `who about: wants cheap ferries`},
		{"who with an object", "who did Reyes blame for the closure?", `what speaker:"Tomas Reyes" about: blame for the closure`},
		// What.
		{"full name", "what did Ines Okafor say about ferries?", `what speaker:"Ines Okafor" about: ferries`},
		{"surname of two: the more quoted", "what did Okafor say about ferries?", `what speaker:"Ines Okafor" about: ferries`},
		{"title", "what does Mayor Okafor think of the bridge", `what speaker:"Ines Okafor" about: bridge`},
		{"first name", "what did Lena say about her shop", `what speaker:"Lena Okafor" about: shop`},
		{"misspelt", "what did tomas reyez say about businesses", `what speaker:"Tomas Reyes" about: businesses`},
		{"name with small words", "what did Piet van Dalen announce?", `what speaker:"Piet van Dalen" about: announce`},
		{"part of an organisation", "what did the harbour board say about fares?", `what speaker:"Ellery Harbour Board" about: fares`},
		{"possessive", "what was Reyes's complaint about the closure?", `what speaker:"Tomas Reyes" about: complaint about the closure`},
		{"what's", "what's Lena Okafor's plan for the shop?", `what speaker:"Lena Okafor" about: plan for the shop`},
		{"noun before the auxiliary", "what year did Ines Okafor name for the new bridge?", `what speaker:"Ines Okafor" about: year name for the new bridge`},
		{"how", "how did van Dalen say ferries run?", `what speaker:"Piet van Dalen" about: ferries run`},
		// Which of the quotes.
		{"how often", "how often did van Dalen say ferries run?", `what count speaker:"Piet van Dalen" about: ferries run`},
		{"latest", "what did Okafor last say about the bridge?", `what latest speaker:"Ines Okafor" about: bridge`},
		{"latest comments", "the latest comments by Tomas Reyes on the closure", `what latest speaker:"Tomas Reyes" about: closure`},
		{"first", "when did Okafor first mention the bridge?", `when first speaker:"Ines Okafor" about: bridge`},
		{"who was the first to", "who was the first to say that the bridge is not safe?", `who first about: bridge is not safe`},
		{"a first that is part of the topic", "what did Okafor say about the first ferry?", `what speaker:"Ines Okafor" about: first ferry`},
		{"where published", "where was Okafor's promise of a cheap ferry published?", `what where speaker:"Ines Okafor" about: promise of a cheap ferry`},
		// By role.
		{"by role", "what did the mayor's spokesman say about ferries?", `what speaker:"mayor's spokesman"? about: ferries`},
		{"no question word", "Ines Okafor on the ferry", `what speaker:"Ines Okafor" about: ferry`},
		{"quotes by", "quotes by Tomas Reyes about the summer", `what speaker:"Tomas Reyes" about: summer`},
		{"all of it", "what did Lena Okafor say?", `what speaker:"Lena Okafor"`},
		{"unknown speaker", "what did Wanda Quill say about ferries?", `what speaker:"Wanda Quill"? about: ferries`},
		{"a name that goes on is another's", "what did the Okafor campaign say about fares?", `what speaker:"Okafor campaign"? about: fares`},
		// Verify and when.
		{"did they say that", "did Ines Okafor really say that nobody should drive over it?", `verify speaker:"Ines Okafor" about: nobody should drive over it`},
		{"is it true that", "is it true that Reyes said boats are cheap", `verify speaker:"Tomas Reyes" about: boats are cheap`},
		{"did they say anything", "did Lena Okafor say anything about ferries?", `what speaker:"Lena Okafor" about: ferries`},
		{"when", "when did Okafor promise a cheap ferry?", `when speaker:"Ines Okafor" about: promise a cheap ferry`},
		// Search.
		{"plain words", "free ferry", `search about: free ferry`},
		{"phrase and minus", `ferry "cheap one" -bridge`, `search "cheap one" -bridge about: ferry`},
		{"operators", `speaker:"Ines Okafor" publisher:"daily gull" after:2026-05-01 before:2026-05-31 ferry`, `what speaker:"Ines Okafor" publisher:"Daily Gull" after:"2026-05-01" before:"2026-05-31" about: ferry`},
		{"nothing", "  ??  ", `search`},
		// Publisher and dates.
		{"publisher", "what did Okafor say about ferries in the Daily Gull?", `what speaker:"Ines Okafor" publisher:"Daily Gull" about: ferries`},
		{"an event is a topic", "what did Okafor say about ferries before the vote?", `what speaker:"Ines Okafor" about: ferries before the vote`},
		{"date", "what did Okafor say about ferries last month?", `what speaker:"Ines Okafor" after:"2026-05-01" before:"2026-05-31" about: ferries`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, p.parse(c.question).String()); diff != "" {
				t.Errorf("%s (-want +got)\n%s", c.question, diff)
			}
		})
	}
}

func TestFindPeriod(t *testing.T) {
	for _, c := range []struct{ text, from, to string }{
		{"yesterday", "2026-06-02", "2026-06-02"},
		{"what was said last week", "2026-05-25", "2026-05-31"},
		{"this week", "2026-06-01", "2026-06-03"},
		{"last month", "2026-05-01", "2026-05-31"},
		{"on Monday", "2026-06-01", "2026-06-01"},
		{"last Friday", "2026-05-29", "2026-05-29"},
		{"on Wednesday", "2026-05-27", "2026-05-27"}, // today's is still to come
		{"three days ago", "2026-05-31", "2026-05-31"},
		{"a week ago", "2026-05-25", "2026-05-31"},
		{"two months ago", "2026-04-01", "2026-04-30"},
		{"last year", "2025-01-01", "2025-12-31"},
		{"in the last 10 days", "2026-05-24", "2026-06-03"},
		{"over the past couple of months", "2026-04-03", "2026-06-03"},
		{"in May", "2026-05-01", "2026-05-31"},
		{"in November", "2025-11-01", "2025-11-30"}, // the latest that has begun
		{"in Feb 2024", "2024-02-01", "2024-02-29"},
		{"in 2016", "2016-01-01", "2016-12-31"},
		{"on 3 May 2026", "2026-05-03", "2026-05-03"},
		{"on May 3rd, 2026", "2026-05-03", "2026-05-03"},
		{"on 2026-05-03", "2026-05-03", "2026-05-03"},
		{"since 1st April", "2026-04-01", ""},
		{"after March 2026", "2026-04-01", ""},
		{"before 2 May 2026", "", "2026-05-01"},
		{"until May 2026", "", "2026-05-31"},
		{"between March and May", "2026-03-01", "2026-05-31"},
		{"from 1 March 2026 to 5 March 2026", "2026-03-01", "2026-03-05"},
		{"what did Ada May say", "", ""},
		{"before the vote", "", ""},
		{"on 31 February 2026", "", ""},
		{"in 9999", "", ""},
	} {
		p, ok := findPeriod(c.text, testClock())
		if p.from != c.from || p.to != c.to || ok != (c.from+c.to != "") {
			t.Errorf("%q: %q to %q (%v), want %q to %q", c.text, p.from, p.to, ok, c.from, c.to)
		}
	}
}

func TestNameMatch(t *testing.T) {
	ines := person("Ines Okafor", "mayor", "Ms. Okafor")
	peters := person("Robert C. \"Robbie\" Peters Jr.", "senator")
	board := quote.Speaker{Name: "Ellery Harbour Board", Type: quote.TypeOrg}
	for _, c := range []struct {
		typed string
		who   string
		match bool
	}{
		{"Ines Okafor", "ines", true}, {"Okafor", "ines", true}, {"Mayor Okafor", "ines", true}, {"ines", "ines", true},
		{"Lena Okafor", "ines", false}, {"Ines", "board", false}, {"Okafer", "ines", true}, {"Okra", "ines", false},
		{"Robbie Peters", "peters", true}, {"Sen. Peters", "peters", true}, {"Robert Peters", "peters", true}, {"Bob Jones", "peters", false},
		{"Harbour Board", "board", true}, {"EHB", "board", true}, {"Ellery", "board", false}, {"board of the harbour", "board", true},
		{"the", "ines", false}, {"", "ines", false},
	} {
		sp := map[string]*quote.Speaker{"ines": &ines, "peters": &peters, "board": &board}[c.who]
		if fit := nameMatch(nameParts(c.typed), sp); fit >= leastFit != c.match {
			t.Errorf("%q for %s: %.2f, want a match: %v", c.typed, sp.Name, fit, c.match)
		}
	}
	if nameMatch([]string{"okafor"}, nil) != 0 {
		t.Error("an unknown speaker matches a name")
	}
}

func FuzzParse(f *testing.F) {
	for _, q := range []string{
		"who said that?", "what did X say about Y in May 2026", `speaker:"a b" -c "d"`, "did it", "what's", "“”„«»", "in the last 999 years",
		"\xff\xfe", strings.Repeat("what did ", 300), "which", "when did", "before:9999-99-99", "speaker:", "who did",
	} {
		f.Add(q)
	}
	p := harbour(f).parser(nil)
	f.Fuzz(func(t *testing.T, q string) {
		r := p.parse(q)
		if r.Intent == "" {
			t.Errorf("%q has no intent", q)
		}
		if utf8.RuneCountInString(r.Topic) > 2*maxInput {
			t.Errorf("a topic of %d runes", utf8.RuneCountInString(r.Topic))
		}
		if r.Known && len(r.named) == 0 || r.Speaker != "" && r.String() == "" {
			t.Errorf("%q: %+v", q, r)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	s := harbour(b)
	b.ReportAllocs()
	for b.Loop() {
		s.parser(nil).parse("what did Mayor Okafor say about the price of ferries last month?")
	}
}
