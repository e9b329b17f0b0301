package linear

import (
	"maps"
	"math"
	"slices"
)

// Index numbers the features that occur often enough, for training.
type Index struct {
	keys  []Hash
	count []uint32 // by key: how often it occurred
	slots []int32  // open addressing over keys: position+1, 0 is free
	mask  uint32
}

// Counter finds the features that occur at least a number of times. It counts
// in a sketch of one byte for each 64 hashes, so a few rare ones slip in.
type Counter struct {
	least  uint8
	sketch []uint8
	kept   map[Hash]uint32 // how often each occurred
}

// NewCounter returns a counter that keeps what occurs at least least times.
func NewCounter(least uint8) *Counter {
	return &Counter{least, make([]uint8, 1<<26), make(map[Hash]uint32)}
}

// Count counts one occurrence of each feature.
func (c *Counter) Count(hs []Hash) {
	for _, h := range hs {
		n := &c.sketch[h>>6]
		if *n < c.least {
			*n++
		}
		if *n == c.least {
			c.kept[h]++
		}
	}
}

// Index numbers the features kept, in the order of their hashes.
func (c *Counter) Index() *Index {
	ix := &Index{keys: slices.Sorted(maps.Keys(c.kept))}
	for _, h := range ix.keys {
		ix.count = append(ix.count, c.kept[h])
	}
	size := 16
	for size < 2*len(ix.keys) {
		size *= 2
	}
	ix.slots, ix.mask = make([]int32, size), uint32(size-1)
	for k, h := range ix.keys {
		i := h & ix.mask
		for ix.slots[i] != 0 {
			i = (i + 1) & ix.mask
		}
		ix.slots[i] = int32(k + 1)
	}
	return ix
}

// Len is the number of features.
func (ix *Index) Len() int { return len(ix.keys) }

// heat is how often feature k occurred, as twice the logarithm to the base of 2.
func (ix *Index) heat(k int) uint8 { return uint8(2 * math.Log2(float64(ix.count[k]))) }

// Of returns the number of a feature, or -1.
func (ix *Index) Of(h Hash) int32 {
	for i := h & ix.mask; ; i = (i + 1) & ix.mask {
		k := ix.slots[i]
		if k == 0 {
			return -1
		}
		if ix.keys[k-1] == h {
			return k - 1
		}
	}
}

// Perceptron is a multiclass averaged perceptron in training (Collins, 2002), with the
// lazy averaging of Daumé (2006): the average is w - u/steps.
type Perceptron struct {
	ix      *Index
	classes int
	w, u    []float32
	step    float32
	scores  []float32
}

// NewPerceptron starts with all weights zero.
func NewPerceptron(ix *Index, classes int) *Perceptron {
	n := ix.Len() * classes
	return &Perceptron{ix: ix, classes: classes, w: make([]float32, n), u: make([]float32, n), step: 1, scores: make([]float32, classes)}
}

// Score returns the class scores of the features; the slice is reused by the next call.
func (p *Perceptron) Score(hs []Hash) []float32 {
	clear(p.scores)
	for _, h := range hs {
		if k := p.ix.Of(h); k >= 0 {
			row := p.w[int(k)*p.classes : (int(k)+1)*p.classes]
			for c, w := range row {
				p.scores[c] += w
			}
		}
	}
	return p.scores
}

// Step counts one decision; call it once for each, before Update.
func (p *Perceptron) Step() { p.step++ }

// Update moves weight from the wrong class to the right one.
func (p *Perceptron) Update(hs []Hash, right, wrong int) {
	for _, h := range hs {
		if k := p.ix.Of(h); k >= 0 {
			i := int(k) * p.classes
			p.w[i+right]++
			p.u[i+right] += p.step
			p.w[i+wrong]--
			p.u[i+wrong] -= p.step
		}
	}
}

// Finish returns the averaged, quantised weights and their encoding for Read.
func (p *Perceptron) Finish() (*Table, []byte) {
	avg := make([]float32, len(p.w))
	for i := range avg {
		avg[i] = p.w[i] - p.u[i]/p.step
	}
	return Quantize(p.classes, p.ix, avg)
}

// Reward moves the only weight of a one-class model towards the right
// features and away from the wrong ones.
func (p *Perceptron) Reward(right, wrong []Hash) {
	p.shift(right, 1)
	p.shift(wrong, -1)
}

func (p *Perceptron) shift(hs []Hash, by float32) {
	for _, h := range hs {
		if k := p.ix.Of(h); k >= 0 {
			p.w[k] += by
			p.u[k] += by * p.step
		}
	}
}

// Best is the index of the highest score, the first of equals.
func Best(scores []float32) int {
	best := 0
	for c, s := range scores {
		if s > scores[best] {
			best = c
		}
	}
	return best
}
