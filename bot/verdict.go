package bot

import (
	"strings"

	"github.com/whosaid/whosaid/answer"
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
func styleOf(v answer.Verdict) verdictStyle {
	switch v {
	case answer.Verbatim:
		return verdictStyle{"✅ Verbatim", green, "These words were printed, word for word."}
	case answer.Partial:
		return verdictStyle{"✂️ Cut short", teal, "The words are real, but they are cut from a longer sentence. Read the rest before you share it."}
	case answer.Altered:
		return verdictStyle{"✏️ Altered", amber, "Something close to this was said, but the words were changed."}
	case answer.Misattributed:
		return verdictStyle{"👤 Wrong speaker", red, "The words are real, but somebody else said them."}
	}
	return verdictStyle{"❔ Not found", grey, "Nothing in the articles I have is close enough. That does not prove that it was never said."}
}

// verdictView shows what became of a claim: the verdict, the claim, the words as printed in
// their paragraph, what differs, and where it is written.
func verdictView(c answer.Check) Message {
	style := styleOf(c.Verdict)
	e := Embed{Title: style.title, Color: style.colour, Description: style.meaning}
	if c.Best == nil {
		e.Fields = append(e.Fields, Field{Name: "Claimed", Value: claimText(c)})
		return Message{Embeds: []Embed{e}}
	}
	if who := whoSaid(c); who != "" {
		e.Description += "\n" + who
	}
	e.Description += "\n\n" + titleLink(*c.Best) + printsLines(*c.Best)
	e.Fields = append(e.Fields, Field{Name: "Claimed", Value: claimText(c)})
	if d := diffText(c.Diff, lenDiff); d != "" {
		e.Fields = append(e.Fields, Field{Name: "What differs (**in the claim only**, ~~in print only~~)", Value: d})
	}
	e.Fields = append(e.Fields, Field{Name: "As printed", Value: inQuoteBlock(marked(best(c).Context, *c.Best, maxFieldValue*3/4))})
	e.Author = speakerLine(c.Best.Speaker, c.Best.Kind)
	e.Footer = sourceLine(*c.Best)
	m := Message{Embeds: []Embed{e}}
	if b := contextButton("Context", *c.Best); b != nil {
		m.Rows = [][]Button{b}
	}
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
func whoSaid(c answer.Check) Markdown {
	speaker := c.Best.Speaker
	switch {
	case c.ClaimedSpeaker == "" || speaker == nil || speaker.Name == "":
		return ""
	case c.Verdict == answer.Misattributed:
		return "It was **" + Escape(speaker.Name, lenName) + "**, not **" + Escape(c.ClaimedSpeaker, lenName) + "**."
	}
	return "The speaker is **" + Escape(speaker.Name, lenName) + "**."
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
