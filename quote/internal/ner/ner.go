// Package ner finds the names of people, organisations and places: a greedy
// averaged perceptron over hashed features, which also remembers what it
// called the same word earlier in the article.
package ner

import (
	"bufio"

	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/tag"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// Label is what sort of name a token is part of.
type Label uint8

// The labels; their order is part of the weights' format.
const (
	None Label = iota
	Person
	Organization
	Location
	Misc // nationalities, parties, events
	Labels
)

var labelNames = [Labels]string{"O", "PERSON", "ORGANIZATION", "LOCATION", "MISC"}

func (l Label) String() string { return labelNames[l] }

// Of returns the label of a name; others than the known ones are None.
func Of(name string) Label {
	for l, n := range labelNames {
		if n == name {
			return Label(l)
		}
	}
	return None
}

// Model is a trained recogniser, safe for concurrent use.
type Model struct{ weights *linear.Table }

// Read reads the weights that Train wrote.
func Read(r *bufio.Reader) (*Model, error) {
	weights, err := linear.Read(r)
	if err != nil {
		return nil, err
	}
	return &Model{weights}, nil
}

// Memory is what an article's names were called so far, by form.
type Memory map[uint32]Label

// Label appends the labels of one sentence to dst and learns its names.
func (m *Model) Label(dst []Label, words []word.Word, tags []tag.Tag, seen Memory) []Label {
	base := len(dst)
	var fs [maxFeatures]linear.Hash
	var scores [Labels]int32
	for i := range words {
		if !candidate(words, tags, i) {
			dst = append(dst, None)
			continue
		}
		clear(scores[:])
		m.weights.AddAll(scores[:], features(fs[:0], words, tags, dst[base:], seen, i))
		best := None
		for c := range Labels {
			if scores[c] > scores[best] {
				best = c
			}
		}
		dst = append(dst, best)
		seen.learn(&words[i], best)
	}
	return dst
}

func (s Memory) learn(w *word.Word, l Label) {
	if l != None && (w.Class == word.Title || w.Class == word.Upper) {
		s[w.Form] = l
	}
}

// candidate reports whether word i can be part of a name at all.
func candidate(words []word.Word, tags []tag.Tag, i int) bool {
	switch words[i].Class {
	case word.Title, word.Upper:
		return true
	case word.Lower, word.Number, word.Other:
		return tags[i].Proper() || i > 0 && (words[i-1].Class == word.Title || words[i-1].Class == word.Upper)
	}
	return false
}

const maxFeatures = 32

// features describes word i; labels are those already given in the sentence.
func features(fs []linear.Hash, words []word.Word, tags []tag.Tag, labels []Label, seen Memory, i int) []linear.Hash {
	w := &words[i]
	var none word.Word
	at := func(k int) (*word.Word, uint32) {
		if k < 0 || k >= len(words) {
			return &none, 99
		}
		return &words[k], uint32(tags[k])
	}
	l1, l2 := uint32(9), uint32(9)
	if i > 0 {
		l1 = uint32(labels[i-1])
	}
	if i > 1 {
		l2 = uint32(labels[i-2])
	}
	p1, pt1 := at(i - 1)
	p2, _ := at(i - 2)
	n1, nt1 := at(i + 1)
	n2, _ := at(i + 2)
	known, next := uint32(seen[w.Form]), uint32(seen[n1.Form])
	t := uint32(tags[i])
	return append(fs,
		linear.Mix(1, w.Form, 0),
		linear.Mix(2, w.Form, l1),
		linear.Mix(3, w.Suf3, t),
		linear.Mix(4, w.Pre3, t),
		linear.Mix(5, w.Shape, t),
		linear.Mix(6, l1, t),
		linear.Mix(7, l1, l2),
		linear.Mix(8, p1.Form, 0),
		linear.Mix(9, p2.Form, p1.Form),
		linear.Mix(10, n1.Form, 0),
		linear.Mix(11, n1.Form, n2.Form),
		linear.Mix(12, w.Form, n1.Form),
		linear.Mix(13, w.Form, p1.Form),
		linear.Mix(14, known, l1),
		linear.Mix(15, known, next),
		linear.Mix(16, pt1, nt1),
		linear.Mix(17, p1.Form, l1),
		linear.Mix(18, n1.Suf3, uint32(n1.Class)),
		linear.Mix(19, n1.Form, l1),
		linear.Mix(20, uint32(n1.Class)<<8|uint32(p1.Class), uint32(w.Class)<<8|l1),
		linear.Mix(21, known, t),
		linear.Mix(22, p2.Form, 0),
		linear.Mix(23, n2.Form, 0),
		linear.Mix(24, 0, 0),
	)
}
