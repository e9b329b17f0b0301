package attrib

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/ling"
	"github.com/whosaid/whosaid/quote/internal/tok"
)

// Example is an annotated article. Its analysis must be as good as those
// that the model will meet, so it comes from models that never saw it.
type Example struct {
	*ling.Analysis
	Gold []Attribution
}

// Train learns a model and returns it with its encoding for Read.
func Train(examples []Example) (*Model, []byte) {
	m := &Model{}
	var enc []byte
	m.lexicon, enc = learnLexicon(examples)
	contexts := make([]*context, len(examples))
	var paras []goldParagraph
	for i, e := range examples {
		contexts[i] = newContext(e.Analysis, m.lexicon)
		paras = append(paras, goldSpans(contexts[i], e.Gold)...)
	}
	c, b := trainCRF(contexts, paras)
	m.crf = *c
	enc = append(enc, b...)
	l, b := trainLinker(paras)
	m.linker = *l
	return m, append(enc, b...)
}

// learnLexicon finds how often each stem is part of a cue, in percent.
func learnLexicon(examples []Example) (*linear.Table, []byte) {
	type count struct{ all, cue int }
	counts := make(map[uint32]*count)
	for _, e := range examples {
		c := &context{Analysis: e.Analysis}
		in := make([]bool, len(e.Tokens))
		for _, g := range e.Gold {
			for _, s := range g.Cue {
				r := c.within(s)
				for i := r.Start; i < r.End; i++ {
					in[i] = true
				}
			}
		}
		for i, w := range e.Words {
			if !w.Letter || !e.Tags[i].Verb() && !e.Tags[i].Noun() && e.Tags[i].String() != "IN" && e.Tags[i].String() != "JJ" {
				continue
			}
			n := counts[w.Stem]
			if n == nil {
				n = &count{}
				counts[w.Stem] = n
			}
			n.all++
			if in[i] {
				n.cue++
			}
		}
	}
	values := make(map[linear.Hash]int8)
	for stem, n := range counts {
		if share := 100 * n.cue / (n.all + 2); n.cue >= 3 && share > 10 {
			values[stem] = int8(share)
		}
	}
	return linear.Exact(values)
}

// owner is an attribution that a gold span belongs to, and as what.
type owner struct {
	unit int
	role role
}

// goldSpans lays the gold of an article out by paragraph, every span once even
// when attributions share it. Attributions that cross paragraphs keep the part in their cue's.
func goldSpans(c *context, gold []Attribution) []goldParagraph {
	owners, home := c.goldOwners(gold)
	spans := make([]span, 0, len(owners))
	for s := range owners {
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(x, y span) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End), cmp.Compare(x.role, y.role))
	})
	paras := make([]goldParagraph, len(c.Paragraphs))
	units := make([]goldUnit, len(gold))
	for u := range units {
		units[u] = goldUnit{cue: -1, source: -1}
	}
	for _, s := range spans {
		p := c.para[s.Start]
		k := len(paras[p].spans)
		paras[p].spans = append(paras[p].spans, s)
		for _, o := range owners[s] {
			if p == home[o.unit] {
				units[o.unit].put(o.role, k)
			}
		}
	}
	for p := range paras {
		paras[p].c = c
	}
	for u := range units {
		if units[u].cue >= 0 {
			p := &paras[home[u]]
			p.units = append(p.units, units[u])
		}
	}
	return paras
}

// put notes span k of the unit's paragraph as the unit's.
func (u *goldUnit) put(r role, k int) {
	switch r {
	case cue:
		u.cue = k
	case source:
		u.source = k
	case content:
		u.contents = append(u.contents, k)
	}
}

// goldOwners finds the tokens of each gold span, and the paragraph of each attribution's cue.
func (c *context) goldOwners(gold []Attribution) (owners map[span][]owner, home []int32) {
	owners, home = make(map[span][]owner), make([]int32, len(gold))
	for u, g := range gold {
		home[u] = -1
		for r, list := range [roles][]tok.Span{g.Source, g.Cue, g.Content} {
			for _, s := range list {
				t := c.within(s)
				if t.Len() == 0 {
					continue
				}
				if role(r) == cue {
					home[u] = c.para[t.Start]
				}
				for _, piece := range c.pieces(t) {
					e := c.newSpan(piece, role(r))
					owners[e] = append(owners[e], owner{u, role(r)})
				}
			}
		}
	}
	return owners, home
}

// pieces cuts a range at the ends of paragraphs.
func (c *context) pieces(r tok.Range) []tok.Range {
	var out []tok.Range
	for r.Len() > 0 {
		end := min(r.End, c.Paragraphs[c.para[r.Start]].End)
		out = append(out, tok.Range{Start: r.Start, End: end})
		r.Start = end
	}
	return out
}

// trainCRF learns the CRF from paragraphs that stand in the order of their articles.
func trainCRF(contexts []*context, paras []goldParagraph) (*crf, []byte) {
	opt := defaultCRF
	ix, seqs := sequences(contexts, paras, opt.least)
	t := newCRFTrainer(opt, ix, 1)
	m := t.train(seqs)
	table, enc := linear.Quantize(labels, ix, t.sum)
	m.weights = table
	for _, w := range t.ts {
		enc = binary.LittleEndian.AppendUint32(enc, math.Float32bits(w))
	}
	return m, enc
}

// sequences numbers the features that occur at least least times and lays the paragraphs out for training.
func sequences(contexts []*context, paras []goldParagraph, least uint8) (*linear.Index, []sequence) {
	counter := linear.NewCounter(least)
	var fs [maxFeatures]linear.Hash
	for _, c := range contexts {
		for _, r := range c.Paragraphs {
			for i := r.Start; i < r.End; i++ {
				counter.Count(c.features(fs[:0], i, r.Start, r.End))
			}
		}
	}
	ix := counter.Index()
	var seqs []sequence
	k := 0
	for _, c := range contexts {
		for _, r := range c.Paragraphs {
			s := sequence{gold: paras[k].labels(r)}
			k++
			for i := r.Start; i < r.End; i++ {
				for _, h := range c.features(fs[:0], i, r.Start, r.End) {
					if f := ix.Of(h); f >= 0 {
						s.features = append(s.features, f)
					}
				}
				s.ends = append(s.ends, int32(len(s.features)))
			}
			seqs = append(seqs, s)
		}
	}
	return ix, seqs
}

// labels are the gold labels of the tokens of a paragraph.
func (p *goldParagraph) labels(r tok.Range) []int8 {
	seq := make([]int8, r.Len())
	for _, sp := range p.spans {
		for i := sp.Start; i < sp.End; i++ {
			seq[i-r.Start] = int8(sp.role.inside())
		}
		seq[sp.Start-r.Start] = int8(sp.role.begin())
	}
	fixInside(seq)
	return seq
}

// fixInside makes a beginning of every inside that overlapping gold left without one.
func fixInside(seq []int8) {
	last := int8(labelO)
	for i, l := range seq {
		if !follows(int(last), int(l)) {
			seq[i] = l - 1
		}
		last = seq[i]
	}
}
