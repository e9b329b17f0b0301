package answer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// Profile is what the corpus has of a speaker.
type Profile struct {
	// Name is whom the name that was asked for was taken for. Quotes is 0 when
	// nobody is called so; Near has those whose names are like it.
	Name   string
	Type   quote.SpeakerType
	Quotes int
	Roles  []index.Role // the most frequent ones, the earliest first
	// First and Last are the days of the earliest and the latest quote, "" when unknown.
	First, Last string
	Periods     []Period
	// Quoted are quotes of theirs, those printed in most articles first and of those the
	// newest.
	Quoted []Answer
	Near   []string
}

// Topic is who speaks about something, and when.
type Topic struct {
	Topic    string
	Quotes   int
	Speakers []Share // those with most quotes about it, most first
	// First and Last are the days of the earliest and the latest quote, or of its year; "" when unknown.
	First, Last string
	Periods     []Period
	Quoted      []Answer // some of the best quotes, of the first speakers
}

// Share is a speaker's part of what is said about a topic.
type Share struct {
	Speaker quote.Speaker
	Quotes  int
}

const (
	sampled   = 150 // quotes that are looked at
	shownBest = 3   // quotes of a profile
	shownOf   = 2   // quotes about a topic
	maxShares = 6   // speakers of a topic
)

// Profile describes a speaker, whose name may be short or misspelt.
func (s *Service) Profile(ctx context.Context, scopes []string, name string) (Profile, error) {
	p := s.parser(scopes)
	var r reading
	name = clip(name, maxInput/10)
	p.setSpeaker(&r, splitWords(name), name)
	out := Profile{Name: r.Speaker}
	if !r.Known {
		out.Near = p.alike(r.nameParts)
		return out, nil
	}
	e := r.named[0].SpeakerEntry
	out.Type, out.Roles, out.First, out.Last = e.Type, e.Roles, e.First, e.Last
	q := index.Query{Scopes: scopes, Speaker: e.Name, Kinds: quoteKinds(), Limit: sampled}
	res, err := s.idx.Search(ctx, q)
	if err == nil {
		out.Quotes = res.Total
		out.Periods, err = s.timeline(ctx, q, e.First, e.Last)
	}
	if err == nil {
		out.Quoted = widest(res.Hits)
		err = s.findPrints(ctx, scopes, out.Quoted)
	}
	if err != nil {
		return Profile{}, fmt.Errorf("describing the speaker %q: %w", clip(e.Name, 80), err)
	}
	slices.SortStableFunc(out.Quoted, func(a, b Answer) int { return cmp.Compare(b.AlsoIn, a.AlsoIn) })
	return out, nil
}

// widest are the quotes with most prints among hits: their own words before
// others’ rendering, and of those the newest.
func widest(hits []index.Hit) []Answer {
	type group struct {
		best     Answer
		own      int // 1 for words that they said themselves, 0 for a reporter's
		shingles []uint64
		articles map[string]bool
	}
	var groups []*group
	for _, h := range hits {
		runs := shingles(h.Text)
		i := slices.IndexFunc(groups, func(g *group) bool {
			return len(runs) > 0 && len(g.shingles) > 0 && samePrint(g.shingles, runs)
		})
		if i < 0 {
			g := &group{best: answerOf(h.Passage, 1), shingles: runs, articles: map[string]bool{h.ArticleID: true}}
			if h.Kind != index.KindIndirect {
				g.own = 1
			}
			groups = append(groups, g)
			continue
		}
		groups[i].articles[h.ArticleID] = true
	}
	words := func(g *group) int { // a word or two says little
		return min(len(g.shingles), 3)
	}
	slices.SortStableFunc(groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(len(b.articles), len(a.articles)), cmp.Compare(b.own, a.own), cmp.Compare(words(b), words(a)),
			cmp.Compare(b.best.Date, a.best.Date), cmp.Compare(a.best.Title, b.best.Title), cmp.Compare(a.best.Paragraph, b.best.Paragraph))
	})
	var out []Answer
	for _, g := range groups[:min(len(groups), shownBest)] {
		out = append(out, g.best)
	}
	return out
}

