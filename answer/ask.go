package answer

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// How many passages are fetched and weighed for a question.
const (
	byWords   = 100 // by the question's own words
	byMeaning = 100 // by words near them
	bySpeaker = 150 // all that a speaker said, newest first
	byArticle = 6   // articles of which all is weighed
	ofArticle = 100 // of each
	// maxAnswers bounds what can be paged through.
	maxAnswers = 200
)

// The evidence below which the best passage is no answer, and the question has
// none: rather silence than a quote about something else. Where a speaker is
// named, that is evidence too; without one more of the topic has to be there.
const (
	leastOfSpeaker = 0.10
	leastOfAnybody = 0.09
)

// leastShare is the share of the best answer's score that another must have.
const leastShare = 0.05

// Ask answers one question. An empty Reply.Answers says that the corpus does
// not answer it.
func (s *Service) Ask(ctx context.Context, r Request) (Reply, error) {
	p := s.parser(r.Scopes)
	var read reading
	if r.Previous != nil {
		read = p.follow(*r.Previous, r.Question)
	} else {
		read = p.parse(r.Question)
	}
	out := Reply{Question: r.Question, Intent: read.Intent, Speaker: read.Speaker, Topic: read.Topic, Query: read.Query, Answers: []Answer{}}
	all, err := s.answers(ctx, r.Scopes, &read)
	if err == nil && len(all) == 0 && read.dated {
		// "in 2012" may be what was talked about rather than when.
		read.From, read.To, read.Topic = "", "", read.undated
		all, err = s.answers(ctx, r.Scopes, &read)
		out.Topic, out.Query = read.Topic, read.Query
	}
	if err != nil {
		return Reply{}, fmt.Errorf("answering %q: %w", clip(r.Question, 80), err)
	}
	if len(all) == 0 {
		if out.Near, err = s.near(ctx, r.Scopes, p, &read); err != nil {
			return Reply{}, fmt.Errorf("looking for what is near %q: %w", clip(r.Question, 80), err)
		}
	}
	all = read.Aim.arrange(all)
	out.Total = len(all)
	out.Answers = page(all, r.Offset, r.Limit)
	if err := s.findPrints(ctx, r.Scopes, out.Answers); err != nil {
		return Reply{}, fmt.Errorf("answering %q: %w", clip(r.Question, 80), err)
	}
	if read.Intent == Verify && strings.ContainsAny(r.Question, "\"“”„«»") {
		c, err := s.Verify(ctx, Claim{Text: read.Topic, Speaker: read.Speaker, Scopes: r.Scopes})
		if err != nil {
			return Reply{}, err
		}
		if c.Verdict != NotFound {
			out.Check = &c
		}
	}
	return out, nil
}

// parser returns a parser that knows the speakers and publishers of the scopes.
func (s *Service) parser(scopes []string) *parser {
	return &parser{
		speakers: &speakers{
			complete: func(prefix string, limit int) []index.SpeakerEntry { return s.idx.Speakers(scopes, prefix, limit) },
			seen:     map[string][]index.SpeakerEntry{},
		},
		publishers: func(prefix string, limit int) []string { return s.idx.Publishers(scopes, prefix, limit) },
		today:      s.today(),
	}
}

// answers are all answers to a question as it was read, best first.
func (s *Service) answers(ctx context.Context, scopes []string, r *reading) ([]Answer, error) {
	found, err := s.rated(ctx, scopes, r)
	if err != nil {
		return nil, err
	}
	rank, least := r.model()
	answers := []Answer{}
	var best, evidence float64
	for _, c := range found {
		score := 1.0
		if c.features != nil { // else "what did S say": all of it
			if score = rank.score(c.features); score > best {
				best, evidence = score, learntEvidence.of(c.features)
			}
		}
		answers = append(answers, answerOf(c.Passage, score))
	}
	if best > 0 && evidence < least {
		return nil, nil
	}
	answers = slices.DeleteFunc(answers, func(a Answer) bool { return a.Score < best*leastShare })
	slices.SortStableFunc(answers, func(a, b Answer) int { return cmp.Compare(b.Score, a.Score) })
	answers = cluster(answers[:min(len(answers), maxAnswers)])
	if r.Intent == Who {
		answers = spread(answers)
	}
	return answers, nil
}

