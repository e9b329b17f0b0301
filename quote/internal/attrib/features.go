package attrib

import (
	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/word"
)

const maxFeatures = 88

// bucket folds a distance: 0..4 as they are, then by doubling, at most 9.
func bucket(d int) uint32 {
	switch {
	case d < 0:
		return 15
	case d <= 4:
		return uint32(d)
	case d <= 6:
		return 5
	case d <= 10:
		return 6
	case d <= 16:
		return 7
	case d <= 30:
		return 8
	}
	return 9
}

// view is what features see of a token near the current one; beyond the
// paragraph it is zero.
type view struct {
	form, stem, tag, name, quote, link uint32
}

func (c *context) view(i, start, end int) *view {
	if i < start || i >= end {
		return &outside
	}
	return &c.views[i]
}

var outside = view{tag: 99, name: 9, quote: 99} // read only

// look makes the views of all tokens.
func (c *context) look() {
	c.views = make([]view, len(c.Words))
	for i := range c.views {
		w := &c.Words[i]
		c.views[i] = view{w.Form, w.Stem, uint32(c.Tags[i]), uint32(c.Names[i]), c.quoteState(i), c.linkState(i)}
	}
}

// quoteState tells where token i stands to the quotation marks.
func (c *context) quoteState(i int) uint32 {
	q := c.inQuote[i]
	if q < 0 {
		if i > 0 && c.inQuote[i-1] >= 0 && c.para[i-1] == c.para[i] {
			return 1
		}
		if i+1 < len(c.inQuote) && c.inQuote[i+1] >= 0 && c.para[i+1] == c.para[i] {
			return 2
		}
		return 0
	}
	r := c.quotes[q]
	s := uint32(3)
	switch i {
	case r.Start:
		s = 4
	case r.End - 1:
		s = 5
	}
	size := uint32(0)
	switch n := r.Len() - 2; {
	case n > 10:
		size = 3
	case n > 5:
		size = 2
	case n > 2:
		size = 1
	}
	if !r.closed {
		size += 4
	}
	return s + size*8
}

// linkState tells by what relation and on which side the token hangs on the
// likely cue above it.
func (c *context) linkState(i int) uint32 {
	l := c.links[i]
	if l.cue < 0 {
		return 0
	}
	if int(l.cue) == i {
		return 1
	}
	s := 2 + uint32(c.Rels[l.child])<<1
	if int32(i) > l.cue {
		s++
	}
	return s
}

// features describes token i of the paragraph of tokens start..end.
func (c *context) features(fs []linear.Hash, i, start, end int) []linear.Hash {
	w := c.view(i, start, end)
	p1, p2 := c.view(i-1, start, end), c.view(i-2, start, end)
	n1, n2 := c.view(i+1, start, end), c.view(i+2, start, end)
	class := uint32(c.Words[i].Class)
	fs = append(fs,
		linear.Mix(1, w.form, 0),
		linear.Mix(2, p1.form, 0),
		linear.Mix(3, n1.form, 0),
		linear.Mix(4, p2.form, 0),
		linear.Mix(5, n2.form, 0),
		linear.Mix(8, p1.form, n1.form),
		linear.Mix(9, w.stem, 0),
		linear.Mix(10, p1.stem, w.tag),
		linear.Mix(11, n1.stem, w.tag),
		linear.Mix(12, w.tag, 0),
		linear.Mix(13, p1.tag<<8|w.tag, 0),
		linear.Mix(14, w.tag<<8|n1.tag, 0),
		linear.Mix(15, p1.tag<<8|w.tag, n1.tag),
		linear.Mix(16, p2.tag<<8|p1.tag, w.tag),
		linear.Mix(17, n2.tag<<8|n1.tag, w.tag),
		linear.Mix(18, class, w.name),
		linear.Mix(19, p1.name<<8|w.name, n1.name),
		linear.Mix(21, w.stem, p1.tag),
		linear.Mix(22, w.stem, n1.tag),
	)
	fs = c.quoteFeatures(fs, i, start, end, w, p1, n1)
	fs = c.treeFeatures(fs, i, w)
	return c.cueFeatures(fs, i, w, p1, n1)
}

// quoteFeatures tell how the token stands to quotation marks, the sentence and the paragraph.
func (c *context) quoteFeatures(fs []linear.Hash, i, start, end int, w, p1, n1 *view) []linear.Hash {
	fs = append(fs,
		linear.Mix(30, w.quote, 0),
		linear.Mix(31, w.quote, w.tag),
		linear.Mix(32, w.quote, w.form),
		linear.Mix(33, p1.quote<<8|w.quote, n1.quote),
		linear.Mix(34, p1.quote<<8|w.quote, w.tag),
		linear.Mix(35, w.quote<<8|n1.quote, n1.form),
		linear.Mix(36, p1.quote<<8|w.quote, p1.form),
	)
	s := c.Sentences[c.sent[i]]
	fs = append(fs,
		linear.Mix(37, bucket(i-s.Start), w.tag),
		linear.Mix(38, bucket(s.End-1-i), w.tag),
		linear.Mix(39, bucket(i-start), bucket(end-1-i)),
	)
	if q := c.inQuote[i]; q >= 0 {
		r := c.quotes[q]
		return append(fs, linear.Mix(40, bucket(i-r.Start), bucket(r.End-1-i)),
			linear.Mix(41, c.around(r.Start-1, start, end), w.quote),
			linear.Mix(42, c.around(r.End, start, end), w.quote),
			linear.Mix(43, uint32(c.Words[max(r.Start, r.End-2)].Class), w.quote))
	}
	before, after := c.quoteDistances(i, max(s.Start-1, start), min(s.End+1, end))
	return append(fs, linear.Mix(44, bucket(before), bucket(after)),
		linear.Mix(45, bucket(before), w.tag), linear.Mix(46, bucket(after), w.tag))
}

