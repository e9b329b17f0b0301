package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/bot/card"
)

const (
	cmdSpeaker = "speaker"
	cmdTopic   = "topic"
)

// What a post button says to show a profile, light or dark; besides the tones,
// which post a quote's picture.
const profileDark, profileLight = "pd", "pl"

// speaker answers /speaker with a profile.
func (h *handlers) speaker(ctx context.Context, r Request) (Response, error) {
	name, err := option(r, optName, 1, maxName)
	if err != nil {
		return Response{}, err
	}
	return h.profile(ctx, r, r.voice(), name, toneDark)
}

// aboutSpeaker shows who clicked a profile of a passage's speaker.
func (h *handlers) aboutSpeaker(ctx context.Context, r Request) (Response, error) {
	name, err := h.speakerOf(ctx, r, r.Arg)
	if err != nil {
		return Response{}, err
	}
	resp, err := h.profile(ctx, r, r.own(), name, toneDark)
	resp.Message.Ephemeral = true
	return resp, err
}

// turnProfile draws a profile's chart again, light or dark.
func (h *handlers) turnProfile(ctx context.Context, r Request) (Response, error) {
	tone, passage, err := splitPassage(r.Arg, toneDark, toneLight)
	if err != nil {
		return Response{}, err
	}
	name, err := h.speakerOf(ctx, r, passage)
	if err != nil {
		return Response{}, err
	}
	resp, err := h.profile(ctx, r, r.voice(), name, tone)
	resp.Update = true
	return resp, err
}

// speakerOf is the name of a passage's speaker.
func (h *handlers) speakerOf(ctx context.Context, r Request, passage string) (string, error) {
	s, err := h.passage(ctx, r, passage)
	if err != nil {
		return "", err
	}
	if s.Answer.Speaker == nil || s.Answer.Speaker.Name == "" {
		return "", errForged
	}
	return s.Answer.Speaker.Name, nil
}

// profile describes a speaker.
func (h *handlers) profile(ctx context.Context, r Request, in voice, name, tone string) (Response, error) {
	p, err := h.backend.Profile(ctx, h.scopes(ctx, r.GuildID), name)
	if err != nil {
		return Response{}, err
	}
	if p.Quotes == 0 {
		return Response{Message: nobodyView(in, p)}, nil
	}
	file, err := h.chart(ctx, in, profileChart(in, p), tone)
	if err != nil {
		return Response{}, err
	}
	return Response{Message: profileView(in, p, file, tone)}, nil
}

// topic answers /topic.
func (h *handlers) topic(ctx context.Context, r Request) (Response, error) {
	about, err := option(r, optAbout, 2, maxName)
	if err != nil {
		return Response{}, err
	}
	return h.describeTopic(ctx, r, about, toneDark)
}

// turnTopic draws a topic's chart again, light or dark.
func (h *handlers) turnTopic(ctx context.Context, r Request) (Response, error) {
	tone, query, found := strings.Cut(r.Arg, ":")
	if !found || tone != toneDark && tone != toneLight {
		return Response{}, errForged
	}
	l, err := findListing(h.store, r.GuildID, query)
	if err == nil && l != (listing{Command: cmdTopic, About: l.About}) {
		err = errForged
	}
	if err != nil {
		return Response{}, err
	}
	resp, err := h.describeTopic(ctx, r, l.About, tone)
	resp.Update = true
	return resp, err
}

// describeTopic tells who speaks about something, and when.
func (h *handlers) describeTopic(ctx context.Context, r Request, about, tone string) (Response, error) {
	in := r.voice()
	t, err := h.backend.About(ctx, h.scopes(ctx, r.GuildID), about)
	if err != nil {
		return Response{}, err
	}
	if t.Quotes == 0 {
		return Response{Message: nothingView(in, listing{Command: cmdQuotes, About: about}, answer.Query{}, 0)}, nil
	}
	file, err := h.chart(ctx, in, topicChart(in, t), tone)
	if err != nil {
		return Response{}, err
	}
	m := topicView(in, t, file)
	id, err := listingID(h.store, r.GuildID, actionTopic+":"+otherTone(tone)+":", listing{Command: cmdTopic, About: about})
	if err == nil && len(m.Files) > 0 {
		frame := &m.Frames[0]
		frame.Buttons = append(frame.Buttons, toneButton(in, tone, id))
	}
	return Response{Message: m}, err
}

// chart draws a chart; none if there is too little for one.
func (h *handlers) chart(ctx context.Context, in voice, c card.Chart, tone string) ([]File, error) {
	if len(c.Columns) < 2 {
		c.Columns, c.Spans = nil, nil // one column shows nothing that its number doesn't
	}
	c.Dark = tone == toneDark
	png, err := h.cards.Chart(ctx, c)
	if errors.Is(err, card.ErrNoData) {
		return nil, nil
	}
	return []File{{Name: "chart.png", Alt: chartAlt(in, c), PNG: png}}, err
}

// chartAlt says what a chart shows.
func chartAlt(in voice, c card.Chart) string {
	parts := []string{c.Title + ", " + c.Subtitle}
	for _, r := range c.Rows {
		parts = append(parts, fmt.Sprintf("%s: %s", r.Name, in.Number(r.Value)))
	}
	for _, col := range c.Columns {
		if col.Value > 0 {
			parts = append(parts, fmt.Sprintf("%s: %s", col.Label, in.Number(col.Value)))
		}
	}
	return strings.Join(parts, "; ")
}

// profileChart shows a speaker's quotes over time, and their roles.
func profileChart(in voice, p answer.Profile) card.Chart {
	c := card.Chart{Title: p.Name, Subtitle: tally(in, p.Quotes, p.First, p.Last, p.Periods), Columns: columns(p.Periods)}
	at := func(day string) int { // the period of a day
		return slices.IndexFunc(p.Periods, func(t answer.Period) bool { return t.From <= day && day <= t.To })
	}
	for _, role := range p.Roles {
		if from, to := at(role.First), at(role.Last); from >= 0 && to >= from {
			c.Spans = append(c.Spans, card.Span{Name: role.Name, From: from, To: to})
		}
	}
	return c
}

// topicChart shows quotes about a topic over time, and by whom they are.
func topicChart(in voice, t answer.Topic) card.Chart {
	c := card.Chart{Title: t.Topic, Subtitle: tally(in, t.Quotes, t.First, t.Last, t.Periods), Columns: columns(t.Periods)}
	for _, s := range t.Speakers {
		c.Rows = append(c.Rows, card.Row{Name: s.Speaker.Name, Note: s.Speaker.Role, Value: s.Quotes})
	}
	return c
}

func columns(periods []answer.Period) []card.Column {
	var out []card.Column
	for _, p := range periods {
		out = append(out, card.Column{Label: p.Label, Value: p.Quotes})
	}
	return out
}

// tally says how many quotes there are, from when, and of how many that is not
// known, in plain text.
func tally(in voice, n int, first, last string, periods []answer.Period) string {
	out := string(in.several("count.quotes", n))
	undated := n
	for _, p := range periods {
		undated -= p.Quotes
	}
	if days := daysWords(in, first, last); days != "" {
		out += " · " + days
	}
	if undated > 0 && undated < n {
		out += " · " + in.label("profile.undated", "n", in.Number(undated))
	}
	return out
}

// daysWords are the days from first to last, "" if they are unknown.
func daysWords(in voice, first, last string) string {
	from, to := in.day(first), in.day(last)
	if from == "" || to == "" || from == to {
		return from
	}
	return from + " – " + to
}
