package bleveindex

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/blevesearch/bleve/v2/search"
	bleve "github.com/blevesearch/bleve_index_api"
)

// BM25's constants, and what a word in the context counts against one in the text.
const (
	bm25K1        = 1.2
	bm25B         = 0.75
	textWeight    = 1.0
	contextWeight = 0.35
)

// stats are the figures over all parts that scores depend on.
type stats struct {
	passages   float64
	textLen    float64 // words in the average text
	contextLen float64 // and in the average context
}

func (s *snapshot) stats() stats {
	var st stats
	quotes := 0.0
	for _, p := range s.parts {
		st.passages += float64(p.Passages)
		st.textLen += float64(p.TextLen)
		st.contextLen += float64(p.ContextLen)
		quotes += float64(p.Quotes)
	}
	st.textLen /= max(st.passages, 1)
	st.contextLen /= max(quotes, 1)
	return st
}

// idf is the weight of a word that df of n passages hold, as BM25 has it
// (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009), with
// Lucene's 1+ that keeps it positive.
func idf(n, df float64) float64 { return math.Log(1 + (n-df+0.5)/(df+0.5)) }

// ranked is a Bleve searcher that gives the passages of one part that hold at
// least min of the words and pass the filters, scored by BM25F: frequencies in
// text and context are weighted, normalised by each field's length and added
// up before they saturate.
//
// Without words it gives all that pass the filter, unscored.
type ranked struct {
	words   []rankedWord
	opened  []*cursor       // all of them, to be closed
	cursors cursors         // those that lead: what none of them holds is passed over
	lazy    []lazyWord      // words that only add to a score, the weightiest first
	common  []commonWord    // those that did so from the start, likewise
	shares  float64         // the sum of common's weights
	lengths [2]float64      // by field, how long the passage being scored is; see cursor.length
	kinds   []uint8         // of each passage, a bit; nil: any will do
	mask    uint8           // those wanted
	filter  search.Searcher // nil: everything passes
	exclude search.Searcher // nil: nothing is left out
	boost   *cursor         // adds boostBy where it matches; nil: none
	boostBy float64
	min     int
	floor   float64 // a passage that scores no more is of no use
	prune   bool    // whether passages that can't pass the floor may be passed over
	pruned  bool    // whether any were
	started bool

	tf                  []float64 // per word, of the passage being scored
	filterAt, excludeAt *search.DocumentMatch
}

type rankedWord struct {
	idf      float64
	repeats  float64 // how often the query has it
	postings float64
}

// bound is more than the word can add to a score.
func (w rankedWord) bound() float64 { return w.repeats * w.idf * (bm25K1 + 1) }

// weight is what the word adds to a score per unit of saturation.
func (w rankedWord) weight() float64 { return w.repeats * w.idf }

// lazyWord is a word that is looked at only where a leading one stands.
type lazyWord struct {
	word    int
	cursors []*cursor
	rest    float64 // what it and those after it can add at most
}

// commonWord is a word of so many passages that its frequencies are not read:
// where it stands at all, it is taken to stand once.
type commonWord struct {
	weight  float64
	cursors []*cursor
}

// cursor runs through the passages that hold one word in one field.
type cursor struct {
	reader bleve.TermFieldReader
	name   string // of the field
	word   int    // in ranked.words
	field  int    // fieldOwn or fieldAround
	weight float64
	avgLen float64
	at     bleve.TermFieldDoc // the passage it stands at
	doc    uint64             // its number; noDoc past the last
}

const noDoc = math.MaxUint64

// next moves to the next passage, or with a target past the current one to
// the first from there on.
func (c *cursor) next(target uint64) error {
	var d *bleve.TermFieldDoc
	var err error
	if target > c.doc+1 {
		d, err = c.reader.Advance(bleve.NewIndexInternalID(nil, target), c.at.Reset())
	} else {
		d, err = c.reader.Next(c.at.Reset())
	}
	if err != nil {
		return err
	}
	if d == nil {
		c.doc = noDoc
		return nil
	}
	c.doc = d.ID.Value()
	return nil
}

// The fields of a cursor.
const (
	fieldOwn    = 0 // the passage's words, or pairs of them
	fieldAround = 1 // those of its context
)

// reach moves to doc or past it.
func (c *cursor) reach(doc uint64) error {
	if c.doc >= doc {
		return nil
	}
	return c.next(doc)
}

