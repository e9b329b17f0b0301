package card

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"strconv"

	"github.com/go-text/typesetting/font"
)

// ErrNoData says that a chart has nothing to show.
var ErrNoData = errors.New("there is nothing to draw")

// Chart shows how many quotes there are, over time and by speaker. The libraries
// that draw charts set text letter by letter, which no Arabic name survives, so
// it is drawn with the means of the cards.
type Chart struct {
	Title, Subtitle string
	Columns         []Column // over time; at most maxColumns are drawn
	Spans           []Span   // below them; at most maxSpans are drawn
	Rows            []Row    // by speaker; at most maxRows are drawn
	Dark            bool
}

// Column is a period.
type Column struct {
	Label string
	Value int
}

// Span is a role, and the columns from which to which it was held.
type Span struct {
	Name     string
	From, To int
}

// Row is a speaker. Note is small and may be empty.
type Row struct {
	Name, Note string
	Value      int
}

// Measures of a chart, in pixels.
const (
	maxColumns  = 60
	maxSpans    = 6
	maxRows     = 8
	maxValue    = 1e12 // so that no product overflows
	plotHeight  = 320
	widest      = 96 // a column
	rowHeight   = 92
	spanHeight  = 82
	spanThick   = 14
	tickSize    = 32  // of the type at the axes; a phone shows it at a quarter of that
	axisWidth   = 100 // left of the plot, for the numbers
	chartMargin = 60
	plotWidth   = cardWidth - 2*chartMargin - axisWidth
	nameWidth   = 460
	labelWidth  = 260
)

// Chart draws a chart as a PNG. It fails with ErrNoData, with ErrNoFont, or when ctx ends before
// it was its turn.
func (p *Painter) Chart(ctx context.Context, c Chart) ([]byte, error) {
	return p.png(ctx, "a chart", func() (*image.RGBA, error) { return p.drawChart(c) })
}

// label sets text in one line; what has no font is left out, since a chart tells
// its story without a name too.
func (p *Painter) label(text string, size, width int, weight font.Weight) block {
	shown, err := p.typer.fonts.shown(clean(text, maxName))
	if err != nil {
		shown = "?"
	}
	return p.typer.set(shown, style{size, weight, width, 1})
}

func (p *Painter) drawChart(c Chart) (*image.RGBA, error) {
	columns, rows := slices.Clone(c.Columns[:min(len(c.Columns), maxColumns)]), slices.Clone(c.Rows[:min(len(c.Rows), maxRows)])
	for i := range columns {
		columns[i].Value = min(max(columns[i].Value, 0), maxValue)
	}
	spans := c.Spans[:min(len(c.Spans), maxSpans)]
	for i := range rows {
		rows[i].Value = min(max(rows[i].Value, 0), maxValue)
	}
	top := slices.MaxFunc(append([]Column{{}}, columns...), func(a, b Column) int { return a.Value - b.Value }).Value
	if top <= 0 && len(rows) == 0 {
		return nil, ErrNoData
	}
	const full = cardWidth - 2*chartMargin
	title := p.label(c.Title, 54, full, font.WeightSemibold)
	subtitle := p.label(c.Subtitle, 36, full, font.WeightNormal)
	height := chartMargin + title.height() + subtitle.height() + chartMargin/2
	if top > 0 {
		height += plotHeight + chartMargin*3/2 + len(spans)*spanHeight
	}
	height += len(rows)*rowHeight + chartMargin/2
	s := &sheet{RGBA: image.NewRGBA(image.Rect(0, 0, cardWidth, height)), colours: coloursOf(c.Dark), rtl: title.rtl}
	s.fill(s.Rect, s.ground)
	s.y = chartMargin / 2
	s.text(title, chartMargin, s.words)
	s.text(subtitle, chartMargin, s.quiet)
	s.y += chartMargin / 2
	if top > 0 {
		p.plot(s, columns, top)
		p.spans(s, spans, len(columns))
		s.y += chartMargin / 2
	}
	p.bars(s, rows)
	return s.RGBA, nil
}

