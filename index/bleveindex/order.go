package bleveindex

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	bleve "github.com/blevesearch/bleve_index_api"

	"github.com/whosaid/whosaid/index"
)

// Bleve numbers the documents of a part in an order of its own. order.bin has
// the row of each of them, 4 bytes, little-endian: asked for one by one, Bleve
// would look each document's ID up among its stored fields.

// order is what is known of a part's passages by their numbers in Bleve.
type order struct {
	rows  []uint32
	kinds []uint8 // a bit each
}

// writeOrder writes order.bin of the part in dir, whose Bleve index is complete.
func writeOrder(dir string) (err error) {
	engine, reader, err := openBleve(filepath.Join(dir, storeDir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close(), engine.Close()) }()
	n, err := reader.DocCount()
	if err != nil {
		return err
	}
	b := make([]byte, 0, 4*n)
	for doc := range n {
		id, err := reader.ExternalID(bleve.NewIndexInternalID(nil, doc))
		if err != nil {
			return err
		}
		row, ok := rowOf(id)
		if !ok {
			return fmt.Errorf("document ID %q", id)
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(row))
	}
	return os.WriteFile(filepath.Join(dir, orderName), b, 0o644)
}

// readOrder reads what writeOrder wrote.
func readOrder(b []byte, t *table) (order, error) {
	n := t.len()
	o := order{rows: make([]uint32, n), kinds: make([]uint8, n)}
	if len(b) != 4*n {
		return o, fmt.Errorf("%s: %w", orderName, errCut)
	}
	for doc := range o.rows {
		row := binary.LittleEndian.Uint32(b[4*doc:])
		kind, _, ok := t.kindOf(int(row))
		if !ok {
			return o, fmt.Errorf("%s: %w", orderName, errCut)
		}
		o.rows[doc], o.kinds[doc] = row, 1<<kind
	}
	return o, nil
}

// kindMask is the bits of some kinds.
func kindMask(wanted []index.PassageKind) (mask uint8) {
	for _, k := range wanted {
		if i := slices.Index(kinds, k); i >= 0 {
			mask |= 1 << i
		}
	}
	return mask
}
