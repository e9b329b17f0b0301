// Package ling is the linguistic base of the engine: it cuts text into tokens and
// sentences, tags parts of speech, parses dependencies and finds names.
package ling

import (
	"bufio"

	"github.com/whosaid/whosaid/quote/internal/dep"
	"github.com/whosaid/whosaid/quote/internal/ner"
	"github.com/whosaid/whosaid/quote/internal/tag"
	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// Analysis is a text with what is known of its tokens. The slices from Words
// to Names have one element for each token.
type Analysis struct {
	Text       string
	Tokens     []tok.Token
	Paragraphs []tok.Range // token ranges, ascending; none is empty
	Sentences  []tok.Range // token ranges, ascending; none crosses a paragraph
	Words      []word.Word
	Tags       []tag.Tag
	Heads      []int32 // the token that governs this one, -1 for a sentence's root
	Rels       []dep.Rel
	Names      []ner.Label
}

// Word is the text of token i.
func (a *Analysis) Word(i int) string { return a.Text[a.Tokens[i].Start:a.Tokens[i].End] }

// Span is the bytes from the first to the last token of r.
func (a *Analysis) Span(r tok.Range) tok.Span {
	return tok.Span{Start: a.Tokens[r.Start].Start, End: a.Tokens[r.End-1].End}
}

// Model holds the trained models, safe for concurrent use.
type Model struct {
	Tagger *tag.Model
	Namer  *ner.Model
	Parser *dep.Model
}

// Read reads the weights of the tagger, the name recogniser and the parser, in that order.
func Read(r *bufio.Reader) (*Model, error) {
	var m Model
	var err error
	if m.Tagger, err = tag.Read(r); err != nil {
		return nil, err
	}
	if m.Namer, err = ner.Read(r); err != nil {
		return nil, err
	}
	if m.Parser, err = dep.Read(r); err != nil {
		return nil, err
	}
	return &m, nil
}

// Analyze reads the given paragraphs of text, which must be ascending and
// disjoint. Sentences never cross from one to the next.
func (m *Model) Analyze(text string, paragraphs []tok.Span) *Analysis {
	a := &Analysis{Text: text}
	n := 0
	for _, p := range paragraphs {
		n += p.Len()
	}
	a.Tokens = make([]tok.Token, 0, n/5+8)
	for _, p := range paragraphs {
		first := len(a.Tokens)
		a.Tokens = tok.AppendTokens(a.Tokens, text, p.Start, p.End)
		if len(a.Tokens) == first {
			continue
		}
		a.Paragraphs = append(a.Paragraphs, tok.Range{Start: first, End: len(a.Tokens)})
		a.Sentences = tok.AppendSentences(a.Sentences, text, a.Tokens[first:], first)
	}
	n = len(a.Tokens)
	a.Words = word.LookAll(make([]word.Word, 0, n), text, a.Tokens)
	a.Tags = make([]tag.Tag, 0, n)
	a.Names = make([]ner.Label, 0, n)
	a.Heads = make([]int32, n)
	a.Rels = make([]dep.Rel, n)
	seen := make(ner.Memory)
	var arcs []dep.Arc
	// Stage by stage over the whole text, so that one model's weights at a time fill the processor's caches.
	for _, s := range a.Sentences {
		a.Tags = m.Tagger.Tag(a.Tags, a.Words[s.Start:s.End])
	}
	for _, s := range a.Sentences {
		a.Names = m.Namer.Label(a.Names, a.Words[s.Start:s.End], a.Tags[s.Start:s.End], seen)
	}
	trees := make([]dep.Tree, len(a.Sentences))
	for k, s := range a.Sentences {
		trees[k] = m.Parser.Attach(a.Words[s.Start:s.End], a.Tags[s.Start:s.End])
	}
	for k, s := range a.Sentences {
		arcs = m.Parser.Name(arcs[:0], trees[k])
		for i, arc := range arcs {
			a.Rels[s.Start+i] = arc.Rel
			a.Heads[s.Start+i] = -1
			if arc.Head >= 0 {
				a.Heads[s.Start+i] = int32(s.Start) + arc.Head
			}
		}
	}
	return a
}
