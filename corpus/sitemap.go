package corpus

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"

	"golang.org/x/net/html/charset"
)

// Limits of sitemaps; the protocol has 50,000 addresses and 50 MB a file.
const (
	maxSitemapPages = 50_000   // over all files of an index
	maxSitemapFiles = 500      // of an index
	maxSitemap      = 50 << 20 // bytes, unpacked
	maxSitemapDepth = 2        // an index may name indexes
)

// isSitemap reports whether a text, or its beginning, is that of a sitemap or of an index of them.
func isSitemap(head []byte) bool {
	head = bytes.ToLower(head[:min(len(head), sniffSize)])
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n")
	if !bytes.HasPrefix(head, []byte("<")) || sniffHTML(head) {
		return false
	}
	return bytes.Contains(head, []byte("<urlset")) || bytes.Contains(head, []byte("<sitemapindex"))
}

// readSitemap says that a sitemap in a file holds nothing to read.
func readSitemap(_ context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		yield(nil, &Error{Name: in.Name, Err: errors.New("a sitemap names pages and holds none"), Hint: "import the sitemap by its address"})
	}
}

// sitemapEntry is what a sitemap says of a page, the news extension included.
type sitemapEntry struct {
	Loc       string `xml:"loc"`
	Title     string `xml:"news>title"`
	Date      string `xml:"news>publication_date"`
	Publisher string `xml:"news>publication>name"`
	Language  string `xml:"news>publication>language"`
}

// parseSitemap calls page for each page, or file for each sitemap that an index names,
// until they return false.
func parseSitemap(r io.Reader, page func(sitemapEntry) bool, file func(address string) bool) error {
	d := xml.NewDecoder(r)
	d.Strict, d.CharsetReader = false, charset.NewReaderLabel
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := t.(xml.StartElement)
		if !ok || start.Name.Local != "url" && start.Name.Local != "sitemap" {
			continue
		}
		var e sitemapEntry
		if err := d.DecodeElement(&e, &start); err != nil {
			return err
		}
		if e.Loc = webURL(e.Loc); e.Loc == "" {
			continue
		}
		if start.Name.Local == "url" && !page(e) || start.Name.Local == "sitemap" && !file(e.Loc) {
			return nil
		}
	}
}

// sitemapReader expands a sitemap and those that it names.
type sitemapReader struct {
	opt     SourceOptions
	sources []Source
	files   int
	errs    []error
}

// sitemapSources makes a source of each page of a sitemap, and of the sitemaps that an
// index names.
func sitemapSources(ctx context.Context, p *page, opt SourceOptions) ([]Source, error) {
	r := &sitemapReader{opt: opt}
	r.read(ctx, p, 0)
	return r.sources, errors.Join(r.errs...)
}

func (r *sitemapReader) read(ctx context.Context, p *page, depth int) {
	var files []string
	err := parseSitemap(bytes.NewReader(p.body), func(e sitemapEntry) bool {
		r.sources = append(r.sources, Source{Name: e.Loc, read: r.opt.readEntry(e)})
		return len(r.sources) < maxSitemapPages
	}, func(address string) bool {
		files = append(files, address)
		return len(files) < maxSitemapFiles
	})
	if err != nil {
		r.errs = append(r.errs, &Error{Name: p.url, Err: fmt.Errorf("read the sitemap after %d pages: %w", len(r.sources), err)})
	}
	for _, address := range files {
		if r.files++; depth == maxSitemapDepth || r.files > maxSitemapFiles || len(r.sources) >= maxSitemapPages || ctx.Err() != nil {
			return
		}
		q, err := r.opt.Fetcher.get(ctx, address)
		if err == nil && !isSitemap(q.unpacked()) {
			err = &Error{Name: address, Err: errors.New("this is no sitemap")}
		}
		if err != nil {
			r.errs = append(r.errs, err)
			continue
		}
		r.read(ctx, q, depth+1)
	}
}

// readEntry reads a page that a sitemap names.
func (opt SourceOptions) readEntry(e sitemapEntry) func(context.Context) iter.Seq2[*Article, error] {
	return func(ctx context.Context) iter.Seq2[*Article, error] {
		return func(yield func(*Article, error) bool) {
			p, err := opt.Fetcher.get(ctx, e.Loc)
			if err != nil {
				yield(nil, err)
				return
			}
			for a, err := range Read(ctx, p.input(e.Loc, opt.Scope)) {
				if err == nil {
					e.complete(a)
				}
				if !yield(a, err) {
					return
				}
			}
		}
	}
}

// complete fills what the page did not tell from the sitemap.
func (e sitemapEntry) complete(a *Article) {
	a.Title = first(a.Title, oneLine(e.Title))
	a.Publisher = first(a.Publisher, oneLine(e.Publisher))
	a.Date = first(a.Date, normalDate(e.Date))
	a.Language = first(a.Language, languageCode(e.Language))
}

// unpacked makes the page's body what a .gz file holds, if it is one, and returns it.
func (p *page) unpacked() []byte {
	if !bytes.HasPrefix(p.body, []byte("\x1f\x8b")) {
		return p.body
	}
	z, err := gzip.NewReader(bytes.NewReader(p.body))
	if err != nil {
		return p.body
	}
	if b, err := io.ReadAll(io.LimitReader(z, maxSitemap+1)); err == nil && len(b) <= maxSitemap && isSitemap(b) {
		p.body = b
	}
	return p.body
}
