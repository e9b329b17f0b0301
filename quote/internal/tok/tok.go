// Package tok cuts news text into tokens and sentences.
//
// Tokens follow the Penn Treebank habits of the corpora that the tagger and
// the parser are trained on: contractions and possessives are split ("do
// n't", "Ada 's"), hyphenated words stay whole, every quotation mark is a
// token of its own, "..." and "--" are one token, and the full stop of an
// abbreviation belongs to the word. Spans are byte offsets; the text is never
// changed. Any script with letters and spaces between words is read sanely.
//
// Both passes look at each byte a bounded number of times, so they take linear
// time whatever the text.
package tok

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a half-open range of bytes [Start, End) of a text.
type Span struct{ Start, End int }

// Len is the span's length in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Overlaps reports whether s and t share at least one byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Token is one token, as a half-open range of bytes [Start, End) of the text.
type Token = Span

// Range is a half-open range [Start, End) of token indices.
type Range struct{ Start, End int }

// Len is the number of tokens in the range.
func (r Range) Len() int { return r.End - r.Start }

// maxMarkup bounds how far a "<" looks for its ">", in bytes.
const maxMarkup = 400

// maxWord bounds how far a word looks ahead for its structure (dots, paths,
// mail addresses), in bytes; longer ones are cut at letters and digits only.
const maxWord = 400

// Tokenize cuts text[from:to] into tokens, in order. White space, byte order
// marks and other invisible controls between tokens belong to none.
func Tokenize(text string, from, to int) []Token {
	return AppendTokens(make([]Token, 0, (to-from)/5+4), text, from, to)
}

// AppendTokens is Tokenize into a slice that the caller owns.
func AppendTokens(dst []Token, text string, from, to int) []Token {
	s := scanner{text: text[:to], toks: dst}
	for i := from; i < to; {
		i = s.next(i, from)
	}
	return s.toks
}

// scanner holds the state of one Tokenize call; text ends where the range ends.
type scanner struct {
	text string
	toks []Token
}

func (s *scanner) emit(start, end int) int {
	s.toks = append(s.toks, Token{start, end})
	return end
}

// rune decodes the rune at i; at the end of the text it returns 0, 0.
func (s *scanner) rune(i int) (rune, int) {
	if i >= len(s.text) {
		return 0, 0
	}
	if c := s.text[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s.text[i:])
}

// next reads one token (or skips one space) at i and returns where to go on.
func (s *scanner) next(i, from int) int {
	r, n := s.rune(i)
	switch {
	case isSpace(r):
		return i + n
	case isWord(r):
		return s.word(i)
	}
	switch r {
	case '<':
		if end := s.markup(i); end > 0 {
			return s.emit(i, end)
		}
	case '\'', '`', '’', '‘':
		return s.apostrophe(i, r, n)
	case '.':
		return s.dots(i, from)
	case '-', '_', '*', '!', '=', '~':
		return s.emit(i, s.run(i, byte(r)))
	case '#', '@':
		if q, _ := s.rune(i + n); isWord(q) {
			return s.emit(i, s.plainWord(i+n))
		}
	}
	return s.emit(i, i+n)
}

// run returns the end of the run of c that starts at i.
func (s *scanner) run(i int, c byte) int {
	for i < len(s.text) && s.text[i] == c {
		i++
	}
	return i
}

// plainWord returns the end of the letters, digits and underscores at i.
func (s *scanner) plainWord(i int) int {
	for {
		r, n := s.rune(i)
		if n == 0 || !isWord(r) && r != '_' {
			return i
		}
		i += n
	}
}

// markup returns the end of the tag (<a ...>, </tweet>) at i, or 0.
func (s *scanner) markup(i int) int {
	r, _ := s.rune(i + 1)
	if r != '/' && (r >= utf8.RuneSelf || !unicode.IsLetter(r)) {
		return 0
	}
	limit := min(len(s.text), i+maxMarkup)
	if k := strings.IndexAny(s.text[i+1:limit], "<>"); k >= 0 && s.text[i+1+k] == '>' {
		return i + k + 2
	}
	return 0
}

