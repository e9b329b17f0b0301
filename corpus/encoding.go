package corpus

import (
	"bytes"
	"cmp"
	"errors"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// errBinary says that an input is no text in any encoding.
var errBinary = errors.New("this is no text")

// decode returns the input's UTF-8 text. Valid UTF-8 is returned as it stands,
// byte order mark included, whatever the input claims; then count, in this order, byte
// order marks, the charset that the transport or the document declares, and
// a guess from the statistics of the bytes. Bytes that the encoding does not know become
// U+FFFD.
func decode(b []byte, mediaType string) (string, error) {
	if enc := utf16Of(b); enc != nil {
		return decodeWith(enc, b)
	}
	if isBinary(b) {
		return "", errBinary
	}
	if utf8.Valid(b) {
		return string(b), nil
	}
	if enc := declaredEncoding(b, mediaType); enc != nil {
		return decodeWith(enc, b)
	}
	if mostlyUTF8(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD"), nil
	}
	return decodeWith(guessEncoding(b), b)
}

func decodeWith(enc encoding.Encoding, b []byte) (string, error) {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return "", err
	}
	return strings.ToValidUTF8(string(out), "\uFFFD"), nil
}

// utf16Of recognises UTF-16 by its byte order mark or, without one, by zeros in
// nearly every second byte, as Latin text leaves them.
func utf16Of(b []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	head := b[:min(len(b), 1024)&^1]
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	pairs := len(head) / 2
	switch {
	case pairs < 8:
	case zeros[1]*10 >= pairs*8 && zeros[0] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros[0]*10 >= pairs*8 && zeros[1] == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// isBinary reports whether the beginning holds zeros, many control characters, or
// the signature of a format that is no text.
func isBinary(b []byte) bool {
	head := b[:min(len(b), 8192)]
	control := 0
	for _, c := range head {
		switch {
		case c == 0:
			return true
		case c < 0x20 && !strings.ContainsRune("\t\n\v\f\r\x1b", rune(c)):
			control++
		}
	}
	return 50*control > len(head) || !strings.HasPrefix(http.DetectContentType(head), "text/") && control > 0 ||
		bytes.HasPrefix(head, []byte("%PDF-"))
}

// mostlyUTF8 reports whether the text is UTF-8 with a few broken characters.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		b = b[size:]
	}
	return good >= 4*bad
}

// The charset that HTML or XML declares in its first bytes.
var metaCharset = regexp.MustCompile(`(?i)<(?:meta[^>]{0,200}?charset\s*=|\?xml[^>]{0,100}?encoding\s*=)\s*["']?\s*([a-z0-9_:.-]{2,40})`)

// declaredEncoding is the one that the Content-Type or the document names. A
// claim of UTF-8 is not believed here, since the bytes were found not to be that.
func declaredEncoding(b []byte, mediaType string) encoding.Encoding {
	var names []string
	if _, params, err := mime.ParseMediaType(mediaType); err == nil {
		names = append(names, params["charset"])
	}
	if m := metaCharset.FindSubmatch(b[:min(len(b), 4096)]); m != nil {
		names = append(names, string(m[1]))
	}
	for _, name := range names {
		enc, err := htmlindex.Get(name)
		if err != nil || enc == unicode.UTF8 {
			continue
		}
		if n, err := htmlindex.Name(enc); err == nil && (strings.HasPrefix(n, "utf-16") || n == "replacement") {
			continue // it would have had a mark or zeros
		}
		return enc
	}
	return nil
}

// guessEncoding guesses from byte statistics; Windows-1252 where there is no better guess.
func guessEncoding(b []byte) encoding.Encoding {
	guesses, err := chardet.NewTextDetector().DetectAll(b[:min(len(b), 1<<16)])
	if err != nil {
		return charmap.Windows1252
	}
	// The library's order of equals changes from call to call, but a file must
	// read the same each time.
	slices.SortFunc(guesses, func(a, b chardet.Result) int {
		return cmp.Or(b.Confidence-a.Confidence, strings.Compare(a.Charset, b.Charset), strings.Compare(a.Language, b.Language))
	})
	for _, g := range guesses {
		enc, err := htmlindex.Get(strings.Replace(g.Charset, "GB-18030", "gb18030", 1))
		if err == nil && enc != unicode.UTF8 && !strings.HasPrefix(g.Charset, "UTF-16") {
			return enc
		}
	}
	return charmap.Windows1252
}
