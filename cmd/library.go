package cmd

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/bleveindex"
	"github.com/whosaid/whosaid/quote"
)

// library is the data folder, opened: the corpus, its index, and the answers
// from both.
type library struct {
	store   *corpus.Store
	idx     *bleveindex.Index
	answers *answer.Service
	engine  lazyEngine
}

// openLibrary opens the data folder of the settings, which it creates if need be.
func (a *app) openLibrary(ctx context.Context, change ...func(*bleveindex.Options)) (*library, error) {
	store, err := corpus.Open(filepath.Join(a.settings.Data, "corpus"))
	if err != nil {
		return nil, fmt.Errorf("opening the corpus: %w", err)
	}
	engine := lazyEngine{sync.OnceValues(quote.New)}
	opts := bleveindex.Options{
		Dir:   filepath.Join(a.settings.Data, "index"),
		Store: store, Corrections: store,
		Engine: engine,
		Logger: a.log,
	}
	for _, f := range change {
		f(&opts)
	}
	idx, err := bleveindex.Open(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("opening the index: %w", err)
	}
	return &library{store: store, idx: idx, answers: answer.New(idx), engine: engine}, nil
}

// openToWrite opens the library and loads the engine: without it, articles
// would be indexed as if nobody said anything in them.
func (a *app) openToWrite(ctx context.Context, change ...func(*bleveindex.Options)) (*library, error) {
	lib, err := a.openLibrary(ctx, change...)
	if err != nil {
		return nil, err
	}
	if _, err := lib.engine.load(); err != nil {
		lib.close()
		return nil, fmt.Errorf("loading the quote engine: %w", err)
	}
	return lib, nil
}

// openToAnswer opens the library for reading, and warns when the index is not
// what it should be.
func (a *app) openToAnswer(ctx context.Context) (*library, error) {
	lib, err := a.openLibrary(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range lib.idx.Problems() {
		a.log.Warn(p.Error())
	}
	return lib, nil
}

// repair brings the index up to what the corpus holds: what a killed import
// left behind, or all of it when the index is damaged or stale.
func (a *app) repair(ctx context.Context, lib *library) error {
	for _, p := range lib.idx.Problems() {
		a.log.Warn("rebuilding the index", "because", p.Error())
	}
	bar := newProgress(a.Err, "indexing", 0)
	defer bar.finish()
	return lib.idx.Repair(ctx, func(p index.Progress) { bar.set(p.Done, p.Total) })
}

// unsearched is for those who only add: no search keeps the index's parts in memory.
func unsearched(o *bleveindex.Options) { o.Lazy = true }

func (l *library) close() error { return l.idx.Close() }

// lazyEngine loads the quote engine when the first article is read, so that
// answering a question does not wait for its weights.
type lazyEngine struct {
	load func() (*quote.Engine, error)
}

func (l lazyEngine) Extract(ctx context.Context, d quote.Document) ([]quote.Quote, error) {
	engine, err := l.load()
	if err != nil {
		return nil, fmt.Errorf("loading the quote engine: %w", err)
	}
	return engine.Extract(ctx, d)
}

func (l lazyEngine) ExtractAll(ctx context.Context, d quote.Document) ([]quote.Quote, error) {
	engine, err := l.load()
	if err != nil {
		return nil, fmt.Errorf("loading the quote engine: %w", err)
	}
	return engine.ExtractAll(ctx, d)
}

func (l lazyEngine) Version() string { return quote.Version() }
