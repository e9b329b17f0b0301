package quote

import (
	"slices"
	"strings"
)

// accordingAt is the number of words of an "according to" phrase at word k, or 0.
func (s *ruleScan) accordingAt(k int) int {
	for _, phrase := range s.pack.according {
		if s.phraseAt(k, phrase) && !s.hasRegion(k, k+len(phrase)) {
			return len(phrase)
		}
	}
	return 0
}

// phraseAt reports whether the words from word k on are those of a phrase.
func (a *analysis) phraseAt(k int, phrase []string) bool {
	for i, w := range phrase {
		if a.norm(k+i) != w {
			return false
		}
	}
	return true
}

// beginsAccording reports whether a word begins a phrase like "according to".
func (p *pack) beginsAccording(norm string) bool {
	return slices.ContainsFunc(p.according, func(phrase []string) bool { return phrase[0] == norm })
}

// accordingTo is the rule According to Ada, ... and ..., according to Ada.
func (s *ruleScan) accordingTo(sent int) {
	whole := s.sents[sent]
	for k := whole.first; k < whole.end; k++ {
		n := s.accordingAt(k)
		if n == 0 || k+n >= whole.end {
			continue
		}
		r := s.around(k)
		src := s.accordingSource(k+n, r)
		if src.len() == 0 {
			continue
		}
		f := frame{cue: wordRange{k, k + n}, src: src, sent: sent}
		var content []Span
		before, after := k, src.end
		for before > r.first && s.words[before-1].is(punct) && s.words[before-1].region < 0 {
			before--
		}
		for after < r.end && s.words[after].is(punct) && s.words[after].region < 0 {
			after++
		}
		if before > r.first+1 {
			content = append(content, s.span(r.first, before))
			s.useRegions(r.first, before)
		}
		if end := s.clauseEnd(after, r.end, len(s.frames)); end > after+1 && (before == r.first || s.norm(src.end) == "," && end > after+3) {
			content = append(content, s.span(after, end))
			s.useRegions(after, end)
		}
		if len(content) > 0 {
			s.add(attribution{content: content, score: scoreAccording}, &f)
		}
		k = src.end - 1
	}
}

// accordingSource is the noun phrase at word at, up to a comma or the end of
// the sentence.
func (s *ruleScan) accordingSource(at int, r wordRange) wordRange {
	end := at
	for end < r.end && end < at+maxNoun {
		w := &s.words[end]
		if w.region < 0 && w.is(punct) && s.breaksNoun(end, r.end) || s.pack.is(w.norm, classRelative) {
			break
		}
		end++
	}
	if close := s.apposedUpTo(end, r); close > 0 && s.words[end-1].is(capital) {
		end = close
	}
	return wordRange{at, end}
}

// apposedUpTo is the comma that closes a description which the comma at word k
// opens (", the mayor of Skarn,"), or 0.
func (s *ruleScan) apposedUpTo(k int, r wordRange) int {
	if s.norm(k) != "," || !s.pack.is(s.norm(k+1), classDeterminer) || s.base == nil {
		return 0
	}
	role := false
	for j := k + 1; j < min(r.end-1, k+maxRole); j++ {
		switch {
		case s.norm(j) == "," && role:
			return j
		case s.words[j].is(punct) || s.words[j].region >= 0 || s.base.Tags[j].Verb():
			return 0
		}
		_, plural, ok := s.pack.lex.role(s.norm(j))
		role = role || ok && !plural
	}
	return 0
}

// labels is the rule for transcripts and interviews: NAME: what was said. It
// needs at least two paragraphs that begin so.
func (s *ruleScan) labels() {
	type label struct{ src, content wordRange }
	var found []label
	for _, r := range s.paraWords {
		if r.len() == 0 {
			continue
		}
		if k, _ := kindOfMark(s.raw(r.first)); k != noMark {
			r.first++ // a transcript in quotation marks
		}
		for r.len() > 0 && isEmphasis(s.norm(r.first)) {
			r.first++ // **NAME:** in Markdown
		}
		if n := s.labelAt(r); n > 0 {
			l := label{wordRange{r.first, r.first + n}, wordRange{r.first + n + 1, r.end}}
			for l.src.len() > 1 && isEmphasis(s.norm(l.src.end-1)) {
				l.src.end-- // **NAME**:
			}
			for l.content.len() > 1 && isEmphasis(s.norm(l.content.first)) {
				l.content.first++
			}
			found = append(found, l)
		}
	}
	if len(found) < 2 {
		return
	}
	for _, l := range found {
		s.useRegions(l.content.first, l.content.end)
		if r := s.words[l.src.first].region; r >= 0 {
			s.used[r] = true
		}
		f := frame{cue: wordRange{l.src.end, l.src.end + 1}, src: l.src}
		s.add(attribution{content: []Span{s.span(l.content.first, l.content.end)}, score: scoreLabel, firm: true}, &f)
	}
}

// isEmphasis reports whether the word is a mark of emphasis in Markdown.
func isEmphasis(w string) bool { return strings.Trim(w, "*_") == "" }

// maxLabel bounds the words of a speaker's label.
const maxLabel = 5

// labelAt is the number of words of the speaker's label that begins paragraph r, or 0.
func (s *ruleScan) labelAt(r wordRange) int {
	for n := 0; n <= maxLabel && r.first+n < r.end; n++ {
		w := &s.words[r.first+n]
		if w.norm == ":" {
			if n == 0 || r.end-r.first-n < 3 {
				return 0
			}
			return n
		}
		if isEmphasis(w.norm) && n > 0 {
			continue
		}
		if strings.HasPrefix(w.norm, "@") && len(w.norm) > 2 {
			continue // a post: "@finch: ..."
		}
		if !w.is(capital) || w.is(punct) && !strings.Contains(".-", w.norm) {
			return 0
		}
	}
	return 0
}

