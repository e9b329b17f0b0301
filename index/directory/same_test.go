package directory

import (
	"testing"

	"github.com/whosaid/whosaid/quote"
)

// TestSame tells whom a rule about a name is about: somebody too few is better
// than somebody else.
func TestSame(t *testing.T) {
	for _, tc := range []struct {
		name, speaker string
		typ           quote.SpeakerType
		want          bool
	}{
		{"Emil Tarkov", "EMIL TARKOV", quote.TypePerson, true},
		{"Emil J. Tarkov", "Emil Tarkov", quote.TypePerson, true},
		{"Émil Tarkov", "Mr. Emil Tarkov", quote.TypePerson, true},
		{"Georg A. Wint", "Georg B. Wint", quote.TypePerson, false},
		{"Tarkov", "Emil Tarkov", quote.TypePerson, false},
		{"Emil Tarkov", "Tarkov", quote.TypePerson, false},
		{"Tarkov", "Tarkov", quote.TypePerson, true},
		{"Emil Tarkov", "Lena Tarkov", quote.TypePerson, false},
		{"Emil Tarkov Jr.", "Emil Tarkov", quote.TypePerson, false},
		{"Harbour Watch", "the Harbour Watch", quote.TypeOrg, true},
		{"Watch", "Harbour Watch", quote.TypeOrg, false},
		{"", "Emil Tarkov", quote.TypePerson, false},
	} {
		if got := Same(tc.name, &quote.Speaker{Name: tc.speaker, Type: tc.typ}); got != tc.want {
			t.Errorf("Same(%q, %q) = %t", tc.name, tc.speaker, got)
		}
	}
	if Same("x", nil) {
		t.Error("nobody is somebody")
	}
}
