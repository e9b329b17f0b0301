package quote

import (
	"cmp"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/quote/internal/dep"
)

// What is kept of the attributions that are too unsure to be quotes.
const (
	// leastWeak is the attributor's score from which a candidate is kept.
	leastWeak = 0.05
	// subjectScore stands in for it where nothing but the subject of a sentence
	// tells whose it may be.
	subjectScore = 0.04
	// weakEach is how many speakers one sentence may have.
	weakEach = 2
	// doubtful is the confidence up to which a description may hide somebody with
	// a name.
	doubtful = 0.35
	// weakSentences is how many sentences one may go over, and weakWords how few
	// words are not worth keeping.
	weakSentences, weakWords = 3, 4
)

// weakQuotes are the weak quotes of a document, given the sure ones and their speakers.
func weakQuotes(c *cast, sure []Quote, speakers []resolution) []Quote {
	w := weakly{cast: c, sure: sure, named: newResolver(c, nil)}
	w.unsure(speakers)
	w.letters()
	w.sentences()
	return w.chosen()
}

// weakly gathers the weak quotes of a document.
type weakly struct {
	*cast
	sure  []Quote
	named *resolver         // for the speakers that mentions name
	held  map[string][]Span // by speaker: the contents of sure, ascending
	out   []Quote
}

// unsure adds the quotes that lost their speaker, with the likeliest one: whom
// the resolver thought of, else who is named nearest in the same sentence.
func (w *weakly) unsure(speakers []resolution) {
	for i, q := range w.sure {
		if nameable(q.Speaker) || q.Speaker != nil && q.Confidence > doubtful {
			continue
		}
		if q.Speaker = speakers[i].speaker; !nameable(q.Speaker) {
			q.Speaker = w.nearest(q.Content)
		}
		if nameable(q.Speaker) {
			w.out = append(w.out, q)
		}
	}
}

// nearest is whom the sentence of some content names last before it, else first
// after it; nil for nobody.
func (w *weakly) nearest(content []Span) *Speaker {
	r := w.wordsOf(content[0])
	for k := r.first - 1; k >= w.sents[w.words[r.first].sent].first; k-- {
		if s := w.namedAt(k); nameable(s) {
			return s
		}
	}
	r = w.wordsOf(content[len(content)-1])
	for k := r.end; k < len(w.words) && w.words[k].sent == w.words[r.end-1].sent; k++ {
		if s := w.namedAt(k); nameable(s) {
			return s
		}
	}
	return nil
}

// namedAt is whom word k, outside quotation marks, names, or nil.
func (w *weakly) namedAt(k int) *Speaker {
	if w.at[k] == 0 || w.words[k].region >= 0 {
		return nil
	}
	return w.named.named(&w.mentions[w.at[k]-1])
}

// likeliest is the speaker of a candidate's source when the resolver's has no name: an
// account, the author for "I", or whom the source names ("Ada Finch's advice").
// "Who" is a person.
func (w *weakly) likeliest(source []Span, found *Speaker) *Speaker {
	if h := w.handle(source); h != nil {
		return h
	}
	r := w.wordsOf(source[0])
	if r.len() == 0 {
		return found
	}
	switch w.norm(r.first) {
	case "i", "my", "me":
		if found == nil && w.words[r.first].region < 0 && len(w.doc.Authors) == 1 {
			return &Speaker{Name: w.doc.Authors[0], Type: TypePerson, Role: "author"}
		}
	case "who":
		if found == nil || found.Type == TypePerson {
			break
		}
		for k := r.first - 1; k >= w.sents[w.words[r.first].sent].first; k-- {
			if s := w.namedAt(k); s != nil && s.Type == TypePerson {
				return s
			}
		}
	}
	for k := r.first; k < r.end && !nameable(found); k++ {
		if s := w.namedAt(k); nameable(s) {
			return s
		}
	}
	return found
}

// nameable reports whether a speaker has a name to be asked for by.
func nameable(s *Speaker) bool {
	return s != nil && (s.Type == TypePerson || s.Type == TypeOrg || s.Type == TypeDocument)
}

// sentences adds those of which a candidate of the attributor, or the subject,
// tells whose they may be.
func (w *weakly) sentences() {
	cands := slices.Clone(w.unlikely)
	if w.base != nil {
		cands = append(cands, w.subjects()...)
	}
	cands = slices.DeleteFunc(cands, func(at attribution) bool { return len(at.source) == 0 || len(at.content) == 0 })
	slices.SortStableFunc(cands, func(x, y attribution) int { return cmp.Compare(x.content[0].Start, y.content[0].Start) })
	for i, r := range resolve(w.cast, cands) {
		at := &cands[i]
		speaker := w.likeliest(at.source, r.speaker)
		if !nameable(speaker) {
			continue
		}
		first := int(w.words[w.wordAt(at.content[0].Start)].sent)
		last := int(w.words[w.wordAt(at.content[len(at.content)-1].End-1)].sent)
		if w.norm(w.sents[last].end-1) == ":" {
			last = first + weakSentences - 1 // what it introduces
		}
		w.add(first, min(last, first+weakSentences-1, len(w.sents)-1), at, speaker, confidence(at.score, Indirect, r.evidence))
	}
}

// add adds sentences as one weak quote.
func (w *weakly) add(first, last int, at *attribution, s *Speaker, sure float64) {
	r := wordRange{w.sents[first].first, w.sents[last].end}
	if r.len() < weakWords {
		return
	}
	content := w.span(r.first, r.end)
	w.out = append(w.out, Quote{
		Kind: Indirect, Content: []Span{content}, Cue: at.cue, Source: at.source, Speaker: s,
		Text: w.text[content.Start:content.End], Paragraph: int(w.words[r.first].para), Confidence: sure,
	})
}

