package answer

import (
	"math"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
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
	length  float64 // log of the quote's length in words

	sentence float64 // coverage by the quote's best sentence
	anyExact float64 // coverage by quote, paragraph and title, word for word
	near     float64 // coverage by the paragraph's best sentence
	article  float64 // coverage by all that was fetched of the article
	unnamed  float64 // 1 when the speaker has no name
}

// vector lists the features in the order of the weights.
func (f features) vector() [16]float64 {
	return [...]float64{f.quote, f.around, f.title, f.sense, f.context, f.bm25, f.order, f.speaker, f.self, f.direct, f.length, f.sentence, f.anyExact, f.near, f.article, f.unnamed}
}

// model turns features into an order and a probability.
type model struct {
	// weights of the features, in the order of vector: learnt on the
	// benchmark's questions with a softmax over each question's candidates.
	weights [16]float64
	// slope and bias of a logistic curve, fitted to the best candidates.
	slope, bias float64
}

// A question that names no speaker leans more on the whole sense, and
// mistrusts long quotes, which hold a little of everything.
var (
	whoModel = &model{
		weights: [16]float64{1.30, 1.54, 2.12, 2.99, 3.46, 2.62, 2.13, 0, -1.99, 1.70, -3.36, 1.30, 2.25, 1.47, 2.43, -1.88},
		slope:   0.36, bias: -3.7,
	}
	whatModel = &model{
		weights: [16]float64{1.15, 1.44, 1.81, 2.22, 2.56, 2.43, 1.34, 0.35, 0, 1.60, -1.75, 1.18, 1.74, 1.55, 2.22, -1.69},
		slope:   0.38, bias: -3.0,
	}
)

// score is how likely a passage answers, from 0 to 1; it orders the
// candidates of one question.
func (m *model) score(f features) float64 {
	z := 0.0
	for i, x := range f.vector() {
		z += m.weights[i] * x
	}
	return 1 / (1 + math.Exp(-(m.slope*z + m.bias)))
}

// evidence is how likely a passage, the best of its question, is about what
// was asked at all: a logistic regression of right answers against the best
// passages of a corpus that does not answer. No part of it is BM25's, whose
// scores don't compare across questions.
func (f features) evidence() float64 {
	return 1 / (1 + math.Exp(-(2.6*f.anyExact + 2.1*f.around + 1.05*f.sense + 1.2*f.context - 3.4)))
}

// features compares a hit with the question.
func (m *matcher) features(r *reading, h index.Hit, top float64) features {
	q, c, t := m.read(h.Text), m.read(h.Context), m.read(h.Title)
	who := m.read("")
	if h.Speaker != nil {
		who = m.read(h.Speaker.Role)
	}
	f := features{
		quote: m.coverage(q), around: m.coverage(q, c, who), title: m.coverage(q, c, who, t),
		sense: m.about.Cosine(q.about), context: m.about.Cosine(c.about),
		order:    m.order(h.Text),
		length:   math.Log1p(float64(q.words)) / 4,
		sentence: q.sentence, anyExact: m.exact(q, c, who, t), near: c.sentence,
	}
	if a := m.articles[h.ArticleID]; a != nil {
		f.article = m.coverage(q, c, who, t, a)
	}
	if h.Speaker != nil && h.Speaker.Type != quote.TypePerson && h.Speaker.Type != quote.TypeOrg {
		f.unnamed = 1
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
		f.speaker = r.fit(h.Speaker)
	} else if h.Speaker != nil {
		f.self = m.named(nameParts(h.Speaker.Name))
	}
	return f
}

// fit tells how well a speaker is the one asked for. Of several with one
// surname the most quoted is meant, rather than the rest.
func (r *reading) fit(sp *quote.Speaker) float64 {
	fit := nameMatch(r.nameParts, sp)
	if len(r.named) > 0 && sp != nil && !samePerson(nameParts(r.named[0].Name), nameParts(sp.Name)) {
		fit -= 0.3
	}
	return fit
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
	for i, w := range splitWords(clip(text, maxRead)) {
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
