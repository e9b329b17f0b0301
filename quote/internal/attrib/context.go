package attrib

import (
	"github.com/whosaid/whosaid/quote/internal/dep"
	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/ling"
	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// link ties a token to the nearest word above it in the tree that is a likely cue.
type link struct {
	cue   int32 // the cue's token, -1 for none
	child int32 // the cue's dependent whose subtree holds the token (the token itself for the cue)
	depth uint8 // steps from the token to the cue
}

// context is what the features of all tokens of an article draw on.
type context struct {
	*ling.Analysis
	share    []int8  // how often the word is part of a cue, in percent; 0 when rarely
	level    []uint8 // the same in steps: 0 never or rarely, 3 mostly
	quotes   []quoted
	inQuote  []int32 // index into quotes, -1 outside marks
	links    []link
	low, up  []int32  // first and last token of the subtree
	children []uint16 // which relations the token's dependents have
	para     []int32  // paragraph index
	sent     []int32  // sentence index
	prevCue  []int32  // nearest likely cue before the token in its sentence, -1
	nextCue  []int32
	// nearest tokens in quotation marks before and after the token, -1
	prevQuote, nextQuote []int32
	views                []view
	tail                 []int32 // of each sentence: its last likely cue when that ends it after a comma ("..., she said."), or -1
}

// quoted is a stretch of text in quotation marks: the tokens from the opening
// mark to the closing one, or to the end of the paragraph when none closes it.
type quoted struct {
	tok.Range
	closed bool
}

// maxClimb bounds the walk up the tree from each token.
const maxClimb = 10

// newContext prepares an article; lexicon gives the level of a stem.
func newContext(a *ling.Analysis, lexicon *linear.Table) *context {
	n := len(a.Tokens)
	ints := make([]int32, 9*n)
	c := &context{Analysis: a, share: make([]int8, n), level: make([]uint8, n), links: make([]link, n), children: make([]uint16, n),
		inQuote: ints[:n], low: ints[n : 2*n], up: ints[2*n : 3*n], para: ints[3*n : 4*n], sent: ints[4*n : 5*n], prevCue: ints[5*n : 6*n], nextCue: ints[6*n : 7*n],
		prevQuote: ints[7*n : 8*n], nextQuote: ints[8*n:]}
	for i := range n {
		if share, ok := lexicon.Get(a.Words[i].Stem); ok && (a.Tags[i].Verb() || !a.Tags[i].Proper()) {
			c.share[i] = share
			c.level[i] = levelOf(share)
		}
		c.inQuote[i] = -1
	}
	for p, r := range a.Paragraphs {
		for i := r.Start; i < r.End; i++ {
			c.para[i] = int32(p)
		}
		c.findQuotes(r)
	}
	c.climb()
	c.subtrees()
	c.nearestCues()
	nearest(c.prevQuote, c.nextQuote, tok.Range{End: n}, func(i int) bool { return c.inQuote[i] >= 0 })
	c.look()
	return c
}

// nearest finds for each token of r the nearest ones in r, before and after it,
// of which is holds; -1 where there is none.
func nearest(prev, next []int32, r tok.Range, is func(i int) bool) {
	last := int32(-1)
	for i := r.Start; i < r.End; i++ {
		prev[i] = last
		if is(i) {
			last = int32(i)
		}
	}
	last = -1
	for i := r.End - 1; i >= r.Start; i-- {
		next[i] = last
		if is(i) {
			last = int32(i)
		}
	}
}

func levelOf(share int8) uint8 {
	switch {
	case share > 65:
		return 3
	case share > 30:
		return 2
	}
	return 1
}

// findQuotes pairs the double quotation marks of a paragraph. Straight marks
// open or close by the spaces around them, and by turns where these don't tell.
func (c *context) findQuotes(r tok.Range) {
	open := -1
	closeAt := func(end int, closed bool) {
		if open >= 0 && end > open {
			for i := open; i < end; i++ {
				c.inQuote[i] = int32(len(c.quotes))
			}
			c.quotes = append(c.quotes, quoted{tok.Range{Start: open, End: end}, closed})
		}
		open = -1
	}
	for i := r.Start; i < r.End; i++ {
		class := c.Words[i].Class
		if class == word.Straight {
			class = c.side(r, i, open >= 0)
		}
		switch class {
		case word.Open:
			if open >= 0 && c.Words[open].Class == word.Open && c.Words[i].Class == word.Open {
				continue // nested or forgotten: the outer quote goes on
			}
			closeAt(i, false)
			open = i
		case word.Close:
			closeAt(i+1, true)
		}
	}
	closeAt(r.End, false)
}

// side tells whether the straight mark at token i opens or closes.
func (c *context) side(r tok.Range, i int, inside bool) word.Class {
	before := i > r.Start && c.Tokens[i-1].End == c.Tokens[i].Start
	after := i+1 < r.End && c.Tokens[i+1].Start == c.Tokens[i].End
	switch {
	case !before && after:
		return word.Open
	case before && !after && inside:
		return word.Close
	case before && !after:
		return word.Straight // closes nothing
	case inside:
		return word.Close
	}
	return word.Open
}

// climb finds each token's link.
func (c *context) climb() {
	for i := range c.links {
		l := link{cue: -1, child: -1}
		at := int32(i)
		if c.level[i] >= 2 {
			l.cue, l.child = at, at
		}
		for d := uint8(1); d <= maxClimb; d++ {
			h := c.Heads[at]
			if h < 0 {
				break
			}
			if c.level[h] >= 2 {
				if l.cue < 0 || l.cue == int32(i) {
					l = link{h, at, d}
				}
				break
			}
			at = h
		}
		c.links[i] = l
	}
}

// subtrees finds the extent of each token's subtree and the relations of its
// dependents, in one pass from the leaves up.
func (c *context) subtrees() {
	n := len(c.Heads)
	waiting := make([]int32, n)
	for i, h := range c.Heads {
		c.low[i], c.up[i] = int32(i), int32(i)
		if h >= 0 {
			waiting[h]++
			c.children[h] |= childBit(c.Rels[i])
		}
	}
	for i := range c.Heads {
		for at := int32(i); waiting[at] == 0; {
			waiting[at] = -1
			h := c.Heads[at]
			if h < 0 {
				break
			}
			c.low[h], c.up[h] = min(c.low[h], c.low[at]), max(c.up[h], c.up[at])
			waiting[h]--
			at = h
		}
	}
}

func childBit(r dep.Rel) uint16 {
	switch r {
	case dep.Nsubj, dep.NsubjPass:
		return 1
	case dep.Ccomp:
		return 2
	case dep.Xcomp:
		return 4
	case dep.Dobj:
		return 8
	case dep.Mark:
		return 16
	case dep.AuxPass:
		return 32
	case dep.Nmod:
		return 64
	case dep.Cop:
		return 128
	case dep.Advcl:
		return 256
	}
	return 0
}

// nearestCues finds the likely cues around each token of a sentence.
func (c *context) nearestCues() {
	c.tail = make([]int32, len(c.Sentences))
	for s, r := range c.Sentences {
		c.tail[s] = c.tailCue(r)
		for i := r.Start; i < r.End; i++ {
			c.sent[i] = int32(s)
		}
		nearest(c.prevCue, c.nextCue, r, func(i int) bool { return c.level[i] >= 2 })
	}
}

// maxTail bounds what follows a cue that ends its sentence, in tokens.
const maxTail = 7

// tailCue is the likely cue near the end of a sentence that governs no clause and has a comma before it, or -1.
func (c *context) tailCue(r tok.Range) int32 {
	for i := r.End - 1; i >= max(r.Start, r.End-maxTail); i-- {
		if c.level[i] < 2 || c.inQuote[i] >= 0 {
			continue
		}
		for k := i - 1; k > max(r.Start, i-maxSource); k-- {
			if c.Words[k].Class == word.Comma && c.inQuote[k] < 0 {
				return int32(i)
			}
		}
		return -1
	}
	return -1
}
