package corpus

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/whosaid/whosaid/quote"
)

type span = quote.Span

// flatText is the readable text of a marked-up source without its white space,
// each byte with the bytes of the source that it was read from. Reading texts are
// found in it however tags, entities and line breaks stand between their words.
type flatText struct {
	text []byte
	from []int32 // where the byte's source begins
	to   []int32 // where it ends; the bytes of a decoded entity share one source
}

// add appends decoded text whose source is source[at:at+size]: copied as it stands
// if they have one length, decoded otherwise.
func (f *flatText) add(text string, at, size int, copied bool) {
	for i, r := range text {
		if blank(r) {
			continue
		}
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n = utf8.DecodeRuneInString(text[i:])
		}
		for j := i; j < i+n; j++ {
			f.text = append(f.text, text[j])
			if copied {
				f.from, f.to = append(f.from, int32(at+j)), append(f.to, int32(at+j+1))
			} else {
				f.from, f.to = append(f.from, int32(at)), append(f.to, int32(at+size))
			}
		}
	}
}

// blank reports whether the flat text leaves the character out.
func blank(r rune) bool { return unicode.IsSpace(r) || r == 0 }

// foldBlanks makes each run of what the flat text leaves out one space, and trims it.
func foldBlanks(s string) string { return strings.Join(strings.FieldsFunc(s, blank), " ") }

// flattenHTML reads the text of a page's source token by token.
func flattenHTML(source string) *flatText {
	f := &flatText{}
	z := html.NewTokenizer(strings.NewReader(source))
	at, skip := 0, ""
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			return f
		}
		raw := z.Raw()
		start := at
		at += len(raw)
		switch tt {
		case html.TextToken:
			if skip == "" {
				f.addEntities(source[start:at], start)
			}
		case html.StartTagToken, html.EndTagToken:
			name, _ := z.TagName()
			switch {
			case tt == html.EndTagToken && string(name) == skip:
				skip = ""
			case tt == html.StartTagToken && skip == "" && isRawText(string(name)):
				skip = string(name)
			}
		}
	}
}

// isRawText reports whether the tokenizer hands out the element's content as one text.
func isRawText(tag string) bool {
	switch tag {
	case "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp":
		return true
	}
	return false
}

var entity = regexp.MustCompile(`&(?:#[xX]?[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?`)

// addEntities appends text with character references, which begins at byte at of the source.
func (f *flatText) addEntities(text string, at int) {
	done := 0
	for _, m := range entity.FindAllStringIndex(text, -1) {
		decoded := html.UnescapeString(text[m[0]:m[1]])
		if decoded == text[m[0]:m[1]] {
			continue
		}
		f.add(text[done:m[0]], at+done, m[0]-done, true)
		f.add(decoded, at+m[0], m[1]-m[0], false)
		done = m[1]
	}
	f.add(text[done:], at+done, len(text)-done, true)
}

// runs finds where the spans of text stand in the source, and returns the runs
// that map them. What can't be found has no run.
func (f *flatText) runs(source, text string, spans []span) []Run {
	b := runBuilder{source: source}
	for i, at := range f.locate(text, spans) {
		if at >= 0 {
			b.paragraph(f, text, spans[i], at)
		}
	}
	return b.out
}

// maxMisses bounds the paragraphs that are searched for in vain: each costs a
// walk over the whole source.
const maxMisses = 50

// locate finds each span's beginning in the flat text, -1 for none. The
// longest is the surest; from it the search goes down and up, since teasers and
// menus repeat short texts elsewhere on the page.
func (f *flatText) locate(text string, spans []span) []int {
	at := make([]int, len(spans))
	needles := make([][]byte, len(spans))
	anchor := 0
	for i, s := range spans {
		at[i] = -1
		needles[i] = squeeze(text[s.Start:s.End])
		if len(needles[i]) > len(needles[anchor]) {
			anchor = i
		}
	}
	from, misses := 0, 0
	for i := anchor; i < len(spans) && misses < maxMisses; i++ {
		if j := bytes.Index(f.text[from:], needles[i]); j >= 0 {
			at[i] = from + j
			from = at[i] + len(needles[i])
		} else {
			misses++
		}
	}
	to := len(f.text)
	if len(spans) > 0 && at[anchor] >= 0 {
		to = at[anchor]
	}
	for i := anchor - 1; i >= 0 && misses < maxMisses; i-- {
		if j := bytes.LastIndex(f.text[:to], needles[i]); j >= 0 {
			at[i], to = j, j
		} else {
			misses++
		}
	}
	return at
}

// squeeze leaves out the white space.
func squeeze(s string) []byte {
	return slices.Clip([]byte(strings.Map(func(r rune) rune {
		if blank(r) {
			return -1
		}
		return r
	}, s)))
}

// runBuilder joins bytes with their origins into runs as long as they can be.
type runBuilder struct {
	source string
	out    []Run
}

// paragraph appends the runs of the span s of text, which stands in the flat
// text from byte k on.
func (b *runBuilder) paragraph(f *flatText, text string, s span, k int) {
	for i := s.Start; i < s.End; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if blank(r) {
			// Spaces stand between two characters of the paragraph, which is trimmed.
			b.add(i, size, int(f.to[k-1]), int(f.from[k]))
		} else {
			for j := 0; j < size; k++ {
				n := 1
				if f.to[k]-f.from[k] != 1 { // all bytes that were decoded from one source
					for k+1 < len(f.from) && f.from[k+1] == f.from[k] && j+n < size {
						k++
						n++
					}
				}
				b.add(i+j, n, int(f.from[k]), int(f.to[k]))
				j += n
			}
		}
		i += size
	}
}

// add appends one piece, to the last run if both are copied and go on where it ends.
func (b *runBuilder) add(at, n, from, to int) {
	if k := len(b.out) - 1; k >= 0 && n == to-from {
		last := &b.out[k]
		if last.Len == last.Size && last.Text+last.Len == at && last.Origin+last.Size == from {
			last.Len += n
			last.Size += n
			return
		}
	}
	b.out = append(b.out, Run{Text: at, Len: n, Origin: from, Size: max(0, to-from)})
}
