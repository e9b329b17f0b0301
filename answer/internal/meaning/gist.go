package meaning

import (
	_ "embed"
	"encoding/binary"
)

// gists holds one vector a word, whose sum over a sentence points where a
// sentence encoder puts the sentence. build/distil.py makes it.
//
//go:embed senses.bin
var gists string

// gistDim is a multiple of eight.
var gistDim = int(binary.LittleEndian.Uint32([]byte(gists[4:8])))

// Gist adds up what a sentence says as a whole. Its sum and one of [Sum.Add] don't compare.
//
// The numbers of a vector are bytes. They are added eight at a time, in lanes of 16 bits, each
// raised by 128 so that it is never negative.
type Gist struct {
	even, odd []uint64
	words     int // in the lanes
	sum       Sum // of the words that are no longer in the lanes
}

const (
	lanes  = 0x00ff00ff00ff00ff
	raised = 0x8080808080808080
	// fullLanes is how many words fill the lanes: 257 times 255 is the greatest number of 16 bits.
	fullLanes = 257
)

// Add adds the vector of w. Small words belong to a sentence's gist; their vectors are short.
func (g *Gist) Add(w Word) {
	if w < 0 {
		return
	}
	if g.even == nil {
		g.even, g.odd, g.sum = make([]uint64, gistDim/8), make([]uint64, gistDim/8), make(Sum, gistDim)
	}
	if g.words == fullLanes {
		g.flush()
	}
	g.words++
	at := 8 + int(w)*gistDim
	v := gists[at : at+gistDim]
	even, odd := g.even, g.odd[:len(g.even)]
	for i := range even {
		x := word64(v[8*i:]) ^ raised
		even[i] += x & lanes
		odd[i] += x >> 8 & lanes
	}
}

// word64 is the first eight bytes of a string.
func word64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// flush empties the lanes into the sum.
func (g *Gist) flush() {
	down := 128 * g.words
	for i := range g.even {
		even, odd := g.even[i], g.odd[i]
		for c := 8 * i; c < 8*i+8; c += 2 {
			g.sum[c] += float32(int(even&0xffff) - down)
			g.sum[c+1] += float32(int(odd&0xffff) - down)
			even, odd = even>>16, odd>>16
		}
	}
	clear(g.even)
	clear(g.odd)
	g.words = 0
}

// Sum is the sum of the vectors, nil when there was never one. It is valid until the next call of a method.
func (g *Gist) Sum() Sum {
	if g.words > 0 {
		g.flush()
	}
	return g.sum
}

// Reset takes all vectors out.
func (g *Gist) Reset() {
	clear(g.even)
	clear(g.odd)
	clear(g.sum)
	g.words = 0
}
