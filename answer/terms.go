package answer

import (
	"context"
	"fmt"
	"hash/maphash"
	"math"
	"strings"

	"github.com/whosaid/whosaid/answer/internal/meaning"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// term is one word of a question's topic.
type term struct {
	norm, stem string
	id         meaning.Word
	weight     float64 // how much it tells: rare words more
	name       bool    // a proper name, which nothing but itself can stand for
}

// maxTerms bounds the words of a topic that are weighed; the rest is dropped.
const maxTerms = 40

// cueWeight is the share of its weight that a verb of speaking keeps: print
// seldom reports with the verb that is asked with.
const cueWeight = 0.5

// topicTerms are the words of the texts that carry a subject, weighed by
// how rare they are in the corpus and in English.
func (s *Service) topicTerms(ctx context.Context, m *matcher, isName func(word) bool, texts ...string) ([]term, error) {
	var out []term
	var norms []string
	seen := map[string]bool{}
	for _, text := range texts {
		for _, w := range splitWords(text) {
			stem := m.stems.stem(w.norm)
			if stopWords[w.norm] || askWords[w.norm] || seen[stem] || len(out) == maxTerms {
				continue
			}
			seen[stem] = true
			out = append(out, term{norm: w.norm, stem: stem, id: meaning.Lookup(w.norm), name: isName(w)})
			norms = append(norms, w.norm)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	rarity, err := s.idx.Rarity(ctx, norms)
	if err != nil {
		return nil, fmt.Errorf("weighing the words of the question: %w", err)
	}
	passages := float64(s.idx.Stats().Passages)
	for i := range out {
		out[i].weight = weigh(rarity[i], passages, out[i].id)
		if verbs[out[i].norm] {
			out[i].weight *= cueWeight
		}
	}
	return out, nil
}

// weigh is a word's weight from 0 to 1, by its share of the passages and its
// rank in English. The shares of a small corpus say little.
func weigh(rarity, passages float64, id meaning.Word) float64 {
	const rarest, few = 1e-4, 300
	inCorpus := max(0.02, math.Log(rarity+rarest)/math.Log(rarest))
	trust := passages / (passages + few)
	return (trust*inCorpus + 1 - trust) * inEnglish(id)
}

// inEnglish is a word's weight from 0 to 1 by its rank alone.
func inEnglish(id meaning.Word) float64 {
	return math.Sqrt(min(1, math.Log(float64(id.Rank())+10)/math.Log(40000)))
}

// matcher compares the words of passages with the terms of one question. It
// remembers what it compared; it serves one request.
type matcher struct {
	terms   []term
	about   meaning.Sum // what the question is about
	gist    meaning.Sum // what its topic says as a whole
	stems   *lexemes
	known   []*known      // by lexeme.number modulo their number; one of several words
	printed []printedWord // by a hash of the text modulo their number, likewise
	seed    maphash.Seed  // of the hash
	texts   map[string]*match
	full    meaning.Sum // of the quote that is being weighed and its sentence
	reading scratch
	// articles are what the hits of each article cover together.
	articles map[string]*match
	// said is what those of one speaker in one article cover together.
	said map[saidIn]*match
	// pairs are the neighbouring words of the question, stemmed.
	pairs map[[2]string]bool
	asked map[string]bool // the stems that they are of
}

// saidIn names a speaker's part of an article.
type saidIn struct{ article, speaker string }

// known is what a matcher knows of a word.
type known struct {
	*lexeme
	fits  []float32 // how well it stands for each term
	best  float32   // the best of fits
	asked bool      // the question has it too
}

// printedWord is a word as it was met in a text. That most words were met before is seen
// here, without a look at the memory that all requests share.
type printedWord struct {
	text  string
	known *known
}

// knownWords is how many words a matcher has places for. Two that share one are
// compared again and again, which is seldom: a question meets 4,000 words.
const knownWords = 1 << 13

func (s *Service) newMatcher() *matcher {
	return &matcher{
		stems: s.lexemes, known: make([]*known, knownWords), texts: make(map[string]*match, 512),
		printed: make([]printedWord, knownWords), seed: maphash.MakeSeed(),
		articles: map[string]*match{}, said: map[saidIn]*match{},
	}
}

// ask sets the terms that passages are compared with, and the topic and the
// question whose words they are.
func (m *matcher) ask(terms []term, topic, question string) {
	m.terms = terms
	for _, t := range terms {
		m.about.Add(t.id, t.weight)
	}
	var gist meaning.Gist
	for _, w := range splitWords(clip(topic, maxInput)) {
		gist.Add(meaning.Lookup(w.norm))
	}
	m.gist = gist.Sum()
	m.pairs, m.asked = map[[2]string]bool{}, map[string]bool{}
	last := ""
	for _, w := range splitWords(clip(question, maxInput)) {
		stem := m.stems.stem(w.norm)
		if last != "" {
			m.pairs[[2]string{last, stem}] = true
		}
		m.asked[stem] = true
		last = stem
	}
	m.reading.sentence = make([]float32, len(terms))
}

// gather notes what the hits of each article cover together: who is asked
// about "the hearing" need not name it in every paragraph.
func (m *matcher) gather(hits []index.Hit) {
	for _, h := range hits {
		around := m.read(h.Context)
		unite(m, m.articles, h.ArticleID, around.best)
		a := m.articles[h.ArticleID]
		a.gistBest = max(a.gistBest, around.gistBest)
		if h.Speaker != nil {
			unite(m, m.said, saidIn{h.ArticleID, h.Speaker.Name}, m.meets(h.Passage, around))
		}
	}
}

// meets is how the passage's words meet the terms, known from its context where
// that has them: reading them once more would take as long again.
func (m *matcher) meets(p index.Passage, around *match) []float32 {
	if at := strings.Index(p.Context, p.Text); at >= 0 {
		if words, ok := around.within(p.Context, quote.Span{Start: at, End: at + len(p.Text)}); ok {
			best := m.reading.zeros(len(m.terms))
			for _, k := range words {
				if k.stop || k.best == 0 {
					continue
				}
				for i, x := range k.fits {
					best[i] = max(best[i], x)
				}
			}
			return best
		}
	}
	return m.read(p.Text).best
}

// unite adds to what the texts of a key cover together how one more meets the terms.
func unite[K comparable](m *matcher, to map[K]*match, key K, best []float32) {
	a := to[key]
	if a == nil {
		a = &match{best: m.reading.zeros(len(m.terms))}
		to[key] = a
	}
	for i, x := range best {
		a.best[i] = max(a.best[i], x)
	}
}

// onTopic tells how likely an article, whose hits cover together what x does,
// is about the topic: by the words, and more by the sentence that says nearly
// the same, which may do so in other words.
func (m *matcher) onTopic(x *match) float64 { return m.coverage(x) + 2*x.gistBest }

// word compares a word, as printed, with the terms: 1 for the same stem, less
// for a word near in meaning. Nothing but its like stands for a name.
func (m *matcher) word(text string) *known {
	seen := &m.printed[maphash.String(m.seed, text)%knownWords]
	if seen.known != nil && seen.text == text {
		return seen.known
	}
	x := m.stems.printed(text)
	place := &m.known[x.number%knownWords]
	if *place == nil || (*place).lexeme != x {
		*place = m.compare(x)
	}
	*seen = printedWord{text, *place}
	return *place
}

func (m *matcher) compare(x *lexeme) *known {
	const likeName = 0.8
	k := m.reading.newKnown()
	k.lexeme, k.fits, k.asked = x, m.reading.zeros(len(m.terms)), m.asked[x.stem]
	for i, t := range m.terms {
		if t.stem == x.stem {
			k.fits[i] = 1
		} else if near := nearness(meaning.Similarity(t.id, x.id)); !t.name || near >= likeName {
			k.fits[i] = near
		}
		k.best = max(k.best, k.fits[i])
	}
	return k
}

// nearness turns the cosine of two words into how well one stands for the other.
func nearness(cosine float64) float32 {
	const related, synonym, atMost = 0.3, 0.75, 0.9
	return float32(min(atMost, max(0, (cosine-related)/(synonym-related))))
}

// coverage is the share, by weight, of the terms that the matches meet.
func (m *matcher) coverage(ms ...*match) float64 {
	return m.share(func(i int) (best float32) {
		for _, x := range ms {
			best = max(best, x.best[i])
		}
		return best
	})
}

// exact is the share of the terms that the matches meet word for word.
func (m *matcher) exact(ms ...*match) float64 {
	return m.share(func(i int) float32 {
		for _, x := range ms {
			if x.best[i] == 1 {
				return 1
			}
		}
		return 0
	})
}

// share is the mean over the terms by their weights, from 0 to 1.
func (m *matcher) share(of func(i int) float32) float64 {
	var sum, all float64
	for i, t := range m.terms {
		sum += t.weight * float64(of(i))
		all += t.weight
	}
	if all == 0 {
		return 0
	}
	return sum / all
}
