package bleveindex

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2/search"
	bleve "github.com/blevesearch/bleve_index_api"

	"github.com/whosaid/whosaid/index"
)

// topList gathers the best n candidates, a part after the other.
type topList struct {
	n      int
	list   []candidate // of the parts that are done
	scores []float64   // theirs, the least first, when there are n
	docs   docHeap     // of the part that is being searched
}

// scoredDoc is a passage by its number in Bleve.
type scoredDoc struct {
	doc   uint64
	score float64
}

// docHeap has the worst on top: the least score, and of equals the last printed.
type docHeap []scoredDoc

func (h docHeap) Len() int { return len(h) }
func (h docHeap) Less(i, j int) bool {
	return h[i].score < h[j].score || h[i].score == h[j].score && h[i].doc > h[j].doc
}
func (h docHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *docHeap) Push(x any)   { *h = append(*h, x.(scoredDoc)) }
func (h *docHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// begin starts on another part.
func (t *topList) begin() {
	t.docs = t.docs[:0]
	t.scores = t.scores[:0]
	for _, c := range t.list {
		t.scores = append(t.scores, c.score)
	}
	slices.SortFunc(t.scores, func(a, b float64) int { return cmp.Compare(b, a) })
}

// floor is the score that a passage must exceed to be among the best n: what
// the earlier parts or this one have n of, 0 when there are fewer.
func (t *topList) floor() float64 {
	floor := 0.0
	if len(t.scores) >= t.n {
		floor = t.scores[t.n-1]
	}
	if len(t.docs) >= t.n {
		floor = max(floor, t.docs[0].score)
	}
	return floor
}

// offer takes a passage in if it is good enough, and reports whether the floor
// may have risen.
func (t *topList) offer(d scoredDoc) bool {
	if len(t.docs) < t.n {
		heap.Push(&t.docs, d)
		return len(t.docs) == t.n
	}
	if d.score <= t.docs[0].score {
		return false
	}
	t.docs[0] = d
	heap.Fix(&t.docs, 0)
	return true
}

// resolve turns the part's passages into candidates, best first.
func (t *topList) resolve(p *part) error {
	slices.SortFunc(t.docs, func(a, b scoredDoc) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
	})
	for _, d := range t.docs {
		id, err := p.reader.ExternalID(bleve.NewIndexInternalID(nil, d.doc))
		if err == nil {
			err = t.add(p, id, d.score)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add puts the passage with that document ID on the list.
func (t *topList) add(p *part, id string, score float64) error {
	row, ok := rowOf(id)
	if !ok {
		return &index.Problem{Kind: index.Corrupt, Part: p.name, Err: fmt.Errorf("document ID %q", id)}
	}
	_, article, err := p.passage(row)
	if err != nil {
		return &index.Problem{Kind: index.Corrupt, Part: p.name, Err: err}
	}
	t.list = append(t.list, candidate{part: p, row: row, score: score, day: p.articles[article].day})
	return nil
}

// kindMask is the bits of some kinds.
func kindMask(wanted []index.PassageKind) (mask uint8) {
	for _, k := range wanted {
		if i := slices.Index(kinds, k); i >= 0 {
			mask |= 1 << i
		}
	}
	return mask
}

// readKinds is the kind of every passage, a bit each, by its number in Bleve.
func (p *part) readKinds() ([]uint8, error) {
	bits := make([]uint8, 0, p.Passages)
	for i, k := range kinds {
		r, err := p.reader.TermFieldReader(context.Background(), []byte(k), fieldKind, false, false, false)
		if err != nil {
			return nil, fmt.Errorf("reading the kinds of the passages: %w", err)
		}
		for {
			d, err := r.Next(nil)
			if err != nil {
				return nil, fmt.Errorf("reading the kinds of the passages: %w", err)
			}
			if d == nil {
				break
			}
			n := int(d.ID.Value())
			if n >= len(bits) {
				bits = append(bits, make([]uint8, n+1-len(bits))...)
			}
			bits[n] = 1 << i
		}
		if err := r.Close(); err != nil {
			return nil, err
		}
	}
	// A passage of no known kind, at the end, is none that is wanted.
	if short := p.Passages - len(bits); short > 0 {
		bits = append(bits, make([]uint8, short)...)
	}
	return bits, nil
}

var _ search.Searcher = (*ranked)(nil)
