package index

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

// maxContext bounds the context of a quote, in bytes before and after it: a
// hostile article is one paragraph of a megabyte with a thousand quotes in it.
const maxContext = 4 << 10

// Passages are what an article contributes to the index: its body paragraphs,
// then its quotes, with texts and contexts filled in. Quotes whose spans do
// not lie in the article's text are left out.
func Passages(a *corpus.Article, quotes []quote.Quote) []Passage {
	ps := make([]Passage, 0, len(a.Paragraphs)+len(quotes))
	for _, p := range a.Paragraphs {
		if p.Kind != corpus.Body || !inside(a.Text, p.Span) {
			continue
		}
		ps = append(ps, Passage{ID: ParagraphID(a.ID, p.Number), Kind: KindParagraph, Paragraph: p.Number})
	}
	for i, q := range quotes {
		if !valid(a.Text, q) {
			continue
		}
		p, ok := a.ParagraphAt(q.Content[0].Start)
		if !ok {
			continue
		}
		ps = append(ps, Passage{
			ID: QuoteID(a.ID, i+1), Kind: kindOf(&q), Paragraph: p.Number, Speaker: q.Speaker,
			Content: q.Content, Cue: q.Cue, Source: q.Source, Confidence: q.Confidence,
		})
	}
	for i := range ps {
		ps[i].Fill(a)
	}
	return ps
}

func kindOf(q *quote.Quote) PassageKind {
	if q.Weak {
		return KindWeak
	}
	return PassageKind(q.Kind)
}

// ParagraphID names a paragraph's passage; n is corpus.Paragraph.Number.
func ParagraphID(article string, n int) string { return article + ".p" + strconv.Itoa(n) }

// QuoteID names a quote's passage; n counts the article's quotes from 1.
func QuoteID(article string, n int) string { return article + ".q" + strconv.Itoa(n) }

// SplitID takes a passage ID apart: the article, KindParagraph or "" for a
// quote, and the number. ok is false when id is no passage ID.
func SplitID(id string) (article string, quote bool, n int, ok bool) {
	dot := strings.LastIndexByte(id, '.')
	if dot < 1 || dot+2 >= len(id) {
		return "", false, 0, false
	}
	n, err := strconv.Atoi(id[dot+2:])
	kind := id[dot+1]
	if err != nil || n < 1 || kind != 'p' && kind != 'q' {
		return "", false, 0, false
	}
	return id[:dot], kind == 'q', n, true
}

// Fill sets what the passage takes from its article: the texts, and the
// fields that are the article's own. Paragraph and Content must be set.
func (p *Passage) Fill(a *corpus.Article) {
	p.ArticleID, p.Scope, p.Title, p.Publisher = a.ID, a.Scope, a.Title, a.Publisher
	p.URL, p.Day, p.Language, p.File = a.URL, a.Date, a.Language, a.File
	if p.Kind == KindParagraph {
		for _, par := range a.Paragraphs {
			if par.Number == p.Paragraph && inside(a.Text, par.Span) {
				p.Text = a.Text[par.Span.Start:par.Span.End]
				return
			}
		}
		return
	}
	if len(p.Content) == 0 || !insideAll(a.Text, p.Content) {
		return
	}
	p.Text = JoinSpans(a.Text, p.Content)
	around := ContextSpan(a, p.Content)
	p.Context = a.Text[around.Start:around.End]
	p.Before = before(a, around.Start)
}

// before is the text of the body paragraph that ends before byte at, cut to some 4 KB.
func before(a *corpus.Article, at int) string {
	n, _ := slices.BinarySearchFunc(a.Paragraphs, at, func(p corpus.Paragraph, at int) int { return cmp.Compare(p.Span.Start, at) })
	for n--; n >= 0; n-- {
		if p := a.Paragraphs[n]; p.Kind == corpus.Body && p.Span.End <= at && inside(a.Text, p.Span) {
			return a.Text[runeStart(a.Text, max(p.Span.Start, p.Span.End-maxContext)):p.Span.End]
		}
	}
	return ""
}

// JoinSpans is the text of spans in reading order, joined with " … " as
// [quote.Quote.Text] is.
func JoinSpans(text string, spans []quote.Span) string {
	if len(spans) == 1 {
		return text[spans[0].Start:spans[0].End]
	}
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = text[s.Start:s.End]
	}
	return strings.Join(parts, " … ")
}

// ContextSpan is the stretch of a.Text from the start of the paragraph that
// holds the content's first byte to the end of the one that holds its last,
// cut to some 4 KB on either side of the content.
func ContextSpan(a *corpus.Article, content []quote.Span) quote.Span {
	first, last := content[0].Start, content[len(content)-1].End
	s := quote.Span{Start: first, End: last}
	if p, ok := a.ParagraphAt(first); ok {
		s.Start = min(first, p.Span.Start)
	}
	if p, ok := a.ParagraphAt(max(first, last-1)); ok {
		s.End = min(max(last, p.Span.End), len(a.Text))
	}
	if first-s.Start > maxContext {
		s.Start = runeStart(a.Text, first-maxContext)
	}
	if s.End-last > maxContext {
		s.End = runeStart(a.Text, last+maxContext)
	}
	return s
}

// runeStart is the start of the rune that holds byte i.
func runeStart(text string, i int) int {
	for i > 0 && i < len(text) && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

// valid reports whether the quote has content and all its spans lie in text,
// ascending.
func valid(text string, q quote.Quote) bool {
	return len(q.Content) > 0 && insideAll(text, q.Content) && insideAll(text, q.Cue) && insideAll(text, q.Source)
}

func insideAll(text string, spans []quote.Span) bool {
	end := 0
	for _, s := range spans {
		if s.Start < end || !inside(text, s) {
			return false
		}
		end = s.End
	}
	return true
}

func inside(text string, s quote.Span) bool {
	return 0 <= s.Start && s.Start <= s.End && s.End <= len(text)
}
