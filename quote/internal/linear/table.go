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
	maxRows = 1<<20 - 1
	// hotBytes bounds a table's hot part, so that those of all models fit the processor's second cache together.
	hotBytes = 1 << 18
)

// Table maps features to rows of quantised weights. It is read-only and safe
// for concurrent use.
//
// A model is larger than the processor's caches, and a few features make most of
// the look-ups. They are kept apart: the hot part is small, and each of its
// places holds the most frequent of the features that fall there, or none, so that
// one comparison tells whether a feature is in it. All others are in the cold part.
type Table struct {
	classes int
	n       int     // rows
	scale   float32 // weight = scale * quantised weight
	hot     []Hash  // by place, the hash's lowest bits: the feature there, or one that can't be
	rows    []byte  // the hot part's row at place p begins at p*stride; each weight is raised by 128. The cold part's records follow.
	stride  int     // a row's length: the classes rounded up to eight
	// The hot part of a table of at most four classes: the hash, then the weights, raised.
	narrow []uint64
	cold   *cold
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
	if s := t.narrow[int(h)&(len(t.narrow)-1)]; Hash(s>>32) == h {
		return int8(byte(s) - 128), true
	}
	n := t.cold.number(h)
	if n == 0 {
		return 0, false
	}
	return int8(t.cold.weights(n)[0] - 128), true
}

// batch is how many features are looked up together.
const batch = 96

// AddAll adds the weights of all features to the scores; len(scores) >=
// Classes.
func (t *Table) AddAll(scores []int32, hs []Hash) {
	for len(hs) > batch {
		t.AddAll(scores, hs[:batch])
		hs = hs[batch:]
	}
	switch {
	case t.narrow != nil:
		t.addNarrow(scores, hs)
		return
	case t.stride == 8:
		t.addEight(scores, hs)
		return
	}
	var missed [batch]Hash
	var numbers, starts [batch]uint32
	m, n := 0, 0
	stride, mask := uint32(t.stride), uint32(len(t.hot)-1)
	for _, h := range hs {
		place := h & mask
		miss := differ(t.hot[place], h)
		missed[m], starts[n] = h, place*stride
		m += miss
		n += 1 - miss
	}
	records, size := uint32(len(t.rows)-len(t.cold.records)), uint32(t.cold.size)
	for _, number := range t.cold.numberAll(&numbers, missed[:m]) {
		starts[n] = records + number*size + keyBytes // overwritten by the next one if there is none
		n += differ(number, 0)
	}
	t.sum(scores, starts[:n])
}

// differ is 1 when the features are different, else 0, without a branch that nobody could predict.
func differ(a, b Hash) int { return int((uint64(a^b) + math.MaxUint32) >> 32) }

// addNarrow is AddAll for a table without rows.
func (t *Table) addNarrow(scores []int32, hs []Hash) {
	var missed [batch]Hash
	var numbers [batch]uint32
	var even, odd uint64
	m := 0
	mask := uint32(len(t.narrow) - 1)
	for _, h := range hs {
		s := t.narrow[h&mask]
		miss := differ(Hash(s>>32), h)
		missed[m] = h
		m += miss
		s &= uint64(miss) - 1
		even += s & narrowLanes
		odd += s >> 8 & narrowLanes
	}
	n := len(hs) - m
	for _, number := range t.cold.numberAll(&numbers, missed[:m]) {
		s := uint64(binary.LittleEndian.Uint32(t.cold.weights(number))) // nought for number 0
		even += s & narrowLanes
		odd += s >> 8 & narrowLanes
		n += differ(number, 0)
	}
	t.unpack(scores, 0, even, odd, int32(n)*128)
}

