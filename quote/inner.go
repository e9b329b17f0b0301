package quote

import (
	"slices"
	"strings"
)

// inside is an analysis as the rules see it within what was said, which they
// read once more for what it attributes itself: in Ada Finch told the board that
// Walter Finch said it leaked, the inner quote is Walter's. (The models were
// trained on outer quotes only.) Every content is cut into sentences of its own;
// one in quotation marks is read as if it had none.
type inside struct {
	analysis
	outer []int32 // by word: 1 + index of the attribution whose content it is, or 0
}

// findInner gives every attribution those that its content holds.
func (a *analysis) findInner(found []attribution) {
	v := a.lookInside(found)
	if v == nil {
		return
	}
	reported := make([]bool, len(found)) // its inner one is known
	for i := range found {
		reported[i] = len(found[i].inner) > 0
	}
	s := newRuleScan(&v.analysis)
	for i := range v.sents {
		s.sentenceFrames(i)
	}
	s.applyFrames()
	for i := range v.sents {
		s.accordingTo(i)
	}
	end := 0 // of the inner content before: what lies in it is a third level
	for _, in := range merge(s.out) {
		if k := v.outer[a.wordAt(in.content[0].Start)]; k > 0 && !reported[k-1] && in.content[0].Start >= end && a.isInner(&in, &found[k-1]) {
			in.kind = v.kindOf(in.content)
			found[k-1].inner = append(found[k-1].inner, in)
			end = in.content[len(in.content)-1].End
		}
	}
}

// minInner is the fewest words of an inner quote, and of what may hold one.
const minInner = 3

// saidBy is the words of a content and the index of its attribution.
type saidBy struct {
	words wordRange
	at    int
}

// lookInside is the inside of the attributions' contents, or nil when none has a
// word of saying.
func (a *analysis) lookInside(found []attribution) *inside {
	var contents []saidBy
	for i := range found {
		for _, c := range found[i].content {
			if r := a.wordsOf(c); a.speaks(r) {
				contents = append(contents, saidBy{r, i})
			}
		}
	}
	if len(contents) == 0 {
		return nil
	}
	slices.SortStableFunc(contents, func(x, y saidBy) int { return x.words.first - y.words.first })
	v := &inside{analysis: *a, outer: make([]int32, len(a.words))}
	v.words, v.sents = slices.Clone(a.words), nil
	for k := range v.words {
		v.words[k].region = -1
	}
	deeper := a.nestedRegions()
	end := 0
	for _, c := range contents {
		if c.words.first >= end {
			v.cutOut(a, c, deeper)
			end = c.words.end
		}
	}
	for k := range v.words { // what nobody says is in a sentence without words
		if v.outer[k] == 0 {
			v.words[k].sent = int32(len(v.sents))
		}
	}
	v.sents = append(v.sents, wordRange{})
	return v
}

// cutOut makes a content's sentences.
func (v *inside) cutOut(a *analysis, c saidBy, deeper []int32) {
	r := c.words
	marked := a.oneRegion(r)
	if marked {
		r = a.withoutMarks(r)
	}
	for k := r.first; k < r.end; k++ {
		v.outer[k] = int32(c.at + 1)
		if k == r.first || a.words[k].sent != a.words[k-1].sent {
			v.sents = append(v.sents, wordRange{k, k})
		}
		last := len(v.sents) - 1
		v.sents[last].end = k + 1
		v.words[k].sent = int32(last)
		if v.words[k].region = a.words[k].region; marked {
			v.words[k].region = deeper[k]
		}
	}
}

// oneRegion reports whether all words lie in one region.
func (a *analysis) oneRegion(r wordRange) bool {
	reg := a.words[r.first].region
	return reg >= 0 && a.words[r.end-1].region == reg
}

// withoutMarks is the words r of one region without its own marks.
func (a *analysis) withoutMarks(r wordRange) wordRange {
	reg := &a.regions[a.words[r.first].region]
	if reg.opened && r.first == reg.first {
		r.first++
	}
	if reg.closed && r.end == reg.end {
		r.end--
	}
	return r
}

