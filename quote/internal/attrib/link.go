package attrib

import (
	"slices"

	"github.com/whosaid/whosaid/quote/internal/dep"
	"github.com/whosaid/whosaid/quote/internal/linear"
)

// unit is one cue with its source (nil when it has none) and contents.
type unit struct {
	cue      span
	source   *span
	contents []span
}

// maxLinkDistance bounds how many spans away, in order of the text, a cue is
// looked for; it keeps linking linear in the text.
const maxLinkDistance = 8

// link makes units of one paragraph's spans, which are in the order of the
// text: every content goes to the cue that scores best for it, and every
// cue that has contents takes its best source, if any beats having none.
func (m *linker) link(c *context, spans []span) []unit {
	byCue := make(map[int]*unit)
	var order []int
	for x := range spans {
		if spans[x].role != content {
			continue
		}
		k := m.bestCue(c, spans, x)
		if k < 0 {
			continue
		}
		u := byCue[k]
		if u == nil {
			u = &unit{cue: spans[k]}
			byCue[k] = u
			order = append(order, k)
		}
		u.contents = append(u.contents, spans[x])
	}
	units := make([]unit, 0, len(order))
	for _, k := range order {
		u := byCue[k]
		if x := m.bestSource(c, spans, k); x >= 0 {
			u.source = &spans[x]
		}
		units = append(units, *u)
	}
	return units
}

// linker scores pairs of spans.
type linker struct{ weights *linear.Table }

func (m *linker) score(fs []linear.Hash) int32 {
	var sum [1]int32
	m.weights.AddAll(sum[:], fs)
	return sum[0]
}

func (m *linker) bestCue(c *context, spans []span, x int) int {
	best, top := -1, int32(0)
	var fs [maxPairFeatures]linear.Hash
	for _, k := range candidates(spans, x, cue) {
		if s := m.score(c.pairFeatures(fs[:0], spans, &spans[k], &spans[x])); best < 0 || s > top {
			best, top = k, s
		}
	}
	return best
}

func (m *linker) bestSource(c *context, spans []span, k int) int {
	var fs [maxPairFeatures]linear.Hash
	best, top := -1, m.score(c.noSourceFeatures(fs[:0], spans, k, &spans[k]))
	for _, x := range candidates(spans, k, source) {
		if s := m.score(c.pairFeatures(fs[:0], spans, &spans[k], &spans[x])); s > top {
			best, top = x, s
		}
	}
	return best
}

// candidates are the spans of a role near span i.
func candidates(spans []span, i int, r role) []int {
	var out []int
	for k := max(0, i-maxLinkDistance); k < min(len(spans), i+maxLinkDistance+1); k++ {
		if spans[k].role == r {
			out = append(out, k)
		}
	}
	return out
}

const maxPairFeatures = 24

// pairFeatures describes the pair of a cue and a source or content, among the
// spans of their paragraph.
func (c *context) pairFeatures(fs []linear.Hash, spans []span, cu, sp *span) []linear.Hash {
	r := uint32(sp.role)
	lo, hi, side := cu, sp, uint32(1)
	if sp.Start < cu.Start {
		lo, hi, side = sp, cu, 0
	}
	gap := max(0, hi.Start-lo.End)
	var between [roles]uint32
	for i := firstFrom(spans, lo.End); i < len(spans) && spans[i].Start < hi.Start; i++ {
		n := &between[spans[i].role]
		if *n = min(3, *n+1); *n == 3 {
			break
		}
	}
	key := r<<1 | side
	btw := between[0]<<4 | between[1]<<2 | between[2]
	sents := bucket(int(max(c.sent[cu.Start]-c.sent[sp.Start], c.sent[sp.Start]-c.sent[cu.Start])))
	quoted := uint32(0)
	if c.inQuote[sp.Start] >= 0 {
		quoted = 1
	}
	last := cu.End - 1
	rel := c.relation(cu, sp)
	behind := uint32(0) // the word behind the earlier span
	if lo.End < hi.Start {
		behind = c.Words[lo.End].Form
	}
	return append(fs,
		linear.Mix(200, key, bucket(gap)),
		linear.Mix(201, key, btw),
		linear.Mix(202, key, sents<<8|btw),
		linear.Mix(203, key, quoted<<8|sents),
		linear.Mix(204, key, rel),
		linear.Mix(205, key, rel<<8|btw),
		linear.Mix(206, key, c.Words[last].Form),
		linear.Mix(207, key, uint32(c.Tags[cu.Start])<<8|uint32(c.Tags[last])),
		linear.Mix(208, key, quoted<<8|btw),
		linear.Mix(209, key<<8|uint32(c.Words[last].Class), btw),
		linear.Mix(210, key, uint32(c.Tags[sp.head])<<8|rel),
		linear.Mix(211, key, behind),
		linear.Mix(212, key<<1|quoted, behind),
		linear.Mix(213, key<<8|bucket(gap), rel<<8|btw),
	)
}

// firstFrom is the index of the first span that starts at or after the token.
func firstFrom(spans []span, token int) int {
	i, _ := slices.BinarySearchFunc(spans, token, func(s span, t int) int { return s.Start - t })
	return i
}

// relation tells how a span hangs on a cue: the relation of its head, when
// that is governed from inside the cue, or of the word between them.
func (c *context) relation(cu, sp *span) uint32 {
	h := c.Heads[sp.head]
	in := func(t int32) bool { return int(t) >= cu.Start && int(t) < cu.End }
	rel := uint32(c.Rels[sp.head])
	switch {
	case h >= 0 && in(h):
		return 1 + rel
	case h >= 0 && c.Heads[h] >= 0 && in(c.Heads[h]):
		return 101 + uint32(c.Rels[h])
	case h >= 0 && c.Heads[cu.head] == h: // siblings
		if c.Rels[cu.head] == dep.Conj {
			return 201
		}
		return 202
	case c.Heads[cu.head] >= 0 && int(c.Heads[cu.head]) >= sp.Start && int(c.Heads[cu.head]) < sp.End:
		return 210 + uint32(c.Rels[cu.head])
	}
	return 0
}

// noSourceFeatures describes cue k for the choice to give it no source.
func (c *context) noSourceFeatures(fs []linear.Hash, spans []span, k int, cu *span) []linear.Hash {
	last := cu.End - 1
	before, after := uint32(9), uint32(9)
	if k > 0 {
		before = uint32(spans[k-1].role)
	}
	if k >= 0 && k+1 < len(spans) {
		after = uint32(spans[k+1].role)
	}
	return append(fs,
		linear.Mix(250, 0, 0),
		linear.Mix(251, uint32(c.Tags[cu.Start]), uint32(c.Tags[last])),
		linear.Mix(252, c.Words[last].Form, 0),
		linear.Mix(253, before, after),
		linear.Mix(254, uint32(c.children[cu.head]), uint32(c.Rels[cu.head])),
	)
}
