package bot

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/corpus"
)

// pageSize is how many answers one message shows.
const pageSize = 3

// handlers are the bot's handlers with all that they need.
type handlers struct {
	backend Backend
	store   *store
	reindex *reindexer
	talks   *conversations
	cards   painter
	version string // of the program
	curation
}

// routes names every handler.
func (h *handlers) routes() router {
	table := routes{
		SlashCommand: {
			cmdWho:                       {handle: h.ask, answers: true},
			cmdAsk:                       {handle: h.ask, answers: true},
			cmdQuotes:                    {handle: h.quotes, answers: true},
			cmdVerify:                    {handle: h.verify, answers: true},
			cmdSpeaker:                   {handle: h.speaker, answers: true},
			cmdTopic:                     {handle: h.topic, answers: true},
			msgWhoSaid:                   {handle: h.whoSaidThis, private: true},
			cmdAbout:                     {handle: h.about, private: true},
			cmdCorpus + " " + subStatus:  {handle: h.status, moderators: true, private: true},
			cmdCorpus + " " + subReindex: {handle: h.askReindex, moderators: true, private: true},
		},
		Autocomplete: {
			cmdQuotes:  {handle: h.complete},
			cmdVerify:  {handle: h.complete},
			cmdSpeaker: {handle: h.complete},
		},
		Click: {
			actionMore:    {handle: h.more, updates: true},
			actionContext: {handle: h.context, private: true},
			actionCard:    {handle: h.card, private: true},
			actionTone:    {handle: h.tone, updates: true},
			actionPost:    {handle: h.post},
			actionAbout:   {handle: h.aboutSpeaker, private: true},
			actionProfile: {handle: h.turnProfile, updates: true},
			actionQuotes:  {handle: h.speakersQuotes, private: true},
			actionTopic:   {handle: h.turnTopic, updates: true},
			actionPrints:  {handle: h.elsewhere, private: true},
			actionFollow:  {handle: h.askFollow, private: true},
			actionReindex: {handle: h.clickReindex, moderators: true, updates: true},
		},
		ModalSubmit: {
			actionFollow: {handle: h.follow, answers: true},
		},
	}
	if h.curator == nil {
		return router{table: table}
	}
	h.addCuration(table)
	return router{table, h.isModerator, h.manners}
}

// option is a text option within its bounds, which count characters.
func option(r Request, name string, minLen, maxLen int) (string, error) {
	s := strings.TrimSpace(r.Options[name])
	switch n := len([]rune(s)); {
	case n < minLen:
		return "", r.own().refuse("short", "option", r.own().option(r, name), "n", r.own().count(minLen))
	case n > maxLen:
		return "", r.own().refuse("long", "option", r.own().option(r, name), "n", r.own().count(maxLen))
	}
	return s, nil
}

// ask answers /ask and /who.
func (h *handlers) ask(ctx context.Context, r Request) (Response, error) {
	name, minLen := optQuestion, 3
	if r.Name == cmdWho {
		name, minLen = optWords, 2
	}
	q, err := option(r, name, minLen, maxQuestion)
	if err != nil {
		return Response{}, err
	}
	l := listing{Command: r.Name, Text: q}
	if before, ok := h.talks.previous(r); ok && r.Name == cmdAsk && answer.GoesOn(q) {
		if l, err = l.after(before); err != nil {
			return Response{}, err
		}
	}
	return h.page(ctx, r, l, 0)
}

// quotes answers /quotes.
func (h *handlers) quotes(ctx context.Context, r Request) (Response, error) {
	l := listing{Command: cmdQuotes}
	var err error
	for name, to := range map[string]*string{
		optSpeaker: &l.Speaker, optAbout: &l.About, optPublisher: &l.Publisher, optFrom: &l.From, optTo: &l.To,
	} {
		if *to, err = option(r, name, 0, maxName); err != nil {
			return Response{}, err
		}
	}
	if l == (listing{Command: cmdQuotes}) {
		return Response{}, r.own().refuse("filter")
	}
	if l.From, err = day(r, optFrom, l.From, false); err != nil {
		return Response{}, err
	}
	if l.To, err = day(r, optTo, l.To, true); err != nil {
		return Response{}, err
	}
	if l.From != "" && l.To != "" && l.From > l.To {
		return Response{}, r.own().refuse("order")
	}
	return h.page(ctx, r, l, 0)
}

