package answer

import (
	"context"
	"fmt"

	"github.com/whosaid/whosaid/index"
)

// Quotes lists the quotes that pass the filter: best first when it names a
// subject, else newest first. A speaker may be given by surname, alias or
// misspelt; Reply.Speaker is whom that was taken for.
func (s *Service) Quotes(ctx context.Context, f Filter) (Reply, error) {
	limit := f.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	var r reading
	p := s.parser(f.Scopes)
	if f.Speaker != "" {
		name := clip(f.Speaker, maxInput/10)
		p.setSpeaker(&r, splitWords(name), name)
	}
	if f.Publisher != "" {
		r.Publisher = p.publisher(f.Publisher)
	}
	res, err := s.idx.Search(ctx, index.Query{
		Scopes: f.Scopes, Text: clip(f.About, maxInput), Speaker: r.Speaker, Publisher: r.Publisher,
		From: f.From, To: f.To, Kinds: quoteKinds(), Limit: min(limit, maxLimit), Offset: max(f.Offset, 0),
	})
	if err != nil {
		return Reply{}, fmt.Errorf("listing quotes: %w", err)
	}
	out := Reply{Intent: What, Speaker: r.Speaker, Topic: f.About, Query: r.Query, Answers: []Answer{}, Total: res.Total}
	for _, h := range res.Hits {
		out.Answers = append(out.Answers, answerOf(h.Passage, 1))
	}
	if err := s.findPrints(ctx, f.Scopes, out.Answers); err != nil {
		return Reply{}, fmt.Errorf("listing quotes: %w", err)
	}
	return out, nil
}
