package answer

import (
	"slices"
	"testing"

	"github.com/whosaid/whosaid/answer/internal/meaning"
	"github.com/whosaid/whosaid/index"
)

// A passage meets the terms alike whether its words are taken from its context
// or read by themselves.
func TestMeetsIsWhatReadingGives(t *testing.T) {
	m := (&Service{lexemes: newLexemes()}).newMatcher()
	var terms []term
	for _, w := range []string{"ferry", "late", "bridge"} {
		terms = append(terms, term{norm: w, stem: m.stems.stem(w), id: meaning.Lookup(w), weight: 1})
	}
	m.ask(terms, "ferry late bridge", "who said the ferry is late at the bridge")
	const context = "The bridge is shut. “The ferries aren't late,” said Orla Finnegan's aide, who left lately."
	for _, text := range []string{
		"“The ferries aren't late,”",
		"said Orla Finnegan",     // ends within a word as the context has it
		"e ferries",              // begins within one
		"who left late",          // neither "late" nor "lately" of the context is it
		"The bridge … ferries",   // in two pieces
		"nowhere in the context", // and in none
		context,
	} {
		got := slices.Clone(m.meets(index.Passage{Text: text, Context: context}, m.read(context)))
		if want := m.read(text).best; !slices.Equal(got, want) {
			t.Errorf("%q meets %v, read by itself %v", text, got, want)
		}
	}
}
