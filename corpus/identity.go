package corpus

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// idLength is the length of an article's ID in hex digits (128 bits).
const idLength = 32

// Identity is the ID that the article's content gives it: the first 128 bits,
// in hex, of SHA-256 over scope, title, URL and text, each preceded by its
// length so that no two different articles read the same. The file's name, the
// date of import and the paragraphs don't count.
func (a *Article) Identity() string {
	h := sha256.New()
	var n [8]byte
	for _, s := range []string{a.Scope, a.Title, a.URL, a.Text} {
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	return hex.EncodeToString(h.Sum(nil)[:idLength/2])
}

// validID reports whether s has the form of an ID, and so is safe in a path.
func validID(s string) bool {
	return len(s) == idLength && strings.Trim(s, "0123456789abcdef") == ""
}

// checkScope rejects scopes that are no plain folder name: they come from
// outside and become part of a path.
func checkScope(s string) error {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
	if s == "" || len(s) > 64 || strings.Trim(s, letters) != "" {
		return fmt.Errorf("%q is no scope: a scope is 1 to 64 letters, digits, - and _", s)
	}
	return nil
}

// slugLength bounds a slug, in bytes.
const slugLength = 60

// slug makes a title into the readable part of a file name: lower-case ASCII
// letters, digits and single hyphens, at most slugLength bytes. It may be empty.
func slug(title string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(title[:min(len(title), 4*slugLength)]) {
		r = unicode.ToLower(r)
		switch {
		case b.Len() == slugLength:
			return strings.Trim(b.String(), "-")
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
