package quote

import (
	"slices"

	"github.com/whosaid/whosaid/quote/internal/dep"
)

// splitAtCues makes two attributions of one in which a participle of saying leads
// to a later quotation: in “It leaks,” Ada Finch said, adding later: “Badly,” there are two, with one source.
func (a *analysis) splitAtCues(found []attribution) []attribution {
	if a.base == nil {
		return found
	}
	out := make([]attribution, 0, len(found))
	for _, at := range found {
		for k := 1; k < len(at.content); k++ {
			cue := a.participle(at.content[k-1], at.content[k])
			if cue.Len() == 0 || !slices.ContainsFunc(at.cue, func(s Span) bool { return s.End <= cue.Start }) {
				continue
			}
			next := attribution{content: at.content[k:], cue: []Span{cue}, source: slices.Clone(at.source), score: at.score}
			at.content = at.content[:k:k]
			at.cue = slices.DeleteFunc(slices.Clone(at.cue), func(s Span) bool { return s.Start >= cue.Start })
			out = append(out, at)
			at, k = next, 0
		}
		out = append(out, at)
	}
	return out
}

// maxAfterCue bounds the words between a participle of saying and its quotation.
const maxAfterCue = 4

// participle is the cue between two contents that leads to the second: a participle of saying behind
// a comma, and what follows it; empty when there is none.
func (a *analysis) participle(before, after Span) Span {
	from, to := a.wordsOf(before).end, a.wordsOf(after).first
	for k := to - 1; k > from && k >= to-maxAfterCue; k-- {
		w := &a.words[k]
		if a.pack.cues[w.norm]&speech != 0 && a.base.Tags[k].String() == "VBG" && (a.norm(k-1) == "," || a.norm(k-1) == "and" || a.norm(k-1) == "but") && a.base.Rels[k] != dep.Amod {
			return Span{Start: w.start, End: after.Start}
		}
	}
	return Span{}
}

// sourcesOfParticiples mends the sources of participles of saying. One that begins its sentence has the
// subject behind it: in Calling it “a plank,” Ada Finch closed the bridge that Nils Oak had praised, she is the source. One behind a
// comma that took its source out of what somebody says in the same sentence has that one's: Ada Finch said
// that we all know the bridge, calling it “a plank.”
func (a *analysis) sourcesOfParticiples(found []attribution) {
	if a.base == nil {
		return
	}
	inSentence := map[int32][]int{} // the attributions by their cue's sentence
	for i := range found {
		if at := &found[i]; len(at.cue) > 0 {
			sent := a.words[a.wordsOf(at.cue[0]).first].sent
			if list := inSentence[sent]; len(list) < maxInSentence {
				inSentence[sent] = append(list, i)
			}
		}
	}
	for i := range found {
		at := &found[i]
		if len(at.cue) == 0 || len(at.content) == 0 || len(at.source) == 0 {
			continue
		}
		k := a.wordsOf(at.cue[0]).first
		if a.base.Tags[k].String() != "VBG" {
			continue
		}
		if s, ok := a.subjectBehind(k, at); ok {
			at.source = []Span{s}
			continue
		}
		if a.norm(k-1) != "," {
			continue
		}
		for _, j := range inSentence[a.words[k].sent] {
			o := &found[j]
			if j != i && len(o.source) > 0 && o.cue[0].Start < at.cue[0].Start && holds(o.content, at.source) && !holds(o.content, at.cue) {
				at.source = slices.Clone(o.source)
				break
			}
		}
	}
}

// maxInSentence bounds the attributions of a sentence that are compared with each other.
const maxInSentence = 16

// maxSubjectBehind bounds the words of a subject behind a fronted participle.
const maxSubjectBehind = 8

// subjectBehind is the subject that follows the content of the participle k, which begins its sentence.
func (a *analysis) subjectBehind(k int, at *attribution) (Span, bool) {
	first := a.wordsOf(at.content[len(at.content)-1]).end
	if a.sents[a.words[k].sent].first != k || first >= len(a.words) || a.wordsOf(at.source[0]).first < first {
		return Span{}, false
	}
	for first < len(a.words) && a.words[first].is(punct) {
		first++
	}
	for s := first; s < min(first+maxSubjectBehind, len(a.words)) && a.words[s].sent == a.words[k].sent && a.words[s].region < 0; s++ {
		if a.base.Rels[s].Subject() && int(a.base.Heads[s]) > s {
			return a.span(first, s+1), true
		}
	}
	return Span{}, false
}
