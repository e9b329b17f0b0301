package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Markdown is text in Discord's Markdown that is safe to send: written in this
// package, or made by [Escape] from text that isn't trusted.
type Markdown string

const (
	ellipsis   = "…"
	zeroWidth  = "\u200b"
	wordSearch = 24 // bytes to look back for a space when cutting
)

// Escape makes text show literally on one line: no emphasis, heading, list,
// link, spoiler, code, timestamp, emoji or mention in it lives. The result is
// at most limit UTF-16 units long, which is how Discord's client counts (never
// fewer than characters); longer text is cut between graphemes, at a space if
// one is near, and ends in an ellipsis.
func Escape(text string, limit int) Markdown {
	return Markdown(escape(oneLine(text), limit, &escaper{}))
}

// Quote makes text show literally as a block quote, line by line, within limit
// UTF-16 units in all.
func Quote(text string, limit int) Markdown {
	text = strings.TrimSpace(clean(text))
	return Markdown(escape(text, limit, &escaper{linePrefix: "> "}))
}

// Plain makes text fit where Discord shows no Markdown (an embed's author and
// footer, labels, choices): one line of at most limit UTF-16 units.
func Plain(text string, limit int) string {
	return escape(oneLine(text), limit, verbatim{})
}

// oneLine is the cleaned text with all white space folded to single spaces.
func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// clean drops what has no place in a message: invalid UTF-8, control characters,
// and the marks that turn the direction of all that follows. Line separators of
// every kind become newlines.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r == '\t':
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		case unicode.IsControl(r), r == '\ufeff', r >= 0xE0000 && r <= 0xE007F:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// unitEscaper renders one grapheme at a time; rest is the text after it.
type unitEscaper interface {
	unit(grapheme, rest string) string
	open() string // what stands before the first grapheme
}

type verbatim struct{}

func (verbatim) unit(g, _ string) string { return g }
func (verbatim) open() string            { return "" }

// escape renders text with e, within limit UTF-16 units.
func escape(text string, limit int, e unitEscaper) string {
	if text == "" || limit <= 0 {
		return ""
	}
	var b strings.Builder
	b.Grow(min(len(text)+len(text)/8+8, 4*limit))
	b.WriteString(e.open())
	n := units(e.open())
	whole := 0 // bytes of b after which an ellipsis still fits
	for text != "" {
		g := firstGrapheme(text)
		text = text[len(g):]
		u := e.unit(g, text)
		n += units(u)
		if n > limit {
			return cutAtWord(b.String()[:whole], e.open()) + ellipsis
		}
		b.WriteString(u)
		if n < limit {
			whole = b.Len()
		}
	}
	return b.String()
}

// firstGrapheme is the grapheme that a text begins with. Two ASCII characters
// in a row are always two graphemes, but for the CR LF that clean removed.
func firstGrapheme(text string) string {
	if text[0] < utf8.RuneSelf && (len(text) == 1 || text[1] < utf8.RuneSelf) {
		return text[:1]
	}
	g := graphemes.FromString(text)
	g.Next()
	return g.Value()
}

// cutAtWord drops a word's beginning from the end of a text that was cut, and a
// line of which only its prefix is left.
func cutAtWord(s, linePrefix string) string {
	if i := strings.LastIndexByte(s, ' '); i > 0 && i >= len(s)-wordSearch {
		s = s[:i]
	}
	s = strings.TrimRight(s, " \n")
	if bare := strings.TrimRight(linePrefix, " "); bare != "" && (s == bare || strings.HasSuffix(s, "\n"+bare)) {
		s = strings.TrimRight(s[:len(s)-len(bare)], "\n")
	}
	return s
}

// escaper writes Discord's Markdown so that it shows literally. Its state is
// where on the line it stands, since headings and lists live at a line's start only.
type escaper struct {
	linePrefix string // written before each line
	inLine     bool   // something other than space was written on this line
	number     bool   // the line so far is a number, so a dot would make a list
}

func (e *escaper) open() string { return e.linePrefix }

// unit escapes each character of a grapheme: some graphemes begin with a mark
// and go on with a character that lives.
func (e *escaper) unit(g, rest string) string {
	if g == "\n" {
		e.inLine, e.number = false, false
		return "\n" + e.linePrefix
	}
	if len(g) == 1 {
		before, after := e.before(rune(g[0]), rest), e.after(rune(g[0]))
		if before == "" && after == "" {
			return g
		}
		return before + g + after
	}
	var b strings.Builder
	for i, r := range g {
		following := g[i+utf8.RuneLen(r):]
		if following == "" {
			following = rest
		}
		b.WriteString(e.before(r, following))
		b.WriteRune(r)
		b.WriteString(e.after(r))
	}
	return b.String()
}

// before is the backslash that r needs before it, or "".
func (e *escaper) before(r rune, following string) string {
	started, number := e.inLine, e.number
	if r != ' ' {
		e.inLine = true
		e.number = '0' <= r && r <= '9' && (!started || number)
	}
	switch r {
	case '\\', '*', '_', '~', '`', '|', '[', ']', '<', '>':
		return `\`
	case ':':
		if strings.HasPrefix(following, "//") {
			return `\`
		}
	case '#', '-', '+':
		if !started {
			return `\`
		}
	case '.', ')':
		if number {
			return `\`
		}
	}
	return ""
}

// after is what keeps an @ from mentioning anybody.
func (*escaper) after(r rune) string {
	if r == '@' {
		return zeroWidth
	}
	return ""
}

// units is the length of s in UTF-16 units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// cutMarkdown shortens Markdown of our own making to limit UTF-16 units. It is
// the sender's last resort: views budget their parts, so it rarely cuts.
func cutMarkdown(m Markdown, limit int) Markdown {
	if units(string(m)) <= limit {
		return m
	}
	if limit <= 0 {
		return ""
	}
	n, end := 0, 0
	for i, r := range string(m) {
		n++
		if r > 0xFFFF {
			n++
		}
		if n >= limit {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	s := string(m)[:end]
	// A backslash whose character was cut off would escape the ellipsis.
	if trailing := len(s) - len(strings.TrimRight(s, `\`)); trailing%2 == 1 {
		s = s[:len(s)-1]
	}
	return Markdown(s + ellipsis)
}
