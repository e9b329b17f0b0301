package attrib

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// forest is a sum of regression trees on the measures of a candidate: gradient
// boosting (Friedman, 2001) of the logarithmic loss.
type forest struct {
	base  float32
	nodes []treeNode
	roots []int32
	walk  []walkNode // nodes as probability reads them, made by pack
}

// treeNode is an inner node, or a leaf when its feature is leafNode. An inner
// node's right child stands behind its left one.
type treeNode struct {
	Feature   uint8
	Threshold float32 // left when the measure is at most this; a leaf's value
	Left      int32
}

const leafNode = math.MaxUint8

// walkNode is a treeNode in eight bytes, so that all trees stay in the processor's first cache.
type walkNode struct {
	value int32  // the threshold, as inOrder has it; a leaf's value, as bits
	next  uint32 // the feature in the upper eight bits, below it the left child
}

// pack makes the nodes ready for probability.
func (f *forest) pack() {
	f.walk = make([]walkNode, len(f.nodes))
	for i, n := range f.nodes {
		f.walk[i] = walkNode{inOrder(n.Threshold), uint32(n.Feature)<<24 | uint32(n.Left)}
		if n.Feature == leafNode {
			f.walk[i].value = int32(math.Float32bits(n.Threshold))
		}
	}
}

// A candidate whose sum is below hopeless[k] after k+1 times so many trees is not worth
// the others: most candidates are. The trees that are left move a sum less and less.
const hopelessAfter = 15

var hopeless = [...]float32{-2.7, -2.5, -2.3, -2.1, -1.9, -1.7, -1.5}

// probability is the forest's belief that the candidate is right.
func (f *forest) probability(x *[measures]float32) float32 {
	var ordered [math.MaxUint8 + 1]int32 // as long as a feature's type: no index needs a check
	for i, v := range x {
		ordered[i] = inOrder(v)
	}
	sum := f.base
	for i, at := range f.roots {
		if k := i/hopelessAfter - 1; i%hopelessAfter == 0 && k >= 0 && k < len(hopeless) && sum < hopeless[k] {
			break
		}
		sum += f.value(at, &ordered)
	}
	return float32(1 / (1 + math.Exp(-float64(sum))))
}

// inOrder maps numbers to integers that compare as they do, NaN and the sign of 0 apart.
func inOrder(v float32) int32 {
	b := int32(math.Float32bits(v))
	return b ^ int32(uint32(b>>31)>>1)
}

// value is the value of the tree whose root is node at. Which child comes next is computed and not
// branched on: no processor foresees it, and a wrong guess costs more than the step.
func (f *forest) value(at int32, x *[math.MaxUint8 + 1]int32) float32 {
	n := f.walk[at]
	for n.next>>24 != leafNode {
		right := uint64(int64(n.value)-int64(x[n.next>>24])) >> 63
		n = f.walk[n.next&(1<<24-1)+uint32(right)]
	}
	return math.Float32frombits(uint32(n.value))
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
