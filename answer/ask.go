package answer

import (
	"context"
	"fmt"

	"github.com/whosaid/whosaid/index"
)

// Ask answers one question.
func (s *Service) Ask(ctx context.Context, r Request) (Reply, error) {
	res, err := s.idx.Search(ctx, index.Query{Scopes: r.Scopes, Text: r.Question, Kinds: quoteKinds(), Limit: maxLimit})
	if err != nil {
		return Reply{}, fmt.Errorf("answering %q: %w", r.Question, err)
	}
	out := Reply{Question: r.Question, Intent: Search, Topic: r.Question, Answers: []Answer{}, Total: len(res.Hits)}
	for _, h := range res.Hits {
		out.Answers = append(out.Answers, answerOf(h.Passage, 0))
	}
	out.Answers = page(out.Answers, r.Offset, r.Limit)
	return out, nil
}
