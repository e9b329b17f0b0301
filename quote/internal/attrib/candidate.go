package attrib

import (
	"cmp"
	"slices"

	"github.com/whosaid/whosaid/quote/internal/tok"
)

// candidate is a possible attribution with what the ranker sees of it.
type candidate struct {
	unit
	x [measures]float32
	p float32 // probability of being right
}

// biases are the preferences for finding at which the CRF is decoded: each finds
// cues and contents that the one before missed.
var biases = [...]float64{0, 1.2, 2.5, 4}

// maxSources bounds how many sources are tried for a cue.
const maxSources = 4

// proposer makes the candidates of one paragraph after another; its buffers are reused.
type proposer struct {
	m *Model
	c *context
	// the unary scores of the article's tokens
	emit [][labels]float64
	lat  lattice
	// labels at the current bias, at the last one that gave others, and at the greatest
	seq, last, most []int8

	out  []candidate
	para tok.Range
	// spans of the current bias
	spans []span
	seen  map[key]bool
	found map[tok.Range][]ranked // the sources of a cue
}

func newProposer(m *Model, c *context) *proposer {
	return &proposer{m: m, c: c, emit: m.crf.emissions(c), seen: make(map[key]bool), found: make(map[tok.Range][]ranked)}
}

// key tells units apart.
type key struct {
	cue, first, last tok.Range
	n                int
}

func (u *unit) key() key {
	return key{u.cue.Range, u.contents[0].Range, u.contents[len(u.contents)-1].Range, len(u.contents)}
}

// propose returns the candidates of a paragraph; the slice is reused by the next call.
func (p *proposer) propose(para tok.Range) []candidate {
	p.para, p.out = para, p.out[:0]
	p.lat.use(p.emit[para.Start:para.End])
	clear(p.seen)
	clear(p.found)
	p.lat.marginals(&p.m.crf.trans, &p.m.crf.start)
	p.most = p.lat.viterbi(p.most[:0], &p.m.crf.trans, &p.m.crf.start, biases[len(biases)-1])
	p.last = p.last[:0]
	for level, bias := range biases {
		if slices.Equal(p.last, p.most) {
			break // what is best at two biases is best at all between
		}
		p.seq = p.lat.viterbi(p.seq[:0], &p.m.crf.trans, &p.m.crf.start, bias)
		if slices.Equal(p.seq, p.last) {
			continue
		}
		p.last = append(p.last[:0], p.seq...)
		p.spans = p.c.spansOf(p.spans[:0], p.seq, para.Start)
		if len(p.spans) == 0 {
			continue
		}
		for _, u := range p.m.linker.link(p.c, p.spans) {
			p.variants(u, level)
		}
	}
	p.fromTree()
	return p.out
}

// variants adds a unit, and what is left of it without its outermost contents.
func (p *proposer) variants(u unit, level int) {
	p.add(u, level)
	if n := len(u.contents); n > 1 {
		for _, cut := range [][]span{u.contents[:n-1], u.contents[1:], u.contents[:1], u.contents[n-1:]} {
			v := u
			v.contents = cut
			p.add(v, level)
		}
	}
}

// add adds a unit with each source worth trying, unless it was added before.
func (p *proposer) add(u unit, level int) {
	if p.seen[u.key()] {
		return
	}
	p.seen[u.key()] = true
	sources := p.sources(&u)
	var x [measures]float32 // what the source has no part in is the same for all
	p.measureUnit(&x, &u, level)
	for rank := range sources {
		s := &sources[rank]
		if !s.none && slices.ContainsFunc(u.contents, func(c span) bool { return s.Start < c.End && c.Start < s.End }) {
			continue
		}
		cand := candidate{unit: u, x: x}
		cand.source = nil
		if !s.none {
			cand.source = &s.span
		}
		p.measureSource(cand.x[sourceMeasures:sourceMeasures], &cand.unit, rank, sources)
		p.out = append(p.out, cand)
	}
}

