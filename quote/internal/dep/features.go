package dep

import "github.com/whosaid/whosaid/quote/internal/linear"

const maxFeatures = 48

// features describes the configuration for the choice of the next move.
func (s *state) features(fs []linear.Hash) []linear.Hash {
	return s.stackFeatures(s.bufferFeatures(fs))
}

// at is what the features see of a node, of none for the root and beyond the sentence.
func (s *state) at(i int32) *node {
	if i <= 0 || int(i) >= len(s.words) {
		return &noNode
	}
	return &s.words[i]
}

var noNode node // read only

// bufferFeatures are the features that only the buffer decides: they stay the same until its first word leaves it.
func (s *state) bufferFeatures(fs []linear.Hash) []linear.Hash {
	b0, b1, b2 := &s.words[s.next], s.at(s.next+1), s.at(s.next+2)
	return append(fs,
		linear.Mix(3, b0.both, 0),
		linear.Mix(4, b0.tag, 0),
		linear.Mix(5, b1.form, b1.tag),
		linear.Mix(6, b1.tag, b2.tag),
		linear.Mix(7, b2.form, b2.tag),
		linear.Mix(12, b0.tag<<8|b1.tag, b2.tag),
		linear.Mix(29, b0.form, b1.form),
		linear.Mix(34, 0, 0),
	)
}

// stackFeatures are the features that the stack has a part in.
func (s *state) stackFeatures(fs []linear.Hash) []linear.Hash {
	top, next := s.top(), s.next
	s0, b0, b1 := &s.words[top], &s.words[next], s.at(next+1)
	s1 := &noNode
	if len(s.stack) > 1 {
		s1 = &s.words[s.stack[len(s.stack)-2]]
	}
	sh, sl, sr := s.at(s.head[top]), s.at(s.left[top]), s.at(s.right[top])
	bl := s.at(s.left[next])
	headed := uint32(0)
	if s.head[top] >= 0 {
		headed = 1
	}
	dist := uint32(min(7, next-top))
	if next-top > 10 {
		dist = 8
	}
	pair := s0.tag<<8 | b0.tag
	nl, nr, bn := uint32(s.nl[top]), uint32(s.nr[top]), uint32(s.nl[next])
	return append(fs,
		linear.Mix(1, s0.both, headed),
		linear.Mix(2, s0.tag, headed),
		linear.Mix(8, s0.form, b0.form),
		linear.Mix(9, s0.both, b0.tag),
		linear.Mix(10, s0.tag, b0.both),
		linear.Mix(11, pair, headed),
		linear.Mix(13, pair, b1.tag),
		linear.Mix(14, pair, sh.tag),
		linear.Mix(15, pair, sl.tag),
		linear.Mix(16, pair, sr.tag),
		linear.Mix(17, pair, bl.tag),
		linear.Mix(18, pair, s1.tag<<1|headed),
		linear.Mix(19, s0.both, dist),
		linear.Mix(20, b0.both, dist),
		linear.Mix(21, pair, dist),
		linear.Mix(22, s0.both, nr),
		linear.Mix(23, s0.tag, nr<<2|nl),
		linear.Mix(24, b0.both, bn),
		linear.Mix(25, b0.tag, bn),
		linear.Mix(26, sh.form, b0.tag),
		linear.Mix(27, sr.form, pair),
		linear.Mix(28, s0.form, b1.tag<<8|b0.tag),
		linear.Mix(30, s0.form, sl.tag<<8|sr.tag),
		linear.Mix(31, s1.form, pair),
		linear.Mix(32, pair, b1.tag<<16|sr.tag<<8|s1.tag),
		linear.Mix(33, s0.form, b1.form),
	)
}

// relFeatures describes word i and its head in a finished tree, for the name
// of their relation.
func relFeatures(fs []linear.Hash, s *state, i int) []linear.Hash {
	child := int32(i + 1)
	h := s.head[child]
	c, p := &s.words[child], &s.words[h]
	dir := uint32(0)
	if child > h {
		dir = 1
	}
	dist := uint32(min(6, max(child-h, h-child)))<<1 | dir
	l, r := s.at(s.left[child]), s.at(s.right[child])
	pl, pr := s.at(s.left[h]), s.at(s.right[h])
	outer := uint32(0)
	if child == s.left[h] || child == s.right[h] {
		outer = 1
	}
	pair := c.tag<<8 | p.tag
	return append(fs,
		linear.Mix(101, c.both, dir),
		linear.Mix(102, p.both, dir),
		linear.Mix(103, pair, dir),
		linear.Mix(104, pair, dist),
		linear.Mix(105, c.form, p.form),
		linear.Mix(106, c.both, p.tag<<1|dir),
		linear.Mix(107, p.both, c.tag<<1|dir),
		linear.Mix(108, pair<<1|dir, l.tag),
		linear.Mix(109, pair<<1|dir, l.form),
		linear.Mix(110, pair<<1|dir, r.tag),
		linear.Mix(111, pair<<1|dir, pl.form),
		linear.Mix(112, pair<<1|dir, pr.tag<<1|outer),
		linear.Mix(113, pair, s.at(child-1).tag<<8|s.at(child+1).tag),
		linear.Mix(114, pair<<1|dir, uint32(s.nl[h])<<2|uint32(s.nr[h])),
		linear.Mix(115, c.form, pl.tag<<8|l.tag),
		linear.Mix(116, pair, s.words[max(0, s.head[h])].tag),
		linear.Mix(117, p.form, pl.tag<<16|c.tag<<8|dir),
		linear.Mix(118, pair<<1|dir, pl.tag<<8|pr.tag),
		linear.Mix(119, 0, 0),
	)
}
