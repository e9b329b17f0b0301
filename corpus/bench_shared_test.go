package corpus

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/whosaid/whosaid/quote"
)

// sharedFile opens a file of the benchmark data beside the repository; the
// test is skipped where there is none.
func sharedFile(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", filepath.FromSlash(name)))
	if err != nil {
		if os.Getenv("WHOSAID_REQUIRE_SHARED") == "1" {
			t.Fatalf("WHOSAID_REQUIRE_SHARED=1, but the benchmark data are missing: %v", err)
		}
		t.Skipf("the benchmark data are not beside the repository: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

type goldArticle struct {
	Article, Title, Author, Publisher, Text string
	Attributions                            []struct {
		Kind    quote.Kind
		Content [][2]int
	}
}

// What people marked as quoted speech must lie in what the engine is given to read.
func TestNoGoldQuoteOutsideTheBody(t *testing.T) {
	s := bufio.NewScanner(sharedFile(t, "quotebench/train.jsonl"))
	s.Buffer(nil, 1<<24)
	lost, all, titles, wrong, articles := map[quote.Kind]int{}, map[quote.Kind]int{}, 0, 0, 0
	for s.Scan() {
		var g goldArticle
		if err := json.Unmarshal(s.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
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
		for _, p := range a.Paragraphs {
			if p.Kind != Body && p.Kind != Heading {

			}
		}
		offsets := byteOffsets(g.Text)
		for _, at := range g.Attributions {
			if len(at.Content) == 0 {
				continue
			}
			all[at.Kind]++
			p, ok := a.ParagraphAt(offsets[at.Content[0][0]])
			if !ok || p.Kind != Body && p.Kind != Heading {
				lost[at.Kind]++
			}
		}
	}
	t.Logf("lost %v of %v; titles: %d right, %d wrong of %d", lost, all, titles, wrong, articles)
	if lost[quote.Direct]+lost[quote.Mixed] > 3 {
		t.Errorf("direct and mixed quotes outside the body: %v of %v", lost, all)
	}
}

// byteOffsets maps code points to bytes.
func byteOffsets(s string) []int {
	out := make([]int, 0, utf8.RuneCountInString(s)+1)
	for i := range s {
		out = append(out, i)
	}
	return append(out, len(s))
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
	a := mustRead(t, Input{Name: "article.txt", Data: sharedFile(t, "seed/article.txt")})
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
