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
	return Response{Message: feedsView(state.Feeds)}, nil
}

func feedsView(feeds []corpus.Feed) Message {
	m := Message{Ephemeral: true}
	if len(feeds) == 0 {
		m.Content = "**No feed is watched.** Add one with `/corpus add-feed`."
		return m
	}
	text := Markdown("**Feeds that are watched**")
	var rows [][]Button
	for i, f := range feeds[:min(len(feeds), maxRows*maxButtons)] {
		text += Markdown(fmt.Sprintf("\n%d. `", i+1)) + Code(f.URL, 120) + "`"
		if i%maxButtons == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], danger(fmt.Sprintf("Stop %d", i+1), actionUnfeed+":"+strconv.Itoa(f.Change)))
	}
	if n := len(feeds) - maxRows*maxButtons; n > 0 {
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
