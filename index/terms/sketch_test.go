package terms

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A print that lost its last quarter has some of the whole one's sketch nearly
// always, and another text none of it.
func TestSketch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		words := make([]string, n)
		for i := range words {
			words[i] = strings.Repeat(string(rune('a'+rng.IntN(26))), 1+rng.IntN(20))
		}
		return strings.Join(words, " ")
	}
	var an Analyzer
	sketch := func(s string) []string { return slices.Clone(Sketch(an.Analyze(s))) }
	shares := func(a, b []string) bool {
		return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
	}
	missed := 0
	for range 1000 {
		whole, other := text(24), text(24)
		trimmed := strings.Join(strings.Fields(whole)[:18], " ")
		if !shares(sketch(whole), sketch("“"+strings.ToUpper(trimmed)+",”")) {
			missed++
		}
		if shares(sketch(whole), sketch(other)) {
			t.Fatalf("%q is like %q", whole, other)
		}
	}
	if missed > 15 {
		t.Errorf("of 1000 trimmed prints %d are not recognised", missed)
	}
	if got := sketch("Not at all"); len(got) != 0 {
		t.Errorf("three words have the sketch %q", got)
	}
}