// apostrophe reads a token that begins with a single mark: ” typed as two
// single ones, a shortened word or year ('em, ’08), or the mark alone.
func (s *scanner) apostrophe(i int, r rune, n int) int {
	if (r == '\'' || r == '`') && i+1 < len(s.text) && s.text[i+1] == s.text[i] {
		return s.emit(i, i+2)
	}
	if r == '\'' || r == '’' {
		end := s.plainWord(i + n)
		w := s.text[i+n : end]
		if isDigits(strings.TrimSuffix(w, "s")) && len(w) <= 3 && len(w) >= 2 || len(w) <= 5 && shortened[strings.ToLower(w)] {
			return s.emit(i, end)
		}
		// A clitic set apart from its word by markup or a closing mark: ”’s.
		if clitics[w] && len(s.toks) > 0 && s.toks[len(s.toks)-1].End == i {
			return s.emit(i, end)
		}
	}
	return s.emit(i, i+n)
}

// dots reads "...", ". . .", ".5" or a full stop.
func (s *scanner) dots(i, from int) int {
	end := s.run(i, '.')
	if end-i > 1 {
		return s.emit(i, end)
	}
	if strings.HasPrefix(s.text[i:], ". . .") {
		return s.emit(i, i+5)
	}
	if end < len(s.text) && isDigit(s.text[end]) && (i == from || s.text[i-1] == ' ') {
		return s.emit(i, s.plainWord(end))
	}
	return s.emit(i, end)
}

// word reads the word at i: letters and digits with what joins them, cut
// before clitics, with the full stop of an abbreviation.
func (s *scanner) word(i int) int {
	if end := s.url(i); end > 0 {
		return s.emit(i, end)
	}
	end := i
	for {
		end = s.plainWord(end)
		if end-i > maxWord {
			return s.emit(i, end)
		}
		next, cut := s.join(i, end)
		if cut >= 0 {
			return s.clitic(i, cut, next)
		}
		if next == end {
			break
		}
		end = next
	}
	if k, ok := fused[strings.ToLower(s.text[i:min(end, i+8)])]; ok && end-i < 8 {
		s.emit(i, i+k)
		return s.emit(i+k, end)
	}
	if end < len(s.text) && s.text[end] == '.' && s.abbreviation(i, end) {
		end++
	}
	return s.emit(i, end)
}

// join decides how the word that began at i and has come to end goes on. It
// returns where letters go on (end when they don't), and cut >= 0 when the
// word is to be cut there and what lies between cut and next is a clitic.
func (s *scanner) join(i, end int) (next, cut int) {
	r, n := s.rune(end)
	q, _ := s.rune(end + n)
	if n == 0 || !isWord(q) {
		return end, -1
	}
	prev := s.text[end-1]
	switch r {
	case '\'', '’', '‘':
		return s.joinApostrophe(i, end, n)
	case '-', '\u2010', '\u2011', '\u00ad', '/':
		return end + n, -1
	case '&':
		if end-i <= 3 && unicode.IsUpper(q) {
			return end + n, -1
		}
	case ',':
		if isDigit(prev) && s.thousands(end+1) {
			return end + n, -1
		}
	case ':':
		if isDigit(prev) && q < utf8.RuneSelf && isDigit(byte(q)) {
			return end + n, -1
		}
	case '@':
		if e := s.plainWord(end + 1); e < len(s.text)-1 && s.text[e] == '.' && isWord(rune(s.text[e+1])) {
			return s.plainWord(e + 1), -1
		}
	case '.':
		if s.dotJoins(i, end, q) {
			return end + n, -1
		}
	}
	return end, -1
}

// thousands reports whether exactly three digits stand at i.
func (s *scanner) thousands(i int) bool {
	return i+3 <= len(s.text) && isDigits(s.text[i:i+3]) && (i+3 == len(s.text) || !isDigit(s.text[i+3]))
}

