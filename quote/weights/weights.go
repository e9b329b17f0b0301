// Package weights holds the trained weights of the quote engine, embedded.
// MODEL_CARD.md beside it says what they were trained on and how good they are.
//
//go:generate go run ../train -data ../../../shared/quotebench -out .
package weights

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed" // the weights themselves
	"encoding/binary"
	"fmt"
	"os"
	"sync"

	"github.com/whosaid/whosaid/quote/internal/attrib"
	"github.com/whosaid/whosaid/quote/internal/ling"
)

// File is the name of the weights' file.
const File = "weights.gz"

//go:embed weights.gz
var embedded []byte

// Checksum identifies the embedded weights without loading them: it is the
// CRC-32 that a gzip file (RFC 1952) ends with, before its four bytes of length.
func Checksum() uint32 {
	return binary.LittleEndian.Uint32(embedded[len(embedded)-8:])
}

// Models are the trained models, safe for concurrent use.
type Models struct {
	Base   *ling.Model
	Attrib *attrib.Model
}

// Load reads the embedded weights, once for the whole process.
var Load = sync.OnceValues(func() (*Models, error) {
	zr, err := gzip.NewReader(bytes.NewReader(embedded))
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	r := bufio.NewReaderSize(zr, 1<<16)
	m := &Models{}
	if m.Base, err = ling.Read(r); err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	if m.Attrib, err = attrib.Read(r); err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	return m, nil
})

// Write writes encoded models to a file that the package can embed.
func Write(path string, base, attribution []byte) error {
	var b bytes.Buffer
	zw, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("weights: %w", err)
	}
	for _, part := range [][]byte{base, attribution} {
		if _, err := zw.Write(part); err != nil {
			return fmt.Errorf("weights: %w", err)
		}
	}
	if err := zw.Close(); err != nil {
		return fmt.Errorf("weights: %w", err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("weights: writing %s: %w", path, err)
	}
	return nil
}
