package bot

import (
	"context"
	"fmt"
	"strconv"

	"github.com/whosaid/whosaid/corpus"
)

// addFeed has a feed watched.
func (h *handlers) addFeed(ctx context.Context, r Request) (Response, error) {
	address, err := option(r, optURL, 8, maxURL)
	if err != nil {
		return Response{}, err
	}
	if address, err = pageURL(r, address); err != nil {
		return Response{}, err
	}
	c, err := h.decide(ctx, r, corpus.Change{Action: corpus.ActAddFeed, URL: address})
	if err != nil {
		return Response{}, err
	}
	return Response{Message: done(r.own(), r.own().say("feed.added", "url", "`"+Code(address, 300)+"`"), c)}, nil
}

// feeds lists the feeds that are watched.
func (h *handlers) feeds(ctx context.Context, r Request) (Response, error) {
	state, err := h.curator.State(ctx, h.own(r.GuildID))
	if err != nil {
		return Response{}, err
	}
	states := make([]corpus.FeedState, len(state.Feeds))
	for i, f := range state.Feeds {
		if states[i], err = h.curator.FeedState(ctx, state.Scope, f.URL); err != nil {
			return Response{}, err
		}
	}
	return Response{Message: feedsView(r.own(), state.Feeds, states)}, nil
}

// feedWords says how a feed is doing.
func feedWords(in voice, s corpus.FeedState) Markdown {
	switch {
	case s.Checked.IsZero():
		return in.say("feed.unvisited")
	case s.Failures > 0:
		return in.several("feed.failed", s.Failures, "when", ago(s.Checked), "why", Escape(s.Error, 150))
	}
	return in.several("feed.visited", s.Articles, "when", ago(s.Checked))
}

// TellOfFeed posts to the channel of the scope's moderators, if they have one,
// that a feed is dead or lives again.
func (b *Bot) TellOfFeed(ctx context.Context, news corpus.FeedNews) error {
	state, err := b.config.Curator.State(ctx, news.Feed.Scope)
	if err != nil || state.Settings.ReportsChannel == "" {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, postWithin)
	defer cancel()
	return b.registrar.sender.post(ctx, state.Settings.ReportsChannel, feedNews(speaks([]string{state.Settings.Language}), news))
}

func feedNews(in voice, news corpus.FeedNews) Message {
	e := Frame{Title: in.say("feed.alive"), Color: green, Description: "`" + Code(news.Feed.URL, 300) + "`"}
	if news.Dead {
		e.Title, e.Color = in.say("feed.dead"), amber
		e.Description += "\n" + Escape(news.Error, 500) + "\n" + in.say("feed.trying")
	}
	return Message{Frames: []Frame{e}}
}

// listedFeeds is how many feeds a message lists, each with a button.
const listedFeeds = 4 * maxButtons

func feedsView(in voice, feeds []corpus.Feed, states []corpus.FeedState) Message {
	m := Message{Ephemeral: true}
	if len(feeds) == 0 {
		m.Content = in.say("feed.none")
		return m
	}
	text := "**" + in.say("feed.heading") + "**"
	var rows [][]Button
	for i, f := range feeds[:min(len(feeds), listedFeeds)] {
		text += Markdown(fmt.Sprintf("\n%d. `", i+1)) + Code(f.URL, 100) + "` · " + feedWords(in, states[i])
		if i%maxButtons == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], danger(in.label("button.change.stop-of", "n", strconv.Itoa(i+1)), actionUnfeed+":"+strconv.Itoa(f.Change)))
	}
	if n := len(feeds) - listedFeeds; n > 0 {
		text += "\n" + in.several("count.more", n)
	}
	m.Frames, m.Rows = []Frame{{Description: text, Color: blurple}}, rows
	return m
}

// unfeed stops watching a feed.
func (h *handlers) unfeed(ctx context.Context, r Request) (Response, error) {
	n, err := number(r.Arg)
	if err != nil {
		return Response{}, err
	}
	state, err := h.curator.State(ctx, h.own(r.GuildID))
	if err != nil {
		return Response{}, err
	}
	for _, f := range state.Feeds {
		if f.Change == n {
			c, err := h.decide(ctx, r, corpus.Change{Action: corpus.ActRemoveFeed, URL: f.URL})
			if err != nil {
				return Response{}, err
			}
			return Response{Message: done(r.own(), r.own().say("feed.stopped", "url", "`"+Code(f.URL, 300)+"`"), c), Update: true}, nil
		}
	}
	return Response{}, corpus.ErrNoSuchFeed
}
