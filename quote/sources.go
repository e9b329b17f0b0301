package quote

import (
	"slices"

	"github.com/whosaid/whosaid/quote/internal/dep"
)

// fillSources gives a source to attributions that have a cue but none: the
// subject of the cue in the tree, else that of a rule's attribution with the same cue.
func fillSources(a *analysis, found, rules []attribution) {
	byCue := make(map[int]*attribution, len(rules))
	for i := range rules {
		if r := &rules[i]; len(r.cue) > 0 && len(r.source) > 0 {
			byCue[a.wordAt(r.cue[0].End-1)] = r
		}
	}
	for i := range found {
		at := &found[i]
		if len(at.source) > 0 && len(at.cue) > 0 {
			a.wholeSource(at)
			a.pastAccording(at)
		}
		if len(at.source) > 0 || len(at.cue) == 0 {
			continue
		}
		cue := a.wordsOf(at.cue[0])
		for k := cue.end - 1; k >= cue.first && len(at.source) == 0; k-- {
			if s := a.subjectOf(k); s.len() > 0 {
				at.source = []Span{a.span(s.first, s.end)}
			} else if r := byCue[k]; r != nil {
				at.source = r.source
			}
		}
	}
}

// wholeSource gives a source that a model begins at a preposition ("an aide | to
// Ms. Finch said") the subject that it is part of.
func (a *analysis) wholeSource(at *attribution) {
	src := a.wordsOf(at.source[0])
	if w := &a.words[src.first]; w.is(capital) || !a.pack.is(w.norm, classPreposition) {
		return
	}
	cue := a.wordsOf(at.cue[0])
	if s := a.subjectOf(cue.end - 1); s.first < src.first && src.end <= s.end && s.end <= cue.first {
		at.source[0] = a.span(s.first, s.end)
	}
}

// pastAccording cuts off a source what belongs to an "according to" before it: in
// "According to Ada Finch, Walter Finch said" a model takes both names for one source.
func (a *analysis) pastAccording(at *attribution) {
	src, cue := a.wordsOf(at.source[0]), a.wordsOf(at.cue[0])
	if cue.first < src.end || !a.behindAccording(src.first) {
		return
	}
	for k := src.end - 2; k > src.first; k-- {
		if a.norm(k) != "," {
			continue
		}
		if a.words[k+1].is(capital) { // "..., the mayor, said" is one source
			at.source[0] = a.span(k+1, src.end)
		}
		return
	}
}

// behindAccording reports whether a phrase like "according to" ends right before word k.
func (a *analysis) behindAccording(k int) bool {
	return slices.ContainsFunc(a.pack.according, func(phrase []string) bool { return a.phraseAt(k-len(phrase), phrase) })
}

// maxSubject bounds the words of a subject found in the tree, to either side of its head.
const maxSubject = 40

// maxClimb bounds how many verbs up the tree a subject is looked for.
const maxClimb = 3

// subjectOf is the subject of the verb at word k with all that hangs on it, or
// an empty range. A verb that shares the subject of another ("rose and said",
// "rose, saying") has that one's.
func (a *analysis) subjectOf(k int) wordRange {
	if a.base == nil {
		return wordRange{}
	}
	for range maxClimb {
		if r := a.ownSubject(k); r.len() > 0 {
			return r
		}
		switch a.base.Rels[k] {
		case dep.Conj, dep.Advcl, dep.Xcomp:
		default:
			return wordRange{}
		}
		if k = int(a.base.Heads[k]); k < 0 {
			break
		}
	}
	return wordRange{}
}

// ownSubject is the subject that the tree gives the word at k itself.
func (a *analysis) ownSubject(k int) wordRange {
	sent := a.sents[a.words[k].sent]
	for i := max(sent.first, k-maxSubject); i < min(sent.end, k+maxSubject); i++ {
		if int(a.base.Heads[i]) != k || !a.base.Rels[i].Subject() || a.words[i].region != a.words[k].region {
			continue
		}
		r := wordRange{i, i + 1}
		for r.first > sent.first && a.hangsOn(r.first-1, i, k) {
			r.first--
		}
		for r.end < sent.end && a.hangsOn(r.end, i, k) {
			r.end++
		}
		return r
	}
	return wordRange{}
}

// hangsOn reports whether word i is below word head in the tree without
// passing the verb.
func (a *analysis) hangsOn(i, head, verb int) bool {
	for steps := 0; i >= 0 && i != verb && steps < 12; steps++ {
		if i == head {
			return true
		}
		i = int(a.base.Heads[i])
	}
	return false
}
