package bot

import (
	"cmp"
	"fmt"
	"strings"
	"time"

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

// Lengths that views give their parts, in UTF-16 units, so that a page of
// answers stays within maxEmbedSum.
const (
	lenQuestion  = 200
	lenQuote     = 1000
	lenTitle     = 220
	lenURL       = 400
	lenName      = 120
	lenRole      = 110
	lenPublisher = 120
)

// listView shows one page of answers to a question or filter.
func listView(l listing, reply answer.Reply, offset int) Message {
	if len(reply.Answers) == 0 {
		return nothingView(l, offset)
	}
	var m Message
	shown := reply.Answers[:min(len(reply.Answers), pageSize)]
	m.Content = listHeading(l, offset, len(shown), max(reply.Total, offset+len(shown)))
	var buttons, pictures, wrongs []Button
	several := len(shown) > 1 || offset > 0
	for i, a := range shown {
		number, label, picture, wrong := "", "Context", "Picture", "Wrong speaker?"
		if several {
			number = fmt.Sprintf("%d. ", offset+i+1)
			label = fmt.Sprintf("Context of %d", offset+i+1)
			picture = fmt.Sprintf("Picture of %d", offset+i+1)
			wrong = fmt.Sprintf("Wrong speaker of %d?", offset+i+1)
		}
		m.Embeds = append(m.Embeds, answerEmbed(number, a))
		buttons = append(buttons, contextButton(label, a)...)
		pictures = append(pictures, cardButton(picture, a)...)
		wrongs = append(wrongs, wrongButton(wrong, a)...)
	}
	m.Rows = buttonRows(several, buttons, pictures, wrongs)
	return m
}

// listHeading says what was asked and which part of the answers is shown.
func listHeading(l listing, offset, shown, total int) Markdown {
	where := Markdown("1 quote")
	switch {
	case total > 1 && shown == total:
		where = Markdown(fmt.Sprintf("%d quotes", total))
	case total > 1 && shown == 1:
		where = Markdown(fmt.Sprintf("Quote %d of %d", offset+1, total))
	case total > 1:
		where = Markdown(fmt.Sprintf("Quotes %d–%d of %d", offset+1, offset+shown, total))
	}
	return "**" + where + "** for " + asked(l)
}

// asked puts a listing in words.
func asked(l listing) Markdown {
	if l.Command != cmdQuotes {
		return "“" + Escape(l.Text, lenQuestion) + "”"
	}
	var parts []string
	add := func(before Markdown, s string) {
		if s != "" {
			parts = append(parts, string(before+"**"+Escape(s, lenName)+"**"))
		}
	}
	add("", l.Speaker)
	add("about ", l.About)
	add("in ", l.Publisher)
	add("from ", dayWords(l.From))
	add("to ", dayWords(l.To))
	return Markdown(strings.Join(parts, " "))
}

// nothingView says that the corpus doesn't answer, and offers no substitute.
func nothingView(l listing, offset int) Message {
	if offset > 0 {
		return Message{Content: "**There is nothing further** for " + asked(l) + "."}
	}
	hint := Markdown("Try fewer or other words, or `/quotes` with a speaker.")
	if l.Command == cmdQuotes {
		hint = "Try without one of the options, or pick the speaker from the suggestions."
	}
	return Message{Embeds: []Embed{{
		Color:       grey,
		Title:       "Nothing found",
		Description: "The articles I have say nothing that answers " + asked(l) + ".\n" + hint,
	}}}
}

// answerEmbed shows one quote with its evidence: words, speaker, role, title,
// publisher and day.
func answerEmbed(number string, a answer.Answer) Embed {
	return Embed{
		Author:      number + speakerLine(a.Speaker, a.Kind),
		Description: Quote(a.Quote, lenQuote) + "\n\n" + titleLink(a) + printsLines(a),
		Footer:      sourceLine(a),
		Color:       blurple,
	}
}

// speakerLine names a speaker with their role. Unknown beats wrong.
func speakerLine(s *quote.Speaker, kind string) string {
	switch {
	case s == nil && kind == string(answerParagraph):
		return "From the article"
	case s == nil || s.Name == "":
		return "Speaker unknown"
	case s.Role == "" || strings.EqualFold(s.Role, s.Name):
		return Plain(s.Name, lenName)
	}
	return Plain(s.Name, lenName) + " · " + Plain(s.Role, lenRole)
}

// speakerChoice tells speakers of like names apart, in a line of suggestions.
func speakerChoice(s Speaker) string {
	name := s.Name
	if s.Role != "" {
		name += " · " + Plain(s.Role, maxChoice/3)
	}
	if s.Quotes > 1 {
		name += " · " + string(count(s.Quotes)) + " quotes"
	}
	return name
}

// answerParagraph is the kind of an answer that is a paragraph, not a quote.
const answerParagraph quote.Kind = "paragraph"

// titleLink is an article's title, linked if the URL can be trusted to be one.
func titleLink(a answer.Answer) Markdown {
	title := Escape(cmp.Or(a.Title, a.File, "Untitled article"), lenTitle)
	if u := webURL(a.URL, lenURL); u != "" {
		return "**[" + title + "](" + Markdown(u) + ")**"
	}
	return "**" + title + "**"
}

// sourceLine tells where and when a quote was printed, and how it is set.
func sourceLine(a answer.Answer) string {
	parts := []string{cmp.Or(Plain(a.Source, lenPublisher), "Publisher unknown"), cmp.Or(dayWords(a.Date), "Date unknown")}
	switch quote.Kind(a.Kind) {
	case quote.Direct:
		parts = append(parts, "word for word")
	case quote.Mixed:
		parts = append(parts, "partly word for word")
	case quote.Indirect:
		parts = append(parts, "in the reporter's words")
	}
	if a.Weak() {
		parts = append(parts, "may have said or meant this: read the article")
	}
	if a.Paragraph > 0 {
		parts = append(parts, fmt.Sprintf("paragraph %d", a.Paragraph))
	}
	return strings.Join(parts, " · ")
}

// dayWords writes a day, YYYY-MM-DD, as people do; "" if it is none.
func dayWords(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.Format("2 January 2006")
}

// contextButton leads to the paragraphs around an answer.
func contextButton(label string, a answer.Answer) []Button {
	if !passageID.MatchString(a.Passage) {
		return nil
	}
	return []Button{{Label: label, ID: actionContext + ":" + a.Passage, Emoji: "📖"}}
}

// Lengths of a context view's parts.
const (
	lenNeighbour = 700
	lenParagraph = 1600
)

// contextView shows a quote's paragraph with the quote marked, between its neighbours.
func contextView(s answer.Surroundings) Message {
	var parts []string
	add := func(m Markdown) {
		if m != "" {
			parts = append(parts, string(m))
		}
	}
	add(Escape(s.Before, lenNeighbour))
	add(marked(cmp.Or(s.Of, s.Answer.Context), s.Answer, lenParagraph))
	add(Escape(s.After, lenNeighbour))
	add(titleLink(s.Answer))
	m := Message{Ephemeral: true, Embeds: []Embed{{
		Author:      speakerLine(s.Answer.Speaker, s.Answer.Kind),
		Description: Markdown(strings.Join(parts, "\n\n")),
		Footer:      sourceLine(s.Answer),
		Color:       blurple,
	}}}
	m.Rows = buttonRows(false, cardButton("Picture", s.Answer), postButton(postQuote, s.Answer), wrongButton("Wrong speaker?", s.Answer))
	return m
}

// marked is a paragraph with the quote in bold type. What stands before and
// after a quote is cut before the quote itself is, to about limit UTF-16 units and
// never more than five quarters of it.
func marked(paragraph string, a answer.Answer, limit int) Markdown {
	paragraph = oneLine(paragraph)
	start, end := -1, -1
	if a.Kind != string(answerParagraph) {
		start, end = find(paragraph, oneLine(a.Quote))
	}
	if start < 0 {
		return Escape(paragraph, limit)
	}
	var out strings.Builder
	before := paragraph[:start]
	if room := limit / 4; len(before) > room { // keep what stands nearest to the quote
		_, before, _ = strings.Cut(before[len(before)-room:], " ")
		out.WriteString(ellipsis)
	}
	pad := func(s string) string { return s[len(strings.TrimRight(s, " ")):] }
	out.WriteString(string(Escape(before, limit/2)) + pad(before))
	out.WriteString("**" + string(Escape(paragraph[start:end], limit/2)) + "**")
	if rest := paragraph[end:]; rest != "" {
		out.WriteString(rest[:len(rest)-len(strings.TrimLeft(rest, " "))])
		out.WriteString(string(Escape(rest, limit/4)))
	}
	return Markdown(out.String())
}

// find returns where a quote stands in its paragraph, -1 if it doesn't. The
// parts of an interrupted quote are joined by an ellipsis; it reaches from the
// first part to the last.
func find(paragraph, quoted string) (start, end int) {
	from := 0
	start = -1
	for part := range strings.SplitSeq(quoted, " "+ellipsis+" ") {
		i := strings.Index(paragraph[from:], part)
		if i < 0 || part == "" {
			return -1, -1
		}
		if start < 0 {
			start = from + i
		}
		from += i + len(part)
	}
	return start, from
}
