package answer

import (
	"math"
	"strings"

	"github.com/whosaid/whosaid/answer/internal/meaning"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// feature numbers one thing that tells how well a passage answers a question.
type feature int

// The features, each from about 0 to 1. "Covers" is the share of the topic's
// words that are met, rare words counting more and a near word for a part.
const (
	coverQuote    feature = iota // the quote covers
	coverAround                  // quote, paragraph and the speaker's role cover
	coverTitle                   // these and the title cover
	coverArticle                 // these and all that was fetched of the article cover
	coverBest                    // the best sentence of the quote covers
	coverNear                    // the best sentence of the paragraph covers
	coverOwn                     // the sentence that the quote stands in covers
	coverExact                   // quote, paragraph, role and title cover, word for word
	coverVerbatim                // the quote covers, word for word
	senseQuote                   // cosine of what question and quote are about
	senseAround                  // the same of the paragraph
	senseBest                    // the same of the quote's best sentence
	gistQuote                    // cosine of what topic and quote say as a whole
	gistBest                     // the same of the quote's best sentence
	gistAround                   // the same of the paragraph
	gistOwn                      // the same of the quote with its sentence
	focus                        // how much of the quote the question asks about
	echo                         // the question's neighbouring words, small ones too, that stand side by side
	order                        // its weighty neighbouring words that stand close
	cue                          // how near the verb of the quote is to the question's
	bm25                         // share of the best hit's score
	fit                          // the speaker is the one asked for
	self                         // the speaker is named in a who question
	unnamed                      // the speaker has no name
	direct                       // 1 for a direct quote, 0.5 for a mixed one
	length                       // logarithm of the quote's length in words
	short                        // 1 for a quote of one or two words, falling to 0 at eight
	sure                         // the engine's confidence
	coverBefore                  // quote, paragraph and the one before cover
	gistBefore                   // the cosine of what topic and the paragraph before say
	coverSpeaker                 // all that the speaker was found to say in the article covers
	weak                         // 1 for what is no quote for sure
	human                        // the question begins with who, and the speaker is a person
	allFeatures
)

// features describe how well a passage answers a question.
type features [allFeatures]float64

// model turns features into an order and a probability.
type model struct {
	weights features
	// slope and bias of a logistic curve, fitted to the best candidates.
	slope, bias float64
}

// raw orders the candidates of one question.
func (m *model) raw(f *features) float64 {
	z := 0.0
	for i, x := range f {
		z += m.weights[i] * x
	}
	return z
}

// score is how likely a passage answers, from 0 to 1, in the same order.
func (m *model) score(f *features) float64 {
	return 1 / (1 + math.Exp(-(m.slope*m.raw(f) + m.bias)))
}

// evidenceOf are the features that tell whether a passage, the best of its
// question, is about what was asked at all. None is BM25's, whose scores don't
// compare across questions.
var evidenceOf = [...]feature{coverExact, coverAround, coverQuote, senseQuote, senseAround, gistQuote, gistBest, gistOwn, echo}

// evidence is a logistic regression over evidenceOf, of right answers against
// the best passages of articles that don't answer.
type evidence struct {
	weights [len(evidenceOf)]float64
	bias    float64
}

// of is the evidence for one passage, from 0 to 1.
func (e *evidence) of(f *features) float64 {
	z := e.bias
	for i, k := range evidenceOf {
		z += e.weights[i] * f[k]
	}
	return 1 / (1 + math.Exp(-z))
}

// features compares a hit with the question.
func (m *matcher) features(r *reading, h index.Hit, top float64) features {
	c, t := m.read(h.Context), m.read(h.Title)
	who := m.read("")
	if h.Speaker != nil {
		who = m.read(h.Speaker.Role)
	}
	q, s, verb := m.quoted(h.Passage, c)
	clear(m.full)
	m.full.AddSum(q.gist)
	m.full.AddSum(s.gist)
	f := features{
		coverQuote: m.coverage(q), coverAround: m.coverage(q, c, who), coverTitle: m.coverage(q, c, who, t),
		coverBest: q.sentence, coverNear: c.sentence, coverOwn: m.coverage(q, s),
		coverExact: m.exact(q, c, who, t), coverVerbatim: m.exact(q),
		senseQuote: m.about.Cosine(q.about), senseAround: m.about.Cosine(c.about), senseBest: q.sense,
		gistQuote: m.gist.Cosine(q.gist), gistBest: q.gistBest, gistAround: m.gist.Cosine(c.gist), gistOwn: m.gist.Cosine(m.full),
		focus: q.focus(),
		echo:  m.echo(q), order: m.order(q), cue: m.cueMatch(r, verb),
		length: math.Log1p(float64(len(q.words))) / 4, short: max(0, min(1, float64(8-len(q.words))/6)),
		sure: h.Confidence,
	}
	b := m.read(h.Before)
	f[coverBefore], f[gistBefore] = m.coverage(q, c, b), m.gist.Cosine(b.gist)
	f[coverSpeaker] = f[coverQuote]
	if h.Speaker != nil {
		if a := m.said[saidIn{h.ArticleID, h.Speaker.Name}]; a != nil {
			f[coverSpeaker] = m.coverage(q, a)
		}
	}
	f[coverArticle] = f[coverTitle]
	if a := m.articles[h.ArticleID]; a != nil {
		f[coverArticle] = m.coverage(q, c, who, t, a)
	}
	if h.Speaker != nil && h.Speaker.Type != quote.TypePerson && h.Speaker.Type != quote.TypeOrg {
		f[unnamed] = 1
	}
	if r.ofPerson && h.Speaker != nil && h.Speaker.Type == quote.TypePerson {
		f[human] = 1
	}
	if top > 0 {
		f[bm25] = h.Score / top
	}
	switch h.Kind {
	case index.KindDirect:
		f[direct] = 1
	case index.KindMixed:
		f[direct] = 0.5
	case index.KindWeak:
		f[weak] = 1
	}
	if len(r.nameParts) > 0 {
		f[fit] = r.fit(h.Speaker)
	} else if h.Speaker != nil {
		f[self] = m.named(nameParts(h.Speaker.Name))
	}
	return f
}

// quoted matches a passage's words and the rest of the sentence that they stand
// in, both parts of the context, and gives the words of its cue.
func (m *matcher) quoted(p index.Passage, context *match) (words, sentence *match, cue string) {
	at, before, after, cue := surroundings(p)
	if sentence = m.stretch(p.Context, context, before, after); sentence == nil {
		sentence = m.read(p.Context[before.Start:before.End] + " " + p.Context[after.Start:after.End])
	}
	if strings.HasPrefix(p.Context[at:], p.Text) {
		words = m.stretch(p.Context, context, quote.Span{Start: at, End: at + len(p.Text)})
	}
	if words == nil {
		words = m.read(p.Text)
	}
	return words, sentence, cue
}

// surroundings are where in its context a quote begins, what its sentence has
// before and after it, as spans of the context, and the words of its cue; all
// empty where the context doesn't hold them.
func surroundings(p index.Passage) (at int, before, after quote.Span, cue string) {
	if len(p.Content) == 0 || p.Context == "" || len(p.Text) < p.Content[0].Len() {
		return 0, before, after, ""
	}
	if at = strings.Index(p.Context, p.Text[:p.Content[0].Len()]); at < 0 {
		return 0, before, after, ""
	}
	base := p.Content[0].Start - at
	inside := func(s quote.Span) (from, to int, ok bool) {
		from, to = s.Start-base, s.End-base
		return from, to, 0 <= from && from <= to && to <= len(p.Context)
	}
	_, end, ok := inside(p.Content[len(p.Content)-1])
	if !ok {
		return at, before, after, ""
	}
	const ends = ".?!\n"
	from := strings.LastIndexAny(p.Context[:at], ends) + 1
	to := strings.IndexAny(p.Context[end:], ends)
	if to < 0 {
		to = len(p.Context) - end
	}
	var words strings.Builder
	for _, s := range p.Cue {
		if b, e, ok := inside(s); ok {
			words.WriteString(p.Context[b:e] + " ")
		}
	}
	return at, quote.Span{Start: from, End: at}, quote.Span{Start: end, End: end + to}, words.String()
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

// cueMatch is how near a word of the cue is to a verb that the question asks
// with: who "warned" is more likely to have "cautioned" than "joked".
func (m *matcher) cueMatch(r *reading, words string) (best float64) {
	if words == "" || len(r.verbs) == 0 {
		return 0
	}
	for _, k := range m.read(clip(words, 200)).words {
		if k.stop || askWords[k.norm] {
			continue
		}
		for _, v := range r.verbs {
			verb := m.stems.of(v)
			if verb.stem == k.stem {
				return 1
			}
			best = max(best, float64(nearness(meaning.Similarity(verb.id, k.id))))
		}
	}
	return best
}

// echo is the share of the question's neighbouring words, small ones too, that
// stand side by side in the text: "where do we go from here" has no rare word.
func (m *matcher) echo(x *match) float64 {
	if len(m.pairs) == 0 {
		return 0
	}
	var found map[[2]string]bool
	last := ""
	for _, k := range x.words {
		if !k.asked {
			last = ""
			continue
		}
		if p := [2]string{last, k.stem}; last != "" && m.pairs[p] {
			if found == nil {
				found = make(map[[2]string]bool, 8)
			}
			found[p] = true
		}
		last = k.stem
	}
	return min(1, float64(len(found))/3)
}

// order is the share of the question's neighbouring terms that stand at most
// three words apart in the text, in the same order.
func (m *matcher) order(x *match) float64 {
	if len(m.terms) < 2 {
		return 0
	}
	place := make([]int, len(m.terms))
	found := make([]bool, len(m.terms)-1)
	for i, w := range x.words {
		if w.stop || w.best < 1 {
			continue
		}
		for k := range m.terms {
			if m.terms[k].stem != w.stem {
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