// About tells who speaks about a topic, and when. All words of the topic have to
// stand in a quote or its paragraph, or half of them if no quote has all.
func (s *Service) About(ctx context.Context, scopes []string, topic string) (Topic, error) {
	topic = clip(topic, maxInput)
	words := 0
	for _, w := range splitWords(topic) {
		if !stopWords[w.norm] {
			words++
		}
	}
	out := Topic{Topic: topic}
	q := index.Query{Scopes: scopes, Text: topic, Kinds: quoteKinds(), MinShould: words, Limit: sampled}
	res, err := s.idx.Search(ctx, q)
	if err == nil && res.Total == 0 && words > 1 {
		q.MinShould = (words + 1) / 2
		res, err = s.idx.Search(ctx, q)
	}
	if err != nil {
		return Topic{}, fmt.Errorf("looking for quotes about %q: %w", clip(topic, 80), err)
	}
	out.Quotes = res.Total
	for _, h := range res.Hits {
		if h.Day != "" && (out.First == "" || h.Day < out.First) {
			out.First = h.Day
		}
		out.Last = max(out.Last, h.Day)
	}
	if res.Total > len(res.Hits) && out.First != "" {
		if out.First, out.Last, err = s.bounds(ctx, q, out.First, out.Last); err != nil {
			return Topic{}, fmt.Errorf("dating quotes about %q: %w", clip(topic, 80), err)
		}
	}
	if out.Periods, err = s.timeline(ctx, q, out.First, out.Last); err == nil {
		out.Speakers, err = s.shares(ctx, q, res)
	}
	if err == nil {
		out.Quoted = telling(res.Hits, out.Speakers)
		err = s.findPrints(ctx, scopes, out.Quoted)
	}
	if err != nil {
		return Topic{}, fmt.Errorf("describing who speaks about %q: %w", clip(topic, 80), err)
	}
	return out, nil
}

// leastWords is the shortest quote that tells of a topic by itself.
const leastWords = 5

// telling are the best quotes of the speakers with most, in their own words and one each.
func telling(hits []index.Hit, speakers []Share) []Answer {
	var out []Answer
	for _, s := range speakers {
		i := slices.IndexFunc(hits, func(h index.Hit) bool {
			return h.Speaker != nil && h.Speaker.Name == s.Speaker.Name && h.Kind != index.KindIndirect && len(splitWords(h.Text)) >= leastWords
		})
		if i >= 0 && len(out) < shownOf {
			out = append(out, answerOf(hits[i].Passage, 1))
		}
	}
	return out
}

// shares are the speakers with most of the hits, each with how many of all that
// match the query are theirs.
func (s *Service) shares(ctx context.Context, q index.Query, res index.Results) ([]Share, error) {
	var out []Share
	for _, h := range res.Hits {
		if h.Speaker == nil || h.Speaker.Type == quote.TypeUnnamed {
			continue
		}
		name := nameParts(h.Speaker.Name)
		i := slices.IndexFunc(out, func(o Share) bool {
			return o.Speaker.Name == h.Speaker.Name ||
				o.Speaker.Type == quote.TypePerson && h.Speaker.Type == quote.TypePerson && samePerson(nameParts(o.Speaker.Name), name)
		})
		if i < 0 {
			out = append(out, Share{*h.Speaker, 1})
			continue
		}
		if out[i].Quotes++; len(h.Speaker.Name) > len(out[i].Speaker.Name) {
			out[i].Speaker.Name = h.Speaker.Name // the fullest form
		}
	}
	byQuotes := func(a, b Share) int { return cmp.Compare(b.Quotes, a.Quotes) }
	slices.SortStableFunc(out, byQuotes)
	out = out[:min(len(out), maxShares)]
	if res.Total > len(res.Hits) {
		for i := range out {
			of := q
			of.Speaker = out[i].Speaker.Name
			n, err := s.count(ctx, of, "", "")
			if err != nil {
				return nil, err
			}
			out[i].Quotes = max(n, out[i].Quotes)
		}
		slices.SortStableFunc(out, byQuotes)
	}
	return out, nil
}
