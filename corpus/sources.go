package corpus

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// SourceOptions tell [Sources] how to read.
type SourceOptions struct {
	// Scope is the corpus the articles belong to; "" means SharedScope.
	Scope string
	// Fetcher fetches the URLs; nil means one with all the safeguards on.
	Fetcher *Fetcher
	// Columns is what Input.Columns is.
	Columns map[string]string
}

// Source is one thing to import: a file, a page, an item of a feed.
type Source struct {
	Name string // the path or URL, for messages
	read func(ctx context.Context) iter.Seq2[*Article, error]
}

// Read yields the source's articles; the errors are those of the function [Read].
func (s Source) Read(ctx context.Context) iter.Seq2[*Article, error] { return s.read(ctx) }

// Sources expands paths and URLs into what there is to import, so that a
// progress bar knows the total. A folder stands for the files below it, sorted,
// without hidden ones and symbolic links; a feed for its items, a sitemap for its pages. Arguments,
// and folders below them, that can't be had are joined into the error; all
// other sources are returned beside it. Files are opened, and the pages of a feed's
// items fetched, when the source is read; pages named here are fetched at once.
func Sources(ctx context.Context, args []string, opt SourceOptions) ([]Source, error) {
	if opt.Fetcher == nil {
		opt.Fetcher = NewFetcher(FetchOptions{})
	}
	var all []Source
	var errs []error
	for _, arg := range args {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		expand := pathSources
		if isURL(arg) {
			expand = urlSources
		}
		sources, err := expand(ctx, arg, opt)
		all = append(all, sources...)
		if err != nil {
			errs = append(errs, err)
		}
	}
	return all, errors.Join(errs...)
}

// urlSources fetches the page or feed at an address.
func urlSources(ctx context.Context, address string, opt SourceOptions) ([]Source, error) {
	p, err := opt.Fetcher.get(ctx, address)
	if err != nil {
		return nil, err
	}
	switch {
	case isFeed(p.body):
		return feedSources(p, opt)
	case isSitemap(p.unpacked()):
		return sitemapSources(ctx, p, opt)
	}
	return []Source{{Name: address, read: func(ctx context.Context) iter.Seq2[*Article, error] {
		in := p.input(address, opt.Scope)
		in.Columns = opt.Columns
		return Read(ctx, in)
	}}}, nil
}

// input is the page as something to read.
func (p *page) input(name, scope string) Input {
	return Input{Name: name, URL: p.url, Scope: scope, MediaType: p.mediaType, Data: bytes.NewReader(p.body)}
}

// pathSources lists the files at a path. A link that the user names is followed;
// links in folders are not, since they can lead anywhere.
func pathSources(ctx context.Context, path string, opt SourceOptions) ([]Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, &Error{Name: path, Err: cause(err), Hint: pathHint(err)}
	}
	if !info.IsDir() {
		return []Source{fileSource(path, opt)}, nil
	}
	var all []Source
	var errs []error
	// With the separator at its end, a link to a folder is entered.
	err = filepath.WalkDir(path+string(filepath.Separator), func(p string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			errs = append(errs, &Error{Name: p, Err: cause(err), Hint: pathHint(err)})
			return fs.SkipDir
		case strings.HasPrefix(d.Name(), ".") && p != path+string(filepath.Separator):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.Type().IsRegular():
			all = append(all, fileSource(filepath.Clean(p), opt))
		}
		return nil
	})
	return all, errors.Join(append(errs, err)...)
}

// fileSource is one file, opened when it is read.
func fileSource(path string, opt SourceOptions) Source {
	return Source{Name: path, read: func(ctx context.Context) iter.Seq2[*Article, error] {
		return func(yield func(*Article, error) bool) {
			f, err := os.Open(path)
			if err != nil {
				yield(nil, &Error{Name: path, Err: cause(err), Hint: pathHint(err)})
				return
			}
			defer f.Close()
			Read(ctx, Input{Name: path, Scope: opt.Scope, Columns: opt.Columns, Data: f})(yield)
		}
	}}
}

// cause is the reason of a failed file operation, without the path, which the message names already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func pathHint(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "check the path; web addresses begin with https:// or http://"
	case errors.Is(err, fs.ErrPermission):
		return "check who may read it"
	}
	return ""
}
