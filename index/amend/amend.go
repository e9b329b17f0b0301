// Package amend puts right what the quote engine found, as people decided: the
// step between an article's quotes and its passages that makes a correction
// survive every reindex.
package amend

import (
	"slices"
	"strings"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index/directory"
	"github.com/whosaid/whosaid/quote"
)

// Quotes are the article's quotes with the scope's corrections of single quotes; the
// rules for names ([Speaker]) come after them. A corrected quote that the engine no
// longer finds is kept, for a person has seen it. What is given is not changed.
func Quotes(state *corpus.State, a *corpus.Article, found []quote.Quote) []quote.Quote {
	fixes := state.Fixes[a.ID]
	if len(fixes) == 0 {
		return found
	}
	quotes := slices.Clone(found)
	cast := cast(found)
	for _, f := range fixes {
		if i := match(quotes, f.Content); i >= 0 {
			quotes[i].Speaker = cast.speaker(f.Speaker)
			quotes[i].Confidence, quotes[i].Weak = 1, false
		} else if q, ok := remembered(a, f); ok {
			q.Speaker = cast.speaker(f.Speaker)
			quotes = append(quotes, q)
		}
	}
	return quotes
}

// match is the quote that a correction is about: that with the very content,
// else the one that shares most bytes with it, if that is over half of either; -1 for none.
func match(quotes []quote.Quote, content []quote.Span) int {
	best, shared := -1, 0
	for i, q := range quotes {
		if slices.Equal(q.Content, content) {
			return i
		}
		n := overlap(q.Content, content)
		if !q.Weak && n > shared && 2*n > size(content) && 2*n > size(q.Content) {
			best, shared = i, n
		}
	}
	return best
}

func size(spans []quote.Span) (n int) {
	for _, s := range spans {
		n += s.Len()
	}
	return n
}

func overlap(a, b []quote.Span) (n int) {
	for _, s := range a {
		for _, t := range b {
			n += max(0, min(s.End, t.End)-max(s.Start, t.Start))
		}
	}
	return n
}

// remembered is a corrected quote as it was when it was corrected.
func remembered(a *corpus.Article, f corpus.Fix) (quote.Quote, bool) {
	last := f.Content[len(f.Content)-1]
	if last.End > len(a.Text) || f.Kind == "" {
		return quote.Quote{}, false
	}
	parts := make([]string, len(f.Content))
	for i, s := range f.Content {
		parts[i] = a.Text[s.Start:s.End]
	}
	q := quote.Quote{Kind: f.Kind, Content: f.Content, Text: strings.Join(parts, " … "), Confidence: 1}
	for i, p := range a.Body() {
		if p.Span.Contains(f.Content[0]) {
			q.Paragraph = i
			return q, true
		}
	}
	return quote.Quote{}, false
}

// cast is who speaks in an article, as the engine has it.
type cast []quote.Quote

// speaker is the speaker of that name with all that the article says of
// them, or a person of whom only the name is known; nil for "".
func (c cast) speaker(name string) *quote.Speaker {
	if name == "" {
		return nil
	}
	for _, q := range c {
		if directory.Same(name, q.Speaker) {
			s := directory.WithAlias(*q.Speaker, q.Speaker.Name)
			s.Name = name
			s.Aliases = slices.DeleteFunc(slices.Clone(s.Aliases), func(a string) bool { return a == name })
			return &s
		}
	}
	return &quote.Speaker{Name: name, Type: quote.TypePerson}
}

// Speaker is who the speaker is by the rules, applied in order; nil when they are
// hidden or were unknown.
func Speaker(rules []corpus.NameRule, s *quote.Speaker) *quote.Speaker {
	for _, r := range rules {
		if !directory.Same(r.Name, s) {
			continue
		}
		switch r.Action {
		case corpus.ActHide:
			return nil
		case corpus.ActAlias:
			t := directory.WithAlias(*s, r.To)
			s = &t
		case corpus.ActMerge, corpus.ActRename:
			t := *s
			t.Name = r.To
			t = directory.WithAlias(t, s.Name)
			t.Aliases = slices.DeleteFunc(slices.Clone(t.Aliases), func(a string) bool { return a == r.To })
			if r.Action == corpus.ActMerge && !directory.Same(r.To, s) {
				t.Role = "" // it was somebody else's
			}
			s = &t
		}
	}
	return s
}
