package answer

import (
	"context"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/index"
)

// A claim may glue together what stands apart in print, or turn its order
// around. Aligned with one passage, such a claim holds a run of words that the
// passage lacks; each run is looked for elsewhere in the article.
const (
	leastRun   = 4    // words of a run that is looked for
	leastPiece = 0.75 // similarity of a piece with its place in print
	mostPieces = 6
	pieceHits  = 8 // passages of the article that a run is aligned with
)

// piece is a stretch of the claim and where it stands in print.
type piece struct {
	finding
	claim      spoken
	start, end int // words of the whole claim
}

// stitch looks elsewhere in the article for what the passage of best lacks. It
// returns the pieces in the order of the claim, one when there is no more to it.
func (s *Service) stitch(ctx context.Context, scopes []string, claim spoken, best finding) ([]piece, error) {
	whole := []piece{{finding: best, claim: claim, start: 0, end: len(claim.words)}}
	runs := best.missing(claim)
	if len(runs) == 0 || len(runs) > mostPieces {
		return whole, nil
	}
	var extra []piece
	for _, run := range runs {
		p, ok, err := s.elsewhere(ctx, scopes, claim.part(run[0], run[1]), best)
		if err != nil {
			return nil, err
		}
		if ok {
			p.start, p.end = run[0], run[1]
			extra = append(extra, p)
		}
	}
	if len(extra) == 0 {
		return whole, nil
	}
	// What lies between the pieces found is aligned with best anew.
	var out []piece
	at := 0
	rest := func(to int) {
		if to > at {
			part := claim.part(at, to)
			f := best
			f.alignment = align(part, f.print)
			out = append(out, piece{finding: f, claim: part, start: at, end: to})
		}
	}
	for _, p := range extra {
		rest(p.start)
		out, at = append(out, p), p.end
	}
	rest(len(claim.words))
	return out, nil
}

// missing are the runs of the claim's words, at least leastRun of one sentence,
// that the print lacks, but for a word of it here and there.
func (f finding) missing(claim spoken) (runs [][2]int) {
	const stray = 2 // shared words in a row that don't end a run
	from, last, shared := -1, -1, 0
	end := func() {
		if from >= 0 && last+1-from >= leastRun {
			runs = append(runs, [2]int{from, last + 1})
		}
		from, shared = -1, 0
	}
	for _, p := range f.pairs {
		if p.claim > 0 && claim.breaks(p.claim) {
			end()
		}
		switch {
		case p.claim < 0:
		case p.print >= 0:
			if shared++; shared > stray {
				end()
			}
		default:
			if from < 0 {
				from = p.claim
			}
			last, shared = p.claim, 0
		}
	}
	end()
	return runs
}

// elsewhere finds the place in the article of best, said by the same speaker,
// that a part of the claim renders.
func (s *Service) elsewhere(ctx context.Context, scopes []string, part spoken, best finding) (piece, bool, error) {
	res, err := s.idx.Search(ctx, index.Query{
		Scopes: scopes, Text: part.text, Article: best.ArticleID, Kinds: quoteKinds(), Limit: pieceHits,
	})
	if err != nil {
		return piece{}, false, err
	}
	var found piece
	for _, h := range append(res.Hits, index.Hit{Passage: best.Passage}) {
		if h.Speaker != nil && best.Speaker != nil && !samePerson(nameParts(h.Speaker.Name), nameParts(best.Speaker.Name)) {
			continue
		}
		f := finding{Passage: h.Passage, print: hear(h.Text)}
		f.alignment = align(part, f.print)
		if f.similarity >= max(leastPiece, found.similarity) {
			found = piece{finding: f, claim: part}
		}
	}
	return found, found.similarity > 0, nil
}

// part is the words [from, to) of s as a text of their own.
func (s spoken) part(from, to int) spoken {
	return hear(s.slice(from, to-1))
}

// similarity of the whole claim that the pieces make up: that of each, weighed
// by its words.
func similarity(pieces []piece) float64 {
	var sum, words float64
	for _, p := range pieces {
		n := float64(len(p.claim.words))
		sum += n * p.similarity
		words += n
	}
	return sum / max(words, 1)
}

// diffOf writes the pieces one after the other, a Gap between two that don't
// follow one another in print.
func diffOf(pieces []piece) []DiffPart {
	out := []DiffPart{}
	for i, p := range pieces {
		if i > 0 {
			out = append(out, gap(pieces[i-1], p))
		}
		out = append(out, p.diff(p.claim, p.print)...)
	}
	return out
}

// maxGap bounds the printed words that a gap shows, in words.
const maxGap = 20

// gap is what print holds between two pieces: the words, where both stand in one
// passage in this order and there are few.
func gap(a, b piece) DiffPart {
	if a.ID != b.ID || a.to > b.from || b.from-a.to > maxGap {
		return DiffPart{Dropped, Gap}
	}
	if a.to == b.from {
		return DiffPart{Dropped, Gap}
	}
	return DiffPart{Dropped, strings.TrimSpace(Gap + " " + a.print.slice(a.to, b.from-1))}
}

// longest is the piece with most words, which stands for the claim.
func longest(pieces []piece) piece {
	return slices.MaxFunc(pieces, func(a, b piece) int { return len(a.claim.words) - len(b.claim.words) })
}

// also are other articles in which the words that the claim renders were
// printed, or nearly them; at most a few.
func also(all []finding, best finding) []Answer {
	const most, alike = 9, 0.8
	var out []Answer
	if best.from >= best.to {
		return nil
	}
	words := hear(best.print.slice(best.from, best.to-1))
	seen := map[string]bool{best.ArticleID: true}
	for _, f := range all {
		if seen[f.ArticleID] || f.Kind == index.KindParagraph || f.similarity < best.similarity-0.3 || len(out) == most {
			continue
		}
		if a := align(words, f.print); a.similarity >= alike {
			seen[f.ArticleID] = true
			out = append(out, answerOf(f.Passage, a.similarity))
		}
	}
	return out
}
