package dep

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/quote/internal/tag"
	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// projective draws a tree without crossing arcs: heads of nodes 1..n, 0 for the root.
func projective(t *rapid.T, n int) []int32 {
	heads := make([]int32, n+1)
	heads[0] = -1
	var build func(lo, hi int, head int32)
	build = func(lo, hi int, head int32) { // nodes lo..hi-1 hang under head, as one or more subtrees
		for lo < hi {
			end := hi
			if head > 0 { // the root has one child
				end = rapid.IntRange(lo+1, hi).Draw(t, "end")
			}
			root := rapid.IntRange(lo, end-1).Draw(t, "root")
			heads[root] = head
			build(lo, root, int32(root))
			build(root+1, end, int32(root))
			lo = end
		}
	}
	build(1, n+1, 0)
	return heads
}

// TestTheOracleFindsEveryProjectiveTree follows moves of cost zero: there is
// always one, and they end in the tree itself.
func TestTheOracleFindsEveryProjectiveTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		gold := projective(t, n)
		s := newState(make([]word.Word, n), make([]tag.Tag, n))
		for !s.done() {
			move := s.cheapest(gold, nil)
			if c := s.cost(move, gold); c != 0 {
				t.Fatalf("the cheapest move costs %d with %v", c, gold)
			}
			s.apply(move)
		}
		s.finish()
		if diff := cmp.Diff(gold[1:], s.head[1:]); diff != "" {
			t.Fatal(diff)
		}
	})
}

// small is a parser of two sentences.
func small(t testing.TB) (*Model, []Sentence) {
	t.Helper()
	var sents []Sentence
	for _, lines := range []string{
		"Ada NNP 1 nsubj / said VBD -1 root / it PRP 3 nsubj / rained VBD 1 ccomp / . . 1 punct",
		"The DT 1 det / mayor NN 2 nsubj / left VBD -1 root / . . 2 punct",
	} {
		var s Sentence
		for line := range strings.SplitSeq(lines, " / ") {
			f := strings.Fields(line)
			s.Words = append(s.Words, word.Look(f[0], tok.Span{End: len(f[0])}))
			s.Tags = append(s.Tags, tag.Of(f[1]))
			head := int32(f[2][0] - '0')
			if f[2] == "-1" {
				head = -1
			}
			s.Arcs = append(s.Arcs, Arc{head, Of(f[3])})
		}
		for range 8 {
			sents = append(sents, s)
		}
	}
	m, _ := Train(sents, 10)
	return m, sents
}

func TestTrainedParserKnowsItsSentences(t *testing.T) {
	m, sents := small(t)
	for _, s := range sents {
		if diff := cmp.Diff(s.Arcs, m.Parse(nil, s.Words, s.Tags)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestParsesAreTrees checks, for any words and tags, that every word has a
// head inside the sentence, that one is the root and that no walk upwards goes in a circle.
func TestParsesAreTrees(t *testing.T) {
	m, _ := small(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		words, tags := make([]word.Word, n), make([]tag.Tag, n)
		for i := range words {
			words[i] = word.Word{Form: rapid.Uint32().Draw(t, "form"), Class: word.Class(rapid.IntRange(0, int(word.Classes)-1).Draw(t, "class"))}
			tags[i] = tag.Tag(rapid.IntRange(0, tag.Count()-1).Draw(t, "tag"))
		}
		arcs := m.Parse(nil, words, tags)
		roots := 0
		for i := range arcs {
			if arcs[i].Head < 0 {
				roots++
			}
			at := int32(i)
			for steps := 0; at >= 0; steps++ {
				if steps > n || int(at) >= n {
					t.Fatalf("word %d has no way to the root: %v", i, arcs)
				}
				at = arcs[at].Head
			}
		}
		if roots != 1 {
			t.Fatalf("%d roots: %v", roots, arcs)
		}
	})
}

// TestKeptScoresAreRight compares the moves with those that all features score anew.
func TestKeptScoresAreRight(t *testing.T) {
	m, _ := small(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "n")
		words, tags := make([]word.Word, n), make([]tag.Tag, n)
		for i := range words {
			words[i].Form = word.Form(rapid.SampledFrom(strings.Fields("ada said it rained . the mayor left")).Draw(t, "form"))
			tags[i] = tag.Of(rapid.SampledFrom(strings.Fields("NNP VBD PRP . DT NN")).Draw(t, "tag"))
		}
		for s := newState(words, tags); !s.done(); {
			var scores [moves]int32
			m.moves.AddAll(scores[:], s.features(nil))
			want := -1
			for c, v := range scores {
				if s.legal(c) && (want < 0 || v > scores[want]) {
					want = c
				}
			}
			got := s.best(m, nil)
			if got != want {
				t.Fatalf("move %d, want %d, of the scores %v", got, want, scores)
			}
			s.apply(got)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	m, sents := small(b)
	b.ReportAllocs()
	for b.Loop() {
		m.Parse(nil, sents[0].Words, sents[0].Tags)
	}
}
