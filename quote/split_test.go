package quote

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// spansIn finds the parts in a text, one after the other.
func spansIn(t *testing.T, text string, parts ...string) []Span {
	t.Helper()
	var out []Span
	for _, p := range parts {
		i := strings.Index(text, p)
		if i < 0 {
			t.Fatalf("%q is not in the text", p)
		}
		out = append(out, Span{Start: i, End: i + len(p)})
	}
	return out
}

// TestSplitAtCues shows which attributions are two.
func TestSplitAtCues(t *testing.T) {
	e := newEngine(t)
	for _, tt := range []struct{ name, text, want string }{
		{
			"a participle of saying leads to the second",
			"[“It leaks,”] Orla Pennyfeather {said}, adding later, [“Not for long.”]",
			"said: “It leaks,”; adding later,: “Not for long.”",
		}, {
			"and another to a third",
			"[“It leaks,”] Orla Pennyfeather {said}, adding, [“Not for long,”] and insisting: [“Stay off the planks.”]",
			"said: “It leaks,”; adding,: “Not for long,”; insisting:: “Stay off the planks.”",
		}, {
			"a participle of something else",
			"[“It leaks,”] Orla Pennyfeather {said}, pointing at it, [“and not for the first time.”]",
			"said: “It leaks,” … “and not for the first time.”",
		}, {
			"none",
			"[“It leaks,”] Orla Pennyfeather {said}, [“and not for the first time.”]",
			"said: “It leaks,” … “and not for the first time.”",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, content, cue := unmark(tt.text)
			a := analyse(&Document{Text: text}, e.packs["en"])
			var got []string
			for _, at := range a.splitAtCues([]attribution{{content: content, cue: cue}}) {
				got = append(got, strings.TrimSpace(a.join(at.cue))+": "+a.join(at.content))
			}
			if d := cmp.Diff(tt.want, strings.Join(got, "; ")); d != "" {
				t.Errorf("attributions (-want +got):\n%s", d)
			}
		})
	}
}

// TestSourcesOfParticiples shows whose a participle's words are, when its source was
// looked for too near or too far.
func TestSourcesOfParticiples(t *testing.T) {
	e := newEngine(t)
	front := "Praising the boatmen as “quiet heroes,” Orla Pennyfeather accused Nils Hathersage of sleep, though a review of the log shows that he was awake."
	behind := "Orla Pennyfeather told the meeting that she believes we must keep the bridge, saying that paint “still hides too much” of it."
	for _, tt := range []struct {
		name, text, cue, content, source, want string
		others                                 []string // the parts of another attribution: source, cue, content
	}{
		{"in front of its subject", front, "Praising", "the boatmen as “quiet heroes,”", "a review of the log", "Orla Pennyfeather", nil},
		{
			"behind a clause that somebody said", behind, "saying", "that paint “still hides too much” of it", "we", "Orla Pennyfeather",
			[]string{"Orla Pennyfeather", "told", "that she believes we must keep the bridge"},
		},
		{"with nobody else's words around", behind, "saying", "that paint “still hides too much” of it", "Orla Pennyfeather", "Orla Pennyfeather", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := analyse(&Document{Text: tt.text}, e.packs["en"])
			found := []attribution{{content: spansIn(t, tt.text, tt.content), cue: spansIn(t, tt.text, tt.cue), source: spansIn(t, tt.text, tt.source)}}
			if o := tt.others; o != nil {
				found = append(found, attribution{source: spansIn(t, tt.text, o[0]), cue: spansIn(t, tt.text, o[1]), content: spansIn(t, tt.text, o[2])})
			}
			a.sourcesOfParticiples(found)
			if got := a.join(found[0].source); got != tt.want {
				t.Errorf("source %q, want %q", got, tt.want)
			}
		})
	}
}
