package quote

import (
	"slices"

	"github.com/whosaid/whosaid/quote/internal/attrib"
	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/weights"
)

// learned is the trained attributor; it knows English only.
type learned struct{ models *weights.Models }

func (l learned) attribute(a *analysis) []attribution {
	if !a.keepUnlikely {
		return attributions(l.models.Attrib.Attribute(a.base))
	}
	sure, rest := l.models.Attrib.Propose(a.base, leastWeak)
	a.unlikely = attributions(rest)
	return attributions(sure)
}

func attributions(list []attrib.Attribution) []attribution {
	out := make([]attribution, 0, len(list))
	for _, at := range list {
		out = append(out, attribution{content: spans(at.Content), cue: spans(at.Cue), source: spans(at.Source), score: at.Score})
	}
	return out
}

func spans(ts []tok.Span) []Span {
	out := make([]Span, len(ts))
	for i, t := range ts {
		out[i] = Span(t)
	}
	return out
}

// supplement adds to what the model found the quotations in marks that only the rules
// found. Where both found something, the model is right more often.
func supplement(a *analysis, found, more []attribution) []attribution {
	c := newCover(a, len(found)+len(more))
	for i := range found {
		c.add(&found[i])
	}
	model := len(found) // attributions before this are the model's
	for i := range more {
		at := &more[i]
		touched := c.touching(at)
		switch {
		case at.firm || a.overParagraphs(at):
			// The model reads paragraph by paragraph and knows no layout.
			for _, k := range touched {
				if holds(at.content, found[k].content) {
					c.drop(k)
				}
			}
		case a.kindOf(at.content) == Indirect:
			if at.score < surelySaid || len(touched) > 0 {
				continue
			}
		case !holdsAll(at, found, touched, model):
			if at = a.untouched(at, c, found); at == nil {
				continue
			}
		}
		found = append(found, *at)
		c.add(at)
	}
	return c.kept(found)
}

// untouched is a rule's quotation without the parts that the model gave to
// another quote, when the model has no quote with its words of saying; or nil.
func (a *analysis) untouched(at *attribution, c *cover, found []attribution) *attribution {
	if len(at.content) != 2 || len(at.cue) == 0 || a.kindOf(at.content) != Direct {
		return nil
	}
	first, second := *at, *at
	first.content, second.content = at.content[:1:1], at.content[1:]
	others := c.touching(&second)
	if len(c.touching(&first)) > 0 || slices.ContainsFunc(others, func(k int) bool { return overlapping(found[k].cue, at.cue) }) {
		return nil
	}
	return &first
}

// surelySaid is the score from which a rule's reported speech is added where
// the model found nothing.
const surelySaid = 0.7

// overParagraphs reports whether a quotation goes on from one paragraph to the next.
func (a *analysis) overParagraphs(at *attribution) bool {
	first, last := a.wordAt(at.content[0].Start), a.wordAt(at.content[len(at.content)-1].Start)
	return a.words[first].para != a.words[last].para && a.kindOf(at.content) == Direct
}

// holdsAll reports whether every attribution that at touches is the model's,
// lies within at and is at most half as long: what the model found inside a
// quotation, not the quotation.
func holdsAll(at *attribution, found []attribution, touched []int, model int) bool {
	for _, k := range touched {
		x := &found[k]
		if k >= model || !holds(at.content, x.content) || 2*contentLen(x.content) > contentLen(at.content) {
			return false
		}
	}
	return true
}

func contentLen(spans []Span) int {
	n := 0
	for _, s := range spans {
		n += s.Len()
	}
	return n
}

// cover tells which attributions have a word in their content, so that
// comparing them takes time in the length of the text.
type cover struct {
	a       *analysis
	last    []int32 // by word: the newest link, or -1
	links   []coverLink
	n       int    // attributions added
	dropped []bool // by attribution
	seen    []int  // by attribution: the last question that met it
	asked   int
}

// coverLink says that a word is in an attribution's content; next is the
// word's link before it, or -1.
type coverLink struct{ attribution, next int32 }

func newCover(a *analysis, most int) *cover {
	c := &cover{a: a, last: make([]int32, len(a.words)), dropped: make([]bool, most), seen: make([]int, most)}
	for i := range c.last {
		c.last[i] = -1
	}
	return c
}

// add counts at in, as the next attribution.
func (c *cover) add(at *attribution) {
	for _, s := range at.content {
		r := c.a.wordsOf(s)
		for w := r.first; w < r.end; w++ {
			c.links = append(c.links, coverLink{int32(c.n), c.last[w]})
			c.last[w] = int32(len(c.links) - 1)
		}
	}
	c.n++
}

// touching lists the attributions that share a word with at, those dropped apart.
func (c *cover) touching(at *attribution) []int {
	c.asked++
	var out []int
	for _, s := range at.content {
		r := c.a.wordsOf(s)
		for w := r.first; w < r.end; w++ {
			for l := c.last[w]; l >= 0; l = c.links[l].next {
				k := int(c.links[l].attribution)
				if c.seen[k] != c.asked && !c.dropped[k] {
					c.seen[k] = c.asked
					out = append(out, k)
				}
			}
		}
	}
	return out
}

// covering is the last added attribution whose content has the word, or -1.
func (c *cover) covering(word int) int {
	if l := c.last[word]; l >= 0 {
		return int(c.links[l].attribution)
	}
	return -1
}

func (c *cover) drop(k int) { c.dropped[k] = true }

// kept is found without the attributions that were dropped.
func (c *cover) kept(found []attribution) []attribution {
	out := found[:0]
	for k := range found {
		if !c.dropped[k] {
			out = append(out, found[k])
		}
	}
	return out
}
