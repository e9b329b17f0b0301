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
	if address, err = pageURL(address); err != nil {
		return Response{}, err
	}
	c, err := h.decide(ctx, r, corpus.Change{Action: corpus.ActAddFeed, URL: address})
	if err != nil {
		return Response{}, err
	}
	return Response{Message: done("I watch `"+Code(address, 300)+"` now. Its articles come by themselves.", c)}, nil
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
	return Response{Message: feedsView(state.Feeds, states)}, nil
}

// feedWords says how a feed is doing.
func feedWords(s corpus.FeedState) Markdown {
	switch {
	case s.Checked.IsZero():
		return "not visited yet"
	case s.Failures > 0:
		return Markdown(fmt.Sprintf("⚠️ failed %d times, last <t:%d:R>: ", s.Failures, s.Checked.Unix())) + Escape(s.Error, 150)
	}
	return Markdown(fmt.Sprintf("%s articles, visited <t:%d:R>", count(s.Articles), s.Checked.Unix()))
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
	return b.registrar.sender.post(ctx, state.Settings.ReportsChannel, feedNews(news))
}

func feedNews(news corpus.FeedNews) Message {
	e := Embed{Title: "A feed answers again", Color: green, Description: "`" + Code(news.Feed.URL, 300) + "`"}
	if news.Dead {
		e.Title, e.Color = "A feed is dead", amber
		e.Description += "\n" + Escape(news.Error, 500) + "\nI go on trying, ever more rarely. `/corpus feeds` lets you stop it."
	}
	return Message{Embeds: []Embed{e}}
}

// listedFeeds is how many feeds a message lists, each with a button.
const listedFeeds = 4 * maxButtons

func feedsView(feeds []corpus.Feed, states []corpus.FeedState) Message {
	m := Message{Ephemeral: true}
	if len(feeds) == 0 {
		m.Content = "**No feed is watched.** Add one with `/corpus add-feed`."
		return m
	}
	text := Markdown("**Feeds that are watched**")
	var rows [][]Button
	for i, f := range feeds[:min(len(feeds), listedFeeds)] {
		text += Markdown(fmt.Sprintf("\n%d. `", i+1)) + Code(f.URL, 100) + "` · " + feedWords(states[i])
		if i%maxButtons == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], danger(fmt.Sprintf("Stop %d", i+1), actionUnfeed+":"+strconv.Itoa(f.Change)))
	}
	if n := len(feeds) - listedFeeds; n > 0 {
		text += "\n… and " + count(n) + " more"
	}
	m.Embeds, m.Rows = []Embed{{Description: text, Color: blurple}}, rows
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
			return Response{Message: done("I watch `"+Code(f.URL, 300)+"` no more. What came from it stays.", c), Update: true}, nil
		}
	}
	return Response{}, corpus.ErrNoSuchFeed
}
