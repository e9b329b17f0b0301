package corpus

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
)

// sniffZip knows a zip archive with files in it, and an empty one.
func sniffZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// readZip reads the files of a zip archive, in its order. Links and hidden files are left out,
// as they are of folders.
func readZip(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		z, release, err := in.openZip()
		if err != nil {
			yield(nil, in.fail(fmt.Errorf("open the zip archive: %w", err)))
			return
		}
		defer release()
		for _, f := range z.File {
			if err := in.within.entry(); err != nil {
				yield(nil, in.fail(err))
				return
			}
			if !f.Mode().IsRegular() || isHidden(f.Name) && !escapes(f.Name) {
				continue
			}
			if !in.readZipEntry(ctx, f, yield) {
				return
			}
		}
	}
}

// readZipEntry reads one file of an archive, and reports whether to go on.
func (in Input) readZipEntry(ctx context.Context, f *zip.File, yield func(*Article, error) bool) bool {
	entry := in.inner(f.Name, nil)
	switch {
	case escapes(f.Name):
		return yield(nil, entry.fail(errEscapes))
	case f.UncompressedSize64 > uint64(max(0, in.within.left())):
		return yield(nil, entry.fail(errExpands))
	case f.Flags&1 != 0:
		return yield(nil, &Error{Name: entry.Name, Err: fmt.Errorf("it is encrypted"), Hint: "unpack the archive with its password, and import the files"})
	}
	r, err := f.Open()
	if err != nil {
		return yield(nil, entry.fail(err))
	}
	defer r.Close()
	entry.Data = in.within.expand(r)
	return entry.readInner(ctx, yield)
}

// openZip opens the input as a zip archive of a bounded number of files.
func (in Input) openZip() (*zip.Reader, func(), error) {
	data, release, err := in.spool()
	if err != nil {
		return nil, nil, err
	}
	z, err := newZip(data)
	if err != nil {
		release()
		return nil, nil, err
	}
	return z, release, nil
}

func newZip(data randomAccess) (*zip.Reader, error) {
	if err := checkZipDirectory(data); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(data, data.Size())
	if z != nil && err == zip.ErrInsecurePath { // names are checked where they are read
		err = nil
	}
	return z, err
}

// checkZipDirectory counts the headers of an archive's central directory, where
// APPNOTE.TXT 4.3.16 has it. The library keeps them all in memory, and believes
// no count that the archive gives.
func checkZipDirectory(data randomAccess) error {
	const endSize, most = 22, 22 + 1<<16
	tail := make([]byte, min(data.Size(), most))
	if n, err := data.ReadAt(tail, data.Size()-int64(len(tail))); n < len(tail) {
		return err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < endSize {
		return zip.ErrFormat
	}
	end := tail[at:]
	size, offset := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	endAt := data.Size() - int64(len(tail)-at)
	if at >= 20 && string(tail[at-20:at-16]) == "PK\x06\x07" { // zip64
		var b [56]byte
		if _, err := data.ReadAt(b[:], int64(binary.LittleEndian.Uint64(tail[at-12:]))); err != nil {
			return zip.ErrFormat
		}
		size, offset = int64(binary.LittleEndian.Uint64(b[40:])), int64(binary.LittleEndian.Uint64(b[48:]))
		endAt = int64(binary.LittleEndian.Uint64(tail[at-12:]))
	}
	for _, from := range []int64{offset, endAt - size} { // they differ where something stands before the archive
		if err := countZipHeaders(data, from); err != nil {
			return err
		}
	}
	return nil
}

// countZipHeaders walks the central directory from its first byte.
func countZipHeaders(data randomAccess, at int64) error {
	if at < 0 || at >= data.Size() {
		return nil // the library says what is wrong
	}
	r := bufio.NewReader(io.NewSectionReader(data, at, data.Size()-at))
	for n := 0; ; n++ {
		h, err := r.Peek(46)
		if err != nil || string(h[:4]) != "PK\x01\x02" {
			return nil
		}
		if n == maxEntries {
			return errEntries
		}
		if _, err := r.Discard(46 + int(binary.LittleEndian.Uint16(h[28:])) + int(binary.LittleEndian.Uint16(h[30:])) + int(binary.LittleEndian.Uint16(h[32:]))); err != nil {
			return nil
		}
	}
}

// zipPart reads one file of an archive, of limit bytes at most.
func zipPart(z *zip.Reader, name string, limit int64) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", printable(name), err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%s has over %d bytes", printable(name), limit)
	}
	return b, nil
}
