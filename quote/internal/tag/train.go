package tag

import (
	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// Sentence is a training sentence.
type Sentence struct {
	Words []word.Word
	Tags  []Tag
}

// onlyCount is how often a word must have been seen to have one tag only.
const onlyCount = 20

// Train learns a tagger in the given number of passes over the sentences, in
// their order, and returns it with its encoding for Read.
func Train(sents []Sentence, passes int) (*Model, []byte) {
	only, onlyBytes := dictionary(sents)
	counter := linear.NewCounter(3)
	var fs [maxFeatures]linear.Hash
	for _, s := range sents {
		for i := range s.Words {
			if _, ok := only.Get(s.Words[i].Form); !ok {
				counter.Count(features(fs[:0], s.Words, s.Tags, i))
			}
		}
	}
	p := linear.NewPerceptron(counter.Index(), len(names))
	var tags []Tag
	for range passes {
		for _, s := range sents {
			tags = tags[:0]
			for i := range s.Words {
				if t, ok := only.Decided(s.Words[i].Form); ok {
					tags = append(tags, Tag(t))
					continue
				}
				h := features(fs[:0], s.Words, tags, i)
				best := linear.Best(p.Score(h))
				p.Step()
				if best != int(s.Tags[i]) {
					p.Update(h, int(s.Tags[i]), best)
				}
				tags = append(tags, Tag(best))
			}
		}
	}
	weights, b := p.Finish()
	return &Model{weights, only}, append(b, onlyBytes...)
}

// dictionary learns the words that nearly always have the same tag.
func dictionary(sents []Sentence) (*linear.Table, []byte) {
	t := make(linear.Tally)
	for _, s := range sents {
		for i, w := range s.Words {
			t.Add(w.Form, int(s.Tags[i]))
		}
	}
	return t.Sure(onlyCount)
}
