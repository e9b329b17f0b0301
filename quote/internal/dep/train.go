package dep

import (
	"math/rand/v2"
	"slices"

	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/tag"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// Sentence is a training sentence.
type Sentence struct {
	Words []word.Word
	Tags  []tag.Tag
	Arcs  []Arc
}

// explore is how often training follows the parser's own wrong move, after
// the first pass.
const explore = 0.9

// Train learns a parser in the given number of passes over the sentences, in
// their order, and returns it with its encoding for Read.
func Train(sents []Sentence, passes int) (*Model, []byte) {
	m := &Model{}
	var parts [4][]byte
	m.sureMoves, parts[1] = learnMoves(sents)
	m.moves, parts[0] = trainMoves(sents, passes, m.sureMoves)
	m.sureRels, parts[3] = learnRels(sents)
	m.rels, parts[2] = trainRels(sents, passes-1, m.sureRels)
	return m, slices.Concat(parts[:]...)
}

// sureCount is how often what the tags decide must have been decided so to be sure.
const sureCount = 30

// learnMoves learns the moves that are sure.
func learnMoves(sents []Sentence) (*linear.Table, []byte) {
	t := make(linear.Tally)
	for _, snt := range sents {
		s := newState(snt.Words, snt.Tags)
		gold := goldHeads(snt.Arcs)
		for !s.done() {
			move := s.cheapest(gold, nil)
			if s.top() != 0 {
				c := s.config()
				t.Add(c.sureMove(), move)
			}
			s.apply(move)
		}
	}
	return t.Sure(sureCount)
}

// learnRels learns the relations that are.
func learnRels(sents []Sentence) (*linear.Table, []byte) {
	t := make(linear.Tally)
	for _, snt := range sents {
		s := goldTree(snt)
		for i, a := range snt.Arcs {
			if a.Head >= 0 {
				t.Add(s.sureRel(i), int(a.Rel))
			}
		}
	}
	return t.Sure(sureCount)
}

// goldTree is the state at the end of a sentence parsed as annotated.
func goldTree(snt Sentence) *state {
	s := newState(snt.Words, snt.Tags)
	for i, a := range snt.Arcs {
		s.attach(int32(i+1), a.Head+1)
	}
	return s
}

// sureMove is the move that the tags decide, or ok is false.
func (s *state) sureMove(sure *linear.Table) (move int, ok bool) {
	if s.top() == 0 {
		return shift, true
	}
	c := s.config()
	return sure.Decided(c.sureMove())
}

// trainMoves learns the moves that are not sure.
func trainMoves(sents []Sentence, passes int, sure *linear.Table) (*linear.Table, []byte) {
	counter := linear.NewCounter(6)
	var fs [maxFeatures]linear.Hash
	for _, snt := range sents {
		s := newState(snt.Words, snt.Tags)
		gold := goldHeads(snt.Arcs)
		for !s.done() {
			if _, ok := s.sureMove(sure); !ok {
				counter.Count(s.features(fs[:0]))
			}
			s.apply(s.cheapest(gold, nil))
		}
	}
	p := linear.NewPerceptron(counter.Index(), moves)
	rng := rand.New(rand.NewPCG(1, 2))
	for pass := range passes {
		for _, snt := range sents {
			s := newState(snt.Words, snt.Tags)
			gold := goldHeads(snt.Arcs)
			for !s.done() {
				if move, ok := s.sureMove(sure); ok {
					s.apply(move)
					continue
				}
				h := s.features(fs[:0])
				scores := p.Score(h)
				guess := -1
				for c, v := range scores {
					if (guess < 0 || v > scores[guess]) && s.legal(c) {
						guess = c
					}
				}
				right := s.cheapest(gold, scores)
				p.Step()
				if s.cost(guess, gold) > s.cost(right, gold) {
					p.Update(h, right, guess)
					if pass == 0 || rng.Float64() > explore {
						guess = right
					}
				}
				s.apply(guess)
			}
		}
	}
	return p.Finish()
}

// trainRels learns the relations that are not sure, on the gold trees.
func trainRels(sents []Sentence, passes int, sure *linear.Table) (*linear.Table, []byte) {
	counter := linear.NewCounter(6)
	var fs [maxFeatures]linear.Hash
	states := make([]*state, len(sents))
	for k, snt := range sents {
		states[k] = goldTree(snt)
		for i := range snt.Arcs {
			if unsure(states[k], i, sure) {
				counter.Count(relFeatures(fs[:0], states[k], i))
			}
		}
	}
	p := linear.NewPerceptron(counter.Index(), len(names))
	for range passes {
		for k, snt := range sents {
			for i, a := range snt.Arcs {
				if !unsure(states[k], i, sure) {
					continue
				}
				h := relFeatures(fs[:0], states[k], i)
				best := linear.Best(p.Score(h))
				p.Step()
				if best != int(a.Rel) {
					p.Update(h, int(a.Rel), best)
				}
			}
		}
	}
	return p.Finish()
}

// unsure reports whether word i needs the classifier for its relation.
func unsure(s *state, i int, sure *linear.Table) bool {
	if s.head[i+1] == 0 {
		return false
	}
	_, ok := sure.Decided(s.sureRel(i))
	return !ok
}

// goldHeads numbers the heads as nodes: 0 is the root.
func goldHeads(arcs []Arc) []int32 {
	heads := make([]int32, len(arcs)+1)
	heads[0] = -1
	for i, a := range arcs {
		heads[i+1] = a.Head + 1
	}
	return heads
}

// cost counts the gold arcs that a move makes unreachable (Goldberg and Nivre, 2012).
func (s *state) cost(move int, gold []int32) int {
	top, next := s.top(), s.next
	n := 0
	below := s.stack[:len(s.stack)-1]
	switch move {
	case shift: // next loses its head and children on the stack
		for _, k := range s.stack[1:] { // the root takes its word at the end
			if gold[next] == k || gold[k] == next && s.head[k] < 0 {
				n++
			}
		}
	case reduce: // top loses its children in the buffer
		for k := next; int(k) < len(gold); k++ {
			if gold[k] == top {
				n++
			}
		}
	case leftArc: // top loses its other head and its children in the buffer
		for k := next; int(k) < len(gold); k++ {
			if gold[k] == top || gold[top] == k && k != next {
				n++
			}
		}
		for _, k := range below {
			if gold[top] == k {
				n++
			}
		}
	case rightArc: // next loses its other heads and its children on the stack
		if gold[next] != top {
			for _, k := range below {
				if gold[next] == k {
					n++
				}
			}
			if gold[next] > next {
				n++
			}
		}
		for _, k := range s.stack {
			if gold[k] == next && s.head[k] < 0 {
				n++
			}
		}
	}
	return n
}

// cheapest is the legal move of least cost, the best scored of them.
func (s *state) cheapest(gold []int32, scores []float32) int {
	best, least := -1, 0
	for c := range moves {
		if !s.legal(c) {
			continue
		}
		n := s.cost(c, gold)
		if best < 0 || n < least || n == least && (scores != nil && scores[c] > scores[best] || scores == nil && c > best) {
			best, least = c, n
		}
	}
	return best
}
