// Package terms turns text into the terms of the index: one pass splits it
// into words, folds case, accents and apostrophes, marks stop words and stems.
//
// Indexing and searching share it, so that the same word always gives the
// same term. Stemming goes by script, not by language (Latin by the English
// Snowball stemmer, Cyrillic by the Russian one): a query need not know the
// language of the passage it looks for, and what a foreign stemmer does to a
// word it does on both sides.
package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/russian"
)

// MaxBytes is the longest folded word kept; the rest of a longer one is dropped.
const MaxBytes = 64

// maxCache bounds an analyzer's memory of words: some 5 MB when full.
const maxCache = 1 << 16

// Term is one word of a text.
type Term struct {
	Folded string // lower case, without accents or apostrophes
	Stem   string // what is indexed; empty for a stop word
	Start  int    // byte offset in the text of the word's first byte
	End    int    // and past its last
}

// Stop reports whether the word is too common to be searched for.
func (t Term) Stop() bool { return t.Stem == "" }

// forms are what a folded word becomes.
type forms struct{ folded, stem string }

// Analyzer splits text into terms. It remembers the words it has stemmed and
// is not safe for concurrent use; the zero value is ready.
type Analyzer struct {
	cache map[string]forms
	word  []byte
	terms []Term
	key   *[]byte // where [Key] wants the folded words, instead of terms
}

// Analyze returns the terms of text in reading order. The slice is reused by
// the next call; the strings in it may be kept.
func (a *Analyzer) Analyze(text string) []Term {
	a.terms = a.terms[:0]
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case ideographic(r):
			a.word = utf8.AppendRune(a.word[:0], r)
			a.add(i, i+size)
			i += size
		case isWord(r):
			i = a.scanWord(text, i)
		default:
			i += size
		}
	}
	return a.terms
}

// scanWord reads the word that starts at byte i and returns where it ends.
func (a *Analyzer) scanWord(text string, i int) int {
	start := i
	a.word = a.word[:0]
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if isWord(r) && !ideographic(r) {
			if len(a.word) < MaxBytes {
				a.word = appendFolded(a.word, r)
			}
			i += size
			continue
		}
		skip, split := joiner(text, start, i, r, size)
		if skip == 0 {
			break
		}
		if split {
			a.add(start, i)
			a.word, start = a.word[:0], i+skip
		} else if r == '.' && isDigit(text[i-1]) && len(a.word) < MaxBytes {
			a.word = append(a.word, '.') // 1.5 is not 15
		}
		i += skip
	}
	a.add(start, i)
	return i
}

// joiner decides about the sign r at byte i of the word begun at start: how
// many bytes of it belong to the word (0: the word ends here), and whether
// what follows is a word of its own.
func joiner(text string, start, i int, r rune, size int) (skip int, split bool) {
	rest := text[i+size:]
	next, nextSize := utf8.DecodeRuneInString(rest)
	switch r {
	case '\'', '’', 'ʼ', '＇':
		if !isWord(next) || ideographic(next) {
			return 0, false
		}
		after, _ := utf8.DecodeRuneInString(rest[nextSize:])
		if (next == 's' || next == 'S') && !isWord(after) {
			return size + nextSize, false // possessive: the s goes too
		}
		return size, elides(text[start:i])
	case ',':
		if isDigit(text[i-1]) && thousands(rest) {
			return size, false
		}
	case '.':
		if isDigit(text[i-1]) && len(rest) > 0 && isDigit(rest[0]) {
			return size, false
		}
		if acronym(text[start:i]) && unicode.IsLetter(next) && oneLetter(rest) {
			return size, false
		}
	case '\u00ad', '\u200d', '\u200c', '\u2060': // soft hyphen, joiners
		return size, false
	}
	return 0, false
}

// elides reports whether what stands before an apostrophe is a word of its
// own that has lost its vowel: l'économie, d'accord, qu'il.
func elides(s string) bool {
	switch s {
	case "l", "d", "j", "n", "s", "c", "m", "t", "qu", "L", "D", "J", "N", "S", "C", "M", "T", "Qu":
		return true
	}
	return false
}

// acronym reports whether s, a word so far, is one letter, or letters that
// were joined over their dots.
func acronym(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) && (len(s) == size || s[size] == '.')
}

// oneLetter reports whether s begins with a single letter: "S. Army", not "So".
func oneLetter(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[size:])
	return next == '.' || !isWord(next)
}

// thousands reports whether s begins with exactly three digits.
func thousands(s string) bool {
	return len(s) >= 3 && isDigit(s[0]) && isDigit(s[1]) && isDigit(s[2]) && (len(s) == 3 || !isDigit(s[3]))
}

// add ends the word in a.word, which stands at [start, end) of the text.
func (a *Analyzer) add(start, end int) {
	if len(a.word) == 0 {
		return
	}
	if a.key != nil {
		if len(*a.key) > 0 {
			*a.key = append(*a.key, ' ')
		}
		*a.key = append(*a.key, a.word...)
		return
	}
	f, ok := a.cache[string(a.word)]
	if !ok {
		f = newForms(string(a.word))
		if a.cache == nil || len(a.cache) >= maxCache {
			a.cache = make(map[string]forms, 1024)
		}
		a.cache[f.folded] = f
	}
	a.terms = append(a.terms, Term{Folded: f.folded, Stem: f.stem, Start: start, End: end})
}

func newForms(word string) forms {
	if stopWords[word] {
		return forms{folded: word}
	}
	return forms{folded: word, stem: stem(word)}
}

// stem strips a folded word's endings by the Snowball algorithm of its script.
func stem(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	var s string
	switch {
	case r < utf8.RuneSelf || unicode.Is(unicode.Latin, r):
		if isDigit(word[0]) {
			return word
		}
		env := snowballstem.NewEnv(word)
		english.Stem(env)
		s = env.Current()
	case unicode.Is(unicode.Cyrillic, r):
		env := snowballstem.NewEnv(word)
		russian.Stem(env)
		s = env.Current()
	}
	if s == "" {
		return word
	}
	return strings.Clone(s)
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// isWord reports whether r is part of words: letters, digits and the marks on them.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// ideographic reports whether r is written without spaces between words, so
// that each sign is a word of its own.
func ideographic(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
