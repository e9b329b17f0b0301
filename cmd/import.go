package cmd

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

func (a *app) importCmd() *cobra.Command {
	var columns string
	c := &cobra.Command{
		Use:   "import [--columns KEY=COLUMN,...] PATH_OR_URL...",
		Short: "Read articles into the corpus and index them",
		Long: `Reads files, folders, archives, web pages, feeds and sitemaps into the corpus
and indexes them. An article that is there already is left as it is. A file
that whosaid export wrote is restored with all that is in it. What can't be read
is named, and the rest goes on.

The columns of a table and the fields of JSON lines are found by their usual
names; --columns names those that are called otherwise.`,
		Example: `  whosaid import article.txt ~/clippings
  whosaid import https://example.org/story.html https://example.org/feed.xml
  whosaid import --columns text=Wortlaut,date=Datum speeches.csv`,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, from []string) error {
			mapping, err := corpus.ParseColumns(columns)
			if err != nil {
				return usageError{err}
			}
			defer boundMemory()()
			lib, err := a.openToWrite(c.Context(), unsearched)
			if err != nil {
				return err
			}
			defer lib.close()
			if err := a.repair(c.Context(), lib); err != nil {
				return err
			}
			if from, err = a.restore(c.Context(), lib, from); err != nil || len(from) == 0 {
				return err
			}
			return newImporter(a, lib).run(c.Context(), from, corpus.SourceOptions{Columns: mapping})
		},
	}
	c.Flags().StringVar(&columns, "columns", "", "columns that hold "+strings.Join(corpus.ColumnKeys(), ", ")+", as KEY=COLUMN,...")
	return c
}

// Bounds of what is stored and indexed at one go. A larger chunk makes fewer
// index parts, a smaller one loses less work when the machine goes down. The first one
// is small: the next is read and stored while it is being indexed.
const (
	firstChunk    = 100
	chunkGrowth   = 8
	chunkArticles = 2000
	chunkBytes    = 16 << 20 // of text
)

// importer brings articles into the corpus, chunk by chunk: stored first, then
// indexed, then counted as imported. One chunk is stored while the one before is indexed.
type importer struct {
	*app
	lib     *library
	bar     *progress
	sources int
	read    atomic.Int64 // sources read to their end
	added   atomic.Int64 // articles stored and indexed
	known   atomic.Int64 // articles that were there already
	newer   int          // of added, those that took an older version's place
	older   int          // articles stored of which a newer version was there already
	failed  int          // inputs that could not be read
}

func newImporter(a *app, lib *library) *importer { return &importer{app: a, lib: lib} }

func (im *importer) run(ctx context.Context, from []string, opt corpus.SourceOptions) error {
	sources, err := corpus.Sources(ctx, from, opt)
	if err != nil {
		im.fail(err)
	}
	im.sources = len(sources)
	im.bar = newProgress(im.Err, "importing", 2*len(sources))
	err = im.all(ctx, sources)
	im.bar.finish()
	im.report()
	switch {
	case err != nil:
		return err
	case im.failed > 0:
		return errReported
	}
	return nil
}

// item is what a source gave: an article, an error, or, both nil, its end.
type item struct {
	article *corpus.Article
	err     error
}

// all reads the sources side by side and stores what they give in chunks.
func (im *importer) all(ctx context.Context, sources []corpus.Source) error {
	group, ctx := errgroup.WithContext(ctx)
	items := make(chan item, 64)
	group.Go(func() error {
		defer close(items)
		readers, ctx := errgroup.WithContext(ctx)
		readers.SetLimit(runtime.GOMAXPROCS(0))
		for _, s := range sources {
			readers.Go(func() error { return readSource(ctx, s, items) })
		}
		return readers.Wait()
	})
	stored := make(chan []string)
	group.Go(func() error {
		defer close(stored)
		var chunk []*corpus.Article
		size, limit := 0, firstChunk
		for it := range items {
			switch {
			case it.err != nil:
				im.fail(it.err)
			case it.article != nil:
				chunk = append(chunk, it.article)
				size += len(it.article.Text)
			default:
				im.read.Add(1)
				im.show(0)
			}
			if len(chunk) >= limit || size >= chunkBytes {
				if err := im.store(ctx, chunk, stored); err != nil {
					return err
				}
				chunk, size, limit = nil, 0, min(limit*chunkGrowth, chunkArticles)
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return im.store(ctx, chunk, stored)
	})
	group.Go(func() error {
		for fresh := range stored {
			if err := im.index(ctx, fresh); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	return group.Wait()
}

// readSource sends what a source gives, then an empty item for its end.
func readSource(ctx context.Context, s corpus.Source, to chan<- item) error {
	send := func(it item) error {
		select {
		case to <- it:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for article, err := range s.Read(ctx) {
		if err := send(item{article, err}); err != nil {
			return err
		}
	}
	return send(item{})
}

// store stores a chunk and hands on the IDs of what was new in it.
func (im *importer) store(ctx context.Context, chunk []*corpus.Article, to chan<- []string) error {
	if len(chunk) == 0 {
		return nil
	}
	stored, err := im.lib.store.Add(ctx, corpus.Operator, chunk)
	if err != nil {
		return fmt.Errorf("storing articles: %w", err)
	}
	fresh := make([]string, 0, len(chunk))
	for i, a := range chunk {
		if stored[i].New {
			fresh = append(fresh, a.ID)
		}
		if stored[i].Replaces != "" {
			im.newer++
		}
		if stored[i].ReplacedBy != "" {
			im.older++
		}
	}
	slices.Sort(fresh) // as a reindex has them: equal scores rank alike after either
	im.known.Add(int64(len(chunk) - len(fresh)))
	select {
	case to <- fresh:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// index indexes articles that are stored.
func (im *importer) index(ctx context.Context, fresh []string) error {
	if err := im.lib.idx.Add(ctx, fresh, func(p index.Progress) { im.show(p.Done) }); err != nil {
		return fmt.Errorf("indexing articles: %w", err)
	}
	im.added.Add(int64(len(fresh)))
	return nil
}

// show shows how far the import is, with so many more articles indexed than are counted.
func (im *importer) show(more int) {
	im.bar.set(int(im.read.Load())+min(int(im.added.Load()+im.known.Load())+more, im.sources), 2*im.sources)
}

// fail names what could not be read; the import goes on.
func (im *importer) fail(err error) {
	im.failed++
	fmt.Fprintf(im.Err, "whosaid: %v\n", err)
}

func (im *importer) report() {
	added, known := int(im.added.Load()), int(im.known.Load())
	switch {
	case added > 0 && known > 0:
		fmt.Fprintf(im.Err, "imported %s; %d were there already\n", count(added, "article"), known)
	case added > 0:
		fmt.Fprintf(im.Err, "imported %s\n", count(added, "article"))
	case known > 0:
		fmt.Fprintf(im.Err, "nothing new: %d were there already\n", known)
	default:
		fmt.Fprintln(im.Err, "nothing imported: no article found")
	}
	if im.newer+im.older > 0 {
		fmt.Fprintf(im.Err, "%d of them are updates of articles, %d older versions; the newest version of each answers\n", im.newer, im.older)
	}
}

// count is "1 article", "2 articles".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
