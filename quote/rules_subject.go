package quote

import "strings"

// sentenceFrames finds the acts of saying in sentence i, outside quotations.
func (s *ruleScan) sentenceFrames(i int) {
	sent := s.sents[i]
	for k := sent.first; k < sent.end; k++ {
		if s.words[k].region >= 0 {
			continue
		}
		class := s.pack.cues[s.words[k].norm]
		if class == 0 || s.spokenCues[k] {
			continue
		}
		if class == cueNoun {
			s.nounFrame(k, i)
			continue
		}
		s.verbFrame(k, i, class&^cueNoun)
	}
}

// verbFrame adds the frame of the verb at word k when it is used as one and
// its subject can be found.
func (s *ruleScan) verbFrame(k, sent int, class cueClass) {
	r := s.around(k)
	start := k
	for start > r.first && s.words[start-1].region < 0 && s.inVerbGroup(start-1) {
		start--
	}
	if start-2 > r.first && s.norm(start-1) == "to" && s.norm(start-2) == "used" {
		start -= 2
	}
	if !s.usedAsVerb(k, start, r) {
		return
	}
	f := frame{cue: wordRange{start, k + 1}, class: class, sent: sent}
	if s.pack.is(s.norm(k+1), classAdverb) && k+1 < r.end && s.words[k+1].region < 0 && !s.words[k+1].is(capital) {
		f.cue.end++
	}
	switch {
	case strings.HasSuffix(s.norm(k), "ing") && start == k:
		f.src = s.participleSubject(k, r)
	case s.subjectFollows(start, r):
		f.src, f.inverted = s.subjectAfter(f.cue.end, r), true
	default:
		f.src = s.subjectBefore(start, r)
	}
	for g := start; g <= k && s.base == nil; g++ {
		if s.pack.isPronoun(s.norm(g)) {
			f.src, f.inverted = wordRange{g, g + 1}, true // "dit-elle", "a-t-elle dit"
		}
	}
	if r := s.subjectOf(k); r.len() > 0 && !f.inverted {
		for r.len() > 1 && s.words[r.first].is(punct) {
			r.first++ // a mark that closes the quotation before it
		}
		f.src = r
	}
	if f.src.len() == 0 {
		return
	}
	s.frames = append(s.frames, f)
}

// inVerbGroup reports whether word k can stand between a subject and its verb.
func (s *ruleScan) inVerbGroup(k int) bool {
	w := s.norm(k)
	return s.pack.is(w, classAuxiliary|classAdverb) || strings.HasSuffix(w, "ly") && len(w) > 4 && !s.words[k].is(capital)
}

// usedAsVerb tells a verb from the noun, adjective, passive or infinitive of
// the same form.
func (s *ruleScan) usedAsVerb(k, start int, r wordRange) bool {
	if k == r.first {
		return false
	}
	w := &s.words[k]
	if w.is(capital) && !w.is(upper) {
		return false
	}
	prev := s.norm(start - 1)
	if s.base != nil && s.base.Tags[k].Noun() && start == k && s.pack.lex.nationalities[prev] {
		return false // "Danish claims", "Republican demands"
	}
	if start > r.first && (s.pack.is(prev, classDeterminer) || prev == "'s" || prev == "'" || prev == "to" || s.pack.is(prev, classPreposition)) {
		if s.words[start-1].region < 0 && !s.pack.isPronoun(prev) {
			return false
		}
	}
	if strings.HasSuffix(w.norm, "ed") || w.norm == "said" || w.norm == "told" || w.norm == "shown" || w.norm == "written" {
		for g := start; g < k; g++ {
			if s.pack.is(s.norm(g), classBe) && s.norm(g) != "'s" && s.norm(g) != "'d" {
				return false // passive
			}
		}
	}
	return true
}

// subjectFollows reports whether what stands before the verb group ends a
// quotation or a clause, so that the subject must follow: “...,” said Ada.
func (s *ruleScan) subjectFollows(start int, r wordRange) bool {
	at := start - 1
	if at < r.first || s.words[at].para != s.words[start].para {
		return true
	}
	if s.words[at].region >= 0 {
		return true
	}
	if s.norm(at) == "," || isDash(s.norm(at)) {
		if at-1 >= r.first && s.words[at-1].region >= 0 {
			return true
		}
		return s.subjectBefore(start, r).len() == 0
	}
	return false
}

