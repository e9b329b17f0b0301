package corpus

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pdfPage is a page's lines in reading order. Lengths are points; y grows upwards.
type pdfPage struct {
	height float64
	lines  []pdfLine
	line   strings.Builder
	open   pdfLine // the line that is being added to; its box is empty while line is
}

// pdfLine is a line of text with the box around its characters.
type pdfLine struct {
	text                     string
	left, right, top, bottom float64
}

func (l pdfLine) size() float64 { return l.top - l.bottom }

// partedWord is what PDFium gives for a hyphen that parts a word at a line's end,
// in place of the line's end.
const partedWord = '\x02'

// add adds a character; a line feed ends the line.
func (p *pdfPage) add(text string, left, right, top, bottom float64) {
	if text == "\n" || text == "\r" || text == "\r\n" {
		p.end()
		return
	}
	p.line.WriteString(text)
	if text == string(partedWord) {
		p.end()
		return
	}
	if strings.TrimSpace(text) == "" || top <= bottom { // the library makes up spaces without a place
		return
	}
	if p.open.top == p.open.bottom {
		p.open = pdfLine{left: left, right: right, top: top, bottom: bottom}
		return
	}
	p.open.left, p.open.right = min(p.open.left, left), max(p.open.right, right)
	p.open.top, p.open.bottom = max(p.open.top, top), min(p.open.bottom, bottom)
}

// end ends the line.
func (p *pdfPage) end() {
	if p.open.text = foldBlanks(p.line.String()); p.open.text != "" {
		p.lines = append(p.lines, p.open)
	}
	p.open = pdfLine{}
	p.line.Reset()
}

// pdfBlocks makes the lines of pages paragraphs: lines are joined again, words that were
// parted at their ends too, and what stands on every page is left out.
func pdfBlocks(pages []pdfPage) []block {
	margin := marginLines(pages)
	j := newLineJoiner(pages)
	for _, p := range pages {
		j.page(p)
		for _, l := range p.lines {
			if !p.inMargin(l) || !margin[marginKey(l.text)] {
				j.add(l)
			}
		}
	}
	j.flush()
	return j.blocks
}

// inMargin reports whether the line stands in the uppermost or lowest tenth of its page.
func (p pdfPage) inMargin(l pdfLine) bool {
	return p.height > 0 && (l.bottom > 0.9*p.height || l.top < 0.1*p.height)
}

var (
	digits     = regexp.MustCompile(`\d+`)
	pageNumber = regexp.MustCompile(`^(?i:(?:page|seite|page:|p\.) ?)?[-–— ]*#[-–— ]*(?:(?:/|of|von|sur|de) ?#)?$`)
)

// marginKey is a line of a margin without its numbers, which count pages.
func marginKey(s string) string { return strings.ToLower(digits.ReplaceAllString(s, "#")) }

// marginLines are the lines in margins that are page numbers, or stand on a third of
// the pages or more, and on at least three.
func marginLines(pages []pdfPage) map[string]bool {
	count := map[string]int{}
	for _, p := range pages {
		for _, l := range p.lines {
			if p.inMargin(l) {
				count[marginKey(l.text)]++
			}
		}
	}
	out := map[string]bool{}
	for key, n := range count {
		out[key] = pageNumber.MatchString(key) || n >= 3 && 3*n >= len(pages)
	}
	return out
}

// lineJoiner joins lines into paragraphs.
type lineJoiner struct {
	size    float64 // of the body's lines, the median
	leading float64 // from one line of the body to the next, the median
	left    float64 // where the page's lines begin, and
	right   float64 // end, mostly
	text    strings.Builder
	last    pdfLine // of the open paragraph
	lines   int     // in the open paragraph
	large   bool    // whether its letters are larger than the body's
	blocks  []block
}

func newLineJoiner(pages []pdfPage) *lineJoiner {
	var sizes, leadings []float64
	for _, p := range pages {
		for i, l := range p.lines {
			sizes = append(sizes, l.size())
			if i > 0 {
				if d := p.lines[i-1].top - l.top; d > 0 && d < 3*l.size() {
					leadings = append(leadings, d)
				}
			}
		}
	}
	return &lineJoiner{size: median(sizes), leading: median(leadings)}
}

// median is the middle of the numbers, 0 of none.
func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// page measures a page before its lines are added.
func (j *lineJoiner) page(p pdfPage) {
	var left, right []float64
	for _, l := range p.lines {
		left, right = append(left, math.Round(l.left)), append(right, l.right)
	}
	slices.Sort(left)
	slices.Sort(right)
	if len(left) > 0 {
		j.left, j.right = left[len(left)/4], right[len(right)*3/4]
	}
}

func (j *lineJoiner) add(l pdfLine) {
	if j.lines > 0 && j.breaks(l) {
		j.flush()
	}
	switch before := j.text.String(); {
	case j.lines == 0:
		j.large = l.size() > 1.3*j.size
		j.text.WriteString(l.text)
	case endsInHyphen(before) && startsLower(l.text):
		j.text.Reset()
		_, n := utf8.DecodeLastRuneInString(before)
		j.text.WriteString(before[:len(before)-n] + l.text)
	default:
		j.text.WriteString(" " + l.text)
	}
	j.last = l
	j.lines++
}

// breaks reports whether a paragraph begins with the line.
func (j *lineJoiner) breaks(l pdfLine) bool {
	down := j.last.top - l.top
	ends := endsSentence(j.last.text) || strings.HasSuffix(j.last.text, "?") || strings.HasSuffix(j.last.text, "!")
	switch {
	case j.large != (l.size() > 1.3*j.size):
		return true
	case down < 0 || down > 5*j.leading: // the next column or page
		return ends || !j.fills() || startsUpper(l.text) && j.large
	case j.leading > 0 && down > 1.35*j.leading:
		return true
	case j.large:
		return false
	case l.left > j.last.left+0.8*j.size && l.left < j.last.left+6*j.size && (ends || !j.fills()): // an indent
		return true
	}
	return ends && !j.fills()
}

// fills reports whether the last line reaches to where lines end.
func (j *lineJoiner) fills() bool {
	width := j.right - j.left
	return width <= 0 || j.last.right > j.right-0.15*width || j.last.right-j.last.left > 0.85*width
}

func (j *lineJoiner) flush() {
	if t := foldBlanks(strings.ReplaceAll(j.text.String(), string(partedWord), "-")); t != "" {
		kind := Body
		if j.large && utf8.RuneCountInString(t) <= headlineLength {
			kind = Heading
		}
		j.blocks = append(j.blocks, block{text: t, kind: kind})
	}
	j.text.Reset()
	j.lines = 0
}

// endsInHyphen reports whether the line ends in the middle of a word.
func endsInHyphen(s string) bool {
	r, n := utf8.DecodeLastRuneInString(s)
	before, _ := utf8.DecodeLastRuneInString(s[:len(s)-n])
	return (r == '-' || r == '\u00AD' || r == '\u2010' || r == partedWord) && unicode.IsLetter(before)
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}
