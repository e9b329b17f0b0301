package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/quote"
)

func TestMarkedKeepsTheQuote(t *testing.T) {
	filler := strings.Repeat("The tide went out and came in. ", 60)
	said := answer.Answer{Kind: "direct", Quote: "“Nobody sails tonight”"}
	split := answer.Answer{Kind: "direct", Quote: "“Nobody” … “sails tonight”"}
	for name, tc := range map[string]struct {
		paragraph string
		answer    answer.Answer
		want      []string
	}{
		"alone":                 {"“Nobody sails tonight”", said, []string{"**“Nobody sails tonight”**"}},
		"between short words":   {"He said: “Nobody sails tonight” again.", said, []string{"He said: **“Nobody sails tonight”** again."}},
		"far into a paragraph":  {filler + "“Nobody sails tonight” he said. " + filler, said, []string{"…", "came in. **“Nobody sails tonight”** he said.", "…"}},
		"interrupted":           {"“Nobody” he said, “sails tonight”.", split, []string{"**“Nobody”** he said, **“sails tonight”**."}},
		"not in the paragraph":  {"Something *else*.", said, []string{`Something \*else\*.`}},
		"a paragraph as answer": {"“Nobody sails tonight”", answer.Answer{Kind: "paragraph", Quote: "“Nobody sails tonight”"}, []string{"“Nobody sails tonight”"}},
		"in another script":     {strings.Repeat("Вода прибула. ", 100) + "«Ніхто не йде» " + filler, answer.Answer{Kind: "direct", Quote: "«Ніхто не йде»"}, []string{"**«Ніхто не йде»**"}},
	} {
		t.Run(name, func(t *testing.T) {
			const limit = 400
			got := string(marked(tc.paragraph, tc.answer, limit))
			for rest := got; len(tc.want) > 0; tc.want = tc.want[1:] {
				_, after, found := strings.Cut(rest, tc.want[0])
				if !found {
					t.Fatalf("%q lacks %q", got, tc.want[0])
				}
				rest = after
			}
			if strings.Contains(got, "\ufffd") || units(got) > limit*5/4+8 {
				t.Errorf("cut badly, to %d units: %q", units(got), got)
			}
		})
	}
}

func TestDiffText(t *testing.T) {
	same := func(s string) answer.DiffPart { return answer.DiffPart{Op: answer.Same, Text: s} }
	added := func(s string) answer.DiffPart { return answer.DiffPart{Op: answer.Added, Text: s} }
	dropped := func(s string) answer.DiffPart { return answer.DiffPart{Op: answer.Dropped, Text: s} }
	for name, tc := range map[string]struct {
		diff []answer.DiffPart
		want Markdown
	}{
		"nothing at all":   {nil, ""},
		"nothing differs":  {[]answer.DiffPart{same("all the same")}, ""},
		"words changed":    {[]answer.DiffPart{same("we will "), dropped("not "), added("always "), same("sail")}, "we will ~~not~~ **always** sail"},
		"marks in words":   {[]answer.DiffPart{added("**"), dropped("~~")}, `**\*\*** ~~\~\~~~`},
		"white space only": {[]answer.DiffPart{added(" "), same("sail")}, ""},
		"too long":         {[]answer.DiffPart{added("a"), same(strings.Repeat("x", 90)), added("b")}, "**a** " + Markdown(strings.Repeat("x", 49)) + "… **b**"},
		"far too long":     {[]answer.DiffPart{added("a"), same(strings.Repeat("x", 90)), same(strings.Repeat("y", 90)), added("b")}, "**a** " + Markdown(strings.Repeat("x", 49)) + "… …"},
	} {
		if got := diffText(tc.diff, 100); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

// A sentence that somebody may be the source of is never shown as a quote, in any language.
func TestWeakAnswersSayThatTheyAre(t *testing.T) {
	perhaps := halden()
	perhaps.Kind = "weak"
	for language, want := range map[string]string{"en": "may have said", "de": "vielleicht gesagt", "fr": "peut-être dit", "es-ES": "quizá lo dijo", "uk": "можливо"} {
		if got := sourceLine(speaks([]string{language}), perhaps); !strings.Contains(got, want) {
			t.Errorf("%s: %q does not say %q", language, got, want)
		}
	}
	if got := sourceLine(speaks([]string{"en"}), halden()); strings.Contains(got, "may have") {
		t.Errorf("a quote is shown as doubtful: %q", got)
	}
}

func TestSpeakerLine(t *testing.T) {
	for want, tc := range map[Markdown]struct {
		speaker *quote.Speaker
		kind    string
	}{
		"**Mira Halden** · harbour master": {&quote.Speaker{Name: "Mira Halden", Role: "harbour master"}, "direct"},
		"**Mira Halden**":                  {&quote.Speaker{Name: "Mira Halden"}, "direct"},
		"**a senior official**":            {&quote.Speaker{Name: "a senior official", Role: "A senior official"}, "indirect"},
		"**Speaker unknown**":              {nil, "direct"},
		"**From the article**":             {nil, "paragraph"},
	} {
		if got := speakerLine(speaks(nil), tc.speaker, tc.kind); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestWords(t *testing.T) {
	in := speaks(nil)
	for got, want := range map[string]string{
		string(in.count(0)):                     "0",
		string(in.count(999)):                   "999",
		string(in.count(-1234567)):              "-1,234,567",
		in.size(1):                              "1 byte",
		in.size(512):                            "512 bytes",
		in.size(1_500):                          "1.5 kB",
		in.size(2_340_000_000):                  "2.3 GB",
		string(in.span(300 * time.Millisecond)): "1 second",
		string(in.span(90 * time.Second)):       "90 seconds",
		string(in.span(61 * time.Minute)):       "61 minutes",
		string(in.span(5 * time.Hour)):          "5 hours",
		in.day("2024-05-03"):                    "3 May 2024",
		in.day("yesterday"):                     "",
		string(in.say("no.key", "no", "holes")): "no.key",
		string(fill[Markdown]("{a} {b}", []Markdown{"a", "{b}", "b", "c"})): "{b} c",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
