package tok

import (
	"unicode"
	"unicode/utf8"
)

// Sentences cuts toks, which are tokens of one paragraph of text, into sentences, in
// order and without gaps. A sentence ends at a full stop, question or
// exclamation mark with the closing marks and brackets behind it; a question
// that goes on in lower case ("Why?" she asked) does not end.
func Sentences(text string, toks []Token) []Range {
	return AppendSentences(nil, text, toks, 0)
}

// AppendSentences is Sentences into a slice that the caller owns; base is added
// to every token index.
func AppendSentences(dst []Range, text string, toks []Token, base int) []Range {
	start := 0
	for i := 0; i < len(toks); i++ {
		if !terminal(text, toks, i) {
			continue
		}
		end := closers(text, toks, i+1)
		if end < len(toks) && !begins(text, toks, i, end) {
			continue
		}
		dst = append(dst, Range{base + start, base + end})
		start, i = end, end-1
	}
	if start < len(toks) {
		dst = append(dst, Range{base + start, base + len(toks)})
	}
	return dst
}

// terminal reports whether token i can end a sentence.
func terminal(text string, toks []Token, i int) bool {
	w := text[toks[i].Start:toks[i].End]
	switch w[len(w)-1] {
	case '?', '!':
		return true
	case '.':
		if len(w) == 1 {
			return true
		}
		if w[0] == '.' { // an ellipsis ends a sentence only before a closing mark
			return i+1 < len(toks) && closes(text, toks, i+1)
		}
		if i+1 == len(toks) {
			return true
		}
		if abbreviations[w[:len(w)-1]] == before || len(w) == 2 {
			return false
		}
		return starters[text[toks[i+1].Start:toks[i+1].End]]
	}
	return w == "…" && i+1 < len(toks) && closes(text, toks, i+1) || w == "。" || w == "！" || w == "？"
}

// closers returns the index after the closing marks and brackets at i.
func closers(text string, toks []Token, i int) int {
	for i < len(toks) && (closes(text, toks, i) || terminalMark(text[toks[i].Start:toks[i].End])) {
		i++
	}
	return i
}

func terminalMark(w string) bool { return w == "." || w == "?" || w[0] == '!' }

// closes reports whether token i is a mark or bracket that closes what stands
// before it: set against the token before, or a guillemet after a thin space.
func closes(text string, toks []Token, i int) bool {
	adjacent := i > 0 && toks[i-1].End == toks[i].Start
	switch text[toks[i].Start:toks[i].End] {
	case ")", "]", "}", "”":
		return true
	case "\"", "''", "'", "’", "›", "‹", "«", "’”", "’’":
		return adjacent
	case "“", "‘": // closes in German and Ukrainian, opens in English
		return adjacent && (i+1 == len(toks) || toks[i+1].Start > toks[i].End)
	case "»":
		return adjacent || i+1 == len(toks) || toks[i+1].Start > toks[i].End
	}
	return false
}

// begins reports whether a sentence can begin at token next after the
// terminal token end: not in lower case and not with a comma or dash.
func begins(text string, toks []Token, end, next int) bool {
	r, _ := utf8.DecodeRuneInString(text[toks[next].Start:])
	if r == ',' || r == ';' || r == ':' {
		return false
	}
	if unicode.IsLower(r) {
		return text[toks[end].Start] == '.' && next == end+1
	}
	return true
}
