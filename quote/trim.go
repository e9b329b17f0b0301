package quote

import (
	"strings"

	"github.com/whosaid/whosaid/quote/internal/dep"
)

// trim takes out of an attribution's content what its marks show to be the
// reporter's own words.
func (a *analysis) trim(at *attribution) {
	a.dropListener(at)
	a.dropListenerBeforeThat(at)
	a.dropLead(at)
	a.dropReporter(at)
	a.dropGloss(at)
	a.dropAside(at)
	a.dropComment(at)
	a.dropExplanation(at)
	a.dropTopic(at)
	a.dropApposition(at)
	a.dropNextSentence(at)
	a.dropVenue(at)
}

// dropNextSentence ends a content behind its cue at the mark that ends the
// quotation and the sentence: in Ada Finch asked: “Is it safe?” She had looked,
// the rest is narration.
func (a *analysis) dropNextSentence(at *attribution) {
	if len(at.content) != 1 || len(at.cue) == 0 || at.cue[0].End > at.content[0].Start {
		return
	}
	r := a.wordsOf(at.content[0])
	reg := a.words[r.first].region
	if reg < 0 || a.regions[reg].first != r.first || !a.regions[reg].closed {
		return
	}
	if end := a.regions[reg].end; end > r.first+2 && end < r.end && strings.Contains(".?!", a.norm(end - 2)[:1]) && a.words[end].is(capital) && !a.anyQuoted(a.span(end, r.end)) {
		at.content[0].End = a.words[end-1].end
	}
}

// dropVenue takes out what says where something was said and ends in a title: in
// On Sunday's “Harbour Talk,” Ada Finch said the bridge leaks, the show is not said.
func (a *analysis) dropVenue(at *attribution) {
	if len(at.content) == 0 || len(at.cue) == 0 || a.base == nil || at.content[0].End > at.cue[0].Start {
		return
	}
	r := a.wordsOf(at.content[0])
	if a.pack.is(a.norm(r.first), classPreposition) && a.endsInTitle(r) {
		at.content = at.content[1:]
	}
}

// endsInTitle reports whether the words, with no verb outside marks, end in a
// quotation that is written as titles are.
func (a *analysis) endsInTitle(r wordRange) bool {
	reg := int(a.words[r.end-1].region)
	if reg < 0 || a.regions[reg].first <= r.first {
		return false
	}
	for k := r.first; k < a.regions[reg].first; k++ {
		if a.words[k].region >= 0 || a.base.Tags[k].Verb() {
			return false
		}
	}
	for k := a.regions[reg].first; k < r.end; k++ {
		if w := &a.words[k]; !w.is(capital|punct|digit) && len(w.norm) > 3 {
			return false
		}
	}
	return true
}

// dropAside ends a content after its last quotation when what follows only says
// when or where it was said: in Ada Finch called it a “disgrace” on Monday.
func (a *analysis) dropAside(at *attribution) {
	if len(at.cue) != 1 || len(at.content) == 0 {
		return
	}
	cue := a.wordsOf(at.cue[0])
	if cue.len() == 0 || a.pack.cues[a.norm(cue.end-1)]&cueCall == 0 {
		return
	}
	last := &at.content[len(at.content)-1]
	r := a.wordsOf(*last)
	end := r.first
	for end < r.end && a.words[end].region < 0 {
		end++
	}
	if end < r.end {
		end = min(a.regions[a.words[end].region].end, r.end)
	}
	if end == r.end || at.cue[0].End > last.Start {
		return
	}
	k := end
	if a.norm(k) == "," {
		k++
	}
	switch w := a.norm(k); {
	case w == "after" || w == "during" || w == "when" || w == "while" || w == "but":
	case a.pack.is(w, classAdjunct) && strings.HasSuffix(w, "day"):
	case w == "on" && strings.HasSuffix(a.norm(k+1), "day"):
	case w == "in" && (a.norm(k+1) == "a" || a.norm(k+1) == "an") && k+2 < r.end:
	default:
		return
	}
	last.End = a.words[end-1].end
}

// markedEnd is the end of the last of the words that stand in marks, r.first when none does.
func (a *analysis) markedEnd(r wordRange) int {
	end := r.end
	for end > r.first && a.words[end-1].region < 0 {
		end--
	}
	return end
}

// dropComment ends a content after its last quotation when a participle comments
// on it: in She would take it as an “insult,” effectively closing the door.
func (a *analysis) dropComment(at *attribution) {
	if len(at.content) == 0 || a.base == nil {
		return
	}
	last := &at.content[len(at.content)-1]
	r := a.wordsOf(*last)
	end := a.markedEnd(r)
	if end == r.first {
		return
	}
	for k := end; k+2 < r.end; k++ {
		if a.norm(k) != "," {
			continue
		}
		if k++; strings.HasSuffix(a.norm(k), "ly") {
			k++
		}
		if k > end+2 && strings.HasSuffix(a.norm(k), "ing") && a.base.Rels[k] == dep.Advcl && strings.HasSuffix(a.norm(k-1), "ly") {
			last.End = a.words[k-3].end
			return
		}
	}
}

