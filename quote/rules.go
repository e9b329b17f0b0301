package quote

import (
	"slices"
	"strings"
)

// rules attributes by hand-written rules over words: a verb of saying, its
// subject, and what stands to its left and right. They need no training and so
// serve every language that has a pack.
type rules struct{}

// frame is one act of saying found in a sentence: a cue with its source.
type frame struct {
	cue      wordRange
	src      wordRange // empty: none found
	class    cueClass
	sent     int
	inverted bool // the source follows the cue
}

// first and end bound the words of the frame.
func (f *frame) first() int {
	if f.src.len() > 0 {
		return min(f.cue.first, f.src.first)
	}
	return f.cue.first
}

func (f *frame) end() int { return max(f.cue.end, f.src.end) }

// ruleScan is the state of the rules on one document.
type ruleScan struct {
	*analysis
	frames []frame
	used   []bool // by region: it is the content of an attribution
	// spokenCues are the verbs that a dialogue's lines have for cues.
	spokenCues map[int]bool
	// turns are the sources of the short speeches of a dialogue, by paragraph.
	turns map[int][]Span
	out   []attribution
}

// The scores of the rules, by how sure each is. They are the share of matches
// that were right in training articles, rounded.
const (
	scoreDirect     = 0.93
	scoreMixed      = 0.8
	scoreReported   = 0.65
	scoreSaidThat   = 0.75 // "that", or the cue behind the clause
	scoreAttitude   = 0.45
	scoreAccording  = 0.85
	scoreLabel      = 0.9
	scoreFloating   = 0.7
	scoreIntroduced = 0.7
)

func newRuleScan(a *analysis) *ruleScan {
	return &ruleScan{analysis: a, used: make([]bool, len(a.regions)), spokenCues: map[int]bool{}, turns: map[int][]Span{}}
}

func (rules) attribute(a *analysis) []attribution {
	s := newRuleScan(a)
	s.labels()
	s.dialogue()
	for i := range a.sents {
		s.sentenceFrames(i)
	}
	s.applyFrames()
	for i := range a.sents {
		s.accordingTo(i)
	}
	s.signed()
	s.letters()
	s.introduced()
	s.blocks()
	s.asides()
	s.floating()
	return s.out
}

// maxAround bounds the words that a sentence may have to either side of the words
// that the rules look at, so that a text without full stops takes linear time.
const maxAround = 250

// around is the sentence of word k, no more than maxAround words to either side.
func (s *ruleScan) around(k int) wordRange {
	r := s.sents[s.words[k].sent]
	return wordRange{max(r.first, k-maxAround), min(r.end, k+maxAround)}
}

// applyFrames turns the frames into attributions: first those next to a
// quotation, so that no clause around takes it from them.
func (s *ruleScan) applyFrames() {
	done := make([]bool, len(s.frames))
	for i := range s.frames {
		done[i] = s.frames[i].class&speech != 0 && (s.quoteBefore(i) || s.quoteAfter(i))
	}
	for i := range s.frames {
		if !done[i] && !s.clauseAfter(i) && s.frames[i].class&(speech|cueThink) != 0 {
			s.clauseBefore(i)
		}
	}
}

func (s *ruleScan) add(at attribution, f *frame) {
	at.cue = []Span{s.span(f.cue.first, f.cue.end)}
	if f.src.len() > 0 {
		at.source = []Span{s.span(f.src.first, f.src.end)}
	}
	s.out = append(s.out, at)
}

// regionEndingAt is the index of the outermost region whose last word is i, or -1.
func (s *ruleScan) regionEndingAt(i int) int {
	if i < 0 {
		return -1
	}
	if r := int(s.words[i].region); r >= 0 && s.regions[r].end == i+1 {
		return r
	}
	return -1
}

// regionStartingAt is the index of the outermost region whose first word is i, or -1.
func (s *ruleScan) regionStartingAt(i int) int {
	if i >= len(s.words) {
		return -1
	}
	if r := int(s.words[i].region); r >= 0 && s.regions[r].first == i {
		return r
	}
	return -1
}

func isDash(w string) bool { return w == "—" || w == "–" || w == "--" || w == "-" || w == "―" }

