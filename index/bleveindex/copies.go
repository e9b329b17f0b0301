package bleveindex

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"

	mmap "github.com/blevesearch/mmap-go"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

// texts.bin holds a copy of what the hits of each article show, so that a
// question that weighs a hundred passages need not parse a hundred of the
// corpus's files. A record is a CRC-32C and the article's fields, not
// compressed: a question reads two hundred of them. After the records stand
// their offsets and the last one's end, 8 bytes each, little-endian.

// maxCopied bounds one record, in bytes.
const maxCopied = 64 << 20

// copyWriter writes texts.bin.
type copyWriter struct {
	file    *os.File
	out     *bufio.Writer
	offsets []byte
	at      uint64
	record  encoder
}

func newCopyWriter(dir string) (*copyWriter, error) {
	f, err := os.Create(filepath.Join(dir, textsName))
	if err != nil {
		return nil, err
	}
	return &copyWriter{file: f, out: bufio.NewWriterSize(f, 1<<20)}, nil
}

// add appends the article's record.
func (w *copyWriter) add(a *corpus.Article) error {
	e := &w.record
	e.b = append(e.b[:0], 0, 0, 0, 0) // where the checksum goes
	for _, s := range []string{a.Scope, a.Title, a.Publisher, a.URL, a.Date, a.Language, a.File, a.Text} {
		e.str(s)
	}
	e.uint(len(a.Paragraphs))
	for _, p := range a.Paragraphs {
		e.uint(p.Number)
		e.uint(max(0, slices.Index(paragraphKinds, p.Kind)))
		e.uint(p.Span.Start)
		e.uint(p.Span.End)
	}
	binary.LittleEndian.PutUint32(e.b, crc32.Checksum(e.b[4:], castagnoli))
	w.offsets = binary.LittleEndian.AppendUint64(w.offsets, w.at)
	w.at += uint64(len(e.b))
	_, err := w.out.Write(e.b)
	return err
}

// close writes the offsets.
func (w *copyWriter) close() error {
	w.offsets = binary.LittleEndian.AppendUint64(w.offsets, w.at)
	_, err := w.out.Write(w.offsets)
	return errors.Join(err, w.out.Flush(), w.file.Close())
}

var paragraphKinds = []corpus.ParagraphKind{corpus.Furniture, corpus.Body, corpus.Heading, corpus.Byline, corpus.Bio}

// copies reads texts.bin. It is safe for concurrent use.
type copies struct {
	file    *os.File
	data    mmap.MMap // the file
	offsets []byte    // its end
}

// openCopies opens texts.bin of a part of n articles.
func openCopies(dir string, n int) (*copies, error) {
	f, err := os.Open(filepath.Join(dir, textsName))
	if err != nil {
		return nil, err
	}
	c := &copies{file: f}
	if err := c.read(n); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", textsName, err), c.close())
	}
	return c, nil
}

// read maps the file and finds the offsets of n articles.
func (c *copies) read(n int) (err error) {
	info, err := c.file.Stat()
	if err != nil {
		return err
	}
	size := 8 * (n + 1)
	if info.Size() < int64(size) {
		return errCut
	}
	if c.data, err = mmap.Map(c.file, mmap.RDONLY, 0); err != nil {
		return err
	}
	if len(c.data) < size {
		return errCut
	}
	c.offsets = c.data[len(c.data)-size:]
	if c.offset(n) != len(c.data)-size {
		return errCut
	}
	return nil
}

func (c *copies) offset(i int) int { return int(binary.LittleEndian.Uint64(c.offsets[8*i:])) }

// article is number i with what a hit shows; the rest of it is left out.
func (c *copies) article(i int, id string) (*corpus.Article, error) {
	from, to := c.offset(i), c.offset(i+1)
	if from < 0 || to > len(c.data) || to-from < 4 || to-from > maxCopied {
		return nil, errCut
	}
	b := c.data[from:to]
	if crc32.Checksum(b[4:], castagnoli) != binary.LittleEndian.Uint32(b) {
		return nil, fmt.Errorf("%s has been altered", textsName)
	}
	d := decoder{s: string(b[4:])} // a copy: the article may outlive the file
	a := &corpus.Article{ID: id}
	for _, s := range []*string{&a.Scope, &a.Title, &a.Publisher, &a.URL, &a.Date, &a.Language, &a.File, &a.Text} {
		*s = d.str()
	}
	a.Paragraphs = make([]corpus.Paragraph, d.count())
	for i := range a.Paragraphs {
		p := corpus.Paragraph{Number: d.uint(), Kind: corpus.Furniture}
		if k := d.uint(); k < len(paragraphKinds) {
			p.Kind = paragraphKinds[k]
		}
		p.Span = quote.Span{Start: d.uint(), End: d.uint()}
		a.Paragraphs[i] = p
	}
	return a, d.err
}

func (c *copies) close() error {
	var err error
	if c.data != nil {
		err = c.data.Unmap()
	}
	return errors.Join(err, c.file.Close())
}
