package card

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"log"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
)

// The embedded fonts are Noto's, under the SIL Open Font License (fonts/OFL-*.txt).
//
//go:embed fonts/*.ttf
var embedded embed.FS

const (
	latin  = "Noto Serif"
	arabic = "Noto Naskh Arabic"
)

// fonts finds a face for each rune: an embedded one, else one of the system's.
// It is for one goroutine at a time.
type fonts struct {
	own, system *fontscan.FontMap
	cacheDir    string
	weight      font.Weight
	script      language.Script
	searched    bool // for system fonts
}

func newFonts(cacheDir string) (*fonts, error) {
	quiet := log.New(io.Discard, "", 0)
	f := &fonts{own: fontscan.NewFontMap(quiet), system: fontscan.NewFontMap(quiet), cacheDir: cacheDir}
	for _, entry := range []struct{ file, family string }{
		{"NotoSerif-Regular.ttf", latin}, {"NotoSerif-SemiBold.ttf", latin},
		{"NotoNaskhArabic-Regular.ttf", arabic}, {"NotoNaskhArabic-SemiBold.ttf", arabic},
	} {
		b, err := embedded.ReadFile("fonts/" + entry.file)
		if err != nil {
			return nil, err
		}
		if err := f.own.AddFont(bytes.NewReader(b), entry.file, entry.family); err != nil {
			return nil, fmt.Errorf("reading the font %s: %w", entry.file, err)
		}
	}
	f.use(font.WeightNormal)
	return f, nil
}

// use sets the weight of the faces that are found from now on.
func (f *fonts) use(w font.Weight) {
	f.weight = w
	f.own.SetQuery(fontscan.Query{Families: []string{latin, arabic}, Aspect: font.Aspect{Weight: w}})
	f.system.SetQuery(fontscan.Query{
		Families: []string{"Noto Serif CJK SC", "Noto Serif", fontscan.Serif, fontscan.SansSerif},
		Aspect:   font.Aspect{Weight: w},
	})
}

// SetScript implements shaping.FontmapScript.
func (f *fonts) SetScript(s language.Script) {
	f.script = s
	f.own.SetScript(s)
	f.system.SetScript(s)
}

// ResolveFace implements shaping.Fontmap: it always returns a face, which lacks
// the rune if all do.
func (f *fonts) ResolveFace(r rune) *font.Face {
	own := f.own.ResolveFace(r)
	if has(own, r) || unicode.IsSpace(r) {
		return own
	}
	if !f.searched {
		f.searched = true
		// Without system fonts the embedded ones still draw most texts.
		_ = f.system.UseSystemFonts(f.cacheDir)
	}
	if face := f.system.ResolveFace(r); has(face, r) {
		return face
	}
	return own
}

// has tells whether a face has a glyph for the rune.
func has(face *font.Face, r rune) bool {
	if face == nil {
		return false
	}
	_, ok := face.NominalGlyph(r)
	return ok
}

// shown is the text without the symbols that no font has, such as pictographs.
// A letter, digit or mark that none has is ErrNoFont: without it the words would not be
// the speaker's.
func (f *fonts) shown(text string) (string, error) {
	var out []rune
	for _, r := range text {
		f.SetScript(language.LookupScript(r))
		switch {
		case r == ' ', r == '\u200c', r == '\u200d', has(f.ResolveFace(r), r):
			out = append(out, r)
		case unicode.In(r, unicode.L, unicode.N, unicode.M):
			return "", fmt.Errorf("%w: %q", ErrNoFont, r)
		}
	}
	return strings.Join(strings.Fields(string(out)), " "), nil
}
