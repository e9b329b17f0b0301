package bot

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"github.com/whosaid/whosaid/answer"
)

// Bounds of what is remembered of conversations.
const (
	conversationLife = 10 * time.Minute
	maxConversations = 2000
)

// conversations remember for a while what each member asked last in each
// channel or thread, so that they can go on with "and about fares?". They are
// kept in memory alone: a restart forgets them, which costs a member no more
// than the words to ask in full.
type conversations struct {
	now   func() time.Time
	limit int
	mu    sync.Mutex
	last  map[speakerOf]conversation
}

// speakerOf tells conversations apart.
type speakerOf struct{ channel, user string }

type conversation struct {
	asked answer.Query
	at    time.Time
}

func newConversations(now func() time.Time) *conversations {
	return &conversations{now: now, limit: maxConversations, last: map[speakerOf]conversation{}}
}

// remember takes in what a member asked. A question that nobody asked by name
// is forgotten at once.
func (c *conversations) remember(r Request, asked answer.Query) {
	if r.UserID == "" || r.ChannelID == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.last) >= c.limit {
		c.tidy()
	}
	c.last[speakerOf{r.ChannelID, r.UserID}] = conversation{asked, c.now()}
}

// tidy forgets what is too old, and if that makes no room, the oldest.
func (c *conversations) tidy() {
	var oldest speakerOf
	for key, conv := range c.last {
		switch {
		case c.now().Sub(conv.at) > conversationLife:
			delete(c.last, key)
		case oldest == speakerOf{} || conv.at.Before(c.last[oldest].at):
			oldest = key
		}
	}
	if len(c.last) >= c.limit {
		delete(c.last, oldest)
	}
}

// previous is what a member asked last, if that is not too long ago.
func (c *conversations) previous(r Request) (answer.Query, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conv, ok := c.last[speakerOf{r.ChannelID, r.UserID}]
	if !ok || c.now().Sub(conv.at) > conversationLife {
		return answer.Query{}, false
	}
	return conv.asked, true
}

// askFollow shows the form for a question that goes on from an answer.
func (h *handlers) askFollow(_ context.Context, r Request) (Response, error) {
	if _, err := findListing(h.store, r.GuildID, r.Arg); err != nil {
		return Response{}, err
	}
	in := r.own()
	return Response{Modal: &Modal{ID: actionFollow + ":" + r.Arg, Title: in.label("form.follow.form"), Fields: []TextField{
		{ID: fieldText, Label: in.label("form.follow.text"), Placeholder: in.label("form.follow.empty"), Required: true, MaxLength: maxQuestion},
	}}}, nil
}

// follow answers that form. What the earlier question was understood as is
// worked out anew, so nothing of it need be kept.
func (h *handlers) follow(ctx context.Context, r Request) (Response, error) {
	text, err := option(r, fieldText, 2, maxQuestion)
	if err != nil {
		return Response{}, err
	}
	l, err := findListing(h.store, r.GuildID, r.Arg)
	if err != nil {
		return Response{}, err
	}
	before, err := h.find(ctx, r, l, 0, 1)
	if err != nil {
		return Response{}, err
	}
	l, err = listing{Command: cmdAsk, Text: text}.after(before.Asked())
	if err != nil {
		return Response{}, err
	}
	return h.page(ctx, r, l, 0)
}

// speakersQuotes shows who clicked what else the speaker of a quote said.
func (h *handlers) speakersQuotes(ctx context.Context, r Request) (Response, error) {
	name, err := h.speakerOf(ctx, r, r.Arg)
	if err != nil {
		return Response{}, err
	}
	r.Alone = true
	resp, err := h.page(ctx, r, listing{Command: cmdQuotes, Speaker: name}, 0)
	resp.Message.Ephemeral = true
	return resp, err
}

// elsewhere shows who clicked which other articles print a quote.
func (h *handlers) elsewhere(ctx context.Context, r Request) (Response, error) {
	if !passageID.MatchString(r.Arg) {
		return Response{}, errForged
	}
	a, err := h.backend.Printed(ctx, h.scopes(ctx, r.GuildID), r.Arg)
	if err != nil {
		return Response{}, err
	}
	return Response{Message: printsView(r.own(), a)}, nil
}

// understood tells how a question that goes on was taken, "" for one that
// stands by itself.
func understood(in voice, l listing, q answer.Query) Markdown {
	if l.Before == "" {
		return ""
	}
	taken := asked(in, listing{Command: cmdQuotes, Speaker: q.Speaker, About: cmp.Or(q.Topic, strings.Join(q.Phrases, " ")), Publisher: q.Publisher, From: q.From, To: q.To})
	if taken == "" {
		return ""
	}
	return "\n-# ↳ " + taken
}
