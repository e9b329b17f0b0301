package bleveindex

import (
	"context"
	"errors"
	"slices"

	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/terms"
)

const (
	maxQueryWords  = 1000 // of a query that are read at all
	maxScoredWords = 32   // of these, the rarest that are scored
)

// compiled is a query worked out as far as it is the same for every part.
type compiled struct {
	index.Query
	words    []queryWord
	speaker  []string   // keys of Query.Speaker, any of which will do
	field    string     // that words are scored in beside the context: text, or pairs for a text of stop words alone
	sketch   []string   // of Query.Like
	phrases  [][]string // folded words
	not      [][]string
	notStems []string // of the one-word entries of not
}

// queryWord is a term to score by.
type queryWord struct {
	term    string
	repeats float64
}

// compile works out the query's words.
func compile(q index.Query) compiled {
	c := compiled{Query: q, field: fieldText}
	if len(q.Scopes) == 0 {
		c.Scopes = []string{corpus.SharedScope}
	}
	if len(q.Kinds) == 0 {
		c.Kinds = slices.DeleteFunc(slices.Clone(kinds), func(k index.PassageKind) bool { return k == index.KindWeak })
	}
	var an terms.Analyzer
	for _, p := range q.Phrases {
		if words := folded(an.Analyze(p)); len(words) > 0 {
			c.phrases = append(c.phrases, words)
		}
	}
	for _, n := range q.Not {
		if words := an.Analyze(n); len(words) > 1 {
			c.not = append(c.not, folded(words))
		} else if len(words) == 1 && !words[0].Stop() {
			c.notStems = append(c.notStems, words[0].Stem)
		}
	}
	if q.Like != "" {
		c.sketch = terms.Sketch(an.Analyze(q.Like))
	}
	text := q.Text
	if text == "" && q.Speaker == "" {
		for _, p := range q.Phrases {
			text += p + "\n"
		}
	}
	c.setWords(an.Analyze(text))
	return c
}

// setWords sets the terms to score by. A text of nothing but stop words ("We
// will be there") is scored by its pairs of words.
func (c *compiled) setWords(words []terms.Term) {
	words = words[:min(len(words), maxQueryWords)]
	add := func(term string) {
		i := slices.IndexFunc(c.words, func(w queryWord) bool { return w.term == term })
		if i < 0 {
			c.words = append(c.words, queryWord{term: term, repeats: 1})
		} else {
			c.words[i].repeats++
		}
	}
	for _, w := range words {
		if !w.Stop() {
			add(w.Stem)
		}
	}
	if len(c.words) > 0 {
		return
	}
	for i := 1; i < len(words); i++ {
		c.field = fieldPairs
		add(pair(words[i-1].Folded, words[i].Folded))
	}
}

// empty reports whether the query can match nothing: it has neither a word
// nor a filter beyond its scopes.
func (c *compiled) empty() bool {
	return len(c.words) == 0 && c.Speaker == "" && c.Like == "" && len(c.phrases) == 0 && c.Publisher == "" &&
		c.Article == "" && c.From == "" && c.To == ""
}

func folded(words []terms.Term) []string {
	list := make([]string, min(len(words), maxQueryWords))
	for i := range list {
		list[i] = words[i].Folded
	}
	return list
}

// unscored makes Bleve's searchers skip frequencies and scores, which lets it
// combine them as bitmaps.
var unscored = search.SearcherOptions{Score: "none"}

// filters collects the conditions of a search in one part.
type filters struct {
	ctx  context.Context
	part *part
	list []search.Searcher
	err  error
}

// any requires one of the terms.
func (f *filters) any(field string, terms ...string) {
	if f.err != nil {
		return
	}
	var s search.Searcher
	if len(terms) == 1 {
		s, f.err = searcher.NewTermSearcher(f.ctx, f.part.reader, terms[0], field, 1, unscored)
	} else {
		s, f.err = searcher.NewMultiTermSearcher(f.ctx, f.part.reader, terms, field, 1, unscored, false)
	}
	f.add(s)
}

