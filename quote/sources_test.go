package quote

import (
	"strings"
	"testing"
)

// TestWholeSource shows that a source which begins at a preposition gets the
// noun back that it belongs to, and others stay.
func TestWholeSource(t *testing.T) {
	english := newEngine(t).packs[modelLanguage]
	text := "An aide to Orla Pennyfeather said the bridge leaked."
	a := analyse(&Document{Text: text, Language: "en"}, english)
	at := func(words string) []Span {
		i := strings.Index(text, words)
		return []Span{{i, i + len(words)}}
	}
	for given, want := range map[string]string{
		"to Orla Pennyfeather": "An aide to Orla Pennyfeather",
		"Orla Pennyfeather":    "Orla Pennyfeather",
		"An aide":              "An aide",
	} {
		x := attribution{source: at(given), cue: at("said"), content: at("the bridge leaked")}
		a.wholeSource(&x)
		if got := a.join(x.source); got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}
