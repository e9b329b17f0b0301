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

// textCache fetches the articles of hits from the corpus and keeps the last
// few hundred.
type textCache struct {
	store index.Texts
	cache *lru.Cache[string, *corpus.Article]
}

func newTextCache(store index.Texts) *textCache {
	cache, err := lru.New[string, *corpus.Article](cachedArticles)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &textCache{store: store, cache: cache}
}

// article is shared: callers don't change it.
func (c *textCache) article(ctx context.Context, id string) (*corpus.Article, error) {
	if a, ok := c.cache.Get(id); ok {
		return a, nil
	}
	a, err := c.store.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("fetching article %s: %w", id, err)
	}
	if len(a.Text) <= maxCachedText {
		c.cache.Add(id, a)
	}
	return a, nil
}

// passage is row i of the part with its texts filled in.
func (c *textCache) passage(ctx context.Context, p *part, i int) (index.Passage, error) {
	hit, _, err := p.passage(i)
	if err != nil {
		return hit, &index.Problem{Kind: index.Corrupt, Part: p.name, Err: err}
	}
	a, err := c.article(ctx, hit.ArticleID)
	if err != nil {
		return hit, err
	}
	hit.Fill(a)
	return hit, nil
}
