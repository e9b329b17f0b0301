package bleveindex

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2/search"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/directory"
	"github.com/whosaid/whosaid/index/terms"
)

const (
	defaultLimit = 10
	// maxWindow bounds Offset+Limit, and how many candidates are looked at for
	// one search with phrases.
	maxWindow = 10000
)

// candidate is a passage that matched, not yet fetched.
type candidate struct {
	part  *part
	row   int
	score float64
	day   string
}

// Search returns the best passages for q; see [index.Query]. A passage whose
// article has left the corpus is left out.
func (x *Index) Search(ctx context.Context, q index.Query) (index.Results, error) {
	x.look()
	s, err := x.acquire()
	if err != nil {
		return index.Results{}, err
	}
	defer x.done(s)
	r, err := x.search(ctx, s, q)
	if err != nil {
		return index.Results{}, fmt.Errorf("searching for %s: %w", q, err)
	}
	return r, nil
}

func (x *Index) search(ctx context.Context, s *snapshot, q index.Query) (index.Results, error) {
	c := compile(q)
	if c.empty() {
		return index.Results{}, nil
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	offset := min(max(q.Offset, 0), maxWindow)
	need := min(offset+limit, maxWindow)
	for window := need; ; window *= 4 {
		window = min(window, maxWindow)
		found, total, err := s.collect(ctx, &c, window)
		if err != nil {
			return index.Results{}, err
		}
		hits, dropped, err := x.fetch(ctx, &c, found, need)
		if err != nil {
			return index.Results{}, err
		}
		if len(hits) >= need || window >= total || window == maxWindow {
			return index.Results{Hits: hits[min(offset, len(hits)):], Total: total - dropped}, nil
		}
	}
}

// fetch fills in the first need of the candidates and drops those in which a
// phrase does not stand word by word, or whose article is gone.
func (x *Index) fetch(ctx context.Context, c *compiled, found []candidate, need int) (hits []index.Hit, dropped int, err error) {
	var an terms.Analyzer
	for _, f := range found {
		if len(hits) == need {
			break
		}
		p, err := x.texts.passage(ctx, f.part, f.row)
		switch {
		case ctx.Err() != nil:
			return nil, 0, ctx.Err()
		case err != nil:
			x.log.Warn("a hit is left out", "passage", p.ID, "err", err)
			dropped++
		case len(c.phrases) > 0 && !standsIn(&an, p.Text, c.phrases):
			dropped++
		default:
			hits = append(hits, index.Hit{Passage: p, Score: f.score})
		}
	}
	return hits, dropped, nil
}

// standsIn reports whether every phrase stands in text, word by word.
func standsIn(an *terms.Analyzer, text string, phrases [][]string) bool {
	words := folded(an.Analyze(text))
	for _, phrase := range phrases {
		if !containsRun(words, phrase) {
			return false
		}
	}
	return true
}

func containsRun(words, run []string) bool {
	for i := 0; i+len(run) <= len(words); i++ {
		if slices.Equal(words[i:i+len(run)], run) {
			return true
		}
	}
	return false
}

// collect finds the best n candidates over all parts, and how many passages
// match in all. The order is total, so that paging is stable: by score, or by
// day when nothing is scored, then newest part first, then as printed.
func (s *snapshot) collect(ctx context.Context, c *compiled, n int) (found []candidate, total int, err error) {
	searches, err := s.plan(ctx, c)
	if err != nil {
		return nil, 0, err
	}
	top := &topList{n: n}
	for _, ps := range searches {
		var count int
		if len(c.words) > 0 {
			count, err = ps.score(ctx, top)
		} else {
			count, err = ps.list(ctx, top)
		}
		if err = errors.Join(err, ps.searcher.Close()); err != nil {
			return nil, 0, err
		}
		total += count
	}
	found = top.list
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.day, a.day))
	})
	return found[:min(n, len(found))], total, nil
}

// partSearch is a search of one part.
type partSearch struct {
	part     *part
	searcher *ranked
	order    order
}

