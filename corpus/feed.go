package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/mmcdole/gofeed"
)

// maxItems bounds the items that are read of one feed.
const maxItems = 1000

// isFeed reports whether a text, or its beginning, is that of an RSS, Atom or JSON feed.
func isFeed(head []byte) bool {
	head = head[:min(len(head), sniffSize)]
	switch gofeed.DetectFeedType(bytes.NewReader(head)) {
	case gofeed.FeedTypeRSS, gofeed.FeedTypeAtom:
		return !sniffHTML(head)
	case gofeed.FeedTypeJSON:
		return bytes.Contains(head, []byte("jsonfeed.org/version"))
	}
	return false
}

// parseFeed reads the items of a feed; name is for messages, address is where the feed
// was fetched from, or "".
func parseFeed(name, address string, body []byte) ([]feedItem, error) {
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return nil, &Error{Name: name, Err: fmt.Errorf("read the feed: %w", err), Hint: "the feed is malformed; import its articles by their addresses"}
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, &Error{Name: name, Err: err}
	}
	var items []feedItem
	for n, it := range feed.Items[:min(len(feed.Items), maxItems)] {
		i := feedItem{feed: feed, item: it}
		if u, err := base.Parse(strings.TrimSpace(it.Link)); err == nil && it.Link != "" {
			i.url = webURL(u.String())
		}
		i.name = first(i.url, oneLine(it.Title), fmt.Sprintf("item %d", n+1))
		items = append(items, i)
	}
	return items, nil
}

// feedSources makes a source of each item of a feed that was fetched.
func feedSources(p *page, opt SourceOptions) ([]Source, error) {
	items, err := parseFeed(p.url, p.url, p.body)
	if err != nil {
		return nil, err
	}
	out := make([]Source, len(items))
	for n, i := range items {
		i.fetcher = opt.Fetcher
		out[n] = Source{Name: i.name, read: func(ctx context.Context) iter.Seq2[*Article, error] {
			return func(yield func(*Article, error) bool) { yield(i.read(ctx, opt.Scope)) }
		}}
	}
	return out, nil
}

// readFeed reads what a feed's file holds of its articles; their pages are not fetched.
func readFeed(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		b, err := in.all()
		if err != nil {
			yield(nil, err)
			return
		}
		items, err := parseFeed(in.Name, in.URL, b)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, i := range items {
			a, err := i.fromContent(ctx, in)
			if err != nil && ctx.Err() == nil {
				err = &Error{Name: in.Name + "!/" + printable(i.name), Err: errors.New("the feed has no text of this item"), Hint: "import the address of its page, or of the feed"}
			}
			if err == nil {
				i.complete(a)
				if in.URL == "" {
					a.File = filepath.Base(in.Name)
				}
			}
			if !yield(a, err) || ctx.Err() != nil {
				return
			}
		}
	}
}

// feedItem is one item of a feed.
type feedItem struct {
	fetcher *Fetcher // nil for a feed in a file
	name    string   // for messages
	url     string   // of the item's page, or ""
	feed    *gofeed.Feed
	item    *gofeed.Item
}

// read reads the article of the item's page or, when the page can't be had or
// holds none, of the content that the feed itself carries.
func (i feedItem) read(ctx context.Context, scope string) (*Article, error) {
	a, err := i.fromPage(ctx, scope)
	if err != nil && ctx.Err() == nil {
		if b, e := i.fromContent(ctx, Input{Scope: scope}); e == nil {
			a, err = b, nil
		}
	}
	if err != nil {
		return nil, err
	}
	i.complete(a)
	return a, nil
}

func (i feedItem) fromPage(ctx context.Context, scope string) (*Article, error) {
	if i.url == "" {
		return nil, &Error{Name: i.name, Err: errors.New("the feed gives the item neither an address nor its text")}
	}
	p, err := i.fetcher.get(ctx, i.url)
	if err != nil {
		return nil, err
	}
	return only(Read(ctx, p.input(i.url, scope)))
}

// fromContent reads the item's content, in the scope and within the bounds of in.
func (i feedItem) fromContent(ctx context.Context, in Input) (*Article, error) {
	content := first(i.item.Content, i.item.Description)
	in = in.inner(i.name, strings.NewReader(content))
	in.Name, in.URL, in.path, in.MediaType = i.name, i.url, "item.html", "text/html"
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
	return nil, errors.New("no article")
}