// length is how long the field is in the passage, as BM25 counts it: 1 for the
// average and where no lengths are kept.
func (c *cursor) length() float64 {
	if c.at.Norm == 0 {
		return 1
	}
	length := 1 / (c.at.Norm * c.at.Norm) // Bleve keeps 1/√length
	return 1 - bm25B + bm25B*length/max(c.avgLen, 1)
}

// tf is the frequency of the word, weighted and normalised by length; in a
// field without frequencies it is the weight.
func (c *cursor) tf() float64 {
	if c.at.Norm == 0 {
		return c.weight
	}
	return c.weight * float64(c.at.Freq) / c.length()
}

// cursors is a heap with the first passage on top. It is moved on for every
// passage that a word has, too often for container/heap's calls.
type cursors []*cursor

// init makes a heap of them.
func (h cursors) init() {
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
}

// down moves cursor i to its place below.
func (h cursors) down(i int) {
	for {
		first := 2*i + 1
		if first >= len(h) {
			return
		}
		if first+1 < len(h) && h[first+1].doc < h[first].doc {
			first++
		}
		if h[i].doc <= h[first].doc {
			return
		}
		h[i], h[first] = h[first], h[i]
		i = first
	}
}

// Next is the next passage that passes the filter, or nil. It serves a query
// without words; those with words are for nextScored.
func (r *ranked) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	if !r.started {
		if err := r.start(ctx); err != nil {
			return nil, err
		}
	}
	return r.nextFiltered(ctx)
}

// nextScored is the next passage with its score, noDoc at the end.
func (r *ranked) nextScored(ctx *search.SearchContext) (doc uint64, score float64, err error) {
	if !r.started {
		if err := r.start(ctx); err != nil {
			return noDoc, 0, err
		}
	}
	for len(r.cursors) > 0 {
		doc := r.cursors[0].doc
		if !r.wanted(doc) {
			if err := r.skipTo(doc + 1); err != nil {
				return noDoc, 0, err
			}
			continue
		}
		if at, err := r.filterFrom(ctx, doc); err != nil || at == noDoc {
			return noDoc, 0, err
		} else if at > doc {
			if err := r.skipTo(at); err != nil {
				return noDoc, 0, err
			}
			continue
		}
		score, matched, err := r.score(doc)
		if err != nil {
			return noDoc, 0, err
		}
		if matched < r.min {
			continue
		}
		if out, err := r.excluded(ctx, doc); err != nil {
			return noDoc, 0, err
		} else if out {
			continue
		}
		extra, err := r.boosted(doc)
		if err != nil {
			return noDoc, 0, err
		}
		return doc, score + extra, nil
	}
	return noDoc, 0, nil
}

// start puts every cursor on its first passage.
func (r *ranked) start(ctx *search.SearchContext) (err error) {
	r.started = true
	r.tf = make([]float64, len(r.words))
	live := r.cursors[:0]
	for _, c := range r.cursors {
		if err := c.next(0); err != nil {
			return err
		}
		if c.doc != noDoc {
			live = append(live, c)
		}
	}
	r.cursors = live
	r.cursors.init()
	if r.boost != nil {
		if err := r.boost.next(0); err != nil {
			return err
		}
	}
	if r.filter != nil && len(r.words) > 0 {
		if r.filterAt, err = r.filter.Next(ctx); err != nil {
			return err
		}
	}
	if r.exclude != nil {
		r.excludeAt, err = r.exclude.Next(ctx)
	}
	return err
}

// nextFiltered is Next when there is nothing to score by.
func (r *ranked) nextFiltered(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	if r.filter == nil {
		return nil, nil
	}
	for {
		m, err := r.filter.Next(ctx)
		if m == nil || err != nil {
			return nil, err
		}
		doc := m.IndexInternalID.Value()
		if r.wanted(doc) {
			out, err := r.excluded(ctx, doc)
			if err != nil {
				return nil, err
			}
			if !out {
				m.Score = 0
				return m, nil
			}
		}
		ctx.DocumentMatchPool.Put(m)
	}
}

// wanted reports whether the passage is of a kind that is wanted.
func (r *ranked) wanted(doc uint64) bool {
	return r.kinds == nil || doc < uint64(len(r.kinds)) && r.kinds[doc]&r.mask != 0
}

// filterFrom is the first passage from doc on that passes the filter.
func (r *ranked) filterFrom(ctx *search.SearchContext, doc uint64) (uint64, error) {
	if r.filter == nil {
		return doc, nil
	}
	return advance(ctx, r.filter, &r.filterAt, doc)
}