// between requires a term from lo to hi inclusive; "" leaves that end open.
func (f *filters) between(field, lo, hi string) {
	if f.err != nil {
		return
	}
	inclusive := true
	var last []byte
	if hi != "" {
		last = []byte(hi)
	}
	var s search.Searcher
	s, f.err = searcher.NewTermRangeSearcher(f.ctx, f.part.reader, []byte(lo), last, &inclusive, &inclusive, field, 1, unscored)
	f.add(s)
}

// phrase requires every two neighbouring words of it to be neighbours.
func (f *filters) phrase(words []string) {
	for i := 1; i < len(words); i++ {
		f.any(fieldPairs, pair(words[i-1], words[i]))
	}
}

func (f *filters) add(s search.Searcher) {
	if f.err == nil {
		f.list = append(f.list, s)
	}
}

// all is one searcher for all conditions, nil when there are none.
func (f *filters) all() (search.Searcher, error) {
	if f.err != nil {
		return nil, errors.Join(f.err, closeAll(f.list))
	}
	switch len(f.list) {
	case 0:
		return nil, nil
	case 1:
		return f.list[0], nil
	}
	s, err := searcher.NewConjunctionSearcher(f.ctx, f.part.reader, f.list, unscored)
	if err != nil {
		return nil, errors.Join(err, closeAll(f.list))
	}
	return s, nil
}

// either is one searcher for any of the conditions, nil when there are none.
func (f *filters) either() (search.Searcher, error) {
	if f.err != nil {
		return nil, errors.Join(f.err, closeAll(f.list))
	}
	switch len(f.list) {
	case 0:
		return nil, nil
	case 1:
		return f.list[0], nil
	}
	s, err := searcher.NewDisjunctionSearcher(f.ctx, f.part.reader, f.list, 1, unscored)
	if err != nil {
		return nil, errors.Join(err, closeAll(f.list))
	}
	return s, nil
}

func closeAll(list []search.Searcher) error {
	var errs []error
	for _, s := range list {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// concerns reports whether the part may hold anything for the query.
func (c *compiled) concerns(p *part) bool {
	if p.openStore == nil || !slices.ContainsFunc(c.Scopes, p.holds) {
		return false
	}
	if c.Article != "" {
		_, ok := p.byID()[c.Article]
		return ok
	}
	return true
}

// filter is what passages of the part must be like, nil for anything.
func (c *compiled) filter(ctx context.Context, p *part) (search.Searcher, error) {
	f := filters{ctx: ctx, part: p}
	if !p.within(c.Scopes) {
		f.any(fieldScope, c.Scopes...)
	}
	if c.Speaker != "" {
		f.any(fieldSpeaker, c.speaker...)
	}
	if c.Like != "" {
		if len(c.sketch) == 0 {
			return searcher.NewMatchNoneSearcher(p.reader)
		}
		f.any(fieldSketch, c.sketch...)
	}
	if c.Publisher != "" {
		f.any(fieldPublisher, terms.Key(c.Publisher))
	}
	if c.Language != "" {
		f.any(fieldLanguage, c.Language)
	}
	if c.Article != "" {
		f.any(fieldArticle, docID(int(p.byID()[c.Article])))
	}
	if c.From != "" || c.To != "" {
		f.between(fieldDay, c.From, c.To)
	}
	var an terms.Analyzer
	for _, words := range c.phrases {
		if len(words) > 1 {
			f.phrase(words)
		} else if t := an.Analyze(words[0]); len(t) == 1 && !t[0].Stop() {
			f.any(fieldText, t[0].Stem)
		}
	}
	return f.all()
}

// exclude is what they must not be like, nil for nothing.
func (c *compiled) exclude(ctx context.Context, p *part) (search.Searcher, error) {
	f := filters{ctx: ctx, part: p}
	if len(p.deadTerms) > 0 {
		f.any(fieldArticle, p.deadTerms...)
	}
	for _, stem := range c.notStems {
		f.any(fieldText, stem)
	}
	for _, words := range c.not {
		phrase := filters{ctx: ctx, part: p}
		phrase.phrase(words)
		s, err := phrase.all()
		if f.err = errors.Join(f.err, err); f.err == nil {
			f.add(s)
		}
	}
	return f.either()
}
