package bleveindex

import (
	"encoding/binary"
	"errors"

	"github.com/whosaid/whosaid/quote"
)

// encoder appends varints and strings: the form of passages.bin and
// summary.bin, which must be read in a few milliseconds.
type encoder struct{ b []byte }

func (e *encoder) uint(n int)   { e.b = binary.AppendUvarint(e.b, uint64(n)) }
func (e *encoder) str(s string) { e.uint(len(s)); e.b = append(e.b, s...) }

func (e *encoder) strs(list []string) {
	e.uint(len(list))
	for _, s := range list {
		e.str(s)
	}
}

// spans writes ascending, disjoint spans as gaps and lengths.
func (e *encoder) spans(spans []quote.Span) {
	e.uint(len(spans))
	end := 0
	for _, s := range spans {
		e.uint(s.Start - end)
		e.uint(s.End - s.Start)
		end = s.End
	}
}

var errCut = errors.New("the data is cut short or malformed")

// decoder reads what encoder wrote. After the first error it gives zeros, and
// err says so; lengths are checked against what is left, so that damaged data
// can't make it allocate.
type decoder struct {
	s   string
	err error
}

func (d *decoder) fail() { d.s, d.err = "", errCut }

func (d *decoder) uint() int {
	var n uint64
	for i := 0; i < len(d.s) && i < 5; i++ {
		c := d.s[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.s = d.s[i+1:]
			return int(n)
		}
	}
	d.fail()
	return 0
}

// count reads the length of a list whose elements take a byte each or more.
func (d *decoder) count() int {
	n := d.uint()
	if n > len(d.s) {
		d.fail()
		return 0
	}
	return n
}

func (d *decoder) str() string {
	n := d.count()
	s := d.s[:n]
	d.s = d.s[n:]
	return s
}

func (d *decoder) strs() []string {
	n := d.count()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = d.str()
	}
	return list
}

func (d *decoder) spans() []quote.Span {
	n := d.count()
	if n == 0 {
		return nil
	}
	spans := make([]quote.Span, n)
	end := 0
	for i := range spans {
		start := end + d.uint()
		end = start + d.uint()
		spans[i] = quote.Span{Start: start, End: end}
	}
	return spans
}
