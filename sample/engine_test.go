package sample_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
	"github.com/whosaid/whosaid/sample"
)

// The least that the engine has to reach on the sample, in percent of the gold
// quotes: found with all their parts in one quote, and, of those found that a
// person or an organisation said, ascribed to the right one by its full name.
// Raise them when the engine has earned it.
const (
	leastFound = 97
	leastRight = 97
)

func TestTheEngineReadsTheSample(t *testing.T) {
	engine, err := quote.New()
	if err != nil {
		t.Fatal(err)
	}
	quotes := map[*corpus.Article][]quote.Quote{}
	articles := readAll(t)
	for _, as := range articles {
		for _, a := range as {
			if quotes[a], err = engine.Extract(t.Context(), a.Document()); err != nil {
				t.Fatal(err)
			}
		}
	}
	var found, named, right int
	for _, g := range sample.Gold() {
		of := articles[g.File]
		i := slices.IndexFunc(of, func(a *corpus.Article) bool { return g.Title == "" || a.Title == g.Title })
		if i < 0 {
			t.Fatalf("%s: no article with the title %q", g.File, g.Title)
		}
		q := covering(quotes[of[i]], g)
		if q == nil {
			t.Logf("%s: not found: %s", g.File, g.Parts)
			continue
		}
		found++
		if g.Type != "person" && g.Type != "org" {
			continue
		}
		named++
		if q.Speaker != nil && q.Speaker.Name == g.Speaker {
			right++
		} else {
			t.Logf("%s: %s said %s, not %+v", g.File, g.Speaker, g.Parts, q.Speaker)
		}
	}
	check := func(what string, n, of, least int) {
		t.Logf("%s: %d of %d", what, n, of)
		if 100*n < least*of {
			t.Errorf("%s: %d of %d is less than %d%%", what, n, of, least)
		}
	}
	check("found", found, len(sample.Gold()), leastFound)
	check("right speaker", right, named, leastRight)
}

// covering is the quote that holds every part of g, or nil. Quotation marks
// and commas at the ends of a part are left to taste.
func covering(quotes []quote.Quote, g sample.GoldQuote) *quote.Quote {
	i := slices.IndexFunc(quotes, func(q quote.Quote) bool {
		return !slices.ContainsFunc(g.Parts, func(part string) bool {
			return !strings.Contains(q.Text, strings.Trim(part, "“”\"'`‘’ ,"))
		})
	})
	if i < 0 {
		return nil
	}
	return &quotes[i]
}
