package bot

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// wrongButton lets a member say that a quote has the wrong speaker. A
// paragraph has nobody who said it, and gets none.
func wrongButton(in voice, a answer.Answer) []Button {
	if !passageID.MatchString(a.Passage) || a.Kind == string(answerParagraph) {
		return nil
	}
	return []Button{{Label: in.label("button.answer.wrong"), ID: actionWrong + ":" + a.Passage, Emoji: "❓"}}
}

// askWrong asks the member who it was, if they know.
func (h *handlers) askWrong(_ context.Context, r Request) (Response, error) {
	if !passageID.MatchString(r.Arg) {
		return Response{}, errForged
	}
	return Response{Modal: whoForm(r.own(), actionWrong, r.Arg, "")}, nil
}

// whoForm asks for a speaker's name; what it is called is under form.ACTION in
// the catalogue.
func whoForm(in voice, action, arg, name string) *Modal {
	key := "form." + action + "."
	return &Modal{ID: action + ":" + arg, Title: in.label(key + "form"), Fields: []TextField{
		{ID: fieldWho, Label: in.label(key + fieldWho), Value: name, Placeholder: in.label(key + "empty"), MaxLength: answerFieldMax},
	}}
}

// kindOf is the kind of quote that a passage is when somebody has seen whose it is.
func kindOf(p index.Passage) quote.Kind {
	if p.Kind == index.KindWeak {
		return quote.Indirect
	}
	return quote.Kind(p.Kind)
}

// postWithin bounds how long the moderators' channel is tried.
const postWithin = 20 * time.Second

// fileReport files a member's report with the moderators of the corpus that the quote is in.
func (h *handlers) fileReport(ctx context.Context, r Request) (Response, error) {
	name, err := option(r, fieldWho, 0, answerFieldMax)
	if err != nil {
		return Response{}, err
	}
	p, err := h.quoted(ctx, r)
	if err != nil {
		return Response{}, err
	}
	c := corpus.Change{
		Action: corpus.ActReport, Scope: p.Scope, By: r.UserID, Article: p.ArticleID, Title: cut(p.Title, 500),
		Quote: p.Content, Words: cut(p.Text, 1500), Kind: kindOf(p), Was: speakerName(p), To: cut(name, 300),
	}
	if c, err = h.curator.Decide(ctx, c); err != nil {
		return Response{}, err
	}
	state, err := h.curator.State(ctx, p.Scope)
	if err != nil {
		return Response{}, err
	}
	thanks, in := r.own().say("report.thanks"), speaks([]string{state.Settings.Language, r.GuildLocale})
	if p.Scope != h.own(r.GuildID) {
		// Its moderators are on another server.
		thanks, in = r.own().say("report.operator"), speaks([]string{state.Settings.Language})
	}
	resp := Response{Message: Message{Ephemeral: true, Content: thanks}}
	if channel := state.Settings.ReportsChannel; channel != "" && h.announce != nil {
		resp.Follow = func(ctx context.Context, _ Messenger) {
			ctx, cancel := context.WithTimeout(ctx, postWithin)
			defer cancel()
			// When it can't be posted, it still waits in the list.
			_ = h.announce(ctx, channel, reportMessage(in, c))
		}
	}
	return resp, nil
}

// quoted is the quote that a report's button names, if who asks may see it.
func (h *handlers) quoted(ctx context.Context, r Request) (index.Passage, error) {
	if !passageID.MatchString(r.Arg) {
		return index.Passage{}, errForged
	}
	p, err := h.curator.Passage(ctx, h.scopes(ctx, r.GuildID), r.Arg)
	if err == nil && len(p.Content) == 0 {
		err = errForged
	}
	return p, err
}

func speakerName(p index.Passage) string {
	if p.Speaker == nil {
		return ""
	}
	return cut(p.Speaker.Name, 300)
}

// reportFrame shows a report.
func reportFrame(in voice, c corpus.Change) Frame {
	or := func(s string, otherwise Markdown) Markdown {
		if s == "" {
			return otherwise
		}
		return Escape(s, lenName)
	}
	return Frame{
		Title: in.say("report.title", "n", Markdown(strconv.Itoa(c.Seq))), Color: amber,
		Description: Quote(c.Words, lenQuote),
		Source:      "**" + Escape(c.Title, lenTitle) + "**",
		Fields: []Field{
			{Name: in.say("report.was"), Value: or(c.Was, in.say("report.nobody")), Inline: true},
			{Name: in.say("report.to"), Value: or(c.To, in.say("report.unsaid")), Inline: true},
			{Name: in.say("report.by"), Value: who(c.By), Inline: true},
		},
	}
}

