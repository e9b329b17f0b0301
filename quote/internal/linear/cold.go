package linear

import (
	"encoding/binary"
	"math/bits"
)

// cold finds the features that are not in a table's hot part.
//
// A group tells of up to five features whose hashes lie near each other: a byte of each one's hash, its tag, and
// the number of the first. The groups are a tenth of what the features themselves take, so that most of them stay in the
// processor's second cache, and what isn't in the table is seldom looked for behind it. The tags of a group are
// compared at once, as in the tables of Abseil (Kulukundis, 2017).
type cold struct {
	groups  []uint64 // five tags, each with its highest bit set, or 0; below them spilled and the number
	records []byte   // by number: the hash, then the weights, each raised by 128; that of number 0 is all nought
	size    int      // a record's length
}

// keyBytes is where a record's weights begin.
const keyBytes = 4

const (
	groupSize = 5
	tagBits   = 8
	firstTag  = 64 - groupSize*tagBits
	spilled   = 1 << (firstTag - 1) // a feature of the group stands in a later one
	numbers   = spilled - 1         // the mask of the first one's number
	tagLow    = 0x0101010101 << firstTag
	tagHigh   = 0x8080808080 << firstTag
	// groupLoad is how many features a group has, on average, in tenths: with more of them, more are spilled.
	groupLoad = 26
)

// newCold makes room for features, the hottest first, with so many bytes of weights each. Those of a group stand one
// after the other, and the groups of hot ones together; at[k] is the number of keys[k].
func newCold(keys []Hash, width int) (c *cold, at []uint32) {
	c = &cold{groups: make([]uint64, len(keys)*10/groupLoad+2), size: keyBytes + width}
	if c.size > cacheLine/2 {
		c.size = (c.size + cacheLine - 1) / cacheLine * cacheLine // a record then touches no more lines than it must
	}
	c.records = make([]byte, (len(keys)+1)*c.size)
	members := make([][groupSize]int32, len(c.groups))
	held := make([]uint8, len(c.groups))
	var order []uint32 // the groups, by their first feature
	for k, h := range keys {
		g := c.group(h)
		for held[g] == groupSize {
			c.groups[g] |= spilled
			g = (g + 1) % uint32(len(c.groups))
		}
		if held[g] == 0 {
			order = append(order, g)
		}
		members[g][held[g]] = int32(k)
		held[g]++
	}
	at = make([]uint32, len(keys))
	number := uint32(1)
	for _, g := range order {
		c.groups[g] |= uint64(number)
		for i, k := range members[g][:held[g]] {
			c.groups[g] |= uint64(tagOf(keys[k])) << (firstTag + tagBits*i)
			binary.LittleEndian.PutUint32(c.records[int(number)*c.size:], keys[k])
			at[k] = number
			number++
		}
	}
	return c, at
}

// cacheLine is what a processor reads at once, in bytes.
const cacheLine = 64

// key is the feature of a number.
func (c *cold) key(number uint32) Hash {
	return binary.LittleEndian.Uint32(c.records[int(number)*c.size:])
}

// weights are those of a number, raised by 128.
func (c *cold) weights(number uint32) []byte {
	return c.records[int(number)*c.size+keyBytes:]
}

// group is where a feature's own group is.
func (c *cold) group(h Hash) uint32 { return uint32(uint64(h) * uint64(len(c.groups)) >> 32) }

func tagOf(h Hash) uint8 { return uint8(h) | 0x80 }

// matches has the highest bit of each tag of the group that is the feature's, and perhaps of some behind it.
func matches(group uint64, h Hash) uint64 {
	x := group ^ uint64(tagOf(h))*tagLow
	return (x - tagLow) &^ x & tagHigh
}

// number is the number of a feature, or 0.
func (c *cold) number(h Hash) uint32 {
	for g := c.group(h); ; g = (g + 1) % uint32(len(c.groups)) {
		group := c.groups[g]
		for m := matches(group, h); m != 0; m &= m - 1 {
			n := uint32(group)&numbers + uint32(bits.TrailingZeros64(m)-firstTag)/tagBits
			if c.key(n) == h {
				return n
			}
		}
		if group&spilled == 0 {
			return 0
		}
	}
}

// numberAll finds the numbers of a batch of features, 0 for those that are not there. It touches all groups before it
// compares the first, and all keys before it tells the first that is another's, so that the memory's delays overlap.
func (c *cold) numberAll(found *[batch]uint32, hs []Hash) []uint32 {
	var groups [batch]uint64
	var keys [batch]Hash
	out := found[:len(hs)]
	for i, h := range hs {
		groups[i%batch] = c.groups[c.group(h)]
	}
	for i, h := range hs {
		group := groups[i%batch]
		m := matches(group, h)
		some := uint32((m | -m) >> 63) // 1 when a tag matches: without a branch, that nobody could predict
		n := (uint32(group)&numbers + uint32(bits.TrailingZeros64(m)-firstTag)/tagBits) * some
		out[i], keys[i%batch] = n, c.key(n)
	}
	for i, h := range hs {
		n := out[i]
		// Another's key, or none and the group spilled: seldom, so this is the one branch.
		if differ(keys[i%batch], h)&(differ(n, 0)|int(groups[i%batch]&spilled>>(firstTag-1))) != 0 {
			out[i] = c.number(h)
		}
	}
	return out
}
