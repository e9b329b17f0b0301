package answer

import (
	"cmp"
	"context"
	"slices"

	"github.com/whosaid/whosaid/index"
)

// Bounds of what is offered when there is no answer.
const (
	nearEach   = 3
	nearHits   = 12
	leastAlike = 0.45 // the fit from which a name is worth offering
)

// near is what the corpus has near a question that it does not answer:
// speakers of a like name, who spoke of the topic, and articles on it.
func (s *Service) near(ctx context.Context, scopes []string, p *parser, r *reading) (Near, error) {
	var out Near
	offer := func(to *[]string, name string) {
		if name != "" && len(*to) < nearEach && !slices.Contains(*to, name) {
			*to = append(*to, name)
		}
	}
	if r.Speaker != "" && !r.Known {
		for _, name := range p.alike(r.nameParts) {
			offer(&out.Speakers, name)
		}
	}
	if r.Topic == "" {
		return out, nil
	}
	res, err := s.idx.Search(ctx, index.Query{Scopes: scopes, Text: r.Topic, Kinds: quoteKinds(), Limit: nearHits})
	if err != nil {
		return Near{}, err
	}
	m := s.newMatcher()
	terms, err := s.topicTerms(ctx, m, func(word) bool { return false }, r.Topic)
	if err != nil {
		return Near{}, err
	}
	m.ask(terms, r.Topic, r.Topic)
	for _, h := range res.Hits {
		if m.exact(m.read(h.Text), m.read(h.Context), m.read(h.Title)) == 0 {
			continue
		}
		offer(&out.Topics, h.Title)
		if h.Speaker != nil && h.Speaker.Name != r.Speaker {
			offer(&out.Speakers, h.Speaker.Name)
		}
	}
	return out, nil
}

// alike are speakers with a name part like one of those typed, best first.
func (p *parser) alike(parts []string) []string {
	var found []candidate
	for _, part := range parts {
		if stopWords[part] || titles[part] {
			continue
		}
		for _, e := range p.speakers.lookup(part) {
			found = append(found, candidate{e, 1})
		}
		for _, e := range p.speakers.lookup(clip(part, 2)) {
			for _, n := range nameParts(e.Name) {
				if nearly(n, part) {
					found = append(found, candidate{e, leastAlike})
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(b.Quotes, a.Quotes))
	})
	var names []string
	for _, c := range found {
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}
