package answer

import (
	"strings"
	"sync/atomic"
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
	out := make([]word, 0, len(s)/6+1)
	for i := 0; i < len(s); {
		start, end := nextWord(s, i)
		if start < end {
			out = append(out, word{text: s[start:end], norm: normal(s[start:end]), start: start, end: end})
		}
		i = end
	}
	return out
}

// normal is a word as compared.
func normal(text string) string {
	plain := true
	for i := range len(text) {
		plain = plain && wordByte[text[i]] && (text[i] < 'A' || 'Z' < text[i])
	}
	if plain { // as most words are: nothing to fold, nothing to copy
		return text
	}
	if norm := terms.Fold(meaning.Fold(text)); norm != "" {
		return norm
	}
	return strings.ToLower(text)
}

// nextWord is where the first word from byte i of s on begins and ends; both
// are the end of s when there is none.
func nextWord(s string, i int) (start, end int) {
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if wordByte[c] {
				return i, wordEnd(s, i)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if wordRune(r) {
			return i, wordEnd(s, i)
		}
		i += size
	}
	return len(s), len(s)
}

// wordEnd is where the word that begins at byte i of s ends.
func wordEnd(s string, i int) int {
	prev := ' '
	for i < len(s) {
		if wordByte[s[i]] {
			prev = rune(s[i])
			i++
			continue
		}
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

// wordByte tells for the ASCII characters what wordRune does, for speed.
var wordByte = func() (is [256]bool) {
	for c := range utf8.RuneSelf {
		is[c] = wordRune(rune(c))
	}
	return is
}()

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || r == '_'
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' }

// lexeme is what is known of a word whatever is asked. It never changes.
type lexeme struct {
	number uint32 // counts the lexemes
	norm   string
	stem   string
	id     meaning.Word
	weight float64 // inEnglish
	stop   bool    // it carries no topic
}

// keptLexemes bounds the words that are remembered: some 12 MB.
const keptLexemes = 1 << 16

// lexemes remembers the words of texts from one request to the next: passages
// hold the same few thousand words, and folding and stemming them is what takes
// longest of reading them. It is safe for concurrent use.
type lexemes struct {
	byNorm    *memo[*lexeme]
	asPrinted *memo[*lexeme] // by word.text, the same lexemes
	count     atomic.Uint32
}

func newLexemes() *lexemes {
	return &lexemes{byNorm: newMemo[*lexeme](keptLexemes), asPrinted: newMemo[*lexeme](keptLexemes)}
}

// of is the lexeme of a word by its norm.
func (l *lexemes) of(norm string) *lexeme {
	if x, ok := l.byNorm.get(norm); ok {
		return x
	}
	norm = strings.Clone(norm) // it may be a piece of a long text
	id := meaning.Lookup(norm)
	x := &lexeme{
		number: l.count.Add(1), norm: norm, stem: english.Stem(norm, false), id: id, weight: inEnglish(id), stop: stopWords[norm],
	}
	l.byNorm.put(norm, x)
	return x
}

// printed is the lexeme of a word as it stands in a text.
func (l *lexemes) printed(text string) *lexeme {
	if x, ok := l.asPrinted.get(text); ok {
		return x
	}
	x := l.of(normal(text))
	l.asPrinted.put(text, x)
	return x
}

// stem is the stem of a word by its norm.
func (l *lexemes) stem(norm string) string { return l.of(norm).stem }

// clip cuts s to at most n runes.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