// quoteBefore is the rule “...,” she said. The quotation may begin in the
// middle of its sentence, which then is part of what is said; a quotation that
// follows the cue goes on with the same speech.
func (s *ruleScan) quoteBefore(i int) bool {
	f := &s.frames[i]
	at := f.first() - 1
	for n := 0; n < 2 && at >= 0 && (s.norm(at) == "," || isDash(s.norm(at))) && s.words[at].region < 0; n++ {
		at-- // “...,” she said; «...», — сказала она
	}
	r := s.regionEndingAt(at)
	if r < 0 || s.used[r] || s.words[at].para != s.words[f.first()].para {
		return false
	}
	if s.words[at].sent != s.words[f.first()].sent && s.norm(at-1) == "." && !f.inverted {
		return false // “It is over.” She said that ...
	}
	reg := &s.regions[r]
	first := reg.first
	score := scoreDirect
	if sent := int(s.words[reg.first].sent); s.sents[sent].first < reg.first && int(s.words[at].sent) == sent {
		// The quotation begins within a sentence: its clause is said too.
		if start := s.clauseStart(reg.first, s.around(reg.first).first); start < reg.first {
			first, score = start, scoreMixed
		}
	}
	s.used[r] = true
	content := []Span{s.span(first, reg.end)}
	content = append(s.earlierParagraphs(r), content...)
	content = s.goesOn(f.end(), i, content)
	s.add(attribution{content: content, score: score}, f)
	return true
}

// clauseStart is where the clause that runs into the quotation at word at
// begins, not before first: after another quotation or a word of saying.
func (s *ruleScan) clauseStart(at, first int) int {
	for k := at - 1; k >= first; k-- {
		if s.words[k].region >= 0 || s.norm(k) == ":" || s.norm(k) == ";" {
			return at
		}
	}
	return first
}

// earlierParagraphs are the parts, in earlier paragraphs, of a quote over
// several paragraphs that region r ends.
func (s *ruleScan) earlierParagraphs(r int) []Span {
	var out []Span
	for s.regions[r].continues && r > 0 {
		r--
		for r > 0 && s.regions[r].nested {
			r--
		}
		if s.regions[r].closed || s.used[r] {
			break
		}
		s.used[r] = true
		out = append(out, s.span(s.regions[r].first, s.regions[r].end))
	}
	slices.Reverse(out)
	return out
}

// maxParts bounds the paragraphs of one quote that are looked at ahead.
const maxParts = 64

// lastPart is the last region of the quote over several paragraphs that region
// r begins, or r itself.
func (s *ruleScan) lastPart(r int) int {
	for n := 0; n < maxParts && !s.regions[r].closed; n++ {
		k := r + 1
		for k < len(s.regions) && s.regions[k].nested {
			k++
		}
		if k == len(s.regions) || !s.regions[k].continues {
			break
		}
		r = k
	}
	return r
}

// laterParagraphs are the parts, in later paragraphs, of a quote that region r begins.
func (s *ruleScan) laterParagraphs(r int) []Span {
	var out []Span
	for !s.regions[r].closed {
		r++
		for r < len(s.regions) && s.regions[r].nested {
			r++
		}
		if r == len(s.regions) || !s.regions[r].continues || s.used[r] {
			break
		}
		s.used[r] = true
		out = append(out, s.span(s.regions[r].first, s.regions[r].end))
	}
	return out
}

// maxAdjunct bounds the words between a cue and a quotation.
const maxAdjunct = 16

// goesOn adds to content the quotation that follows a cue after one before it:
// “...,” she said, “...” or “...,” she said of the plan. “...”
func (s *ruleScan) goesOn(at, frame int, content []Span) []Span {
	sent := s.around(at - 1)
	para := s.words[at-1].para
	k := at
	for k < sent.end && s.words[k].region < 0 {
		if s.startsSpeech(k, frame+1) {
			return content
		}
		k++
	}
	r := s.regionStartingAt(k)
	if r < 0 || s.used[r] || s.words[k].para != para || s.ownCue(s.regions[r].end, frame) {
		return content
	}
	if k == sent.end && s.regions[r].end-k < 4 || k < sent.end && k > at && s.norm(k-1) != "," && !isDash(s.norm(k-1)) {
		return content
	}
	s.used[r] = true
	content = append(content, s.span(k, s.regions[r].end))
	if s.ownCue(s.regions[s.lastPart(r)].end, frame) {
		return content // no quote over paragraphs: somebody forgot a closing mark
	}
	return append(content, s.laterParagraphs(r)...)
}