func (r *ranked) excluded(ctx *search.SearchContext, doc uint64) (bool, error) {
	if r.exclude == nil {
		return false, nil
	}
	at, err := advance(ctx, r.exclude, &r.excludeAt, doc)
	return at == doc, err
}

// advance moves s, which stands at *at, to the first passage from doc on.
func advance(ctx *search.SearchContext, s search.Searcher, at **search.DocumentMatch, doc uint64) (uint64, error) {
	if *at == nil {
		return noDoc, nil
	}
	if n := (*at).IndexInternalID.Value(); n >= doc {
		return n, nil
	}
	ctx.DocumentMatchPool.Put(*at)
	var err error
	*at, err = s.Advance(ctx, bleve.NewIndexInternalID(nil, doc))
	if err != nil || *at == nil {
		return noDoc, err
	}
	return (*at).IndexInternalID.Value(), nil
}

func (r *ranked) boosted(doc uint64) (float64, error) {
	if r.boost == nil {
		return 0, nil
	}
	if err := r.boost.reach(doc); err != nil {
		return 0, err
	}
	if r.boost.doc == doc {
		return r.boostBy, nil
	}
	return 0, nil
}

// skipTo moves all cursors to doc or past it.
func (r *ranked) skipTo(doc uint64) error {
	for len(r.cursors) > 0 && r.cursors[0].doc < doc {
		if err := r.step(doc); err != nil {
			return err
		}
	}
	return nil
}

// step moves the first cursor on, to doc or past it.
func (r *ranked) step(doc uint64) error {
	c := r.cursors[0]
	if err := c.next(doc); err != nil {
		return err
	}
	if c.doc == noDoc {
		last := len(r.cursors) - 1
		r.cursors[0] = r.cursors[last]
		r.cursors = r.cursors[:last]
	}
	r.cursors.down(0)
	return nil
}

// maxLeading bounds the postings that lead a pruned search, as long as there
// is a leading word at all.
const maxLeading = 30000

// lead leaves the lead to the rarest words: what holds none of them is too far
// from the query to be looked for in a big index. Of the others it opens the
// passages alone, in which Bleve can skip; with frequencies it would walk
// through all of them.
func (r *ranked) lead(ctx context.Context, p *part, c *compiled) error {
	order := make([]int, len(r.words))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.words[a].postings, r.words[b].postings) })
	sum := 0.0
	for _, word := range order {
		if postings := r.words[word].postings; sum == 0 || sum+postings <= maxLeading {
			sum += postings
			continue
		}
		common := commonWord{weight: r.words[word].weight()}
		for _, cur := range r.cursors {
			if cur.word != word {
				continue
			}
			plain, err := r.newCursor(ctx, p, cur.name, c.words[word].term, false)
			if err != nil {
				return err
			}
			plain.field, plain.weight = cur.field, cur.weight
			if err := plain.next(0); err != nil {
				return err
			}
			common.cursors = append(common.cursors, plain)
		}
		r.cursors = slices.DeleteFunc(r.cursors, func(cur *cursor) bool { return cur.word == word })
		r.common = append(r.common, common)
		r.shares += common.weight
		r.pruned = true
	}
	return nil
}

// raise sets the floor, and lets those words follow that can't pass it
// together. (Turtle and Flood, Query evaluation: strategies and optimizations,
// 1995: MaxScore.)
func (r *ranked) raise(floor float64) {
	r.floor = floor
	common := r.shares * (bm25K1 + 1)
	for r.prune && len(r.cursors) > 0 {
		least, bound := -1, 0.0
		for _, c := range r.cursors {
			if b := r.words[c.word].bound(); least < 0 || b < bound {
				least, bound = c.word, b
			}
		}
		if bound+r.restFrom(0)+common > floor {
			return
		}
		r.demote(least)
	}
}

// restFrom is what the lazy words from number i on can add at most.
func (r *ranked) restFrom(i int) float64 {
	if i >= len(r.lazy) {
		return 0
	}
	return r.lazy[i].rest
}

// demote makes a leading word a lazy one.
func (r *ranked) demote(word int) {
	w := lazyWord{word: word}
	r.cursors = slices.DeleteFunc(r.cursors, func(c *cursor) bool {
		if c.word == word {
			w.cursors = append(w.cursors, c)
		}
		return c.word == word
	})
	r.cursors.init()
	r.pruned = true
	r.lazy = append(r.lazy, w)
	slices.SortStableFunc(r.lazy, func(a, b lazyWord) int {
		return cmp.Compare(r.words[b.word].bound(), r.words[a.word].bound())
	})
	rest := 0.0
	for i := len(r.lazy) - 1; i >= 0; i-- {
		rest += r.words[r.lazy[i].word].bound()
		r.lazy[i].rest = rest
	}
}

