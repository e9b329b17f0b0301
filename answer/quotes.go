package answer

import (
	"context"
	"fmt"

	"github.com/whosaid/whosaid/index"
)

// Quotes lists the quotes that pass the filter: best first when it names a
// subject, else newest first.
func (s *Service) Quotes(ctx context.Context, f Filter) (Reply, error) {
	limit := f.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	res, err := s.idx.Search(ctx, index.Query{
		Scopes: f.Scopes, Text: f.About, Speaker: f.Speaker, Publisher: f.Publisher,
		From: f.From, To: f.To, Kinds: quoteKinds(), Limit: min(limit, maxLimit), Offset: max(f.Offset, 0),
	})
	if err != nil {
		return Reply{}, fmt.Errorf("listing quotes: %w", err)
	}
	r := Reply{Intent: What, Speaker: f.Speaker, Topic: f.About, Answers: []Answer{}, Total: res.Total}
	for _, h := range res.Hits {
		r.Answers = append(r.Answers, answerOf(h.Passage, 1))
	}
	return r, nil
}
