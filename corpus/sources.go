package corpus

import (
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
}

// Source is one thing to import: a file, a page, an item of a feed.
type Source struct {
	Name string // the path or URL, for messages
	read func(ctx context.Context) iter.Seq2[*Article, error]
}

// Read yields the source's articles; see the function [Read] for the errors.
func (s Source) Read(ctx context.Context) iter.Seq2[*Article, error] { return s.read(ctx) }

// Sources expands paths and URLs into what there is to import, so that a
// progress bar knows the total. Arguments that can't be had are joined into
// the error; the sources of the others are returned beside it.
func Sources(ctx context.Context, args []string, opt SourceOptions) ([]Source, error) {
	var out []Source
	var errs []error
	for _, arg := range args {
		err := filepath.WalkDir(arg, func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case p != arg && strings.HasPrefix(d.Name(), "."):
				if d.IsDir() {
					return filepath.SkipDir
				}
			case d.Type().IsRegular():
				out = append(out, fileSource(p, opt))
			}
			return ctx.Err()
		})
		if err != nil {
			errs = append(errs, &Error{Name: arg, Err: err})
		}
	}
	return out, errors.Join(errs...)
}

func fileSource(path string, opt SourceOptions) Source {
	return Source{Name: path, read: func(ctx context.Context) iter.Seq2[*Article, error] {
		return func(yield func(*Article, error) bool) {
			f, err := os.Open(path)
			if err != nil {
				yield(nil, &Error{Name: path, Err: err})
				return
			}
			defer f.Close()
			Read(ctx, Input{Name: path, Scope: opt.Scope, Data: f})(yield)
		}
	}}
}