// plot paints the columns over time, with a line across for each step of the axis.
func (p *Painter) plot(s *sheet, columns []Column, top int) {
	step := niceStep(top)
	most := (top + step - 1) / step * step
	left, base := chartMargin+axisWidth, s.y+chartMargin/2+plotHeight
	up := func(value int) int { return base - plotHeight*value/most }
	for v := 0; v <= most; v += step {
		s.fill(image.Rect(left, up(v)-1, left+plotWidth, up(v)+1), s.rule)
		s.center(p.label(strconv.Itoa(v), tickSize, axisWidth, font.WeightNormal), left-axisWidth/2, up(v)-tickSize*31/40, s.quiet)
	}
	slot := plotWidth / len(columns)
	thick := min(max(slot*7/10, 2), widest)
	every := labelEvery(p, columns, slot)
	for i, c := range columns {
		middle := left + slot*i + slot/2
		bar := image.Rect(middle-thick/2, up(c.Value), middle-thick/2+thick, base)
		s.fill(bar, s.accent)
		if slot >= 2*tickSize && c.Value > 0 && len(columns) <= 20 {
			s.center(p.label(strconv.Itoa(c.Value), tickSize, labelWidth, font.WeightSemibold), middle, bar.Min.Y-tickSize*31/20, s.words)
		}
		if i%every == 0 {
			s.center(p.label(c.Label, tickSize, labelWidth, font.WeightNormal), middle, base+8, s.quiet)
		}
	}
	s.y = base + chartMargin
}

// spans paints what lasted from one column to another, each with its name above.
func (p *Painter) spans(s *sheet, spans []Span, columns int) {
	const left = chartMargin + axisWidth
	slot := plotWidth / columns
	for _, span := range spans {
		from := min(max(span.From, 0), columns-1)
		to := min(max(span.To, from), columns-1)
		bar := image.Rect(left+slot*from+slot/8, 0, left+slot*(to+1)-slot/8, spanThick).Add(image.Pt(0, s.y+spanHeight-spanThick-12))
		if name := p.label(span.Name, tickSize, plotWidth, font.WeightNormal); len(name.lines) > 0 {
			x := min(bar.Min.X, left+plotWidth-width(name.lines[0]))
			s.line(name, name.lines[0], x, s.words)
		}
		s.fill(bar, s.accent)
		s.y += spanHeight
	}
}

// labelEvery is how many columns share one label, so that none touches the next;
// the longest label stands for all.
func labelEvery(p *Painter, columns []Column, slot int) int {
	longest := slices.MaxFunc(columns, func(a, b Column) int { return len(a.Label) - len(b.Label) })
	b := p.label(longest.Label, tickSize, labelWidth, font.WeightNormal)
	if len(b.lines) == 0 {
		return 1
	}
	return (width(b.lines[0])+tickSize)/slot + 1
}

// center paints a line around x, its leading from y on.
func (s *sheet) center(b block, x, y int, c color.Color) {
	if len(b.lines) == 0 {
		return
	}
	s.y, y = y, s.y
	w := width(b.lines[0])
	s.line(b, b.lines[0], min(max(x-w/2, chartMargin/2), cardWidth-chartMargin/2-w), c)
	s.y = y
}

// bars paints a bar for each row, beside its name.
func (p *Painter) bars(s *sheet, rows []Row) {
	most := 1
	for _, r := range rows {
		most = max(most, r.Value)
	}
	const left = chartMargin + nameWidth + 30
	number := func(n int) block { return p.label(strconv.Itoa(n), 36, 320, font.WeightSemibold) }
	room := cardWidth - chartMargin - left - width(number(most).lines[0]) - 14
	for _, r := range rows {
		y := s.y
		name := p.label(r.Name, 34, nameWidth, font.WeightSemibold)
		note := p.label(r.Note, 26, nameWidth, font.WeightNormal)
		s.y += (rowHeight - name.height() - note.height()) / 2
		for i, b := range []block{name, note} {
			if len(b.lines) == 0 {
				continue
			}
			colour := s.words
			if i > 0 {
				colour = s.quiet
			}
			s.line(b, b.lines[0], chartMargin+nameWidth-width(b.lines[0]), colour)
			s.y += b.leading()
		}
		bar := image.Rect(left, y+20, left+max(room*r.Value/most, 3), y+rowHeight-20)
		s.fill(bar, s.accent)
		n := number(r.Value)
		s.y = y + (rowHeight-n.height())/2
		s.line(n, n.lines[0], bar.Max.X+14, s.words)
		s.y = y + rowHeight
	}
}

// niceStep is the distance of an axis' lines: 1, 2 or 5 times a power of ten, so
// that there are three to six of them.
func niceStep(top int) int {
	for power := 1; ; power *= 10 {
		for _, n := range []int{1, 2, 5} {
			if step := n * power; top <= 5*step {
				return step
			}
		}
	}
}
