package bot

import (
	"context"
	"time"

	"github.com/whosaid/whosaid/answer"
)

// Backend is what the bot needs of the rooms below. Implementations are safe
// for concurrent use, heed their context, and never look outside the scopes
// they are given.
type Backend interface {
	// Ask answers a question in a sentence.
	Ask(context.Context, answer.Request) (answer.Reply, error)
	// Quotes lists quotes by speaker, topic, publisher and day.
	Quotes(context.Context, answer.Filter) (answer.Reply, error)
	// Verify checks a claimed quote.
	Verify(context.Context, answer.Claim) (answer.Check, error)
	// Around returns a passage with the paragraphs around it, or
	// index.ErrNotFound when no passage of the scopes has that ID.
	Around(ctx context.Context, scopes []string, passage string) (answer.Surroundings, error)
	// Printed returns a passage with the other articles that print its words,
	// or index.ErrNotFound.
	Printed(ctx context.Context, scopes []string, passage string) (answer.Answer, error)
	// Profile describes a speaker, whose name may be short or misspelt.
	Profile(ctx context.Context, scopes []string, name string) (answer.Profile, error)
	// About tells who speaks about a topic, and when.
	About(ctx context.Context, scopes []string, topic string) (answer.Topic, error)
	// Speakers completes a name, the most quoted first; at most limit.
	Speakers(scopes []string, prefix string, limit int) []Speaker
	// Publishers completes a publisher's name; at most limit.
	Publishers(scopes []string, prefix string, limit int) []string
	// Status describes the corpus that the scopes see.
	Status(ctx context.Context, scopes []string) (Status, error)
	// Reindex rebuilds the index of one scope from the corpus and swaps it in. It may call
	// progress from any goroutine and any number of times, but not after it
	// has returned; total is 0 while it isn't known. A cancelled context leaves the old index in
	// use.
	Reindex(ctx context.Context, scope string, progress func(done, total int)) error
}

// Speaker is one suggestion for a speaker's name.
type Speaker struct {
	Name   string
	Role   string // "" when none is known
	Quotes int    // in how many quotes the corpus has them
}

// Status describes a corpus and its index.
type Status struct {
	Articles, Quotes, Speakers int
	Generation                 string    // name of the index generation in use, "" when there is none
	Bytes                      int64     // on disk
	Built                      time.Time // when the generation was built; zero when there is none
}