// reportMessage shows a report to the moderators, with the buttons that decide it.
func reportMessage(in voice, c corpus.Change) Message {
	n := strconv.Itoa(c.Seq)
	return Message{Frames: []Frame{reportFrame(in, c)}, Rows: [][]Button{{
		{Label: in.label("button.change.accept"), ID: actionAccept + ":" + n, Style: discordgo.SuccessButton}, danger(in.label("button.change.decline"), actionDecline+":"+n),
	}}}
}

// reports shows the reports that wait, one by one.
func (h *handlers) reports(ctx context.Context, r Request) (Response, error) {
	return h.reportsPage(ctx, r, 0)
}

func (h *handlers) turnReports(ctx context.Context, r Request) (Response, error) {
	offset, err := strconv.Atoi(r.Arg)
	if err != nil || offset < 0 || offset > maxOffset {
		return Response{}, errForged
	}
	resp, err := h.reportsPage(ctx, r, offset)
	resp.Update = true
	return resp, err
}

func (h *handlers) reportsPage(ctx context.Context, r Request, offset int) (Response, error) {
	state, err := h.curator.State(ctx, h.own(r.GuildID))
	if err != nil {
		return Response{}, err
	}
	if offset >= len(state.Reports) {
		return Response{Message: Message{Ephemeral: true, Content: r.own().say("report.none")}}, nil
	}
	m := reportMessage(r.own(), state.Reports[offset].Change)
	m.Ephemeral = true
	m.Content = "**" + r.own().say("report.waiting", "n", r.own().count(offset+1), "total", r.own().count(len(state.Reports))) + "**"
	m.Rows = append(m.Rows, turnButtons(r.own(), func(to int) string { return fmt.Sprintf("%s:%d", actionReports, to) }, offset, 1, len(state.Reports))...)
	return Response{Message: m}, nil
}

// report is the open report that a button or modal names.
func (h *handlers) report(ctx context.Context, r Request) (corpus.Report, error) {
	n, err := number(r.Arg)
	if err != nil {
		return corpus.Report{}, err
	}
	state, err := h.curator.State(ctx, h.own(r.GuildID))
	if err != nil {
		return corpus.Report{}, err
	}
	report, open := state.Report(n)
	if !open {
		return corpus.Report{}, corpus.ErrDecided
	}
	return report, nil
}

// askAccept asks the moderator for the right speaker.
func (h *handlers) askAccept(ctx context.Context, r Request) (Response, error) {
	report, err := h.report(ctx, r)
	if err != nil {
		return Response{}, err
	}
	return Response{Modal: whoForm(r.own(), actionAccept, r.Arg, report.To)}, nil
}

// accept puts the quote right as the moderator says.
func (h *handlers) accept(ctx context.Context, r Request) (Response, error) {
	name, err := option(r, fieldWho, 0, answerFieldMax)
	if err != nil {
		return Response{}, err
	}
	report, err := h.report(ctx, r)
	if err != nil {
		return Response{}, err
	}
	c, err := h.decide(ctx, r, corpus.Change{
		Action: corpus.ActAccept, Of: report.Number, Article: report.Article, Title: report.Title,
		Quote: report.Quote, Words: report.Words, Kind: report.Kind, Was: report.Was, To: cut(name, 300),
	})
	if err != nil {
		return Response{}, err
	}
	return Response{Message: decided(r, report, c), Update: true}, nil
}

// decline leaves the quote as it is.
func (h *handlers) decline(ctx context.Context, r Request) (Response, error) {
	report, err := h.report(ctx, r)
	if err != nil {
		return Response{}, err
	}
	c, err := h.decide(ctx, r, corpus.Change{Action: corpus.ActDecline, Of: report.Number})
	if err != nil {
		return Response{}, err
	}
	return Response{Message: decided(r, report, c), Update: true}, nil
}

// decided shows what became of a report.
func decided(r Request, report corpus.Report, c corpus.Change) Message {
	in := r.everybodys()
	e := reportFrame(in, report.Change)
	e.Color = green
	what := in.say("report.decided", "what", changeWords(in, c), "member", who(r.UserID))
	return Message{Content: what, Frames: []Frame{e}, Rows: [][]Button{{undoButton(in, c)}}}
}