// maxNoun bounds the words of a source.
const maxNoun = 30

// subjectBefore is the noun phrase that ends before the verb group at start:
// "Ada", "the mayor of the town", "Ada, the mayor,", "Ada, who is mayor,".
func (s *ruleScan) subjectBefore(start int, r wordRange) wordRange {
	end := start
	at := start - 1
	if at < r.first {
		return wordRange{}
	}
	if s.norm(at) == "," || isDash(s.norm(at)) {
		comma := s.commaBefore(at, r)
		if comma < 0 {
			return wordRange{}
		}
		np := s.nounBefore(comma, r)
		if np.len() == 0 || !s.looksLikeSource(np) {
			return wordRange{}
		}
		return wordRange{np.first, at}
	}
	np := s.nounBefore(end, r)
	return np
}

// commaBefore finds the comma that opens the apposition that the comma at word
// at closes, or -1.
func (s *ruleScan) commaBefore(at int, r wordRange) int {
	mark := s.norm(at)
	for k := at - 1; k > r.first && k > at-maxNoun; k-- {
		if s.words[k].region >= 0 && s.regions[s.words[k].region].kind != single || s.norm(k) == ";" || s.norm(k) == ":" {
			break
		}
		if s.norm(k) == mark {
			if np := s.nounBefore(k, r); np.len() > 0 && s.words[np.end-1].is(capital|digit) && s.looksLikeSource(np) {
				return k
			}
			if k-1 == r.first || s.pack.is(s.norm(r.first), classDeterminer) && s.nounBefore(k, r).first == r.first {
				return k
			}
		}
	}
	return -1
}

// nounBefore is the noun phrase whose last word is end-1.
func (s *ruleScan) nounBefore(end int, r wordRange) wordRange {
	first := end
	for k := end - 1; k >= r.first && k >= end-maxNoun; k-- {
		w := &s.words[k]
		if w.region >= 0 {
			if s.regions[w.region].end-s.regions[w.region].first > 4 {
				break
			}
		} else if s.breaksNoun(k, end) {
			break
		}
		first = k
	}
	first = s.trimNoun(first, end)
	if first >= end || s.words[first].is(punct) && end-first == 1 {
		return wordRange{}
	}
	if end-first == 1 && s.pack.is(s.norm(first), classAuxiliary|classAdverb|classPreposition|classBreak) {
		return wordRange{}
	}
	return wordRange{first, end}
}

// breaksNoun reports whether a noun phrase that ends at end can't reach over word k.
func (s *ruleScan) breaksNoun(k, end int) bool {
	w := &s.words[k]
	if w.is(punct) {
		return w.norm != "-" && w.norm != "&" && w.norm != "$" && w.norm != "(" && w.norm != ")" && w.norm != "'"
	}
	if s.pack.is(w.norm, classRelative) {
		return k != end-1 && w.norm != "whose" && w.norm != "who" || s.norm(k-1) == ","
	}
	if s.pack.is(w.norm, classConjunction) {
		return w.norm == "but" || !s.joins(k)
	}
	if s.pack.isPronoun(w.norm) && k < end-1 {
		return true
	}
	if s.pack.is(w.norm, classAuxiliary) && w.norm != "'s" {
		return true
	}
	return s.pack.is(w.norm, classBreak) && !(s.pack.is(w.norm, classDeterminer))
}

// joins reports whether the conjunction at k joins two names or two nouns
// rather than two clauses.
func (s *ruleScan) joins(k int) bool {
	if k == 0 || k+1 >= len(s.words) || s.words[k-1].is(punct) {
		return false
	}
	next := &s.words[k+1]
	return s.words[k-1].is(capital) && next.is(capital) || !next.is(capital) && !s.pack.isPronoun(next.norm) && !s.pack.is(next.norm, classDeterminer)
}

// trimNoun drops from the front what is no part of the noun phrase: a leading
// adverbial ("On Monday Ada") and conjunctions.
func (s *ruleScan) trimNoun(first, end int) int {
	for first < end && (s.pack.is(s.norm(first), classConjunction|classAdverb) || s.words[first].is(punct) && s.norm(first) != "$") {
		first++
	}
	if first < end && s.pack.is(s.norm(first), classPreposition) {
		// "In an interview with the paper Ada": the last run of capitals, or a
		// final pronoun.
		k := end - 1
		for k > first && s.words[k].is(capital) && !s.pack.is(s.norm(k-1), classPreposition) {
			k--
		}
		if s.words[k].is(capital) {
			return k
		}
		if k < end-1 {
			return k + 1
		}
		for k > first && !s.pack.is(s.norm(k), classDeterminer) {
			k--
		}
		return max(k, first+1)
	}
	return first
}

