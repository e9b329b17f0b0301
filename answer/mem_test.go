package answer

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/directory"
	"github.com/whosaid/whosaid/index/terms"
	"github.com/whosaid/whosaid/quote"
)

// memIndex is an index.Index over a slice: the same words, the same BM25 in
// principle, nothing on disk.
type memIndex struct {
	index.Index // what is not overridden is not called
	passages    []index.Passage
	terms       []map[string]int // of passages: text
	around      []map[string]int // of passages: context
	df          map[string]int
	length      float64 // mean of terms
	dir         *directory.Directory
	pubs        []string
}

// newMemIndex indexes articles with their quotes.
func newMemIndex(articles []*corpus.Article, quotes [][]quote.Quote) *memIndex {
	m := &memIndex{df: map[string]int{}}
	var speakers []directory.Count
	pubs := map[string]map[string]int{corpus.SharedScope: {}}
	for i, a := range articles {
		if a.Publisher != "" {
			pubs[corpus.SharedScope][a.Publisher]++
		}
		for _, p := range index.Passages(a, quotes[i]) {
			m.passages = append(m.passages, p)
			if p.Speaker != nil {
				speakers = append(speakers, directory.Count{Scope: corpus.SharedScope, Speaker: p.Speaker, Quotes: 1})
			}
		}
	}
	m.dir = directory.New(speakers, pubs)
	for _, p := range m.passages {
		t := stems(p.Text)
		m.terms = append(m.terms, count(t))
		m.around = append(m.around, count(stems(p.Context)))
		m.length += float64(len(t)) / float64(len(m.passages))
		for s := range count(t) {
			m.df[s]++
		}
	}
	return m
}

func stems(text string) []string {
	var a terms.Analyzer
	var out []string
	for _, t := range a.Analyze(text) {
		if !t.Stop() {
			out = append(out, t.Stem)
		}
	}
	return out
}

func count(words []string) map[string]int {
	out := map[string]int{}
	for _, w := range words {
		out[w]++
	}
	return out
}

func (m *memIndex) Search(_ context.Context, q index.Query) (index.Results, error) {
	var res index.Results
	query := stems(q.Text)
	for i, p := range m.passages {
		if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, p.Kind) || q.From != "" && p.Day < q.From || q.To != "" && (p.Day > q.To || p.Day == "") ||
			q.Publisher != "" && q.Publisher != p.Publisher || !m.speakerIs(p, q.Speaker) || !phrases(p, q) {
			continue
		}
		score := m.bm25(query, m.terms[i]) + 0.3*m.bm25(query, m.around[i])
		if score > 0 || q.Text == "" {
			res.Hits = append(res.Hits, index.Hit{Passage: p, Score: score})
		}
	}
	slices.SortStableFunc(res.Hits, func(a, b index.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Day, a.Day))
	})
	res.Total = len(res.Hits)
	limit := cmp.Or(q.Limit, 10)
	res.Hits = res.Hits[min(q.Offset, res.Total):min(q.Offset+limit, res.Total)]
	return res, nil
}

func phrases(p index.Passage, q index.Query) bool {
	if len(q.Phrases)+len(q.Not) == 0 {
		return true
	}
	key := " " + terms.Key(p.Text) + " "
	for _, ph := range q.Phrases {
		if !strings.Contains(key, " "+terms.Key(ph)+" ") {
			return false
		}
	}
	for _, n := range q.Not {
		if strings.Contains(key, " "+terms.Key(n)+" ") {
			return false
		}
	}
	return true
}

func (m *memIndex) speakerIs(p index.Passage, name string) bool {
	if name == "" {
		return true
	}
	if p.Speaker == nil {
		return false
	}
	want := terms.Key(name)
	for _, form := range append([]string{p.Speaker.Name}, p.Speaker.Aliases...) {
		if key := terms.Key(form); key == want || strings.HasSuffix(key, " "+want) {
			return true
		}
	}
	return samePerson(nameParts(name), nameParts(p.Speaker.Name))
}

func (m *memIndex) bm25(query []string, doc map[string]int) float64 {
	var sum float64
	for _, q := range query {
		tf := float64(doc[q])
		if tf == 0 {
			continue
		}
		idf := math.Log(1 + (float64(len(m.passages)-m.df[q])+0.5)/(float64(m.df[q])+0.5))
		sum += idf * tf * 2.2 / (tf + 1.2*(0.25+0.75*float64(len(doc))/m.length))
	}
	return sum
}

func (m *memIndex) Passage(_ context.Context, _ []string, id string) (index.Passage, error) {
	for _, p := range m.passages {
		if p.ID == id {
			return p, nil
		}
	}
	return index.Passage{}, index.ErrNotFound
}

func (m *memIndex) Rarity(_ context.Context, words []string) ([]float64, error) {
	out := make([]float64, len(words))
	for i, w := range words {
		if s := stems(w); len(s) > 0 {
			out[i] = float64(m.df[s[0]]) / float64(len(m.passages))
		}
	}
	return out, nil
}

func (m *memIndex) Stats() index.Stats { return index.Stats{Passages: len(m.passages)} }

func (m *memIndex) Speakers(scopes []string, prefix string, limit int) []index.SpeakerEntry {
	return m.dir.Speakers(scopesOf(scopes), prefix, limit)
}

func (m *memIndex) Publishers(scopes []string, prefix string, limit int) []string {
	return m.dir.Publishers(scopesOf(scopes), prefix, limit)
}

func scopesOf(scopes []string) []string {
	if len(scopes) == 0 {
		return []string{corpus.SharedScope}
	}
	return scopes
}
