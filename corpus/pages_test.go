package corpus

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// goldPage is a line of testdata/pages/gold.jsonl: a page of an invented site, and what is
// right about it.
type goldPage struct {
	File, Kind, Title, Date string
	Authors                 []string
	Body                    []string // each stands in the article
	Other                   []string // none does
}

func goldPages(t testing.TB) []goldPage {
	t.Helper()
	b, err := os.ReadFile("testdata/pages/gold.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []goldPage
	for d := json.NewDecoder(bytes.NewReader(b)); d.More(); {
		var g goldPage
		if err := d.Decode(&g); err != nil {
			t.Fatal(err)
		}
		all = append(all, g)
	}
	return all
}

// What the reader gets wrong of the pages; docs/formats.md sets it beside what libraries do.
var wrongOnPages = []string{
	"forum.html: date ", // each post has its own
	"forum.html: body",  // the reader takes one post for the article
	"divs.html: authors ",
	"old.html: title The Selm Gazette: Lighthouse goes dark",
	"old.html: date ",
	"old.html: authors ",
	"old.html: more than the body",
	"sport.html: more than the body",
}

// The pages of different kinds of sites are read right, but for what is listed.
func TestPagesOfManyKinds(t *testing.T) {
	var wrong []string
	for _, g := range goldPages(t) {
		f, err := os.Open(filepath.Join("testdata", "pages", g.File))
		if err != nil {
			t.Fatal(err)
		}
		a := mustRead(t, Input{Name: g.File, Data: f})
		f.Close()
		var body strings.Builder
		for _, p := range a.Body() {
			body.WriteString(a.Text[p.Span.Start:p.Span.End] + "\n")
		}
		for _, c := range []struct {
			what  string
			right bool
		}{
			{"title " + a.Title, a.Title == g.Title},
			{"date " + a.Date, a.Date == g.Date},
			{"authors " + strings.Join(a.Authors, ", "), slices.Equal(a.Authors, g.Authors)},
			{"body", !slices.ContainsFunc(g.Body, func(s string) bool { return !strings.Contains(body.String(), s) })},
			{"more than the body", !slices.ContainsFunc(g.Other, func(s string) bool { return strings.Contains(body.String(), s) })},
		} {
			if !c.right {
				wrong = append(wrong, g.File+": "+c.what)
			}
		}
	}
	if diff := cmp.Diff(wrongOnPages, wrong); diff != "" {
		t.Errorf("(-listed +wrong):\n%s", diff)
	}
}
