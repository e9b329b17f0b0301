package sample_test

import (
	"bytes"
	"encoding/json"
	"html"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/whosaid/whosaid/sample"
)

// text is what a reader of the format would see of an embedded article: the
// text of one piece of a JSON lines file, decoded entities in HTML.
func text(t *testing.T, file, title string) string {
	t.Helper()
	b, err := fs.ReadFile(sample.Files(), file)
	if err != nil {
		t.Fatalf("the gold names an article that is not there: %v", err)
	}
	switch path.Ext(file) {
	case ".html":
		return html.UnescapeString(string(b))
	case ".jsonl":
		for line := range bytes.Lines(b) {
			var a struct{ Title, Text string }
			if err := json.Unmarshal(line, &a); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if a.Title == title {
				return a.Text
			}
		}
		t.Fatalf("%s holds no article with the title %q", file, title)
	}
	return string(b)
}

func TestGoldStandsInTheArticles(t *testing.T) {
	kinds := []string{"direct", "mixed"}
	for _, g := range sample.Gold() {
		if len(g.Parts) == 0 || g.Speaker == "" || !slices.Contains(kinds, g.Kind) {
			t.Errorf("%s: incomplete: %+v", g.File, g)
		}
		rest := text(t, g.File, g.Title)
		for _, part := range g.Parts {
			_, after, ok := strings.Cut(rest, part)
			if !ok {
				t.Errorf("%s: not in the article, or not in this order: %s", g.File, part)
			}
			rest = after
		}
	}
}

func TestGoldSpeakersAreNamedInTheArticle(t *testing.T) {
	for _, g := range sample.Gold() {
		if g.Type != "person" && g.Type != "org" {
			continue
		}
		if !strings.Contains(text(t, g.File, g.Title), g.Speaker) {
			t.Errorf("%s never names %s in full", g.File, g.Speaker)
		}
	}
}

func TestEveryEnglishArticleHasGold(t *testing.T) {
	withGold := map[string]bool{}
	for _, g := range sample.Gold() {
		withGold[g.File] = true
	}
	other := []string{"de-", "es-", "fr-", "uk-"}
	for _, name := range names(t) {
		english := !slices.ContainsFunc(other, func(p string) bool { return strings.HasPrefix(name, p) })
		if english != withGold[name] {
			t.Errorf("%s: english %v, has gold %v", name, english, withGold[name])
		}
	}
}

func TestArticlesAreCleanUTF8(t *testing.T) {
	for _, name := range names(t) {
		b, err := fs.ReadFile(sample.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(b) || bytes.ContainsRune(b, '\r') || !bytes.HasSuffix(b, []byte("\n")) {
			t.Errorf("%s: want UTF-8 with plain line ends, the last one closed", name)
		}
	}
}

func TestQuestionsPointAtArticles(t *testing.T) {
	if n := len(sample.Questions()); n < 8 || n > 10 {
		t.Errorf("%d questions, want 8 to 10", n)
	}
	speakers := map[string]bool{}
	for _, g := range sample.Gold() {
		speakers[g.File+" "+g.Speaker] = true
	}
	seen := map[string]bool{}
	for _, q := range sample.ExpectedAnswers() {
		seen[q.Type] = true
		if (q.Type == "verify") != (q.Verdict != "") {
			t.Errorf("%q: type %s with verdict %q", q.Question, q.Type, q.Verdict)
		}
		if q.Type != "unanswerable" && !speakers[q.File+" "+q.Speaker] {
			t.Errorf("%q: the gold of %s has no quote of %s", q.Question, q.File, q.Speaker)
		}
	}
	for _, typ := range []string{"who", "what", "when", "verify", "unanswerable"} {
		if !seen[typ] {
			t.Errorf("no question of type %s", typ)
		}
	}
}

// names lists the articles' files.
func names(t *testing.T) []string {
	t.Helper()
	entries, err := fs.ReadDir(sample.Files(), ".")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
