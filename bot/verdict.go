package bot

import (
	"strings"

	"github.com/whosaid/whosaid/answer"
)

// Lengths of a verdict's parts, in UTF-16 units.
const (
	lenClaim = 500
	lenPrint = 750 // a quarter more with what stands around it
	lenDiff  = 800
)

// verdictStyle is how a verdict looks and what it says.
type verdictStyle struct {
	title   Markdown
	colour  int
	meaning Markdown
}

// styleOf returns the look of a verdict.
func styleOf(in voice, v answer.Verdict) verdictStyle {
	colour, known := map[answer.Verdict]int{
		answer.Verbatim: green, answer.Partial: teal, answer.Altered: amber, answer.Misattributed: red,
	}[v]
	if !known {
		v, colour = answer.NotFound, grey
	}
	key := "verdict." + string(v)
	return verdictStyle{in.say(key + ".title"), colour, in.say(key + ".meaning")}
}

// verdictView shows what became of a claim: in one frame the verdict, the claim and
// what differs, in another the words as printed in their paragraph and where that is.
func verdictView(in voice, c answer.Check) Message {
	part := func(key string) Markdown { return in.say("verdict.part." + key) }
	style := styleOf(in, c.Verdict)
	e := Frame{Title: style.title, Color: style.colour, Description: style.meaning}
	e.Fields = append(e.Fields, Field{Name: part("claimed"), Value: claimText(c)})
	if c.Best == nil {
		return Message{Frames: []Frame{e}}
	}
	if who := whoSaid(in, c); who != "" {
		e.Description += "\n" + who
	}
	if d := diffText(c.Diff, lenDiff); d != "" {
		e.Fields = append(e.Fields, Field{Name: part("differs"), Value: d})
	}
	printed := "-# " + part("printed") + "\n" + inQuoteBlock(marked(best(c).Context, *c.Best, lenPrint))
	return Message{Frames: []Frame{e, {
		Author:      speakerLine(in, c.Best.Speaker, c.Best.Kind),
		Description: printed,
		Source:      titleLink(in, *c.Best) + printsLines(in, *c.Best),
		Footer:      sourceLine(in, *c.Best),
		Color:       style.colour,
		Beside:      aboutButton(in, *c.Best),
		Buttons:     leadOn(in, *c.Best),
	}}}
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
func whoSaid(in voice, c answer.Check) Markdown {
	speaker := c.Best.Speaker
	if c.ClaimedSpeaker == "" || speaker == nil || speaker.Name == "" {
		return ""
	}
	key := "verdict.part.is"
	if c.Verdict == answer.Misattributed {
		key = "verdict.part.not"
	}
	bold := func(name string) Markdown { return "**" + Escape(name, lenName) + "**" }
	return in.say(key, "speaker", bold(speaker.Name), "claimed", bold(c.ClaimedSpeaker))
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
