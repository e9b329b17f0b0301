package index

import (
	"context"

	"github.com/whosaid/whosaid/corpus"
)

// Corrections is what people decided about the articles and their speakers,
// which an index applies to what the engine finds. Safe for concurrent use.
type Corrections interface {
	// ChangedScopes lists the scopes that there are any decisions on.
	ChangedScopes(ctx context.Context) ([]string, error)
	// State is all that was decided on a scope so far.
	State(ctx context.Context, scope string) (*corpus.State, error)
	// Changes are the decisions after a number, in order.
	Changes(ctx context.Context, scope string, after int) ([]corpus.Change, error)
	// Removed is an article that was removed, or corpus.ErrNotFound.
	Removed(ctx context.Context, scope, id string) (*corpus.Article, error)
}

var _ Corrections = (*corpus.Store)(nil)
