package answer

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// An altered claim shows where else the true words stand, and only those.
func TestVerifyNamesTheOtherArticles(t *testing.T) {
	s := harbour(t)
	c, err := s.Verify(t.Context(), Claim{Text: "The second lamp went out at nine and nobody lit it again."})
	if err != nil {
		t.Fatal(err)
	}
	places := []string{c.Best.Article}
	for _, a := range c.Also {
		places = append(places, a.Article)
	}
	slices.Sort(places)
	if diff := cmp.Diff([]string{"fog", "fog again"}, places); diff != "" || c.Verdict != Altered {
		t.Errorf("%s\n%s", c.Verdict, diff)
	}
	if c, err = s.Verify(t.Context(), Claim{Text: "We will build a new one by 2031"}); err != nil || len(c.Also) != 0 || c.Pieces != 1 {
		t.Errorf("%v, %+v", err, c)
	}
}

func TestVerify(t *testing.T) {
	s := harbour(t)
	for _, c := range []struct {
		name, claim, speaker string
		want                 Verdict
		by                   string // the speaker of the best match, "" for none known
		diff                 string // in the notation of mark; "" is not compared
	}{
		{"a whole sentence", "We will build a new one by 2031.", "Ines Okafor", Verbatim, "Ines Okafor", "We will build a new one by 2031."},
		{"a whole quote around its cue", "The bridge is not safe, and nobody should drive over it tonight. We will build a new one by 2031.", "", Verbatim, "Ines Okafor", ""},
		{"sloppy typing", "we will build a new one by 2031", "okafor", Verbatim, "Ines Okafor", ""},
		{"a part of a sentence", "nobody should drive over it tonight", "", Partial, "Ines Okafor", "nobody should drive over it tonight"},
		{"reported speech counts", "fares would rise by 4 percent in June", "Harbour Board", Verbatim, "Ellery Harbour Board", ""},
		{"a changed word", "nobody should walk over it tonight", "Ines Okafor", Altered, "Ines Okafor", "nobody should [-drive-] {+walk+} over it tonight"},
		{"a changed number", "Ferries will run every thirty minutes from the fish market", "van Dalen", Altered, "Piet van Dalen", "Ferries will run every [-twenty-] {+thirty+} minutes from the fish market"},
		{"a dropped not", "The bridge is safe", "Ines Okafor", Altered, "Ines Okafor", "The bridge is [-not-] safe"},
		{"an added not", "We will not build a new one by 2031", "Ines Okafor", Altered, "Ines Okafor", "We will {+not+} build a new one by 2031"},
		{"a changed end", "will drown forty small businesses before the summer is near", "Reyes", Altered, "Tomas Reyes", "will drown forty small businesses before the summer is [-over.”-] {+near+}"},
		{"two sentences glued", "The bridge is not safe. We will build a new one by 2031.", "", Altered, "Ines Okafor", "The bridge is not safe. [-and nobody should drive over it tonight,”-] We will build a new one by 2031."},
		{"two quotes glued", "We will build a new one by 2031. I promised a cheap one, and cheap it is.", "", Altered, "Ines Okafor", "We will build a new one by 2031. {+I promised a cheap one, and cheap it is.+}"}, // of two articles
		{"the two halves of a quote turned around", "We will build a new one by 2031. The bridge is not safe, and nobody should drive over it tonight.", "Ines Okafor", Altered, "Ines Okafor", "We will build a new one by 2031. [-[…]-] The bridge is not safe, and nobody should drive over it tonight."},
		{"two paragraphs of a speech glued", "The first lamp went out at nine and nobody lit it again. By morning the whole pier was a rumour in the fog.", "Nadia Brandt", Altered, "Nadia Brandt", "The first lamp went out at nine and nobody lit it again. [-[…]-] By morning the whole pier was a rumour in the fog."},
		{"three, with a slip", "The first lamp went out at nine and nobody lit it again. By morning the whole pier was a legend in the fog. I counted eleven gulls and not one ship.", "Nadia Brandt", Altered, "Nadia Brandt", "The first lamp went out at nine and nobody lit it again. [-[…]-] By morning the whole pier was a [-rumour-] {+legend+} in the fog. [-[…]-] I counted eleven gulls and not one ship."},
		{"glued, and somebody else's", "The first lamp went out at nine and nobody lit it again. By morning the whole pier was a rumour in the fog.", "Tomas Reyes", Misattributed, "Nadia Brandt", ""},
		{"somebody else's", "I never promised anybody a free ferry", "Tomas Reyes", Misattributed, "Ines Okafor", ""},
		{"like-named, but another", "I never promised anybody a free ferry", "Lena Okafor", Misattributed, "Ines Okafor", ""},
		{"altered and somebody else's", "I never promised anybody a cheap ferry", "Piet van Dalen", Misattributed, "Ines Okafor", ""},
		{"title and surname", "I never promised anybody a free ferry", "Mayor Okafor", Verbatim, "Ines Okafor", ""},
		{"by role", "I never promised anybody a free ferry", "the mayor", Verbatim, "Ines Okafor", ""},
		{"by another role", "I never promised anybody a free ferry", "the baker", Misattributed, "Ines Okafor", ""},
		{"a quote of an unknown speaker accuses nobody", "Somebody ought to count the rivets", "Ines Okafor", Verbatim, "", ""},
		{"in marks, but the engine missed it", "Our boats are older than your excuses and they still float.", "", Verbatim, "", ""},
		{"the newspaper's own words are nobody's quote", "voted on Monday to close the old harbour bridge", "", NotFound, "", ""},
		{"not there", "Seagulls are the true owners of this town", "Ines Okafor", NotFound, "", ""},
		{"too short to tell", "a new ferry", "", NotFound, "", ""},
		{"no words", " “…” ", "Ines Okafor", NotFound, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := s.Verify(t.Context(), Claim{Text: c.claim, Speaker: c.speaker})
			if err != nil {
				t.Fatal(err)
			}
			by := ""
			if got.Best != nil && got.Best.Speaker != nil {
				by = got.Best.Speaker.Name
			}
			if got.Verdict != c.want || by != c.by {
				t.Errorf("%s by %q, want %s by %q (%s)", got.Verdict, by, c.want, c.by, mark(got.Diff))
			}
			if diff := cmp.Diff(c.diff, mark(got.Diff)); c.diff != "" && diff != "" {
				t.Error(diff)
			}
			if (got.Best == nil) != (got.Verdict == NotFound) || got.Diff == nil {
				t.Errorf("a %s with %v and %v", got.Verdict, got.Best, got.Diff)
			}
		})
	}
}