// signed is the rule for statements with their speaker below or behind them:
// “...” — Ada Lovelace, London.
func (s *ruleScan) signed() {
	for r := range s.regions {
		reg := &s.regions[r]
		if s.used[r] || reg.nested || reg.end >= len(s.words) || !isDash(s.norm(reg.end)) {
			continue
		}
		dash := reg.end
		end := s.paraWords[s.words[dash].para].end
		src := s.signature(dash+1, end)
		if src.len() == 0 || s.paraWords[s.words[reg.first].para].first != reg.first {
			continue
		}
		s.used[r] = true
		f := frame{cue: wordRange{dash, dash + 1}, src: src}
		s.add(attribution{content: []Span{s.span(reg.first, reg.end)}, score: scoreLabel, firm: true}, &f)
	}
}

// letters is the rule for a letter or statement quoted over paragraphs, each
// opening with a mark, whose last line ends in the name of who signs it.
func (s *ruleScan) letters() {
	for r := range s.regions {
		reg := &s.regions[r]
		if s.used[r] || reg.nested || reg.continues || reg.closed || s.paraWords[s.words[reg.first].para].first != reg.first {
			continue
		}
		last := &s.regions[s.lastPart(r)]
		src := s.signedBy(last)
		if src.len() == 0 || s.words[last.first].para-s.words[reg.first].para < 2 {
			continue
		}
		s.used[r] = true
		content := append([]Span{s.span(reg.first, reg.end)}, s.laterParagraphs(r)...)
		s.out = append(s.out, attribution{content: content, source: []Span{s.span(src.first, src.end)}, score: scoreLabel, firm: true})
	}
}

// signedBy is the name that ends a short last paragraph of a letter: “Yours,
// Ada Finch”.
func (s *ruleScan) signedBy(reg *region) wordRange {
	end := reg.end
	if reg.closed {
		end--
	}
	if end-reg.first > maxSignature {
		return wordRange{}
	}
	first := end
	for first > reg.first && s.words[first-1].is(capital) && !s.words[first-1].is(punct) {
		first--
	}
	if n := end - first; n < 2 || n > maxLabel || s.norm(first-1) != "," && !isDash(s.norm(first-1)) {
		return wordRange{}
	}
	return wordRange{first, end}
}

// maxSignature bounds the words of a signature.
const maxSignature = 24

// signature is the name at word at, when the rest of the paragraph, up to end,
// can be a signature: short and with no sentence of its own.
func (s *ruleScan) signature(at, end int) wordRange {
	if at >= end || end-at > maxSignature || !s.words[at].is(capital) {
		return wordRange{}
	}
	stop := at
	for stop < end && !s.words[stop].is(punct) {
		stop++
	}
	return wordRange{at, stop}
}

// introduced is the rule for a quotation behind a colon with no word of saying:
// Ada Finch made this remark: “...”, in the same paragraph or as the next. The
// subject of the last clause said it.
func (s *ruleScan) introduced() {
	if s.base == nil {
		return
	}
	for r := range s.regions {
		reg := &s.regions[r]
		if s.used[r] || reg.nested || reg.end-reg.first < minFloating || s.norm(reg.first-1) != ":" || s.words[reg.first-1].region >= 0 {
			continue
		}
		sameParagraph := s.words[reg.first].para == s.words[reg.first-1].para
		if !s.wholeSentences(reg) || !sameParagraph && !s.standsAlone(r) {
			continue
		}
		verb, src := s.lastVerb(int(s.words[reg.first-1].sent), reg.first-1)
		if src.len() == 0 && !sameParagraph {
			verb, src = reg.first-1, s.labelled(reg.first-1)
		}
		if src.len() == 0 {
			continue
		}
		s.used[r] = true
		content := append([]Span{s.span(reg.first, reg.end)}, s.laterParagraphs(r)...)
		s.add(attribution{content: content, score: scoreIntroduced}, &frame{cue: wordRange{verb, reg.first}, src: src})
	}
}

// maxIntroduction bounds what leads to the colon before a quotation, in words.
const maxIntroduction = 60

// lastVerb is the last verb of sentence sent shortly before word end that has a
// subject of its own, with that subject, or an empty range.
func (s *ruleScan) lastVerb(sent, end int) (verb int, subject wordRange) {
	for k := end - 1; k >= max(s.sents[sent].first, end-maxIntroduction); k-- {
		if s.words[k].region < 0 && s.base.Tags[k].Verb() {
			if src := s.ownSubject(k); src.len() > 0 && src.end <= k {
				return k, src
			}
		}
	}
	return 0, wordRange{}
}

// asides is the rule for what somebody just named said, set between dashes:
// the former mayor Ada Finch — “It was absurd” — and her deputy.
func (s *ruleScan) asides() {
	for r := range s.regions {
		reg := &s.regions[r]
		dash := reg.first - 1
		if s.used[r] || reg.nested || reg.end-reg.first < minFloating || !isDash(s.norm(dash)) || reg.end >= len(s.words) || !isDash(s.norm(reg.end)) {
			continue
		}
		first := dash
		for first > 0 && s.words[first-1].is(capital) && !s.words[first-1].is(punct) && s.words[first-1].sent == s.words[dash].sent && s.words[first-1].region < 0 {
			first--
		}
		if dash-first < 2 || dash-first > maxLabel || !s.words[reg.first+1].is(capital) {
			continue
		}
		s.used[r] = true
		f := frame{cue: wordRange{dash, dash + 1}, src: wordRange{first, dash}}
		s.add(attribution{content: []Span{s.span(reg.first, reg.end)}, score: scoreFloating, firm: true}, &f)
	}
}