// nestedRegions tells by word which region within its outermost one it lies in,
// or -1.
func (a *analysis) nestedRegions() []int32 {
	deeper := make([]int32, len(a.words))
	for k := range deeper {
		deeper[k] = -1
	}
	for i := range a.regions {
		r := &a.regions[i]
		if !r.nested || deeper[r.first] >= 0 {
			continue
		}
		for k := r.first; k < r.end; k++ {
			deeper[k] = int32(i)
		}
	}
	return deeper
}

// speaks reports whether a word of saying stands among the words, and enough
// others for somebody and what they say.
func (a *analysis) speaks(r wordRange) bool {
	if r.len() < minInner+2 {
		return false
	}
	for k := r.first; k < r.end; k++ {
		if w := a.norm(k); a.pack.cues[w]&speech != 0 || a.pack.beginsAccording(w) {
			return true
		}
	}
	return false
}

// isInner reports whether an attribution stands wholly in another's content, is
// of speech, and not by its speaker or listener again: "I told you that".
func (a *analysis) isInner(in, at *attribution) bool {
	if len(in.source) == 0 || len(in.cue) == 0 || a.wordsOf(in.content[0]).len() < minInner {
		return false
	}
	if !holds(at.content, in.content) || !holds(at.content, in.cue) || !holds(at.content, in.source) {
		return false
	}
	cue, src := a.wordsOf(in.cue[0]), a.wordsOf(in.source[0])
	if src.len() == 1 && (a.pack.is(a.norm(src.first), classFirst) || strings.HasPrefix(a.norm(src.first), "you")) {
		return false
	}
	switch class := a.pack.cues[a.norm(cue.end-1)]; {
	case class&speech != 0:
		return true
	case class&cueShow != 0: // "a report found that it leaked"
		return a.norm(a.wordAt(in.content[0].Start)) == a.pack.that
	}
	return cue.len() > 1 // according to
}

// reportedBy finds what a model takes for one level and is two, by what the rules
// found: in Ada Finch said it leaked, according to the Courier the outer quote is
// the Courier's, as people mark it; and in Ada Finch said Walter Finch told her:
// “It leaks” hers begins before his name. What she herself says in marks stays hers.
func (a *analysis) reportedBy(found, byRule []attribution) {
	c, starts := newCover(a, len(found)), make(map[int]int, len(found))
	for i := range found {
		c.add(&found[i])
		if len(found[i].content) > 0 {
			starts[found[i].content[0].Start] = i
		}
	}
	for i := range byRule {
		r := &byRule[i]
		switch {
		case len(r.cue) == 0 || len(r.source) == 0 || len(r.content) == 0:
		case a.isAccording(r):
			for _, k := range c.touching(r) {
				a.reportedAccording(&found[k], r)
			}
		default:
			if k, ok := starts[r.content[0].Start]; ok {
				reportedTelling(&found[k], r)
			}
		}
	}
}

// isAccording reports whether the cue is one of the phrases like "according to".
func (a *analysis) isAccording(at *attribution) bool {
	cue := a.norm(a.wordAt(at.cue[0].Start))
	return a.pack.cues[cue] == 0 && a.pack.beginsAccording(cue)
}

// reportedAccording puts r, by an "according to", in the place of an attribution
// without marks that makes up most of its content.
func (a *analysis) reportedAccording(at, r *attribution) {
	if len(at.cue) == 0 || len(at.source) == 0 || len(at.inner) > 0 || a.kindOf(at.content) != Indirect || !holds(r.content, at.content) || !holds(r.content, at.cue) || !holds(r.content, at.source) {
		return
	}
	if 10*(contentLen(at.content)+contentLen(at.cue)+contentLen(at.source)) < 8*contentLen(r.content) {
		return
	}
	inner := *at
	*at = *r
	at.inner = []attribution{inner}
}

// reportedTelling widens an attribution of the quotation that r gives to
// somebody else, whose name and word of saying stand between.
func reportedTelling(at, r *attribution) {
	if len(at.cue) == 0 || at.cue[0].End > r.source[0].Start || r.source[0].Start > r.cue[0].Start || r.cue[0].End > at.content[0].Start {
		return
	}
	at.content[0].Start = r.source[0].Start
}

// holds reports whether every span lies in one of the others.
func holds(in, spans []Span) bool {
	for _, s := range spans {
		if !slices.ContainsFunc(in, func(t Span) bool { return t.Contains(s) }) {
			return false
		}
	}
	return true
}
