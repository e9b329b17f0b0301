package bleveindex

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/blevesearch/bleve/v2/search"

	"github.com/whosaid/whosaid/index"
)

// topList gathers the best n candidates, a part after the other.
type topList struct {
	n      int
	list   []candidate // of the parts that are done
	scores []float64   // theirs, the least first, when there are n
	docs   foundHeap   // of the part that is being searched
}

// found is a passage of the part that is being searched.
type found struct {
	score float64
	day   string // when passages are listed by it
	row   int
}

// before reports whether f comes before g: it scores more, or is newer, or was
// printed first.
func (f found) before(g found) bool {
	switch {
	case f.score != g.score:
		return f.score > g.score
	case f.day != g.day:
		return f.day > g.day
	}
	return f.row < g.row
}

// foundHeap has the last on top.
type foundHeap []found

func (h foundHeap) Len() int           { return len(h) }
func (h foundHeap) Less(i, j int) bool { return h[j].before(h[i]) }
func (h foundHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *foundHeap) Push(x any)        { *h = append(*h, x.(found)) }
func (h *foundHeap) Pop() any {
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

// admits reports whether a passage of that score may be good enough.
func (t *topList) admits(score float64) bool {
	return len(t.docs) < t.n || score >= t.docs[0].score
}

// offer takes a passage in if it is good enough, and reports whether the floor
// may have risen.
func (t *topList) offer(f found) bool {
	if len(t.docs) < t.n {
		heap.Push(&t.docs, f)
		return len(t.docs) == t.n
	}
	if !f.before(t.docs[0]) {
		return false
	}
	t.docs[0] = f
	heap.Fix(&t.docs, 0)
	return true
}

// resolve turns the part's passages into candidates, best first.
func (t *topList) resolve(p *part) error {
	slices.SortFunc(t.docs, func(a, b found) int {
		if a.before(b) {
			return -1
		}
		return 1 // no two are equal
	})
	for _, f := range t.docs {
		_, article, ok := p.kindOf(f.row)
		if !ok {
			return &index.Problem{Kind: index.Corrupt, Part: p.name, Err: errCut}
		}
		t.list = append(t.list, candidate{part: p, row: f.row, score: f.score, day: p.articles[article].day})
	}
	return nil
}

var _ search.Searcher = (*ranked)(nil)
