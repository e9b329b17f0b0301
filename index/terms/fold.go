package terms

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s in lower case without accents, everything else as it stands.
func Fold(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = appendFolded(b, r)
	}
	return string(b)
}

// Key is s as words, folded and joined by single spaces: what names are
// compared by. "Émile O’Hara" and "emile ohara" have one key.
func Key(s string) string {
	key := make([]byte, 0, len(s))
	a := Analyzer{key: &key, word: make([]byte, 0, 32)}
	a.Analyze(s)
	return string(key)
}

// folds are the letters that do not decompose into a base and an accent.
var folds = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d",
	'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "n", 'ŧ': "t", 'ё': "е",
}

// latin holds the folded forms of the letters from U+0080 to U+024F, which are
// nearly all that are not ASCII in western text.
var latin = func() (t [0x250 - utf8.RuneSelf]string) {
	for i := range t {
		t[i] = string(foldSlow(nil, rune(i+utf8.RuneSelf)))
	}
	return t
}()

// appendFolded appends the folded form of r to b; a combining mark has none.
func appendFolded(b []byte, r rune) []byte {
	switch {
	case 'A' <= r && r <= 'Z':
		return append(b, byte(r)+'a'-'A')
	case r < utf8.RuneSelf:
		return append(b, byte(r))
	case r < 0x250:
		return append(b, latin[r-utf8.RuneSelf]...)
	}
	return foldSlow(b, r)
}

// foldSlow lowers r and strips its accents. Cyrillic keeps them: й is a letter
// of its own there, and the stemmer knows it.
func foldSlow(b []byte, r rune) []byte {
	r = unicode.ToLower(r)
	if s, ok := folds[r]; ok {
		return append(b, s...)
	}
	if unicode.Is(unicode.Mn, r) {
		return b
	}
	if unicode.Is(unicode.Cyrillic, r) {
		return utf8.AppendRune(b, r)
	}
	var buf [utf8.UTFMax]byte
	d := norm.NFKD.Properties(buf[:utf8.EncodeRune(buf[:], r)]).Decomposition()
	if d == nil {
		return utf8.AppendRune(b, r)
	}
	for _, c := range string(d) {
		if !unicode.Is(unicode.Mn, c) {
			b = utf8.AppendRune(b, unicode.ToLower(c))
		}
	}
	return b
}
