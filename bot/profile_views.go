package bot

import (
	"strings"

	"github.com/whosaid/whosaid/answer"
)

// Lengths of a profile's parts, in UTF-16 units.
const (
	lenProfileQuote = 380
	maxRoles        = 6
	listedShares    = 3 // speakers of a topic in words; the chart has more
)

// profileView shows a speaker: roles, counts, a chart, and what of theirs was
// printed most.
func profileView(in voice, p answer.Profile, files []File, tone string) Message {
	e := Frame{
		Color: blurple, Title: Escape(p.Name, lenName),
		Description: "**" + Markdown(tally(in, p.Quotes, p.First, p.Last, p.Periods)) + "**" + rolesLines(in, p),
		Fields:      quotedFields(in, p.Quoted),
	}
	if len(p.Quoted) > 0 && passageID.MatchString(p.Quoted[0].Passage) {
		of := p.Quoted[0]
		e.Buttons = []Button{{Label: in.label("button.answer.about"), ID: actionQuotes + ":" + of.Passage, Emoji: "💬"}}
		if len(files) > 0 {
			e.Buttons = append(e.Buttons, toneButton(in, tone, actionProfile+":"+otherTone(tone)+":"+of.Passage))
		}
		if in.alone {
			what := profileDark
			if tone == toneLight {
				what = profileLight
			}
			e.Buttons = append(e.Buttons, postButton(in, what, of)...)
		}
	}
	return withChart(e, files)
}

// withChart puts the chart, if there is one, into a frame.
func withChart(e Frame, files []File) Message {
	if len(files) > 0 {
		e.Picture = files[0].Name
	}
	return Message{Frames: []Frame{e}, Files: files}
}

// rolesLines list what a speaker was called and when, each on a line of its own.
func rolesLines(in voice, p answer.Profile) Markdown {
	var out strings.Builder
	for _, r := range p.Roles[:min(len(p.Roles), maxRoles)] {
		if strings.EqualFold(r.Name, p.Name) || r.Name == "" {
			continue
		}
		out.WriteString("\n• " + string(Escape(r.Name, lenRole)))
		if days := daysWords(in, r.First, r.Last); days != "" && len(p.Roles) > 1 {
			out.WriteString(" · " + days)
		}
	}
	return Markdown(out.String())
}

// quotedFields show quotes with their sources; those that others printed too are
// called most quoted.
func quotedFields(in voice, quoted []answer.Answer) []Field {
	var out []Field
	for _, a := range quoted {
		key := "profile.said"
		if a.AlsoIn > 0 {
			key = "profile.quoted"
		}
		source := "-# " + titleLine(in, a)
		if a.AlsoIn > 0 {
			source += " · " + in.several("prints.also", a.AlsoIn)
		}
		out = append(out, Field{Name: in.say(key), Value: Quote(a.Quote, lenProfileQuote) + "\n" + source})
		if n := len(out); n > 1 && out[n-2].Name == out[n-1].Name {
			out[n-2].Value += "\n" + out[n-1].Value
			out = out[:n-1]
		}
	}
	return out
}

// titleLine is an article's title, linked where it can be, with publisher and day.
func titleLine(in voice, a answer.Answer) Markdown {
	return placed(linked(titleText(in, a), webURL(a.URL, lenURL/2)), lenPublisher, a.Source, in.day(a.Date))
}

// nobodyView says that nobody of that name was heard, and who is called like it.
func nobodyView(in voice, p answer.Profile) Message {
	e := Frame{Color: grey, Title: in.say("list.nothing.title"), Description: in.say("profile.nobody", "name", "**"+Escape(p.Name, lenName)+"**")}
	var near []string
	for _, n := range p.Near[:min(len(p.Near), 5)] {
		near = append(near, "**"+string(Escape(n, lenName))+"**")
	}
	if len(near) > 0 {
		e.Description += "\n" + in.say("profile.near", "names", Markdown(strings.Join(near, ", ")))
	}
	return Message{Frames: []Frame{e}}
}

// topicView shows who speaks about a topic, when, and in which words.
func topicView(in voice, t answer.Topic, files []File) Message {
	e := Frame{
		Color: blurple, Title: Escape(t.Topic, lenName),
		Description: "**" + Markdown(tally(in, t.Quotes, t.First, t.Last, t.Periods)) + "**",
	}
	for _, s := range t.Speakers[:min(len(t.Speakers), listedShares)] {
		e.Description += "\n• " + speakerLine(in, &s.Speaker, "") + " · " + in.several("count.quotes", s.Quotes)
	}
	for _, a := range t.Quoted {
		e.Fields = append(e.Fields, Field{
			Name:  speakerLine(in, a.Speaker, a.Kind),
			Value: Quote(a.Quote, lenProfileQuote) + "\n-# " + titleLine(in, a),
		})
	}
	return withChart(e, files)
}

// toneButton draws a picture of that tone in the other one.
func toneButton(in voice, tone, id string) Button {
	if tone == toneLight {
		return Button{Label: in.label("button.answer.dark"), ID: id, Emoji: "🌙"}
	}
	return Button{Label: in.label("button.answer.light"), ID: id, Emoji: "☀️"}
}

// otherTone is dark for light and light for dark.
func otherTone(tone string) string {
	if tone == toneLight {
		return toneDark
	}
	return toneLight
}
