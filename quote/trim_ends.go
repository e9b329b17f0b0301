package quote

import "strings"

// dropListenerBeforeThat begins what is told at its "that": in Ada Finch told the
// boatmen of the northern shore that “the pier is shut,” the boatmen aren't said.
func (a *analysis) dropListenerBeforeThat(at *attribution) {
	if len(at.content) == 0 || len(at.cue) == 0 || a.base == nil || at.cue[len(at.cue)-1].End > at.content[0].Start {
		return
	}
	cue := a.wordsOf(at.cue[len(at.cue)-1])
	if class := a.pack.cues[a.norm(cue.end-1)]; class&cueTell == 0 || class&cueSay != 0 {
		return
	}
	r := a.wordsOf(at.content[0])
	for k := r.first; k < r.end-1 && k < r.first+maxToThat; k++ {
		w := &a.words[k]
		if w.region >= 0 || w.is(punct) || a.base.Tags[k].Verb() || a.pack.is(w.norm, classConjunction|classRelative) && w.norm != a.pack.that {
			return
		}
		if w.norm == a.pack.that && k > r.first && a.base.Tags[k-1].Noun() {
			at.content[0].Start = w.start
			return
		}
	}
}

// dropLead keeps only the quotation of a content in which a colon, a bracket or a
// dash leads to a whole one that ends before its cue: Walter Finch had a doubt about
// it: “Nobody has looked,” he said.
func (a *analysis) dropLead(at *attribution) {
	if len(at.content) == 0 || len(at.cue) == 0 || at.cue[0].Start < at.content[0].End {
		return
	}
	if n := len(a.pack.according); n > 0 && a.pack.beginsAccording(a.norm(a.wordAt(at.cue[0].Start))) {
		return
	}
	r := a.wordsOf(at.content[0])
	for k := r.first; k < r.end; k++ {
		reg := int(a.words[k].region)
		if reg < 0 {
			continue
		}
		first, end := a.regions[reg].first, a.regions[reg].end
		leads := strings.Contains(":(", a.norm(first-1)) || isDash(a.norm(first-1))
		if first > r.first && first == k && end >= r.end && leads && first+1 < r.end && a.words[first+1].is(capital) && strings.Contains(",?!", a.norm(end - 2)[:1]) {
			at.content[0].Start = a.words[first].start
		}
		return
	}
}

// dropExplanation ends a content at its last quotation when a dash or a clause behind a comma ("which",
// "when") explains it to the reader: in Ada Finch called it a “plank” — a word that
// boatmen use for the bridge, the dash begins the reporter's own words.
func (a *analysis) dropExplanation(at *attribution) {
	if len(at.content) == 0 || len(at.cue) == 0 {
		return
	}
	last := &at.content[len(at.content)-1]
	r := a.wordsOf(*last)
	end := a.markedEnd(r)
	if end == r.first || end == r.end || a.regions[a.words[end-1].region].end != end || !a.explains(end, r.end) {
		return
	}
	last.End = a.words[end-1].end
}

// explains reports whether words [k, end), which follow a quotation, begin with a
// dash that no other one answers, or with a clause behind a comma and "which".
func (a *analysis) explains(k, end int) bool {
	if isDash(a.norm(k)) && a.words[k].is(spaceAfter) {
		for j := k + 1; j < end; j++ {
			if isDash(a.norm(j)) && a.words[j].is(spaceBefore) {
				return false
			}
		}
		return true
	}
	comma := a.norm(k-2) == ","
	if a.norm(k) == "," {
		comma = true
		k++
	}
	if !comma || k+2 >= end {
		return false
	}
	switch a.norm(k) {
	case "which", "until", "when", "while", "as":
		return true
	}
	return false
}

// dropTopic begins a content at its quotation when what stands before it, behind the cue, ends a sentence: in
// “It leaks,” Ada Finch said of the bridge that she was to mend. “Badly.” the bridge is not said.
func (a *analysis) dropTopic(at *attribution) {
	for i := 1; i < len(at.content); i++ {
		r := a.wordsOf(at.content[i])
		if before := a.wordsOf(at.content[i-1]).end - 1; r.len() == 0 || before < 0 || a.words[before].region < 0 || a.words[r.first].region >= 0 {
			continue
		}
		k := r.first
		for k < r.end && a.words[k].region < 0 {
			k++
		}
		if k < r.end && a.regions[a.words[k].region].first == k && a.regions[a.words[k].region].end >= r.end && strings.Contains(".?!", a.norm(k - 1)[:1]) {
			at.content[i].Start = a.words[k].start
		}
	}
}