// mark writes a diff as people read it: [-dropped-] and {+added+}.
func mark(parts []DiffPart) string {
	var out []string
	for _, p := range parts {
		switch p.Op {
		case Dropped:
			out = append(out, "[-"+p.Text+"-]")
		case Added:
			out = append(out, "{+"+p.Text+"+}")
		default:
			out = append(out, p.Text)
		}
	}
	return strings.Join(out, " ")
}

func TestUnpack(t *testing.T) {
	for _, c := range []struct{ text, speaker, wantText, wantSpeaker string }{
		{"“We will build.”", "", "We will build.", ""},
		{"\"We will build.\" — Ines Okafor", "", "We will build.", "Ines Okafor"},
		{"We will build. - Ines Okafor", "", "We will build.", "Ines Okafor"},
		{"We will build it — Ines Okafor’s bridge", "", "We will build it — Ines Okafor’s bridge", ""},
		{"We will build. — Ines Okafor", "Lena Okafor", "We will build. — Ines Okafor", "Lena Okafor"},
		{"", " Lena ", "", "Lena"},
	} {
		if text, speaker := unpack(Claim{Text: c.text, Speaker: c.speaker}); text != c.wantText || speaker != c.wantSpeaker {
			t.Errorf("%q by %q is %q by %q, want %q by %q", c.text, c.speaker, text, speaker, c.wantText, c.wantSpeaker)
		}
	}
}

