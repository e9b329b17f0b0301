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
		if carve(a, c, found, at) || extend(a, c, found, at) || resume(a, c, found, at) {
			continue
		}
		if len(at.content) < 2 || len(at.cue) == 0 || a.kindOf(at.content) != Direct || a.overParagraphs(at) {
			continue
		}
		touched := c.touching(at)
		if len(touched) == 0 || !slices.ContainsFunc(touched, func(k int) bool { return overlapping(found[k].cue, at.cue) }) {
			continue
		}
		if slices.ContainsFunc(touched, func(k int) bool {
			return !holds(at.content, found[k].content) || 2*contentLen(found[k].content) < contentLen(at.content) && len(touched) == 1 && !wholePart(&found[k], at)
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

// carve puts right a clause of which the model took the words of saying for
// said: in The offer, Ada Finch said, was the last one, the rule knows the cue.
func carve(a *analysis, c *cover, found []attribution, at *attribution) bool {
	if len(at.content) != 2 || len(at.cue) != 1 || len(at.source) != 1 {
		return false
	}
	cue, src := at.cue[0], at.source[0]
	if cue.Start < at.content[0].End || cue.End > at.content[1].Start || a.words[a.wordAt(cue.Start)].region >= 0 {
		return false
	}
	k := c.covering(a.wordAt(cue.Start))
	if k < 0 {
		return false
	}
	x := &found[k]
	for i, s := range x.content {
		if !s.Contains(cue) || !s.Contains(src) || len(x.cue) == 0 || x.cue[0].Start < s.Start {
			continue
		}
		before, after := at.content[0], at.content[1]
		if !s.Overlaps(before) || !s.Overlaps(after) {
			continue
		}
		x.content = slices.Replace(x.content, i, i+1, Span{s.Start, before.End}, Span{after.Start, s.End})
		x.cue, x.source = at.cue, at.source
		return true
	}
	return false
}

// extend lets a clause that the model cut short go on to the quotation in it: in
// Ada Finch said it would be a day of rain, one of “wind and hail,” the rule found
// the quotation by words inside the clause.
func extend(a *analysis, c *cover, found []attribution, at *attribution) bool {
	if len(at.content) != 1 || len(at.cue) != 1 || !a.anyQuoted(at.content[0]) {
		return false
	}
	cue := a.wordAt(at.cue[0].Start)
	k := c.covering(cue)
	if k < 0 || a.words[cue].region >= 0 || len(c.touching(at)) > 0 {
		return false
	}
	last := &found[k].content[len(found[k].content)-1]
	if !last.Contains(at.cue[0]) || last.End > at.content[0].Start || a.words[cue].sent != a.words[a.wordAt(at.content[0].Start)].sent {
		return false
	}
	last.End = at.content[0].End
	return true
}

// resume gives a clause that its words of saying interrupt its beginning, where
// the model found only the rest: in The offer, Ada Finch said, was the last one,
// what is said needs its subject.
func resume(a *analysis, c *cover, found []attribution, at *attribution) bool {
	if len(at.content) != 2 || len(at.cue) != 1 || a.base == nil || a.anyQuoted(at.content[0]) {
		return false
	}
	first := at.content[0]
	cue, rest := a.wordAt(at.cue[0].Start), a.wordAt(at.content[1].Start)
	if at.cue[0].Start < first.End || cue > rest || a.words[rest].region >= 0 {
		return false
	}
	k := c.covering(rest)
	if k < 0 || len(found[k].content) != 1 || a.wordAt(found[k].content[0].Start) != rest || !overlapping(found[k].cue, at.cue) {
		return false
	}
	before := *at
	before.content = at.content[:1]
	if len(c.touching(&before)) > 0 {
		return false
	}
	found[k].content = []Span{first, found[k].content[0]}
	return true
}

// stray takes out of a quotation a part that another sentence holds and that
// its own words of saying don't reach, where the rules found the rest alone.
func stray(a *analysis, found, more []attribution) []attribution {
	byCue := make(map[int]*attribution, len(more))
	for i := range more {
		if at := &more[i]; len(at.cue) == 1 && len(at.content) == 1 && a.kindOf(at.content) == Direct {
			byCue[a.wordAt(at.cue[0].Start)] = at
		}
	}
	for i := range found {
		x := &found[i]
		if len(x.content) != 2 || len(x.cue) == 0 || x.cue[0].Start < x.content[1].End {
			continue
		}
		at := byCue[a.wordAt(x.cue[0].Start)]
		first := a.upToMark(x.content[0])
		if at == nil || at.content[0] != x.content[1] || !a.narrates(Span{first.End, x.content[1].Start}) {
			continue
		}
		found = append(found, attribution{content: []Span{first}, score: scoreFloating})
		found[i].content = at.content
	}
	return found
}

// upToMark is the span up to its last word in quotation marks.
func (a *analysis) upToMark(s Span) Span {
	r := a.wordsOf(s)
	for k := r.end - 1; k >= r.first; k-- {
		if a.words[k].region >= 0 {
			return Span{s.Start, a.words[k].end}
		}
	}
	return s
}

// minNarration is the fewest words outside quotations that narrate something.
const minNarration = 4

// narrates reports whether the span holds a clause of narration.
func (a *analysis) narrates(s Span) bool {
	n := 0
	r := a.wordsOf(s)
	for k := r.first; k < r.end; k++ {
		if a.words[k].region < 0 && !a.words[k].is(punct) {
			n++
		}
	}
	return n >= minNarration
}

// minClause and maxClause bound the words of a clause that a quotation ends.
const (
	minClause = 4
	maxClause = 40
)

// leadIn adds to a quotation that ends a clause the clause before its cue: When
// it rained, Ada Finch said, “we stayed.”
func (a *analysis) leadIn(found []attribution) {
	for i := range found {
		at := &found[i]
		if len(at.content) != 1 || len(at.cue) != 1 || len(at.source) != 1 || at.cue[0].End > at.content[0].Start {
			continue
		}
		k, first := a.wordAt(at.content[0].Start), a.wordAt(min(at.source[0].Start, at.cue[0].Start))
		sent := a.sents[a.words[first].sent]
		if a.words[k].region < 0 || a.norm(k-1) != "," || k-1 != a.wordAt(max(at.cue[0].End, at.source[0].End)) || !a.words[k].is(spaceBefore) || k+1 >= len(a.words) || a.words[k+1].is(capital) {
			continue
		}
		if n := first - sent.first; n <= minClause || n > maxClause || a.norm(first-1) != "," || a.base == nil {
			continue
		}
		clause := a.span(sent.first, first-1)
		verb := false
		for j := sent.first; j < first; j++ {
			verb = verb || a.base.Rels[j].Subject()
		}
		if verb && !a.anyQuoted(clause) {
			at.content = []Span{clause, at.content[0]}
		}
	}
}
