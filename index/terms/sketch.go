package terms

import (
	"encoding/binary"
	"slices"
)

const (
	shingle  = 4 // words
	sketched = 4 // shingles that are kept
)

// Sketch tells which texts may be prints of one: the least of the hashes of
// every four neighbouring words, 4 bytes each, at most four. Texts that share most of
// their runs of words share one of these nearly always: of those that share
// three quarters, all but one in 250. (Broder, On the resemblance and
// containment of documents, 1997.) A text of fewer words has none.
func Sketch(words []Term) []string {
	var least []uint32
	for i := 0; i+shingle <= len(words); i++ {
		h := scramble(run(words[i : i+shingle]))
		at, found := slices.BinarySearch(least, h)
		if found || at == sketched {
			continue
		}
		least = slices.Insert(least, at, h)
		least = least[:min(len(least), sketched)]
	}
	out := make([]string, len(least))
	for i, h := range least {
		out[i] = string(binary.BigEndian.AppendUint32(nil, h))
	}
	return out
}

// run is the 32-bit FNV-1a hash of some words.
func run(words []Term) uint32 {
	h := uint32(2166136261)
	for _, w := range words {
		for i := range len(w.Folded) {
			h = (h ^ uint32(w.Folded[i])) * 16777619
		}
		h = (h ^ ' ') * 16777619
	}
	return h
}

// scramble spreads a hash, whose order FNV leaves near that of its last
// letters: the finalizer of MurmurHash3 (Appleby, 2008).
func scramble(h uint32) uint32 {
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}
