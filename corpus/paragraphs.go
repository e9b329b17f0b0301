package corpus

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whosaid/whosaid/quote"
)

// byteOrderMark may open a file; it is white space to a paragraph.
const byteOrderMark = "\uFEFF"

// wrappedWidth is the greatest line length, in runes, of text that was broken
// to fit a screen or a mail.
const wrappedWidth = 100

// splitParagraphs finds the paragraphs of plain text. News sites' feeds leave
// each paragraph on one long line, with or without empty lines between; mail
// and old archives break paragraphs into short lines and part them by empty
// lines or an indent. The lengths of the lines tell which it is. A span takes
// in no white space and no byte order mark at its ends.
func splitParagraphs(text string) []quote.Span {
	lines := splitLines(text)
	if !isWrapped(text, lines) {
		return slices.DeleteFunc(lines, func(l quote.Span) bool { return l.Len() == 0 })
	}
	var out []quote.Span
	open := false // whether the last of out goes on
	for _, l := range lines {
		switch {
		case l.Len() == 0:
			open = false
		case open && !isIndented(text, l):
			out[len(out)-1].End = l.End
		default:
			out = append(out, l)
			open = true
		}
	}
	return out
}

// splitLines finds the lines of text, without the white space around them; an
// empty line is an empty span.
func splitLines(text string) []quote.Span {
	var lines []quote.Span
	for at := 0; at < len(text); {
		line := text[at:]
		next := len(text)
		if i := strings.IndexAny(line, "\n\r\u2028\u2029"); i >= 0 {
			_, size := utf8.DecodeRuneInString(line[i:])
			next = at + i + size
			if strings.HasPrefix(line[i:], "\r\n") {
				next++
			}
			line = line[:i]
		}
		lines = append(lines, trimSpan(text, quote.Span{Start: at, End: at + len(line)}))
		at = next
	}
	return lines
}

// trimSpan takes white space, byte order marks and NULs off the span's ends.
func trimSpan(text string, s quote.Span) quote.Span {
	blank := func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B' || r == 0 }
	t := text[s.Start:s.End]
	left := strings.TrimLeftFunc(t, blank)
	s.Start += len(t) - len(left)
	s.End = s.Start + len(strings.TrimRightFunc(left, blank))
	return s
}

// isWrapped reports whether paragraphs run over several lines: nearly all lines
// are short, and most of those that another follows are nearly full.
func isWrapped(text string, lines []quote.Span) bool {
	var lengths []int // of lines that another line follows directly
	all, long := 0, 0
	for i, l := range lines {
		if l.Len() == 0 {
			continue
		}
		n := utf8.RuneCountInString(text[l.Start:l.End])
		all++
		if n > wrappedWidth {
			long++
		}
		if i+1 < len(lines) && lines[i+1].Len() > 0 {
			lengths = append(lengths, n)
		}
	}
	if len(lengths) < 2 || 10*long > all {
		return false
	}
	slices.Sort(lengths)
	full := lengths[len(lengths)*9/10]
	nearly := 0
	for _, n := range lengths {
		if 3*n >= 2*full {
			nearly++
		}
	}
	return full >= 40 && 4*nearly >= 3*len(lengths) && endsOpen(text, lines)
}

// endsOpen reports whether most lines that another follows break off in the middle of
// a sentence, as wrapped lines do and short paragraphs don't.
func endsOpen(text string, lines []quote.Span) bool {
	open, closed := 0, 0
	for i, l := range lines {
		if l.Len() == 0 || i+1 == len(lines) || lines[i+1].Len() == 0 {
			continue
		}
		if r, _ := utf8.DecodeLastRuneInString(text[l.Start:l.End]); strings.ContainsRune(`.!?"”’»“`, r) {
			closed++
		} else {
			open++
		}
	}
	return open > closed
}

// isIndented reports whether the line begins with at least two blanks or a tab.
func isIndented(text string, l quote.Span) bool {
	before := text[:l.Start]
	return strings.HasSuffix(before, "  ") || strings.HasSuffix(before, "\t")
}
