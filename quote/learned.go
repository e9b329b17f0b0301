package quote

import (
	"slices"

	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/weights"
)

// learned is the trained attributor; it knows English only.
type learned struct{ models *weights.Models }

func (l learned) attribute(a *analysis) []attribution {
	var out []attribution
	for _, at := range l.models.Attrib.Attribute(a.base) {
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
	taken := make([]bool, len(a.words))
	mark := func(at *attribution) {
		for _, s := range at.content {
			r := a.wordsOf(s)
			for k := r.first; k < r.end; k++ {
				taken[k] = true
			}
		}
	}
	for i := range found {
		mark(&found[i])
	}
	n := len(found)
	for i := range more {
		at := &more[i]
		if at.firm || a.overParagraphs(at) {
			// The model reads paragraph by paragraph and knows no layout.
			found = append(a.outside(found, at), *at)
			n = min(n, len(found)-1)
			mark(at)
			continue
		}
		if a.kindOf(at.content) == Indirect || a.anyTaken(at, taken) && !holdsAll(at, found[:n]) {
			continue
		}
		mark(at)
		found = append(found, *at)
	}
	return found
}

// overParagraphs reports whether a quotation goes on from one paragraph to the next.
func (a *analysis) overParagraphs(at *attribution) bool {
	first, last := a.wordAt(at.content[0].Start), a.wordAt(at.content[len(at.content)-1].Start)
	return a.words[first].para != a.words[last].para && a.kindOf(at.content) == Direct
}

// outside are the attributions that lie not wholly within at.
func (a *analysis) outside(found []attribution, at *attribution) []attribution {
	return slices.DeleteFunc(found, func(x attribution) bool {
		for _, s := range x.content {
			if !slices.ContainsFunc(at.content, func(t Span) bool { return t.Contains(s) }) {
				return false
			}
		}
		return true
	})
}

// holdsAll reports whether every attribution that overlaps at lies within it and
// is at most half as long: what the model found inside a quotation, not the quotation.
func holdsAll(at *attribution, found []attribution) bool {
	for i := range found {
		overlap, n := 0, 0
		for _, s := range found[i].content {
			n += s.Len()
			for _, t := range at.content {
				if s.Overlaps(t) {
					overlap += min(s.End, t.End) - max(s.Start, t.Start)
				}
			}
		}
		if overlap > 0 && (overlap < n || 2*n > contentLen(at.content)) {
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

func (a *analysis) anyTaken(at *attribution, taken []bool) bool {
	for _, s := range at.content {
		r := a.wordsOf(s)
		for k := r.first; k < r.end; k++ {
			if taken[k] {
				return true
			}
		}
	}
	return false
}
