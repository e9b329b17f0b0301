package card

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"github.com/go-text/render"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// Measures of a card, in pixels.
const (
	cardWidth = 1200
	minHeight = 630
	margin    = 80
	bottom    = 60  // free below the last line
	markSize  = 170 // of the quotation mark's type
	markSpace = 95  // above the words, for the mark
	gap       = 44  // between words and speaker
	barWidth  = 14
	textWidth = cardWidth - 2*margin
)

// sizings lists how large words are set. Long quotes make the card higher.
var sizings = [...]sizing{{64, 320}, {56, 360}, {48, 420}, {42, 480}, {36, 620}, {32, 860}, {28, 1100}, {24, 1240}}

// colours of a card. Text has a contrast of at least 4.5 to 1 to the ground.
type colours struct{ ground, words, quiet, accent, rule color.Color }

func coloursOf(dark bool) colours {
	if dark {
		return colours{color.RGBA{0x1e, 0x1f, 0x22, 0xff}, color.RGBA{0xf2, 0xf3, 0xf5, 0xff}, color.RGBA{0xb5, 0xba, 0xc1, 0xff}, color.RGBA{0x7d, 0x8a, 0xff, 0xff}, color.RGBA{0x35, 0x37, 0x3c, 0xff}}
	}
	return colours{color.RGBA{0xfb, 0xfa, 0xf7, 0xff}, color.RGBA{0x1d, 0x1d, 0x21, 0xff}, color.RGBA{0x5a, 0x5e, 0x68, 0xff}, color.RGBA{0x47, 0x52, 0xd6, 0xff}, color.RGBA{0xe3, 0xe1, 0xda, 0xff}}
}

// sheet is a card being drawn.
type sheet struct {
	*image.RGBA
	colours
	pen render.Renderer
	y   int // where the next block begins
	rtl bool
}

// parts are a card's texts, cleaned and broken into lines.
type parts struct {
	words, speaker, role, source, date block
}

// footer is the height of the rule and the line below it.
func (p parts) footer() int {
	h := max(p.source.height(), p.date.height())
	if h > 0 {
		h += gap * 2 / 3
	}
	return h
}

// draw lays a card out and paints it.
func (p *Painter) draw(c Card) (*image.RGBA, error) {
	laid, rtl, err := p.lay(c)
	if err != nil {
		return nil, err
	}
	top := margin
	if c.Verbatim {
		top += markSpace
	}
	foot := laid.speaker.height() + laid.role.height() + laid.footer()
	height := max(minHeight, top+laid.words.height()+gap+foot+bottom)
	s := &sheet{RGBA: image.NewRGBA(image.Rect(0, 0, cardWidth, height)), colours: coloursOf(c.Dark), rtl: rtl}
	s.fill(s.Rect, s.ground)
	bar := image.Rect(0, 0, barWidth, height)
	if rtl {
		bar = bar.Add(image.Pt(cardWidth-barWidth, 0))
	}
	s.fill(bar, s.accent)
	if c.Verbatim {
		mark := p.typer.set("“", style{size: markSize, weight: font.WeightSemibold, width: textWidth, lines: 1})
		s.y = margin / 4
		s.text(mark, margin, s.accent)
	}
	// Short words stand in the middle of the room that they have.
	room := height - bottom - foot - gap - top
	s.y = top + (room-laid.words.height())/2
	s.text(laid.words, margin, s.words)
	s.y = height - bottom - foot
	s.text(laid.speaker, margin, s.words)
	s.text(laid.role, margin, s.quiet)
	if laid.footer() > 0 {
		s.fill(image.Rect(margin, s.y+gap/3, cardWidth-margin, s.y+gap/3+2), s.accent)
		s.y += gap * 2 / 3
		s.footer(laid.source, laid.date)
	}
	return s.RGBA, nil
}

// lay cleans the texts of a card and breaks them into lines.
func (p *Painter) lay(c Card) (laid parts, rtl bool, err error) {
	texts := []struct {
		text  *string
		limit int
	}{{&c.Words, maxWords}, {&c.Speaker, maxName}, {&c.Role, maxLine}, {&c.Source, maxLine}, {&c.Date, maxLine}}
	for _, t := range texts {
		if *t.text, err = p.typer.fonts.shown(clean(*t.text, t.limit)); err != nil {
			return parts{}, false, err
		}
	}
	if strings.TrimSpace(c.Words) == "" {
		return parts{}, false, fmt.Errorf("%w: there are no words", ErrNoFont)
	}
	set := func(text string, size int, weight font.Weight, width, lines int) block {
		return p.typer.set(text, style{size, weight, width, lines})
	}
	laid.words = p.typer.fit(c.Words, textWidth, sizings[:])
	laid.speaker = set(c.Speaker, 42, font.WeightSemibold, textWidth, 2)
	laid.role = set(c.Role, 32, font.WeightNormal, textWidth, 2)
	laid.date = set(c.Date, 30, font.WeightNormal, textWidth/2, 1)
	left := textWidth
	if len(laid.date.lines) > 0 {
		left -= width(laid.date.lines[0]) + gap
	}
	laid.source = set(c.Source, 30, font.WeightNormal, left, 1)
	return laid, rightToLeft(c.Words), nil
}

func (s *sheet) fill(r image.Rectangle, c color.Color) {
	draw.Draw(s.RGBA, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// text paints a block at the side where the sheet's words begin, so far from its
// edge, and moves on below it.
func (s *sheet) text(b block, edge int, c color.Color) {
	for _, line := range b.lines {
		x := edge
		if s.rtl {
			x = cardWidth - edge - width(line)
		}
		s.line(b, line, x, c)
		s.y += b.leading()
	}
}

// footer paints the source at the side where the words begin and the date at the other.
func (s *sheet) footer(source, date block) {
	near, far := source, date
	if s.rtl {
		near, far = date, source
	}
	if len(near.lines) > 0 {
		s.line(near, near.lines[0], margin, s.quiet)
	}
	if len(far.lines) > 0 {
		s.line(far, far.lines[0], cardWidth-margin-width(far.lines[0]), s.quiet)
	}
}

// line paints a line from x on; its type stands in the middle of its leading.
func (s *sheet) line(b block, line shaping.Line, x int, c color.Color) {
	s.pen.FontSize, s.pen.Color = float32(b.size), c
	base := s.y + (b.leading()+b.size*7/10)/2
	at := fixed.I(x)
	for _, run := range line {
		s.run(run, b.size, image.Pt(at.Round(), base))
		at += run.Advance
	}
}

// run paints a run on a strip of its own first: the renderer takes time by the
// area of its image for each run, and a hostile text has a run for every letter.
func (s *sheet) run(run shaping.Output, size int, at image.Point) {
	strip := image.NewRGBA(image.Rect(0, 0, run.Advance.Ceil()+2*size, 4*size))
	s.pen.DrawShapedRunAt(run, strip, size, 2*size)
	corner := at.Sub(image.Pt(size, 2*size))
	draw.Draw(s.RGBA, strip.Rect.Add(corner), strip, image.Point{}, draw.Over)
}
