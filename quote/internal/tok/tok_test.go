package tok

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func words(text string, toks []Token) string {
	var w []string
	for _, t := range toks {
		w = append(w, text[t.Start:t.End])
	}
	return strings.Join(w, " ")
}

func TestTokenize(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"contractions", "I don't think it’s Ada's; they can't.", "I do n't think it ’s Ada 's ; they ca n't ."},
		{"fused words", "She cannot, they're gonna.", "She can not , they 're gon na ."},
		{"plural possessive", "the voters' choice", "the voters ' choice"},
		{"curly quotes", "“We won,” he said.", "“ We won , ” he said ."},
		{"typewriter quotes", `''We won,'' he said. "Yes."`, `'' We won , '' he said . " Yes . "`},
		{"quotes in quotes", "“He said ‘no.’”", "“ He said ‘ no . ’ ”"},
		{"guillemets", "« Oui », dit-elle. »Ja«, „Nein“", "« Oui » , dit-elle . » Ja « , „ Nein “"},
		{"initials and titles", "Mr. J. R. Oak met Sen. Elm (R-Fla.).", "Mr. J. R. Oak met Sen. Elm ( R-Fla. ) ."},
		{"acronyms", "The U.S. office at 5 p.m. today", "The U.S. office at 5 p.m. today"},
		{"ellipses and dashes", "Well ... no — never--ever . . . so…", "Well ... no — never -- ever . . . so …"},
		{"numbers", "$1,200.50, 3.2% on 9/11 at 11:30, a 30-year-old", "$ 1,200.50 , 3.2 % on 9/11 at 11:30 , a 30-year-old"},
		{"years", "the '80s and ’16", "the '80s and ’16"},
		{"web", "See http://example.org/a?b=c. Mail ada@example.org, @ada #Vote", "See http://example.org/a?b=c . Mail ada@example.org , @ada #Vote"},
		{"markup", "a <tweet id=\"1\"> b < c", "a <tweet id=\"1\"> b < c"},
		{"missing space", "It ended.The next day", "It ended . The next day"},
		{"ukrainian", "«Ми переможемо», — сказав м'який пан Т. Береза.", "« Ми переможемо » , — сказав м'який пан Т. Береза ."},
		{"german", "„Das ist gut“, sagte Dr. Müller-Lüdenscheidt.", "„ Das ist gut “ , sagte Dr. Müller-Lüdenscheidt ."},
		{"french", "L'homme qu’elle aime, j'ai dit à M. O'Malley", "L' homme qu’ elle aime , j' ai dit à M. O'Malley"},
		{"nothing", " \n\u00a0\u200b", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := words(c.text, Tokenize(c.text, 0, len(c.text)))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTokenizeKeepsToItsRange(t *testing.T) {
	text := "One two. Three don't four"
	got := words(text, Tokenize(text, 4, 18))
	if want := "two . Three don"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"plain", "It rained. We left.", []string{"It rained .", "We left ."}},
		{"abbreviations", "Mr. Oak left the U.S. in Jan. 2016. He is Sen. Elm's ally.", []string{"Mr. Oak left the U.S. in Jan. 2016 .", "He is Sen. Elm 's ally ."}},
		{"abbreviation at the end", "It closed at 5 p.m. The next day it opened.", []string{"It closed at 5 p.m.", "The next day it opened ."}},
		{"closing mark", "“It rained.” “We left.” He said so.", []string{"“ It rained . ”", "“ We left . ”", "He said so ."}},
		{"typewriter marks", `"It rained." "We left."`, []string{`" It rained . "`, `" We left . "`}},
		{"opening mark not stolen", "It rained. ''We left.''", []string{"It rained .", "'' We left . ''"}},
		{"question goes on", "“Why?” she asked. “Who? Me?”", []string{"“ Why ? ” she asked .", "“ Who ?", "Me ? ”"}},
		{"ellipsis", "We … The end. So ... Yes.", []string{"We … The end .", "So ... Yes ."}},
		{"bracket", "(It rained.) We left.", []string{"( It rained . )", "We left ."}},
		{"no end", "NO END HERE", []string{"NO END HERE"}},
		{"guillemets", "« Il pleut. » Elle part.", []string{"« Il pleut . »", "Elle part ."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			toks := Tokenize(c.text, 0, len(c.text))
			var got []string
			for _, r := range Sentences(c.text, toks) {
				got = append(got, words(c.text, toks[r.Start:r.End]))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzTokenize(f *testing.F) {
	for _, s := range []string{"“We don't,” he said.", "''", "a.b.c. d", "<a b", "l'«x»", "\xff\xfe.", ". . .", "www.", "n't 't"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		toks := Tokenize(text, 0, len(text))
		at := 0
		for _, tk := range toks {
			if tk.Start < at || tk.End <= tk.Start || tk.End > len(text) {
				t.Fatalf("token %v after byte %d of %d", tk, at, len(text))
			}
			if utf8.ValidString(text) {
				for _, r := range text[at:tk.Start] {
					if !isSpace(r) {
						t.Fatalf("%q lost before %v", r, tk)
					}
				}
			}
			at = tk.End
		}
		next := 0
		for _, r := range Sentences(text, toks) {
			if r.Start != next || r.End <= r.Start {
				t.Fatalf("sentence %v after token %d", r, next)
			}
			next = r.End
		}
		if next != len(toks) {
			t.Fatalf("%d of %d tokens in sentences", next, len(toks))
		}
	})
}

// TestLinear feeds a megabyte of each odd text; quadratic work would take minutes.
func TestLinear(t *testing.T) {
	for _, unit := range []string{"\"", "''", "a", "a.", ".", "<a ", "[", "a-", "«", "a'", "1,", "http://", "? "} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		begin := time.Now()
		Sentences(text, Tokenize(text, 0, len(text)))
		if d := time.Since(begin); d > 5*time.Second {
			t.Errorf("%q: %v", unit, d)
		}
	}
}

func BenchmarkTokenize(b *testing.B) {
	text := strings.Repeat("“We don't know what Mr. Oak's U.S. office plans,” the 43-year-old said on Friday. ", 60)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Sentences(text, Tokenize(text, 0, len(text)))
	}
}
