package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	lru "github.com/hashicorp/golang-lru/v2"
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

// lexeme is what is known of a word whatever is asked.
type lexeme struct {
	stem   string
	id     meaning.Word
	weight float64 // inEnglish
}

const (
	keptLexemes = 1 << 16 // some 8 MB
	maxLexeme   = 64      // bytes of a word that is kept
)

// lexemes remembers the words of texts from one request to the next: passages
// hold the same few thousand words, and stemming is what takes longest of
// reading them. It is safe for concurrent use.
type lexemes struct {
	cache *lru.Cache[string, lexeme]
}

func newLexemes() *lexemes {
	cache, err := lru.New[string, lexeme](keptLexemes)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &lexemes{cache}
}

func (l *lexemes) of(norm string) lexeme {
	if x, ok := l.cache.Get(norm); ok {
		return x
	}
	id := meaning.Lookup(norm)
	x := lexeme{stem: english.Stem(norm, false), id: id, weight: inEnglish(id)}
	if len(norm) <= maxLexeme {
		l.cache.Add(strings.Clone(norm), x) // norm may be a piece of a long text
	}
	return x
}

// stem is the word's stem.
func (l *lexemes) stem(norm string) string { return l.of(norm).stem }

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
