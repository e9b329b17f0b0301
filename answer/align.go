package answer

import (
	"strings"
	"unicode"

	"github.com/whosaid/whosaid/index/terms"
)

// spoken is a text as the aligner compares it.
type spoken struct {
	text  string
	words []word
	keys  []string  // of each word: folded, without apostrophes
	costs []float64 // of each word: how much it matters that it is there
}

// maxPrinted bounds the words of a printed text that are aligned.
const maxPrinted = 1500

func hear(text string) spoken {
	text = clip(text, maxRead)
	s := spoken{text: text, words: splitWords(text)}
	if len(s.words) > maxPrinted {
		s.words = s.words[:maxPrinted]
	}
	s.keys = make([]string, len(s.words))
	s.costs = make([]float64, len(s.words))
	for i, w := range s.words {
		s.keys[i] = key(w)
		s.costs[i] = cost(w, i > 0)
	}
	return s
}

// key is a word as compared: people type "its" for "it's", and newspapers
// curl their apostrophes; "don't" stays apart from "do".
func key(w word) string {
	return terms.Fold(strings.Map(func(r rune) rune {
		if apostrophe(r) || r == ',' {
			return -1
		}
		return r
	}, w.text))
}

var negations = wordSet(`not no never none nobody nothing neither nor cannot without`)

// negation reports whether the word turns a sentence into its contrary.
func negation(w word) bool {
	k := key(w)
	return negations[k] || strings.HasSuffix(k, "nt") && strings.ContainsFunc(w.text, apostrophe)
}

// cost is what a word counts: "a" and "the" little, numbers, names and "not" most.
func cost(w word, inside bool) float64 {
	switch {
	case w.number(), negation(w):
		return 1.5
	case stopWords[w.norm]:
		return 0.4
	case inside && w.capital():
		return 1.3
	}
	return 1
}

// pair is one step of an alignment: indexes of words, -1 for a gap.
type pair struct{ claim, print int }

// alignment tells which words of a claim stand in a printed text, in order.
type alignment struct {
	pairs      []pair  // ascending; its printed words are a stretch without holes
	from, to   int     // that stretch, words [from, to) of the print
	similarity float64 // 0 to 1: twice what is shared by what both hold
}

// whole reports whether every word of the stretch and of the claim is shared.
func (a alignment) whole() bool {
	for _, p := range a.pairs {
		if p.claim < 0 || p.print < 0 {
			return false
		}
	}
	return len(a.pairs) > 0
}

const (
	shorten = 0.25 // cost share of a printed word that the claim leaves out
	invent  = 0.5  // cost share of a word of the claim that print lacks
)

// align finds the stretch of print that the claim renders best: a semi-global
// alignment by words (Smith and Waterman, 1981, with the claim kept whole),
// in time and space of claim times print.
func align(claim, print spoken) alignment {
	n, m := len(claim.words), len(print.words)
	if n == 0 || m == 0 {
		return alignment{}
	}
	score := make([]float64, (n+1)*(m+1))
	for i := 1; i <= n; i++ {
		row, above := score[i*(m+1):(i+1)*(m+1)], score[(i-1)*(m+1):i*(m+1)]
		row[0] = above[0] - invent*claim.costs[i-1]
		for j := 1; j <= m; j++ {
			best := max(above[j]-invent*claim.costs[i-1], row[j-1]-shorten*print.costs[j-1])
			if claim.keys[i-1] == print.keys[j-1] {
				best = max(best, above[j-1]+claim.costs[i-1])
			}
			row[j] = best
		}
	}
	end := 0
	for j := range m + 1 {
		if score[n*(m+1)+j] > score[n*(m+1)+end] {
			end = j
		}
	}
	return retrace(claim, print, score, end)
}

