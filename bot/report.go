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
func wrongButton(label string, a answer.Answer) []Button {
	if !passageID.MatchString(a.Passage) || a.Kind == string(answerParagraph) {
		return nil
	}
	return []Button{{Label: label, ID: actionWrong + ":" + a.Passage, Emoji: "❓"}}
}

// askWrong asks the member who it was, if they know.
func (h *handlers) askWrong(_ context.Context, r Request) (Response, error) {
	if !passageID.MatchString(r.Arg) {
		return Response{}, errForged
	}
	return Response{Modal: &Modal{ID: actionWrong + ":" + r.Arg, Title: "Wrong speaker?", Fields: []TextField{
		{ID: fieldWho, Label: "Who said it, if you know?", Placeholder: "Leave it empty if you only know that it's wrong", MaxLength: answerFieldMax},
	}}}, nil
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
	thanks := Markdown("**Thank you.** The moderators will look at it.")
	if p.Scope != h.own(r.GuildID) {
		thanks = "**Thank you.** The quote is in the shared corpus; its operator will look at it."
	}
	resp := Response{Message: Message{Ephemeral: true, Content: thanks}}
	if channel := state.Settings.ReportsChannel; channel != "" && h.announce != nil {
		resp.Follow = func(ctx context.Context, _ Messenger) {
			ctx, cancel := context.WithTimeout(ctx, postWithin)
			defer cancel()
			// When it can't be posted, it still waits in the list.
			_ = h.announce(ctx, channel, reportMessage(c))
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

// reportEmbed shows a report.
func reportEmbed(c corpus.Change) Embed {
	or := func(s string, otherwise Markdown) Markdown {
		if s == "" {
			return otherwise
		}
		return Escape(s, lenName)
	}
	return Embed{
		Title: Markdown(fmt.Sprintf("Report %d: wrong speaker?", c.Seq)), Color: amber,
		Description: Quote(c.Words, lenQuote) + "\n\n**" + Escape(c.Title, lenTitle) + "**",
		Fields: []Field{
			{Name: "Attributed to", Value: or(c.Was, "nobody"), Inline: true},
			{Name: "Should be", Value: or(c.To, "not said"), Inline: true},
			{Name: "Reported by", Value: who(c.By), Inline: true},
		},
	}
}

// reportMessage shows a report to the moderators, with the buttons that decide it.
func reportMessage(c corpus.Change) Message {
	n := strconv.Itoa(c.Seq)
	return Message{Embeds: []Embed{reportEmbed(c)}, Rows: [][]Button{{
		{Label: "Accept", ID: actionAccept + ":" + n, Style: discordgo.SuccessButton}, danger("Decline", actionDecline+":"+n),
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
		return Response{Message: Message{Ephemeral: true, Content: "**No report is waiting.**"}}, nil
	}
	m := reportMessage(state.Reports[offset].Change)
	m.Ephemeral = true
	m.Content = Markdown(fmt.Sprintf("**Report %d of %d that wait**", offset+1, len(state.Reports)))
	m.Rows = append(m.Rows, turnButtons(func(to int) string { return fmt.Sprintf("%s:%d", actionReports, to) }, offset, 1, len(state.Reports))...)
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
	return Response{Modal: &Modal{ID: actionAccept + ":" + r.Arg, Title: "Who said it?", Fields: []TextField{
		{ID: fieldWho, Label: "The right speaker", Value: report.To, Placeholder: "Empty: nobody that could be told", MaxLength: answerFieldMax},
	}}}, nil
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
	return Response{Message: decided(report, changeWords(c)+" by "+who(r.UserID), c), Update: true}, nil
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
	return Response{Message: decided(report, "declined by "+who(r.UserID), c), Update: true}, nil
}

// decided shows what became of a report.
func decided(report corpus.Report, what Markdown, c corpus.Change) Message {
	e := reportEmbed(report.Change)
	e.Color = green
	return Message{Content: "**Decided:** " + what, Embeds: []Embed{e}, Rows: [][]Button{{undoButton(c)}}}
}
