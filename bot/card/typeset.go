package card

import (
	"cmp"
	"slices"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// typesetter breaks text into lines of shaped glyphs. It is for one goroutine at a time.
type typesetter struct {
	fonts     *fonts
	shaper    shaping.HarfbuzzShaper
	segmenter shaping.Segmenter
}

func newTypesetter(cacheDir string) (*typesetter, error) {
	f, err := newFonts(cacheDir)
	if err != nil {
		return nil, err
	}
	return &typesetter{fonts: f}, nil
}

// style is how a part of a card is set; sizes and lengths are in pixels.
type style struct {
	size   int
	weight font.Weight
	width  int
	lines  int // at most
}

// block is text, broken into lines.
type block struct {
	style
	lines     []shaping.Line // the runs of each from left to right
	rtl       bool
	truncated bool
}

// leading is the distance of two base lines. It leaves room for Arabic, whose
// letters reach further up and down than Latin ones.
func (s style) leading() int { return s.size * 31 / 20 }

func (b block) height() int { return len(b.lines) * b.leading() }

// set breaks text into lines. Text that needs more lines than the style has ends in
// an ellipsis.
func (t *typesetter) set(text string, s style) block {
	b := block{style: s, rtl: rightToLeft(text)}
	if text == "" {
		return b
	}
	t.fonts.use(s.weight)
	config := shaping.WrapConfig{TruncateAfterLines: s.lines, BreakPolicy: shaping.WhenNecessary}
	if b.rtl {
		config.Direction = di.DirectionRTL
	}
	config.Truncator = t.shape([]rune(ellipsis), s, config.Direction)[0]
	runes := []rune(text)
	var wrapper shaping.LineWrapper
	lines, cut := wrapper.WrapParagraph(config, s.width, runes, shaping.NewSliceIterator(t.shape(runes, s, config.Direction)))
	for _, line := range lines {
		visual := slices.Clone(line)
		slices.SortStableFunc(visual, func(x, y shaping.Output) int { return cmp.Compare(x.VisualIndex, y.VisualIndex) })
		b.lines = append(b.lines, visual)
	}
	b.truncated = cut > 0
	return b
}

// shape turns text into runs of one font, script and direction each.
func (t *typesetter) shape(text []rune, s style, direction di.Direction) []shaping.Output {
	runs := t.segmenter.Split(shaping.Input{
		Text: text, RunEnd: len(text), Direction: direction, Size: fixed.I(s.size),
		Language: language.NewLanguage("en"),
	}, t.fonts)
	out := make([]shaping.Output, len(runs))
	for i, run := range runs {
		out[i] = t.shaper.Shape(run)
	}
	return out
}

// width is the length of a line in pixels, rounded up.
func width(line shaping.Line) int {
	var sum fixed.Int26_6
	for _, run := range line {
		sum += run.Advance
	}
	return sum.Ceil()
}

// fit sets text as large as its length allows: the first of sizes in which it
// takes no more height than that size may. The last size takes what fits.
func (t *typesetter) fit(text string, width int, sizes []sizing) block {
	var b block
	for _, z := range sizes {
		s := style{size: z.size, weight: font.WeightNormal, width: width}
		s.lines = z.height / s.leading()
		if b = t.set(text, s); !b.truncated {
			break
		}
	}
	return b
}

// sizing is a size of type and how high a block of it may become, in pixels.
type sizing struct{ size, height int }
