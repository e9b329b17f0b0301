package ner

import (
	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/tag"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// Sentence is a training sentence.
type Sentence struct {
	Words  []word.Word
	Tags   []tag.Tag
	Labels []Label
}

// Train learns a recogniser in the given number of passes over the articles,
// in their order, and returns it with its encoding for Read.
func Train(articles [][]Sentence, passes int) (*Model, []byte) {
	counter := linear.NewCounter(3)
	var fs [maxFeatures]linear.Hash
	for _, sents := range articles {
		seen := make(Memory)
		for _, s := range sents {
			for i := range s.Words {
				if candidate(s.Words, s.Tags, i) {
					counter.Count(features(fs[:0], s.Words, s.Tags, s.Labels, seen, i))
					seen.learn(&s.Words[i], s.Labels[i])
				}
			}
		}
	}
	p := linear.NewPerceptron(counter.Index(), int(Labels))
	for range passes {
		for _, sents := range articles {
			seen := make(Memory)
			for _, s := range sents {
				pass(p, s, seen)
			}
		}
	}
	weights, b := p.Finish()
	return &Model{weights}, b
}

// pass learns from one sentence, with the labels given so far as history.
func pass(p *linear.Perceptron, s Sentence, seen Memory) {
	var fs [maxFeatures]linear.Hash
	labels := make([]Label, 0, len(s.Words))
	for i := range s.Words {
		if !candidate(s.Words, s.Tags, i) {
			labels = append(labels, None)
			continue
		}
		h := features(fs[:0], s.Words, s.Tags, labels, seen, i)
		best := Label(linear.Best(p.Score(h)))
		p.Step()
		if best != s.Labels[i] {
			p.Update(h, int(s.Labels[i]), int(best))
		}
		labels = append(labels, best)
		seen.learn(&s.Words[i], best)
	}
}
