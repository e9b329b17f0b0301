// Package dep is a dependency parser: greedy arc-eager transitions (Nivre,
// 2003) chosen by an averaged perceptron over hashed features in the manner of
// Zhang and Nivre (2011), trained with the dynamic oracle of Goldberg and Nivre
// (2012). A second classifier names the relations of the finished tree.
// Relations are the Stanford ones (nsubj, ccomp, advcl, ...). It takes time
// linear in the sentence.
package dep

import (
	"bufio"
	"strings"

	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/tag"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// Rel is the relation of a token to its head.
type Rel uint8

// names are the relations; the order is part of the weights' format.
var names = strings.Fields(`dep punct case nmod nsubj det compound amod dobj root advmod mark aux cc conj nmod:poss ccomp xcomp
	advcl cop acl:relcl nummod acl neg appos auxpass nsubjpass nmod:tmod compound:prt parataxis mwe expl nmod:npmod csubj iobj
	det:predet cc:preconj discourse csubjpass`)

// The relations that readers of a tree ask for by name.
const (
	Dep Rel = iota
	Punct
	Case
	Nmod
	Nsubj
	Det
	Compound
	Amod
	Dobj
	Root
	Advmod
	Mark
	Aux
	Cc
	Conj
	Poss
	Ccomp
	Xcomp
	Advcl
	Cop
	Relcl
	Nummod
	Acl
	Neg
	Appos
	AuxPass
	NsubjPass
)

var byName = func() map[string]Rel {
	m := make(map[string]Rel, len(names))
	for i, n := range names {
		m[n] = Rel(i)
	}
	return m
}()

// Count is the number of relations.
func Count() int { return len(names) }

// Of returns the relation of a name; unknown ones are Dep.
func Of(name string) Rel { return byName[name] }

func (r Rel) String() string { return names[r] }

// Subject reports whether the relation is a subject's, active or passive.
func (r Rel) Subject() bool { return r == Nsubj || r == NsubjPass }

// Arc is the edge from a token to its head: an index in the sentence, -1 for
// the root.
type Arc struct {
	Head int32
	Rel  Rel
}

// Model is a trained parser, safe for concurrent use.
type Model struct {
	moves, rels *linear.Table
	// What a few tags nearly always decide the same way: there the classifiers are
	// not asked.
	sureMoves, sureRels *linear.Table
}

// Read reads the weights that Train wrote.
func Read(r *bufio.Reader) (*Model, error) {
	m := &Model{}
	for _, t := range []**linear.Table{&m.moves, &m.sureMoves, &m.rels, &m.sureRels} {
		var err error
		if *t, err = linear.Read(r); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Parse appends the arcs of one sentence to dst.
func (m *Model) Parse(dst []Arc, words []word.Word, tags []tag.Tag) []Arc {
	return m.Name(dst, m.Attach(words, tags))
}

// Tree is a sentence whose words have their heads, and whose relations have no names yet.
type Tree struct{ state *state }

// Attach gives the words of one sentence their heads.
func (m *Model) Attach(words []word.Word, tags []tag.Tag) Tree {
	s := newState(words, tags)
	var fs [maxFeatures]linear.Hash
	for !s.done() {
		s.apply(s.best(m, fs[:0]))
	}
	s.finish()
	return Tree{s}
}

// Name appends the arcs of a tree to dst, with the names of their relations. To attach many sentences
// first and to name their relations then keeps one classifier's weights at a time in the processor's caches.
func (m *Model) Name(dst []Arc, t Tree) []Arc {
	var fs [maxFeatures]linear.Hash
	for i := range len(t.state.words) - 1 {
		dst = append(dst, Arc{Head: t.state.head[i+1] - 1, Rel: m.relation(t.state, i, fs[:0])})
	}
	return dst
}

// relation is that of word i to its head in the finished tree.
func (m *Model) relation(s *state, i int, fs []linear.Hash) Rel {
	if s.head[i+1] == 0 {
		return Root
	}
	if r, ok := m.sureRels.Decided(s.sureRel(i)); ok {
		return Rel(r)
	}
	var scores [64]int32
	m.rels.AddAll(scores[:], relFeatures(fs, s, i))
	best := 0
	for c, v := range scores[:len(names)] {
		if v > scores[best] {
			best = c
		}
	}
	return Rel(best)
}

// The transitions.
const (
	shift = iota
	reduce
	leftArc
	rightArc
	moves
)

// state is a parser configuration. Node 0 is the root, node i+1 is word i;
// a head of 0 is the root's, -1 none yet.
type state struct {
	words       []node
	stack       []int32
	next        int32 // first node of the buffer
	head        []int32
	left, right []int32 // outermost children, 0 for none
	nl, nr      []uint8 // how many children on either side, at most 3
	// scores of the features that only the buffer decides, at the node scoredFor
	buffered  [moves]int32
	scoredFor int32
}

// node is what the features see of a word.
type node struct{ form, tag, both, class uint32 }

func newState(words []word.Word, tags []tag.Tag) *state {
	n := len(words) + 1
	ints := make([]int32, 4*n)
	bytes := make([]uint8, 2*n)
	s := &state{words: make([]node, n), stack: ints[:1:n], head: ints[n : 2*n], left: ints[2*n : 3*n], right: ints[3*n:], nl: bytes[:n], nr: bytes[n:], next: 1}
	s.words[0] = node{form: 3, tag: 60, both: 3}
	for i := range words {
		t := uint32(tags[i]) + 1
		s.words[i+1] = node{words[i].Form, t, words[i].Form ^ t*0x9e3779b1, uint32(words[i].Class)}
		s.head[i+1] = -1
	}
	s.head[0] = -1
	return s
}

func (s *state) done() bool { return int(s.next) >= len(s.words) }

func (s *state) top() int32 { return s.stack[len(s.stack)-1] }

// legal reports whether a move can be made.
func (s *state) legal(move int) bool {
	top := s.top()
	switch move {
	case reduce:
		return top > 0 && s.head[top] >= 0
	case leftArc:
		return top > 0 && s.head[top] < 0
	case rightArc:
		return top > 0
	}
	return true
}

func (s *state) apply(move int) {
	top := s.top()
	switch move {
	case shift:
		s.stack = append(s.stack, s.next)
		s.next++
	case reduce:
		s.stack = s.stack[:len(s.stack)-1]
	case leftArc:
		s.attach(top, s.next)
		s.stack = s.stack[:len(s.stack)-1]
	case rightArc:
		s.attach(s.next, top)
		s.stack = append(s.stack, s.next)
		s.next++
	}
}

func (s *state) attach(child, head int32) {
	s.head[child] = head
	if child < head {
		if s.left[head] == 0 || child < s.left[head] {
			s.left[head] = child
		}
		s.nl[head] = min(3, s.nl[head]+1)
		return
	}
	s.right[head] = child
	s.nr[head] = min(3, s.nr[head]+1)
}

// best is the move that the tags make sure, or else the legal one with the highest score.
func (s *state) best(m *Model, fs []linear.Hash) int {
	if s.top() == 0 {
		return shift // nothing else is legal
	}
	c := s.config()
	if move, ok := m.sureMoves.Decided(c.sureMove()); ok {
		return move
	}
	if s.scoredFor != s.next {
		s.buffered, s.scoredFor = [moves]int32{}, s.next
		m.moves.AddAll(s.buffered[:], s.bufferFeatures(fs))
	}
	scores := s.buffered
	m.moves.AddAll(scores[:], c.stackFeatures(fs))
	best := -1
	for move, v := range scores {
		if (best < 0 || v > scores[best]) && s.legal(move) {
			best = move
		}
	}
	return best
}

// finish makes the first word left without a head the root, and gives it the others.
// Only then is the root known: "It rained, she said" begins like a sentence of its own
// (Ballesteros and Nivre, 2013).
func (s *state) finish() {
	root := int32(0)
	for i := int32(1); int(i) < len(s.head); i++ {
		if s.head[i] >= 0 {
			continue
		}
		if root == 0 {
			root = i
			s.attach(i, 0)
			continue
		}
		s.head[i] = root
	}
}
