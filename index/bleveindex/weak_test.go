package bleveindex

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// guesses is sayings that takes every last sentence for what may be Otto Grum's.
type guesses struct{ sayings }

func (g guesses) ExtractAll(ctx context.Context, d quote.Document) ([]quote.Quote, error) {
	quotes, err := g.Extract(ctx, d)
	last := d.Paragraphs[len(d.Paragraphs)-1]
	return append(quotes, quote.Quote{
		Kind: quote.Indirect, Content: []quote.Span{last}, Paragraph: len(d.Paragraphs) - 1, Confidence: 0.1, Weak: true,
		Speaker: &quote.Speaker{Name: "Otto Grum", Type: quote.TypePerson},
	}), err
}

// Weak quotes are found by who asks for them, and by nobody else; they count as
// quotes nowhere, and survive a merge of parts.
func TestWeak(t *testing.T) {
	m := newMemory()
	x := open(t, m, func(o *Options) { o.Engine, o.MaxParts = guesses{sayings{"1"}}, 2 })
	for _, day := range []string{"2031-01-01", "2031-01-02", "2031-01-03", "2031-01-04"} {
		a := article("shared", "Tide "+day, "The Harbour Post", day, "“The tide is late,” said Orla Finnegan.", "Otto Grum wants a taller pier by "+day+".")
		if err := x.Add(t.Context(), m.put(a), nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		name  string
		q     index.Query
		total int
	}{
		{"asked for", index.Query{Text: "taller pier", Kinds: []index.PassageKind{index.KindWeak}}, 4},
		{"asked for by their speaker", index.Query{Speaker: "Otto Grum", Kinds: []index.PassageKind{index.KindWeak}}, 4},
		{"by words, of any kind", index.Query{Text: "taller pier"}, 4}, // the paragraphs
		{"by their speaker, of any kind", index.Query{Speaker: "Otto Grum"}, 0},
	} {
		res, err := x.Search(t.Context(), tc.q)
		if err != nil {
			t.Fatal(err)
		}
		if res.Total != tc.total {
			t.Errorf("%s: %d found, want %d", tc.name, res.Total, tc.total)
		}
		for _, h := range res.Hits {
			weak := slices.Contains(tc.q.Kinds, index.KindWeak)
			if (h.Kind == index.KindWeak) != weak || weak && (h.Speaker == nil || h.Speaker.Name != "Otto Grum" || !strings.HasPrefix(h.Text, "Otto Grum wants")) {
				t.Errorf("%s: found %+v", tc.name, h.Passage)
			}
		}
	}
	if got := x.Stats().Quotes; got != 4 {
		t.Errorf("%d quotes, want 4", got)
	}
	if got := x.Totals(nil); got.Quotes != 4 || got.Speakers != 1 {
		t.Errorf("the scope holds %+v, want 4 quotes of 1 speaker", got)
	}
}