// subjects are the sentences with the subject of their first verb for a source.
func (w *weakly) subjects() []attribution {
	var out []attribution
	for _, s := range w.sents {
		for k := s.first; k < s.end; k++ {
			if w.base.Rels[k] != dep.Root || w.words[k].region >= 0 {
				continue
			}
			src := w.agent(k)
			if src.len() == 0 {
				src = w.ownSubject(k)
			}
			if src.len() > 0 {
				out = append(out, attribution{
					content: []Span{w.span(s.first, s.end)}, cue: []Span{w.span(k, k+1)}, source: []Span{w.span(src.first, src.end)}, score: subjectScore,
				})
			}
		}
	}
	return out
}

// agent is who did what the passive verb at word k says: the name after "by",
// or an empty range.
func (w *weakly) agent(k int) wordRange {
	s := w.sents[w.words[k].sent]
	for i := k + 1; i+1 < s.end; i++ {
		if w.norm(i) == "by" && w.at[i+1] > 0 && w.words[i].region < 0 && w.base.Tags[k].String() == "VBN" {
			x := w.mentions[w.at[i+1]-1]
			if h := w.base.Heads[x.name.end-1]; int(h) == k {
				return x.words
			}
		}
	}
	return wordRange{}
}

// handle is the account that a source names ("one user, @lampkeeper"), or nil.
func (w *weakly) handle(source []Span) *Speaker {
	for _, s := range source {
		for f := range strings.FieldsSeq(w.text[s.Start:s.End]) {
			if name := strings.Trim(f, ",.;:()'\"’”"); len(name) > 2 && name[0] == '@' {
				return &Speaker{Name: name, Type: TypePerson}
			}
		}
	}
	return nil
}

// letters adds the sentences of letters to the editor, each letter ended by a
// line that is nothing but a name. One such line alone may be anything.
func (w *weakly) letters() {
	const fewest = 2
	var at []int // paragraphs that are signatures
	for p := range w.paraWords {
		if w.signatureLine(p) {
			at = append(at, p)
		}
	}
	if len(at) < fewest {
		return
	}
	from := 0
	for _, p := range at {
		s := w.signer(p)
		for k := from; k < p && s != nil; k++ {
			r := w.paraWords[k]
			if r.len() == 0 {
				continue
			}
			for i := int(w.words[r.first].sent); i <= int(w.words[r.end-1].sent); i++ {
				w.add(i, i, &attribution{}, s, leastWeak)
			}
		}
		from = p + 1
	}
}

// signatureLine reports whether paragraph p is nothing but a full name or an account.
func (w *weakly) signatureLine(p int) bool {
	r := w.trimmed(p)
	if r.len() == 0 || r.len() > 4 {
		return false
	}
	if strings.HasPrefix(w.norm(r.first), "@") {
		return r.len() == 1
	}
	if r.len() < 2 {
		return false
	}
	for k := r.first; k < r.end; k++ {
		if !w.words[k].is(capital) || w.words[k].is(punct|upper) {
			return false
		}
	}
	_, known := w.lex.names[w.norm(r.first)]
	return known && !w.lex.orgHeads[w.norm(r.end-1)]
}

// trimmed is the words of paragraph p without marks around them.
func (w *weakly) trimmed(p int) wordRange {
	r := w.paraWords[p]
	for r.len() > 0 && w.words[r.end-1].is(punct) {
		r.end--
	}
	return r
}

// signer is who signs in paragraph p.
func (w *weakly) signer(p int) *Speaker {
	r := w.trimmed(p)
	s := w.span(r.first, r.end)
	return &Speaker{Name: w.text[s.Start:s.End], Type: TypePerson}
}

// chosen are the weak quotes worth keeping: for each sentence the likeliest
// speakers, and none whom a quote in it has already.
func (w *weakly) chosen() []Quote {
	slices.SortStableFunc(w.out, func(x, y Quote) int { return cmp.Compare(y.Confidence, x.Confidence) })
	kept := w.out[:0]
	each := map[int][]string{}
	for _, q := range w.out {
		at := q.Content[0].Start
		if len(each[at]) == weakEach || slices.Contains(each[at], q.Speaker.Name) || w.covered(&q) {
			continue
		}
		each[at] = append(each[at], q.Speaker.Name)
		q.Weak = true
		kept = append(kept, q)
	}
	slices.SortStableFunc(kept, func(x, y Quote) int { return cmp.Compare(x.Content[0].Start, y.Content[0].Start) })
	return kept
}

// covered reports whether quotes of the same speaker hold half of a weak one.
func (w *weakly) covered(q *Quote) bool {
	if w.held == nil {
		w.held = map[string][]Span{}
		for i := range w.sure {
			if s := &w.sure[i]; s.Speaker != nil {
				w.held[s.Speaker.Name] = append(w.held[s.Speaker.Name], s.Content...)
			}
		}
		for _, spans := range w.held {
			slices.SortFunc(spans, func(x, y Span) int { return cmp.Compare(x.Start, y.Start) })
		}
	}
	shared, spans := 0, w.held[q.Speaker.Name]
	for _, x := range q.Content {
		k, _ := slices.BinarySearchFunc(spans, x.End, func(s Span, end int) int { return cmp.Compare(s.Start, end) })
		for k--; k >= 0 && spans[k].End > x.Start; k-- {
			shared += min(spans[k].End, x.End) - max(spans[k].Start, x.Start)
		}
	}
	return 2*shared > contentLen(q.Content)
}