// maxQuoteDistance bounds how far from a token a quotation still tells something, in tokens.
const maxQuoteDistance = 12

// quoteDistances are the tokens to the nearest quotation before and after token i,
// -1 when there is none near in start..end.
func (c *context) quoteDistances(i, start, end int) (before, after int) {
	before, after = -1, -1
	if k := int(c.prevQuote[i]); k >= max(start, i-maxQuoteDistance) {
		before = i - k
	}
	if k := int(c.nextQuote[i]); k >= 0 && k < min(end, i+maxQuoteDistance) {
		after = k - i
	}
	return before, after
}

// around is the form of a token next to a quote, 0 beyond the paragraph.
func (c *context) around(i, start, end int) uint32 {
	if i < start || i >= end {
		return 0
	}
	return c.Words[i].Form
}

// treeFeatures tell how the token hangs in the dependency tree.
func (c *context) treeFeatures(fs []linear.Hash, i int, w *view) []linear.Hash {
	rel := uint32(c.Rels[i])
	head, grand := c.Heads[i], int32(-1)
	hstem, htag, gstem, grel := uint32(0), uint32(98), uint32(0), uint32(98)
	side := uint32(0)
	if head >= 0 {
		hstem, htag = c.Words[head].Stem, uint32(c.Tags[head])
		grel = uint32(c.Rels[head])
		if int(head) < i {
			side = 1
		}
		if grand = c.Heads[head]; grand >= 0 {
			gstem = c.Words[grand].Stem
		}
	}
	kids := uint32(c.children[i])
	return append(fs,
		linear.Mix(50, rel, w.tag),
		linear.Mix(52, hstem, rel<<1|side),
		linear.Mix(53, htag<<8|rel, w.tag<<1|side),
		linear.Mix(54, gstem, rel<<8|grel),
		linear.Mix(55, rel<<8|grel, w.tag),
		linear.Mix(56, kids, w.tag),
		linear.Mix(58, kids&3, w.stem),
		linear.Mix(59, w.stem, rel),
	)
}

// cueFeatures tell how the token stands to likely cues.
func (c *context) cueFeatures(fs []linear.Hash, i int, w, p1, n1 *view) []linear.Hash {
	level := uint32(c.level[i])
	l := c.links[i]
	fs = append(fs,
		linear.Mix(70, level, w.tag),
		linear.Mix(71, level, uint32(c.children[i])),
		linear.Mix(72, level<<8|uint32(c.Rels[i]), w.quote),
		linear.Mix(73, p1.link<<16|w.link<<8|n1.link, 0),
		linear.Mix(74, p1.link<<8|w.link, w.tag),
		linear.Mix(75, w.link<<8|n1.link, n1.tag),
		linear.Mix(76, w.link, w.quote),
	)
	if t := c.tail[c.sent[i]]; t >= 0 {
		side := uint32(0)
		if int32(i) >= t {
			side = 1
		}
		fs = append(fs,
			linear.Mix(90, w.tag<<1|side, uint32(c.level[t])),
			linear.Mix(91, w.quote<<1|side, bucket(i-c.Sentences[c.sent[i]].Start)),
			linear.Mix(92, w.link<<1|side, bucket(int(t)-i)),
		)
	}
	if l.cue >= 0 {
		clevel := uint32(c.level[l.cue])
		edge := uint32(0)
		if c.low[l.child] == int32(i) {
			edge = 1
		}
		if c.up[l.child] == int32(i) {
			edge |= 2
		}
		fs = append(fs,
			linear.Mix(78, w.link<<8|clevel, bucket(int(l.depth))),
			linear.Mix(79, w.link<<2|edge, clevel),
			linear.Mix(80, w.link<<2|edge, w.tag),
			linear.Mix(81, w.link<<8|uint32(c.children[l.cue]&3), clevel),
		)
	}
	back, ahead, bstem := -1, -1, uint32(0)
	if k := c.prevCue[i]; k >= 0 {
		back, bstem = i-int(k), c.Words[k].Stem
	}
	if k := c.nextCue[i]; k >= 0 {
		ahead = int(k) - i
	}
	return append(fs,
		linear.Mix(82, bucket(back), bucket(ahead)),
		linear.Mix(83, bstem, min(bucket(back), 6)),
		linear.Mix(85, bucket(back), w.tag),
		linear.Mix(86, bucket(ahead), w.tag),
		linear.Mix(87, bstem, w.tag),
	)
}

// quoteMark reports whether token i is a double quotation mark.
func (c *context) quoteMark(i int) bool {
	switch c.Words[i].Class {
	case word.Open, word.Close, word.Straight:
		return true
	}
	return false
}
