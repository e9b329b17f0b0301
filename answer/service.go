package answer

import (
	"time"

	"github.com/whosaid/whosaid/index"
)

// Service answers questions and checks claims over one index. But for what it
// remembers of words, it keeps no state between calls; it is safe for
// concurrent use.
type Service struct {
	idx     index.Index
	today   func() time.Time
	lexemes *lexemes
}

// Option changes how a Service works.
type Option func(*Service)

// WithClock sets the clock that "yesterday" and "last week" are counted from.
// The default is time.Now.
func WithClock(now func() time.Time) Option {
	return func(s *Service) { s.today = now }
}

// New returns a Service that searches idx, which stays the caller's to close.
func New(idx index.Index, opts ...Option) *Service {
	s := &Service{idx: idx, today: time.Now, lexemes: newLexemes()}
	for _, o := range opts {
		o(s)
	}
	return s
}

// defaultLimit is the number of answers when a request names none, maxLimit
// the most that one call returns.
const (
	defaultLimit = 10
	maxLimit     = 50
)

// page cuts one page out of all answers.
func page(all []Answer, offset, limit int) []Answer {
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	offset = min(max(offset, 0), len(all))
	return append([]Answer{}, all[offset:min(offset+limit, len(all))]...)
}

// answerOf presents a passage as evidence.
func answerOf(p index.Passage, score float64) Answer {
	context := p.Context
	if context == "" {
		context = p.Text
	}
	return Answer{
		Passage: p.ID, Speaker: p.Speaker, Quote: p.Text, Kind: string(p.Kind), Article: p.ArticleID,
		File: p.File, Title: p.Title, Source: p.Publisher, URL: p.URL, Date: p.Day,
		Paragraph: p.Paragraph, Context: context, Score: score, Confidence: p.Confidence,
	}
}

// allKinds are quoteKinds, and what may be quotes.
func allKinds() []index.PassageKind { return append(quoteKinds(), index.KindWeak) }

// quoteKinds are the kinds of passage that somebody said.
func quoteKinds() []index.PassageKind {
	return []index.PassageKind{index.KindDirect, index.KindMixed, index.KindIndirect}
}
