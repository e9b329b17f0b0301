package weights

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/quote/internal/attrib"
	"github.com/whosaid/whosaid/quote/internal/tok"
)

func load(t testing.TB) *Models {
	t.Helper()
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// lines are the paragraphs of a text: its lines that aren't empty.
func lines(text string) []tok.Span {
	var out []tok.Span
	at := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		if s := strings.TrimRight(line, "\n"); s != "" {
			out = append(out, tok.Span{Start: at, End: at + len(s)})
		}
		at += len(line)
	}
	return out
}

func (m *Models) attribute(text string) []attrib.Attribution {
	return m.Attrib.Attribute(m.Base.Analyze(text, lines(text)))
}

// said writes an attribution as source | cue | content.
func said(text string, a attrib.Attribution) string {
	part := func(spans []tok.Span) string {
		var parts []string
		for _, s := range spans {
			parts = append(parts, text[s.Start:s.End])
		}
		return strings.Join(parts, " … ")
	}
	return part(a.Source) + " | " + part(a.Cue) + " | " + part(a.Content)
}

func TestAttributions(t *testing.T) {
	m := load(t)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"direct", "“The bridge will open in May,” the mayor said.",
			[]string{"the mayor | said | “The bridge will open in May,”"}},
		{"interrupted", "“We looked at every plan,” Ms. Larch said. “None of them was cheap.”",
			[]string{"Ms. Larch | said | “We looked at every plan,” … “None of them was cheap.”"}},
		{"indirect", "Mr. Oak told reporters that the council would vote again in June.",
			[]string{"Mr. Oak | told reporters | that the council would vote again in June"}},
		{"according to", "The river rose by two metres overnight, according to the Elmton Weather Office.",
			[]string{"the Elmton Weather Office | according to | The river rose by two metres overnight"}},
		{"a cue after an indirect quote", "The harbor will stay closed until spring, officials said.",
			[]string{"officials | said | The harbor will stay closed until spring"}},
		{"mixed", "Mr. Oak said the plan was “a gift to nobody.”",
			[]string{"Mr. Oak | said | the plan was “a gift to nobody.”"}},
		{"typewriter marks", "''I will not resign,'' Mr. Oak said.",
			[]string{"Mr. Oak | said | ''I will not resign,''"}},
		{"two people", "“It was late,” Ada Larch said.\n\n“It was not,” Mr. Oak replied.",
			[]string{"Ada Larch | said | “It was late,”", "Mr. Oak | replied | “It was not,”"}},
		{"nothing", "The bridge opened in May. It is red.", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, a := range m.attribute(c.text) {
				got = append(got, said(c.text, a))
				if a.Score <= 0 || a.Score > 1 {
					t.Errorf("score %v is no probability", a.Score)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestConcurrentUseGivesTheSame(t *testing.T) {
	m := load(t)
	text := strings.Repeat(sample, 3)
	want := m.attribute(text)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if diff := cmp.Diff(want, m.attribute(text)); diff != "" {
				t.Error(diff)
			}
		})
	}
	wg.Wait()
}

// checkSpans fails when a span is empty, out of order or outside the text.
func checkSpans(t *testing.T, text string, found []attrib.Attribution) {
	t.Helper()
	for _, a := range found {
		if len(a.Content) == 0 {
			t.Fatal("an attribution without content")
		}
		for _, spans := range [][]tok.Span{a.Content, a.Cue, a.Source} {
			at := 0
			for _, s := range spans {
				if s.Start < at || s.End <= s.Start || s.End > len(text) {
					t.Fatalf("span %v after byte %d of %d", s, at, len(text))
				}
				at = s.End
			}
		}
	}
}

func FuzzAttribute(f *testing.F) {
	m := load(f)
	f.Add(sample)
	f.Add("“A,” he said. “B”\n\n''")
	f.Add("\xff said that \xfe “\" ''")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		checkSpans(t, text, m.attribute(text))
	})
}

// TestLinear feeds long texts of one kind of token, which take seconds, and some more under the
// race detector on a busy machine; anything quadratic would take hours.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("reads megabytes")
	}
	m := load(t)
	for _, unit := range []string{"“", "\" ", "word ", "(", "said ", "Mr. Oak said that ", "he said, “", "''a,'' "} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		begin := time.Now()
		checkSpans(t, text, m.attribute(text))
		if d := time.Since(begin); d > 3*time.Minute {
			t.Errorf("%d kB of %q: %v", len(text)>>10, unit, d)
		}
	}
}

// sample is an article of our own.
const sample = `Elmton votes to rebuild its bridge

ELMTON — The city council voted on Tuesday to rebuild the Long Bridge, which was closed after a flood last winter, despite warnings that the cost could double.

“We can't ask people to swim to work,” said Mayor Ada Larch, who has pressed for the plan since she took office. “This is the least that a city owes its people.”

Ms. Larch told reporters after the vote that work would begin in May and that the state had promised to pay half of the bill. She said she was “deeply grateful” to the engineers.

Councilman Peter Oak, the only member to vote against the plan, called it “a gift to the cement industry.” He argued that a ferry would serve the town better, adding that no one had asked the people of the north shore.

The bridge carries about 9,000 cars a day, according to a report by the Elmton Road Office. Officials there believe the number will grow.

“I don't care what it costs,” one commuter said. “I want to be home for dinner.”
`

func BenchmarkArticle(b *testing.B) {
	m := load(b)
	text := strings.Repeat(sample, 4)
	tokens := len(m.Base.Analyze(text, lines(text)).Tokens)
	b.ReportAllocs()
	for b.Loop() {
		m.attribute(text)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
	b.ReportMetric(float64(b.N*tokens)/b.Elapsed().Seconds(), "tokens/s")
}
