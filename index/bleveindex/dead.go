package bleveindex

import (
	"maps"
	"slices"

	"github.com/whosaid/whosaid/index"
)

// dead is what of a part a generation leaves out: articles that were removed,
// and those that a newer part has better.
type dead struct {
	ids       map[string]string  // IDs and publishers, as CURRENT has them
	numbers   map[int32]struct{} // their numbers in the part
	deadTerms []string           // and the terms of fieldArticle
	lost      map[string]lostIn  // what they held, by scope
}

// lostIn counts what a scope has less of.
type lostIn struct {
	articles, passages, quotes int
	speakers                   map[int]int    // quotes by speaker's number
	publishers                 map[string]int // articles by publisher
}

// without is the part with these articles dead; the files are shared.
func (p *part) without(ids map[string]string) *part {
	if maps.Equal(ids, p.ids) {
		return p
	}
	q := *p
	q.dead = dead{ids: ids, numbers: map[int32]struct{}{}, lost: map[string]lostIn{}}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if n, ok := p.byID()[id]; ok {
			q.numbers[n] = struct{}{}
			q.deadTerms = append(q.deadTerms, docID(int(n)))
			q.lose(int(n), ids[id])
		}
	}
	return &q
}

// lose counts what article n held.
func (p *part) lose(n int, publisher string) {
	a := p.table.articles[n]
	l, known := p.lost[a.scope]
	if !known {
		l = lostIn{speakers: map[int]int{}, publishers: map[string]int{}}
	}
	l.articles++
	l.publishers[publisher]++
	for row := a.first; row < p.end(n); row++ {
		l.passages++
		kind, speaker, _, ok := p.rowSpeaker(row)
		if !ok || !kind.Quote() {
			continue
		}
		l.quotes++
		if speaker >= 0 {
			l.speakers[speaker]++
		}
	}
	p.lost[a.scope] = l
}

// rowSpeaker is the kind of a row and the numbers, from 0, of its speaker and of
// who that was before the rules for names; -1 for none.
func (t *table) rowSpeaker(row int) (kind index.PassageKind, speaker, found int, ok bool) {
	d, k, _, ok := t.row(row)
	d.uint() // the paragraph
	if !ok || d.err != nil {
		return "", -1, -1, false
	}
	if kinds[k] == index.KindParagraph {
		return kinds[k], -1, -1, true
	}
	d.uint() // the quote's number
	speaker, found = d.uint()-1, d.uint()-1
	return kinds[k], speaker, found, d.err == nil && max(speaker, found) < t.known
}

// isDead reports whether article n is dead.
func (d *dead) isDead(n int32) bool {
	_, ok := d.numbers[n]
	return ok
}

// isDeadRow reports whether the row is one of a dead article.
func (p *part) isDeadRow(row int) bool {
	if len(p.numbers) == 0 {
		return false
	}
	_, n, err := p.passage(row)
	return err == nil && p.isDead(int32(n))
}

// gone counts what is dead over all scopes.
func (d *dead) gone() (sum lostIn) {
	for _, l := range d.lost {
		sum.articles += l.articles
		sum.passages += l.passages
		sum.quotes += l.quotes
	}
	return sum
}
