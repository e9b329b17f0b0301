// Package linear holds what the learned models share: hashed features, a
// compact table of quantised weights for reading, and a wide one for training.
//
// A feature is a 32-bit hash; a model keeps one row of weights, one for each
// class, for every feature that it saw often enough. Nothing of the
// training text can be read back from a table.
package linear

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"sort"
)

// Hash is a feature: a mix of a template number and what fills the template.
type Hash = uint32

// Mix hashes up to two values under a template number. It is a multiply-xorshift mix
// in the manner of Vigna's splitmix64 (2015).
func Mix(template, a, b uint32) Hash {
	h := (uint64(a)<<32 | uint64(b)) ^ uint64(template)*0x9e3779b97f4a7c15
	h = (h ^ h>>29) * 0xbf58476d1ce4e5b9
	return Hash(h >> 32)
}

const (
	rowBits = 20
	rowMask = 1<<rowBits - 1
	maxRows = 1<<rowBits - 1
	// minSlots makes slot and kept bits together tell nearly all of a hash.
	minSlots = 1 << 16
)

// Table maps features to rows of quantised weights. It is read-only and safe
// for concurrent use.
type Table struct {
	classes int
	n       int      // rows
	scale   float32  // weight = scale * quantised weight
	slots   []uint32 // open addressing: the hash's upper 12 bits, then row+1; 0 is free
	mask    uint32
	rows    []byte // row r begins at r*stride; each weight is raised by 128
	// A table of at most four classes needs no rows: each slot holds the hash and, below it, the weights.
	narrow []uint64
	stride int // a row's length: the classes rounded up to eight
}

// Classes is the number of weights in a row.
func (t *Table) Classes() int { return t.classes }

// Scale turns sums of quantised weights into scores.
func (t *Table) Scale() float32 { return t.scale }

// Len is the number of features kept.
func (t *Table) Len() int { return t.n }

// Get returns the only weight of a feature in a table of one class, and
// whether the table knows it.
func (t *Table) Get(h Hash) (int8, bool) {
	for i := h & t.mask; ; i = (i + 1) & t.mask {
		s := t.narrow[i]
		if s == 0 {
			return 0, false
		}
		if Hash(s>>32) == h {
			return int8(byte(s) - 128), true
		}
	}
}

// batch is how many features are looked up together.
const batch = 96

// AddAll adds the weights of all features to the scores; len(scores) >=
// Classes. It first touches every slot and then every row, so that the
// memory's delays overlap: a model is larger than the processor's caches.
func (t *Table) AddAll(scores []int32, hs []Hash) {
	for len(hs) > batch {
		t.AddAll(scores, hs[:batch])
		hs = hs[batch:]
	}
	if t.narrow != nil {
		t.addNarrow(scores, hs)
		return
	}
	var slots [batch]uint32
	for i, h := range hs {
		slots[i] = t.slots[h&t.mask]
	}
	var starts [batch]uint32
	n := 0
	for i, h := range hs {
		s := slots[i]
		for at := h & t.mask; s != 0 && s>>rowBits != h>>rowBits; s = t.slots[at] {
			at = (at + 1) & t.mask
		}
		starts[n] = (s&rowMask - 1) * uint32(t.stride) // overwritten by the next one if there is none
		if s != 0 {
			n++
		}
	}
	t.sum(scores, starts[:n])
}

// addNarrow is AddAll for a table without rows.
func (t *Table) addNarrow(scores []int32, hs []Hash) {
	var slots [batch]uint64
	for i, h := range hs {
		slots[i] = t.narrow[h&t.mask]
	}
	var even, odd uint64
	n := 0
	for i, h := range hs {
		s := slots[i]
		for at := h & t.mask; s != 0 && Hash(s>>32) != h; s = t.narrow[at] {
			at = (at + 1) & t.mask
		}
		even += s & narrowLanes // a free slot adds nothing
		odd += s >> 8 & narrowLanes
		if s != 0 {
			n++
		}
	}
	t.unpack(scores, 0, even, odd, int32(n)*128)
}

