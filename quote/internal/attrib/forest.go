package attrib

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// forest is a sum of regression trees on the measures of a candidate: gradient
// boosting (Friedman, 2001) of the logarithmic loss.
type forest struct {
	base  float32
	nodes []treeNode
	roots []int32
	// What probability reads, made by pack: the nodes, the leaves' values and trees that are read together.
	walk   []walkNode
	values []float32
	groups []treeGroup
}

// together is how many trees are walked side by side.
const together = 5

// treeGroup is so many trees, and how deep the deepest is.
type treeGroup struct {
	roots [together]uint32
	depth int
}

// treeNode is an inner node, or a leaf when its feature is leafNode. An inner
// node's right child stands behind its left one.
type treeNode struct {
	Feature   uint8
	Threshold float32 // left when the measure is at most this; a leaf's value
	Left      int32
}

const leafNode = math.MaxUint8

// walkNode is a treeNode in eight bytes, so that all trees stay in the processor's first cache. A leaf
// is its own left child, and no measure is above its threshold.
type walkNode struct {
	threshold int32  // as inOrder has it
	next      uint32 // the feature in the upper eight bits, below it the left child
}

// pack makes the nodes ready for probability.
func (f *forest) pack() {
	f.walk, f.values = make([]walkNode, len(f.nodes), len(f.nodes)+1), make([]float32, len(f.nodes)+1)
	below := make([]uint8, len(f.nodes)) // levels below a node
	for i := len(f.nodes) - 1; i >= 0; i-- {
		n := f.nodes[i]
		if n.Feature == leafNode {
			f.walk[i], f.values[i] = walkNode{math.MaxInt32, uint32(i)}, n.Threshold
			continue
		}
		f.walk[i] = walkNode{inOrder(n.Threshold), uint32(n.Feature)<<24 | uint32(n.Left)}
		below[i] = 1 + max(below[n.Left], below[n.Left+1])
	}
	f.walk = append(f.walk, walkNode{math.MaxInt32, uint32(len(f.nodes))}) // a tree of nought fills the last group
	f.groups = nil
	for some := range slices.Chunk(f.roots, together) {
		var g treeGroup
		for i := range g.roots {
			g.roots[i] = uint32(len(f.nodes))
			if i < len(some) {
				g.roots[i] = uint32(some[i])
				g.depth = max(g.depth, int(below[some[i]]))
			}
		}
		f.groups = append(f.groups, g)
	}
}

// A candidate whose sum is below hopeless[k] after k+1 times so many groups of trees is not worth
// the others: most candidates are. The trees that are left move a sum less and less.
const hopelessAfter = 3

var hopeless = [...]float32{-2.7, -2.5, -2.3, -2.1, -1.9, -1.7, -1.5}

// ordered are a candidate's measures, mapped by inOrder. Its length is a power of two: no index needs a check.
type ordered [64]int32

// probability is the forest's belief that the candidate is right.
func (f *forest) probability(x *[measures]float32) float32 {
	var o ordered
	for i, v := range x {
		o[i] = inOrder(v)
	}
	sum := f.base
	for i := 0; i < len(f.groups); i++ {
		if k := i/hopelessAfter - 1; i%hopelessAfter == 0 && k >= 0 && k < len(hopeless) && sum < hopeless[k] {
			break
		}
		for _, v := range f.group(&f.groups[i], &o) {
			sum += v
		}
	}
	return float32(1 / (1 + math.Exp(-float64(sum))))
}

// inOrder maps numbers to integers that compare as they do, NaN and the sign of 0 apart.
func inOrder(v float32) int32 {
	b := int32(math.Float32bits(v))
	return b ^ int32(uint32(b>>31)>>1)
}

// group gives the values of a group's trees. They are walked side by side, for a step waits for the memory, and neither
// which child comes next nor when the leaf is reached is branched on: no processor foresees it.
func (f *forest) group(g *treeGroup, x *ordered) [together]float32 {
	walk := f.walk
	a, b, c, d, e := g.roots[0], g.roots[1], g.roots[2], g.roots[3], g.roots[4]
	for range g.depth {
		a, b, c, d, e = walk[a].child(x), walk[b].child(x), walk[c].child(x), walk[d].child(x), walk[e].child(x)
	}
	return [together]float32{f.values[a], f.values[b], f.values[c], f.values[d], f.values[e]}
}

// child is the node to go on with.
func (n walkNode) child(x *ordered) uint32 {
	right := uint64(int64(n.threshold)-int64(x[n.next>>24%uint32(len(x))])) >> 63
	return n.next&(1<<24-1) + uint32(right)
}

// encode lays the forest out for readForest, with both children of a node.
func (f *forest) encode() []byte {
	b := binary.LittleEndian.AppendUint32(nil, math.Float32bits(f.base))
	b = binary.AppendUvarint(b, uint64(len(f.roots)))
	for _, r := range f.roots {
		b = binary.AppendUvarint(b, uint64(r))
	}
	b = binary.AppendUvarint(b, uint64(len(f.nodes)))
	for _, n := range f.nodes {
		b = append(b, n.Feature)
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(n.Threshold))
		if n.Feature != leafNode {
			b = binary.AppendUvarint(b, uint64(n.Left))
			b = binary.AppendUvarint(b, uint64(n.Left)+1)
		}
	}
	return b
}

var errForest = errors.New("attrib: these trees are of another version; train them again")

// readForest reads what encode wrote.
func readForest(r *bufio.Reader) (*forest, error) {
	d := decoder{r: r}
	f := &forest{base: d.float()}
	f.roots = make([]int32, d.uvarint(1<<16))
	for i := range f.roots {
		f.roots[i] = int32(d.uvarint(1 << 24))
	}
	f.nodes = make([]treeNode, d.uvarint(1<<24))
	for i := range f.nodes {
		n := &f.nodes[i]
		n.Feature, n.Threshold = d.byte(), d.float()
		if n.Feature == leafNode {
			continue
		}
		n.Left = int32(d.uvarint(1 << 24))
		if d.uvarint(1<<24) != uint64(n.Left)+1 {
			return nil, errForest
		}
		// A child always comes after its parent, so every walk ends.
		if n.Feature >= measures || int(n.Left) <= i || int(n.Left)+1 >= len(f.nodes) {
			return nil, errForest
		}
	}
	for _, at := range f.roots {
		if int(at) >= len(f.nodes) {
			return nil, errForest
		}
	}
	if d.err != nil {
		return nil, fmt.Errorf("attrib: reading the trees: %w", noEOF(d.err))
	}
	f.pack()
	return f, nil
}

// decoder reads numbers and keeps the first error.
type decoder struct {
	r   *bufio.Reader
	err error
}

func (d *decoder) byte() byte {
	b, err := d.r.ReadByte()
	if d.err == nil {
		d.err = err
	}
	return b
}

func (d *decoder) float() float32 {
	var bits uint32
	for i := range 4 {
		bits |= uint32(d.byte()) << (8 * i)
	}
	return math.Float32frombits(bits)
}

// uvarint reads a number, which must be below limit.
func (d *decoder) uvarint(limit uint64) uint64 {
	v, err := binary.ReadUvarint(d.r)
	if err == nil && v >= limit {
		err = errForest
	}
	if d.err == nil {
		d.err = err
	}
	if err != nil {
		return 0
	}
	return v
}
