// Package bleveindex is the index on Bleve's scorch engine: a folder of parts
// that are built once and never changed.
//
//	CURRENT             which parts are in use; replaced atomically
//	LOCK                held by the one writer
//	part-…/MANIFEST.json  sizes and checksums of the part's files
//	part-…/store/         the Bleve index
//	part-…/passages.bin   every passage without its texts, a row each
//	part-…/summary.bin    articles, speakers, publishers
//	part-…/texts.bin      a copy of the articles' texts
//
// [Index.Add] builds one more part, [Index.Reindex] one part that replaces
// all, and [Index.Sync] marks what people removed or corrected as dead where it is
// and adds a part with what is right; each becomes visible with the next CURRENT, to this process at once
// and to others within a second. Nothing is ever opened for writing twice, so
// a kill at any moment leaves at worst a folder that no CURRENT names, which
// the next writer sweeps. Small parts are merged when there are many.
//
// Bleve is used below its bleve.Index: documents are handed to the offline
// builder with their terms worked out, and queries are Bleve's searchers with
// a scorer of our own on top ([ranked]), because Bleve 2.6 scores each part
// with its own document frequencies and takes the number of distinct words
// for the length of a field.
package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/whosaid/whosaid/index"
)

// Options say where the index is and what it is made of.
type Options struct {
	// Dir is the index's own folder; it is made when missing.
	Dir string
	// Store has the articles. If it has a method Has(context.Context, string)
	// bool as corpus.Store does, hits are shown from the index's own copy of
	// their articles as long as the store has them; else from the store.
	Store index.Texts
	// Engine finds their quotes. Its version is kept with the index.
	Engine index.Extractor
	// Corrections are applied to what the engine finds; nil for none.
	Corrections index.Corrections
	// Logger may be nil.
	Logger *slog.Logger
	// LockWait is how long a writer waits for another one to finish; 0 means 10 s.
	LockWait time.Duration
	// MaxParts is how many parts there may be before small ones are merged; 0 means 8.
	MaxParts int
	// Lazy has a part's Bleve index opened by the first search of it, for those who add a lot
	// and hardly search: it takes some 4 MB of memory. Opened at once, a part stays
	// searchable when another process replaces it; damage to it shows at Open.
	Lazy bool
}

// Index is an [index.Index] on disk. It is safe for concurrent use, and so is
// its folder by several processes.
type Index struct {
	dir      string
	store    index.Texts
	engine   index.Extractor
	people   index.Corrections
	log      *slog.Logger
	lockWait time.Duration
	maxParts int
	lazy     bool // of Options
	texts    *textCache

	mu     sync.Mutex
	snap   *snapshot
	closed bool

	refreshing sync.Mutex   // one refresh at a time
	checked    atomic.Int64 // when CURRENT was last looked at, Unix nanoseconds
	background sync.WaitGroup
}

var _ index.Index = (*Index)(nil)

// Open opens the index in opts.Dir; a missing one is empty and answers
// nothing. What is damaged or of another version is left out, see
// [Index.Problems]; only a folder that can't be read is an error.
func Open(ctx context.Context, opts Options) (*Index, error) {
	if opts.Dir == "" || opts.Store == nil || opts.Engine == nil {
		return nil, errors.New("opening the index: Dir, Store and Engine must be set")
	}
	x := &Index{
		dir: opts.Dir, store: opts.Store, engine: opts.Engine, people: opts.Corrections, log: opts.Logger,
		lockWait: opts.LockWait, maxParts: opts.MaxParts, lazy: opts.Lazy, texts: newTextCache(opts.Store),
	}
	if x.log == nil {
		x.log = slog.New(slog.DiscardHandler)
	}
	if x.lockWait == 0 {
		x.lockWait = 10 * time.Second
	}
	if x.maxParts <= 0 {
		x.maxParts = 8
	}
	if err := os.MkdirAll(x.dir, 0o755); err != nil {
		return nil, fmt.Errorf("opening the index: %w", err)
	}
	x.snap = &snapshot{refs: 1}
	if err := x.Refresh(ctx); err != nil {
		return nil, fmt.Errorf("opening the index in %s: %w", x.dir, err)
	}
	x.sweepIdle(x.snap.current)
	return x, nil
}

// Close ends the use of the index, once running searches are done.
func (x *Index) Close() error {
	x.mu.Lock()
	if x.closed {
		x.mu.Unlock()
		return nil
	}
	x.closed = true
	x.mu.Unlock()
	x.background.Wait()
	return x.release(x.snap)
}

// Problems tells what of the index is unusable or stale, as *[index.Problem]
// values. [Index.Repair] mends them.
func (x *Index) Problems() []*index.Problem {
	s, err := x.acquire()
	if err != nil {
		return nil
	}
	defer x.done(s)
	return s.problems
}

// Verify compares every file in use with its checksum and returns what it
// finds altered, as *[index.Problem] values joined, or nil.
func (x *Index) Verify(ctx context.Context) error {
	// Parts that were replaced meanwhile may be gone by right.
	if err := x.Refresh(ctx); err != nil {
		return fmt.Errorf("verifying the index: %w", err)
	}
	s, err := x.acquire()
	if err != nil {
		return err
	}
	defer x.done(s)
	var errs []error
	for _, p := range s.parts {
		errs = append(errs, p.verify(ctx, filepath.Join(x.dir, p.name)))
	}
	return errors.Join(errs...)
}

// Stats describes the generation in use.
func (x *Index) Stats() index.Stats {
	s, err := x.acquire()
	if err != nil {
		return index.Stats{}
	}
	defer x.done(s)
	st := index.Stats{Generation: s.Generation, Built: s.Built, Speakers: s.directory().Len()}
	for _, p := range s.parts {
		gone := p.gone()
		st.Articles += p.Articles - gone.articles
		st.Passages += p.Passages - gone.passages
		st.Quotes += p.Quotes - gone.quotes
		st.Bytes += p.bytes()
	}
	return st
}

// Totals counts what the scopes hold, corpus.SharedScope if there are none.
func (x *Index) Totals(scopes []string) index.Totals {
	s, err := x.acquire()
	if err != nil {
		return index.Totals{}
	}
	defer x.done(s)
	scopes = scopesOrShared(scopes)
	t := index.Totals{Speakers: s.directory().Count(scopes)}
	for _, p := range s.parts {
		for _, scope := range scopes {
			t.Articles += p.Scopes[scope].Articles - p.lost[scope].articles
			t.Quotes += p.Scopes[scope].Quotes - p.lost[scope].quotes
		}
	}
	return t
}
