package attrib

import (
	"slices"
	"unicode"

	"github.com/whosaid/whosaid/quote/internal/tok"
)

// Stage is a model without its ranker, with articles that it never saw.
type Stage struct {
	Model    *Model
	Examples []Example
}

// TrainRanker learns to judge candidates from what each stage proposes on
// articles it never saw, gives the ranker to the model and returns its encoding.
func (m *Model) TrainRanker(stages []Stage) []byte {
	var rows []row
	for _, s := range stages {
		for _, e := range s.Examples {
			rows = append(rows, s.Model.rows(e)...)
		}
	}
	f := trainForest(rows, defaultForest)
	m.ranker = *f
	return f.encode()
}

// rows are the candidates of an article, and whether each is right.
func (m *Model) rows(e Example) []row {
	c := newContext(e.Analysis, m.lexicon)
	p := newProposer(m, c)
	judge := newJudge(c, e.Gold)
	var out []row
	for _, para := range e.Paragraphs {
		for _, cand := range p.propose(para) {
			out = append(out, row{cand.x, judge.right(&cand)})
		}
	}
	return out
}

// judge tells whether a candidate would count as right: its content has a
// Jaccard index of at least a half, in bytes that are no space, with that of a gold
// attribution, and their sources share a word or both have none.
type judge struct {
	c    *context
	gold []Attribution
	// content of each gold attribution as token ranges
	ranges [][]tok.Range
	byPara map[int32][]int
	weight []int32 // running sum of the tokens' lengths
}

func newJudge(c *context, gold []Attribution) *judge {
	j := &judge{c: c, gold: gold, byPara: make(map[int32][]int), weight: make([]int32, len(c.Tokens)+1)}
	for i, t := range c.Tokens {
		j.weight[i+1] = j.weight[i] + int32(t.Len())
	}
	for g := range gold {
		var rs []tok.Range
		for _, s := range gold[g].Content {
			if r := c.within(s); r.Len() > 0 {
				rs = append(rs, r)
				if p := c.para[r.Start]; !slices.Contains(j.byPara[p], g) {
					j.byPara[p] = append(j.byPara[p], g)
				}
			}
		}
		j.ranges = append(j.ranges, rs)
	}
	return j
}

func (j *judge) size(r tok.Range) int32 { return j.weight[r.End] - j.weight[r.Start] }

func (j *judge) right(cand *candidate) bool {
	var mine int32
	for _, s := range cand.contents {
		mine += j.size(s.Range)
	}
	for _, g := range j.byPara[j.c.para[cand.contents[0].Start]] {
		var theirs, both int32
		for _, r := range j.ranges[g] {
			theirs += j.size(r)
			for _, s := range cand.contents {
				if lo, hi := max(r.Start, s.Start), min(r.End, s.End); lo < hi {
					both += j.size(tok.Range{Start: lo, End: hi})
				}
			}
		}
		if 2*both >= mine+theirs-both {
			return j.sameSource(cand, g)
		}
	}
	return false
}

func (j *judge) sameSource(cand *candidate, g int) bool {
	src := j.gold[g].Source
	if cand.source == nil {
		return len(src) == 0
	}
	for _, s := range src {
		r := j.c.within(s)
		for i := max(r.Start, cand.source.Start); i < min(r.End, cand.source.End); i++ {
			for _, ch := range j.c.Word(i) {
				if unicode.IsLetter(ch) || unicode.IsDigit(ch) {
					return true
				}
			}
		}
	}
	return false
}
