package dep

import "github.com/whosaid/whosaid/quote/internal/linear"

const maxFeatures = 48

// features describes the configuration for the choice of the next move.
func (s *state) features(fs []linear.Hash) []linear.Hash {
	none := &node{}
	at := func(i int32) *node {
		if i <= 0 || int(i) >= len(s.words) {
			return none
		}
		return &s.words[i]
	}
	top, next := s.top(), s.next
	s0, b0, b1, b2 := &s.words[top], &s.words[next], at(next+1), at(next+2)
	var s1 *node = none
	if len(s.stack) > 1 {
		s1 = &s.words[s.stack[len(s.stack)-2]]
	}
	sh, sl, sr := at(s.head[top]), at(s.left[top]), at(s.right[top])
	bl := at(s.left[next])
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
		linear.Mix(3, b0.both, 0),
		linear.Mix(4, b0.tag, 0),
		linear.Mix(5, b1.form, b1.tag),
		linear.Mix(6, b1.tag, b2.tag),
		linear.Mix(7, b2.form, b2.tag),
		linear.Mix(8, s0.form, b0.form),
		linear.Mix(9, s0.both, b0.tag),
		linear.Mix(10, s0.tag, b0.both),
		linear.Mix(11, pair, headed),
		linear.Mix(12, b0.tag<<8|b1.tag, b2.tag),
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
		linear.Mix(29, b0.form, b1.form),
		linear.Mix(30, s0.form, sl.tag<<8|sr.tag),
		linear.Mix(31, s1.form, pair),
		linear.Mix(32, pair, b1.tag<<16|sr.tag<<8|s1.tag),
		linear.Mix(33, s0.form, b1.form),
		linear.Mix(34, 0, 0),
	)
}

// relFeatures describes word i and its head in a finished tree, for the name
// of their relation.
func relFeatures(fs []linear.Hash, s *state, i int) []linear.Hash {
	child := int32(i + 1)
	h := s.head[child]
	c, p := &s.words[child], &s.words[h]
	none := &node{}
	at := func(i int32) *node {
		if i <= 0 || int(i) >= len(s.words) {
			return none
		}
		return &s.words[i]
	}
	dir := uint32(0)
	if child > h {
		dir = 1
	}
	dist := uint32(min(6, max(child-h, h-child)))<<1 | dir
	l, r := at(s.left[child]), at(s.right[child])
	pl, pr := at(s.left[h]), at(s.right[h])
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
		linear.Mix(113, pair, at(child-1).tag<<8|at(child+1).tag),
		linear.Mix(114, pair<<1|dir, uint32(s.nl[h])<<2|uint32(s.nr[h])),
		linear.Mix(115, c.form, pl.tag<<8|l.tag),
		linear.Mix(116, pair, s.words[max(0, s.head[h])].tag),
		linear.Mix(117, p.form, pl.tag<<16|c.tag<<8|dir),
		linear.Mix(118, pair<<1|dir, pl.tag<<8|pr.tag),
		linear.Mix(119, 0, 0),
	)
}
