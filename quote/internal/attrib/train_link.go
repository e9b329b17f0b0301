package attrib

import "github.com/whosaid/whosaid/quote/internal/linear"

const linkPasses = 8

// goldUnit is a gold attribution by the numbers of its spans in its paragraph.
type goldUnit struct {
	cue, source int // source is -1 when there is none
	contents    []int
}

// goldParagraph is a paragraph's gold spans, in the order of the text, and their links.
type goldParagraph struct {
	c     *context
	spans []span
	units []goldUnit
}

// trainLinker learns to link from gold spans.
func trainLinker(paras []goldParagraph) (*linker, []byte) {
	counter := linear.NewCounter(3)
	var fs, other [maxPairFeatures]linear.Hash
	for _, p := range paras {
		for _, u := range p.units {
			for _, x := range u.contents {
				for _, k := range candidates(p.spans, x, cue) {
					counter.Count(p.c.pairFeatures(fs[:0], p.spans, &p.spans[k], &p.spans[x]))
				}
			}
			counter.Count(p.c.noSourceFeatures(fs[:0], p.spans, u.cue, &p.spans[u.cue]))
			for _, x := range candidates(p.spans, u.cue, source) {
				counter.Count(p.c.pairFeatures(fs[:0], p.spans, &p.spans[u.cue], &p.spans[x]))
			}
		}
	}
	t := linear.NewPerceptron(counter.Index(), 1)
	for range linkPasses {
		for _, p := range paras {
			for _, u := range p.units {
				for _, x := range u.contents {
					best, top := -1, float32(0)
					for _, k := range candidates(p.spans, x, cue) {
						if s := t.Score(p.c.pairFeatures(fs[:0], p.spans, &p.spans[k], &p.spans[x]))[0]; best < 0 || s > top {
							best, top = k, s
						}
					}
					t.Step()
					if best >= 0 && best != u.cue {
						t.Reward(p.c.pairFeatures(fs[:0], p.spans, &p.spans[u.cue], &p.spans[x]), p.c.pairFeatures(other[:0], p.spans, &p.spans[best], &p.spans[x]))
					}
				}
				of := func(dst []linear.Hash, x int) []linear.Hash {
					if x < 0 {
						return p.c.noSourceFeatures(dst, p.spans, u.cue, &p.spans[u.cue])
					}
					return p.c.pairFeatures(dst, p.spans, &p.spans[u.cue], &p.spans[x])
				}
				best, top := -1, t.Score(of(fs[:0], -1))[0]
				for _, x := range candidates(p.spans, u.cue, source) {
					if s := t.Score(of(fs[:0], x))[0]; s > top {
						best, top = x, s
					}
				}
				t.Step()
				if best != u.source {
					t.Reward(of(fs[:0], u.source), of(other[:0], best))
				}
			}
		}
	}
	table, b := t.Finish()
	return &linker{table}, b
}
