package corpus

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Bounds of watching. What a visit leaves undone, the next one does.
const (
	watchEvery    = 30 * time.Minute
	watchLongest  = 24 * time.Hour // between two visits to a feed that fails
	watchLook     = time.Minute    // between two looks at what is watched
	watchTimeout  = 15 * time.Minute
	watchAtOnce   = 4   // feeds visited side by side
	itemsPerVisit = 100 // new items read at a visit
	seenItems     = 5 * maxItems
	// deadAfter is how many failures in a row make a feed dead; with the growing
	// waits between, that takes fifteen hours.
	deadAfter = 5
)

// WatchedFeed is a feed, and the scope that its articles belong to.
type WatchedFeed struct{ Scope, URL string }

// FeedStates remembers what a watcher needs to know from one visit to the next.
type FeedStates interface {
	// FeedState is what is remembered of a feed; the zero state but for its URL when that is nothing.
	FeedState(ctx context.Context, scope, url string) (FeedState, error)
	SetFeedState(ctx context.Context, scope string, f FeedState) error
}

// FeedNews is what moderators want to know of a feed: that it is dead, or that
// it lives again. Each is told once.
type FeedNews struct {
	Feed  WatchedFeed
	Dead  bool
	Error string // why it is dead
}

// WatchOptions tell a [Watcher] what to watch and whom to tell.
type WatchOptions struct {
	Fetcher *Fetcher
	States  FeedStates
	// Feeds lists what is watched; it is asked again all the time.
	Feeds func(ctx context.Context) ([]WatchedFeed, error)
	// Articles takes what is new. Only when it returns nil do the items count as seen.
	Articles func(ctx context.Context, feed WatchedFeed, articles []*Article) error
	// Tell takes what moderators should know.
	Tell func(ctx context.Context, news FeedNews)
	// Every is the time between two visits to a feed; 0 means half an hour.
	Every time.Duration
	Log   *slog.Logger
}

// Watcher visits feeds on a schedule and hands on the articles that are new in
// them. Visits are spread by a random tenth of the interval. A feed that
// fails is visited ever more rarely, is reported as dead once, and reported
// again when it answers.
type Watcher struct {
	opt WatchOptions
	now func() time.Time
}

// NewWatcher makes a Watcher; Run sets it to work.
func NewWatcher(opt WatchOptions) *Watcher {
	opt.Every = cmp.Or(opt.Every, watchEvery)
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return &Watcher{opt: opt, now: time.Now}
}

// Run watches until the context ends, whose error it returns.
func (w *Watcher) Run(ctx context.Context) error {
	for {
		next := w.round(ctx)
		if err := sleep(ctx, min(next, watchLook)); err != nil {
			return err
		}
	}
}

// round visits the feeds that are due, and returns the time until the next is.
func (w *Watcher) round(ctx context.Context) time.Duration {
	feeds, err := w.opt.Feeds(ctx)
	if err != nil {
		w.opt.Log.Warn("listing the feeds that are watched", "error", err)
		return watchLook
	}
	group := errgroup.Group{} // a feed that fails stops no other
	group.SetLimit(watchAtOnce)
	nexts := make([]time.Time, len(feeds))
	for i, feed := range feeds {
		group.Go(func() error {
			nexts[i] = w.visitIfDue(ctx, feed)
			return nil
		})
	}
	_ = group.Wait()
	wait := watchLook
	for _, t := range nexts {
		wait = min(wait, t.Sub(w.now()))
	}
	return max(wait, time.Millisecond)
}

// visitIfDue returns when the feed's next visit is due.
func (w *Watcher) visitIfDue(ctx context.Context, feed WatchedFeed) time.Time {
	state, err := w.opt.States.FeedState(ctx, feed.Scope, feed.URL)
	if err == nil && state.Next.After(w.now()) {
		return state.Next
	}
	if err == nil {
		state, err = w.visit(ctx, feed, state)
	}
	if err != nil {
		if ctx.Err() == nil {
			w.opt.Log.Warn("watching a feed", "scope", feed.Scope, "feed", feed.URL, "error", err)
		}
		return w.now().Add(watchLook)
	}
	return state.Next
}

// Check visits a feed now, whenever it is due, and returns its state after that. A
// feed that can't be had is no error: its state says so.
func (w *Watcher) Check(ctx context.Context, feed WatchedFeed) (FeedState, error) {
	state, err := w.opt.States.FeedState(ctx, feed.Scope, feed.URL)
	if err != nil {
		return state, fmt.Errorf("reading what is known of the feed %s: %w", feed.URL, err)
	}
	return w.visit(ctx, feed, state)
}

