package answer

import (
	"cmp"
	"slices"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// speakers looks names up in the index's directory, once for each prefix.
type speakers struct {
	complete func(prefix string, limit int) []index.SpeakerEntry
	seen     map[string][]index.SpeakerEntry
}

// perPrefix is how many entries of the directory are weighed for one word.
const perPrefix = 60

func (s *speakers) lookup(prefix string) []index.SpeakerEntry {
	es, ok := s.seen[prefix]
	if !ok {
		es = s.complete(prefix, perPrefix)
		s.seen[prefix] = es
	}
	return es
}

// candidate is an entry of the directory, and how well it fits what was typed.
type candidate struct {
	index.SpeakerEntry
	fit float64
}

// leastFit is the fit below which a speaker is not the one who was typed.
const leastFit = 0.66

// find returns the entries that fit the words of a name, best first; among
// equals the most quoted comes first.
func (s *speakers) find(words []word) []candidate {
	parts := make([]string, 0, len(words))
	for _, w := range words {
		if len(w.norm) > 1 && !titles[w.norm] && !suffixes[w.norm] {
			parts = append(parts, w.norm)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	var out []candidate
	add := func(es []index.SpeakerEntry) {
		for _, e := range es {
			if slices.ContainsFunc(out, func(c candidate) bool { return c.Name == e.Name && c.Type == e.Type }) {
				continue
			}
			sp := quote.Speaker{Name: e.Name, Type: e.Type, Aliases: e.Aliases}
			if fit := nameMatch(parts, &sp); fit >= leastFit {
				out = append(out, candidate{e, fit})
			}
		}
	}
	for _, p := range parts {
		if !stopWords[p] {
			add(s.lookup(p))
		}
	}
	if len(out) == 0 {
		for _, p := range parts { // a slip of the finger seldom hits the first two letters
			if len(p) >= 5 {
				add(s.lookup(clip(p, 2)))
			}
		}
	}
	if len(out) == 0 && len(parts) == 1 && len(parts[0]) <= 6 {
		add(s.lookup(clip(parts[0], 1))) // an acronym
	}
	slices.SortStableFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(b.Quotes, a.Quotes))
	})
	return out
}
