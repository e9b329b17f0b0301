package quote

import (
	"context"
	"fmt"
)

// Engine finds quotes and their speakers. It holds only what New loaded, never
// changes afterwards, and is safe for concurrent use.
type Engine struct{}

// engineVersion changes whenever the same document may give other quotes.
const engineVersion = "rules-1"

// New loads the embedded lexicons and weights.
func New() (*Engine, error) {
	return &Engine{}, nil
}

// Version names the engine's behaviour: two engines with the same version give
// the same quotes for the same document. Stored beside derived data, it tells
// when that data must be rebuilt.
func (e *Engine) Version() string { return engineVersion }

// Extract finds the quotes of a document, ascending by the first byte of their
// content. The spans of each list are disjoint, ascending and inside d.Text.
// The only errors are the context's.
func (e *Engine) Extract(ctx context.Context, d Document) ([]Quote, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("quote: extract: %w", err)
	}
	return nil, nil
}
