package card

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Longest parts of a card, in runes; what is longer ends in an ellipsis.
const (
	maxWords = 1500
	maxName  = 160
	maxLine  = 200 // of role, source and date
	// maxMarks is how many combining marks a letter keeps. No orthography that
	// news are written in needs more.
	maxMarks = 4
)

// clean makes text one line of at most limit runes, without control characters,
// invisible characters, and marks that turn the direction of what follows.
func clean(text string, limit int) string {
	// Composing may shorten, so bound generously before and exactly after.
	if len(text) > 16*limit {
		text = text[:16*limit]
	}
	text = norm.NFC.String(strings.Map(visible, strings.ToValidUTF8(text, "")))
	var out []rune
	marks := 0
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) {
			if marks++; marks > maxMarks || len(out) == 0 {
				continue
			}
		} else {
			marks = 0
		}
		joiner := r == '\u200c' || r == '\u200d'
		if joiner && (len(out) == 0 || out[len(out)-1] == r) {
			continue
		}
		if out = append(out, r); len(out) > limit {
			return strings.TrimRight(string(out[:limit-1]), " ") + ellipsis
		}
	}
	return string(out)
}

const ellipsis = "…"

// visible maps a rune to what a card shows of it; -1 drops it. The joiners stay,
// since Persian and the scripts of India need them.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r), r == '\u00a0', r == '\u2028', r == '\u2029':
		return ' '
	case r == '\u200c' || r == '\u200d':
		return r
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Variation_Selector, r):
		return -1
	}
	return r
}

// rightToLeft tells whether text runs from right to left: by its first letter,
// as rules P2 and P3 of the Unicode bidirectional algorithm say.
func rightToLeft(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam)
		}
	}
	return false
}