// looksLikeSource reports whether a noun phrase before an apposition can be a
// speaker rather than an adverbial ("On Monday, ...").
func (s *ruleScan) looksLikeSource(np wordRange) bool {
	for k := np.first; k < np.end; k++ {
		if s.words[k].is(capital) && !s.pack.is(s.norm(k), classAdjunct|classDeterminer) || s.pack.isPronoun(s.norm(k)) {
			return true
		}
	}
	return s.pack.is(s.norm(np.first), classDeterminer)
}

// subjectAfter is the noun phrase that begins at word at: after an inverted verb.
func (s *ruleScan) subjectAfter(at int, r wordRange) wordRange {
	end := at
	for k := at; k < r.end && k < at+maxNoun; k++ {
		w := &s.words[k]
		if w.region >= 0 && s.regions[w.region].end-s.regions[w.region].first > 4 {
			break
		}
		if w.region < 0 && (w.is(punct) && s.breaksNoun(k, r.end) || k > at && s.endsInverted(k)) {
			break
		}
		end = k + 1
	}
	if end == at || s.pack.is(s.norm(at), classPreposition|classBreak|classAuxiliary|classAdverb) && !s.words[at].is(capital) {
		return wordRange{}
	}
	return wordRange{at, end}
}

// endsInverted reports whether an inverted subject ends before word k.
func (s *ruleScan) endsInverted(k int) bool {
	w := s.norm(k)
	if w == "of" || w == "for" || w == "from" && s.words[k+1].is(capital) {
		return false
	}
	if s.pack.is(w, classConjunction) {
		return !s.joins(k)
	}
	return s.pack.is(w, classPreposition|classAdjunct|classBreak|classRelative|classAuxiliary) && !s.words[k].is(capital) && w != "'s" || s.weekday(k)
}

func (s *ruleScan) weekday(k int) bool {
	return s.words[k].is(capital) && strings.HasSuffix(s.norm(k), "day") && s.pack.is(s.norm(k), classAdjunct)
}

// participleSubject is the subject of ", saying ...": the source of the frame
// before it in the sentence, or the sentence's first name or pronoun.
func (s *ruleScan) participleSubject(k int, r wordRange) wordRange {
	if n := len(s.frames); n > 0 {
		if f := &s.frames[n-1]; f.cue.first >= r.first && f.src.len() > 0 {
			return f.src
		}
	}
	if k == r.first || s.norm(k-1) != "," && !s.words[k-1].is(punct) {
		return wordRange{}
	}
	for i := r.first; i < k; i++ {
		w := &s.words[i]
		if w.region >= 0 {
			continue
		}
		if w.norm == "he" || w.norm == "she" || w.norm == "they" || w.norm == "who" {
			return wordRange{i, i + 1}
		}
		if w.is(capital) && !s.pack.is(w.norm, classPreposition|classDeterminer|classAdjunct|classBreak|classConjunction) && !s.pack.is(s.norm(i-1), classPreposition) {
			end := i + 1
			for end < k && s.words[end].is(capital) {
				end++
			}
			if s.norm(end) != "'s" {
				return wordRange{i, end}
			}
			i = end
		}
	}
	return wordRange{}
}

// nounFrame adds the frame of a noun of saying with a possessor: "the mayor's
// claim that ...".
func (s *ruleScan) nounFrame(k, sent int) {
	r := s.sents[sent]
	if k+1 >= r.end || s.norm(k+1) != s.pack.that || k == r.first {
		return
	}
	f := frame{cue: wordRange{k, k + 1}, class: cueShow, sent: sent}
	for j := k - 1; j >= r.first && j > k-4; j-- {
		switch w := s.norm(j); {
		case w == "'s" || w == "'":
			f.src = s.nounBefore(j, r)
		case w == "his" || w == "her" || w == "their":
			f.src = wordRange{j, j + 1}
		default:
			continue
		}
		break
	}
	if f.src.len() > 0 {
		s.frames = append(s.frames, f)
	}
}
