package terms

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAnalyze(t *testing.T) {
	tests := []struct {
		name, text string
		want       string // stems, stop words as folded words in brackets
	}{
		{"case and endings", "Rigging the ELECTIONS", "rig [the] elect"},
		{"accents", "Émile’s café in Łódź", "emil cafe [in] lodz"},
		{"possessives and contractions", "the mayor's don't isn’t", "[the] mayor dont isnt"},
		{"elision", "l'économie d’accord", "l economi d accord"},
		{"Irish names", "O’Hara O'Hara", "ohara ohara"},
		{"abbreviations", "the U.S. Army and U.N.", "[the] us armi [and] un"},
		{"a sentence after an initial", "Plan B. So he left", "plan b [so] [he] left"},
		{"numbers", "1,000 boats, 1.5 percent, 3,14", "1000 boat 1.5 percent 3 14"},
		{"hyphens and dashes", "well-kept—really", "well kept realli"},
		{"Cyrillic", "Мосты и мостами", "мост и мост"},
		{"Japanese, sign by sign", "東京です", "東 京 で す"},
		{"soft hyphens", "har\u00adbour", "harbour"},
		{"combining accents", "cafe\u0301", "cafe"},
		{"nothing", " \u0301…!", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var a Analyzer
			var got []string
			for _, term := range a.Analyze(tt.text) {
				if term.Stop() {
					got = append(got, "["+term.Folded+"]")
				} else {
					got = append(got, term.Stem)
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestKey(t *testing.T) {
	for in, want := range map[string]string{
		"Émile  O’Hara": "emile ohara", "THE HARBOUR POST": "the harbour post", "J.K. Wren": "jk wren", "": "",
	} {
		if got := Key(in); got != want {
			t.Errorf("Key(%q) is %q, want %q", in, got, want)
		}
	}
}

// Terms lie in the text in order, and a key's key is itself.
func TestAnalyzeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkTerms(t, rapid.String().Draw(t, "text")) })
}

func FuzzAnalyze(f *testing.F) {
	f.Add("“It’s 1,000.5 km,” said J.K. O’Hara — l’été, 東京")
	f.Add("a.b.c.\xff\xfe'''s")
	f.Fuzz(func(t *testing.T, text string) { checkTerms(t, text) })
}

func checkTerms(t interface{ Fatalf(string, ...any) }, text string) {
	var a Analyzer
	at := 0
	for _, term := range a.Analyze(text) {
		if term.Start < at || term.End <= term.Start || term.End > len(text) {
			t.Fatalf("%q: term %+v after byte %d", text, term, at)
		}
		if term.Folded == "" || !utf8.ValidString(term.Folded) || !utf8.ValidString(term.Stem) {
			t.Fatalf("%q: term %+v", text, term)
		}
		at = term.End
	}
}

func BenchmarkAnalyze(b *testing.B) {
	text := strings.Repeat("“The cables of the old bridge are rusted through,” said Émile O’Hara, the city’s engineer. ", 50)
	var a Analyzer
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		a.Analyze(text)
	}
}
