package attrib

import (
	"bufio"
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/quote/internal/dep"
	"github.com/whosaid/whosaid/quote/internal/linear"
	"github.com/whosaid/whosaid/quote/internal/ling"
	"github.com/whosaid/whosaid/quote/internal/ner"
	"github.com/whosaid/whosaid/quote/internal/tag"
	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/internal/word"
)

// flat is an analysis of one paragraph in which every word is a noun that hangs on the first.
func flat(text string) *ling.Analysis {
	a := &ling.Analysis{Text: text, Tokens: tok.Tokenize(text, 0, len(text))}
	n := len(a.Tokens)
	a.Paragraphs = []tok.Range{{Start: 0, End: n}}
	a.Sentences = tok.Sentences(text, a.Tokens)
	a.Words = word.LookAll(nil, text, a.Tokens)
	a.Tags, a.Heads = make([]tag.Tag, n), make([]int32, n)
	a.Rels, a.Names = make([]dep.Rel, n), make([]ner.Label, n)
	a.Heads[0] = -1
	return a
}

func noLexicon() *linear.Table {
	t, _ := linear.Exact(nil)
	return t
}

func TestQuotationMarksArePaired(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"curly", "“We won,” he said. “Again.”", []string{"“We won,”", "“Again.”"}},
		{"straight", `"We won," he said. "Again."`, []string{`"We won,"`, `"Again."`}},
		{"typewriter", "''We won,'' he said.", []string{"''We won,''"}},
		{"mixed marks", `“We won," he said.`, []string{`“We won,"`}},
		{"open to the end", "He said: “We won. And so", []string{"“We won. And so"}},
		{"a lone closing mark", `We won," he said. "Again."`, []string{`"Again."`}},
		{"a forgotten closing mark", `"We won, he said. "Again."`, []string{`"We won, he said. `, `"Again."`}},
		{"guillemets", "« Oui », dit-elle.", []string{"« Oui »"}},
		{"none", "He said no.", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := newContext(flat(c.text), noLexicon())
			var got []string
			for _, q := range ctx.quotes {
				s := ctx.Span(q.Range)
				got = append(got, c.text[s.Start:s.End])
			}
			for i := range c.want {
				c.want[i] = string(bytes.TrimRight([]byte(c.want[i]), " "))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// chain draws a lattice with random scores and transitions.
func chain(t *rapid.T, n int) (*lattice, [labels][labels]float32, [labels]float32) {
	var w [labels*labels + labels]float32
	for i := range w {
		w[i] = rapid.Float32Range(-3, 3).Draw(t, "transition")
	}
	trans, start := unpack(w)
	l := &lattice{}
	l.use(make([][labels]float64, n))
	for i := range n {
		for k := range labels {
			l.emit[i][k] = rapid.Float64Range(-4, 4).Draw(t, "emission")
		}
	}
	return l, trans, start
}

// logZ is the logarithm of the partition function, after marginals.
func (l *lattice) logZ() float64 {
	z := 0.0
	for i, e := range l.emit {
		z += slices.Max(e[:]) - math.Log(l.scale[i])
	}
	return z
}

// TestMarginalsAndBestPathAgainstAllPaths compares both passes with the sum and the
// maximum over every label sequence of a short paragraph.
func TestMarginalsAndBestPathAgainstAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 3
		l, trans, start := chain(t, n)
		var seq [n]int8
		scores := make(map[[n]int8]float64)
		var sums [n][labels]float64
		z, top := 0.0, math.Inf(-1)
		var walk func(i int, score float64)
		walk = func(i int, score float64) {
			if i == n {
				z += math.Exp(score)
				for k, s := range seq {
					sums[k][s] += math.Exp(score)
				}
				scores[seq], top = score, max(top, score)
				return
			}
			for b := range labels {
				step := start[b]
				if i > 0 {
					step = trans[seq[i-1]][b]
				}
				if !math.IsInf(float64(step), -1) {
					seq[i] = int8(b)
					walk(i+1, score+float64(step)+l.emit[i][b])
				}
			}
		}
		walk(0, 0)
		// Nearly the best will do: decoding counts in small steps.
		got := [n]int8(l.viterbi(nil, &trans, &start, 0))
		if score, legal := scores[got]; !legal || score < top-1e-5 {
			t.Fatalf("path %v of score %v, the best has %v", got, score, top)
		}
		l.marginals(&trans, &start)
		logZ := l.logZ()
		if math.Abs(logZ-math.Log(z)) > 1e-6 {
			t.Fatalf("log Z %v, want %v", logZ, math.Log(z))
		}
		for i := range n {
			for b := range labels {
				if math.Abs(l.marginal[i][b]-sums[i][b]/z) > 1e-6 {
					t.Fatalf("P(%d is %d) = %v, want %v", i, b, l.marginal[i][b], sums[i][b]/z)
				}
			}
		}
	})
}