// startsSpeech reports whether a frame of speech from index i on begins at word k.
func (s *ruleScan) startsSpeech(k, i int) bool {
	for ; i < len(s.frames) && s.frames[i].cue.first <= k; i++ {
		if s.frames[i].cue.first == k && s.frames[i].class&speech != 0 {
			return true
		}
	}
	return false
}

// inFrame reports whether word k belongs to a frame from index i on.
func (s *ruleScan) inFrame(k, i int) bool {
	for ; i < len(s.frames) && s.frames[i].first() <= k; i++ {
		if k < s.frames[i].end() {
			return true
		}
	}
	return false
}

// ownCue reports whether the words from at on are the cue of the quotation
// that ends there, in a frame after the given one.
func (s *ruleScan) ownCue(at, frame int) bool {
	para := s.words[at-1].para
	if s.norm(at) == "," {
		at++
	}
	if at >= len(s.words) || s.words[at].para != para {
		return false
	}
	ended := at >= 2 && s.norm(at-1) != "," && s.norm(at-2) == "."
	for i := frame + 1; i < len(s.frames) && s.frames[i].first() <= at; i++ {
		if ended && !s.frames[i].inverted {
			continue // “It is over.” She said that ...
		}
		if s.frames[i].first() == at && s.frames[i].class&speech != 0 {
			return true
		}
	}
	return false
}

// quoteAfter is the rule She said: “...” and its kin: between cue and
// quotation stand at most a listener, a place and a time. A quotation that
// begins a clause makes the clause what is said.
func (s *ruleScan) quoteAfter(i int) bool {
	f := &s.frames[i]
	sent := s.around(f.cue.first)
	intro := ""
	for k := f.end(); k < len(s.words) && k < f.end()+maxAdjunct; k++ {
		if s.words[k].para != s.words[f.cue.first].para {
			// “She added:” and the quotation is the next paragraph.
			if intro == ":" && k == f.end()+1 || k > f.end() && s.norm(k-1) == ":" {
				if r := s.regionStartingAt(k); r >= 0 && !s.used[r] && s.standsAlone(r) {
					return s.take(r, i)
				}
			}
			return false
		}
		if r := s.regionStartingAt(k); r >= 0 {
			return s.takeAfter(r, i, intro)
		}
		w := s.norm(k)
		if k >= sent.end && intro != ":" || w == s.pack.that || s.inFrame(k, i+1) || w == ";" {
			return false
		}
		intro = w
		if k > f.end() && intro != ":" && intro != "," && !s.adjunctWord(k, f.class) {
			return false
		}
	}
	return false
}

// adjunctWord reports whether the word may stand between a cue and its
// quotation: part of a place, a time or a listener.
func (s *ruleScan) adjunctWord(k int, class cueClass) bool {
	w := &s.words[k]
	return class&(cueTell|cueQuote) != 0 || w.shape&(capital|digit) != 0 || s.pack.is(w.norm, classAdjunct|classPreposition|classDeterminer|classAdverb) ||
		k > 0 && s.pack.is(s.norm(k-1), classPreposition|classDeterminer) || s.norm(k+1) == ":" || s.norm(k+1) == ","
}

// standsAlone reports whether region r is the whole of its paragraph.
func (s *ruleScan) standsAlone(r int) bool {
	p := s.paraWords[s.words[s.regions[r].first].para]
	return s.regions[r].first == p.first && s.regions[r].end >= p.end-1
}

func (s *ruleScan) take(r, frame int) bool {
	s.used[r] = true
	content := append([]Span{s.span(s.regions[r].first, s.regions[r].end)}, s.laterParagraphs(r)...)
	s.add(attribution{content: content, score: scoreDirect}, &s.frames[frame])
	return true
}

