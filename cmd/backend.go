package cmd

import (
	"context"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/bot"
	"github.com/whosaid/whosaid/index"
)

// backend is what the bot knows of the library.
type backend struct {
	*answer.Service
	lib *library
}

func (b backend) Speakers(scopes []string, prefix string, limit int) []bot.Speaker {
	entries := b.lib.idx.Speakers(scopes, prefix, limit)
	speakers := make([]bot.Speaker, len(entries))
	for i, e := range entries {
		speakers[i] = bot.Speaker{Name: e.Name, Role: e.Role, Quotes: e.Quotes}
	}
	return speakers
}

func (b backend) Publishers(scopes []string, prefix string, limit int) []string {
	return b.lib.idx.Publishers(scopes, prefix, limit)
}

// Status counts what the scopes hold; generation and size are those of the
// whole index, which servers share.
func (b backend) Status(_ context.Context, scopes []string) (bot.Status, error) {
	t, s := b.lib.idx.Totals(scopes), b.lib.idx.Stats()
	return bot.Status{
		Articles: t.Articles, Quotes: t.Quotes, Speakers: t.Speakers,
		Generation: s.Generation, Bytes: s.Bytes, Built: s.Built,
	}, nil
}

func (b backend) Reindex(ctx context.Context, scope string, progress func(done, total int)) error {
	return b.lib.idx.ReindexScope(ctx, scope, func(p index.Progress) { progress(p.Done, p.Total) })
}
