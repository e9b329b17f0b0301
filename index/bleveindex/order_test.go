package bleveindex

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/internal/gen"
)

// order.bin is read as it was meant, and not at all when it is cut or names a
// row that there is not.
func TestReadOrder(t *testing.T) {
	w := newTableWriter()
	a, quotes := gen.New(5).Article()
	passages := index.Passages(a, quotes)
	if _, err := w.add(a, passages); err != nil {
		t.Fatal(err)
	}
	table, err := readTable(w.passagesFile(), w.summaryFile())
	if err != nil {
		t.Fatal(err)
	}
	var b []byte
	for row := range slices.Backward(passages) {
		b = binary.LittleEndian.AppendUint32(b, uint32(row))
	}
	o, err := readOrder(b, table)
	if err != nil {
		t.Fatal(err)
	}
	for doc, row := range o.rows {
		want := kindMask([]index.PassageKind{passages[row].Kind})
		if int(row) != len(passages)-1-doc || o.kinds[doc] != want {
			t.Errorf("document %d is row %d of kind %b, want %d and %b", doc, row, o.kinds[doc], len(passages)-1-doc, want)
		}
	}
	if _, err := readOrder(b[4:], table); err == nil {
		t.Error("a file that is cut is read")
	}
	binary.LittleEndian.PutUint32(b, uint32(len(passages)))
	if _, err := readOrder(b, table); err == nil {
		t.Error("a row past the last is read")
	}
}
