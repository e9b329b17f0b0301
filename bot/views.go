package bot

import (
	"cmp"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/quote"
)

// Colours of embeds, chosen to be told apart on Discord's light and dark
// background and, with their words beside them, by everybody.
const (
	blurple = 0x5865F2
	green   = 0x2E9E5B
	teal    = 0x1A9C9C
	amber   = 0xE0A100
	red     = 0xD64545
	grey    = 0x80848E
)

// Lengths that views give their parts, in UTF-16 units, so that a message stays
// within maxText.
const (
	lenHeading   = 300 // what stands above a page of answers
	lenQuestion  = 200
	lenQuote     = 1500
	lenQuoteLow  = 300 // what a quote gets before its source is told in short
	lenTitle     = 200
	lenURL       = 400
	lenName      = 100
	lenRole      = 100
	lenPublisher = 100
)

// listView shows one page of answers to a question or filter.
func listView(in voice, l listing, reply answer.Reply, offset int) Message {
	if len(reply.Answers) == 0 {
		return nothingView(in, l, reply.Query, offset)
	}
	var m Message
	shown := reply.Answers[:min(len(reply.Answers), pageSize)]
	m.Content = listHeading(in, l, offset, len(shown), max(reply.Total, offset+len(shown))) + understood(in, l, reply.Query)
	for _, a := range shown {
		m.Frames = append(m.Frames, answerFrame(in, a, (maxText-lenHeading)/len(shown)))
	}
	return m
}

// listHeading says what was asked and which part of the answers is shown.
func listHeading(in voice, l listing, offset, shown, total int) Markdown {
	which := in.several("count.quotes", total)
	switch from := in.count(offset + 1); {
	case shown == total:
	case shown == 1:
		which = in.say("list.one-of", "from", from, "total", in.count(total))
	default:
		which = in.say("list.range", "from", from, "to", in.count(offset+shown), "total", in.count(total))
	}
	return in.say("list.for", "which", which, "asked", asked(in, l))
}

// asked puts a listing in words.
func asked(in voice, l listing) Markdown {
	if l.Command != cmdQuotes {
		return "“" + Escape(l.Text, lenQuestion) + "”"
	}
	var parts []string
	bold := func(s string) Markdown { return "**" + Escape(s, lenName) + "**" }
	if l.Speaker != "" {
		parts = append(parts, string(bold(l.Speaker)))
	}
	for _, p := range []struct{ key, what string }{
		{"list.about", l.About}, {"list.in", l.Publisher}, {"list.from", in.day(l.From)}, {"list.to", in.day(l.To)},
	} {
		if p.what != "" {
			parts = append(parts, string(in.say(p.key, "what", bold(p.what))))
		}
	}
	return Markdown(strings.Join(parts, " "))
}

// nothingView says that the corpus doesn't answer, and offers no substitute.
func nothingView(in voice, l listing, q answer.Query, offset int) Message {
	if offset > 0 {
		return Message{Content: in.say("list.further", "asked", asked(in, l))}
	}
	hint := in.say("list.nothing.reworded")
	if l.Command == cmdQuotes {
		hint = in.say("list.nothing.widened")
	}
	return Message{Frames: []Frame{{
		Color:       grey,
		Title:       in.say("list.nothing.title"),
		Description: in.say("list.nothing.text", "asked", asked(in, l)) + understood(in, l, q) + "\n" + hint,
	}}}
}

// answerFrame shows one quote with its evidence: words, speaker, role, title,
// publisher and day, in about limit UTF-16 units; with the buttons that lead on from it.
func answerFrame(in voice, a answer.Answer, limit int) Frame {
	e := Frame{Author: speakerLine(in, a.Speaker, a.Kind), Footer: sourceLine(in, a), Color: blurple}
	limit -= units(string(e.Author)) + units(e.Footer) + 20
	room := 0
	for _, e.Source = range []Markdown{titleLink(in, a) + printsLines(in, a), titleLink(in, a), bareTitle(in, a)} {
		if room = limit - units(string(e.Source)); room >= lenQuoteLow {
			break
		}
	}
	e.Description = Quote(a.Quote, min(room, lenQuote))
	e.Beside, e.Buttons = aboutButton(in, a), leadOn(in, a)
	return e
}

