package directory

import (
	"cmp"
	"container/heap"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// completion finds what has a word that starts with a prefix: a sorted list of
// the tails of every name, each from the start of a word to the name's end.
type completion struct {
	tails []tail
}

// tail is the end of a name, of the entry with a number and a weight.
type tail struct {
	text          string
	entry, weight int32
}

func (t tail) compare(u tail) int {
	return cmp.Or(strings.Compare(t.text, u.text), cmp.Compare(t.entry, u.entry))
}

// appendTails appends the tails of a folded name.
func appendTails(tails []tail, name string, entry int32, weight int) []tail {
	for name != "" {
		tails = append(tails, tail{name, entry, int32(min(weight, 1<<30))})
		_, name, _ = strings.Cut(name, " ")
	}
	return tails
}

// with is the completion without the tails of the changed entries and with the
// ones given.
func (c completion) with(changed map[int32]bool, tails []tail) completion {
	slices.SortFunc(tails, tail.compare)
	merged := make([]tail, 0, len(c.tails)+len(tails))
	for _, t := range c.tails {
		if len(changed) > 0 && changed[t.entry] {
			continue
		}
		for len(tails) > 0 && tails[0].compare(t) < 0 {
			merged = append(merged, tails[0])
			tails = tails[1:]
		}
		merged = append(merged, t)
	}
	return completion{slices.Compact(append(merged, tails...))}
}

// first are the limit weightiest entries for a prefix.
func (c completion) first(prefix string, limit int) []int32 {
	top := newTop(limit)
	c.each(c.within(span{0, len(c.tails)}, "", prefix), top)
	return top.numbers()
}

func (c completion) each(s span, top *top) {
	for _, t := range c.tails[s.from:s.to] {
		top.offer(t.entry, int(t.weight))
	}
}

// span is a run of tails that begin alike.
type span struct{ from, to int }

// within are the tails of s, all of which begin with prefix, that go on with more.
func (c completion) within(s span, prefix, more string) span {
	n := len(prefix)
	list := c.tails[s.from:s.to]
	from := sort.Search(len(list), func(i int) bool { return list[i].text[n:] >= more })
	list = list[from:]
	to := sort.Search(len(list), func(i int) bool { return !strings.HasPrefix(list[i].text[n:], more) })
	return span{s.from + from, s.from + from + to}
}

// Slips of the finger are looked for in prefixes of leastSlip letters or more.
const leastSlip = 4

// nearly are the limit weightiest entries for what becomes a prefix of theirs
// by changing, adding or dropping a letter, or swapping two; the first letter
// may only be swapped. (Damerau, A technique for computer detection and
// correction of spelling errors, 1964.)
func (c completion) nearly(prefix string, limit int) []int32 {
	if utf8.RuneCountInString(prefix) < leastSlip {
		return nil
	}
	top := newTop(limit)
	at := span{0, len(c.tails)}
	for i := 0; i < len(prefix) && at.from < at.to; {
		_, size := utf8.DecodeRuneInString(prefix[i:])
		done, letter, rest := prefix[:i], prefix[i:i+size], prefix[i+size:]
		if _, next := utf8.DecodeRuneInString(rest); next > 0 {
			c.each(c.within(at, done, rest[:next]+letter+rest[next:]), top) // swapped
		}
		if i > 0 {
			c.each(c.within(at, done, rest), top) // one too many
			c.branches(at, done, func(s span, branch string) {
				c.each(c.within(s, done+branch, rest), top)        // another one
				c.each(c.within(s, done+branch, letter+rest), top) // one is missing
			})
		}
		at = c.within(at, done, letter)
		i += size
	}
	return top.numbers()
}

// branches are the letters that the tails of s, all of which begin with prefix, go on with.
func (c completion) branches(s span, prefix string, do func(span, string)) {
	for s.from < s.to {
		rest := c.tails[s.from].text[len(prefix):]
		if rest == "" {
			s.from++
			continue
		}
		_, size := utf8.DecodeRuneInString(rest)
		branch := c.within(s, prefix, rest[:size])
		do(branch, rest[:size])
		s.from = branch.to
	}
}

// top keeps the n weightiest entries; of equals, those with the lower numbers.
type top struct {
	n    int
	list ranking
}

type ranked struct {
	entry  int32
	weight int
}

// ranking is a heap with the last on top.
type ranking []ranked

func (r ranking) Len() int { return len(r) }
func (r ranking) Less(i, j int) bool {
	return r[i].weight < r[j].weight || r[i].weight == r[j].weight && r[i].entry > r[j].entry
}
func (r ranking) Swap(i, j int) { r[i], r[j] = r[j], r[i] }
func (r *ranking) Push(x any)   { *r = append(*r, x.(ranked)) }
func (r *ranking) Pop() any {
	old := *r
	last := old[len(old)-1]
	*r = old[:len(old)-1]
	return last
}

func newTop(n int) *top { return &top{n: n} }

func (t *top) offer(entry int32, weight int) {
	if t.n <= 0 {
		return
	}
	full := len(t.list) == t.n
	if full && (weight < t.list[0].weight || weight == t.list[0].weight && entry >= t.list[0].entry) {
		return
	}
	// Several tails of one entry may begin alike.
	if slices.ContainsFunc(t.list, func(r ranked) bool { return r.entry == entry }) {
		return
	}
	if !full {
		heap.Push(&t.list, ranked{entry, weight})
		return
	}
	t.list[0] = ranked{entry, weight}
	heap.Fix(&t.list, 0)
}

// numbers are the entries, the weightiest first.
func (t *top) numbers() []int32 {
	slices.SortFunc(t.list, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.entry, b.entry))
	})
	out := make([]int32, len(t.list))
	for i, r := range t.list {
		out[i] = r.entry
	}
	return out
}
