package bleveindex

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// What is written to a table is read back, all but the texts.
func TestTableRoundTrip(t *testing.T) {
	spans := rapid.Custom(func(t *rapid.T) []quote.Span {
		var list []quote.Span
		at := 0
		for range rapid.IntRange(0, 3).Draw(t, "spans") {
			start := at + rapid.IntRange(0, 300).Draw(t, "gap")
			at = start + rapid.IntRange(0, 300).Draw(t, "length")
			list = append(list, quote.Span{Start: start, End: at})
		}
		return list
	})
	speaker := rapid.Custom(func(t *rapid.T) *quote.Speaker {
		if rapid.Bool().Draw(t, "unknown") {
			return nil
		}
		return &quote.Speaker{Name: rapid.String().Draw(t, "name"), Type: quote.TypePerson,
			Role: rapid.String().Draw(t, "role"), Aliases: rapid.SampledFrom([][]string{nil, {"x", ""}}).Draw(t, "aliases")}
	})
	rapid.Check(t, func(t *rapid.T) {
		w := newTableWriter()
		var want []index.Passage
		for i := range rapid.IntRange(0, 4).Draw(t, "articles") {
			a := numbered(string(rune('a' + i)))
			var ps []index.Passage
			for n := range rapid.IntRange(0, 4).Draw(t, "passages") {
				p := index.Passage{ID: index.QuoteID(a.ID, n+1), ArticleID: a.ID, Kind: index.KindMixed, Paragraph: rapid.IntRange(1, 500).Draw(t, "paragraph"),
					Speaker: speaker.Draw(t, "speaker"), Content: spans.Draw(t, "content"), Cue: spans.Draw(t, "cue"),
					Source: spans.Draw(t, "source"), Confidence: float64(rapid.IntRange(0, 100).Draw(t, "confidence")) / 100}
				if n == 0 {
					p = index.Passage{ID: index.ParagraphID(a.ID, 3), ArticleID: a.ID, Kind: index.KindParagraph, Paragraph: 3}
				}
				ps = append(ps, p)
			}
			if _, err := w.add(a, ps); err != nil {
				t.Fatal(err)
			}
			want = append(want, ps...)
		}
		table, err := readTable(w.passagesFile(), w.summaryFile())
		if err != nil {
			t.Fatal(err)
		}
		var got []index.Passage
		for i := range table.len() {
			p, _, err := table.passage(i)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, p)
			if row, ok := table.find(p.ID); !ok || row != i {
				t.Fatalf("find(%q) is %d, %t, want %d", p.ID, row, ok, i)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// Whatever the files hold, reading them ends without a panic.
func FuzzReadTable(f *testing.F) {
	w := newTableWriter()
	a := article(corpus.SharedScope, "Lamps", "The Harbour Post", "2031-01-01", "“Light,” said Ada Quill.")
	quotes, err := sayings{}.Extract(f.Context(), a.Document())
	if err != nil {
		f.Fatal(err)
	}
	if _, err := w.add(a, index.Passages(a, quotes)); err != nil {
		f.Fatal(err)
	}
	f.Add(w.passagesFile(), w.summaryFile())
	f.Add([]byte{}, []byte{0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, passages, summary []byte) {
		table, err := readTable(passages, summary)
		if err != nil {
			return
		}
		for i := range table.len() {
			if p, _, err := table.passage(i); err == nil && p.ID == "" {
				t.Errorf("row %d has no ID", i)
			}
		}
		table.find("0.q1")
		(&part{table: table}).directoryCounts()
	})
}
