package corpus

import (
	"sort"

	"github.com/whosaid/whosaid/quote"
)

// OriginSpan maps a span of Text to the bytes of the original input's UTF-8
// text that it was read from. Inside a run that was copied as it stands the
// mapping is exact; a span that begins or ends inside a decoded run (an entity,
// folded space) takes in the whole of it. Without Origin the span is returned
// as it is.
func (a *Article) OriginSpan(s quote.Span) quote.Span {
	if len(a.Origin) == 0 {
		return s
	}
	if s.Len() <= 0 {
		at := a.originStart(s.Start)
		return quote.Span{Start: at, End: at}
	}
	return quote.Span{Start: a.originStart(s.Start), End: a.originEnd(s.End)}
}

// originStart is where the byte at offset off of Text begins in the input.
func (a *Article) originStart(off int) int {
	i := sort.Search(len(a.Origin), func(i int) bool { r := a.Origin[i]; return r.Text+r.Len > off })
	if i == len(a.Origin) {
		last := a.Origin[i-1]
		return last.Origin + last.Size
	}
	r := a.Origin[i]
	if r.Len == r.Size && off > r.Text {
		return r.Origin + off - r.Text
	}
	return r.Origin
}

// originEnd is where the byte before offset off of Text ends in the input.
func (a *Article) originEnd(off int) int {
	i := sort.Search(len(a.Origin), func(i int) bool { return a.Origin[i].Text >= off }) - 1
	if i < 0 {
		return a.Origin[0].Origin
	}
	r := a.Origin[i]
	if r.Len == r.Size && off < r.Text+r.Len {
		return r.Origin + off - r.Text
	}
	return r.Origin + r.Size
}
