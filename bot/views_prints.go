package bot

import (
	"cmp"
	"strings"

	"github.com/whosaid/whosaid/answer"
)

// Lengths of what is shown of a quote's other prints.
const (
	maxConflicts       = 2 // of an answer
	maxConflictSources = 2 // of a conflict
	lenSource          = 40
)

// lenPlace is the longest line about one print, in UTF-16 units.
const lenPlace = 170

// printsView lists the other articles that print a quote, the earliest first.
func printsView(in voice, a answer.Answer) Message {
	e := Frame{
		Author: speakerLine(in, a.Speaker, a.Kind), Color: blurple,
		Description: Quote(a.Quote, lenQuote/2), Source: titleLink(in, a) + printsLines(in, a), Footer: sourceLine(in, a),
	}
	if a.AlsoIn == 0 {
		e.Source += "\n" + in.say("prints.none")
	}
	var lines []string
	for _, p := range a.Also {
		line := placeLine(in, p)
		if len(lines) == listSize {
			break
		}
		lines = append(lines, "• "+string(line))
	}
	if n := a.AlsoIn - len(lines); n > 0 && len(lines) > 0 {
		lines = append(lines, string(in.several("count.more", n)))
	}
	if len(lines) > 0 {
		e.Fields = []Field{{Name: in.say("prints.title"), Value: Markdown(strings.Join(lines, "\n"))}}
	}
	return Message{Ephemeral: true, Frames: []Frame{e}}
}

// placeLine is one other print: its article, publisher and day.
func placeLine(in voice, p answer.Place) Markdown {
	title := Escape(cmp.Or(p.Title, p.File, in.Get("answer.untitled")), lenPlace/2)
	return placed(linked(title, webURL(p.URL, lenPlace)), lenSource, p.Source, in.day(p.Date))
}

// placed is a title and what else tells the place, each part of at most so many UTF-16 units.
func placed(title Markdown, limit int, parts ...string) Markdown {
	for _, s := range parts {
		if s != "" {
			title += " · " + Escape(s, limit)
		}
	}
	return title
}

// printsLines tell where else a quote was printed and who else is named for
// it, each line after a line break; "" when there is nothing to tell.
func printsLines(in voice, a answer.Answer) Markdown {
	var out strings.Builder
	if a.AlsoIn > 0 {
		parts := []string{string(in.several("prints.also", a.AlsoIn))}
		if day := in.day(a.FirstPrinted); day != "" {
			parts = append(parts, in.label("prints.first", "day", day))
		}
		if a.Longest != "" {
			parts = append(parts, in.label("prints.longer"))
		}
		out.WriteString("\n" + strings.Join(parts, " · "))
	}
	for _, c := range a.Conflicts[:min(len(a.Conflicts), maxConflicts)] {
		if c.Speaker == nil {
			continue
		}
		out.WriteString("\n" + string(in.say("prints.conflict", "speaker", "**"+Escape(c.Speaker.Name, lenName)+"**")))
		for i, s := range c.Sources[:min(len(c.Sources), maxConflictSources)] {
			out.WriteString([]string{": ", ", "}[min(i, 1)] + string(Escape(s, lenSource)))
		}
		if len(c.Sources) > maxConflictSources {
			out.WriteString(" " + ellipsis)
		}
	}
	return Markdown(out.String())
}
