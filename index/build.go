package index

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

// Texts is where the articles are: the corpus, which an index is derived from
// and fetches the texts of its hits from. Safe for concurrent use.
type Texts interface {
	Get(ctx context.Context, id string) (*corpus.Article, error)
	IDs(ctx context.Context) ([]string, error)
}

// Extractor finds the quotes of an article. Safe for concurrent use.
type Extractor interface {
	Extract(ctx context.Context, doc quote.Document) ([]quote.Quote, error)
	// Version changes whenever the quotes found may change: an index built by
	// another version is stale.
	Version() string
}

// WeakExtractor is an Extractor that finds, after the quotes, those that are Weak.
type WeakExtractor interface {
	Extractor
	ExtractAll(ctx context.Context, doc quote.Document) ([]quote.Quote, error)
}

var (
	_ Texts         = (*corpus.Store)(nil)
	_ WeakExtractor = (*quote.Engine)(nil)
)

// Progress tells how far a build has come.
type Progress struct {
	Done, Total int // articles
	Failed      int // of Done, articles whose quotes could not be read
	Quotes      int
	Rate        float64       // articles a second
	ETA         time.Duration // time to go, 0 while it can't be told
}

// Errors that callers tell apart with errors.Is.
var (
	// ErrNotFound: there is no such passage in these scopes.
	ErrNotFound = errors.New("no such passage")
	// ErrLocked: another process is writing to the index.
	ErrLocked = errors.New("the index is being written by another process")
	// ErrClosed: the index was closed.
	ErrClosed = errors.New("the index is closed")
)

// A Problem is what is wrong with an index that was opened nevertheless; what
// is sound of it answers, a reindex mends it.
type Problem struct {
	Kind ProblemKind
	Part string // the part of the index, or "" for all of it
	Err  error  // the cause, or nil
}

// ProblemKind tells problems apart.
type ProblemKind string

// The kinds of problem.
const (
	Corrupt ProblemKind = "corrupt" // a file is missing, cut or altered
	Format  ProblemKind = "format"  // written by another version of whosaid
	Stale   ProblemKind = "stale"   // quotes found by another version of the engine
)

// Error names the problem and what to do.
func (p *Problem) Error() string {
	what := map[ProblemKind]string{
		Corrupt: "is damaged", Format: "has another version's format", Stale: "was built by another version of the quote engine",
	}[p.Kind]
	s := "the index " + what
	if p.Part != "" {
		s = fmt.Sprintf("part %s of the index %s", p.Part, what)
	}
	if p.Err != nil {
		s += ": " + p.Err.Error()
	}
	return s + " (run `whosaid reindex` to rebuild it from the corpus)"
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }
