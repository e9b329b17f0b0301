// Package word describes single tokens to the learned models: hashes of their
// form, endings and shape, and what kind of mark they are.
package word

import (
	"unicode"
	"unicode/utf8"

	"github.com/whosaid/whosaid/quote/internal/tok"
)

// Class tells what a token is made of.
type Class uint8

// The classes of token.
const (
	Lower    Class = iota // letters, the first lower-case
	Title                 // the first letter upper-case
	Upper                 // at least two letters, all upper-case
	Number                // begins with a digit
	Open                  // an opening double quotation mark
	Close                 // a closing double quotation mark
	Straight              // a double mark that may be either
	Single                // a single mark, of either sort
	Stop                  // . ? !
	Comma                 // , ;
	Colon                 // :
	Dash                  // dashes of every length
	Bracket               // brackets of every kind
	Other                 // all else: symbols, markup
	Classes               // how many there are
)

// Word is what the models see of one token. Hash fields are never 0.
type Word struct {
	Form   uint32 // the lower-cased form, digits as 0, marks of one class alike
	Stem   uint32 // the form without the usual verb endings
	Suf2   uint32 // the last two bytes of the form
	Suf3   uint32 // the last three
	Pre3   uint32 // the first three
	Shape  uint32 // upper, lower, digit, other, with repeats folded
	Class  Class
	Letter bool // begins with a letter
}

// Look describes a token of text.
func Look(text string, t tok.Span) Word {
	s := text[t.Start:t.End]
	var buf [48]byte
	low, shape := fold(buf[:0], s)
	w := Word{Class: classify(s, shape), Shape: shape.hash}
	switch w.Class {
	case Open, Close, Straight, Single, Dash:
		w.Form = uint32(w.Class) + 1
		w.Stem, w.Suf2, w.Suf3, w.Pre3 = w.Form, w.Form, w.Form, w.Form
		return w
	}
	n := len(low)
	w.Letter = shape.first == 'x' || shape.first == 'X'
	w.Form = Hash(low)
	w.Suf2 = Hash(low[max(0, n-2):])
	w.Suf3 = Hash(low[max(0, n-3):])
	w.Pre3 = Hash(low[:min(n, 3)])
	w.Stem = Hash(stem(low)) // last: it may write into low
	return w
}

// LookAll describes all tokens, into dst.
func LookAll(dst []Word, text string, toks []tok.Token) []Word {
	for _, t := range toks {
		dst = append(dst, Look(text, t))
	}
	return dst
}

// Hash hashes a normalised form (FNV-1a).
func Hash[T string | []byte](s T) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h | 1
}

// Form hashes a lower-case word as Look would.
func Form(s string) uint32 { return Hash(s) }

type outline struct {
	hash        uint32
	first, last byte
	upper       int // upper-case letters
	letters     int
}

func (o *outline) add(c byte) {
	if o.last != c {
		o.hash = (o.hash ^ uint32(c)) * 16777619
	}
	if o.first == 0 {
		o.first = c
	}
	o.last = c
	switch c {
	case 'X':
		o.upper++
		o.letters++
	case 'x':
		o.letters++
	}
}

// fold lower-cases s into dst, with digits as 0 and curly apostrophes straight,
// and takes its outline.
func fold(dst []byte, s string) ([]byte, outline) {
	o := outline{hash: 2166136261}
	for i := 0; i < len(s) && i < 64; {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case 'a' <= c && c <= 'z':
				o.add('x')
			case 'A' <= c && c <= 'Z':
				c |= 0x20
				o.add('X')
			case '0' <= c && c <= '9':
				c = '0'
				o.add('0')
			default:
				o.add(c)
			}
			dst = append(dst, c)
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == '’' || r == '‘':
			r = '\''
			o.add('\'')
		case unicode.IsUpper(r):
			o.add('X')
			r = unicode.ToLower(r)
		case unicode.IsLetter(r):
			o.add('x')
		default:
			o.add('#')
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, o
}

func classify(s string, o outline) Class {
	switch s {
	case "“", "„", "``", "«":
		return Open
	case "”", "»":
		return Close
	case "\"", "''", "’’":
		return Straight
	case "'", "‘", "’", "`", "‹", "›", "‚":
		return Single
	case ".", "?", "!", "…", "...":
		return Stop
	case ",", ";":
		return Comma
	case ":":
		return Colon
	case "-", "--", "---", "—", "–", "―", "‒":
		return Dash
	case "(", ")", "[", "]", "{", "}":
		return Bracket
	}
	switch o.first {
	case 'x':
		return Lower
	case 'X':
		if o.letters > 1 && o.upper == o.letters {
			return Upper
		}
		return Title
	case '0':
		return Number
	case '\'':
		return Lower
	}
	return Other
}

// stem strips the endings that English verbs take, so that forms of a rare verb meet.
func stem(w []byte) []byte {
	n := len(w)
	has := func(suffix string) bool { return n > len(suffix)+2 && string(w[n-len(suffix):]) == suffix }
	switch {
	case has("ing"):
		n -= 3
	case has("ied"), has("ies"):
		n -= 3
		w = append(w[:n], 'y')
		return w
	case has("ed"):
		n -= 2
	case has("es"):
		n -= 2
	case has("s") && w[n-2] != 's':
		n--
	case has("e"):
		n--
	}
	if n > 3 && w[n-1] == w[n-2] && w[n-1] != 's' && w[n-1] != 'l' {
		n--
	}
	if n > 3 && w[n-1] == 'e' {
		n--
	}
	return w[:n]
}