// eachSpeaker is how many answers of one speaker in one article come before those of
// others.
const eachSpeaker = 2

// spread puts what a speaker said in an article beyond that behind the rest: who
// asks who it was is not helped by five answers with one name.
func spread(all []Answer) []Answer {
	count := map[saidIn]int{}
	var first, rest []Answer
	for _, a := range all {
		by := saidIn{article: a.Article}
		if a.Speaker != nil {
			by.speaker = a.Speaker.Name
		}
		if count[by]++; count[by] > eachSpeaker {
			rest = append(rest, a)
		} else {
			first = append(first, a)
		}
	}
	return append(first, rest...)
}

// model is the one that ranks the answers to the question, with the evidence
// that the best of them needs.
func (r *reading) model() (rank *model, least float64) {
	if r.Speaker != "" {
		return whatModel, leastOfSpeaker
	}
	return whoModel, leastOfAnybody
}

// ratedHit is a passage that may answer, and how well; its features are nil when
// the question has no topic.
type ratedHit struct {
	index.Hit
	features *features
}

// rated fetches what may answer and compares it with the question.
func (s *Service) rated(ctx context.Context, scopes []string, r *reading) ([]ratedHit, error) {
	m := s.newMatcher()
	isName := func(w word) bool { return w.capital() && w.start > 0 }
	terms, err := s.topicTerms(ctx, m, isName, append([]string{r.Topic}, r.Phrases...)...)
	if err != nil {
		return nil, err
	}
	m.ask(terms, r.Topic, r.question)
	hits, err := s.candidates(ctx, scopes, r, m)
	if err != nil {
		return nil, err
	}
	m.gather(hits)
	more, err := s.ofArticles(ctx, scopes, r, m, hits)
	if err != nil {
		return nil, err
	}
	m.gather(more)
	hits = append(hits, more...)
	var top float64
	for _, h := range hits {
		top = max(top, h.Score)
	}
	var out []ratedHit
	for _, h := range hits {
		if !r.admits(h) {
			continue
		}
		c := ratedHit{Hit: h}
		if len(terms) > 0 {
			f := m.features(r, h, top)
			c.features = &f
		}
		out = append(out, c)
	}
	return out, nil
}

// candidates fetches the passages that may answer: by the topic's words, by
// words near them, and all that the speaker said.
func (s *Service) candidates(ctx context.Context, scopes []string, r *reading, m *matcher) ([]index.Hit, error) {
	own := r.Topic
	if !r.Known {
		own += " " + r.Speaker
	}
	type search struct {
		text  string
		limit int
		kinds []index.PassageKind
	}
	var searches []search
	if len(m.terms) > 0 {
		searches = append(searches, search{own, byWords, allKinds()})
		if near := m.related(); near != "" {
			searches = append(searches, search{near, byMeaning, allKinds()})
		}
	}
	if r.Known {
		searches = append(searches, search{"", bySpeaker, quoteKinds()})
	}
	seen := map[string]bool{}
	var hits []index.Hit
	for _, speaker := range r.asked() {
		for _, want := range searches {
			res, err := s.idx.Search(ctx, index.Query{
				Scopes: scopes, Kinds: want.kinds, Text: want.text, Limit: want.limit, Speaker: speaker,
				Uncounted: true, Phrases: r.Phrases, Not: r.Not, Publisher: r.Publisher, From: r.From, To: r.To,
			})
			if err != nil {
				return nil, err
			}
			for _, h := range res.Hits {
				if seen[h.ID] {
					continue
				}
				seen[h.ID] = true
				if want.text != own {
					h.Score = 0 // not comparable with the first search's
				}
				hits = append(hits, h)
			}
		}
	}
	return hits, nil
}

