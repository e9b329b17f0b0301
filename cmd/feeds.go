package cmd

import (
	"context"
	"fmt"

	"github.com/whosaid/whosaid/corpus"
)

// watcher watches the feeds that moderators added, and has tell tell them of those that died.
func (c *curator) watcher(tell func(context.Context, corpus.FeedNews) error) *corpus.Watcher {
	return corpus.NewWatcher(corpus.WatchOptions{
		Fetcher:  c.fetcher,
		States:   c.lib.store,
		Feeds:    c.watched,
		Articles: c.fromFeed,
		Tell: func(ctx context.Context, news corpus.FeedNews) {
			c.log.Info("a feed died or lives again", "scope", news.Feed.Scope, "feed", news.Feed.URL, "dead", news.Dead, "why", news.Error)
			if err := tell(ctx, news); err != nil {
				c.log.Warn("moderators could not be told of a feed", "scope", news.Feed.Scope, "feed", news.Feed.URL, "err", err)
			}
		},
		Log: c.log,
	})
}

// watched lists the feeds of all scopes.
func (c *curator) watched(ctx context.Context) ([]corpus.WatchedFeed, error) {
	scopes, err := c.lib.store.ChangedScopes(ctx)
	if err != nil {
		return nil, err
	}
	var all []corpus.WatchedFeed
	for _, scope := range scopes {
		state, err := c.lib.store.State(ctx, scope)
		if err != nil {
			return nil, err
		}
		for _, f := range state.Feeds {
			all = append(all, corpus.WatchedFeed{Scope: scope, URL: f.URL})
		}
	}
	return all, nil
}

// fromFeed stores and indexes what is new in a feed.
func (c *curator) fromFeed(ctx context.Context, feed corpus.WatchedFeed, articles []*corpus.Article) error {
	for _, a := range articles {
		a.Scope = feed.Scope
	}
	stored, err := c.lib.store.Add(ctx, corpus.ByFeed, articles)
	if err != nil {
		return fmt.Errorf("storing what is new in a feed: %w", err)
	}
	var fresh []string
	for i, a := range articles {
		if stored[i].New {
			fresh = append(fresh, a.ID)
		}
	}
	if err := c.lib.idx.Add(ctx, fresh, nil); err != nil {
		c.log.Warn("what is new in a feed is not indexed yet", "scope", feed.Scope, "feed", feed.URL, "err", err)
		c.catchUpLater(fresh)
	}
	return nil
}
