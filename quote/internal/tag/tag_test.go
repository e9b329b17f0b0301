package tag

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/internal/word"
)

func sentence(line string) Sentence {
	var s Sentence
	for pair := range strings.FieldsSeq(line) {
		w, t, _ := strings.Cut(pair, "/")
		s.Words = append(s.Words, word.Look(w, tok.Span{End: len(w)}))
		s.Tags = append(s.Tags, Of(t))
	}
	return s
}

func corpus() []Sentence {
	var sents []Sentence
	for range 15 {
		sents = append(sents,
			sentence("The/DT mayor/NN plans/VBZ the/DT bridge/NN ./."),
			sentence("The/DT plans/NNS pleased/VBD the/DT mayor/NN ./."),
			sentence("The/DT clerk/NN blinked/VBD ./."),
		)
	}
	return sents
}

func TestTaggerTellsHomographsByTheirNeighbours(t *testing.T) {
	m, enc := Train(corpus(), 5)
	again, err := Read(bufio.NewReader(bytes.NewReader(enc)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range corpus()[:3] {
		for name, m := range map[string]*Model{"trained": m, "read back": again} {
			if diff := cmp.Diff(s.Tags, m.Tag(nil, s.Words)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

func TestTaggerGuessesUnknownWordsByTheirEndings(t *testing.T) {
	m, _ := Train(corpus(), 5)
	s := sentence("The/DT clerk/NN nodded/VBD ./.")
	if diff := cmp.Diff(s.Tags, m.Tag(nil, s.Words)); diff != "" {
		t.Error(diff)
	}
}

func TestReadRefusesWhatIsCutShort(t *testing.T) {
	_, enc := Train(corpus(), 1)
	for _, n := range []int{0, 3, len(enc) / 2, len(enc) - 1} {
		if _, err := Read(bufio.NewReader(bytes.NewReader(enc[:n]))); err == nil {
			t.Errorf("%d of %d bytes were enough", n, len(enc))
		}
	}
}

func TestTagsByName(t *testing.T) {
	for name, verb := range map[string]bool{"VBD": true, "VB": true, "NN": false, "NNP": false, "IN": false} {
		if Of(name).String() != name || Of(name).Verb() != verb {
			t.Errorf("%s: %v, verb %v", name, Of(name), Of(name).Verb())
		}
	}
	if !Of("NNP").Proper() || Of("NN").Proper() || !Of("NN").Noun() {
		t.Error("nouns are mixed up")
	}
}

func BenchmarkTag(b *testing.B) {
	m, _ := Train(corpus(), 2)
	s := corpus()[0]
	var tags []Tag
	b.ReportAllocs()
	for b.Loop() {
		tags = m.Tag(tags[:0], s.Words)
	}
}