// ofArticles fetches the other quotes of the articles that cover the topic best:
// what somebody said about it need not share a word with the question.
func (s *Service) ofArticles(ctx context.Context, scopes []string, r *reading, m *matcher, hits []index.Hit) ([]index.Hit, error) {
	if len(m.terms) == 0 || r.Speaker != "" {
		return nil, nil
	}
	seen := make(map[string]bool, len(hits))
	for _, h := range hits {
		seen[h.ID] = true
	}
	articles := slices.Collect(maps.Keys(m.articles))
	slices.SortFunc(articles, func(a, b string) int {
		return cmp.Or(cmp.Compare(m.onTopic(m.articles[b]), m.onTopic(m.articles[a])), cmp.Compare(a, b))
	})
	var out []index.Hit
	for _, id := range articles[:min(len(articles), byArticle)] {
		res, err := s.idx.Search(ctx, index.Query{
			Scopes: scopes, Kinds: allKinds(), Article: id, Limit: ofArticle,
			Uncounted: true, Phrases: r.Phrases, Not: r.Not, Publisher: r.Publisher, From: r.From, To: r.To,
		})
		if err != nil {
			return nil, err
		}
		for _, h := range res.Hits {
			if !seen[h.ID] {
				h.Score = 0
				out = append(out, h)
			}
		}
	}
	return out, nil
}

// asked are the speakers to search for: "" when the question knows none, the
// surname when it may mean several people, else every entry of the directory
// that fits well ("Ellery Harbour Board" for "the harbour board").
func (r *reading) asked() []string {
	const fitsWell, most = 0.8, 4
	if !r.Known {
		return []string{""}
	}
	if r.named[0].Type == quote.TypePerson && len(r.named) > 1 && r.named[1].fit >= surely {
		return []string{r.nameParts[len(r.nameParts)-1]}
	}
	var names []string
	for i, c := range r.named[:min(most, len(r.named))] {
		if i == 0 || c.fit >= fitsWell {
			names = append(names, c.Name)
		}
	}
	return names
}

// related are words near in meaning to the topic's weightiest.
func (m *matcher) related() string {
	const words, each = 6, 4
	terms := slices.Clone(m.terms)
	slices.SortStableFunc(terms, func(a, b term) int { return cmp.Compare(b.weight, a.weight) })
	var out []string
	for _, t := range terms[:min(words, len(terms))] {
		if t.name {
			continue
		}
		for _, n := range t.id.Neighbours(each) {
			out = append(out, n.String())
		}
	}
	return strings.Join(out, " ")
}

// admits reports whether the hit's speaker is the one asked for. An answer to
// "who" needs a speaker.
func (r *reading) admits(h index.Hit) bool {
	switch {
	case r.Speaker != "" && r.Known:
		return nameMatch(r.nameParts, h.Speaker) >= leastFit
	case r.Speaker != "":
		return h.Speaker != nil && roleMatch(r.nameParts, h.Speaker.Name+" "+strings.Join(h.Speaker.Aliases, " ")+" "+h.Speaker.Role) >= leastRole
	}
	return r.Intent != Who || h.Speaker != nil
}

// leastRole is the share of a description's words below which it is another role.
const leastRole = 0.6

// roleMatch is the share of the words typed that describe the speaker.
func roleMatch(typed []string, description string) float64 {
	known := map[string]bool{}
	for _, w := range splitWords(description) {
		known[strings.TrimSuffix(w.norm, "s")] = true
	}
	hit, all := 0, 0
	for _, t := range typed {
		if stopWords[t] {
			continue
		}
		all++
		if known[strings.TrimSuffix(t, "s")] {
			hit++
		}
	}
	return float64(hit) / float64(max(all, 1))
}

// surname is the last word of a name, "" when it has none.
func surname(name string) string {
	parts := nameParts(name)
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}
