package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whosaid/whosaid/quote/internal/dep"
	"github.com/whosaid/whosaid/quote/internal/ling"
	"github.com/whosaid/whosaid/quote/internal/tok"
)

// word is one token of a document with what most steps ask of it.
type word struct {
	start, end int    // bytes of the text
	norm       string // lower case, curly apostrophes made straight
	shape      shape
	para, sent int32
	region     int32 // index of the outermost quoted region it is in, or -1
}

// shape is a set of facts about how a word is written.
type shape uint8

const (
	capital    shape = 1 << iota // begins with an upper-case letter
	upper                        // two letters or more, all of them upper case
	digit                        // begins with a digit
	punct                        // has no letter and no digit
	spaceAfter                   // does not touch the next word
	spaceBefore
)

func (w *word) is(s shape) bool { return w.shape&s != 0 }

// wordRange is a half-open range of word indices.
type wordRange struct{ first, end int }

func (r wordRange) len() int { return r.end - r.first }

// analysis is a document cut into paragraphs, sentences and words, with its
// quotation marks paired. It is what attributors and the resolver read.
type analysis struct {
	doc       *Document
	text      string
	pack      *pack
	paras     []Span
	paraWords []wordRange // of each paragraph
	sents     []wordRange // of each sentence
	words     []word
	regions   []region
	// base has tags, trees and names for the same words, or is nil: there are
	// trained models for English only.
	base *ling.Analysis
	// unlikely are the candidates that the model left out, from leastWeak on, if
	// they are kept.
	unlikely     []attribution
	keepUnlikely bool
}

// analyse reads a document with a language's pack and the models that it has.
func analyse(d *Document, p *pack) *analysis {
	a := &analysis{doc: d, text: d.Text, pack: p, paras: paragraphs(d)}
	if p.models != nil {
		spans := make([]tok.Span, len(a.paras))
		for i, s := range a.paras {
			spans[i] = tok.Span(s)
		}
		a.base = p.models.Analyze(a.text, spans)
	}
	a.cut()
	a.markSpaces()
	a.pairMarks()
	return a
}

// cut makes the words and sentences of every paragraph: those of base, if there
// is one.
func (a *analysis) cut() {
	toks, sents := a.tokens()
	a.words = make([]word, 0, len(toks))
	a.sents = make([]wordRange, 0, len(sents))
	for i, s := range a.paras {
		first := len(a.words)
		for len(a.words) < len(toks) && toks[len(a.words)].Start < s.End {
			t := toks[len(a.words)]
			a.words = append(a.words, makeWord(a.text, t.Start, t.End, i))
		}
		for len(a.sents) < len(sents) && sents[len(a.sents)].Start < len(a.words) {
			r := sents[len(a.sents)]
			for k := r.Start; k < r.End; k++ {
				a.words[k].sent = int32(len(a.sents))
			}
			a.sents = append(a.sents, wordRange{r.Start, r.End})
		}
		a.paraWords = append(a.paraWords, wordRange{first, len(a.words)})
	}
}

// tokens are the tokens of all paragraphs and their sentences.
func (a *analysis) tokens() ([]tok.Token, []tok.Range) {
	if a.base != nil {
		return a.base.Tokens, a.base.Sentences
	}
	toks := make([]tok.Token, 0, len(a.text)/5+8)
	var sents []tok.Range
	for _, s := range a.paras {
		first := len(toks)
		toks = tok.AppendTokens(toks, a.text, s.Start, s.End)
		sents = tok.AppendSentences(sents, a.text, toks[first:], first)
	}
	return toks, sents
}

// rel is the relation of word i to its head, when there is a tree.
func (a *analysis) rel(i int) (dep.Rel, bool) {
	if a.base == nil || i >= len(a.base.Rels) {
		return 0, false
	}
	return a.base.Rels[i], true
}

// paragraphs returns the document's paragraphs that lie inside its text, in
// order, or the lines of its text when it names none.
func paragraphs(d *Document) []Span {
	var out []Span
	if len(d.Paragraphs) > 0 {
		at := 0
		for _, s := range d.Paragraphs {
			// An unusable span still counts, so that indices stay the caller's.
			if s.Start < at || s.End < s.Start || s.End > len(d.Text) {
				s = Span{at, at}
			}
			out = append(out, s)
			at = s.End
		}
		return out
	}
	for at := 0; at < len(d.Text); {
		end := strings.IndexByte(d.Text[at:], '\n')
		if end < 0 {
			end = len(d.Text)
		} else {
			end += at
		}
		if strings.TrimSpace(d.Text[at:end]) != "" {
			out = append(out, Span{at, end})
		}
		at = end + 1
	}
	return out
}

func makeWord(text string, start, end, para int) word {
	s := text[start:end]
	w := word{start: start, end: end, para: int32(para), region: -1}
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsUpper(r):
		w.shape |= capital
		if len(s) > 1 && isUpper(s) {
			w.shape |= upper
		}
	case unicode.IsDigit(r):
		w.shape |= digit
	case !unicode.IsLetter(r) && !strings.ContainsFunc(s, isAlnum):
		w.shape |= punct
	}
	w.norm = normalise(s)
	return w
}

func isAlnum(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// isUpper reports whether s has two letters or more and none in lower case.
func isUpper(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n > 1
}

// normalise lowers s and makes curly apostrophes straight; it returns s itself
// when there is nothing to change.
func normalise(s string) string {
	s = strings.ToLower(s)
	if strings.Contains(s, "’") {
		s = strings.ReplaceAll(s, "’", "'")
	}
	return s
}

func (a *analysis) markSpaces() {
	for i := range a.words {
		w := &a.words[i]
		if i == 0 || a.words[i-1].end < w.start || a.words[i-1].para != w.para {
			w.shape |= spaceBefore
		}
		if i+1 == len(a.words) || a.words[i+1].start > w.end || a.words[i+1].para != w.para {
			w.shape |= spaceAfter
		}
	}
}

// raw is the text of word i as written.
func (a *analysis) raw(i int) string { return a.text[a.words[i].start:a.words[i].end] }

// norm is the normalised text of word i, or "" outside the document.
func (a *analysis) norm(i int) string {
	if i < 0 || i >= len(a.words) {
		return ""
	}
	return a.words[i].norm
}

// span is the text range of words [first, end).
func (a *analysis) span(first, end int) Span {
	return Span{a.words[first].start, a.words[end-1].end}
}

// wordAt is the index of the first word that ends after the byte offset.
func (a *analysis) wordAt(offset int) int {
	lo, hi := 0, len(a.words)
	for lo < hi {
		mid := (lo + hi) / 2
		if a.words[mid].end <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// wordsOf is the range of words that lie in s, at least in part.
func (a *analysis) wordsOf(s Span) wordRange {
	first := a.wordAt(s.Start)
	end := first
	for end < len(a.words) && a.words[end].start < s.End {
		end++
	}
	return wordRange{first, end}
}
