package attrib

import (
	"math"

	"github.com/whosaid/whosaid/quote/internal/linear"
)

// The labels of the linear CRF: the first and further tokens of source, cue and
// content spans. Their order is part of the weights' format.
const (
	labelO = iota
	labelBSource
	labelISource
	labelBCue
	labelICue
	labelBContent
	labelIContent
	labels
)

// role is what a span is to an attribution.
type role uint8

const (
	source role = iota
	cue
	content
	roles
)

// begin and inside are a role's labels.
func (r role) begin() int  { return labelBSource + 2*int(r) }
func (r role) inside() int { return labelISource + 2*int(r) }

// isInside reports whether b is the label of a span's further tokens.
func isInside(b int) bool { return b != labelO && b%2 == 0 }

// follows reports whether label b may follow label a: an inside only its own beginning or inside.
func follows(a, b int) bool {
	if !isInside(b) {
		return true
	}
	return a == b || a == b-1
}

// crf is a first-order linear-chain conditional random field (Lafferty, McCallum and Pereira, 2001).
type crf struct {
	weights *linear.Table
	trans   [labels][labels]float32 // from, to; forbidden ones are -inf
	start   [labels]float32
}

// lattice holds one paragraph's scores and what is computed of them; it is
// reused from paragraph to paragraph.
type lattice struct {
	emit        [][labels]float64 // unary scores
	alpha, beta [][labels]float64 // scaled forward and backward products
	scale       []float64
	marginal    [][labels]float64
	back        [][labels]int8
}

// use takes the scores of a paragraph, and makes room for the rest.
func (l *lattice) use(emit [][labels]float64) {
	l.emit = emit
	n := len(emit)
	if cap(l.alpha) < n {
		l.alpha, l.beta = make([][labels]float64, n), make([][labels]float64, n)
		l.marginal = make([][labels]float64, n)
		l.scale = make([]float64, n)
		l.back = make([][labels]int8, n)
	}
	l.alpha, l.beta = l.alpha[:n], l.beta[:n]
	l.marginal, l.scale, l.back = l.marginal[:n], l.scale[:n], l.back[:n]
}

// emissions are the unary scores of all tokens of an article. They are not made paragraph by paragraph: so the weights
// stay in the processor's caches.
func (m *crf) emissions(c *context) [][labels]float64 {
	emit := make([][labels]float64, len(c.Tokens))
	var fs [maxFeatures]linear.Hash
	scale := float64(m.weights.Scale())
	for _, para := range c.Paragraphs {
		for i := para.Start; i < para.End; i++ {
			var sum [labels]int32
			m.weights.AddAll(sum[:], c.features(fs[:0], i, para.Start, para.End))
			for k, s := range sum {
				emit[i][k] = scale * float64(s)
			}
		}
	}
	return emit
}

// marginals fills l.marginal with each token's label probabilities.
func (l *lattice) marginals(trans *[labels][labels]float32, start *[labels]float32) {
	n := len(l.emit)
	et := exponentials(trans)
	for i := range n {
		top := l.emit[i][0]
		for _, e := range l.emit[i] {
			top = max(top, e)
		}
		sum := 0.0
		for b := range labels {
			e := math.Exp(l.emit[i][b] - top)
			l.marginal[i][b] = e // kept for the backward pass
			in := 0.0
			switch {
			case i == 0:
				in = math.Exp(float64(start[b]))
			case isInside(b): // its beginning or itself comes before
				in = l.alpha[i-1][b-1]*et[b-1][b] + l.alpha[i-1][b]*et[b][b]
			default:
				for a := range labels {
					in += l.alpha[i-1][a] * et[a][b]
				}
			}
			l.alpha[i][b] = in * e
			sum += in * e
		}
		l.scale[i] = 1 / sum
		for b := range labels {
			l.alpha[i][b] /= sum
		}
	}
	for b := range labels {
		l.beta[n-1][b] = 1
	}
	for i := n - 2; i >= 0; i-- {
		var out [labels]float64
		for b := range labels {
			out[b] = l.marginal[i+1][b] * l.beta[i+1][b]
		}
		for a := range labels {
			sum := 0.0
			for b := range labels {
				sum += et[a][b] * out[b]
			}
			l.beta[i][a] = sum * l.scale[i+1]
		}
	}
	for i := range n {
		for b := range labels {
			l.marginal[i][b] = l.alpha[i][b] * l.beta[i][b]
		}
	}
}

// exponentials are the factors of the transitions; those of forbidden ones are 0.
func exponentials(trans *[labels][labels]float32) (et [labels][labels]float64) {
	for a := range labels {
		for b := range labels {
			if follows(a, b) {
				et[a][b] = math.Exp(float64(trans[a][b]))
			}
		}
	}
	return et
}

// Viterbi decoding counts in steps of 1/fixed, shifted left by fromBits: what is below holds the
// label before, so that the greater of two sums brings its own along and the inner loop needs no branch.
const (
	fixed    = 1 << 20
	fromBits = 3
	fromMask = 1<<fromBits - 1
	never    = -1 << 50 // a forbidden transition
)

// steps are transitions as viterbi counts them, with the label that they come from.
func steps(trans *[labels][labels]float32) (st [labels][labels]int64) {
	for a := range labels {
		for b := range labels {
			st[a][b] = never
			if follows(a, b) {
				st[a][b] = toFixed(float64(trans[a][b]))
			}
			st[a][b] += fromMask - int64(a) // the first of equals wins
		}
	}
	return st
}

func toFixed(x float64) int64 { return int64(x*fixed) << fromBits }

// viterbi appends the best label sequence to dst. The bias is added to every
// label but O: a positive one finds more and is right less often.
func (l *lattice) viterbi(dst []int8, trans *[labels][labels]float32, start *[labels]float32, bias float64) []int8 {
	n := len(l.emit)
	st := steps(trans)
	shift := [labels]int64{labelO: toFixed(bias)}
	var score, next [labels]int64
	for b := range labels {
		score[b] = never
		if follows(labelO, b) {
			score[b] = toFixed(l.emit[0][b]+float64(start[b])) - shift[b]
		}
	}
	for i := 1; i < n; i++ {
		emit, back := &l.emit[i], &l.back[i]
		for b := range labels {
			var best int64
			if isInside(b) { // its beginning or itself comes before
				best = max(score[b-1]+st[b-1][b], score[b]+st[b][b])
			} else {
				best = score[0] + st[0][b]
				for a := 1; a < labels; a++ {
					best = max(best, score[a]+st[a][b])
				}
			}
			back[b] = int8(fromMask - best&fromMask)
			next[b] = best&^fromMask + toFixed(emit[b]) - shift[b]
		}
		score = next
	}
	best := 0
	for b := range labels {
		if score[b] > score[best] {
			best = b
		}
	}
	base := len(dst)
	dst = append(dst, make([]int8, n)...)
	for i := n - 1; i >= 0; i-- {
		dst[base+i] = int8(best)
		best = int(l.back[i][best])
	}
	return dst
}
