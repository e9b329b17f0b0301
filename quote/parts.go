package quote

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// rejoin gives a quotation that its cue interrupts (“Nobody,” she said. “Not
// one.”) all its parts, where the model found only some or made a quote of each.
// The rules know the parts by their marks.
func rejoin(a *analysis, found, more []attribution) []attribution {
	c := newCover(a, len(found))
	for i := range found {
		c.add(&found[i])
	}
	for i := range more {
		at := &more[i]
		if len(at.content) < 2 || len(at.cue) == 0 || a.kindOf(at.content) != Direct || a.overParagraphs(at) {
			continue
		}
		touched := c.touching(at)
		if len(touched) == 0 || !slices.ContainsFunc(touched, func(k int) bool { return overlapping(found[k].cue, at.cue) }) {
			continue
		}
		if slices.ContainsFunc(touched, func(k int) bool {
			return !within(&found[k], at) || 2*contentLen(found[k].content) < contentLen(at.content) && len(touched) == 1 && !wholePart(&found[k], at)
		}) {
			continue
		}
		first := &found[touched[0]]
		for _, k := range touched[1:] {
			if !overlapping(first.cue, at.cue) && overlapping(found[k].cue, at.cue) {
				first.cue, first.source = found[k].cue, found[k].source
			}
			first.score = max(first.score, found[k].score)
			c.drop(k)
		}
		first.content = at.content
	}
	return c.kept(found)
}

// wholePart reports whether a content span of x is one of at's.
func wholePart(x, at *attribution) bool {
	return slices.ContainsFunc(x.content, func(s Span) bool { return slices.Contains(at.content, s) })
}

// overlapping reports whether a span of one list overlaps one of the other.
func overlapping(x, y []Span) bool {
	return slices.ContainsFunc(x, func(s Span) bool { return slices.ContainsFunc(y, s.Overlaps) })
}

// separate makes two quotes of one that a colon divides: in The rain would
// stop, Ada Finch said: “I have seen the map,” the clause is one and the
// quotation, a sentence of its own, another. (No colon, one quote: When it
// rained, Ada Finch said, “we stayed.”)
func (a *analysis) separate(found []attribution) []attribution {
	for i := range found {
		at := &found[i]
		if len(at.content) != 2 || len(at.cue) == 0 || a.anyQuoted(at.content[0]) {
			continue
		}
		k := a.wordAt(at.content[1].Start)
		if a.norm(k-1) != ":" || a.words[k].region < 0 || at.cue[0].Start < at.content[0].End || at.cue[0].Start > at.content[1].Start {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(a.raw(min(k+1, len(a.words)-1))); !unicode.IsUpper(r) {
			continue
		}
		quotation := *at
		quotation.content = []Span{at.content[1]}
		at.content = []Span{at.content[0]}
		found = append(found, quotation)
	}
	return found
}
