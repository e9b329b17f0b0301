package dep

import "github.com/whosaid/whosaid/quote/internal/linear"

const maxFeatures = 48

// features describes the configuration for the choice of the next move.
func (s *state) features(fs []linear.Hash) []linear.Hash {
	c := s.config()
	return c.stackFeatures(s.bufferFeatures(fs))
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

// config is what the features of a configuration draw on.
type config struct {
	s0, s1, b0, b1     *node // the tops of stack and buffer
	sh, sl, sr, bl     *node // the stack's top word's head and outermost children, the buffer's leftmost child
	pair, headed, dist uint32
	nl, nr, bn         uint32 // how many children they have
}

func (s *state) config() config {
	top, next := s.top(), s.next
	c := config{s0: &s.words[top], s1: &noNode, b0: &s.words[next], b1: s.at(next + 1),
		sh: s.at(s.head[top]), sl: s.at(s.left[top]), sr: s.at(s.right[top]), bl: s.at(s.left[next]),
		dist: uint32(min(7, next-top)), nl: uint32(s.nl[top]), nr: uint32(s.nr[top]), bn: uint32(s.nl[next])}
	if len(s.stack) > 1 {
		c.s1 = &s.words[s.stack[len(s.stack)-2]]
	}
	if s.head[top] >= 0 {
		c.headed = 1
	}
	if next-top > 10 {
		c.dist = 8
	}
	c.pair = c.s0.tag<<8 | c.b0.tag
	return c
}

// sureMove is the key of the moves that need no classifier: it tells which of them are legal, too.
func (c *config) sureMove() linear.Hash {
	adjacent := uint32(0)
	if c.dist == 1 {
		adjacent = 1
	}
	return linear.Mix(35, c.pair<<8|c.b1.tag, c.headed<<1|adjacent)
}

// stackFeatures are the features that the stack has a part in.
func (c *config) stackFeatures(fs []linear.Hash) []linear.Hash {
	return append(fs,
		linear.Mix(1, c.s0.both, c.headed),
		linear.Mix(2, c.s0.tag, c.headed),
		linear.Mix(8, c.s0.form, c.b0.form),
		linear.Mix(9, c.s0.both, c.b0.tag),
		linear.Mix(10, c.s0.tag, c.b0.both),
		linear.Mix(11, c.pair, c.headed),
		linear.Mix(13, c.pair, c.b1.tag),
		linear.Mix(14, c.pair, c.sh.tag),
		linear.Mix(15, c.pair, c.sl.tag),
		linear.Mix(16, c.pair, c.sr.tag),
		linear.Mix(17, c.pair, c.bl.tag),
		linear.Mix(18, c.pair, c.s1.tag<<1|c.headed),
		linear.Mix(19, c.s0.both, c.dist),
		linear.Mix(20, c.b0.both, c.dist),
		linear.Mix(21, c.pair, c.dist),
		linear.Mix(22, c.s0.both, c.nr),
		linear.Mix(23, c.s0.tag, c.nr<<2|c.nl),
		linear.Mix(24, c.b0.both, c.bn),
		linear.Mix(25, c.b0.tag, c.bn),
		linear.Mix(26, c.sh.form, c.b0.tag),
		linear.Mix(27, c.sr.form, c.pair),
		linear.Mix(28, c.s0.form, c.b1.tag<<8|c.b0.tag),
		linear.Mix(30, c.s0.form, c.sl.tag<<8|c.sr.tag),
		linear.Mix(31, c.s1.form, c.pair),
		linear.Mix(32, c.pair, c.b1.tag<<16|c.sr.tag<<8|c.s1.tag),
		linear.Mix(33, c.s0.form, c.b1.form),
	)
}

// sureRel is the key of the relations that need no classifier, for word i in a finished tree.
func (s *state) sureRel(i int) linear.Hash {
	child := int32(i + 1)
	h := s.head[child]
	dir := uint32(0)
	if child > h {
		dir = 1
	}
	return linear.Mix(120, s.words[child].tag<<8|s.words[h].tag, uint32(min(6, max(child-h, h-child)))<<9|s.at(s.left[child]).tag<<1|dir)
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