// dropApposition takes out what describes the speaker behind an inverted cue:
// in It rained, said Ada Finch, the mayor of Skarn, only the clause is said.
func (a *analysis) dropApposition(at *attribution) {
	if len(at.content) != 2 || len(at.cue) != 1 || len(at.source) != 1 {
		return
	}
	src, s := at.source[0], at.content[1]
	if at.content[0].End > at.cue[0].Start || at.cue[0].End > src.Start || src.End > s.Start || a.anyQuoted(s) {
		return
	}
	r := a.wordsOf(s)
	if r.len() == 0 || a.norm(r.first-1) != "," || a.wordAt(src.End-1)+2 != r.first || !a.describes(r) {
		return
	}
	at.content = at.content[:1]
}

// describes reports whether the words begin with a noun phrase for what someone
// is and no verb: "the mayor of Skarn, who ...".
func (a *analysis) describes(r wordRange) bool {
	role := false
	for k := r.first; k < r.end && !a.words[k].is(punct); k++ {
		w := a.norm(k)
		if a.pack.is(w, classAuxiliary) || a.pack.isPronoun(w) {
			return false
		}
		_, plural, ok := a.pack.lex.role(w)
		role = role || ok && !plural
		if a.pack.is(w, classPreposition|classRelative) {
			break
		}
	}
	return role
}

// maxListener bounds the words of a listener.
const maxListener = 5

// dropListener takes out who is spoken to: in Ada Finch told reporters, “It is
// over,” the span begins at the mark.
func (a *analysis) dropListener(at *attribution) {
	for i, s := range at.content {
		r := a.wordsOf(s)
		if r.len() == 0 || len(at.cue) == 0 || at.cue[0].End > s.Start {
			continue
		}
		for k := r.first + 1; k < r.end && k <= r.first+maxListener; k++ {
			reg := int(a.words[k].region)
			if reg < 0 {
				if a.pack.cues[a.norm(k)]&speech != 0 {
					break // Walter Finch told her, “It is over,”: what is said has a speaker of its own
				}
				continue
			}
			if a.regions[reg].first == k && a.regions[reg].end >= r.end-1 && (a.norm(k-1) == "," || a.norm(k-1) == ":") && a.words[r.first].region < 0 {
				at.content[i].Start = a.words[k].start
			}
			break
		}
	}
}

// dropReporter keeps only the quotations of a content in which one stands whole
// before its cue: “It is over,” she said, and the rain set in. What has no marks
// there is narration.
func (a *analysis) dropReporter(at *attribution) {
	if len(at.content) < 2 || len(at.cue) == 0 {
		return
	}
	whole := false
	for _, s := range at.content {
		if a.endsBeforeCue(s, at) {
			whole = true
		}
	}
	if !whole {
		return
	}
	kept := make([]Span, 0, len(at.content))
	for _, s := range at.content {
		if a.anyQuoted(s) {
			kept = append(kept, s)
		}
	}
	at.content = kept
}

// endsBeforeCue reports whether the span is a whole quotation that ends in a
// comma, question or exclamation mark, with at most the source between it and the cue.
func (a *analysis) endsBeforeCue(s Span, at *attribution) bool {
	r := a.wordsOf(s)
	if r.len() < 3 {
		return false
	}
	reg := int(a.words[r.first].region)
	if reg < 0 || a.regions[reg].end != r.end || !a.regions[reg].closed || !strings.Contains(",?!", a.norm(r.end-2)) {
		return false
	}
	cue := a.wordAt(at.cue[0].Start)
	for k := r.end; k < cue; k++ {
		if k-r.end > maxNoun || a.words[k].region >= 0 || a.words[k].sent != a.words[r.end-1].sent {
			return false
		}
	}
	return cue >= r.end && cue-r.end <= maxNoun && cue < len(a.words) && a.words[cue].para == a.words[r.end-1].para
}

// anyQuoted reports whether a word of the span is in marks.
func (a *analysis) anyQuoted(s Span) bool {
	r := a.wordsOf(s)
	for k := r.first; k < r.end; k++ {
		if a.words[k].region >= 0 {
			return true
		}
	}
	return false
}

// dropGloss narrows a clause that frames one quotation and comments on it: in
// The offer was to show that “the door is open,” in effect ending the strike,
// Ada Finch said, only the part from "that" to the mark is said.
func (a *analysis) dropGloss(at *attribution) {
	if len(at.content) == 0 {
		return
	}
	for _, s := range at.content[1:] {
		if a.anyQuoted(s) {
			return
		}
	}
	r := a.wordsOf(at.content[0])
	for k := r.first + 1; k < r.end; k++ {
		reg := int(a.words[k].region)
		if reg < 0 {
			continue
		}
		end := a.regions[reg].end
		that := k - 1
		if a.pack.is(a.norm(that), classDeterminer) && a.norm(that) != a.pack.that {
			that--
		}
		if end+2 < r.end && a.norm(end-2) == "," && a.norm(that) == a.pack.that && that > r.first && a.glosses(end, r.end) {
			at.content = []Span{a.span(that, end)}
		}
		return
	}
}

// glosses reports whether words [k, end) comment on a quotation before them:
// "in effect", "in other words", "effectively" or a participle, and no further
// quotation.
func (a *analysis) glosses(k, end int) bool {
	for i := k; i < end; i++ {
		if a.words[i].region >= 0 {
			return false
		}
	}
	w := a.norm(k)
	return w == "in" && (a.norm(k+1) == "effect" || a.norm(k+1) == "other") || w == "effectively" || w == "essentially" || strings.HasSuffix(w, "ing")
}