// visit asks for the feed, hands on what is new and notes how it went. An error is
// not the feed's fault.
func (w *Watcher) visit(ctx context.Context, feed WatchedFeed, state FeedState) (FeedState, error) {
	bounded, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	state.Checked = w.now()
	p, items, err := w.fetch(bounded, feed, state)
	switch {
	case ctx.Err() != nil:
		return state, ctx.Err()
	case err != nil:
		w.failed(ctx, feed, &state, err)
	default:
		if err := w.handOn(bounded, feed, &state, p, items); err != nil {
			return state, err
		}
		w.lives(ctx, feed, &state)
	}
	if err := w.opt.States.SetFeedState(ctx, feed.Scope, state); err != nil {
		return state, fmt.Errorf("noting the state of the feed %s: %w", feed.URL, err)
	}
	return state, nil
}

// fetch gets the feed, if it has changed.
func (w *Watcher) fetch(ctx context.Context, feed WatchedFeed, state FeedState) (*page, []feedItem, error) {
	p, err := w.opt.Fetcher.getIf(ctx, feed.URL, validators{state.ETag, state.Modified})
	if err != nil || p.unchanged {
		return p, nil, err
	}
	if !isFeed(p.body) {
		return nil, nil, &Error{Name: feed.URL, Err: errors.New("this is no feed"), Hint: "look for a link to RSS or Atom on the site"}
	}
	items, err := parseFeed(feed.URL, p.url, p.body)
	return p, items, err
}

// handOn reads the items that were not seen yet, hands their articles on, and then counts
// them as seen. An item whose page can't be had for the moment stays unseen.
func (w *Watcher) handOn(ctx context.Context, feed WatchedFeed, state *FeedState, p *page, items []feedItem) error {
	var articles []*Article
	var done []string
	undone := false
	for _, i := range slices.Backward(items) { // feeds have the newest first
		key := i.key()
		if slices.Contains(state.Seen, key) || slices.Contains(done, key) {
			continue
		}
		if len(done) == itemsPerVisit {
			undone = true
			break
		}
		i.fetcher = w.opt.Fetcher
		a, err := i.read(ctx, feed.Scope)
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && isTemporary(err) {
			undone = true
			continue
		}
		if err != nil { // it will not get better: nobody is told of each such page
			w.opt.Log.Info("an item of a feed has no article", "scope", feed.Scope, "feed", feed.URL, "error", err)
		} else {
			articles = append(articles, a)
		}
		done = append(done, key)
	}
	if len(articles) > 0 {
		if err := w.opt.Articles(ctx, feed, articles); err != nil {
			return fmt.Errorf("keeping what is new in the feed %s: %w", feed.URL, err)
		}
		state.Found = state.Checked
		state.Articles += len(articles)
	}
	state.Seen = append(state.Seen, done...)
	state.Seen = state.Seen[max(0, len(state.Seen)-seenItems):]
	if state.ETag, state.Modified = p.validators.etag, p.validators.modified; undone {
		state.ETag, state.Modified = "", "" // it has to be sent again, to go on with it
	}
	return nil
}

// key tells an item from the feed's others, in all the versions of the feed.
func (i feedItem) key() string {
	sum := sha256.Sum256([]byte(first(i.item.GUID, i.url, i.item.Title+"\n"+i.item.Description)))
	return hex.EncodeToString(sum[:8])
}

// failed notes a failure, and tells of the one that makes the feed dead. A server that
// says that the feed is gone for good is believed at once.
func (w *Watcher) failed(ctx context.Context, feed WatchedFeed, state *FeedState, err error) {
	state.Failures++
	state.Error = err.Error()
	state.Next = state.Checked.Add(w.spread(min(watchLongest, w.opt.Every<<min(state.Failures, 16))))
	var status *statusError
	gone := errors.As(err, &status) && status.code == http.StatusGone
	if (state.Failures >= deadAfter || gone) && !state.Told {
		w.opt.Tell(ctx, FeedNews{Feed: feed, Dead: true, Error: state.Error})
		state.Told = true
	}
}

// lives notes that the feed answered.
func (w *Watcher) lives(ctx context.Context, feed WatchedFeed, state *FeedState) {
	if state.Told {
		w.opt.Tell(ctx, FeedNews{Feed: feed})
	}
	state.Failures, state.Error, state.Told = 0, "", false
	state.Next = state.Checked.Add(w.spread(w.opt.Every))
}

// spread makes a time up to a tenth longer or shorter, so that feeds that were added
// together are not all visited together for ever.
func (w *Watcher) spread(d time.Duration) time.Duration {
	return d + time.Duration((rand.Float64()-0.5)/5*float64(d))
}
