package bot

import (
	"context"
	"io"
	"slices"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// Curator is what the moderators' commands need of the rooms below.
// Implementations are safe for concurrent use and heed their context; what
// they are told to do is on disk when they return, and shows in answers then, or
// soon after where that takes long.
type Curator interface {
	// State is what people decided about a scope.
	State(ctx context.Context, scope string) (*corpus.State, error)
	// Changes is a scope's audit log after a number.
	Changes(ctx context.Context, scope string, after int) ([]corpus.Change, error)
	// Decide makes a change. One that makes no sense is an error that is corpus.ErrChange.
	Decide(ctx context.Context, c corpus.Change) (corpus.Change, error)
	// AddPage reads a page, or what a feed lists, into a scope, in the name of a member.
	AddPage(ctx context.Context, scope, by, url string) (Added, error)
	// AddFile reads a file of any known format.
	AddFile(ctx context.Context, scope, by string, f Upload) (Added, error)
	// AddText takes in an article that somebody pasted.
	AddText(ctx context.Context, scope, by string, p Pasted) (Added, error)
	// Articles lists a scope's articles whose titles have all the words,
	// the newest first, and counts them.
	Articles(ctx context.Context, scope, words string, offset, limit int) ([]ArticleLine, int, error)
	// Article is an article of the scope with its quotes, or corpus.ErrNotFound.
	Article(ctx context.Context, scope, id string) (*corpus.Article, []index.Passage, error)
	// Passage is a passage in one of the scopes, or index.ErrNotFound.
	Passage(ctx context.Context, scopes []string, id string) (index.Passage, error)
	// FeedState is how a feed that is watched is doing.
	FeedState(ctx context.Context, scope, url string) (corpus.FeedState, error)
	// Export writes all that is kept of a scope.
	Export(ctx context.Context, scope string, w io.Writer) error
}

// Upload is a file to read articles from.
type Upload struct {
	Name, MediaType string
	Data            io.Reader
}

// Pasted is an article as somebody typed it in.
type Pasted struct{ Title, Publisher, Date, URL, Text string }

// Added is what came of adding.
type Added struct {
	Articles []ArticleLine // that are new
	Updates  int           // of Articles, those that took the place of an older version
	Older    int           // of Articles, those of which a newer version answers
	Known    int           // that were there already, or were removed before
	Failed   []string      // what could not be read, and why
	Last     int           // the change that added the only new article, 0 for several or none
}

// ArticleLine is an article in a list.
type ArticleLine struct{ ID, Title, Publisher, Date string }

// curation is what the moderators' handlers have beside the others.
type curation struct {
	curator Curator // nil: the bot answers only
	// sharedByDefault is whether servers that have not decided see the shared corpus.
	sharedByDefault bool
	// operatorGuild is the server whose own corpus is the shared one, or "".
	operatorGuild string
	download      func(ctx context.Context, url string, limit int64) (io.ReadCloser, error)
	// announce sends a message to a channel.
	announce func(ctx context.Context, channelID string, m Message) error
}

// own is the scope that a server's moderators look after.
func (c *curation) own(guildID string) string {
	if guildID == c.operatorGuild {
		return corpus.SharedScope
	}
	return guildID
}

// scopes are the corpora that an interaction may see: a server's own and, if
// it is switched on there, the shared one; in direct messages, the shared one alone.
func (c *curation) scopes(ctx context.Context, guildID string) []string {
	if guildID == "" {
		return []string{corpus.SharedScope}
	}
	own := []string{c.own(guildID)}
	if own[0] == corpus.SharedScope {
		return own
	}
	if c.curator == nil {
		return append(own, corpus.SharedScope)
	}
	state, err := c.curator.State(ctx, own[0])
	if err == nil && (state.Settings.Shared == "on" || state.Settings.Shared == "" && c.sharedByDefault) {
		return append(own, corpus.SharedScope)
	}
	return own // also when it can't be told: too little is better than too much
}

// isModerator tells whether the member has the role that the server's settings name.
func (c *curation) isModerator(ctx context.Context, r Request) (bool, error) {
	state, err := c.curator.State(ctx, c.own(r.GuildID))
	if err != nil {
		return false, err
	}
	role := state.Settings.ModeratorRole
	return role != "" && slices.Contains(r.Roles, role), nil
}

// manners are how the bot answers on a server; the usual ones when they can't be told.
func (c *curation) manners(ctx context.Context, guildID string) Manners {
	state, err := c.curator.State(ctx, c.own(guildID))
	if err != nil {
		return Manners{}
	}
	m := Manners{Language: state.Settings.Language, Private: state.Settings.Answers == corpus.AnswersPrivate}
	if m.Language == corpus.LanguageServer {
		m.Language = ""
	}
	return m
}

// decide makes a change in the name of who asks, about the corpus that they look after.
func (c *curation) decide(ctx context.Context, r Request, change corpus.Change) (corpus.Change, error) {
	change.Scope, change.By = c.own(r.GuildID), r.UserID
	return c.curator.Decide(ctx, change)
}
