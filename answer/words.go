package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"

	"github.com/whosaid/whosaid/answer/internal/meaning"
	"github.com/whosaid/whosaid/index/terms"
)

// maxInput bounds a question or a claim, in runes; what is longer is cut.
const maxInput = 2000

// word is one word of a text, as printed and as compared.
type word struct {
	text       string // as it stands
	norm       string // lower case, straight apostrophes, no possessive ending
	start, end int    // bytes in the text
}

// capital reports whether the word begins with a capital letter.
func (w word) capital() bool {
	r, _ := utf8.DecodeRuneInString(w.text)
	return unicode.IsUpper(r)
}

// number reports whether the word holds a digit.
func (w word) number() bool { return strings.ContainsFunc(w.text, unicode.IsDigit) }

// splitWords cuts a text into words: runs of letters, marks and digits, with
// the apostrophes inside them ("didn't", "Reyes's") and the points and commas
// inside numbers ("2.3", "200,000").
func splitWords(s string) []word {
	var out []word
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !wordRune(r) {
			i += size
			continue
		}
		end := wordEnd(s, i)
		w := word{text: s[i:end], start: i, end: end}
		w.norm = terms.Fold(meaning.Fold(w.text))
		if w.norm == "" {
			w.norm = strings.ToLower(w.text)
		}
		out = append(out, w)
		i = end
	}
	return out
}

// wordEnd is where the word that begins at byte i of s ends.
func wordEnd(s string, i int) int {
	prev := ' '
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !wordRune(r) {
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			inside := apostrophe(r) && unicode.IsLetter(prev) && unicode.IsLetter(next) ||
				(r == '.' || r == ',') && unicode.IsDigit(prev) && unicode.IsDigit(next)
			if !inside {
				break
			}
		}
		prev = r
		i += size
	}
	return i
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || r == '_'
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' }

// stemmer stems words and remembers the stems for the length of one request.
type stemmer map[string]string

func (m stemmer) stem(norm string) string {
	if s, ok := m[norm]; ok {
		return s
	}
	s := english.Stem(norm, false)
	m[norm] = s
	return s
}

// clip cuts s to at most n runes.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
