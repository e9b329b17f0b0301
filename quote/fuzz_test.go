package quote

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// checkQuotes fails unless the quotes keep what Extract promises about spans.
func checkQuotes(t interface {
	Helper()
	Fatalf(string, ...any)
}, d Document, quotes []Quote) {
	t.Helper()
	last := 0
	for i, q := range quotes {
		if len(q.Content) == 0 {
			t.Fatalf("quote %d has no content", i)
		}
		if q.Content[0].Start < last {
			t.Fatalf("quote %d begins at %d, before the one in front of it at %d", i, q.Content[0].Start, last)
		}
		last = q.Content[0].Start
		for _, list := range [][]Span{q.Content, q.Cue, q.Source} {
			at := 0
			for _, s := range list {
				if s.Start < at || s.End <= s.Start || s.End > len(d.Text) {
					t.Fatalf("quote %d has the span %v after %d in a text of %d bytes", i, s, at, len(d.Text))
				}
				at = s.End
			}
		}
		if q.Speaker != nil && (q.Speaker.Name == "" || q.Speaker.Type == "") {
			t.Fatalf("quote %d has a speaker without name or type: %+v", i, *q.Speaker)
		}
		if q.Confidence < 0 || q.Confidence > 1 {
			t.Fatalf("quote %d has the confidence %v", i, q.Confidence)
		}
		for _, in := range q.Inner {
			if len(in.Inner) > 0 || !holds(q.Content, in.Content) || !holds(q.Content, in.Cue) || !holds(q.Content, in.Source) {
				t.Fatalf("quote %d has %q inside, which does not lie in it", i, in.Text)
			}
		}
		checkQuotes(t, d, q.Inner)
	}
}

func FuzzExtract(f *testing.F) {
	for _, text := range []string{
		"“It is ready,” said Orla Pennyfeather, the mayor. She added: “Come.”",
		"PENNYFEATHER: Is it ready?\n\nQUILLFEATHER: It's “ready”.\n\n‘No,’ he said.",
		"“One.\n\n“Two.\n\n“Three,” she said. “Four",
		"According to the voters’ ‘choice’, Ms. Pennyfeather's 5'10\" claim that she \"won\" was false",
		"« Oui », a dit Mme Marchepied. „Ja“, sagte »er«. ''No'' ``way''",
		"\x00\xff“\u2028”\u200b said \ufeffMr.",
	} {
		f.Add(text, "Orla Pennyfeather Opens a Bridge", "en")
		f.Add(text, "", "")
	}
	e := newEngine(f)
	f.Fuzz(func(t *testing.T, text, title, language string) {
		d := Document{Text: text, Title: title, Language: language}
		quotes, err := e.Extract(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		checkQuotes(t, d, quotes)
	})
}

// TestAnyOrderOfPieces puts pieces of news prose together at random: whatever
// comes out, the spans are sound, and the same document gives the same quotes.
func TestAnyOrderOfPieces(t *testing.T) {
	e := newEngine(t)
	pieces := []string{
		"“", "”", "\"", "''", "‘", "’", "«", "»", "„", " said ", " told ", "Orla Pennyfeather", "Mr. Quillfeather", "she", "he",
		", ", ". ", ": ", "— ", "\n\n", "the mayor of Gullhaven", "that the bridge is ready", "according to ", "GBA", "(", ")", "who ", "'s ",
		"The Gullhaven Bridge Company", "We have waited long enough", "1,000", "…", "and ", "PENNYFEATHER: ",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 120).Draw(t, "pieces"), "")
		d := Document{Text: text, Language: "en"}
		first, err := e.Extract(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		checkQuotes(t, d, first)
		second, err := e.Extract(context.Background(), d)
		if err != nil || len(first) != len(second) {
			t.Fatalf("%d quotes, then %d (%v)", len(first), len(second), err)
		}
		for i := range first {
			if first[i].Text != second[i].Text || speakerName(first[i]) != speakerName(second[i]) {
				t.Fatalf("quote %d differs from one run to the next", i)
			}
		}
	})
}

// TestLinearTime reads a megabyte of the same thing, or a quarter of one where
// every word costs more: all take time in proportion to their length, where
// anything quadratic would take many minutes.
func TestLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("reads megabytes")
	}
	const megabyte = 1 << 20
	tests := []struct{ name, text string }{
		{"quotation marks", strings.Repeat("“", megabyte/3)},
		{"straight marks", strings.Repeat("\" ", megabyte/2)},
		{"one word", strings.Repeat("a", megabyte)},
		{"one word, again and again", strings.Repeat("bridge ", megabyte/7)},
		{"brackets", strings.Repeat("(", megabyte)},
		{"pairs of marks", strings.Repeat("“”", megabyte/24)},
		{"single marks", strings.Repeat("' a", megabyte/12)},
		{"names", strings.Repeat("Orla Pennyfeather ", megabyte/72)},
		{"names and commas", strings.Repeat("Pennyfeather, ", megabyte/56)},
		{"cues", strings.Repeat("said ", megabyte/20)},
		{"quotes left open", strings.Repeat("“It is ready,” she said. “Come\n\n", megabyte/128)},
		{"quotes", strings.Repeat("“It is ready,” Orla Pennyfeather said. ", megabyte/160)},
		{"pronouns", strings.Repeat("“No,” he said, and she told him that they knew it. ", megabyte/200)},
		{"sources", strings.Repeat("according to ", megabyte/52)},
		{"labels", strings.Repeat("ORLA: yes it is\n\n", megabyte/68)},
		{"quotations behind colons", "Orla Pennyfeather said" + strings.Repeat(": “it is ready now.” ", megabyte/24)},
		{"levels", strings.Repeat("Orla Pennyfeather told her that ", megabyte/128)},
		{"levels by according to", strings.Repeat("Orla Pennyfeather said the bridge leaks, according to the mayor, ", megabyte/256)},
		{"levels in marks", strings.Repeat("“She told me that she said ‘it leaks’ and ", megabyte/128)},
		{"participles of saying", "“It leaks,” Orla Pennyfeather said" + strings.Repeat(", adding, “It leaks,”", megabyte/96)},
		{"participles after somebody", strings.Repeat("Orla Pennyfeather said that we know, saying that it “leaks,” ", megabyte/256)},
		{"different names", manyNames(megabyte/4, "%s Pennyfeather ")},
		{"different speakers", manyNames(megabyte/4, "“Yes,” said Orla %s, the mayor of %[1]s. ")},
	}
	e := newEngine(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			d := Document{Text: tt.text, Language: "en"}
			quotes, err := e.Extract(context.Background(), d)
			if err != nil {
				t.Fatal(err)
			}
			checkQuotes(t, d, quotes)
			if took := time.Since(start); took > time.Minute {
				t.Errorf("%d bytes took %v", len(tt.text), took)
			}
		})
	}
}
