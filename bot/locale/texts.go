package locale

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Texts are the texts in one language. The zero value has none: it says the
// keys themselves.
type Texts struct {
	Language string
	own      map[string]string
	english  map[string]string
}

// For returns the texts in the language of the first of Discord's locales
// ("de", "es-419") that is spoken, or in English.
func (c *Catalogue) For(locales ...string) Texts {
	for _, l := range locales {
		language, _, _ := strings.Cut(l, "-")
		if own, ok := c.texts[language]; ok {
			return Texts{language, own, c.texts["en"]}
		}
	}
	return Texts{"en", c.texts["en"], c.texts["en"]}
}

// Get returns a text, in English if the language lacks it, and the key itself if
// that does too.
func (t Texts) Get(key string) string {
	if s, ok := t.own[key]; ok {
		return s
	}
	if s, ok := t.english[key]; ok {
		return s
	}
	return key
}

// Has tells whether there is a text of that key, in the language or in English.
func (t Texts) Has(key string) bool {
	_, own := t.own[key]
	_, english := t.english[key]
	return own || english
}

// Form is the key of the form of a text that goes with n things.
func (t Texts) Form(key string, n int) string {
	if n < 0 {
		n = -n
	}
	form := key + "." + forms[plural.Cardinal.MatchPlural(t.tag(), n, 0, 0, 0, 0)]
	if _, ok := t.own[form]; ok {
		return form
	}
	return key + ".other"
}

// forms are the CLDR's names of plural forms.
var forms = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// Forms are the plural forms that the language tells apart.
func (t Texts) Forms() []string {
	var out []string
	seen := map[string]bool{}
	for n := range 200 {
		if f := forms[plural.Cardinal.MatchPlural(t.tag(), n, 0, 0, 0, 0)]; !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	return out
}

// Number writes a number with its thousands apart, as the language does.
func (t Texts) Number(n int) string {
	return message.NewPrinter(t.tag()).Sprint(number.Decimal(n))
}

// Tenths writes a number with one decimal.
func (t Texts) Tenths(x float64) string {
	return message.NewPrinter(t.tag()).Sprint(number.Decimal(x, number.Scale(1)))
}

// Day writes a day as the language does.
func (t Texts) Day(day time.Time) string {
	form := "date.day"
	if day.Day() == 1 && t.Has("date.first") {
		form = "date.first"
	}
	return strings.NewReplacer(
		"{day}", fmt.Sprint(day.Day()), "{year}", fmt.Sprintf("%04d", day.Year()),
		"{month}", t.Get(fmt.Sprintf("date.month.%d", day.Month())),
	).Replace(t.Get(form))
}

// tag is the language as golang.org/x/text knows it.
func (t Texts) tag() language.Tag {
	tag, err := language.Parse(t.Language)
	if err != nil {
		return language.English
	}
	return tag
}
