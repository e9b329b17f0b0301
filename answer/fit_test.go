package answer

import (
	"cmp"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

var (
	fitWeights = flag.Bool("fit", false, "learn the ranking's weights from the benchmark and write weights.go")
	penalty    = flag.Float64("penalty", 1, "weight of the squared weights when learning")
)

// asked is one question as the learner sees it: its candidates, and which of
// them are right.
type asked struct {
	article string
	who     bool // no speaker was named
	kind    string
	cands   []features
	right   []bool
}

// collect describes the candidates of the benchmark's questions.
func collect(t testing.TB, b *benchmark) []asked {
	s := New(b.index)
	var out []asked
	for _, q := range b.questions {
		if q.Type != "who" && q.Type != "what" {
			continue
		}
		r := s.parser(nil).parse(q.Question)
		found, err := s.rated(t.Context(), nil, &r)
		if err != nil {
			t.Fatal(err)
		}
		x := asked{article: q.Article, who: r.Speaker == "", kind: q.Type}
		for _, c := range found {
			if c.features == nil || c.features[coverArticle]+c.features[senseAround]+c.features[bm25] < 0.3 {
				continue
			}
			x.cands = append(x.cands, *c.features)
			x.right = append(x.right, b.right(q, answerOf(c.Passage, 0)))
		}
		out = append(out, x.prune(70))
	}
	return out
}

func (q asked) prune(n int) asked {
	type c struct {
		i int
		z float64
	}
	var cs []c
	for i, f := range q.cands {
		cs = append(cs, c{i, f[coverQuote] + f[coverTitle] + f[senseQuote] + f[senseAround] + f[bm25] + f[coverOwn]})
	}
	slices.SortFunc(cs, func(a, b c) int { return cmp.Compare(b.z, a.z) })
	o := asked{article: q.article, who: q.who, kind: q.kind}
	for k, c := range cs {
		if k < n || q.right[c.i] {
			o.cands = append(o.cands, q.cands[c.i])
			o.right = append(o.right, q.right[c.i])
		}
	}
	return o
}

// learn fits weights with a softmax over each question's candidates, the
// likelihood of any right one, and a penalty on squared distance from prior.
func learn(qs []asked, prior features, penalty float64) features {
	w := prior
	var sum features // AdaGrad's
	for range 150 {
		var grad features
		for i := range w {
			grad[i] = penalty * (w[i] - prior[i])
		}
		for _, q := range qs {
			gradient(q, &w, &grad)
		}
		for i := range w {
			sum[i] += grad[i] * grad[i]
			if sum[i] > 0 {
				w[i] -= 0.5 * grad[i] / math.Sqrt(sum[i])
			}
		}
	}
	return w
}

// gradient adds that of one question's negative log likelihood.
func gradient(q asked, w, grad *features) {
	z := make([]float64, len(q.cands))
	top := math.Inf(-1)
	any := false
	for i := range q.cands {
		for k, x := range q.cands[i] {
			z[i] += w[k] * x
		}
		top = math.Max(top, z[i])
		any = any || q.right[i]
	}
	if !any {
		return
	}
	var all, good float64
	for i := range z {
		z[i] = math.Exp(z[i] - top)
		all += z[i]
		if q.right[i] {
			good += z[i]
		}
	}
	for i := range z {
		g := z[i] / all
		if q.right[i] {
			g -= z[i] / good
		}
		for k, x := range q.cands[i] {
			grad[k] += g * x
		}
	}
}

// hits are the shares of questions with a right candidate first, and among the first five.
func hits(qs []asked, w func(asked) *features) map[string][3]float64 {
	out := map[string][3]float64{}
	for _, q := range qs {
		v := w(q)
		m := model{weights: *v}
		best := math.Inf(-1)
		for i := range q.cands {
			if q.right[i] {
				best = math.Max(best, m.raw(&q.cands[i]))
			}
		}
		rank := 0
		for i := range q.cands {
			if m.raw(&q.cands[i]) > best {
				rank++
			}
		}
		c := out[q.kind]
		c[2]++
		if !math.IsInf(best, -1) {
			if rank == 0 {
				c[0]++
			}
			if rank < 5 {
				c[1]++
			}
		}
		out[q.kind] = c
	}
	return out
}

func fold(article string, n uint32) uint32 {
	h := fnv.New32a()
	h.Write([]byte(article))
	return h.Sum32() % n
}

const folds = 6

func side(qs []asked, who bool) (out []asked) {
	for _, q := range qs {
		if q.who == who {
			out = append(out, q)
		}
	}
	return out
}

func without(qs []asked, f uint32) (out []asked) {
	for _, q := range qs {
		if fold(q.article, folds) != f {
			out = append(out, q)
		}
	}
	return out
}

func drop(qs []asked, k feature) (out []asked) {
	for _, q := range qs {
		c := make([]features, len(q.cands))
		copy(c, q.cands)
		for i := range c {
			c[i][k] = 0
		}
		q.cands = c
		out = append(out, q)
	}
	return out
}

type pairOf struct{ who, what features }

func both(qs []asked) pairOf {
	shared := learn(qs, features{}, *penalty)
	return pairOf{learn(side(qs, true), shared, *penalty), learn(side(qs, false), shared, *penalty)}
}

func (p pairOf) of(q asked) *features {
	if q.who {
		return &p.who
	}
	return &p.what
}

func cv(train, test []asked) map[string][3]float64 {
	var ps [folds]pairOf
	var wg sync.WaitGroup
	for f := range ps {
		wg.Go(func() { ps[f] = both(without(train, uint32(f))) })
	}
	wg.Wait()
	return hits(test, func(q asked) *features { p := ps[fold(q.article, folds)]; return p.of(q) })
}

func show(m map[string][3]float64) string {
	s := ""
	for _, k := range []string{"who", "what"} {
		s += fmt.Sprintf("%s %.1f/%.1f  ", k, 100*m[k][0]/m[k][2], 100*m[k][1]/m[k][2])
	}
	return s
}

func TestFit(t *testing.T) {
	if !*fitWeights {
		t.Skip("pass -fit to learn the weights")
	}
	gold := collect(t, loadBenchmark(t, "quotebench/dev.jsonl", "quotebench/dev.questions.jsonl"))
	eb := loadExtracted(t, "quotebench/dev.jsonl", "quotebench/dev.questions.jsonl")
	engine := collect(t, eb)
	all := append(append([]asked{}, gold...), engine...)
	p := both(all)
	t.Log("resubstitution engine", show(hits(engine, p.of)), "gold", show(hits(gold, p.of)))
	for _, pen := range []float64{0.3, 1, 3} {
		*penalty = pen
		fmt.Println("cv", pen, "engine", show(cv(all, engine)), "| engine only", show(cv(engine, engine)))
	}
	*penalty = 1
	if os.Getenv("ABL") != "" {
		for k := range allFeatures {
			fmt.Println("cv without", k, "engine", show(cv(drop(all, k), drop(engine, k))))
		}
	}
	p = both(all)
	var b strings.Builder
	for k := range allFeatures {
		fmt.Fprintf(&b, "%d %.2f %.2f\n", k, p.who[k], p.what[k])
	}
	os.WriteFile("/tmp/w/answers/s/w.txt", []byte(b.String()), 0o644)
}