// leadOn are the buttons of an answer; they are one row.
func leadOn(in voice, a answer.Answer) []Button {
	buttons := slices.Concat(contextButton(in, a), cardButton(in, a))
	if in.alone {
		buttons = append(buttons, postButton(in, postQuote, a)...)
	}
	return slices.Concat(buttons, printsButton(in, a), wrongButton(in, a))
}

// aboutButton leads to the profile of the speaker of an answer; nil if nobody is
// known to have said it.
func aboutButton(in voice, a answer.Answer) *Button {
	if a.Speaker == nil || a.Speaker.Name == "" || a.Kind == string(answerParagraph) || !passageID.MatchString(a.Passage) {
		return nil
	}
	return &Button{Label: in.label("button.answer.profile"), ID: actionAbout + ":" + a.Passage, Emoji: "👤"}
}

// printsButton leads to the other articles that print an answer, if there are any.
func printsButton(in voice, a answer.Answer) []Button {
	if a.AlsoIn == 0 || !passageID.MatchString(a.Passage) {
		return nil
	}
	return []Button{{Label: in.label("button.answer.prints"), ID: actionPrints + ":" + a.Passage, Emoji: "🗞️"}}
}

// speakerLine names a speaker with their role. Unknown beats wrong.
func speakerLine(in voice, s *quote.Speaker, kind string) Markdown {
	switch {
	case s == nil && kind == string(answerParagraph):
		return "**" + in.say("answer.article") + "**"
	case s == nil || s.Name == "":
		return "**" + in.say("answer.unknown") + "**"
	case s.Role == "" || strings.EqualFold(s.Role, s.Name):
		return "**" + Escape(s.Name, lenName) + "**"
	}
	return "**" + Escape(s.Name, lenName) + "** · " + Escape(s.Role, lenRole)
}

// speakerChoice tells speakers of like names apart, in a line of suggestions.
func speakerChoice(in voice, s Speaker) string {
	name := s.Name
	if s.Role != "" {
		name += " · " + Plain(s.Role, maxChoice/3)
	}
	if s.Quotes > 1 {
		name += " · " + string(in.several("count.quotes", s.Quotes))
	}
	return name
}

// answerParagraph is the kind of an answer that is a paragraph, not a quote.
const answerParagraph quote.Kind = "paragraph"

// titleLink is an article's title, linked if the URL can be trusted to be one.
func titleLink(in voice, a answer.Answer) Markdown {
	return "**" + linked(titleText(in, a), webURL(a.URL, lenURL)) + "**"
}

// linked is a text that leads to an address, if there is one.
func linked(text Markdown, address string) Markdown {
	if address == "" {
		return text
	}
	return "[" + text + "](" + Markdown(address) + ")"
}

func bareTitle(in voice, a answer.Answer) Markdown { return "**" + titleText(in, a) + "**" }

func titleText(in voice, a answer.Answer) Markdown {
	return Escape(cmp.Or(a.Title, a.File, in.Get("answer.untitled")), lenTitle)
}

// sourceLine tells where and when a quote was printed, and how it is set.
func sourceLine(in voice, a answer.Answer) string {
	parts := []string{cmp.Or(Plain(a.Source, lenPublisher), in.Get("answer.publisher")), cmp.Or(in.day(a.Date), in.Get("answer.date"))}
	switch kind := quote.Kind(a.Kind); kind {
	case quote.Direct, quote.Mixed, quote.Indirect:
		parts = append(parts, in.Get("answer."+string(kind)))
	}
	if a.Weak() {
		parts = append(parts, in.Get("answer.weak"))
	}
	if a.Paragraph > 0 {
		parts = append(parts, in.label("answer.paragraph", "n", in.Number(a.Paragraph)))
	}
	return strings.Join(parts, " · ")
}

