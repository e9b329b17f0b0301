package main

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode"

	"github.com/whosaid/whosaid/quote/internal/attrib"
	"github.com/whosaid/whosaid/quote/internal/tok"
)

// kinds are the rows of the score table.
var kinds = []string{"direct", "mixed", "indirect", "all"}

// tally counts one kind: gold and predicted attributions, those whose content
// matches and those whose source does too, seen from either side.
type tally struct {
	gold, predicted    int
	contentG, contentP int
	jointG, jointP     int
	sourced, right     int // matched gold with a source, and those of them attributed rightly
}

// scores is the table of an evaluation.
type scores map[string]*tally

func newScores() scores {
	s := make(scores)
	for _, k := range kinds {
		s[k] = &tally{}
	}
	return s
}

func (s scores) add(kind string, f func(*tally)) {
	f(s[kind])
	f(s["all"])
}

// score adds one article: content matches when the Jaccard index of the
// characters is at least a half, taken greedily, best first; a joint match
// shares a word of the source too, or both have none. It tells which of the
// predicted match jointly.
func (s scores) score(a *article, predicted []attrib.Attribution) (joint []bool) {
	var gs, ps []map[int]bool
	var golds []gold
	for _, g := range a.gold {
		if cs := characters(a.text, g.content); len(cs) > 0 {
			golds = append(golds, g)
			gs = append(gs, cs)
			s.add(g.kind, func(t *tally) { t.gold++ })
		}
	}
	pk := make([]string, len(predicted))
	for i, p := range predicted {
		pk[i] = kindOf(a.text, p.Content)
		ps = append(ps, characters(a.text, p.Content))
		s.add(pk[i], func(t *tally) { t.predicted++ })
	}
	joint = make([]bool, len(predicted))
	for _, m := range greedy(ps, gs) {
		g, p := golds[m.j], predicted[m.i]
		ok := shareWord(a.text, g.source, p.Source)
		both := ok || len(g.source) == 0 && len(p.Source) == 0
		joint[m.i] = both
		s.add(g.kind, func(t *tally) {
			t.contentG++
			if both {
				t.jointG++
			}
			if len(g.source) > 0 {
				t.sourced++
				if ok {
					t.right++
				}
			}
		})
		s.add(pk[m.i], func(t *tally) {
			t.contentP++
			if both {
				t.jointP++
			}
		})
	}
	return joint
}

func (s scores) print(w io.Writer) {
	f1 := func(p, np, g, ng int) float64 {
		if p == 0 || g == 0 {
			return 0
		}
		a, b := float64(p)/float64(np), float64(g)/float64(ng)
		return 200 * a * b / (a + b)
	}
	for _, k := range kinds {
		t := s[k]
		fmt.Fprintf(w, "%-9s gold %5d predicted %5d  content P %.1f R %.1f F1 %.1f  attribution %.1f  joint F1 %.1f\n", k, t.gold, t.predicted,
			100*float64(t.contentP)/float64(max(1, t.predicted)), 100*float64(t.contentG)/float64(max(1, t.gold)),
			f1(t.contentP, t.predicted, t.contentG, t.gold), 100*float64(t.right)/float64(max(1, t.sourced)), f1(t.jointP, t.predicted, t.jointG, t.gold))
	}
}

// reliability counts, for each tenth of the scores, how many attributions have such a score
// and how many of them are right.
type reliability [10]struct {
	n, right int
	sum      float64
}

func (r *reliability) add(score float64, right bool) {
	b := &r[min(9, int(score*10))]
	b.n++
	b.sum += score
	if right {
		b.right++
	}
}

func (r *reliability) print(w io.Writer) {
	for i, b := range r {
		if b.n > 0 {
			fmt.Fprintf(w, "score %.1f to %.1f: %4d attributions, mean score %.2f, right %.2f\n", float64(i)/10, float64(i+1)/10, b.n,
				b.sum/float64(b.n), float64(b.right)/float64(b.n))
		}
	}
}

// characters is the set of positions of the spans' characters that are no white space.
func characters(text string, spans []tok.Span) map[int]bool {
	set := make(map[int]bool)
	for _, s := range spans {
		for i, r := range text[s.Start:s.End] {
			if !unicode.IsSpace(r) {
				set[s.Start+i] = true
			}
		}
	}
	return set
}

type match struct {
	i, j    int
	jaccard float64
}

// greedy pairs sets one to one, the most alike first.
func greedy(ps, gs []map[int]bool) []match {
	byPos := make(map[int][]int)
	for j, g := range gs {
		for c := range g {
			byPos[c] = append(byPos[c], j)
		}
	}
	var all []match
	for i, p := range ps {
		n := make(map[int]int)
		for c := range p {
			for _, j := range byPos[c] {
				n[j]++
			}
		}
		for j, k := range n {
			if x := float64(k) / float64(len(p)+len(gs[j])-k); x >= 0.5 {
				all = append(all, match{i, j, x})
			}
		}
	}
	sort.Slice(all, func(a, b int) bool {
		if all[a].jaccard != all[b].jaccard {
			return all[a].jaccard > all[b].jaccard
		}
		return all[a].i < all[b].i || all[a].i == all[b].i && all[a].j < all[b].j
	})
	ui, uj := make(map[int]bool), make(map[int]bool)
	var out []match
	for _, m := range all {
		if !ui[m.i] && !uj[m.j] {
			ui[m.i], uj[m.j] = true, true
			out = append(out, m)
		}
	}
	return out
}

// shareWord reports whether two span lists share a word.
func shareWord(text string, a, b []tok.Span) bool {
	for _, x := range a {
		for _, y := range b {
			lo, hi := max(x.Start, y.Start), min(x.End, y.End)
			if lo < hi && strings.ContainsFunc(text[lo:hi], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				return true
			}
		}
	}
	return false
}

// kindOf tells by its quotation marks what kind of quote the content is.
func kindOf(text string, content []tok.Span) string {
	var parts []string
	for _, s := range content {
		parts = append(parts, text[s.Start:s.End])
	}
	s := strings.NewReplacer("''", `"`, "``", `"`, "“", `"`, "”", `"`).Replace(strings.Join(parts, " "))
	n := strings.Count(s, `"`)
	if n == 0 {
		return "indirect"
	}
	s = strings.TrimSpace(s)
	outside := 0
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 0 || i == n { // what stands outside closed pairs
			outside += strings.Count(strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) || unicode.IsDigit(r) {
					return 'x'
				}
				return -1
			}, part), "x")
		}
	}
	if n >= 2 && outside == 0 || n == 1 && strings.HasPrefix(s, `"`) {
		return "direct"
	}
	return "mixed"
}
