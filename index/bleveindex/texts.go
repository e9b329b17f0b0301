package bleveindex

import (
	"context"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

const (
	cachedArticles = 256
	// maxCachedText keeps huge articles, in bytes, out of the cache, which
	// thereby holds some 64 MB at the very most and 2 MB of usual news.
	maxCachedText = 256 << 10
)

// holder is a corpus that tells whether it has an article without reading it.
type holder interface {
	Has(ctx context.Context, id string) bool
}

// textCache fetches the articles of hits and keeps the last few hundred.
type textCache struct {
	store index.Texts
	has   holder // nil: articles are read from the store
	cache *lru.Cache[string, *corpus.Article]
}

func newTextCache(store index.Texts) *textCache {
	cache, err := lru.New[string, *corpus.Article](cachedArticles)
	if err != nil {
		panic(err) // only for a size below one
	}
	c := &textCache{store: store, cache: cache}
	c.has, _ = store.(holder)
	return c
}

// article is number n of the part; it is shared: callers don't change it.
func (c *textCache) article(ctx context.Context, p *part, n int) (*corpus.Article, error) {
	id := p.articles[n].id
	if a, ok := c.cache.Get(id); ok {
		return a, nil
	}
	a, err := c.read(ctx, p, n, id)
	if err != nil {
		return nil, fmt.Errorf("fetching article %s: %w", id, err)
	}
	if len(a.Text) <= maxCachedText {
		c.cache.Add(id, a)
	}
	return a, nil
}

// read gets the article from the part's copy, if the corpus has it still. A
// copy that can't be read costs the time to read the article itself.
func (c *textCache) read(ctx context.Context, p *part, n int, id string) (*corpus.Article, error) {
	if c.has != nil && c.has.Has(ctx, id) {
		if a, err := p.copies.article(n, id); err == nil {
			return a, nil
		}
	}
	return c.store.Get(ctx, id)
}

// passage is row i of the part with its texts filled in.
func (c *textCache) passage(ctx context.Context, p *part, i int) (index.Passage, error) {
	hit, n, err := p.passage(i)
	if err != nil {
		return hit, &index.Problem{Kind: index.Corrupt, Part: p.name, Err: err}
	}
	a, err := c.article(ctx, p, n)
	if err != nil {
		return hit, err
	}
	hit.Fill(a)
	return hit, nil
}
