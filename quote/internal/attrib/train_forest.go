package attrib

import (
	"math"
	"slices"
	"sync"
)

// forestOptions are the choices made on dev.
type forestOptions struct {
	trees, leaves int
	rate          float64
	least         int     // rows in a leaf
	smooth        float64 // added to the curvature of a leaf
}

var defaultForest = forestOptions{trees: 130, leaves: 24, rate: 0.1, least: 60, smooth: 2}

// bins is how many intervals a measure is cut into for training.
const bins = 64

// row is one training candidate.
type row struct {
	x     [measures]float32
	right bool
}

// forestTrainer grows trees on binned measures.
type forestTrainer struct {
	opt    forestOptions
	cuts   [measures][]float32 // upper ends of the bins
	binned [measures][]uint8
	grad   []float32
	hess   []float32
}

func trainForest(rows []row, opt forestOptions) *forest {
	t := &forestTrainer{opt: opt, grad: make([]float32, len(rows)), hess: make([]float32, len(rows))}
	for m := range measures {
		t.bin(rows, m)
	}
	right := 0
	for _, r := range rows {
		if r.right {
			right++
		}
	}
	prior := float64(right) / float64(len(rows))
	f := &forest{base: float32(math.Log(prior / (1 - prior)))}
	score := make([]float64, len(rows))
	for i := range score {
		score[i] = float64(f.base)
	}
	for range opt.trees {
		for i, r := range rows {
			p := 1 / (1 + math.Exp(-score[i]))
			t.grad[i], t.hess[i] = float32(p), float32(p*(1-p))
			if r.right {
				t.grad[i]--
			}
		}
		t.grow(f, score)
	}
	f.pack()
	return f
}

// bin cuts measure m at quantiles.
func (t *forestTrainer) bin(rows []row, m int) {
	values := make([]float32, len(rows))
	for i, r := range rows {
		values[i] = r.x[m]
	}
	slices.Sort(values)
	distinct := slices.Compact(slices.Clone(values))
	var cuts []float32
	if len(distinct) <= bins {
		cuts = distinct
	} else {
		for k := 1; k <= bins; k++ {
			cuts = append(cuts, values[(len(values)-1)*k/bins])
		}
		cuts = slices.Compact(cuts)
	}
	t.cuts[m] = cuts
	t.binned[m] = make([]uint8, len(rows))
	for i, r := range rows {
		k, _ := slices.BinarySearch(cuts, r.x[m])
		t.binned[m][i] = uint8(min(k, len(cuts)-1))
	}
}

// leaf is a growing leaf with the best way to split it.
type leaf struct {
	rows    []int32
	node    int32
	gain    float64
	feature int
	bin     int
}

// grow adds a tree to f, splitting the leaf of greatest gain first, and adds its values to score.
func (t *forestTrainer) grow(f *forest, score []float64) {
	all := make([]int32, len(score))
	for i := range all {
		all[i] = int32(i)
	}
	root := int32(len(f.nodes))
	f.roots = append(f.roots, root)
	f.nodes = append(f.nodes, treeNode{Feature: leafNode})
	leaves := []leaf{t.split(all, root)}
	for len(leaves) < t.opt.leaves {
		best := 0
		for i := range leaves {
			if leaves[i].gain > leaves[best].gain {
				best = i
			}
		}
		l := leaves[best]
		if l.gain <= 1e-6 {
			break
		}
		var left, right []int32
		for _, i := range l.rows {
			if int(t.binned[l.feature][i]) <= l.bin {
				left = append(left, i)
			} else {
				right = append(right, i)
			}
		}
		at := int32(len(f.nodes))
		f.nodes[l.node] = treeNode{uint8(l.feature), t.cuts[l.feature][l.bin], at}
		f.nodes = append(f.nodes, treeNode{Feature: leafNode}, treeNode{Feature: leafNode})
		leaves[best] = t.split(left, at)
		leaves = append(leaves, t.split(right, at+1))
	}
	for _, l := range leaves {
		g, h := 0.0, 0.0
		for _, i := range l.rows {
			g += float64(t.grad[i])
			h += float64(t.hess[i])
		}
		v := -t.opt.rate * g / (h + t.opt.smooth)
		f.nodes[l.node].Threshold = float32(v)
		for _, i := range l.rows {
			score[i] += v
		}
	}
}

// split finds the best way to split the rows.
func (t *forestTrainer) split(rows []int32, node int32) leaf {
	l := leaf{rows: rows, node: node}
	if len(rows) < 2*t.opt.least {
		return l
	}
	var found [measures]leaf
	var wg sync.WaitGroup
	for part := range 2 {
		wg.Go(func() {
			for m := part; m < measures; m += 2 {
				found[m] = t.splitOn(rows, m)
			}
		})
	}
	wg.Wait()
	for m := range found {
		if found[m].gain > l.gain {
			l.gain, l.feature, l.bin = found[m].gain, m, found[m].bin
		}
	}
	return l
}

func (t *forestTrainer) splitOn(rows []int32, m int) leaf {
	var g, h [bins]float64
	var n [bins]int
	col := t.binned[m]
	for _, i := range rows {
		b := col[i]
		g[b] += float64(t.grad[i])
		h[b] += float64(t.hess[i])
		n[b]++
	}
	var gAll, hAll float64
	for b := range bins {
		gAll += g[b]
		hAll += h[b]
	}
	quality := func(g, h float64) float64 { return g * g / (h + t.opt.smooth) }
	whole := quality(gAll, hAll)
	best := leaf{}
	var gl, hl float64
	nl := 0
	for b := range len(t.cuts[m]) - 1 {
		gl, hl, nl = gl+g[b], hl+h[b], nl+n[b]
		if nl < t.opt.least || len(rows)-nl < t.opt.least {
			continue
		}
		if gain := quality(gl, hl) + quality(gAll-gl, hAll-hl) - whole; gain > best.gain {
			best.gain, best.bin = gain, b
		}
	}
	return best
}