// What a newspaper printed between its marks, at least five words of it in a
// row, is never called altered, and turning its "not" around always is.
func TestSlicesOfPrintAreVerbatim(t *testing.T) {
	s := harbour(t)
	printed := []string{
		"The bridge is not safe, and nobody should drive over it tonight,” … “We will build a new one by 2031.",
		"the closure “will drown forty small businesses before the summer is over.”",
		"she would keep her shop open whatever the council decided",
		"“Ferries will run every twenty minutes from the fish market,”",
		"“I never promised anybody a free ferry,” … “I promised a cheap one, and cheap it is.”",
	}
	rapid.Check(t, func(t *rapid.T) {
		words := strings.Fields(strings.ReplaceAll(rapid.SampledFrom(printed).Draw(t, "print"), "…", " "))
		from := rapid.IntRange(0, len(words)-5).Draw(t, "from")
		to := rapid.IntRange(from+5, len(words)).Draw(t, "to")
		claim := strings.Join(words[from:to], " ")
		got, err := s.Verify(t.Context(), Claim{Text: claim})
		if err != nil {
			t.Fatal(err)
		}
		if got.Verdict != Verbatim && got.Verdict != Partial {
			t.Errorf("%q: %s, %s", claim, got.Verdict, mark(got.Diff))
		}
		at := rapid.IntRange(from+1, to-1).Draw(t, "not")
		flipped := slices.Insert(slices.Clone(words[from:to]), at-from, "not")
		if words[at] == "not" {
			flipped = slices.Delete(flipped, at-from, at-from+2)
		}
		claim = strings.Join(flipped, " ")
		if got, err = s.Verify(t.Context(), Claim{Text: claim}); err != nil {
			t.Fatal(err)
		}
		if got.Verdict == Verbatim || got.Verdict == Partial {
			t.Errorf("%q: %s", claim, got.Verdict)
		}
	})
}

// checkDiff tests the laws of a diff: what is shared and added is the claim,
// what is shared and dropped is a stretch of print.
func checkDiff(t interface {
	Helper()
	Errorf(string, ...any)
}, claim, print string,
) {
	t.Helper()
	c, p := hear(claim), hear(print)
	a := align(c, p)
	if a.similarity < 0 || a.similarity > 1 {
		t.Errorf("similarity %v", a.similarity)
	}
	if len(c.words) == 0 || len(p.words) == 0 {
		return
	}
	var ours, theirs []string
	for _, part := range a.diff(c, p) {
		keys := hear(part.Text).keys
		if part.Op != Dropped {
			ours = append(ours, keys...)
		}
		if part.Op != Added {
			theirs = append(theirs, keys...)
		}
	}
	if !slices.Equal(ours, c.keys) {
		t.Errorf("%q against %q: same and added give %q", claim, print, ours)
	}
	if !slices.Equal(theirs, p.keys[a.from:a.to]) {
		t.Errorf("%q against %q: same and dropped give %q, want %q", claim, print, theirs, p.keys[a.from:a.to])
	}
	if a.whole() && !strings.Contains(" "+strings.Join(p.keys, " ")+" ", " "+strings.Join(c.keys, " ")+" ") {
		t.Errorf("%q is called a slice of %q", claim, print)
	}
}

func TestDiffLaws(t *testing.T) {
	word := rapid.SampledFrom(strings.Fields("a the not ferry bridge. 2031 4, don't dont Okafor, “cheap” safe — and"))
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 0, 14).Draw(t, "words"), " ")
	})
	rapid.Check(t, func(t *rapid.T) { checkDiff(t, text.Draw(t, "claim"), text.Draw(t, "print")) })
}

func FuzzAlign(f *testing.F) {
	f.Add("the bridge is safe", "“The bridge is not safe,” … “We will build.”")
	f.Add("its 2,031", "it's 2031. İstanbul\x00\xff")
	f.Add("a a a a", "a a a a a a")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, claim, print string) {
		checkDiff(t, clip(claim, 300), clip(print, 600))
	})
}

func BenchmarkAlign(b *testing.B) {
	claim := hear("nobody should ever walk over it tonight and we will build a new one by 2041")
	print := hear(strings.Repeat("The bridge is not safe, and nobody should drive over it tonight. We will build a new one by 2031. ", 5))
	b.ReportAllocs()
	for b.Loop() {
		align(claim, print)
	}
}

func BenchmarkVerify(b *testing.B) {
	s := harbour(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Verify(b.Context(), Claim{Text: "nobody should walk over it tonight", Speaker: "Okafor"}); err != nil {
			b.Fatal(err)
		}
	}
}

// The longest claim against the longest print stays within the time in which
// Discord wants an answer.
func BenchmarkVerifyLongest(b *testing.B) {
	claim := hear(clip(strings.Repeat("bridge ferry not a ", 1000), maxInput))
	print := hear(strings.Repeat("ferry bridge a not ", 1000))
	b.ReportAllocs()
	for b.Loop() {
		align(claim, print)
	}
}