// Weights are summed in lanes of 16 bits, every second byte of a word at once: a
// byte holds a weight raised by 128, so that it is never negative, and a batch of them can't fill a lane.
const (
	lanes       = 0x00ff00ff00ff00ff
	narrowLanes = 0x00ff00ff
)

// sum adds rows to the scores, eight weights at a time.
func (t *Table) sum(scores []int32, starts []uint32) {
	raised := int32(len(starts)) * 128
	word := 0
	for ; word+16 <= t.stride; word += 16 { // two words at a time
		var even, odd, even2, odd2 uint64
		for _, r := range starts {
			row := t.rows[int(r)+word:][:16]
			x, y := binary.LittleEndian.Uint64(row), binary.LittleEndian.Uint64(row[8:])
			even += x & lanes
			odd += x >> 8 & lanes
			even2 += y & lanes
			odd2 += y >> 8 & lanes
		}
		t.unpack(scores, word, even, odd, raised)
		t.unpack(scores, word+8, even2, odd2, raised)
	}
	for ; word < t.stride; word += 8 {
		var even, odd uint64
		for _, r := range starts {
			x := binary.LittleEndian.Uint64(t.rows[int(r)+word:])
			even += x & lanes
			odd += x >> 8 & lanes
		}
		t.unpack(scores, word, even, odd, raised)
	}
}

// unpack adds the lanes of up to eight classes, from the given one on, to the scores.
func (t *Table) unpack(scores []int32, class int, even, odd uint64, raised int32) {
	for c := class; c < min(class+8, t.classes); c += 2 {
		scores[c] += int32(even&0xffff) - raised
		if c+1 < t.classes {
			scores[c+1] += int32(odd&0xffff) - raised
		}
		even, odd = even>>16, odd>>16
	}
}

// newTable builds the index over keys; row r of the weights is rows[r*classes:].
func newTable(classes int, scale float32, keys []Hash, rows []int8) *Table {
	size := minSlots
	for size < len(keys)*7/4 {
		size *= 2
	}
	t := &Table{classes: classes, n: len(keys), scale: scale, mask: uint32(size - 1)}
	if classes <= 4 {
		t.fillNarrow(keys, rows)
		return t
	}
	t.slots = make([]uint32, size)
	t.stride = (classes + 7) / 8 * 8
	t.rows = make([]byte, len(keys)*t.stride)
	for r, at := range byWeight(classes, len(keys), rows) {
		k := int(at)
		h := keys[k]
		i := h & t.mask
		for t.slots[i] != 0 {
			i = (i + 1) & t.mask
		}
		t.slots[i] = h>>rowBits<<rowBits | uint32(r+1)
		for c := range classes {
			t.rows[r*t.stride+c] = byte(rows[k*classes+c]) + 128
		}
	}
	return t
}

// fillNarrow puts keys and weights of at most four classes into the slots.
func (t *Table) fillNarrow(keys []Hash, rows []int8) {
	t.narrow = make([]uint64, t.mask+1)
	for k, h := range keys {
		i := h & t.mask
		for t.narrow[i] != 0 {
			i = (i + 1) & t.mask
		}
		t.narrow[i] = uint64(h)<<32 | 1<<31 // a class that isn't there keeps the slot from being free
		for c := range t.classes {
			shift := 8 * c
			t.narrow[i] = t.narrow[i]&^(0xff<<shift) | uint64(byte(rows[k*t.classes+c])+128)<<shift
		}
	}
}

// byWeight orders n rows by the sum of their absolute weights, the greatest
// first. Frequent features have learned the most: kept together, they stay in the
// processor's caches.
func byWeight(classes, n int, rows []int8) []int32 {
	sums, order := make([]int32, n), make([]int32, n)
	for k := range sums {
		order[k] = int32(k)
		for _, w := range rows[k*classes : (k+1)*classes] {
			sums[k] += int32(max(w, -w))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(sums[b], sums[a]) })
	return order
}

