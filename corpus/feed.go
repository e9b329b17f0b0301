package corpus

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed"
)

// maxItems bounds the items that are read of one feed.
const maxItems = 1000

// isFeed reports whether the page is an RSS, Atom or JSON feed.
func (p *page) isFeed() bool {
	head := p.body[:min(len(p.body), sniffSize)]
	switch gofeed.DetectFeedType(bytes.NewReader(p.body)) {
	case gofeed.FeedTypeRSS, gofeed.FeedTypeAtom:
		return !sniffHTML(head)
	case gofeed.FeedTypeJSON:
		return bytes.Contains(head, []byte("jsonfeed.org"))
	}
	return false
}

// feedSources makes a source of each item of a feed.
func feedSources(p *page, f *Fetcher, opt SourceOptions) ([]Source, error) {
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(p.body))
	if err != nil {
		return nil, &Error{Name: p.url, Err: fmt.Errorf("read the feed: %w", err), Hint: "the feed is malformed; import its articles by their addresses"}
	}
	base, err := url.Parse(p.url)
	if err != nil {
		return nil, &Error{Name: p.url, Err: err}
	}
	var out []Source
	for _, it := range feed.Items[:min(len(feed.Items), maxItems)] {
		i := feedItem{fetcher: f, scope: opt.Scope, feed: feed, item: it}
		if u, err := base.Parse(strings.TrimSpace(it.Link)); err == nil && it.Link != "" {
			i.url = webURL(u.String())
		}
		name := first(i.url, p.url)
		out = append(out, Source{Name: name, read: i.read})
	}
	return out, nil
}

// feedItem is one item of a feed.
type feedItem struct {
	fetcher *Fetcher
	scope   string
	url     string // of the item's page, or ""
	feed    *gofeed.Feed
	item    *gofeed.Item
}

// read yields the article of the item's page or, when the page can't be had or
// holds none, of the content that the feed itself carries.
func (i feedItem) read(ctx context.Context) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		a, err := i.fromPage(ctx)
		if err != nil && ctx.Err() == nil {
			if b, e := i.fromContent(ctx); e == nil {
				a, err = b, nil
			}
		}
		if err != nil {
			yield(nil, err)
			return
		}
		i.complete(a)
		yield(a, nil)
	}
}

func (i feedItem) fromPage(ctx context.Context) (*Article, error) {
	if i.url == "" {
		return nil, &Error{Name: i.item.Title, Err: fmt.Errorf("the feed gives the item neither an address nor its text")}
	}
	p, err := i.fetcher.get(ctx, i.url)
	if err != nil {
		return nil, err
	}
	return only(Read(ctx, Input{Name: i.url, URL: p.url, Scope: i.scope, MediaType: p.mediaType, Data: bytes.NewReader(p.body)}))
}

func (i feedItem) fromContent(ctx context.Context) (*Article, error) {
	content := first(i.item.Content, i.item.Description)
	in := Input{Name: first(i.url, i.item.Title), URL: i.url, Scope: i.scope, MediaType: "text/html", Data: strings.NewReader(content)}
	return only(Read(ctx, in))
}

// complete fills what the page did not tell from the feed.
func (i feedItem) complete(a *Article) {
	if a.Title == "" {
		a.Title = oneLine(i.item.Title)
	}
	if a.Publisher == "" {
		a.Publisher = oneLine(i.feed.Title)
	}
	if len(a.Authors) == 0 {
		for _, p := range i.item.Authors {
			if p != nil {
				a.Authors = append(a.Authors, authorNames(p.Name)...)
			}
		}
	}
	if t := i.item.PublishedParsed; a.Date == "" && t != nil {
		a.Date = plausibleDay(*t)
	}
	if a.Language == "" {
		a.Language = languageCode(i.feed.Language)
	}
}

// only is the first article of those yielded, or the first error.
func only(all iter.Seq2[*Article, error]) (*Article, error) {
	for a, err := range all {
		return a, err
	}
	return nil, fmt.Errorf("no article")
}