// ranked is a possible source with the linker's score.
type ranked struct {
	span
	none  bool
	score int32
	how   uint8 // how it was found: by the CRF, as the cue's subject, as a subject further up
}

const (
	byLabels = iota
	asSubject
	asFarSubject
)

// sources are the best sources for a unit's cue, the best first; having none is one of them.
func (p *proposer) sources(u *unit) []ranked {
	if known, ok := p.found[u.cue.Range]; ok {
		return known
	}
	var fs [maxPairFeatures]uint32
	m, c := &p.m.linker, p.c
	out := []ranked{{none: true, score: m.score(c.noSourceFeatures(fs[:0], p.spans, p.cueIndex(u), &u.cue))}}
	consider := func(s span, how uint8) {
		for i := range out {
			if !out[i].none && out[i].head == s.head {
				return
			}
		}
		out = append(out, ranked{span: s, score: m.score(c.pairFeatures(fs[:0], p.spans, &u.cue, &s)), how: how})
	}
	near := firstFrom(p.spans, u.cue.Start)
	for k := max(0, near-maxLinkDistance); k < min(len(p.spans), near+maxLinkDistance+1); k++ {
		if p.spans[k].role == source {
			consider(p.spans[k], byLabels)
		}
	}
	for how, s := range c.subjects(u.cue, p.para) {
		consider(s, how)
	}
	slices.SortStableFunc(out, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	out = out[:min(len(out), maxSources)]
	p.found[u.cue.Range] = out
	return out
}

func (p *proposer) cueIndex(u *unit) int {
	if len(p.spans) == 0 {
		return -1
	}
	k := firstFrom(p.spans, u.cue.Start)
	for k+1 < len(p.spans) && p.spans[k].role != cue {
		k++
	}
	return min(k, len(p.spans)-1)
}

// maxSource bounds a source read off the tree, in tokens.
const maxSource = 30

// subjects yields what the tree offers as the source of a cue: its subject, or
// the subject of the verbs and the noun above it.
func (c *context) subjects(cu span, para tok.Range) func(yield func(uint8, span) bool) {
	return func(yield func(uint8, span) bool) {
		how := uint8(asSubject)
		at := cu.head
		for range 4 {
			for k := max(int(c.low[at]), int(at)-maxSource); k <= min(int(c.up[at]), int(at)+maxSource); k++ {
				if c.Heads[k] != at || !c.Rels[k].Subject() {
					continue
				}
				r := c.nominal(k)
				if k < cu.Start {
					r.End = min(r.End, cu.Start)
				} else {
					r.Start = max(r.Start, cu.End)
				}
				if k >= cu.Start && k < cu.End || r.Len() <= 0 {
					continue
				}
				if !yield(how, span{r, source, int32(k)}) {
					return
				}
			}
			how = asFarSubject
			at = c.Heads[at]
			if at < 0 || int(at) < para.Start || int(at) >= para.End {
				return
			}
			if c.Tags[at].Noun() && (int(at) < cu.Start || int(at) >= cu.End) {
				if !yield(how, span{c.nominal(int(at)), source, at}) {
					return
				}
			}
		}
	}
}

// nominal is the noun phrase that ends with its head at token k: the head with
// what modifies it from the left.
func (c *context) nominal(k int) tok.Range {
	start := k
	for start > max(int(c.low[k]), k-maxNominal) && !c.Tags[start-1].Verb() && !c.pause(start-1) && c.governs(k, start-1) {
		start--
	}
	return tok.Range{Start: start, End: k + 1}
}

// maxNominal bounds the modifiers before a noun, in tokens.
const maxNominal = 12

// governs reports whether token i hangs on token k, within a few steps.
func (c *context) governs(k, i int) bool {
	for range 4 {
		if i = int(c.Heads[i]); i < 0 || i == k {
			break
		}
	}
	return i == k
}