// saturation grows with a frequency, ever more slowly.
func saturation(tf float64) float64 { return tf * (bm25K1 + 1) / (tf + bm25K1) }

// saturate is what a word of the passage adds to its score.
func (r *ranked) saturate(word int) float64 { return r.words[word].weight() * saturation(r.tf[word]) }

// score adds up the words of doc, where the first cursors stand, moves these
// on, and tells how many words there were: none when doc can't pass the floor.
func (r *ranked) score(doc uint64) (score float64, matched int, err error) {
	clear(r.tf)
	r.lengths = [2]float64{1, 1}
	for len(r.cursors) > 0 && r.cursors[0].doc == doc {
		c := r.cursors[0]
		r.tf[c.word] += c.tf()
		r.lengths[c.field] = c.length()
		if err := r.step(0); err != nil {
			return 0, 0, err
		}
	}
	for i, tf := range r.tf {
		if tf > 0 {
			matched++
			score += r.saturate(i)
		}
	}
	each := saturation(textWeight/r.lengths[fieldOwn] + contextWeight/r.lengths[fieldAround]) // of a common word, at most
	for i, w := range r.lazy {
		if score+w.rest+each*r.shares <= r.floor {
			return 0, 0, nil
		}
		for _, c := range r.lazy[i].cursors {
			if err := c.reach(doc); err != nil {
				return 0, 0, err
			}
			if c.doc == doc {
				r.tf[w.word] += c.tf()
			}
		}
		if r.tf[w.word] > 0 {
			matched++
			score += r.saturate(w.word)
		}
	}
	return r.addCommon(doc, score, matched, each)
}

// addCommon adds the common words of doc to its score; each is the most that
// one adds per unit of its weight.
func (r *ranked) addCommon(doc uint64, score float64, matched int, each float64) (float64, int, error) {
	rest := r.shares
	for _, w := range r.common {
		if score+each*rest <= r.floor {
			return 0, 0, nil
		}
		rest -= w.weight
		tf := 0.0
		for _, c := range w.cursors {
			if err := c.reach(doc); err != nil {
				return 0, 0, err
			}
			if c.doc == doc {
				tf += c.weight / r.lengths[c.field]
			}
		}
		if tf > 0 {
			matched++
			score += w.weight * saturation(tf)
		}
	}
	return score, matched, nil
}

// Advance is the first passage from id on.
func (r *ranked) Advance(ctx *search.SearchContext, id bleve.IndexInternalID) (*search.DocumentMatch, error) {
	for {
		m, err := r.Next(ctx)
		if m == nil || err != nil || m.IndexInternalID.Compare(id) >= 0 {
			return m, err
		}
		ctx.DocumentMatchPool.Put(m)
	}
}

// Close frees what the search held.
func (r *ranked) Close() error {
	var errs []error
	for _, s := range []search.Searcher{r.filter, r.exclude} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	for _, c := range r.opened {
		errs = append(errs, c.reader.Close())
	}
	return errors.Join(errs...)
}

// The rest of search.Searcher: the scores are final, so Bleve's norms and
// weights play no part.

func (r *ranked) Weight() float64      { return 0 }
func (r *ranked) SetQueryNorm(float64) {}
func (r *ranked) Min() int             { return r.min }
func (r *ranked) Size() int            { return 0 }
func (r *ranked) Count() uint64        { return uint64(len(r.cursors)) }
func (r *ranked) DocumentMatchPoolSize() int {
	n := 2
	for _, s := range []search.Searcher{r.filter, r.exclude} {
		if s != nil {
			n += s.DocumentMatchPoolSize()
		}
	}
	return n
}

// newCursor opens the passages of the part that hold term; Close closes it.
func (r *ranked) newCursor(ctx context.Context, p *part, field, term string, withFreq bool) (*cursor, error) {
	reader, err := p.reader.TermFieldReader(ctx, []byte(term), field, withFreq, withFreq, false)
	if err != nil {
		return nil, err
	}
	c := &cursor{reader: reader, name: field}
	r.opened = append(r.opened, c)
	return c, nil
}