// takeAfter attributes region r, which follows frame i, the word before it
// being intro.
func (s *ruleScan) takeAfter(r, i int, intro string) bool {
	if s.used[r] || s.ownCue(s.regions[r].end, i) && intro != ":" {
		return false
	}
	reg := &s.regions[r]
	last := reg.end - 1
	if reg.closed {
		last--
	}
	end := reg.end
	if sent := s.around(reg.end - 1); !strings.Contains(".?!…,", s.norm(last)[:1]) && end < sent.end {
		end = s.clauseEnd(end, sent.end, i)
	}
	if end == reg.end {
		return s.take(r, i)
	}
	s.useRegions(reg.first, end)
	s.add(attribution{content: []Span{s.span(reg.first, end)}, score: scoreMixed}, &s.frames[i])
	return true
}

// useRegions marks the regions that begin in words [first, end) as content.
func (s *ruleScan) useRegions(first, end int) {
	for k := first; k < end; k++ {
		if r := s.regionStartingAt(k); r >= 0 {
			s.used[r] = true
			k = s.regions[r].end - 1
		}
	}
}

// floating attributes quotations that have no cue of their own and follow an
// attribution in their paragraph, or make a paragraph of their own after one.
// They go on with that speaker.
func (s *ruleScan) floating() {
	s.findTurns()
	slices.SortStableFunc(s.out, func(x, y attribution) int { return x.content[0].Start - y.content[0].Start })
	n := len(s.out)
	last := 0 // attributions of s.out[:last] begin before the region
	ledBy, ledAt := []Span(nil), 0
	for r := range s.regions {
		reg := &s.regions[r]
		start := s.words[reg.first].start
		for last < n && s.out[last].content[0].Start < start {
			last++
		}
		if src := s.turn(r); src != nil {
			s.used[r] = true
			s.turns[int(s.words[reg.first].para)] = src
			s.out = append(s.out, attribution{content: []Span{s.span(reg.first, reg.end)}, source: src, score: scoreFloating})
			continue
		}
		if s.used[r] || reg.nested {
			continue
		}
		if verb, src := s.opener(r); src.len() > 0 && s.wholeSentences(reg) {
			s.used[r] = true
			content := append([]Span{s.span(reg.first, reg.end)}, s.laterParagraphs(r)...)
			s.add(attribution{content: content, score: scoreIntroduced}, &frame{cue: wordRange{verb, verb + 1}, src: src})
			ledBy, ledAt = s.out[len(s.out)-1].source, int(s.words[s.regions[s.lastPart(r)].first].para)
			continue
		}
		if para := int(s.words[reg.first].para); ledBy != nil && para == ledAt+1 && s.standsAlone(r) && s.wholeSentences(reg) && reg.end-reg.first >= minFloating {
			s.used[r], ledAt = true, para
			s.out = append(s.out, attribution{content: []Span{s.span(reg.first, reg.end)}, source: ledBy, score: scoreFloating})
			continue
		}
		if reg.end-reg.first < minFloating || last == 0 ||
			s.sents[s.words[reg.first].sent].first != reg.first || !s.wholeSentences(reg) {
			continue
		}
		prev := &s.out[last-1]
		if prev.firm {
			continue
		}
		at := s.wordAt(prev.content[len(prev.content)-1].End - 1)
		gap := int(s.words[reg.first].para - s.words[at].para)
		if gap > 1 || gap == 1 && !s.standsAlone(r) {
			continue
		}
		s.used[r] = true
		content := append([]Span{s.span(reg.first, reg.end)}, s.laterParagraphs(r)...)
		s.out = append(s.out, attribution{content: content, source: prev.source, score: scoreFloating})
	}
}

// minFloating is the fewest words, marks included, of a quotation with no cue:
// shorter ones are mostly words held up to doubt, or titles.
const minFloating = 7

// wholeSentences reports whether the region ends as a sentence does.
func (s *ruleScan) wholeSentences(reg *region) bool {
	last := reg.end - 1
	if reg.closed {
		last--
	}
	return !reg.closed || last > reg.first && strings.Contains(".?!…", s.norm(last)[:1]) ||
		reg.end < len(s.words) && s.norm(reg.end) == "."
}
