package quote

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenQuote is a quote as the golden files show it: words instead of offsets.
type goldenQuote struct {
	Kind      Kind     `json:"kind"`
	Content   []string `json:"content"`
	Cue       []string `json:"cue,omitempty"`
	Source    []string `json:"source,omitempty"`
	Speaker   *Speaker `json:"speaker"`
	Paragraph int      `json:"paragraph"`
}

// TestGolden reads the articles of testdata by the rules alone, which training
// anew doesn't change, and compares all that is found with the file beside each.
func TestGolden(t *testing.T) {
	e := rulesOnly(t)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no articles in testdata: ", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			text := string(data)
			words := func(spans []Span) []string {
				var out []string
				for _, s := range spans {
					out = append(out, text[s.Start:s.End])
				}
				return out
			}
			got := []goldenQuote{}
			for _, q := range extract(t, e, Document{Text: text, Language: "en"}) {
				got = append(got, goldenQuote{q.Kind, words(q.Content), words(q.Cue), words(q.Source), q.Speaker, q.Paragraph})
			}
			golden := strings.TrimSuffix(f, ".txt") + ".golden.json"
			if *update {
				out, err := json.MarshalIndent(got, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, append(out, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			data, err = os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			var want []goldenQuote
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("quotes (-want +got):\n%s", d)
			}
		})
	}
}
