package attrib

import (
	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// span is a stretch of tokens with its role; head is its highest token in the tree.
type span struct {
	tok.Range
	role role
	head int32
}

// spansOf reads the spans off a label sequence whose first token is number base.
func (c *context) spansOf(dst []span, seq []int8, base int) []span {
	for i := 0; i < len(seq); {
		if seq[i] == labelO {
			i++
			continue
		}
		r := role((seq[i] - 1) / 2)
		end := i + 1
		for end < len(seq) && int(seq[end]) == r.inside() {
			end++
		}
		dst = append(dst, c.newSpan(tok.Range{Start: base + i, End: base + end}, r))
		i = end
	}
	return dst
}

func (c *context) newSpan(r tok.Range, ro role) span { return span{r, ro, c.headOf(r)} }

// headOf is the first token of r whose head is outside r, preferring one that is no punctuation.
func (c *context) headOf(r tok.Range) int32 {
	for i := r.Start; i < r.End; i++ {
		h := int(c.Heads[i])
		if (h < r.Start || h >= r.End) && c.Words[i].Letter {
			return int32(i)
		}
	}
	return int32(r.Start)
}

// within is the range of tokens that lie in the bytes of s, empty when there is none.
func (c *context) within(s tok.Span) tok.Range {
	lo, hi := 0, len(c.Tokens)
	for lo < hi {
		mid := (lo + hi) / 2
		if c.Tokens[mid].End <= s.Start {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	end := lo
	for end < len(c.Tokens) && c.Tokens[end].Start < s.End {
		end++
	}
	return tok.Range{Start: lo, End: end}
}

// pause reports whether token i is a comma, colon or full stop.
func (c *context) pause(i int) bool {
	switch c.Words[i].Class {
	case word.Comma, word.Stop, word.Colon:
		return true
	}
	return false
}

// trim drops the commas, colons and full stops at both ends of a range, but not those
// in quotation marks; what is left may be empty.
func (c *context) trim(r tok.Range) tok.Range {
	for r.Len() > 0 && c.pause(r.Start) && c.inQuote[r.Start] < 0 {
		r.Start++
	}
	for r.Len() > 0 && c.pause(r.End-1) && c.inQuote[r.End-1] < 0 {
		r.End--
	}
	return r
}
