package quote

// maxTurn bounds the words of a paragraph that is one turn of a quick exchange.
const maxTurn = 16

// findTurns notes the paragraphs that a quotation begins and that say nothing
// but who said it: “The town did,” said Ada Finch.
func (s *ruleScan) findTurns() {
	for i := range s.out {
		at := &s.out[i]
		if len(at.source) == 0 || len(at.content) == 0 {
			continue
		}
		para := int(s.words[s.wordAt(at.content[0].Start)].para)
		if p := s.paraWords[para]; p.len() <= maxTurn && s.regionStartingAt(p.first) >= 0 {
			s.turns[para] = at.source
		}
	}
}

// turn is the source of a short quotation, alone in its paragraph, that follows
// two turns of two speakers: theirs goes back and forth. Nil for none.
func (s *ruleScan) turn(r int) []Span {
	reg := &s.regions[r]
	para := int(s.words[reg.first].para)
	if s.used[r] || reg.nested || !s.standsAlone(r) || !s.wholeSentences(reg) || s.paraWords[para].len() > maxTurn {
		return nil
	}
	last, other := s.turns[para-1], s.turns[para-2]
	if last == nil || other == nil || s.sameWords(last[0], other[0]) {
		return nil
	}
	return other
}

// sameWords reports whether two sources read alike.
func (s *ruleScan) sameWords(x, y Span) bool {
	return s.text[x.Start:x.End] == s.text[y.Start:y.End]
}

// spokenLine is a speech with its cue inside, and no marks around its parts.
type spokenLine struct {
	content []Span
	verb    wordRange
	src     wordRange
}

// dialogue is the rule for speech that dashes set off, as Russian, Ukrainian,
// French and Spanish papers print it: a paragraph that begins with a dash, and
// a quotation whose marks enclose its own cue.
//
//	— It is ready, — said Ada Finch. — Come and see.
//	«It is ready, — said Ada Finch, — come and see»
//
// English has no such customs, and its dashes mean other things.
func (s *ruleScan) dialogue() {
	if s.base != nil {
		return
	}
	var silent []wordRange // lines that name nobody
	spoken := 0
	for _, p := range s.paraWords {
		if p.len() < 3 || !isDash(s.norm(p.first)) || s.words[p.first].region >= 0 {
			continue
		}
		body := wordRange{p.first + 1, p.end}
		if l, ok := s.spoken(body); ok {
			s.addSpoken(l)
			spoken++
		} else {
			silent = append(silent, body)
		}
	}
	if spoken > 0 {
		for _, b := range silent {
			s.out = append(s.out, attribution{content: []Span{s.span(b.first, b.end)}, score: scoreFloating, firm: true, kind: Direct})
		}
	}
	for r := range s.regions {
		reg := &s.regions[r]
		if reg.nested || !reg.closed || s.used[r] {
			continue
		}
		if l, ok := s.spoken(wordRange{reg.first, reg.end}); ok && len(l.content) == 2 {
			s.used[r] = true
			s.addSpoken(l)
		}
	}
}

func (s *ruleScan) addSpoken(l spokenLine) {
	for k := l.verb.first; k < l.verb.end; k++ {
		s.spokenCues[k] = true
	}
	s.add(attribution{content: l.content, score: scoreDirect, firm: true, kind: Direct}, &frame{cue: l.verb, src: l.src})
}

// spoken reads a speech that its cue ends or interrupts behind a comma or a
// dash; ok is false when there is no cue.
func (s *ruleScan) spoken(body wordRange) (l spokenLine, ok bool) {
	for k := body.first + 1; k+1 < body.end; k++ {
		if s.norm(k) != "," && !isDash(s.norm(k)) {
			continue
		}
		first := k + 1
		for first < body.end && isDash(s.norm(first)) {
			first++
		}
		verb := first
		for verb < body.end && verb < first+2 && s.pack.is(s.norm(verb), classAuxiliary) && s.pack.cues[s.norm(verb)] == 0 {
			verb++
		}
		if verb >= body.end || s.pack.cues[s.norm(verb)]&speech == 0 || s.words[verb].is(capital) {
			continue
		}
		l.verb = wordRange{first, verb + 1}
		if l.src = s.inverted(verb+1, body.end); l.src.len() == 0 {
			continue
		}
		end := k
		for end > body.first && s.words[end-1].is(punct) && s.norm(end-1) == "," {
			end--
		}
		l.content = []Span{s.span(body.first, end)}
		if rest := s.afterCue(l.src.end, body.end); rest < body.end-1 {
			l.content = append(l.content, s.span(rest, body.end))
		}
		return l, true
	}
	return l, false
}

// inverted is the subject that follows a verb at word at, or the verb itself
// when the subject hangs on it ("dit-il").
func (s *ruleScan) inverted(at, end int) wordRange {
	if s.pack.isPronoun(s.norm(at - 1)) {
		return wordRange{at - 1, at}
	}
	k := at
	for k < end && k < at+maxNoun && !s.words[k].is(punct) && !(k > at && s.endsInverted(k)) {
		k++
	}
	if k > at && s.pack.is(s.norm(at), classPreposition) {
		return wordRange{}
	}
	return wordRange{at, k}
}

// afterCue is where the speech goes on behind its cue: behind the next dash, or
// behind a comma when no dash follows, or end.
func (s *ruleScan) afterCue(at, end int) int {
	for at < end && !s.words[at].is(punct) {
		at++
	}
	dashed := false
	for at < end && s.words[at].is(punct) {
		dashed = dashed || isDash(s.norm(at)) || s.norm(at) == ","
		at++
	}
	if !dashed {
		return end
	}
	return at
}
