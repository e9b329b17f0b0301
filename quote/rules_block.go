package quote

import "strings"

// maxBlock bounds the words of a paragraph set apart as somebody's words.
const maxBlock = 150

// blocks is the rule for words set apart without quotation marks: She wrote to
// the board: and the next paragraph is what she wrote, or the next ones are where
// each begins with the > of mail and Markdown.
func (s *ruleScan) blocks() {
	for i := range s.frames {
		f := &s.frames[i]
		para := int(s.words[f.cue.first].para)
		if f.class&(cueSay|cueQuote) == 0 || para+1 >= len(s.paraWords) || !s.endsInColon(f, s.paraWords[para]) {
			continue
		}
		at := attribution{score: scoreSaidThat}
		for p := para + 1; p < len(s.paraWords) && s.isBlock(s.paraWords[p]); p++ {
			r := s.paraWords[p]
			if s.norm(r.first) != ">" {
				if p == para+1 && s.readsAsBlock(r) {
					at.content = append(at.content, s.span(r.first, r.end))
				}
				break
			}
			at.content, at.kind = append(at.content, s.span(r.first+1, r.end)), Direct
		}
		if len(at.content) > 0 {
			s.add(at, f)
		}
	}
}

// endsInColon reports whether the paragraph ends in a colon shortly after the
// frame, with no quotation between.
func (s *ruleScan) endsInColon(f *frame, p wordRange) bool {
	if s.norm(p.end-1) != ":" || p.end-f.end() > maxAdjunct {
		return false
	}
	for k := f.end(); k < p.end; k++ {
		if s.words[k].region >= 0 || s.words[k].sent != s.words[p.end-1].sent {
			return false
		}
	}
	return true
}

// isBlock reports whether a paragraph can be set apart: not too long, and more
// than a mark.
func (s *ruleScan) isBlock(p wordRange) bool {
	return p.len() > minInner && p.len() <= maxBlock
}

// readsAsBlock reports whether a paragraph without a mark of its own is made of
// sentences, with nobody quoted in it.
func (s *ruleScan) readsAsBlock(p wordRange) bool {
	return s.words[p.first].is(capital) && strings.Contains(".?!", s.norm(p.end - 1)[:1]) && !s.hasRegion(p.first, p.end) && s.labelAt(p) == 0
}

// labelled is the name in a paragraph that is a label with no verb, "Ada Finch,
// mayor of Skarn:", whose colon is word colon; or an empty range.
func (s *ruleScan) labelled(colon int) wordRange {
	p := s.paraWords[s.words[colon].para]
	for p.len() > 0 && (s.words[p.first].is(punct) || isEmphasis(s.norm(p.first))) {
		p.first++
	}
	for k := p.first; k < colon; k++ {
		if s.base.Tags[k].Verb() || s.words[k].region >= 0 {
			return wordRange{}
		}
	}
	src := s.signature(p.first, colon)
	if src.len() < 2 || src.len() > maxLabel {
		return wordRange{}
	}
	for k := src.first; k < src.end; k++ {
		if !s.words[k].is(capital) {
			return wordRange{}
		}
	}
	return src
}

// opener is who speaks without a quotation at the end of the paragraph before a
// region that is a paragraph: Ada Finch disagreed. “It was never safe.” The
// subject, or an empty range.
func (s *ruleScan) opener(r int) (verb int, src wordRange) {
	reg := &s.regions[r]
	para := int(s.words[reg.first].para)
	if s.base == nil || para == 0 || s.paraWords[para].first != reg.first || !s.standsAlone(r) || s.paraWords[para-1].len() == 0 {
		return 0, wordRange{}
	}
	end := s.paraWords[para-1].end
	sent := s.sents[s.words[end-1].sent]
	if sent.len() > maxBefore || s.hasRegion(sent.first, sent.end) {
		return 0, wordRange{}
	}
	for k := sent.first; k < sent.end; k++ {
		if s.pack.opens[s.norm(k)] && s.base.Tags[k].Verb() {
			if src := s.ownSubject(k); src.len() > 0 && src.end <= k {
				return k, src
			}
		}
	}
	return 0, wordRange{}
}

// maxBefore bounds the words of a sentence that leads to a quotation.
const maxBefore = 25
