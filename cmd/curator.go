package cmd

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/whosaid/whosaid/bot"
	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// curator is what the moderators' commands do to the library.
type curator struct {
	lib     *library
	fetcher *corpus.Fetcher
	log     *slog.Logger

	life       context.Context // ends with close
	stop       context.CancelFunc
	background sync.WaitGroup // of what follows decisions

	titles sync.Map // article ID → bot.ArticleLine, of articles already read: they never change
}

var _ bot.Curator = (*curator)(nil)

func newCurator(lib *library, log *slog.Logger) *curator {
	c := &curator{lib: lib, fetcher: corpus.NewFetcher(corpus.FetchOptions{}), log: log}
	c.life, c.stop = context.WithCancel(context.Background())
	return c
}

// close ends what is still under way; the next start makes it good.
func (c *curator) close() {
	c.stop()
	c.background.Wait()
	c.fetcher.Close()
}

const (
	followWithin = 15 * time.Second // that a decision waits for the index to follow
	followAgain  = 5 * time.Second  // after a failure
)

// follow has the index follow the decisions, and waits for that for a while: a
// rule about somebody whom thousands of articles quote may take minutes, and
// another process may be writing to the index.
func (c *curator) follow(ctx context.Context) {
	done := make(chan struct{})
	c.background.Go(func() {
		defer close(done)
		for {
			err := c.lib.idx.Sync(c.life)
			if err == nil || c.life.Err() != nil {
				return
			}
			c.log.Warn("the index does not follow a decision yet", "err", err, "again_in", followAgain)
			select {
			case <-c.life.Done():
			case <-time.After(followAgain):
			}
		}
	})
	wait := time.NewTimer(followWithin)
	defer wait.Stop()
	select {
	case <-done:
	case <-wait.C:
	case <-ctx.Done():
	}
}

// Bounds of what one command adds.
const (
	maxAdded      = 500
	maxAddedBytes = 64 << 20 // of text
	maxFailures   = 20
)

func (c *curator) State(ctx context.Context, scope string) (*corpus.State, error) {
	return c.lib.store.State(ctx, scope)
}

func (c *curator) Changes(ctx context.Context, scope string, after int) ([]corpus.Change, error) {
	return c.lib.store.Changes(ctx, scope, after)
}

func (c *curator) FeedState(ctx context.Context, scope, url string) (corpus.FeedState, error) {
	return c.lib.store.FeedState(ctx, scope, url)
}

func (c *curator) Export(ctx context.Context, scope string, w io.Writer) error {
	return c.lib.store.Export(ctx, w, scope)
}

// Decide notes the change, and has the index follow. The change stands whenever
// that is done.
func (c *curator) Decide(ctx context.Context, change corpus.Change) (corpus.Change, error) {
	change, err := c.lib.store.Record(ctx, change)
	if err != nil {
		return change, err
	}
	c.follow(ctx)
	return change, nil
}

func (c *curator) AddPage(ctx context.Context, scope, by, address string) (bot.Added, error) {
	// A path would be read from this machine.
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return bot.Added{}, fmt.Errorf("%q is no address of a page", address)
	}
	adding := adding{curator: c, scope: scope, by: by}
	sources, err := corpus.Sources(ctx, []string{address}, corpus.SourceOptions{Scope: scope, Fetcher: c.fetcher})
	adding.fail(err)
	for _, s := range sources {
		for a, err := range s.Read(ctx) {
			if !adding.take(a, err) {
				break
			}
		}
	}
	return adding.finish(ctx)
}

func (c *curator) AddFile(ctx context.Context, scope, by string, f bot.Upload) (bot.Added, error) {
	adding := adding{curator: c, scope: scope, by: by}
	for a, err := range corpus.Read(ctx, corpus.Input{Name: f.Name, Scope: scope, MediaType: f.MediaType, Data: f.Data}) {
		if !adding.take(a, err) {
			break
		}
	}
	return adding.finish(ctx)
}

func (c *curator) AddText(ctx context.Context, scope, by string, p bot.Pasted) (bot.Added, error) {
	line, err := json.Marshal(map[string]string{"title": p.Title, "source": p.Publisher, "url": p.URL, "date": p.Date, "text": p.Text})
	if err != nil {
		return bot.Added{}, fmt.Errorf("taking in a pasted text: %w", err)
	}
	return c.AddFile(ctx, scope, by, bot.Upload{Name: "pasted.jsonl", Data: bytes.NewReader(line)})
}

// adding is one addition under way.
type adding struct {
	*curator
	scope, by string
	articles  []*corpus.Article
	bytes     int
	failed    []string
}

// fail notes what could not be read.
func (a *adding) fail(err error) {
	if err != nil && len(a.failed) < maxFailures {
		a.failed = append(a.failed, err.Error())
	}
}

// take takes an article or an error, and reports whether there is room for more.
func (a *adding) take(article *corpus.Article, err error) bool {
	if err != nil {
		a.fail(err)
		return len(a.failed) < maxFailures
	}
	if len(a.articles) == maxAdded || a.bytes > maxAddedBytes {
		a.fail(fmt.Errorf("there is more: one command takes %d articles (the operator's `whosaid import` takes any number)", maxAdded))
		return false
	}
	a.articles, a.bytes = append(a.articles, article), a.bytes+len(article.Text)
	return true
}

