// Package attrib finds attributions: the spans of source, cue and content of
// direct, mixed and indirect speech, and which belong together.
//
// A linear-chain CRF labels the tokens of a paragraph, a linker joins the
// spans to units, and what comes out is scored with the probability of being right.
// It is trained by quote/train.
package attrib

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"

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
}

// Read reads the weights that Train wrote.
func Read(r *bufio.Reader) (*Model, error) {
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

// Attribute finds the attributions of an analysed article, paragraph by
// paragraph, in the order of their cues' contents.
func (m *Model) Attribute(a *ling.Analysis) []Attribution {
	c := newContext(a, m.lexicon)
	var out []Attribution
	var l lattice
	var seq []int8
	var spans []span
	for _, p := range a.Paragraphs {
		m.crf.emissions(&l, c, p.Start, p.End)
		seq = l.viterbi(seq[:0], &m.crf.trans, &m.crf.start, bias)
		spans = c.spansOf(spans[:0], seq, p.Start)
		for _, u := range m.linker.link(c, spans) {
			out = append(out, c.attribution(u))
		}
	}
	return out
}

// bias favours finding over being right, by what gains most on dev.
const bias = 0.0

func (c *context) attribution(u unit) Attribution {
	at := Attribution{Cue: []tok.Span{c.Span(u.cue.Range)}, Score: 0.5}
	for _, s := range u.contents {
		at.Content = append(at.Content, c.Span(s.Range))
	}
	if u.source != nil {
		at.Source = []tok.Span{c.Span(u.source.Range)}
	}
	return at
}
