// Package meaning tells how near two English words are in meaning: "rigged"
// and "stolen", "premiums" and "insurance". It holds static word vectors of
// the most frequent words, one byte a number, and each word's nearest
// neighbours.
//
// The data is embedded and read in place: opening costs nothing and looking a
// word up allocates nothing. NOTICE names its origin and licences; the command
// in build makes it anew.
package meaning

import (
	_ "embed"
	"encoding/binary"
	"math"
	"strings"
)

//go:embed vectors.bin
var data string

// Word is a word of the vocabulary; Unknown is none.
type Word int32

// Unknown stands for every word that the vocabulary lacks.
const Unknown Word = -1

// vocabulary is where the parts of data lie: n words in alphabetical order.
type vocabulary struct {
	n, dim, near                       int
	ends, ranks, neighbours, vecs, abc int // offsets into data, in bytes
}

var vocab = layout()

func layout() vocabulary {
	v := vocabulary{n: int(u32(0)), dim: int(u32(4)), near: int(u32(8)), ends: 16}
	v.ranks = v.ends + 4*v.n
	v.neighbours = v.ranks + 2*v.n
	v.vecs = v.neighbours + 2*v.near*v.n
	v.abc = v.vecs + v.dim*v.n
	return v
}

func u32(at int) uint32 { return binary.LittleEndian.Uint32([]byte(data[at : at+4])) }
func u16(at int) uint16 { return binary.LittleEndian.Uint16([]byte(data[at : at+2])) }

// String is the word's spelling in lower case, "" for Unknown.
func (w Word) String() string {
	if w < 0 || int(w) >= vocab.n {
		return ""
	}
	begin := uint32(0)
	if w > 0 {
		begin = u32(vocab.ends + 4*(int(w)-1))
	}
	return data[vocab.abc+int(begin) : vocab.abc+int(u32(vocab.ends+4*int(w)))]
}

// Lookup finds a word by its spelling in lower case.
func Lookup(s string) Word {
	lo, hi := 0, vocab.n
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if Word(mid).String() < s {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < vocab.n && Word(lo).String() == s {
		return Word(lo)
	}
	return Unknown
}

// Rank is the word's place by frequency in general English, from 0; the size
// of the vocabulary for Unknown.
func (w Word) Rank() int {
	if w < 0 {
		return vocab.n
	}
	return int(u16(vocab.ranks + 2*int(w)))
}

// Neighbours are the n words nearest in meaning, nearest first, at most as
// many as the data keeps.
func (w Word) Neighbours(n int) []Word {
	if w < 0 {
		return nil
	}
	out := make([]Word, min(n, vocab.near))
	for i := range out {
		out[i] = Word(u16(vocab.neighbours + 2*(int(w)*vocab.near+i)))
	}
	return out
}

// Similarity is the cosine of two words' vectors, from -1 to 1; 1 for a word
// and itself, 0 when either is Unknown.
func Similarity(a, b Word) float64 {
	switch {
	case a < 0 || b < 0:
		return 0
	case a == b:
		return 1
	}
	va, vb := a.vector(), b.vector()
	var ab, aa, bb int32
	for i := range len(va) {
		x, y := int32(int8(va[i])), int32(int8(vb[i]))
		ab += x * y
		aa += x * x
		bb += y * y
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return float64(ab) / math.Sqrt(float64(aa)*float64(bb))
}

func (w Word) vector() string {
	at := vocab.vecs + int(w)*vocab.dim
	return data[at : at+vocab.dim]
}

// Sum adds up the vectors of words, each with its weight: what a text is about.
type Sum []float32

// Add adds f times the vector of w.
func (s *Sum) Add(w Word, f float64) {
	if w < 0 {
		return
	}
	if *s == nil {
		*s = make(Sum, vocab.dim)
	}
	v := w.vector()
	sum, weight := (*s)[:len(v)], float32(f)
	for i := range sum {
		sum[i] += weight * float32(int8(v[i]))
	}
}

// AddSum adds another sum of the same kind.
func (s *Sum) AddSum(t Sum) {
	if *s == nil {
		*s = append(*s, t...)
		return
	}
	sum := (*s)[:len(t)] // of one length, unless t is empty
	for i, x := range t {
		sum[i] += x
	}
}

// Cosine is the cosine of two sums, 0 when either is empty.
func (s Sum) Cosine(t Sum) float64 {
	if len(s) == 0 || len(t) == 0 {
		return 0
	}
	var st, ss, tt float64
	for i, x := range s {
		y := t[i]
		st += float64(x) * float64(y)
		ss += float64(x) * float64(x)
		tt += float64(y) * float64(y)
	}
	if ss == 0 || tt == 0 {
		return 0
	}
	return st / math.Sqrt(ss*tt)
}

// Fold lowers the case of a word and drops a possessive ending, as Lookup wants it.
func Fold(s string) string {
	s = strings.ToLower(strings.ReplaceAll(s, "’", "'"))
	return strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "'")
}
