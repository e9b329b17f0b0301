package ner

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/quote/internal/tag"
	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// sentence reads words with P, O or L behind a slash when they are part of a name.
func sentence(line string) Sentence {
	labels := map[string]Label{"": None, "P": Person, "O": Organization, "L": Location}
	var s Sentence
	for pair := range strings.FieldsSeq(line) {
		w, l, _ := strings.Cut(pair, "/")
		s.Words = append(s.Words, word.Look(w, tok.Span{End: len(w)}))
		t := tag.Of("NN")
		if strings.ToLower(w) != w {
			t = tag.Of("NNP")
		}
		s.Tags = append(s.Tags, t)
		s.Labels = append(s.Labels, labels[l])
	}
	return s
}

func corpus() [][]Sentence {
	var arts [][]Sentence
	for range 20 {
		arts = append(arts, []Sentence{
			sentence("Mr. Oak/P spoke in Elmton/L ."),
			sentence("the Birch/O Company/O hired Ada/P Oak/P ."),
			sentence("Later Oak/P left Elmton/L ."),
		})
	}
	return arts
}

func TestNamesAreFoundByWordsAround(t *testing.T) {
	m, _ := Train(corpus(), 6)
	seen := make(Memory)
	for _, s := range corpus()[0] {
		if diff := cmp.Diff(s.Labels, m.Label(nil, s.Words, s.Tags, seen)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAnArticleRemembersItsNames(t *testing.T) {
	m, _ := Train(corpus(), 6)
	seen := make(Memory)
	first := sentence("Mr. Willow spoke .")
	m.Label(nil, first.Words, first.Tags, seen)
	if got := seen[first.Words[1].Form]; got != Person {
		t.Errorf("Willow is remembered as %v", got)
	}
}

func TestLabelNames(t *testing.T) {
	for l := range Labels {
		if Of(l.String()) != l {
			t.Errorf("%v is read back as %v", l, Of(l.String()))
		}
	}
	if Of("DATE") != None {
		t.Error("a date is no name")
	}
}