// finish stores the articles, notes who added them, and indexes them.
func (a *adding) finish(ctx context.Context) (bot.Added, error) {
	added := bot.Added{Failed: a.failed}
	if err := ctx.Err(); err != nil {
		return added, err
	}
	stored, err := a.lib.store.Add(ctx, a.by, a.articles)
	if err != nil {
		return added, fmt.Errorf("storing what was added: %w", err)
	}
	// From here on what is stored has to be noted and indexed, whatever becomes of ctx.
	ctx = context.WithoutCancel(ctx)
	var fresh []string
	for i, article := range a.articles {
		if !stored[i].New {
			added.Known++
			continue
		}
		change, err := a.lib.store.Record(ctx, corpus.Change{Scope: a.scope, By: a.by, Action: corpus.ActAdd, Article: article.ID, Title: shorten(article.Title, 500)})
		if err != nil {
			return added, fmt.Errorf("noting what was added: %w", err)
		}
		if stored[i].Replaces != "" {
			added.Updates++
		}
		if stored[i].ReplacedBy != "" {
			added.Older++
		}
		fresh, added.Last = append(fresh, article.ID), change.Seq
		added.Articles = append(added.Articles, lineOf(article))
	}
	if len(fresh) != 1 {
		added.Last = 0
	}
	if err := a.lib.idx.Add(ctx, fresh, nil); err != nil {
		// It is stored, and found at the next start or reindex.
		a.log.Warn("what was added is not indexed yet", "scope", a.scope, "err", err)
		added.Failed = append(added.Failed, "The index is busy; what was added answers a little later.")
		a.catchUpLater(fresh)
	}
	return added, nil
}

// catchUpLater indexes articles as soon as the index can be written to.
func (c *curator) catchUpLater(ids []string) {
	c.background.Go(func() {
		for c.life.Err() == nil {
			if err := c.lib.idx.Add(c.life, ids, nil); err == nil {
				return
			}
			select {
			case <-c.life.Done():
			case <-time.After(followAgain):
			}
		}
	})
}

// shorten cuts a text to at most n bytes, on one line.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	for len(s) > n {
		r := []rune(s)
		s = string(r[:len(r)-1-len(r)/8])
	}
	return s
}

func lineOf(a *corpus.Article) bot.ArticleLine {
	return bot.ArticleLine{ID: a.ID, Title: cmp.Or(a.Title, a.File), Publisher: a.Publisher, Date: a.Date}
}

func (c *curator) Articles(ctx context.Context, scope, words string, offset, limit int) ([]bot.ArticleLine, int, error) {
	lines, err := c.lines(ctx, scope)
	if err != nil {
		return nil, 0, err
	}
	wanted := strings.Fields(strings.ToLower(words))
	lines = slices.DeleteFunc(lines, func(l bot.ArticleLine) bool {
		title := strings.ToLower(l.Title + " " + l.Publisher + " " + l.Date)
		return slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(title, w) })
	})
	slices.SortFunc(lines, func(a, b bot.ArticleLine) int {
		return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
	offset = min(max(offset, 0), len(lines))
	return lines[offset:min(offset+limit, len(lines))], len(lines), nil
}

// lines are the scope's articles; each is read once in the life of the program.
func (c *curator) lines(ctx context.Context, scope string) ([]bot.ArticleLine, error) {
	ids, err := c.lib.store.InScope(ctx, scope)
	if err != nil {
		return nil, err
	}
	lines := make([]bot.ArticleLine, 0, len(ids))
	for _, id := range ids {
		l, err := c.line(ctx, id)
		if err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func (c *curator) line(ctx context.Context, id string) (bot.ArticleLine, error) {
	if l, ok := c.titles.Load(id); ok {
		return l.(bot.ArticleLine), nil
	}
	a, err := c.lib.store.Get(ctx, id)
	switch {
	case ctx.Err() != nil:
		return bot.ArticleLine{}, ctx.Err()
	case err != nil:
		return bot.ArticleLine{ID: id, Title: "(can't be read)"}, nil
	}
	l := lineOf(a)
	c.titles.Store(id, l)
	return l, nil
}

func (c *curator) Article(ctx context.Context, scope, id string) (*corpus.Article, []index.Passage, error) {
	a, err := c.lib.store.Get(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if a.Scope != scope {
		return nil, nil, fmt.Errorf("article %s: %w", id, corpus.ErrNotFound)
	}
	r, err := c.lib.idx.Search(ctx, index.Query{
		Scopes: []string{scope}, Article: id, Limit: 200, Kinds: []index.PassageKind{index.KindDirect, index.KindMixed, index.KindIndirect},
	})
	if err != nil {
		return nil, nil, err
	}
	quotes := make([]index.Passage, len(r.Hits))
	for i, h := range r.Hits {
		quotes[i] = h.Passage
	}
	return a, quotes, nil
}

func (c *curator) Passage(ctx context.Context, scopes []string, id string) (index.Passage, error) {
	p, err := c.lib.idx.Passage(ctx, scopes, id)
	if errors.Is(err, corpus.ErrNotFound) {
		err = index.ErrNotFound
	}
	return p, err
}
