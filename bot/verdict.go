package bot

import (
	"strings"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/bot/locale"
)

// Lengths of a verdict's parts, in UTF-16 units.
const (
	lenClaim = 700
	lenPrint = 1200
	lenDiff  = 1000 // just under a field's 1024
)

// verdictStyle is how a verdict looks and what it says.
type verdictStyle struct {
	title   Markdown
	colour  int
	meaning Markdown
}

// styleOf returns the look of a verdict.
func styleOf(v answer.Verdict, in locale.Texts) verdictStyle {
	colour, known := map[answer.Verdict]int{
		answer.Verbatim: green, answer.Partial: teal, answer.Altered: amber, answer.Misattributed: red,
	}[v]
	if !known {
		v, colour = answer.NotFound, grey
	}
	key := "verdict." + string(v)
	return verdictStyle{Markdown(in.Get(key + ".title")), colour, Markdown(in.Get(key + ".meaning"))}
}

// verdictView shows what became of a claim: the verdict, the claim, the words as printed in
// their paragraph, what differs, and where it is written; in the language of the
// first of locales that is spoken.
func verdictView(c answer.Check, locales ...string) Message {
	in := texts.For(locales...)
	part := func(key string) Markdown { return Markdown(in.Get("verdict.part." + key)) }
	style := styleOf(c.Verdict, in)
	e := Embed{Title: style.title, Color: style.colour, Description: style.meaning}
	claimed := Field{Name: part("claimed"), Value: claimText(c)}
	if c.Best == nil {
		e.Fields = append(e.Fields, claimed)
		return Message{Embeds: []Embed{e}}
	}
	if who := whoSaid(c, in); who != "" {
		e.Description += "\n" + who
	}
	e.Description += "\n\n" + titleLink(*c.Best) + printsLines(*c.Best)
	e.Fields = append(e.Fields, claimed)
	if d := diffText(c.Diff, lenDiff); d != "" {
		e.Fields = append(e.Fields, Field{Name: part("differs"), Value: d})
	}
	e.Fields = append(e.Fields, Field{Name: part("printed"), Value: inQuoteBlock(marked(best(c).Context, *c.Best, maxFieldValue*3/4))})
	e.Author = speakerLine(c.Best.Speaker, c.Best.Kind)
	e.Footer = sourceLine(*c.Best)
	m := Message{Embeds: []Embed{e}}
	m.Rows = buttonRows(false, contextButton(in.Get("button.context"), *c.Best), cardButton(in.Get("button.picture"), *c.Best), wrongButton("Wrong speaker?", *c.Best))
	return m
}

// best is the check's best answer, its context never empty.
func best(c answer.Check) answer.Answer {
	a := *c.Best
	if a.Context == "" {
		a.Context = a.Quote
	}
	return a
}

// inQuoteBlock sets one line of Markdown as a block quote.
func inQuoteBlock(m Markdown) Markdown { return "> " + m }

// claimText is the claim as it was given.
func claimText(c answer.Check) Markdown {
	m := Quote(c.Claim, lenClaim)
	if c.ClaimedSpeaker != "" {
		m += "\n— " + Escape(c.ClaimedSpeaker, lenName)
	}
	return m
}

// whoSaid names the true speaker when the claim named one.
func whoSaid(c answer.Check, in locale.Texts) Markdown {
	speaker := c.Best.Speaker
	if c.ClaimedSpeaker == "" || speaker == nil || speaker.Name == "" {
		return ""
	}
	key := "verdict.part.is"
	if c.Verdict == answer.Misattributed {
		key = "verdict.part.not"
	}
	bold := func(name string) string { return "**" + string(Escape(name, lenName)) + "**" }
	return Markdown(strings.NewReplacer("{speaker}", bold(speaker.Name), "{claimed}", bold(c.ClaimedSpeaker)).Replace(in.Get(key)))
}

// diffText renders a word diff: words that only the claim has in bold type,
// words that only the print has struck through. It is "" when nothing differs.
// Whole parts are left out from the end so that it fits limit UTF-16 units.
func diffText(diff []answer.DiffPart, limit int) Markdown {
	var out strings.Builder
	differs, n := false, 0
	for _, p := range diff {
		text := oneLine(p.Text)
		if text == "" {
			continue
		}
		s := string(Escape(text, limit/2))
		switch p.Op {
		case answer.Added:
			s, differs = "**"+s+"**", true
		case answer.Dropped:
			s, differs = "~~"+s+"~~", true
		}
		if n > 0 {
			s = " " + s
		}
		if n += units(s); n > limit-2 {
			out.WriteString(" " + ellipsis)
			break
		}
		out.WriteString(s)
	}
	if !differs {
		return ""
	}
	return Markdown(out.String())
}
