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

var gistDim = int(binary.LittleEndian.Uint32([]byte(gists[4:8])))

// AddGist adds the vector of w to what a sentence says as a whole. Small words
// belong to it; their vectors are short. A sum of gists and one of [Sum.Add]
// don't compare.
func (s *Sum) AddGist(w Word) {
	if w < 0 {
		return
	}
	if *s == nil {
		*s = make(Sum, gistDim)
	}
	at := 8 + int(w)*gistDim
	v := gists[at : at+gistDim]
	sum := (*s)[:len(v)]
	for i := range sum {
		sum[i] += float32(int8(v[i]))
	}
}