// Quantize makes a Table of float weights: keys[i] has the row
// weights[i*classes:(i+1)*classes]. Rows whose weights all round to
// one step or less are left out.
// The largest hundred-thousandth of the weights is clipped.
func Quantize(classes int, keys []Hash, weights []float32) (*Table, []byte) {
	scale := quantile(weights, 1e-5) / 127
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(a, b int) bool { return keys[order[a]] < keys[order[b]] })
	var kept []Hash
	var rows []int8
	row := make([]int8, classes)
	for _, i := range order {
		some := false
		for c := range row {
			q := math.Round(float64(weights[i*classes+c] / scale))
			row[c] = int8(min(127, max(-127, q)))
			some = some || row[c] > 1 || row[c] < -1
		}
		if some && len(kept) < maxRows && (len(kept) == 0 || kept[len(kept)-1] != keys[i]) {
			kept = append(kept, keys[i])
			rows = append(rows, row...)
		}
	}
	return newTable(classes, scale, kept, rows), encode(classes, scale, kept, rows)
}

// Exact makes a Table of one class whose weights are the values as they stand.
func Exact(values map[Hash]int8) (*Table, []byte) {
	keys := slices.Sorted(maps.Keys(values))
	rows := make([]int8, len(keys))
	for i, k := range keys {
		rows[i] = values[k]
	}
	return newTable(1, 1, keys, rows), encode(1, 1, keys, rows)
}

// quantile is the absolute weight that the given share of the non-zero weights exceeds.
func quantile(weights []float32, share float64) float32 {
	var abs []float32
	for _, w := range weights {
		if w != 0 {
			abs = append(abs, max(w, -w))
		}
	}
	if len(abs) == 0 {
		return 1
	}
	slices.Sort(abs)
	return abs[len(abs)-1-int(share*float64(len(abs)))]
}

// encode lays a table out for Read: classes, scale, number of rows, the
// gaps between the sorted keys, then the rows class by class, which compresses well.
func encode(classes int, scale float32, keys []Hash, rows []int8) []byte {
	b := binary.AppendUvarint(nil, uint64(classes))
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(scale))
	b = binary.AppendUvarint(b, uint64(len(keys)))
	last := Hash(0)
	for _, k := range keys {
		b = binary.AppendUvarint(b, uint64(k-last))
		last = k
	}
	for c := range classes {
		for r := range keys {
			b = append(b, byte(rows[r*classes+c]))
		}
	}
	return b
}

// Read reads a table that Quantize encoded.
func Read(r *bufio.Reader) (*Table, error) {
	classes, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, fmt.Errorf("linear: reading a table: %w", err)
	}
	var bits [4]byte
	if _, err := io.ReadFull(r, bits[:]); err != nil {
		return nil, fmt.Errorf("linear: reading a table: %w", err)
	}
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, fmt.Errorf("linear: reading a table: %w", err)
	}
	if classes == 0 || classes > 256 || n > maxRows {
		return nil, errors.New("linear: these are no weights of this version; train them again")
	}
	keys := make([]Hash, n)
	last := Hash(0)
	for i := range keys {
		gap, err := binary.ReadUvarint(r)
		if err != nil {
			return nil, fmt.Errorf("linear: reading a table's keys: %w", err)
		}
		last += Hash(gap)
		keys[i] = last
	}
	column := make([]byte, n)
	rows := make([]int8, int(classes)*int(n))
	for c := range int(classes) {
		if _, err := io.ReadFull(r, column); err != nil {
			return nil, fmt.Errorf("linear: reading a table's weights: %w", err)
		}
		for i, w := range column {
			rows[i*int(classes)+c] = int8(w)
		}
	}
	return newTable(int(classes), math.Float32frombits(binary.LittleEndian.Uint32(bits[:])), keys, rows), nil
}