func TestSpansOfLabels(t *testing.T) {
	c := newContext(flat("Ada said it rained here today"), noLexicon())
	seq := []int8{labelBSource, labelBCue, labelBContent, labelIContent, labelBContent, labelO}
	var got []string
	for _, s := range c.spansOf(nil, seq, 0) {
		b := c.Span(s.Range)
		got = append(got, []string{"source ", "cue ", "content "}[s.role]+c.Text[b.Start:b.End])
	}
	if diff := cmp.Diff([]string{"source Ada", "cue said", "content it rained", "content here"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSubtreesCoverTheirTokens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "n")
		a := flat("a b c d e f g h i j k l m n o p q r s t"[:2*n-1])
		for i := 1; i < n; i++ {
			a.Heads[i] = int32(rapid.IntRange(0, i-1).Draw(t, "head"))
		}
		c := newContext(a, noLexicon())
		for i := range n {
			low, up := i, i
			for k := range n {
				for at := int32(k); at >= 0; at = a.Heads[at] {
					if int(at) == i {
						low, up = min(low, k), max(up, k)
					}
				}
			}
			if int(c.low[i]) != low || int(c.up[i]) != up {
				t.Fatalf("subtree of %d is %d..%d, want %d..%d", i, c.low[i], c.up[i], low, up)
			}
		}
	})
}

func TestForestLearnsAndIsReadBack(t *testing.T) {
	var rows []row
	for i := range 2000 {
		var r row
		r.x[3], r.x[7] = float32(i%100), float32(i%7)
		r.right = r.x[3] > 40 && r.x[7] < 4
		rows = append(rows, r)
	}
	f := trainForest(rows, defaultForest)
	again, err := readForest(bufio.NewReader(bytes.NewReader(f.encode())))
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		p := f.probability(&rows[i].x)
		if (p > 0.5) != rows[i].right {
			t.Errorf("row %d: %v", i, p)
		}
		if q := again.probability(&rows[i].x); q != p {
			t.Fatalf("row %d: %v was %v", i, q, p)
		}
	}
}

func TestChosenCandidatesShareNoToken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 20
		draw := func(r role) span {
			start := rapid.IntRange(0, n-2).Draw(t, "start")
			return span{Range: tok.Range{Start: start, End: rapid.IntRange(start+1, n-1).Draw(t, "end")}, role: r}
		}
		var cands []candidate
		for range rapid.IntRange(0, 8).Draw(t, "candidates") {
			cands = append(cands, candidate{unit: unit{cue: draw(cue), contents: []span{draw(content)}}})
		}
		taken := make([]bool, n)
		used := make([]int, n)
		for _, c := range cands {
			if !claim(&c, taken) {
				continue
			}
			for i := c.contents[0].Start; i < c.contents[0].End; i++ {
				used[i]++
			}
		}
		for i, k := range used {
			if k > 1 {
				t.Fatalf("token %d is content of %d attributions", i, k)
			}
		}
	})
}

func FuzzReadForest(f *testing.F) {
	var rows []row
	for i := range 300 {
		var r row
		r.x[0] = float32(i)
		r.right = i > 100
		rows = append(rows, r)
	}
	f.Add(trainForest(rows, forestOptions{trees: 2, leaves: 4, rate: 0.1, least: 10, smooth: 1}).encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		if trees, err := readForest(bufio.NewReader(bytes.NewReader(b))); err == nil {
			var x [measures]float32
			trees.probability(&x)
		}
	})
}

func TestInOrderKeepsTheOrderOfNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float32().Draw(t, "a"), rapid.Float32().Draw(t, "b")
		if got := inOrder(a) > inOrder(b); got != (a > b) && a != b {
			t.Fatalf("%v > %v is %v", a, b, got)
		}
	})
}
