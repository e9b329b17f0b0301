package quote

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// weakOf is what may be more than the quotes: "speaker: words".
func weakOf(t testing.TB, d Document) []string {
	t.Helper()
	quotes, err := newEngine(t).ExtractAll(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, q := range quotes {
		if q.Weak {
			out = append(out, speakerName(q)+": "+q.Text)
		}
	}
	return out
}

// What is no quote for sure may still tell who wants, does or signs what.
func TestWeak(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want string // among the weak ones
	}{
		"a subject that does something": {
			"The bridge is old. Orla Pennyfeather has championed a new bridge for years.",
			"Orla Pennyfeather: Orla Pennyfeather has championed a new bridge for years.",
		},
		"the agent of a passive": {
			"Calls for a new bridge were rejected by Orla Pennyfeather in 2031.",
			"Orla Pennyfeather: Calls for a new bridge were rejected by Orla Pennyfeather in 2031.",
		},
		"letters, each with its signature": {
			"We have waited for the ferry long enough.\n\nOliver Quillfeather.\n\nThe ferry is a joke that nobody laughs at.\n\nMaria Underhill.",
			"Maria Underhill: The ferry is a joke that nobody laughs at.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := weakOf(t, Document{Text: tc.text, Language: "en"})
			for _, w := range got {
				if w == tc.want {
					return
				}
			}
			t.Errorf("%q is not among %q", tc.want, got)
		})
	}
}

// A sentence that a quote of the same speaker fills is no weak quote too, and one
// name below a text makes no letter of it.
func TestNotWeak(t *testing.T) {
	for name, text := range map[string]string{
		"a quote fills it":      "“The bridge is not safe and nobody should drive over it tonight,” Orla Pennyfeather said.",
		"one name on its own":   "It is a pity that there is no ferry.\n\nOliver Quillfeather.",
		"nobody has a name":     "They have championed a new bridge for years.",
		"nothing but a heading": "LETTERS",
	} {
		t.Run(name, func(t *testing.T) {
			if got := weakOf(t, Document{Text: text, Language: "en"}); len(got) > 0 {
				t.Errorf("got %q", got)
			}
		})
	}
}

// ExtractAll begins with what Extract gives; what follows is weak, ascending,
// has a speaker and spans that are sound.
func TestExtractAllBeginsWithExtract(t *testing.T) {
	e := newEngine(t)
	pieces := []string{
		"“", "”", "\"", " said ", " wants ", "Orla Pennyfeather", "Mr. Quillfeather", "she", "I ", ", ", ". ", ": ", "\n\n", "was rejected by ",
		"that the bridge is ready", "according to ", "@lampkeeper", "who ", "'s ", "The Gullhaven Bridge Company", "\n\nOliver Quillfeather.\n\n",
	}
	rapid.Check(t, func(t *rapid.T) {
		d := Document{Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 80).Draw(t, "pieces"), ""), Language: "en"}
		sure, err := e.Extract(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		all, err := e.ExtractAll(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sure, all[:min(len(sure), len(all))], cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("the quotes (-Extract +ExtractAll):\n%s", diff)
		}
		checkQuotes(t, d, all[len(sure):])
		for _, q := range all[len(sure):] {
			if !q.Weak || q.Speaker == nil || q.Confidence < 0 || q.Confidence > 1 {
				t.Fatalf("%+v", q)
			}
		}
	})
}

func FuzzExtractAll(f *testing.F) {
	e := newEngine(f)
	f.Add("Calls were rejected by Orla Pennyfeather.\n\nOliver Quillfeather.\n\n@lampkeeper.")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<15 {
			return
		}
		d := Document{Text: strings.ToValidUTF8(text, ""), Language: "en"}
		quotes, err := e.ExtractAll(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		for i, q := range quotes {
			if q.Weak {
				checkQuotes(t, d, quotes[i:])
				break
			}
		}
	})
}

// A quarter of a megabyte of what makes many weak quotes takes time in proportion.
func TestWeakInLinearTime(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much")
	}
	for _, unit := range []string{"Orla Pennyfeather wants a bridge. ", "It was rejected by Orla Pennyfeather. ", "No.\n\nOliver Quillfeather.\n\n"} {
		start := time.Now()
		weakOf(t, Document{Text: strings.Repeat(unit, 1<<17/len(unit)), Language: "en"})
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%q again and again took %v", unit, took)
		}
	}
}
