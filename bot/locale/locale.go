// Package locale has the texts of the bot in the languages that its interface
// speaks, one data file each: the names and descriptions of commands and
// options, and what members read.
//
// A text is found by its key. It may have holes, like {speaker}, that are
// filled when it is said. What is said of a number is a table of the forms that
// the language has by the Unicode CLDR's plural rules: one and other in English;
// one, few, many and other in Ukrainian.
//
// English has every key; a test holds the others to it, and to Discord's lengths.
// To add a language, copy en.toml, translate, and list it in languages.
package locale

import (
	"embed"
	"fmt"
	"maps"
	"slices"

	"github.com/pelletier/go-toml/v2"
)

//go:embed *.toml
var files embed.FS

// languages are the languages by file, each with the locales of Discord's
// clients that it serves.
var languages = map[string][]string{
	"en": nil, // is what Discord falls back to
	"de": {"de"},
	"fr": {"fr"},
	"es": {"es-ES", "es-419"},
	"uk": {"uk"},
}

// Catalogue is all languages.
type Catalogue struct {
	texts map[string]map[string]string // language → key → text
}

// Load reads the languages, which are part of the binary.
func Load() (*Catalogue, error) {
	c := &Catalogue{texts: map[string]map[string]string{}}
	for language := range languages {
		b, err := files.ReadFile(language + ".toml")
		if err != nil {
			return nil, fmt.Errorf("reading the language %s: %w", language, err)
		}
		var nested map[string]any
		if err := toml.Unmarshal(b, &nested); err != nil {
			return nil, fmt.Errorf("reading the language %s: %w", language, err)
		}
		c.texts[language] = map[string]string{}
		flatten(c.texts[language], "", nested)
	}
	return c, nil
}

// flatten joins the keys of nested tables with dots.
func flatten(into map[string]string, prefix string, table map[string]any) {
	for key, v := range table {
		switch v := v.(type) {
		case string:
			into[prefix+key] = v
		case map[string]any:
			flatten(into, prefix+key+".", v)
		}
	}
}

// Languages lists the languages.
func (c *Catalogue) Languages() []string { return slices.Sorted(maps.Keys(c.texts)) }

// Keys lists the keys of a language.
func (c *Catalogue) Keys(language string) []string {
	return slices.Sorted(maps.Keys(c.texts[language]))
}

// Localizations are the translations of a text by Discord's locale, without
// English, as its commands take them. nil stands for none.
func (c *Catalogue) Localizations(key string) map[string]string {
	var out map[string]string
	for language, locales := range languages {
		text, ok := c.texts[language][key]
		if !ok {
			continue
		}
		for _, l := range locales {
			if out == nil {
				out = map[string]string{}
			}
			out[l] = text
		}
	}
	return out
}