// plan opens the words' postings in every part and gives them the weights
// that they have over all parts together.
func (s *snapshot) plan(ctx context.Context, c *compiled) (parts []partSearch, err error) {
	st := s.stats()
	if c.Speaker != "" {
		c.speaker = s.directory().Keys(c.Scopes, c.Speaker)
	}
	var opened []*ranked
	defer func() {
		if err != nil {
			for _, r := range opened {
				err = errors.Join(err, r.Close())
			}
		}
	}()
	df := make([]float64, len(c.words))
	boosted := 0.0
	for _, p := range slices.Backward(s.parts) {
		if p.openStore == nil {
			continue
		}
		if err := p.openStore(); err != nil {
			return nil, err
		}
		r := &ranked{}
		opened = append(opened, r)
		if err := c.open(ctx, p, r, st, df); err != nil {
			return nil, err
		}
		if r.boost != nil {
			boosted += float64(r.boost.reader.Count())
		}
		if c.concerns(p) {
			o, err := p.order()
			if err != nil {
				return nil, err
			}
			parts = append(parts, partSearch{p, r, o})
		} else if err := r.Close(); err != nil {
			return nil, err
		}
	}
	words, keep := c.weigh(df, st.passages)
	for _, ps := range parts {
		r := ps.searcher
		r.words, r.boostBy, r.min = words, idf(st.passages, boosted), max(c.MinShould, 1)
		r.prune = c.Uncounted && r.min == 1 && r.boost == nil
		if len(c.Kinds) > 0 {
			r.kinds, r.mask = ps.order.kinds, kindMask(c.Kinds)
		}
		r.cursors = slices.DeleteFunc(r.cursors, func(cur *cursor) bool { return !keep[cur.word] })
		if r.prune {
			if err = r.lead(ctx, ps.part, c); err != nil {
				return nil, err
			}
		}
		if r.filter, err = c.filter(ctx, ps.part); err != nil {
			return nil, err
		}
		if r.exclude, err = c.exclude(ctx, ps.part); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// open opens the words' postings in one part and adds to df how many of its
// passages hold each.
func (c *compiled) open(ctx context.Context, p *part, r *ranked, st stats, df []float64) error {
	for i, w := range c.words {
		text, err := r.newCursor(ctx, p, c.field, w.term, c.field == fieldText)
		if err != nil {
			return err
		}
		text.word, text.weight, text.avgLen = i, textWeight, st.textLen
		r.cursors = append(r.cursors, text)
		count := text.reader.Count()
		if c.field == fieldText {
			around, err := r.newCursor(ctx, p, fieldContext, w.term, true)
			if err != nil {
				return err
			}
			around.word, around.field, around.weight, around.avgLen = i, fieldAround, contextWeight, st.contextLen
			r.cursors = append(r.cursors, around)
			count = max(count, around.reader.Count())
		}
		df[i] += float64(count)
	}
	if c.BoostSpeaker == "" {
		return nil
	}
	// Of the forms of the name, the one that most passages have.
	for _, key := range directory.QueryKeys(c.BoostSpeaker) {
		cur, err := r.newCursor(ctx, p, fieldSpeaker, key, false)
		if err != nil {
			return err
		}
		if r.boost == nil || cur.reader.Count() > r.boost.reader.Count() {
			r.boost = cur
		}
	}
	return nil
}

// weigh turns document frequencies into weights and keeps the rarest words.
func (c *compiled) weigh(df []float64, passages float64) (words []rankedWord, keep []bool) {
	order := make([]int, len(df))
	words, keep = make([]rankedWord, len(df)), make([]bool, len(df))
	for i := range df {
		order[i] = i
		words[i] = rankedWord{idf: idf(passages, df[i]), repeats: c.words[i].repeats, postings: df[i]}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(df[a], df[b]) })
	for _, i := range order {
		keep[i] = df[i] > 0 && kept(keep) < maxScoredWords
	}
	return words, keep
}

func kept(keep []bool) int {
	n := 0
	for _, k := range keep {
		if k {
			n++
		}
	}
	return n
}

// context is what Bleve's searchers of the part want to be called with.
func (ps *partSearch) context() *search.SearchContext {
	return &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(ps.searcher.DocumentMatchPoolSize(), 0), IndexReader: ps.part.reader}
}

