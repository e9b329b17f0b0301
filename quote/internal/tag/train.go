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

// A word has one tag only when it was seen often, and nearly always so tagged.
const (
	onlyCount = 20
	onlyShare = 0.99
)

// Train learns a tagger in the given number of passes over the sentences, in
// their order, and returns it with its encoding for Read.
func Train(sents []Sentence, passes int) (*Model, []byte) {
	only, onlyBytes := linear.Exact(dictionary(sents))
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
				if t, ok := only.Get(s.Words[i].Form); ok {
					tags = append(tags, Tag(t-1))
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

func dictionary(sents []Sentence) map[linear.Hash]int8 {
	counts := make(map[linear.Hash]map[Tag]int)
	for _, s := range sents {
		for i, w := range s.Words {
			if counts[w.Form] == nil {
				counts[w.Form] = make(map[Tag]int)
			}
			counts[w.Form][s.Tags[i]]++
		}
	}
	only := make(map[linear.Hash]int8)
	for form, tags := range counts {
		sum := 0
		for _, n := range tags {
			sum += n
		}
		for t, n := range tags {
			if n >= onlyCount && float64(n) >= onlyShare*float64(sum) {
				only[form] = int8(t) + 1
			}
		}
	}
	return only
}