// dotJoins reports whether the full stop at dot, between a word that began at i
// and the rune q, is inside the word: 3.2, U.S., example.org, a.m.
func (s *scanner) dotJoins(i, dot int, q rune) bool {
	prev := s.text[dot-1]
	if isDigit(prev) && q < utf8.RuneSelf && isDigit(byte(q)) {
		return true
	}
	if dot-i == 1 || s.text[dot-2] == '.' || s.text[dot-2] == '-' {
		// Single letters: U.S., A.F.L.-C.I.O., but not "Plan B.The".
		e := s.plainWord(dot + 1)
		if unicode.IsLetter(rune(prev)) && (e-dot-1 == 1 || e-dot-1 == 2 && s.text[e-1] == 's') {
			return true
		}
	}
	e := s.plainWord(dot + 1)
	return e-dot-1 <= 5 && (domains[s.text[dot+1:e]] || strings.HasPrefix(s.text[dot:], ".twitter.com"))
}

// joinApostrophe decides about a mark inside a word: a clitic to cut off, a
// French elision to cut after, or part of the word (O'Malley, м'ята).
func (s *scanner) joinApostrophe(i, end, n int) (next, cut int) {
	after := s.plainWord(end + n)
	tail := s.text[end+n : after]
	if len(tail) <= 2 {
		switch {
		case (tail == "t" || tail == "T") && end-i > 1 && s.text[end-1]|0x20 == 'n':
			return after, end - 1
		case clitics[tail]:
			return after, end
		}
	}
	if end-i <= 2 {
		if head := s.text[i:end]; elisions[head] || elisions[strings.ToLower(head)] && startsLower(tail) {
			return end + n, end + n
		}
	}
	return end + n, -1
}

// clitic emits the word and its clitic; an elision (next == cut) has none.
func (s *scanner) clitic(i, cut, next int) int {
	s.emit(i, cut)
	if cut == next {
		return next
	}
	return s.emit(cut, next)
}

// abbreviation reports whether the full stop at dot belongs to the word text[i:dot].
func (s *scanner) abbreviation(i, dot int) bool {
	w := s.text[i:dot]
	if dot+1 < len(s.text) && s.text[dot+1] == '.' { // an ellipsis follows
		return false
	}
	if w == "v" {
		return true
	}
	if len(w) == 1 || !isASCII(w) && utf8.RuneCountInString(w) == 1 {
		// Initials: "J. Smith", "Т. Шевченко", but "Plan B." at the end of a paragraph.
		r, _ := utf8.DecodeRuneInString(w)
		return unicode.IsUpper(r) && (w != "I" || s.nextUpper(dot+1)) && dot+1 < len(s.text)
	}
	if strings.IndexByte(w, '.') > 0 && isLetters(w[strings.LastIndexByte(w, '.')+1:]) && len(w)-strings.LastIndexByte(w, '.') == 2 {
		return true
	}
	if k := strings.LastIndexByte(w, '-'); k >= 0 { // R-Fla.
		w = w[k+1:]
		return len(w) > 1 && abbreviations[w] == place
	}
	switch abbreviations[w] {
	case never:
		return false
	case number:
		r, m := s.rune(dot + 1)
		q, _ := s.rune(dot + 1 + m)
		return r == ' ' && unicode.IsDigit(q)
	case place: // "Miss.", "Ill." and the like: words too, at the end of a sentence
		return dot+1 < len(s.text)
	}
	return true
}

// nextUpper reports whether the word after the space at i begins upper-case.
func (s *scanner) nextUpper(i int) bool {
	r, n := s.rune(i)
	if r != ' ' {
		return false
	}
	q, _ := s.rune(i + n)
	return unicode.IsUpper(q)
}

// url returns the end of the web address at i, or 0.
func (s *scanner) url(i int) int {
	t := s.text[i:]
	if !strings.HasPrefix(t, "http://") && !strings.HasPrefix(t, "https://") && !strings.HasPrefix(t, "www.") &&
		!strings.HasPrefix(t, "pic.twitter.com/") {
		return 0
	}
	end := i
	for end < len(s.text) {
		r, n := s.rune(end)
		if isSpace(r) || strings.ContainsRune("\"“”‘’«»<>()[]", r) {
			break
		}
		end += n
	}
	for end > i && strings.IndexByte(".,;:!?'", s.text[end-1]) >= 0 {
		end--
	}
	return end
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func isLetters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

// isWord reports whether r is part of a word by itself.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9'
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd)
}

// isSpace reports whether r separates tokens and belongs to none.
func isSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f
	}
	return unicode.IsSpace(r) || r == '\ufeff' || r >= '\u200b' && r <= '\u200f' || r == '\u2060'
}