// contextButton leads to the paragraphs around an answer.
func contextButton(in voice, a answer.Answer) []Button {
	if !passageID.MatchString(a.Passage) {
		return nil
	}
	return []Button{{Label: in.label("button.context"), ID: actionContext + ":" + a.Passage, Emoji: "📖"}}
}

// Lengths of a context view's parts.
const (
	lenNeighbour = 500
	lenParagraph = 1400
)

// contextView shows a quote's paragraph with the quote marked, between its neighbours.
func contextView(in voice, s answer.Surroundings) Message {
	var parts []string
	add := func(m Markdown) {
		if m != "" {
			parts = append(parts, string(m))
		}
	}
	add(Escape(s.Before, lenNeighbour))
	add(marked(cmp.Or(s.Of, s.Answer.Context), s.Answer, lenParagraph))
	add(Escape(s.After, lenNeighbour))
	m := Message{Ephemeral: true, Frames: []Frame{{
		Author:      speakerLine(in, s.Answer.Speaker, s.Answer.Kind),
		Description: Markdown(strings.Join(parts, "\n\n")),
		Source:      titleLink(in, s.Answer),
		Footer:      sourceLine(in, s.Answer),
		Color:       blurple,
		Buttons:     slices.Concat(cardButton(in, s.Answer), postButton(in, postQuote, s.Answer), wrongButton(in, s.Answer)),
	}}}
	return m
}

// marked is a paragraph with the quote in bold type. What stands before and
// after a quote is cut before the quote itself is, to about limit UTF-16 units and
// never more than five quarters of it.
func marked(paragraph string, a answer.Answer, limit int) Markdown {
	paragraph = oneLine(paragraph)
	var parts []quote.Span
	if a.Kind != string(answerParagraph) {
		parts = find(paragraph, oneLine(a.Quote))
	}
	if parts == nil {
		return Escape(paragraph, limit)
	}
	var out strings.Builder
	before := paragraph[:parts[0].Start]
	if room := limit / 4; len(before) > room { // keep what stands nearest to the quote
		_, before, _ = strings.Cut(before[len(before)-room:], " ")
		out.WriteString(ellipsis)
	}
	out.WriteString(string(escapeAmid(before, limit/2)))
	room, at := limit/2, parts[0].Start
	for _, p := range parts {
		between := escapeAmid(paragraph[at:p.Start], room)
		if room -= units(string(between)); room <= 1 {
			out.WriteString(ellipsis)
			break
		}
		words := Escape(paragraph[p.Start:p.End], room)
		room -= units(string(words))
		out.WriteString(string(between + "**" + words + "**"))
		at = p.End
	}
	out.WriteString(string(escapeAmid(paragraph[parts[len(parts)-1].End:], limit/4)))
	return Markdown(out.String())
}

// escapeAmid is Escape for what stands between other text: spaces at its ends stay.
func escapeAmid(s string, limit int) Markdown {
	inner := strings.Trim(s, " ")
	if inner == "" {
		return Markdown(s)
	}
	start := strings.Index(s, inner)
	return Markdown(s[:start]) + Escape(inner, limit) + Markdown(s[start+len(inner):])
}

// find returns where the parts of a quote stand in its paragraph, nil if one
// doesn't. They are joined by ellipses.
func find(paragraph, quoted string) []quote.Span {
	var parts []quote.Span
	from := 0
	for part := range strings.SplitSeq(quoted, " "+ellipsis+" ") {
		i := strings.Index(paragraph[from:], part)
		if i < 0 || part == "" {
			return nil
		}
		parts = append(parts, quote.Span{Start: from + i, End: from + i + len(part)})
		from += i + len(part)
	}
	return parts
}
