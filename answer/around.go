package answer

import (
	"context"
	"errors"
	"fmt"

	"github.com/whosaid/whosaid/index"
)

// Surroundings are the paragraphs around a passage.
type Surroundings struct {
	// Answer is the passage itself, with its evidence.
	Answer Answer
	// Before and After are the texts of the neighbouring paragraphs, "" at the
	// article's edges; Of is the paragraph that holds the passage.
	Before, Of, After string
}

// Around returns the paragraph that holds the passage of that ID, and its
// neighbours. The error wraps index.ErrNotFound when none of the scopes has it.
func (s *Service) Around(ctx context.Context, scopes []string, passageID string) (Surroundings, error) {
	p, err := s.idx.Passage(ctx, scopes, passageID)
	if err != nil {
		return Surroundings{}, fmt.Errorf("looking up passage %q: %w", passageID, err)
	}
	out := Surroundings{Answer: answerOf(p, 0)}
	for offset, text := range map[int]*string{-1: &out.Before, 0: &out.Of, 1: &out.After} {
		n, err := s.idx.Passage(ctx, scopes, index.ParagraphID(p.ArticleID, p.Paragraph+offset))
		switch {
		case err == nil:
			*text = n.Text
		case !errors.Is(err, index.ErrNotFound): // at the article's edge there is none
			return Surroundings{}, fmt.Errorf("looking up the paragraphs around passage %q: %w", passageID, err)
		}
	}
	if out.Of == "" {
		out.Of = out.Answer.Context
	}
	return out, nil
}

// Printed returns the passage of that ID with the other articles that print its
// words. The error wraps index.ErrNotFound when none of the scopes has it.
func (s *Service) Printed(ctx context.Context, scopes []string, passageID string) (Answer, error) {
	p, err := s.idx.Passage(ctx, scopes, passageID)
	if err != nil {
		return Answer{}, fmt.Errorf("looking up passage %q: %w", passageID, err)
	}
	found := []Answer{answerOf(p, 0)}
	if err := s.findPrints(ctx, scopes, found); err != nil {
		return Answer{}, fmt.Errorf("looking up passage %q: %w", passageID, err)
	}
	return found[0], nil
}
