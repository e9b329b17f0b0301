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

	"github.com/golang/snappy"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

// texts.bin holds a copy of what the hits of each article show, so that a
// question that weighs a hundred passages need not parse a hundred of the
// corpus's files. A record is a CRC-32C and a snappy block; after the records
// stand their offsets and the last one's end, 8 bytes each, little-endian.

// maxCopied bounds the decoded size of one record, in bytes.
const maxCopied = 64 << 20

// copyWriter writes texts.bin.
type copyWriter struct {
	file    *os.File
	out     *bufio.Writer
	offsets []byte
	at      uint64
	block   []byte
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
	var e encoder
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
	w.block = snappy.Encode(w.block[:cap(w.block)], e.b)
	w.offsets = binary.LittleEndian.AppendUint64(w.offsets, w.at)
	w.at += uint64(4 + len(w.block))
	sum := binary.LittleEndian.AppendUint32(nil, crc32.Checksum(w.block, castagnoli))
	_, err := w.out.Write(sum)
	if err == nil {
		_, err = w.out.Write(w.block)
	}
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
	offsets []byte
}

// openCopies opens texts.bin of a part of n articles.
func openCopies(dir string, n int) (*copies, error) {
	f, err := os.Open(filepath.Join(dir, textsName))
	if err != nil {
		return nil, err
	}
	c := &copies{file: f, offsets: make([]byte, 8*(n+1))}
	info, err := f.Stat()
	if err == nil && info.Size() < int64(len(c.offsets)) {
		err = errCut
	}
	if err == nil {
		_, err = f.ReadAt(c.offsets, info.Size()-int64(len(c.offsets)))
	}
	if err == nil && c.offset(n) != info.Size()-int64(len(c.offsets)) {
		err = errCut
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", textsName, err), f.Close())
	}
	return c, nil
}

func (c *copies) offset(i int) int64 { return int64(binary.LittleEndian.Uint64(c.offsets[8*i:])) }

// article is number i with what a hit shows; the rest of it is left out.
func (c *copies) article(i int, id string) (*corpus.Article, error) {
	size := c.offset(i+1) - c.offset(i)
	if size < 4 || size > maxCopied {
		return nil, errCut
	}
	b := make([]byte, size)
	if _, err := c.file.ReadAt(b, c.offset(i)); err != nil {
		return nil, err
	}
	if crc32.Checksum(b[4:], castagnoli) != binary.LittleEndian.Uint32(b) {
		return nil, fmt.Errorf("%s has been altered", textsName)
	}
	if n, err := snappy.DecodedLen(b[4:]); err != nil || n > maxCopied {
		return nil, errors.Join(errCut, err)
	}
	plain, err := snappy.Decode(nil, b[4:])
	if err != nil {
		return nil, err
	}
	d := decoder{s: string(plain)}
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

func (c *copies) close() error { return c.file.Close() }
