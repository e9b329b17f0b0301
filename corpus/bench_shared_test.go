package corpus

import (
	"os"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/internal/shared"
	"github.com/whosaid/whosaid/quote"
)

// What people marked as quoted speech must lie in what the engine is given to read.
func TestNoGoldQuoteOutsideTheBody(t *testing.T) {
	lost, all, titles, wrong, articles := map[quote.Kind]int{}, map[quote.Kind]int{}, 0, 0, 0
	for _, g := range shared.Lines[shared.Article](t, "quotebench/train.jsonl") {
		a := mustRead(t, Input{Name: g.Article + ".txt", Data: strings.NewReader(g.Text)})
		if a.Text != g.Text {
			t.Fatalf("%s: the text is not the input", g.Article)
		}
		articles++
		switch foldText(a.Title) {
		case foldText(g.Title):
			titles++
		case "":
		default:
			wrong++
			t.Logf("title %q, gold %q", a.Title, g.Title)
		}
		for _, at := range g.Attributions {
			if len(at.Content) == 0 {
				continue
			}
			kind := quote.Kind(at.Kind)
			all[kind]++
			p, ok := a.ParagraphAt(shared.Bytes(g.Text, at.Content[:1])[0][0])
			if !ok || p.Kind != Body && p.Kind != Heading {
				lost[kind]++
			}
		}
	}
	t.Logf("lost %v of %v; titles: %d right, %d wrong of %d", lost, all, titles, wrong, articles)
	if lost[quote.Direct]+lost[quote.Mixed] > 3 {
		t.Errorf("direct and mixed quotes outside the body: %v of %v", lost, all)
	}
}

func mustRead(t testing.TB, in Input) *Article {
	t.Helper()
	var got *Article
	for a, err := range Read(t.Context(), in) {
		if err != nil {
			t.Fatalf("%s: %v", in.Name, err)
		}
		if got != nil {
			t.Fatalf("%s: more than one article", in.Name)
		}
		got = a
	}
	if got == nil {
		t.Fatalf("%s: no article", in.Name)
	}
	return got
}

func TestSeedArticle(t *testing.T) {
	f, err := os.Open(shared.File(t, "seed/article.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a := mustRead(t, Input{Name: "article.txt", Data: f})
	if a.Title == "" || a.Publisher == "" || len(a.Authors) != 1 || a.Language != "en" {
		t.Errorf("title %q, publisher %q, authors %q, language %q", a.Title, a.Publisher, a.Authors, a.Language)
	}
	n := len(a.Paragraphs)
	for i, want := range []ParagraphKind{Body, Byline, Bio, Furniture} {
		if got := a.Paragraphs[n-4+i].Kind; got != want {
			t.Errorf("paragraph %d is %s, want %s", n-4+i+1, got, want)
		}
	}
	if body := len(a.Body()); body != n-3 {
		t.Errorf("%d of %d paragraphs are read for quotes", body, n)
	}
}
