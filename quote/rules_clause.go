package quote

import "strings"

// clauseEnd is where a clause that begins before word at ends, at most at end:
// before a frame that hangs on it (", adding that", ", according to") and
// before the full stop.
func (s *ruleScan) clauseEnd(at, end, frame int) int {
	for k := at; k < end; k++ {
		if s.words[k].region >= 0 {
			continue
		}
		if s.norm(k) == "," && (s.accordingAt(k+1) > 0 || s.hangingFrame(k+1, frame+1)) {
			end = k
			break
		}
	}
	for end > at && s.words[end-1].region < 0 && s.words[end-1].is(punct) && !strings.Contains(")]%$", s.norm(end - 1)[:1]) {
		end--
	}
	return end
}

// hangingFrame reports whether a frame from index i on begins at word k with a
// participle: ", adding that ...".
func (s *ruleScan) hangingFrame(k, i int) bool {
	for ; i < len(s.frames) && s.frames[i].cue.first <= k; i++ {
		if s.frames[i].cue.first == k && strings.HasSuffix(s.norm(k), "ing") {
			return true
		}
	}
	return false
}

// maxToThat bounds the words between a cue and its "that".
const maxToThat = 14

// clauseAfter is the rule She said (that) ..., She told him that ..., She
// vowed to ..., She called it “...”.
func (s *ruleScan) clauseAfter(i int) bool {
	f := &s.frames[i]
	sent := s.around(f.cue.first)
	start, score := f.end(), scoreReported
	if start >= sent.end || s.words[start].region >= 0 && f.class&(speech|cueCall) == 0 {
		return false
	}
	switch that := s.thatAfter(start, sent.end, f.class); {
	case that >= 0:
		start = that
		if f.class&(cueSay|cueTell) != 0 && f.class&cueThink == 0 {
			score = scoreSaidThat
		}
	case f.class&cueIntend != 0 && s.norm(start) == "to":
		score = scoreAttitude
	case f.class&cueCall != 0:
		score = scoreAttitude
		if !s.objectAt(start) {
			return false
		}
	case f.class&cueTell != 0 && f.class&cueSay == 0:
		return false
	case f.class&(cueSay|cueThink|cueShow) != 0 && s.bareClause(start, sent.end):
		if w := s.norm(f.cue.end - 1); (w == "says" || w == "said") && s.base != nil && !f.inverted && f.src.end == f.cue.first && !s.words[f.src.end-1].is(punct) {
			score = scoreSaidThat // as sure without "that" as other verbs with it
		}
	default:
		return false
	}
	end := s.clauseEnd(start, sent.end, i)
	if end-start < 2 {
		return false
	}
	if s.hasRegion(start, end) {
		if s.allUsed(start, end) {
			return false
		}
		score = scoreMixed
	}
	s.useRegions(start, end)
	s.add(attribution{content: []Span{s.span(start, end)}, score: score}, f)
	return true
}

// thatAfter is the index of the "that" (or, for asking and knowing, the
// "whether") that begins the clause after a cue, or -1.
func (s *ruleScan) thatAfter(at, end int, class cueClass) int {
	for k := at; k < end && k < at+maxToThat; k++ {
		w := &s.words[k]
		if w.region >= 0 || w.is(punct) && w.norm != "," {
			return -1
		}
		if w.norm == s.pack.that {
			if class&(cueCall|cueIntend) != 0 && class&(cueSay|cueTell) == 0 && k > at {
				return -1
			}
			return k
		}
		if k == at && (w.norm == "whether" || w.norm == "why" || w.norm == "how") {
			return k
		}
		if class&cueTell == 0 && !s.adjunctWord(k, class) {
			return -1
		}
	}
	return -1
}

// bareClause reports whether the words from at on can be a clause without
// "that": they begin with its subject.
func (s *ruleScan) bareClause(at, end int) bool {
	w := &s.words[at]
	if w.region >= 0 || w.is(punct) || end-at < 3 {
		return false
	}
	if s.pack.is(w.norm, classDeterminer|classFirst) || w.is(capital) || s.pack.isPronoun(w.norm) {
		return true
	}
	return !s.pack.is(w.norm, classPreposition|classAdjunct|classConjunction|classBreak|classAdverb) || w.norm == "there"
}

// objectAt reports whether an object can begin at word at.
func (s *ruleScan) objectAt(at int) bool {
	w := &s.words[at]
	return w.region >= 0 || !w.is(punct) && !s.pack.is(w.norm, classAdjunct|classConjunction|classBreak|classAdverb)
}

func (s *ruleScan) hasRegion(first, end int) bool {
	for k := first; k < end; k++ {
		if s.words[k].region >= 0 {
			return true
		}
	}
	return false
}

func (s *ruleScan) allUsed(first, end int) bool {
	for k := first; k < end; k++ {
		if r := s.words[k].region; r >= 0 && !s.used[r] {
			return false
		}
	}
	return true
}

// clauseBefore is the rule ..., she said. and ..., she said, ...
func (s *ruleScan) clauseBefore(i int) bool {
	f := &s.frames[i]
	sent := s.around(f.cue.first)
	first := f.first()
	if first < sent.first+2 || s.norm(first-1) != "," || s.words[first-1].region >= 0 || first == sent.first+2 && !s.namesSubject(sent.first) {
		return false
	}
	start := sent.first
	for start < first && s.words[start].is(punct) && s.words[start].region < 0 {
		start++
	}
	after := f.end()
	content := []Span{s.span(start, first-1)}
	score := scoreReported
	if f.class&(cueSay|cueTell) != 0 {
		score = scoreSaidThat
	}
	switch {
	case after >= sent.end || strings.Contains(".?!", s.norm(after)[:1]):
	case s.norm(after) == "," && after+2 < sent.end:
		if end := s.clauseEnd(after+1, sent.end, i); end > after+2 && !s.hangingFrame(after+1, i+1) {
			content = append(content, s.span(after+1, end))
			s.useRegions(after+1, end)
		}
	case !s.pack.is(s.norm(after), classAdjunct|classPreposition|classAdverb):
		return false
	}
	if s.hasRegion(start, first-1) {
		score = scoreMixed
	}
	s.useRegions(start, first-1)
	s.add(attribution{content: content, score: score}, f)
	return true
}

// namesSubject reports whether word k, which alone stands before a cue, begins
// the clause that the cue interrupts: "Skarn, she said, is ready" goes on with
// what is said, "Still, she said, ..." doesn't begin it.
func (s *ruleScan) namesSubject(k int) bool {
	w := &s.words[k]
	if w.is(punct) || w.region >= 0 || s.pack.is(w.norm, classAdverb|classConjunction|classPreposition|classBreak|classAdjunct) {
		return false
	}
	return s.base == nil || s.base.Tags[k].Noun() || s.pack.isPronoun(w.norm)
}
