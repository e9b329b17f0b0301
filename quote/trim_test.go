package quote

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTrim shows what is cut from a content that reaches too far: the spans are
// in square brackets, the cue in braces.
func TestTrim(t *testing.T) {
	e := newEngine(t)
	tests := []struct{ name, text, want string }{
		{
			"narration after a whole quotation",
			"[“It is over,”] she {said}, [and the rain set in].",
			"“It is over,”",
		}, {
			"what goes on in marks stays",
			"[“It is over,”] she {said}, [“and I am glad of it.”]",
			"“It is over,” | “and I am glad of it.”",
		}, {
			"words around a part in marks stay",
			"[The bridge], she {said}, [is “a plank over a ditch.”]",
			"The bridge | is “a plank over a ditch.”",
		}, {
			"a listener",
			"Orla Pennyfeather {told} [reporters, “It is over.”]",
			"“It is over.”",
		}, {
			"a frame and a gloss",
			"[The visit was meant to show that “the door is open,” in effect ending the strike], Orla Pennyfeather {said}.",
			"that “the door is open,”",
		}, {
			"an aside behind a name for it",
			"Orla Pennyfeather {called} [the plan a “disgrace” on Monday].",
			"the plan a “disgrace”",
		}, {
			"a comment behind the last mark",
			"Orla Pennyfeather {said} [that she would take it as an “insult” to the town, effectively ending the talks].",
			"that she would take it as an “insult” to the town",
		}, {
			"who is told, at some length",
			"Orla Pennyfeather {told} [one of the younger boatmen of the northern shore that the pier was “a ruin.”]",
			"that the pier was “a ruin.”",
		}, {
			"who is told, with a clause for a listener, stays",
			"Orla Pennyfeather {told} [how the boatmen knew that the pier was “a ruin.”]",
			"how the boatmen knew that the pier was “a ruin.”",
		}, {
			"a sentence that leads to the quotation with a colon",
			"[Walter Quillfeather had a doubt about the pier: “Nobody has looked at it,”] he {said}.",
			"“Nobody has looked at it,”",
		}, {
			"an explanation behind a dash",
			"Orla Pennyfeather {called} [the bridge a “plank” — a word that boatmen have for what is laid over a ditch].",
			"the bridge a “plank”",
		}, {
			"when it was said, behind the comma of the quotation",
			"Orla Pennyfeather {says}, [“Don't look down,” until the last plank is laid].",
			"“Don't look down,”",
		}, {
			"what it was said of, to the end of a sentence, between two quotations",
			"[“It leaks,”] she {said of} [the bridge that her brothers were to mend. “In my view, anyway.”]",
			"“It leaks,” | “In my view, anyway.”",
		}, {
			"what leads into a later quotation, with no sentence ended, stays",
			"[“It leaks,”] she {said}, [and the boatmen were “half asleep.”]",
			"“It leaks,” | and the boatmen were “half asleep.”",
		}, {
			"two dashes stay",
			"Orla Pennyfeather {said} [that the “plank” — the old bridge — would go].",
			"that the “plank” — the old bridge — would go",
		}, {
			"an explanation with which",
			"Orla Pennyfeather {praised} [the “open harbour,” which lets boats in at night].",
			"the “open harbour,”",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, content, cue := unmark(tt.text)
			a := analyse(&Document{Text: text}, e.packs["en"])
			at := attribution{content: content, cue: cue}
			a.trim(&at)
			var got []string
			for _, s := range at.content {
				got = append(got, text[s.Start:s.End])
			}
			if d := cmp.Diff(tt.want, strings.Join(got, " | ")); d != "" {
				t.Errorf("content (-want +got):\n%s", d)
			}
		})
	}
}

// unmark takes the brackets and braces out of s and returns the spans they enclosed.
func unmark(s string) (text string, brackets, braces []Span) {
	var b strings.Builder
	for i := range len(s) {
		switch s[i] {
		case '[':
			brackets = append(brackets, Span{Start: b.Len()})
		case ']':
			brackets[len(brackets)-1].End = b.Len()
		case '{':
			braces = append(braces, Span{Start: b.Len()})
		case '}':
			braces[len(braces)-1].End = b.Len()
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), brackets, braces
}