// partialDay is a year, a month or a day.
var partialDay = regexp.MustCompile(`^\d{4}(-\d{2}(-\d{2})?)?$`)

// day completes a year or a month to its first or last day, YYYY-MM-DD.
func day(r Request, name, s string, last bool) (string, error) {
	if s == "" {
		return "", nil
	}
	layout := time.DateOnly[:min(len(s), len(time.DateOnly))]
	t, err := time.Parse(layout, s)
	if err != nil || !partialDay.MatchString(s) {
		return "", r.own().refuse("day", "option", r.own().option(r, name))
	}
	if last && len(s) == len("2006") {
		t = t.AddDate(1, 0, -1)
	} else if last && len(s) == len("2006-01") {
		t = t.AddDate(0, 1, -1)
	}
	return t.Format(time.DateOnly), nil
}

// more turns to another page of a listing.
func (h *handlers) more(ctx context.Context, r Request) (Response, error) {
	l, offset, err := parsePage(h.store, r.GuildID, r.Arg)
	if err != nil {
		return Response{}, err
	}
	resp, err := h.page(ctx, r, l, offset)
	resp.Update = true
	return resp, err
}

// find asks for the answers of a listing that start at offset.
func (h *handlers) find(ctx context.Context, r Request, l listing, offset, limit int) (answer.Reply, error) {
	where := h.scopes(ctx, r.GuildID)
	if l.Command == cmdQuotes {
		return h.backend.Quotes(ctx, answer.Filter{
			Scopes: where, Speaker: l.Speaker, About: l.About, Publisher: l.Publisher,
			From: l.From, To: l.To, Limit: limit, Offset: offset,
		})
	}
	before, err := l.previous()
	if err != nil {
		return answer.Reply{}, err
	}
	question := l.Text
	if l.Command == cmdWho {
		question = whoQuestion(l.Text)
	}
	return h.backend.Ask(ctx, answer.Request{Question: question, Previous: before, Scopes: where, Limit: limit, Offset: offset})
}

// page shows the part of a listing that starts at offset.
func (h *handlers) page(ctx context.Context, r Request, l listing, offset int) (Response, error) {
	reply, err := h.find(ctx, r, l, offset, pageSize)
	if err != nil {
		return Response{}, err
	}
	if l.Command != cmdQuotes && r.Kind != Click {
		h.talks.remember(r, reply.Asked())
	}
	if reply.Check != nil && offset == 0 {
		return Response{Message: verdictView(r.voice(), *reply.Check), Verdict: reply.Check.Verdict}, nil
	}
	m := listView(r.voice(), l, reply, offset)
	turn, err := h.pageButtons(r, l, reply, offset)
	if len(turn) > 0 {
		m.Rows = append(m.Rows, turn)
	}
	return Response{Message: m}, err
}

// whoQuestion makes a question of the words that /who was given.
func whoQuestion(words string) string {
	words = strings.TrimRight(words, "?")
	if strings.HasPrefix(strings.ToLower(words), "who ") {
		return words + "?"
	}
	return "Who said " + words + "?"
}

// pageButtons lead to the page before, the page after, and a question that goes on.
func (h *handlers) pageButtons(r Request, l listing, reply answer.Reply, offset int) ([]Button, error) {
	var out []Button
	add := func(label string, to int) error {
		id, err := pageID(h.store, r.GuildID, l, to)
		out = append(out, Button{Label: label, ID: id})
		return err
	}
	if offset > 0 {
		if err := add(r.voice().label("button.list.back"), max(0, offset-pageSize)); err != nil {
			return nil, err
		}
	}
	next := offset + pageSize
	if len(reply.Answers) > 0 && next < reply.Total && next <= maxOffset {
		if err := add(r.voice().label("button.list.more"), next); err != nil {
			return nil, err
		}
	}
	if l.Command != cmdQuotes && len(reply.Answers) > 0 {
		id, err := listingID(h.store, r.GuildID, actionFollow+":", l)
		if err != nil {
			return nil, err
		}
		out = append(out, Button{Label: r.voice().label("button.answer.follow"), ID: id, Emoji: "💬"})
	}
	return out, nil
}

