package answer

import (
	"math"
	"strings"

	"github.com/whosaid/whosaid/index"
)

// features describe how well a passage answers a question.
type features struct {
	quote   float64 // coverage of the topic by the quote's own words
	around  float64 // coverage by quote and paragraph
	title   float64 // coverage by quote, paragraph and title
	sense   float64 // cosine of what question and quote are about
	context float64 // the same for the paragraph
	bm25    float64 // share of the best hit's score
	order   float64 // share of neighbouring words of the question that stand side by side
	speaker float64 // fit of the speaker with the one asked for
	self    float64 // 1 when the speaker of the quote is named in a who question
	direct  float64 // 1 for a direct quote, 0.5 for a mixed one
	sure    float64 // the engine's confidence
	length  float64 // log of the quote's length in words
}

// vector lists the features in the order of the weights.
func (f features) vector() [12]float64 {
	return [...]float64{f.quote, f.around, f.title, f.sense, f.context, f.bm25, f.order, f.speaker, f.self, f.direct, f.sure, f.length}
}

// weights of the features, and the bias of the score.
var weights = [12]float64{3, 3, 0.5, 2, 1, 0.5, 1, 0, -1.5, 0.3, 0.3, 0.1}

const bias = -3.5

// score is from 0 to 1.
func (f features) score() float64 {
	z := bias
	for i, x := range f.vector() {
		z += weights[i] * x
	}
	return 1 / (1 + math.Exp(-z))
}

// features compares a hit with the question.
func (m *matcher) features(r *reading, h index.Hit, top float64) features {
	q, c, t := m.read(h.Text), m.read(h.Context), m.read(h.Title)
	f := features{
		quote: m.coverage(q), around: m.coverage(q, c), title: m.coverage(q, c, t),
		sense: m.about.Cosine(q.about), context: m.about.Cosine(c.about),
		order: m.order(h.Text), sure: h.Confidence,
		length: math.Log1p(float64(strings.Count(h.Text, " "))) / 4,
	}
	if top > 0 {
		f.bm25 = h.Score / top
	}
	switch h.Kind {
	case index.KindDirect:
		f.direct = 1
	case index.KindMixed:
		f.direct = 0.5
	}
	if len(r.nameParts) > 0 {
		f.speaker = nameMatch(r.nameParts, h.Speaker)
	} else if h.Speaker != nil {
		f.self = m.named(nameParts(h.Speaker.Name))
	}
	return f
}

// named is 1 when the topic names the person by surname or first name: who
// said that of Smith is seldom Smith.
func (m *matcher) named(parts []string) float64 {
	for _, p := range parts {
		stem := m.stems.stem(p)
		for _, t := range m.terms {
			if t.stem == stem {
				return 1
			}
		}
	}
	return 0
}

// order is the share of the question's neighbouring terms that stand at most
// three words apart in the text, in the same order.
func (m *matcher) order(text string) float64 {
	if len(m.terms) < 2 {
		return 0
	}
	place := make([]int, len(m.terms))
	found := make([]bool, len(m.terms)-1)
	for i, w := range splitWords(text) {
		if stopWords[w.norm] {
			continue
		}
		stem := m.stems.stem(w.norm)
		for k := range m.terms {
			if m.terms[k].stem != stem {
				continue
			}
			place[k] = i + 1
			if k > 0 && place[k-1] > 0 && i+1-place[k-1] <= 3 {
				found[k-1] = true
			}
		}
	}
	n := 0
	for _, ok := range found {
		if ok {
			n++
		}
	}
	return float64(n) / float64(len(found))
}
