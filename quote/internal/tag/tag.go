// Package tag is a part-of-speech tagger: a greedy averaged perceptron over
// hashed features of the word and its neighbours, with a dictionary for the
// words that have one tag only. Its tags are those of the Penn Treebank.
package tag

import (
	"bufio"
	"strings"

	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// Tag is a part of speech.
type Tag uint8

// names are the Penn Treebank tags; the order is part of the weights' format.
var names = strings.Fields("NN IN NNP DT JJ , NNS . VBD PRP RB VB CC TO VBZ VBN VBG VBP `` '' POS PRP$ CD MD : WDT RP WP -LRB- -RRB- $ WRB JJR JJS EX RBR NNPS FW UH PDT RBS WP$ # SYM LS")

var byName = func() map[string]Tag {
	m := make(map[string]Tag, len(names))
	for i, n := range names {
		m[n] = Tag(i)
	}
	return m
}()

// Count is the number of tags.
func Count() int { return len(names) }

// Of returns the tag of a Penn Treebank name; unknown names are nouns.
func Of(name string) Tag { return byName[name] }

func (t Tag) String() string { return names[t] }

// Verb reports whether the tag is a verb's: VB, VBD, VBG, VBN, VBP, VBZ.
func (t Tag) Verb() bool { return strings.HasPrefix(names[t], "VB") }

// Noun reports whether the tag is a noun's: NN, NNS, NNP, NNPS.
func (t Tag) Noun() bool { return strings.HasPrefix(names[t], "NN") }

// Proper reports whether the tag is a proper noun's.
func (t Tag) Proper() bool { return strings.HasPrefix(names[t], "NNP") }

// Model is a trained tagger, safe for concurrent use.
type Model struct {
	weights *linear.Table
	only    *linear.Table // words with one tag
}

// Read reads the weights that Train wrote.
func Read(r *bufio.Reader) (*Model, error) {
	weights, err := linear.Read(r)
	if err != nil {
		return nil, err
	}
	only, err := linear.Read(r)
	if err != nil {
		return nil, err
	}
	return &Model{weights, only}, nil
}

// Tag appends the tags of one sentence to dst.
func (m *Model) Tag(dst []Tag, words []word.Word) []Tag {
	base := len(dst)
	var fs [maxFeatures]linear.Hash
	var scores [64]int32
	for i := range words {
		if t, ok := m.only.Decided(words[i].Form); ok {
			dst = append(dst, Tag(t))
			continue
		}
		clear(scores[:])
		m.weights.AddAll(scores[:], features(fs[:0], words, dst[base:], i))
		best := 0
		for c := range m.weights.Classes() {
			if scores[c] > scores[best] {
				best = c
			}
		}
		dst = append(dst, Tag(best))
	}
	return dst
}

const maxFeatures = 24

// features describes word i; tags are those already given.
func features(fs []linear.Hash, words []word.Word, tags []Tag, i int) []linear.Hash {
	w := &words[i]
	var none word.Word
	at := func(k int) *word.Word {
		if k < 0 || k >= len(words) {
			return &none
		}
		return &words[k]
	}
	t1, t2 := uint32(99), uint32(99)
	if i > 0 {
		t1 = uint32(tags[i-1])
	}
	if i > 1 {
		t2 = uint32(tags[i-2])
	}
	p1, p2, n1, n2 := at(i-1), at(i-2), at(i+1), at(i+2)
	first := uint32(w.Class)
	if i == 0 || p1.Class == word.Open || p1.Class == word.Straight {
		first += 32
	}
	return append(fs,
		linear.Mix(1, w.Form, 0),
		linear.Mix(2, w.Suf3, 0),
		linear.Mix(3, w.Suf2, 0),
		linear.Mix(4, w.Pre3, 0),
		linear.Mix(5, w.Shape, first),
		linear.Mix(6, t1, 0),
		linear.Mix(7, t1, t2),
		linear.Mix(8, w.Form, t1),
		linear.Mix(9, p1.Form, 0),
		linear.Mix(10, p2.Form, 0),
		linear.Mix(11, n1.Form, 0),
		linear.Mix(12, n2.Form, 0),
		linear.Mix(13, n1.Suf3, 0),
		linear.Mix(14, w.Form, n1.Form),
		linear.Mix(15, w.Form, p1.Form),
		linear.Mix(16, w.Suf3, t1),
		linear.Mix(17, n1.Suf2, t1),
		linear.Mix(18, w.Suf3, n1.Suf3),
		linear.Mix(19, uint32(n1.Class), first),
		linear.Mix(20, w.Suf3, first),
		linear.Mix(21, 0, 0),
	)
}
