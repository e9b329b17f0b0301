// Package attrib finds attributions: the spans of source, cue and content of
// direct, mixed and indirect speech, and which belong together.
//
// A linear-chain CRF labels the tokens of a paragraph, a linker joins the
// spans to units, and what comes out is scored with the probability of being right.
// It is trained by quote/train.
package attrib

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/ling"
	"github.com/whosaid/whosaid/quote/internal/tok"
)

// Attribution is what somebody said, with the words that say so. All spans are
// bytes of the text; each list is ascending and disjoint.
type Attribution struct {
	Content, Cue, Source []tok.Span
	// Score is the calibrated probability that content and source are right.
	Score float64
}

// Model is a trained attribution model, safe for concurrent use.
type Model struct {
	lexicon *linear.Table
	crf     crf
	linker  linker
	ranker  forest
}

// Read reads what Train and then TrainRanker wrote.
func Read(r *bufio.Reader) (*Model, error) {
	m, err := ReadStage(r)
	if err != nil {
		return nil, err
	}
	f, err := readForest(r)
	if err != nil {
		return nil, err
	}
	m.ranker = *f
	return m, nil
}

// ReadStage reads what Train wrote: a model without its ranker.
func ReadStage(r *bufio.Reader) (*Model, error) {
	m := &Model{}
	var err error
	if m.lexicon, err = linear.Read(r); err != nil {
		return nil, err
	}
	if m.crf.weights, err = linear.Read(r); err != nil {
		return nil, err
	}
	var bits [labels*labels + labels]uint32
	if err := binary.Read(r, binary.LittleEndian, &bits); err != nil {
		return nil, fmt.Errorf("attrib: reading the transitions: %w", noEOF(err))
	}
	var w [labels*labels + labels]float32
	for i, b := range bits {
		w[i] = math.Float32frombits(b)
	}
	m.crf.trans, m.crf.start = unpack(w)
	if m.linker.weights, err = linear.Read(r); err != nil {
		return nil, err
	}
	return m, nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Attribute finds the attributions of an analysed article, paragraph by paragraph.
func (m *Model) Attribute(a *ling.Analysis) []Attribution {
	sure, _ := m.Propose(a, threshold)
	return sure
}

// Propose is Attribute, with the candidates that it left out though they may be
// right, with a probability of least or more: several for one cue, overlapping
// each other and those that Attribute gives.
func (m *Model) Propose(a *ling.Analysis, least float32) (sure, rest []Attribution) {
	c := newContext(a, m.lexicon)
	p := newProposer(m, c)
	taken := make([]bool, len(a.Tokens))
	for _, para := range a.Paragraphs {
		for _, cand := range m.judge(p.propose(para), min(least, threshold)) {
			to := &rest
			if cand.p >= threshold && claim(&cand, taken) {
				to = &sure
			}
			if at := c.attribution(cand); len(at.Content) > 0 {
				*to = append(*to, at)
			}
		}
	}
	return sure, rest
}

// threshold is the least probability of a candidate that is given out. Half of the F1
// that can be reached is best for F1 (Lipton, Elkan and Naryanaswamy, 2014).
const threshold = 0.35

// judge gives the candidates their probabilities and returns those of least or more, the likeliest first.
func (m *Model) judge(cands []candidate, least float32) []candidate {
	kept := cands[:0]
	for i := range cands {
		if cands[i].p = m.ranker.probability(&cands[i].x); cands[i].p >= least {
			kept = append(kept, cands[i])
		}
	}
	slices.SortStableFunc(kept, func(a, b candidate) int { return cmp.Compare(b.p, a.p) })
	return kept
}

// claim takes the candidate's cue and contents, unless one of them is taken already.
func claim(cand *candidate, taken []bool) bool {
	if !free(&cand.cue, taken) || slices.ContainsFunc(cand.contents, func(s span) bool { return !free(&s, taken) }) {
		return false
	}
	take(&cand.cue, taken)
	for i := range cand.contents {
		take(&cand.contents[i], taken)
	}
	return true
}

func free(s *span, taken []bool) bool { return !slices.Contains(taken[s.Start:s.End], true) }

func take(s *span, taken []bool) {
	for i := s.Start; i < s.End; i++ {
		taken[i] = true
	}
}

func (c *context) attribution(u candidate) Attribution {
	at := Attribution{Cue: []tok.Span{c.Span(u.cue.Range)}, Score: float64(u.p)}
	for _, s := range u.contents {
		if r := c.trim(s.Range); r.Len() > 0 {
			at.Content = append(at.Content, c.Span(r))
		}
	}
	if u.source != nil {
		at.Source = []tok.Span{c.Span(u.source.Range)}
	}
	return at
}
