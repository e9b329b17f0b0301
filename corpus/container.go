package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"unicode"
)

// Limits of archives and other containers, over all that one input holds however
// deep it is nested.
const (
	maxDepth    = 4        // containers within containers; a .tar.gz counts two
	maxEntries  = 200_000  // files of an archive, records of a crawl
	maxSpool    = 2 << 30  // bytes of an archive that arrives as a stream
	memorySpool = 16 << 20 // bytes of it that are kept in memory
	freeBytes   = 64 << 20 // bytes that any input may expand to
	maxRatio    = 200      // and how many times its own size beyond that; text is packed to a tenth or so
)

var (
	errExpands = errors.New("it expands to so much more than its size that it is no honest archive")
	errDepth   = fmt.Errorf("archives are nested over %d deep", maxDepth)
	errEntries = fmt.Errorf("it holds over %d files", maxEntries)
	errEscapes = errors.New("its name leads out of the archive")
)

// expansion counts what an input at the top expands to. It is shared by all
// that the input holds, which is read by one goroutine.
type expansion struct {
	entries int
	out     int64        // bytes given by decompression
	in      func() int64 // bytes that the input itself has given so far, or has
}

func newExpansion(raw *countingReader, random randomAccess) *expansion {
	if random != nil {
		return &expansion{in: random.Size}
	}
	return &expansion{in: func() int64 { return raw.n }}
}

// left is how many bytes more may be expanded.
func (x *expansion) left() int64 { return freeBytes + maxRatio*x.in() - x.out }

// entry counts one more entry.
func (x *expansion) entry() error {
	if x.entries++; x.entries > maxEntries {
		return errEntries
	}
	return nil
}

// expand bounds what r, a stream that is being decompressed, gives.
func (x *expansion) expand(r io.Reader) io.Reader { return expandingReader{x, r} }

type expandingReader struct {
	x *expansion
	r io.Reader
}

func (e expandingReader) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if e.x.out += int64(n); e.x.left() < 0 {
		return 0, errExpands
	}
	return n, err
}

// countingReader counts the bytes that were read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// randomAccessTo is the data if it can be read at any place, or nil.
func randomAccessTo(data io.Reader) randomAccess {
	switch d := data.(type) {
	case *os.File:
		if info, err := d.Stat(); err == nil && info.Mode().IsRegular() {
			return io.NewSectionReader(d, 0, info.Size())
		}
	case randomAccess:
		return d
	}
	return nil
}

// spool makes the input's data readable at any place: what comes as a stream goes into
// memory, or into a temporary file that release removes.
func (in Input) spool() (data randomAccess, release func(), err error) {
	if in.random != nil {
		return in.random, func() {}, nil
	}
	head, err := io.ReadAll(io.LimitReader(in.Data, memorySpool+1))
	if err != nil || len(head) <= memorySpool {
		return bytes.NewReader(head), func() {}, err
	}
	f, err := os.CreateTemp("", "whosaid-*")
	if err != nil {
		return nil, nil, fmt.Errorf("make a temporary file: %w", err)
	}
	release = func() {
		_ = f.Close()
		// What can't be removed is the system's to sweep.
		_ = os.Remove(f.Name())
	}
	n, err := io.Copy(f, io.LimitReader(io.MultiReader(bytes.NewReader(head), in.Data), maxSpool+1))
	if err == nil && n > maxSpool {
		err = fmt.Errorf("it has over %d bytes", int64(maxSpool))
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	return io.NewSectionReader(f, 0, n), release, nil
}

// inner is the input that a container holds under a name.
func (in Input) inner(name string, data io.Reader) Input {
	in.Name += "!/" + printable(name)
	in.path = name
	in.Data, in.random, in.MediaType = data, nil, ""
	in.depth++
	return in
}

// readInner yields the articles of an input that a container holds, and reports
// whether to go on with the container.
func (in Input) readInner(ctx context.Context, yield func(*Article, error) bool) bool {
	if in.depth > maxDepth {
		return yield(nil, in.fail(errDepth))
	}
	for a, err := range Read(ctx, in) {
		if !yield(a, err) || ctx.Err() != nil || errors.Is(err, errExpands) || errors.Is(err, errEntries) {
			return false
		}
	}
	return true
}

// isHidden reports whether an entry is one that archives carry for a system's own
// use, as the hidden files of a folder are.
func isHidden(name string) bool {
	for part := range strings.SplitSeq(path.Clean("/"+name), "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" {
			return true
		}
	}
	return false
}

// escapes reports whether a name would lead out of the folder that an archive is
// unpacked in. Nothing is unpacked here; but who names a file so is up to no good,
// and the name would be shown.
func escapes(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// printable makes a name from an archive safe to show.
func printable(name string) string {
	return oneLine(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '\uFFFD'
		}
		return r
	}, name))
}
