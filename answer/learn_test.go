package answer

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
	"sync"
)

// asked is one question as the learner sees it: its candidates, and which of
// them are right.
type asked struct {
	article, kind string
	named         bool // a speaker was named
	candidates    []features
	right         []bool
	own           []bool // of the article that the question was written about
}

// likeliest keeps the n candidates that look best before anything is learnt,
// and the right ones: the rest costs time and teaches little.
func (q asked) likeliest(n int) asked {
	order := make([]int, len(q.candidates))
	for i := range order {
		order[i] = i
	}
	plain := func(i int) float64 {
		f := q.candidates[i]
		return f[coverQuote] + f[coverTitle] + f[coverOwn] + f[senseQuote] + f[senseAround] + f[bm25]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(plain(b), plain(a)) })
	out := asked{article: q.article, kind: q.kind, named: q.named}
	for k, i := range order {
		if k < n || q.right[i] {
			out.candidates = append(out.candidates, q.candidates[i])
			out.right = append(out.right, q.right[i])
			out.own = append(out.own, q.own[i])
		}
	}
	return out
}

// learn fits weights with a softmax over each question's candidates, by the
// likelihood of any right one, and a penalty on the squared distance from
// prior. It descends with AdaGrad (Duchi, Hazan and Singer, 2011).
func learn(qs []asked, prior features, penalty float64) features {
	const steps, rate = 150, 0.5
	w := prior
	var sum features
	for range steps {
		var grad features
		for i := range w {
			grad[i] = penalty * (w[i] - prior[i])
		}
		for _, q := range qs {
			q.gradient(&w, &grad)
		}
		for i := range w {
			if sum[i] += grad[i] * grad[i]; sum[i] > 0 {
				w[i] -= rate * grad[i] / math.Sqrt(sum[i])
			}
		}
	}
	return w
}

// gradient adds that of the question's negative log likelihood.
func (q asked) gradient(w, grad *features) {
	if !slices.Contains(q.right, true) {
		return
	}
	z := make([]float64, len(q.candidates))
	m := model{weights: *w}
	for i := range z {
		z[i] = m.raw(&q.candidates[i])
	}
	top := slices.Max(z)
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
		for k, x := range q.candidates[i] {
			grad[k] += g * x
		}
	}
}

// models are the weights for questions that name a speaker and for the rest.
type models struct{ named, rest features }

func (m *models) of(q asked) *features {
	if q.named {
		return &m.named
	}
	return &m.rest
}

// learnBoth learns weights from all questions, then lets each sort of question
// depart from them.
func learnBoth(qs []asked, penalty float64) models {
	var named, rest []asked
	for _, q := range qs {
		if q.named {
			named = append(named, q)
		} else {
			rest = append(rest, q)
		}
	}
	shared := learn(qs, features{}, penalty)
	return models{learn(named, shared, penalty), learn(rest, shared, penalty)}
}

// best is the place of the candidate that w puts first among those that pass,
// -1 for none.
func (q asked) best(w *features, pass func(i int) bool) int {
	m := model{weights: *w}
	best, top := -1, math.Inf(-1)
	for i := range q.candidates {
		if z := m.raw(&q.candidates[i]); z > top && pass(i) {
			best, top = i, z
		}
	}
	return best
}

// ranking counts, by kind of question, those with a right candidate first,
// among the first five, and all.
func ranking(qs []asked, w func(asked) *features) map[string][3]float64 {
	out := map[string][3]float64{}
	for _, q := range qs {
		c := out[q.kind]
		c[2]++
		m := model{weights: *w(q)}
		if i := q.best(&m.weights, func(i int) bool { return q.right[i] }); i >= 0 {
			ahead := 0
			for k := range q.candidates {
				if m.raw(&q.candidates[k]) > m.raw(&q.candidates[i]) {
					ahead++
				}
			}
			if ahead == 0 {
				c[0]++
			}
			if ahead < 5 {
				c[1]++
			}
		}
		out[q.kind] = c
	}
	return out
}

// folds is how many parts of the articles take turns at being asked with
// weights that the others taught.
const folds = 6

func fold(article string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(article)) // never fails
	return h.Sum32() % folds
}

// crossValidated are the weights for each fold, learnt without it.
func crossValidated(qs []asked, penalty float64) func(asked) *features {
	var learnt [folds]models
	var wg sync.WaitGroup
	for f := range learnt {
		wg.Go(func() {
			others := slices.DeleteFunc(slices.Clone(qs), func(q asked) bool { return fold(q.article) == uint32(f) })
			learnt[f] = learnBoth(others, penalty)
		})
	}
	wg.Wait()
	return func(q asked) *features { return learnt[fold(q.article)].of(q) }
}

// blind returns the questions with some features always 0.
func blind(qs []asked, without []feature) []asked {
	out := slices.Clone(qs)
	for n := range out {
		out[n].candidates = slices.Clone(out[n].candidates)
		for i := range out[n].candidates {
			for _, k := range without {
				out[n].candidates[i][k] = 0
			}
		}
	}
	return out
}

// sureOnly returns the questions without the candidates that are no quotes for sure.
func sureOnly(qs []asked) []asked {
	out := make([]asked, len(qs))
	for n, q := range qs {
		out[n] = asked{article: q.article, kind: q.kind, named: q.named}
		for i, f := range q.candidates {
			if f[weak] == 0 {
				out[n].candidates = append(out[n].candidates, f)
				out[n].right = append(out[n].right, q.right[i])
				out[n].own = append(out[n].own, q.own[i])
			}
		}
	}
	return out
}

// example is the best candidate of a question, and whether it answers.
type example struct {
	f      features
	named  bool
	answer bool
}

// examples are the best candidates of questions, right ones, and the best that
// all other articles have, which seldom answers.
func examples(qs []asked, w func(asked) *features) []example {
	var out []example
	for _, q := range qs {
		v := w(q)
		if i := q.best(v, func(int) bool { return true }); i >= 0 && q.right[i] {
			out = append(out, example{q.candidates[i], q.named, true})
		}
		if i := q.best(v, func(i int) bool { return !q.own[i] }); i >= 0 {
			out = append(out, example{q.candidates[i], q.named, false})
		}
	}
	return out
}

// logistic fits a logistic regression over some features, with a bias last.
func logistic(es []example, of []feature, penalty float64) []float64 {
	const steps, rate = 3000, 0.3
	w, sum := make([]float64, len(of)+1), make([]float64, len(of)+1)
	for range steps {
		grad := make([]float64, len(w))
		for i := range of {
			grad[i] = penalty * w[i]
		}
		for _, e := range es {
			z := w[len(of)]
			for i, k := range of {
				z += w[i] * e.f[k]
			}
			g := 1 / (1 + math.Exp(-z))
			if e.answer {
				g--
			}
			for i, k := range of {
				grad[i] += g * e.f[k]
			}
			grad[len(of)] += g
		}
		for i := range w {
			if sum[i] += grad[i] * grad[i]; sum[i] > 0 {
				w[i] -= rate * grad[i] / math.Sqrt(sum[i])
			}
		}
	}
	return w
}
