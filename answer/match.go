package answer

import (
	"sort"
	"strings"

	"github.com/whosaid/whosaid/answer/internal/meaning"
	"github.com/whosaid/whosaid/quote"
)

// match is how a text meets the terms of a question.
type match struct {
	best     []float32   // for each term, the best of the text's words
	sentence float64     // coverage by the sentence that covers most
	sense    float64     // the best cosine of a sentence with the question
	about    meaning.Sum // what the text is about
	gist     meaning.Sum // what it says as a whole
	gistBest float64     // the best cosine of a sentence's gist with the topic's
	words    []token
	// met and weight are sums over the words: how well each stands for some
	// term, times its weight; and the weights.
	met, weight float64
}

// token is a word of a text, and where it stands, in bytes.
type token struct {
	*known
	start, end int32
	breaks     bool // a sentence ends before it
}

// sentenceEnds are the marks that end a sentence.
const sentenceEnds = ".?!;…\n"

// focus is how much of the text the question asks about.
func (x *match) focus() float64 {
	if x.weight == 0 {
		return 0
	}
	return x.met / x.weight
}

// maxRead bounds how much of a passage is compared, in runes: a hostile article
// is one quote of a megabyte.
const maxRead = 8000

// scratch is the memory that reading texts takes. A question reads a thousand
// of them.
type scratch struct {
	tokens []token // of the text that is being read
	kept   []token // slabs of what is kept
	knowns []known
	slab   []float32
	// of the sentence that is being read: how it meets the terms, what it is
	// about, what it says as a whole, and its words
	sentence []float32
	about    meaning.Sum
	gist     meaning.Gist
	words    int
}

// zeros is n zeros.
func (s *scratch) zeros(n int) []float32 {
	if len(s.slab) < n {
		s.slab = make([]float32, max(n, 1<<13))
	}
	out := s.slab[:n:n]
	s.slab = s.slab[n:]
	return out
}

// keep is a copy of tokens.
func (s *scratch) keep(tokens []token) []token {
	if len(s.kept) < len(tokens) {
		s.kept = make([]token, max(len(tokens), 1<<11))
	}
	n := copy(s.kept, tokens)
	out := s.kept[:n:n]
	s.kept = s.kept[n:]
	return out
}

// newKnown is an empty known.
func (s *scratch) newKnown() *known {
	if len(s.knowns) == 0 {
		s.knowns = make([]known, 1<<8)
	}
	k := &s.knowns[0]
	s.knowns = s.knowns[1:]
	return k
}

// add adds more to a sum that is kept.
func (s *scratch) add(sum *meaning.Sum, more meaning.Sum) {
	if *sum == nil && more != nil {
		*sum = s.zeros(len(more))
	}
	sum.AddSum(more)
}

// read matches a text, which may be "".
func (m *matcher) read(text string) *match {
	if x, ok := m.texts[text]; ok {
		return x
	}
	x := m.match(m.tokens(text))
	m.texts[text] = x
	return x
}

// tokens are the words of a text, valid until the next call.
func (m *matcher) tokens(text string) []token {
	out := m.reading.tokens[:0]
	last := 0
	text = clip(text, maxRead)
	for {
		start, end := nextWord(text, last)
		if start == end {
			break
		}
		out = append(out, token{m.word(text[start:end]), int32(start), int32(end), strings.ContainsAny(text[last:start], sentenceEnds)})
		last = end
	}
	m.reading.tokens = out
	return out
}

// stretch matches parts of a text, in their order, whose match as a whole is
// known: as read would match the parts joined with spaces, but in a fraction of
// the time. It is nil where a part begins or ends within a word.
func (m *matcher) stretch(text string, whole *match, parts ...quote.Span) *match {
	out := m.reading.tokens[:0]
	breaks := false
	for _, p := range parts {
		words, ok := whole.within(text, p)
		if !ok {
			return nil
		}
		last := p.Start
		for _, w := range words {
			w.breaks = breaks || strings.ContainsAny(text[last:w.start], sentenceEnds)
			breaks, last = false, int(w.end)
			out = append(out, w)
		}
		breaks = breaks || strings.ContainsAny(text[last:p.End], sentenceEnds)
	}
	m.reading.tokens = out
	return m.match(out)
}

// within are the words of a part of the text, whose match this is; false where the part
// begins or ends within a word, or the text was not read to its end.
func (x *match) within(text string, part quote.Span) (words []token, ok bool) {
	if len(text) > maxRead {
		return nil, false
	}
	from := sort.Search(len(x.words), func(i int) bool { return int(x.words[i].start) >= part.Start })
	to := sort.Search(len(x.words), func(i int) bool { return int(x.words[i].start) >= part.End })
	if from > 0 && int(x.words[from-1].end) > part.Start || to > from && int(x.words[to-1].end) > part.End {
		return nil, false
	}
	return x.words[from:to], true
}

// match matches a text by its words, which it copies.
func (m *matcher) match(words []token) *match {
	s := &m.reading
	out := &match{best: s.zeros(len(m.terms)), words: s.keep(words)}
	for _, k := range words {
		if k.breaks {
			m.endSentence(out)
		}
		s.words++
		s.gist.Add(k.id)
		if k.stop {
			continue
		}
		if k.best > 0 {
			for i, x := range k.fits {
				out.best[i] = max(out.best[i], x)
				s.sentence[i] = max(s.sentence[i], x)
			}
		}
		s.about.Add(k.id, k.weight)
		out.met += float64(k.best) * k.weight
		out.weight += k.weight
	}
	m.endSentence(out)
	return out
}

// endSentence adds to a text's match that of the sentence read last, and
// begins another.
func (m *matcher) endSentence(x *match) {
	s := &m.reading
	if s.words == 0 {
		return
	}
	gist := s.gist.Sum()
	x.gistBest = max(x.gistBest, m.gist.Cosine(gist))
	x.sense = max(x.sense, m.about.Cosine(s.about))
	x.sentence = max(x.sentence, m.share(func(i int) float32 { return s.sentence[i] }))
	s.add(&x.gist, gist)
	s.add(&x.about, s.about)
	clear(s.sentence)
	s.gist.Reset()
	clear(s.about)
	s.words = 0
}