// verify answers /verify.
func (h *handlers) verify(ctx context.Context, r Request) (Response, error) {
	claim, err := option(r, optClaim, 3, maxClaim)
	if err != nil {
		return Response{}, err
	}
	speaker, err := option(r, optSpeaker, 0, maxName)
	if err != nil {
		return Response{}, err
	}
	check, err := h.backend.Verify(ctx, answer.Claim{Text: claim, Speaker: speaker, Scopes: h.scopes(ctx, r.GuildID)})
	if err != nil {
		return Response{}, err
	}
	return Response{Message: verdictView(r.voice(), check), Verdict: check.Verdict}, nil
}

// context shows the paragraphs around a passage, to who clicked alone.
func (h *handlers) context(ctx context.Context, r Request) (Response, error) {
	if !passageID.MatchString(r.Arg) {
		return Response{}, errForged
	}
	s, err := h.backend.Around(ctx, h.scopes(ctx, r.GuildID), r.Arg)
	if err != nil {
		return Response{}, err
	}
	return Response{Message: contextView(r.own(), s)}, nil
}

// complete suggests speakers and publishers.
func (h *handlers) complete(ctx context.Context, r Request) (Response, error) {
	prefix := r.Options[r.Focused]
	if len(prefix) > 4*maxName {
		return Response{}, nil
	}
	var out []Choice
	switch r.Focused {
	case optSpeaker, optName:
		for _, s := range h.backend.Speakers(h.scopes(ctx, r.GuildID), prefix, maxChoices) {
			out = append(out, Choice{speakerChoice(r.own(), s), s.Name})
		}
	case optPublisher:
		for _, p := range h.backend.Publishers(h.scopes(ctx, r.GuildID), prefix, maxChoices) {
			out = append(out, Choice{p, p})
		}
	}
	return Response{Choices: out}, nil
}

// status answers /corpus status.
func (h *handlers) status(ctx context.Context, r Request) (Response, error) {
	s, err := h.backend.Status(ctx, h.scopes(ctx, r.GuildID))
	if err != nil {
		return Response{}, err
	}
	return Response{Message: statusView(r.own(), s, h.reindex.running(h.own(r.GuildID)))}, nil
}

// askReindex answers /corpus reindex by asking back.
func (h *handlers) askReindex(ctx context.Context, r Request) (Response, error) {
	if h.reindex.running(h.own(r.GuildID)) {
		return Response{}, errBusy
	}
	s, err := h.backend.Status(ctx, []string{h.own(r.GuildID)})
	if err != nil {
		return Response{}, err
	}
	return Response{Message: reindexQuestion(r.own(), s)}, nil
}

// clickReindex answers the buttons that start, dismiss and cancel a reindex.
func (h *handlers) clickReindex(ctx context.Context, r Request) (Response, error) {
	verb, job, _ := strings.Cut(r.Arg, ":")
	switch {
	case r.Arg == "start":
		job, err := h.reindex.begin(h.own(r.GuildID))
		if err != nil {
			return Response{}, err
		}
		if h.curator != nil {
			if _, err := h.decide(ctx, r, corpus.Change{Action: corpus.ActReindex}); err != nil {
				h.reindex.end(job.scope)
				return Response{}, err
			}
		}
		return Response{Message: reindexProgress(r.own(), job.id, 0, 0, 0), Follow: h.reindex.run(job, r)}, nil
	case r.Arg == "dismiss":
		return Response{Message: Message{Content: r.own().say("reindex.dismissed")}, Update: true}, nil
	case verb == "stop":
		if err := h.reindex.stop(h.own(r.GuildID), job); err != nil {
			return Response{}, err
		}
		return Response{Message: Message{Content: "**" + r.own().say("reindex.cancelling") + "**"}, Update: true}, nil
	}
	return Response{}, errForged
}
