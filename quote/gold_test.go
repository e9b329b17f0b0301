package quote

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/whosaid/whosaid/internal/shared"
)

// byteSpans turns spans of code points into spans of bytes.
func byteSpans(text string, spans [][2]int) []Span {
	var out []Span
	for _, s := range shared.Bytes(text, spans) {
		out = append(out, Span{s[0], s[1]})
	}
	return out
}

var (
	wordPattern = regexp.MustCompile(`[\pL\pN_]+`)
	nameTitles  = strings.Fields("mr mrs ms dr sen senator rep representative gov governor president gen general secretary prof professor sir the")
)

// nameKey is a name as the benchmark compares it: words without titles and initials.
func nameKey(s string) []string {
	s = strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(s), "’", "'"), "'s", "")
	return slices.DeleteFunc(wordPattern.FindAllString(s, -1), func(w string) bool {
		return slices.Contains(nameTitles, w) || utf8.RuneCountInString(w) == 1
	})
}

// sameName is the benchmark's comparison: full also asks for the first name.
func sameName(a, b string, full bool) bool {
	x, y := nameKey(a), nameKey(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	sx, sy := slices.Clone(x), slices.Clone(y)
	slices.Sort(sx)
	slices.Sort(sy)
	if slices.Equal(slices.Compact(sx), slices.Compact(sy)) {
		return true
	}
	drop := func(w string) bool { return slices.Contains([]string{"jr", "sr", "ii", "iii"}, w) }
	x, y = slices.DeleteFunc(x, drop), slices.DeleteFunc(y, drop)
	if len(x) == 0 || len(y) == 0 || x[len(x)-1] != y[len(y)-1] {
		return false
	}
	if len(x) == 1 || len(y) == 1 {
		return !full || len(x) == len(y)
	}
	return strings.HasPrefix(x[0], y[0]) || strings.HasPrefix(y[0], x[0])
}

// TestSpeakersOfGoldSpans measures the resolver apart from the finding of
// spans: it is given the spans that people marked and has to name the speakers.
// WHOSAID_ALL counts indirect quotes too; WHOSAID_DUMP names a file for what it gets wrong.
func TestSpeakersOfGoldSpans(t *testing.T) {
	gold := shared.Lines[shared.Article](t, "quotebench/dev.jsonl")
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var dump *os.File
	if name := os.Getenv("WHOSAID_DUMP"); name != "" {
		if dump, err = os.Create(name); err != nil {
			t.Fatal(err)
		}
		defer dump.Close()
	}
	all := os.Getenv("WHOSAID_ALL") != "" // indirect quotes too
	var n, full, last, wrong int
	for _, g := range gold {
		d := Document{Text: g.Text, Title: g.Title, Publisher: g.Publisher, Authors: []string{g.Author}, Language: "en"}
		a := analyse(&d, e.packs["en"])
		var found []attribution
		var index []int
		for i, at := range g.Attributions {
			if len(at.Content) == 0 {
				continue
			}
			found = append(found, attribution{content: byteSpans(g.Text, at.Content), cue: byteSpans(g.Text, at.Cue), source: byteSpans(g.Text, at.Source)})
			index = append(index, i)
		}
		speakers := resolve(findCast(a, e.packs["en"].lex), found)
		for k, i := range index {
			at := g.Attributions[i]
			if at.Kind == "indirect" && !all || at.SpeakerType != "person" && at.SpeakerType != "org" {
				continue
			}
			n++
			got := ""
			if s := speakers[k].speaker; s != nil {
				got = s.Name
			}
			switch f, l := sameName(got, at.Speaker, true), sameName(got, at.Speaker, false); {
			case f:
				full++
				last++
				continue
			case l:
				last++
			case got != "":
				wrong++
			}
			if dump != nil {
				src := "-"
				if len(found[k].source) > 0 {
					src = a.join(found[k].source)
				}
				fmt.Fprintf(dump, "%s\twant %q got %q\n\tsource %q\n", g.Article, at.Speaker, got, src)
			}
		}
	}
	share := func(k int) float64 { return 100 * float64(k) / float64(n) }
	t.Logf("%d quotes: full %.1f, last %.1f, wrong %.1f", n, share(full), share(last), share(wrong))
	if !all && (share(full) < 92 || share(wrong) > 4) {
		t.Errorf("full %.1f, wrong %.1f; want at least 92, at most 4", share(full), share(wrong))
	}
}

// TestConfidence prints how often quotes of each confidence are right, content
// and speaker, and asks that those given 0.9 and more are so nine times in ten.
// WHOSAID_CALIBRATION names a file for what the calibration is fitted to.
func TestConfidence(t *testing.T) {
	gold := shared.Lines[shared.Article](t, "quotebench/dev.jsonl")
	e := newEngine(t)
	var dump *os.File
	if name := os.Getenv("WHOSAID_CALIBRATION"); name != "" {
		var err error
		if dump, err = os.Create(name); err != nil {
			t.Fatal(err)
		}
		defer dump.Close()
	}
	var total, right [10]int
	kinds := map[Kind]*[2][3]int{Direct: {}, Mixed: {}, Indirect: {}} // total and right below 0.5, 0.8 and above
	for _, g := range gold {
		d := Document{Text: g.Text, Title: g.Title, Language: "en"}
		a := analyse(&d, e.packs["en"])
		found := a.attributions()
		speakers := resolve(findCast(a, e.packs["en"].lex), found)
		for i, q := range a.quotes(found, speakers) {
			ok := isRight(&g, q)
			bin := min(int(10*q.Confidence), 9)
			total[bin]++
			third := 0
			switch {
			case bin >= 8:
				third = 2
			case bin >= 5:
				third = 1
			}
			kinds[q.Kind][0][third]++
			if ok {
				right[bin]++
				kinds[q.Kind][1][third]++
			}
			if q.Speaker != nil && q.Confidence < minSpeaker && (speakers[i].evidence != described || q.Confidence < minDescribed) {
				t.Errorf("%s: a speaker at confidence %.2f", g.Article, q.Confidence)
			}
			if dump != nil {
				fmt.Fprintf(dump, "%v\t%v\t%d\t%v\n", found[i].score, q.Kind, speakers[i].evidence, ok)
			}
		}
	}
	for i := range total {
		t.Logf("confidence %.1f-%.1f: %4d quotes, %5.1f%% right", float64(i)/10, float64(i+1)/10, total[i], 100*float64(right[i])/float64(max(total[i], 1)))
	}
	for kind, n := range kinds {
		t.Logf("%s: %d of %d right below 0.5, %d of %d below 0.8, %d of %d above", kind, n[1][0], n[0][0], n[1][1], n[0][1], n[1][2], n[0][2])
	}
	if 100*right[9] < 87*total[9] || total[9] < 100 {
		t.Errorf("of %d quotes given 0.9 and more, %d are right", total[9], right[9])
	}
}

// isRight reports whether a quote is one of the gold.
func isRight(g *shared.Article, q Quote) bool {
	for i := range g.Attributions {
		if matches(g, i, q) {
			return true
		}
	}
	return false
}

// matches reports whether a quote is attribution i of the gold: half of the
// content or more in common, and the same speaker.
func matches(g *shared.Article, i int, q Quote) bool {
	at := &g.Attributions[i]
	if len(at.Content) == 0 {
		return false
	}
	want := byteSpans(g.Text, at.Content)
	common := 0
	for _, s := range want {
		for _, c := range q.Content {
			common += max(0, min(s.End, c.End)-max(s.Start, c.Start))
		}
	}
	return 2*common >= contentLen(want)+contentLen(q.Content)-common && (sameName(speakerName(q), at.Speaker, true) || at.Speaker == "" && q.Speaker == nil)
}

// TestSeed asks for every quote of the seed article, with the right name.
func TestSeed(t *testing.T) {
	e := newEngine(t)
	for _, g := range shared.Lines[shared.Article](t, "seed/gold.jsonl") {
		quotes := extract(t, e, Document{Text: g.Text, Title: g.Title, Publisher: g.Publisher, Authors: []string{g.Author}, Language: "en"})
		for i := range g.Attributions {
			if !slices.ContainsFunc(quotes, func(q Quote) bool { return matches(&g, i, q) }) {
				t.Errorf("attribution %d, by %s, is not found or not theirs", i+1, g.Attributions[i].Speaker)
			}
		}
	}
}

// TestTrainArticles reads real articles by the hundred: the engine fails on none.
func TestTrainArticles(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 840 articles")
	}
	e := newEngine(t)
	for _, g := range shared.Lines[shared.Article](t, "quotebench/train.jsonl") {
		d := Document{Text: g.Text, Title: g.Title, Publisher: g.Publisher, Language: "en"}
		for _, authors := range [][]string{nil, {g.Author}} {
			d.Authors = authors
			quotes, err := e.Extract(t.Context(), d)
			if err != nil {
				t.Errorf("%s: %v", g.Article, err)
			}
			checkQuotes(t, d, quotes)
		}
	}
}