// row is where the passage of that number in Bleve stands in the table.
func (ps *partSearch) row(doc uint64) (int, error) {
	rows := ps.order.rows
	if doc >= uint64(len(rows)) {
		return 0, &index.Problem{Kind: index.Corrupt, Part: ps.part.name, Err: fmt.Errorf("document %d of %d", doc, len(rows))}
	}
	return int(rows[doc]), nil
}

// score puts the passages that hold the words on the list, and tells how many
// there are: when some were passed over, more than the list takes.
func (ps *partSearch) score(ctx context.Context, top *topList) (total int, err error) {
	r, sc := ps.searcher, ps.context()
	top.begin()
	r.floor = top.floor()
	for ; ; total++ {
		if total%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		doc, score, err := r.nextScored(sc)
		if err != nil {
			return 0, err
		}
		if doc == noDoc {
			break
		}
		if !top.admits(score) {
			continue
		}
		row, err := ps.row(doc)
		if err != nil {
			return 0, err
		}
		if top.offer(found{score: score, row: row}) {
			r.raise(top.floor())
		}
	}
	if r.pruned {
		total = max(total, top.n+1)
	}
	return total, top.resolve(ps.part)
}

// list puts all passages that pass the filter on the list, newest first.
func (ps *partSearch) list(ctx context.Context, top *topList) (total int, err error) {
	r, sc := ps.searcher, ps.context()
	top.begin()
	for ; ; total++ {
		if total%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		m, err := r.Next(sc)
		if err != nil {
			return 0, err
		}
		if m == nil {
			return total, top.resolve(ps.part)
		}
		row, err := ps.row(m.IndexInternalID.Value())
		if err != nil {
			return 0, err
		}
		sc.DocumentMatchPool.Put(m)
		_, article, ok := ps.part.kindOf(row)
		if !ok {
			return 0, &index.Problem{Kind: index.Corrupt, Part: ps.part.name, Err: errCut}
		}
		top.offer(found{day: ps.part.articles[article].day, row: row})
	}
}

// Passage returns one passage by its ID if it lies in one of the scopes.
func (x *Index) Passage(ctx context.Context, scopes []string, id string) (index.Passage, error) {
	x.look()
	s, err := x.acquire()
	if err != nil {
		return index.Passage{}, err
	}
	defer x.done(s)
	for _, p := range s.parts {
		row, ok := p.find(id)
		if !ok || p.isDeadRow(row) {
			continue
		}
		hit, err := x.texts.passage(ctx, p, row)
		if err != nil {
			return index.Passage{}, fmt.Errorf("passage %s: %w", id, err)
		}
		if slices.Contains(scopesOrShared(scopes), hit.Scope) {
			return hit, nil
		}
	}
	return index.Passage{}, fmt.Errorf("passage %s: %w", id, index.ErrNotFound)
}

// Rarity is the share of passages whose text holds each word; a stop word's is 1.
func (x *Index) Rarity(ctx context.Context, words []string) ([]float64, error) {
	x.look()
	s, err := x.acquire()
	if err != nil {
		return nil, err
	}
	defer x.done(s)
	shares := make([]float64, len(words))
	var an terms.Analyzer
	for i, w := range words {
		analysed := an.Analyze(w)
		if len(analysed) > 0 {
			shares[i] = 1
		}
		for _, t := range analysed { // "well-kept" is as rare as the rarer of the two
			if t.Stop() {
				continue
			}
			share, err := s.share(ctx, t.Stem)
			if err != nil {
				return nil, fmt.Errorf("rarity of %q: %w", w, err)
			}
			shares[i] = min(shares[i], share)
		}
	}
	return shares, nil
}

// share is the share of passages whose text has the stem.
func (s *snapshot) share(ctx context.Context, stem string) (float64, error) {
	n := 0.0
	for _, p := range s.parts {
		if p.openStore == nil {
			continue
		}
		if err := p.openStore(); err != nil {
			return 0, err
		}
		r, err := p.reader.TermFieldReader(ctx, []byte(stem), fieldText, false, false, false)
		if err != nil {
			return 0, err
		}
		n += float64(r.Count())
		if err := r.Close(); err != nil {
			return 0, err
		}
	}
	return n / max(float64(s.passages()), 1), nil
}
