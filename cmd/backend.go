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

func (b backend) Status(context.Context, []string) (bot.Status, error) {
	s := b.lib.idx.Stats()
	return bot.Status{
		Articles: s.Articles, Quotes: s.Quotes, Speakers: s.Speakers,
		Generation: s.Generation, Bytes: s.Bytes, Built: s.Built,
	}, nil
}

func (b backend) Reindex(ctx context.Context, progress func(done, total int)) error {
	return b.lib.idx.Reindex(ctx, func(p index.Progress) { progress(p.Done, p.Total) })
}
