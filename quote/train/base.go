package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/whosaid/whosaid/quote/internal/dep"
	"github.com/whosaid/whosaid/quote/internal/ling"
	"github.com/whosaid/whosaid/quote/internal/ner"
	"github.com/whosaid/whosaid/quote/internal/tag"
	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// Passes over the training data; more changed nothing on dev.
const (
	tagPasses = 6
	nerPasses = 6
	depPasses = 8
)

// folds is how many parts the training data is cut into, so that later models
// learn from what earlier ones predict on articles they never saw.
const folds = 4

// bank is the training data of the linguistic base: for each article its
// sentences and, beside them, names.
type bank struct {
	sents []dep.Sentence
	names [][]ner.Label
}

func newBank(a *article) bank {
	var b bank
	for _, sent := range a.sentences {
		s := dep.Sentence{}
		var labels []ner.Label
		for _, t := range sent {
			s.Words = append(s.Words, word.Look(a.text, t.Span))
			s.Tags = append(s.Tags, tag.Of(t.pos))
			s.Arcs = append(s.Arcs, dep.Arc{Head: int32(t.head), Rel: dep.Of(t.rel)})
			labels = append(labels, ner.Of(t.ne))
		}
		b.sents = append(b.sents, s)
		b.names = append(b.names, labels)
	}
	return b
}

// trainTagger trains on the articles that keep picks.
func trainTagger(banks []bank, keep func(int) bool) (*tag.Model, []byte) {
	var sents []tag.Sentence
	for i, b := range banks {
		if keep(i) {
			for _, s := range b.sents {
				sents = append(sents, tag.Sentence{Words: s.Words, Tags: s.Tags})
			}
		}
	}
	return tag.Train(sents, tagPasses)
}

func trainNamer(banks []bank, keep func(int) bool) (*ner.Model, []byte) {
	var arts [][]ner.Sentence
	for i, b := range banks {
		if keep(i) {
			var sents []ner.Sentence
			for k, s := range b.sents {
				sents = append(sents, ner.Sentence{Words: s.Words, Tags: s.Tags, Labels: b.names[k]})
			}
			arts = append(arts, sents)
		}
	}
	return ner.Train(arts, nerPasses)
}

func trainParser(banks []bank, keep func(int) bool) (*dep.Model, []byte) {
	var sents []dep.Sentence
	for i, b := range banks {
		if keep(i) {
			sents = append(sents, b.sents...)
		}
	}
	return dep.Train(sents, depPasses)
}

// base is the trained linguistic base, and its jackknifed models: fold k's
// never saw the articles with index%folds == k.
type base struct {
	full    *ling.Model
	fold    [folds]*ling.Model
	encoded [folds + 1][]byte // each fold's, then the full one's, for ling.Read
}

// trainBase trains the tagger, then the others on its jackknifed tags.
func trainBase(arts []*article) *base {
	banks := make([]bank, len(arts))
	for i, a := range arts {
		banks[i] = newBank(a)
	}
	b := &base{full: &ling.Model{}}
	for k := range b.fold {
		b.fold[k] = &ling.Model{}
	}
	each := func(train func(m *ling.Model, keep func(int) bool) []byte) {
		parallel(folds+1, func(k int) {
			if k == folds {
				b.encoded[k] = append(b.encoded[k], train(b.full, func(int) bool { return true })...)
				return
			}
			b.encoded[k] = append(b.encoded[k], train(b.fold[k], func(i int) bool { return i%folds != k })...)
		})
	}
	each(func(m *ling.Model, keep func(int) bool) (enc []byte) {
		m.Tagger, enc = trainTagger(banks, keep)
		return enc
	})
	for i := range banks { // from here on, tags are predicted ones
		for k := range banks[i].sents {
			s := &banks[i].sents[k]
			s.Tags = b.fold[i%folds].Tagger.Tag(nil, s.Words)
		}
	}
	each(func(m *ling.Model, keep func(int) bool) (enc []byte) {
		m.Namer, enc = trainNamer(banks, keep)
		return enc
	})
	each(func(m *ling.Model, keep func(int) bool) (enc []byte) {
		m.Parser, enc = trainParser(banks, keep)
		return enc
	})
	return b
}

// parallel calls f(0..n-1), two at a time, which bounds the memory.
func parallel(n int, f func(int)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, 2)
	for k := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			f(k)
		})
	}
	wg.Wait()
}

// reportBase prints the base's accuracy against the automatic parses.
func reportBase(w io.Writer, m *ling.Model, arts []*article) {
	var n, pos, uas, las, arcs int
	var tp, predicted, gold [ner.Labels]int
	var tokens, mine, both, sents, mySents, sameSents int
	for _, a := range arts {
		b := newBank(a)
		seen := make(ner.Memory)
		for k, s := range b.sents {
			tags := m.Tagger.Tag(nil, s.Words)
			labels := m.Namer.Label(nil, s.Words, tags, seen)
			tree := m.Parser.Parse(nil, s.Words, tags)
			for i := range tags {
				n++
				if tags[i] == s.Tags[i] {
					pos++
				}
				g, p := b.names[k][i], labels[i]
				gold[g]++
				predicted[p]++
				if g == p {
					tp[g]++
				}
				if s.Arcs[i].Rel == dep.Punct {
					continue
				}
				arcs++
				if tree[i].Head == s.Arcs[i].Head {
					uas++
					if tree[i].Rel == s.Arcs[i].Rel {
						las++
					}
				}
			}
		}
		an := m.Analyze(a.text, paragraphs(a.text))
		covered := a.parsedTo()
		spans := make(map[tok.Span]bool)
		for _, t := range an.Tokens {
			if t.End <= covered {
				spans[t] = true
			}
		}
		ends := make(map[int]bool)
		for _, s := range an.Sentences {
			if end := an.Tokens[s.End-1].End; end <= covered {
				ends[end] = true
			}
		}
		mine += len(spans)
		mySents += len(ends)
		for _, s := range a.sentences {
			sents++
			if ends[s[len(s)-1].End] {
				sameSents++
			}
			for _, t := range s {
				tokens++
				if spans[t.Span] {
					both++
				}
			}
		}
	}
	pct := func(a, b int) float64 { return 100 * float64(a) / float64(b) }
	fmt.Fprintf(w, "tokens F1 %.2f, sentence ends F1 %.2f, part of speech %.2f, UAS %.2f, LAS %.2f (without punctuation)\n",
		2*pct(both, tokens+mine), 2*pct(sameSents, sents+mySents), pct(pos, n), pct(uas, arcs), pct(las, arcs))
	for l := ner.Person; l < ner.Labels; l++ {
		fmt.Fprintf(w, "%v token P %.1f R %.1f F1 %.1f\n", l, pct(tp[l], predicted[l]), pct(tp[l], gold[l]), 2*pct(tp[l], predicted[l]+gold[l]))
	}
}

// parsedTo is where the article's parse ends: some stop before their text does.
func (a *article) parsedTo() int {
	if len(a.sentences) == 0 {
		return 0
	}
	last := a.sentences[len(a.sentences)-1]
	return last[len(last)-1].End
}

// paragraphs cuts a text at its line breaks.
func paragraphs(text string) []tok.Span {
	var out []tok.Span
	start := 0
	for i := 0; i <= len(text); i++ {
		if i == len(text) || text[i] == '\n' {
			if i > start {
				out = append(out, tok.Span{Start: start, End: i})
			}
			start = i + 1
		}
	}
	return out
}