// addEight is AddAll for a table whose rows are one word each.
func (t *Table) addEight(scores []int32, hs []Hash) {
	var missed [batch]Hash
	var numbers [batch]uint32
	var even, odd uint64
	m := 0
	hot, rows := t.hot, t.rows
	mask := uint32(len(hot) - 1)
	for _, h := range hs {
		place := h & mask
		miss := differ(hot[place], h)
		missed[m] = h
		m += miss
		x := binary.LittleEndian.Uint64(rows[place*8:]) & (uint64(miss) - 1)
		even += x & lanes
		odd += x >> 8 & lanes
	}
	n := len(hs) - m
	for _, number := range t.cold.numberAll(&numbers, missed[:m]) {
		x := binary.LittleEndian.Uint64(t.cold.weights(number)) // nought for number 0
		even += x & lanes
		odd += x >> 8 & lanes
		n += differ(number, 0)
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

// newTable builds the index over keys; the weights of keys[k] are rows[k*classes:],
// and heat[k] tells how often the feature occurs.
func newTable(classes int, scale float32, keys []Hash, heat []uint8, rows []int8) *Table {
	t := &Table{classes: classes, n: len(keys), scale: scale}
	t.stride = (classes + 7) / 8 * 8
	size := hotBytes / (4 + t.stride)
	if classes <= 4 {
		size = hotBytes / 8
	}
	places := 16
	for places*2 <= size && places < 2*len(keys) {
		places *= 2
	}
	hot, rest := place(places, keys, heat)
	width := t.stride
	if classes <= 4 {
		width = 4
	}
	restKeys := make([]Hash, len(rest))
	for i, k := range rest {
		restKeys[i] = keys[k]
	}
	var at []uint32
	t.cold, at = newCold(restKeys, width)
	weights := func(k int32) []int8 { return rows[int(k)*classes:][:classes] }
	for i, k := range rest {
		raise(t.cold.weights(at[i]), weights(k))
	}
	if classes <= 4 {
		t.fillNarrow(hot, keys, weights)
	} else {
		t.fillHot(hot, keys, weights)
	}
	return t
}

// fillNarrow puts keys and weights of at most four classes into the hot part's slots.
func (t *Table) fillNarrow(hot []int32, keys []Hash, weights func(k int32) []int8) {
	t.narrow = make([]uint64, len(hot))
	for p, k := range hot {
		slot := [8]byte{}
		binary.LittleEndian.PutUint32(slot[4:], ^Hash(p)) // of another place
		if k >= 0 {
			binary.LittleEndian.PutUint32(slot[4:], keys[k])
			raise(slot[:], weights(k))
		}
		t.narrow[p] = binary.LittleEndian.Uint64(slot[:])
	}
}

// fillHot puts keys and rows into the hot part, and the cold part's records behind them.
func (t *Table) fillHot(hot []int32, keys []Hash, weights func(k int32) []int8) {
	places := len(hot)
	t.hot = make([]Hash, places)
	records := (places*t.stride + cacheLine - 1) / cacheLine * cacheLine
	t.rows = append(make([]byte, records, records+len(t.cold.records)), t.cold.records...)
	t.cold.records = t.rows[records:]
	for p, k := range hot {
		t.hot[p] = ^Hash(p) // of another place
		if k >= 0 {
			t.hot[p] = keys[k]
			raise(t.rows[p*t.stride:], weights(k))
		}
	}
}

// raise puts weights into a row.
func raise(row []byte, weights []int8) {
	for c, w := range weights {
		row[c] = byte(w) + 128
	}
}

// place gives each place of the hot part the hottest feature that falls there,
// an index into keys or -1, and lists all others, the hottest first.
func place(places int, keys []Hash, heat []uint8) (hot, cold []int32) {
	order := make([]int32, len(keys))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(heat[b], heat[a]) })
	hot = make([]int32, places)
	for p := range hot {
		hot[p] = -1
	}
	for _, k := range order {
		if p := &hot[int(keys[k])&(places-1)]; *p < 0 {
			*p = k
			continue
		}
		cold = append(cold, k)
	}
	return hot, cold
}

// Quantize makes a Table of float weights: feature i of the index has the row
// weights[i*classes:(i+1)*classes]. Rows whose weights all round to
// one step or less are left out.
// The largest hundred-thousandth of the weights is clipped.
func Quantize(classes int, ix *Index, weights []float32) (*Table, []byte) {
	scale := quantile(weights, 1e-5) / 127
	var kept []Hash
	var heat []uint8
	var rows []int8
	row := make([]int8, classes)
	for i, key := range ix.keys {
		some := false
		for c := range row {
			q := math.Round(float64(weights[i*classes+c] / scale))
			row[c] = int8(min(127, max(-127, q)))
			some = some || row[c] > 1 || row[c] < -1
		}
		if some && len(kept) < maxRows {
			kept = append(kept, key)
			heat = append(heat, ix.heat(i))
			rows = append(rows, row...)
		}
	}
	return newTable(classes, scale, kept, heat, rows), encode(classes, scale, kept, heat, rows)
}

// Exact makes a Table of one class whose weights are the values as they stand.
func Exact(values map[Hash]int8) (*Table, []byte) {
	keys := slices.Sorted(maps.Keys(values))
	rows := make([]int8, len(keys))
	for i, k := range keys {
		rows[i] = values[k]
	}
	heat := make([]uint8, len(keys))
	return newTable(1, 1, keys, heat, rows), encode(1, 1, keys, heat, rows)
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
// gaps between the sorted keys, the heat, then the rows class by class, which compresses well.
func encode(classes int, scale float32, keys []Hash, heat []uint8, rows []int8) []byte {
	b := binary.AppendUvarint(nil, uint64(classes))
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(scale))
	b = binary.AppendUvarint(b, uint64(len(keys)))
	last := Hash(0)
	for _, k := range keys {
		b = binary.AppendUvarint(b, uint64(k-last))
		last = k
	}
	b = append(b, heat...)
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
	heat := make([]uint8, n)
	if _, err := io.ReadFull(r, heat); err != nil {
		return nil, fmt.Errorf("linear: reading how often the features occur: %w", err)
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
	return newTable(int(classes), math.Float32frombits(binary.LittleEndian.Uint32(bits[:])), keys, heat, rows), nil
}
