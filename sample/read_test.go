package sample_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/sample"
)

// readAll has the corpus's readers read the sample, by file.
func readAll(t *testing.T) map[string][]*corpus.Article {
	t.Helper()
	out := map[string][]*corpus.Article{}
	for _, name := range names(t) {
		b, err := fs.ReadFile(sample.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		for a, err := range corpus.Read(t.Context(), corpus.Input{Name: name, Data: bytes.NewReader(b)}) {
			if err != nil {
				t.Fatal(err)
			}
			out[name] = append(out[name], a)
		}
	}
	return out
}

// body is the text that the engine gets to see of an article.
func body(a *corpus.Article) string {
	var s strings.Builder
	for _, p := range a.Document().Paragraphs {
		s.WriteString(a.Text[p.Start:p.End] + "\n")
	}
	return s.String()
}

func TestTheReadersKeepEveryGoldQuote(t *testing.T) {
	articles := readAll(t)
	for _, g := range sample.Gold() {
		found := false
		for _, a := range articles[g.File] {
			if g.Title != "" && a.Title != g.Title {
				continue
			}
			rest, ok := body(a), true
			for _, part := range g.Parts {
				_, rest, ok = strings.Cut(rest, part)
				if !ok {
					t.Errorf("%s: not in the body: %s", g.File, part)
					break
				}
			}
			found = true
		}
		if !found {
			t.Errorf("%s: no article with the title %q", g.File, g.Title)
		}
	}
}

func TestTheReadersLeaveTheSurroundingsOut(t *testing.T) {
	articles := readAll(t)
	for file, lines := range map[string][]string{
		"bridge-closed.txt":        {"contributed reporting", "appeared first on"},
		"bridge-inquiry.txt":       {"By Owen Pettifane", "covers transport", "appeared first on"},
		"ferry-strike.txt":         {"By DELIA MARCHWOOD", "contributed reporting"},
		"river-cleanup.txt":        {"By Hanne", "is a reporter for"},
		"ferry-letter.html":        {"Editor:"},
		"lighthouse-result.html":   {"the price of a herring", "Puffin census", "News before the tide"},
		"lighthouse-referendum.md": {"url:", "has lived on Skarn since"},
		"observatory-interview.md": {"language:"},
		"observatory-comet.txt":    {"By Delia Marchwood", "appeared first on"},
		"chess-final.txt":          {"appeared first on"},
		"bridge-wire.txt":          {"appeared first on"},
		"briefs.jsonl":             {"https://"},
	} {
		for _, a := range articles[file] {
			for _, line := range lines {
				if strings.Contains(body(a), line) {
					t.Errorf("%s: %q is in the body", file, line)
				}
			}
		}
	}
}

func TestTheReadersTellWhatIsKnown(t *testing.T) {
	articles := readAll(t)
	tests := []struct {
		file, title, publisher, author, date, language, url string // author "": not asked
	}{
		{"bridge-closed.txt", "Harbour Bridge shut for a year after cracks are found", "The Merrin Courier", "", "", "en", ""},
		{"bridge-inquiry.txt", "Inquiry hears of letters that nobody opened", "The Halvern Post", "Owen Pettifane", "", "en", ""},
		{"lighthouse-referendum.md", "Skarn votes on whether to keep its light", "The Skarn Gazette", "Sunniva Hallorane", "2025-05-09", "en", "https://gazette.example/skarn-votes-on-its-light"},
		{"lighthouse-result.html", "By nineteen votes, Skarn keeps its light", "The Skarn Gazette", "Sunniva Hallorane", "2025-05-12", "en", "https://gazette.example/skarn-keeps-its-light"},
		{"ferry-letter.html", "A letter to our passengers, and what they made of it", "The Merrin Courier", "Owen Pettifane", "2025-06-16", "en", "https://courier.example/ferry-letter"},
		{"briefs.jsonl", "Puffin census: a very good year", "The Skarn Gazette", "Sunniva Hallorane", "2025-05-28", "en", "https://gazette.example/puffins"},
		{"de-faehrstreik.txt", "Die Fähren stehen still, und Dornau wartet auf seinen Käse", "", "", "", "de", ""},
		{"fr-phare.txt", "À Valbruine, on envie le phare des autres", "", "", "", "fr", ""},
		{"es-rio.txt", "El río devuelve un piano y Montaluz toma nota", "", "", "", "es", ""},
		{"uk-mist.txt", "У Чорнолуках згадали, як це — жити без мосту", "", "", "", "uk", ""},
	}
	for _, want := range tests {
		a := articles[want.file][0]
		got := want
		got.title, got.publisher = a.Title, a.Publisher
		if want.author != "" {
			got.author = strings.Join(a.Authors, ", ")
		}
		got.date, got.language, got.url = a.Date, a.Language, a.URL
		if got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", want.file, got, want)
		}
	}
}
