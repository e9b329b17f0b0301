package bot

import (
	"strings"
	"time"

	"github.com/whosaid/whosaid/bot/locale"
	"github.com/whosaid/whosaid/corpus"
)

// voice is the bot in one language: its texts, as messages take them.
type voice struct {
	locale.Texts
	// alone says that one member alone hears it, who may want to share what
	// they hear.
	alone bool
}

// speaks returns the voice for the first of the locales that is spoken.
func speaks(locales []string) voice { return voice{Texts: texts.For(locales...)} }

// say is a text of our own with its holes filled: {name} by the value that
// follows "name" in pairs.
func (in voice) say(key string, pairs ...Markdown) Markdown {
	return fill(Markdown(in.Get(key)), pairs)
}

// several is say for what is said of n things; {n} is their number.
func (in voice) several(key string, n int, pairs ...Markdown) Markdown {
	return in.say(in.Form(key, n), append(pairs, "n", in.count(n))...)
}

// label is say for where Discord shows no Markdown.
func (in voice) label(key string, pairs ...string) string {
	return fill(in.Get(key), pairs)
}

// fill fills holes. What fills one is not looked at for others.
func fill[T ~string](text T, pairs []T) T {
	if len(pairs) == 0 {
		return text
	}
	old := make([]string, len(pairs))
	for i, s := range pairs {
		old[i] = string(s)
		if i%2 == 0 {
			old[i] = "{" + old[i] + "}"
		}
	}
	return T(strings.NewReplacer(old...).Replace(string(text)))
}

// count writes a number.
func (in voice) count(n int) Markdown { return Markdown(in.Number(n)) }

// day writes a day, YYYY-MM-DD, as people do; "" if it is none.
func (in voice) day(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return in.Day(t)
}

// size writes a number of bytes in the unit that fits.
func (in voice) size(n int64) string {
	switch {
	case n < 1000:
		return string(in.several("count.bytes", int(n)))
	case n < 1_000_000:
		return in.label("size.kilo", "n", in.Tenths(float64(n)/1e3))
	case n < 1_000_000_000:
		return in.label("size.mega", "n", in.Tenths(float64(n)/1e6))
	}
	return in.label("size.giga", "n", in.Tenths(float64(n)/1e9))
}

// span writes a duration to the second, or to the minute or hour when it is long.
func (in voice) span(d time.Duration) Markdown {
	switch d = d.Round(time.Second); {
	case d < 2*time.Minute:
		return in.several("count.seconds", max(1, int(d.Seconds())))
	case d < 2*time.Hour:
		return in.several("count.minutes", int(d.Minutes()))
	}
	return in.several("count.hours", int(d.Hours()))
}

// refuse is an error that tells the member what is wrong with what they gave.
func (in voice) refuse(key string, pairs ...Markdown) error {
	return &optionError{in.say("refused."+key+".what", pairs...), in.say("refused."+key+".hint", pairs...)}
}

// option is what members call an option of a command, or a field of a form.
func (in voice) option(r Request, name string) Markdown {
	for _, key := range []string{
		"command." + optionKey(strings.ReplaceAll(r.Name, " ", "."), name) + ".name", "form." + r.Name + "." + name,
	} {
		if in.Has(key) {
			return Markdown(in.Get(key))
		}
	}
	return Escape(name, maxName)
}

// Manners are how the bot answers on a server, as its managers decided.
type Manners struct {
	// Language is one of the catalogue's, corpus.LanguageMember, or "" for
	// the one that Discord has for the server.
	Language string
	// Private has answers be seen by who asked alone.
	Private bool
}

// everybodys is the voice for what everybody in the channel reads.
func (r Request) everybodys() voice { return speaks(r.locales()) }

// own is the voice for what the member alone reads.
func (r Request) own() voice {
	in := speaks(r.ownLocales())
	in.alone = true
	return in
}

// ownLocales are the languages, best first, of what the member alone reads.
func (r Request) ownLocales() []string {
	if r.Manners.Language == "" {
		return []string{r.Locale, r.GuildLocale}
	}
	return r.locales()
}

// voice is the one for answers.
func (r Request) voice() voice {
	if r.Manners.Private || r.Alone {
		return r.own()
	}
	return r.everybodys()
}

// locales are the languages, best first, of what everybody in the channel
// reads.
func (r Request) locales() []string {
	switch r.Manners.Language {
	case "":
		return []string{r.GuildLocale, r.Locale}
	case corpus.LanguageMember:
		return []string{r.Locale, r.GuildLocale}
	}
	return []string{r.Manners.Language, r.GuildLocale, r.Locale}
}
