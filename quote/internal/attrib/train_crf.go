package attrib

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/whosaid/whosaid/quote/internal/linear"
)

// crfOptions are the choices made on dev.
type crfOptions struct {
	least   uint8   // a feature must occur so often
	passes  int     // over the paragraphs
	from    int     // the pass after which weights are averaged
	rate    float64 // AdaGrad's step
	dropout float64 // share of the features left out at each step
}

var defaultCRF = crfOptions{least: 10, passes: 9, from: 3, rate: 0.018, dropout: 0.5}

// sequence is one training paragraph: the numbers of each token's features, and its labels.
type sequence struct {
	features []int32 // all tokens', one after the other
	ends     []int32 // where each token's features end
	gold     []int8
}

// crfTrainer holds the float weights while they are learned.
type crfTrainer struct {
	opt        crfOptions
	ix         *linear.Index
	w, g2, sum []float32
	tw, tg, ts [labels*labels + labels]float32 // transitions, then starts
	averaged   int
	rng        *rand.Rand
	lat        lattice
	kept       []int32
	keptEnds   []int32
	trans      [labels][labels]float32
	start      [labels]float32
}

func newCRFTrainer(opt crfOptions, ix *linear.Index, seed uint64) *crfTrainer {
	n := ix.Len() * labels
	return &crfTrainer{opt: opt, ix: ix, w: make([]float32, n), g2: make([]float32, n), sum: make([]float32, n),
		rng: rand.New(rand.NewPCG(seed, 7))}
}

// train runs all passes and returns the averaged weights.
func (t *crfTrainer) train(seqs []sequence) *crf {
	order := make([]int, len(seqs))
	for i := range order {
		order[i] = i
	}
	for pass := range t.opt.passes {
		t.rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		for _, i := range order {
			t.step(&seqs[i])
		}
		if pass >= t.opt.from {
			t.averaged++
			for i, w := range t.w {
				t.sum[i] += w
			}
			for i, w := range t.tw {
				t.ts[i] += w
			}
		}
	}
	m := &crf{}
	for i := range t.sum {
		t.sum[i] /= float32(t.averaged)
	}
	for i := range t.ts {
		t.ts[i] /= float32(t.averaged)
	}
	m.trans, m.start = unpack(t.ts)
	return m
}

// unpack lays transitions out as a matrix, with the forbidden ones at -inf.
func unpack(w [labels*labels + labels]float32) (trans [labels][labels]float32, start [labels]float32) {
	for a := range labels {
		for b := range labels {
			trans[a][b] = w[a*labels+b]
			if !follows(a, b) {
				trans[a][b] = float32(math.Inf(-1))
			}
		}
		start[a] = w[labels*labels+a]
		if !follows(labelO, a) {
			start[a] = float32(math.Inf(-1))
		}
	}
	return trans, start
}

// step makes one AdaGrad step (Duchi, Hazan and Singer, 2011) up the
// likelihood of one paragraph, with some of its features left out.
func (t *crfTrainer) step(s *sequence) {
	n := len(s.gold)
	t.lat.use(slices.Grow(t.lat.emit[:0], n)[:n])
	t.drop(s)
	at := int32(0)
	for i := range n {
		var e [labels]float32
		for _, f := range t.kept[at:t.keptEnds[i]] {
			row := t.w[int(f)*labels : int(f)*labels+labels]
			for k := range e {
				e[k] += row[k]
			}
		}
		at = t.keptEnds[i]
		up := 1 / (1 - t.opt.dropout)
		for k := range e {
			t.lat.emit[i][k] = float64(e[k]) * up
		}
	}
	t.trans, t.start = unpack(t.tw)
	t.lat.marginals(&t.trans, &t.start)
	t.updateTransitions(s)
	at = 0
	for i := range n {
		var g [labels]float32
		some := false
		for k := range g {
			g[k] = -float32(t.lat.marginal[i][k])
			if int(s.gold[i]) == k {
				g[k]++
			}
			some = some || g[k] > 1e-4 || g[k] < -1e-4
		}
		if some {
			for _, f := range t.kept[at:t.keptEnds[i]] {
				t.ascend(t.w[int(f)*labels:int(f)*labels+labels], t.g2[int(f)*labels:int(f)*labels+labels], g[:])
			}
		}
		at = t.keptEnds[i]
	}
}

func (t *crfTrainer) ascend(w, g2, g []float32) {
	for k, d := range g {
		if d == 0 {
			continue
		}
		g2[k] += d * d
		w[k] += float32(t.opt.rate) * d / float32(math.Sqrt(float64(g2[k])+1e-3))
	}
}

// drop picks the features of one step.
func (t *crfTrainer) drop(s *sequence) {
	t.kept, t.keptEnds = t.kept[:0], t.keptEnds[:0]
	at := int32(0)
	threshold := uint64(t.opt.dropout * (1 << 32))
	for _, end := range s.ends {
		for _, f := range s.features[at:end] {
			if t.rng.Uint64()>>32 >= threshold {
				t.kept = append(t.kept, f)
			}
		}
		at = end
		t.keptEnds = append(t.keptEnds, int32(len(t.kept)))
	}
}

func (t *crfTrainer) updateTransitions(s *sequence) {
	var g [labels*labels + labels]float32
	l := &t.lat
	for a := range labels {
		g[labels*labels+a] = -float32(l.marginal[0][a])
	}
	g[labels*labels+int(s.gold[0])]++
	for i := 1; i < len(s.gold); i++ {
		// P(a, b) is alpha(a) * exp(trans + emit) * beta(b), normalised per step.
		var p [labels][labels]float64
		sum := 0.0
		var eb [labels]float64
		for b := range labels {
			if l.alpha[i][b] > 0 {
				eb[b] = l.marginal[i][b]
			}
		}
		for b := range labels {
			if eb[b] == 0 {
				continue
			}
			// Given label b at i, the label before is distributed as alpha(a)*exp(trans(a,b)).
			z := 0.0
			for a := range labels {
				p[a][b] = l.alpha[i-1][a] * math.Exp(float64(t.trans[a][b]))
				z += p[a][b]
			}
			for a := range labels {
				p[a][b] *= eb[b] / z
			}
			sum += eb[b]
		}
		for a := range labels {
			for b := range labels {
				g[a*labels+b] -= float32(p[a][b] / sum)
			}
		}
		g[int(s.gold[i-1])*labels+int(s.gold[i])]++
	}
	t.ascend(t.tw[:], t.tg[:], g[:])
}
