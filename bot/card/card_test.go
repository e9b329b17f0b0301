package card

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var pictures = flag.String("pictures", "", "folder to write the cards of the tests to, for looking at them")

// painter is one painter for all tests, since loading fonts takes a while.
var painter = func() func(testing.TB) *Painter {
	dir, _ := os.MkdirTemp("", "whosaid-card-")
	p, err := New(dir)
	os.RemoveAll(dir)
	return func(t testing.TB) *Painter {
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}()

func halden() Card {
	return Card{
		Words: "“The lighthouse stays open all winter, whatever the council may say about it.”", Speaker: "Mira Halden",
		Role: "harbour master of Tarn", Source: "The Tarn Gazette", Date: "3 May 2024", Verbatim: true,
	}
}

func with(change func(*Card)) Card {
	c := halden()
	change(&c)
	return c
}

// cards are what the tests draw, by name.
func cards() map[string]Card {
	long := strings.Repeat("We counted every lamp along the quay, and then we counted the keepers who still climb the stairs at night. ", 7)
	return map[string]Card{
		"english": halden(),
		"dark":    with(func(c *Card) { c.Dark = true }),
		"short":   with(func(c *Card) { c.Words = "“No.”" }),
		"long":    with(func(c *Card) { c.Words = long }),
		"endless": with(func(c *Card) { c.Words = strings.Repeat(long, 9); c.Dark = true }),
		"reported": with(func(c *Card) {
			c.Words, c.Verbatim, c.Role = "the boats would be moved to the inner basin before the first frost", false, ""
		}),
		"unknown": {Words: "“Somebody left the door open.”", Speaker: "Speaker unknown", Verbatim: true},
		"ukrainian": with(func(c *Card) {
			c.Words, c.Speaker, c.Role, c.Source, c.Date = "«Маяк працюватиме всю зиму, і ґанок ми теж освітимо, — їй-богу!»", "Марта Єременко", "начальниця порту Тарн", "Тарнський вісник", "3 травня 2024 р."
		}),
		"arabic": with(func(c *Card) {
			c.Words, c.Speaker, c.Role, c.Source, c.Date = "«ستبقى المنارة مفتوحة طوال الشتاء مهما قال المجلس، وسنضيء الرصيف أيضًا في عام 2024»", "ميرا هالدن", "مديرة ميناء تارن", "جريدة تارن", "3 مايو 2024"
		}),
		"arabic_in_english": with(func(c *Card) {
			c.Words = "“They called it المنارة المفتوحة and nobody (nobody!) asked why.”"
		}),
		"one_word": with(func(c *Card) { c.Words = strings.Repeat("Donaudampfschifffahrt", 12) }),
		"long_names": with(func(c *Card) {
			c.Speaker = "Maria Theodora Konstantina Papadopoulou-Schwarzenberg of the Upper and Lower Harbours"
			c.Role = strings.Repeat("deputy assistant commissioner for the coastal lights and ", 3) + "buoys"
			c.Source = strings.Repeat("The Independent Weekly Gazette of the Northern Isles ", 3)
		}),
		"pictographs": with(func(c *Card) { c.Words = "“Light 💡 on, 🚢 home” 👩‍👩‍👧‍👦" }),
		"turned": with(func(c *Card) {
			c.Words = "“Safe \u202egnirts\u202c \u2067abc\u2069 text\u200b with\u0000 hidden\ufeff marks\u2028and lines”"
		}),
		"zalgo": with(func(c *Card) { c.Words = "“Z" + strings.Repeat("\u0335\u0321\u030a", 60) + "algo stays a word.”" }),
	}
}

// TestCards draws every card and looks at it as far as a program can: it has the size it should, its ink stays
// inside the frame, and no glyph is the box that fonts show for what they lack.
func TestCards(t *testing.T) {
	p := painter(t)
	for name, c := range cards() {
		t.Run(name, func(t *testing.T) {
			img := decoded(t, p, c, name)
			size := img.Bounds().Size()
			if size.X != cardWidth || size.Y < minHeight || size.Y > 1800 {
				t.Errorf("its size is %v", size)
			}
			checkInk(t, img, coloursOf(c.Dark).ground)
			checkGlyphs(t, p, c)
		})
	}
}

func decoded(t *testing.T, p *Painter, c Card, name string) image.Image {
	t.Helper()
	b, err := p.PNG(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if *pictures != "" {
		if err := os.WriteFile(filepath.Join(*pictures, name+".png"), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if len(b) > 2<<20 {
		t.Errorf("it takes %d bytes", len(b))
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// checkInk wants something drawn between the margins, and nothing but the bar in them.
func checkInk(t *testing.T, img image.Image, ground color.Color) {
	t.Helper()
	const slack = 24 // letters may lean out of their line a little
	bounds := img.Bounds()
	inner := image.Rect(margin-slack, slack, cardWidth-margin+slack, bounds.Max.Y-slack)
	inside := 0
	r0, g0, b0, _ := ground.RGBA()
	for y := range bounds.Max.Y {
		for x := barWidth; x < bounds.Max.X-barWidth; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r == r0 && g == g0 && b == b0 {
				continue
			}
			if !image.Pt(x, y).In(inner) {
				t.Fatalf("there is ink at %d, %d, outside the frame %v", x, y, inner)
			}
			inside++
		}
	}
	if share := float64(inside) / float64(bounds.Dx()*bounds.Dy()); share < 0.005 || share > 0.4 {
		t.Errorf("%.3f of the card is ink", share)
	}
}

// checkGlyphs wants a real glyph for everything, and the words' lines no wider than the card.
func checkGlyphs(t *testing.T, p *Painter, c Card) {
	t.Helper()
	laid, _, err := p.lay(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []block{laid.words, laid.speaker, laid.role, laid.source, laid.date} {
		for _, line := range b.lines {
			if w := width(line); w > b.width {
				t.Errorf("a line is %d pixels wide, of %d", w, b.width)
			}
			for _, run := range line {
				for _, g := range run.Glyphs {
					if g.GlyphID == 0 {
						t.Errorf("a letter is shown as a box (rune %d)", g.TextIndex())
					}
				}
			}
		}
	}
}

// TestSameCardSamePicture: nothing in a picture depends on what was drawn before.
func TestSameCardSamePicture(t *testing.T) {
	p := painter(t)
	first, err := p.PNG(t.Context(), halden())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.PNG(t.Context(), cards()["arabic"]); err != nil {
		t.Fatal(err)
	}
	if again, err := p.PNG(t.Context(), halden()); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the card looks different the second time (error %v)", err)
	}
}

// TestFits: a text that a newspaper would print as one quote is shown whole.
func TestFits(t *testing.T) {
	p := painter(t)
	for name, c := range cards() {
		if laid, _, err := p.lay(c); err != nil || laid.words.truncated != (name == "endless") && name != "endless" {
			t.Errorf("%s: truncated %v, error %v", name, laid.words.truncated, err)
		}
	}
}

// TestSides: a text from right to left begins at the right.
func TestSides(t *testing.T) {
	for text, want := range map[string]bool{"“Light”": false, "«ستبقى»": true, "2024 ستبقى": true, "“They said ستبقى”": false, "שלום": true, "": false} {
		if rightToLeft(text) != want {
			t.Errorf("rightToLeft(%q) = %v", text, !want)
		}
	}
}

// TestSystemFonts: scripts beyond the embedded fonts are drawn where the system can, else refused.
func TestSystemFonts(t *testing.T) {
	p := painter(t)
	for name, words := range map[string]string{
		"japanese": "「灯台は冬の間ずっと開いています。議会が何を言おうとも、私たちは岸壁も照らします」",
		"chinese":  "“无论议会怎么说，灯塔整个冬天都会开放。”",
		"georgian": "„შუქურა მთელი ზამთარი ღიაა“",
		"hindi":    "“प्रकाशस्तंभ पूरी सर्दी खुला रहेगा”",
	} {
		t.Run(name, func(t *testing.T) {
			c := with(func(c *Card) { c.Words = words })
			if _, err := p.PNG(t.Context(), c); errors.Is(err, ErrNoFont) {
				t.Skipf("the system has no font for it: %v", err)
			}
			checkInk(t, decoded(t, p, c, name), coloursOf(false).ground)
			checkGlyphs(t, p, c)
		})
	}
}

// TestRefuses: what can't be shown truly is not shown.
func TestRefuses(t *testing.T) {
	p := painter(t)
	for name, words := range map[string]string{
		"nothing": "", "only what is hidden": "\u200b\u202e\ufeff", "only pictographs nobody has": "\U0001FAE8", "letters that no font has": "a \U00012000 b",
	} {
		if _, err := p.PNG(t.Context(), Card{Words: words}); !errors.Is(err, ErrNoFont) {
			t.Errorf("%s: error %v, want ErrNoFont", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	<-p.turn // somebody else draws
	defer func() { p.turn <- struct{}{} }()
	if _, err := p.PNG(ctx, halden()); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting ended with %v", err)
	}
}

// TestHostile: whatever a text holds, it is drawn or refused soon.
func TestHostile(t *testing.T) {
	p := painter(t)
	for name, unit := range map[string]string{
		"turns": "\u202ea\u202db", "isolates": "\u2066\u2067א", "marks": "a\u0300\u0301\u0302\u0303\u0304", "joiners": "ا\u200d\u200c\u200d",
		"brackets": "([{", "ideographs": "a漢", "broken": "\xff\xfe", "alternating": "aب1", "unbreakable": "W\u00a0", "ligatures": "ﷺffi", "jamo": "ᄀ", "newlines": "\n\u2028",
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			b, err := p.PNG(t.Context(), Card{Words: strings.Repeat(unit, 4000), Speaker: strings.Repeat(unit, 4000)})
			if err == nil && len(b) == 0 || err != nil && !errors.Is(err, ErrNoFont) {
				t.Errorf("%d bytes, error %v", len(b), err)
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	f.Add("“a\u202e\u0300\u0300\u0300\u0300\u0300\u0300b\u200d\u200d”\n", 10)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = 2 + (limit%300+300)%300
		got := clean(text, limit)
		if n := len([]rune(got)); n > limit {
			t.Errorf("%d runes, over %d", n, limit)
		}
		if strings.ContainsAny(got, "\n\r\t\u202e\u202d\u2066\u2067\u200b\x00") {
			t.Errorf("%q has characters that it must not", got)
		}
	})
}

func BenchmarkCard(b *testing.B) {
	p := painter(b)
	for name, c := range map[string]Card{"short": halden(), "endless": cards()["endless"], "arabic": cards()["arabic"]} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := p.PNG(b.Context(), c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