// retrace follows the best path back from the end of the claim.
func retrace(claim, print spoken, score []float64, end int) alignment {
	m := len(print.words)
	a := alignment{from: end, to: end}
	i, j := len(claim.words), end
	for i > 0 {
		here := score[i*(m+1)+j]
		switch {
		case j > 0 && claim.keys[i-1] == print.keys[j-1] && here == score[(i-1)*(m+1)+j-1]+claim.costs[i-1]:
			i, j = i-1, j-1
			a.pairs = append(a.pairs, pair{i, j})
		case here == score[(i-1)*(m+1)+j]-invent*claim.costs[i-1]:
			i--
			a.pairs = append(a.pairs, pair{i, -1})
		default:
			j--
			a.pairs = append(a.pairs, pair{-1, j})
		}
	}
	a.from = j
	for l, r := 0, len(a.pairs)-1; l < r; l, r = l+1, r-1 {
		a.pairs[l], a.pairs[r] = a.pairs[r], a.pairs[l]
	}
	a.widen(print)
	a.measure(claim, print)
	return a
}

// widen takes into the stretch the printed words that words of the claim
// replace at its ends, as far as their sentence goes: "run for governor" for
// "run for president".
func (a *alignment) widen(print spoken) {
	lead, trail := 0, 0
	for lead < len(a.pairs) && a.pairs[lead].print < 0 {
		lead++
	}
	if lead == len(a.pairs) {
		return
	}
	for a.pairs[len(a.pairs)-1-trail].print < 0 {
		trail++
	}
	var before, after []pair
	for ; lead > 0 && a.from > 0 && !print.breaks(a.from); lead-- {
		a.from--
		before = append([]pair{{-1, a.from}}, before...)
	}
	for ; trail > 0 && a.to < len(print.words) && !print.breaks(a.to); trail-- {
		after = append(after, pair{-1, a.to})
		a.to++
	}
	a.pairs = append(before, append(a.pairs, after...)...)
}

// breaks reports whether a sentence, or the text, ends before word i.
func (s spoken) breaks(i int) bool {
	if i <= 0 || i >= len(s.words) {
		return true
	}
	between := s.text[s.words[i-1].end:s.words[i].start]
	// Where a cue stood ("…") the sentence goes on in lower case.
	return strings.ContainsAny(between, ".?!;:") || strings.ContainsAny(between, "…\n") && s.words[i].capital()
}

// measure sets the similarity.
func (a *alignment) measure(claim, print spoken) {
	var same, other float64
	for _, p := range a.pairs {
		switch {
		case p.claim < 0:
			other += print.costs[p.print]
		case p.print < 0:
			other += claim.costs[p.claim]
		default:
			same += claim.costs[p.claim]
		}
	}
	if same > 0 {
		a.similarity = 2 * same / (2*same + other)
	}
}

// diff writes the alignment as runs of words, in the order of the claim: what
// print holds instead comes before what the claim adds. Shared and added words
// are spelt as in the claim, dropped ones as in print.
func (a alignment) diff(claim, print spoken) []DiffPart {
	out := []DiffPart{}
	var dropped, added []int
	flush := func() {
		if len(dropped) > 0 {
			out = append(out, DiffPart{Dropped, print.slice(dropped[0], dropped[len(dropped)-1])})
		}
		if len(added) > 0 {
			out = append(out, DiffPart{Added, claim.slice(added[0], added[len(added)-1])})
		}
		dropped, added = nil, nil
	}
	for k := 0; k < len(a.pairs); {
		p := a.pairs[k]
		if p.claim < 0 {
			dropped = append(dropped, p.print)
			k++
			continue
		}
		if p.print < 0 {
			added = append(added, p.claim)
			k++
			continue
		}
		flush()
		end := k
		for end+1 < len(a.pairs) && a.pairs[end+1].claim >= 0 && a.pairs[end+1].print >= 0 {
			end++
		}
		out = append(out, DiffPart{Same, claim.slice(p.claim, a.pairs[end].claim)})
		k = end + 1
	}
	flush()
	return out
}

// slice is the text of words from first to last, with the punctuation that
// leans on the last.
func (s spoken) slice(first, last int) string {
	end := s.words[last].end
	limit := len(s.text)
	if last+1 < len(s.words) {
		limit = s.words[last+1].start
	}
	if i := strings.IndexFunc(s.text[end:limit], unicode.IsSpace); i >= 0 {
		limit = end + i
	}
	return s.text[s.words[first].start:limit]
}
