package answer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// Place is another article that prints the same quote.
type Place struct {
	Passage   string         `json:"-"`
	Speaker   *quote.Speaker `json:"speaker"`
	Quote     string         `json:"quote"`
	Article   string         `json:"article"`
	File      string         `json:"file"`
	Title     string         `json:"title"`
	Source    string         `json:"source"`
	URL       string         `json:"url"`
	Date      string         `json:"date"`
	Paragraph int            `json:"paragraph"`
	// Diff leads from the answer's words to this print's, empty when they are
	// the same.
	Diff []DiffPart `json:"diff,omitempty"`
}

// Conflict is somebody else to whom articles give the same words.
type Conflict struct {
	Speaker *quote.Speaker `json:"speaker"`
	Sources []string       `json:"sources"` // their publishers
}

// Prints is what is known of a quote that stands in several articles.
type Prints struct {
	// Also are the other articles, the earliest first, those without a day
	// last; at most maxPlaces.
	Also []Place `json:"also,omitempty"`
	// AlsoIn is how many other articles there are in all.
	AlsoIn int `json:"also_in,omitempty"`
	// FirstPrinted is the earliest day of all articles, YYYY-MM-DD, "" when
	// there are no others or no days.
	FirstPrinted string `json:"first_printed,omitempty"`
	// Longest is the longest version, "" when the answer's own is.
	Longest string `json:"longest,omitempty"`
	// Conflicts are those besides the answer's speaker to whom it is given.
	Conflicts []Conflict `json:"conflicts,omitempty"`
}

const (
	maxPlaces = 20  // listed for one answer
	maxPrints = 100 // looked at for one answer
	// Two quotes are prints of one when of the shorter one's runs of
	// shingleWords words this share stands in the other, and there are enough.
	shingleWords  = 3
	shareOfRuns   = 0.6
	leastShingles = 3
)

// shingles are the runs of words of a text, hashed, sorted, each once. A
// translation shares none with the original, so the two stay apart.
func shingles(text string) []uint64 { return shinglesOf(splitWords(clip(text, maxRead))) }

func shinglesOf(words []word) []uint64 {
	out := make([]uint64, 0, len(words))
	for i := 0; i+shingleWords <= len(words); i++ {
		h := uint64(14695981039346656037) // FNV-1a
		for _, w := range words[i : i+shingleWords] {
			for k := range len(w.norm) {
				h = (h ^ uint64(w.norm[k])) * 1099511628211
			}
			h = (h ^ ' ') * 1099511628211
		}
		out = append(out, h)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// joined is the words as compared, a space before and after each.
func joined(words []word) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, w := range words {
		b.WriteString(w.norm)
		b.WriteByte(' ')
	}
	return b.String()
}

// samePrint reports whether two quotes, by their shingles, are one.
func samePrint(a, b []uint64) bool {
	least := min(len(a), len(b))
	if least < leastShingles {
		return false
	}
	shared := 0
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] == b[k]:
			shared++
			i++
			k++
		case a[i] < b[k]:
			i++
		default:
			k++
		}
	}
	return float64(shared) >= shareOfRuns*float64(least)
}

// cluster leaves of the prints of one quote the best answer. Of a quote and a
// part of it in one article the longer is kept, in the better one's place.
func cluster(all []Answer) []Answer {
	type shown struct {
		words    string
		shingles []uint64
	}
	var seen []shown
	said := map[string][]int{} // answers by the speaker's surname
	by := map[uint64][]int{}   // answers that have a shingle
	out := all[:0]
	for _, a := range all {
		words := splitWords(clip(a.Quote, maxRead))
		s := shown{words: joined(words), shingles: shinglesOf(words)}
		speaker := ""
		if a.Speaker != nil {
			speaker = surname(a.Speaker.Name)
		}
		twin := -1
		for _, k := range said[speaker] {
			if strings.Contains(seen[k].words, s.words) || strings.Contains(s.words, seen[k].words) {
				twin = k
				break
			}
		}
		for i := 0; twin < 0 && i < len(s.shingles); i++ {
			for _, k := range by[s.shingles[i]] {
				if out[k].Article != a.Article && samePrint(seen[k].shingles, s.shingles) {
					twin = k
					break
				}
			}
		}
		switch {
		case twin < 0:
			for _, h := range s.shingles {
				by[h] = append(by[h], len(out))
			}
			said[speaker] = append(said[speaker], len(out))
			seen, out = append(seen, s), append(out, a)
		case len(s.words) > len(seen[twin].words) && !a.Weak() && a.Article == out[twin].Article:
			a.Score = out[twin].Score
			seen[twin], out[twin] = s, a
		}
	}
	return out
}

// findPrints adds to each answer where else it was printed.
func (s *Service) findPrints(ctx context.Context, scopes []string, answers []Answer) error {
	for i := range answers {
		a := &answers[i]
		res, err := s.idx.Search(ctx, index.Query{Scopes: scopes, Like: a.Quote, Kinds: quoteKinds(), Limit: maxPrints})
		if err != nil {
			return fmt.Errorf("looking for other prints of a quote: %w", err)
		}
		a.Prints = printsOf(a, res.Hits)
	}
	return nil
}

// printsOf sums up those of the hits that are the answer's quote in other
// articles, the best one of each.
func printsOf(a *Answer, hits []index.Hit) Prints {
	own := shingles(a.Quote)
	places := map[string]Place{}
	for _, h := range hits {
		if h.ArticleID == a.Article || !samePrint(own, shingles(h.Text)) {
			continue
		}
		if p, ok := places[h.ArticleID]; !ok || len(h.Text) > len(p.Quote) {
			places[h.ArticleID] = placeOf(h.Passage)
		}
	}
	p := Prints{AlsoIn: len(places)}
	if len(places) == 0 {
		return p
	}
	for _, place := range places {
		p.Also = append(p.Also, place)
	}
	slices.SortFunc(p.Also, func(a, b Place) int {
		return cmp.Or(cmp.Compare(dayOrLast(a.Date), dayOrLast(b.Date)), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Article, b.Article))
	})
	if p.FirstPrinted = a.Date; dayOrLast(p.Also[0].Date) < dayOrLast(a.Date) {
		p.FirstPrinted = p.Also[0].Date
	}
	longest := len(splitWords(a.Quote))
	for _, place := range p.Also {
		if n := len(splitWords(place.Quote)); n > longest {
			p.Longest, longest = place.Quote, n
		}
	}
	p.Conflicts = conflicts(a.Speaker, p.Also)
	p.Also = p.Also[:min(len(p.Also), maxPlaces)]
	print := hear(a.Quote)
	for i := range p.Also {
		p.Also[i].Diff = differences(print, hear(p.Also[i].Quote))
	}
	return p
}

// dayOrLast is a day, or for an unknown one what comes after all days.
func dayOrLast(day string) string { return cmp.Or(day, "~") }

func placeOf(p index.Passage) Place {
	return Place{
		Passage: p.ID, Speaker: p.Speaker, Quote: p.Text, Article: p.ArticleID, File: p.File, Title: p.Title,
		Source: p.Publisher, URL: p.URL, Date: p.Day, Paragraph: p.Paragraph,
	}
}

// differences is the word diff from one print to another, nil when there is
// none. They are compared as wholes, what stands before and after included.
func differences(from, to spoken) []DiffPart {
	var out []DiffPart
	add := func(op DiffOp, words []word) {
		for _, w := range words {
			if n := len(out); n > 0 && out[n-1].Op == op {
				out[n-1].Text += " " + w.text
			} else {
				out = append(out, DiffPart{Op: op, Text: w.text})
			}
		}
	}
	a := align(to, from) // what the answer has before and after is not part of it
	add(Dropped, from.words[:min(a.from, len(from.words))])
	for _, p := range a.pairs {
		switch {
		case p.claim < 0:
			add(Dropped, from.words[p.print:p.print+1])
		case p.print < 0:
			add(Added, to.words[p.claim:p.claim+1])
		default:
			add(Same, to.words[p.claim:p.claim+1])
		}
	}
	add(Dropped, from.words[min(a.to, len(from.words)):])
	if !slices.ContainsFunc(out, func(p DiffPart) bool { return p.Op != Same }) {
		return nil
	}
	return out
}

// conflicts are the speakers that can't be the answer's, in the order of their
// first print, with who printed it. An unknown or unnamed speaker contradicts
// nobody, and an organisation is not told apart from who speaks for it.
func conflicts(speaker *quote.Speaker, places []Place) []Conflict {
	var out []Conflict
	for _, p := range places {
		if !contradicts(speaker, p.Speaker) {
			continue
		}
		i := slices.IndexFunc(out, func(c Conflict) bool { return !contradicts(c.Speaker, p.Speaker) })
		if i < 0 {
			out = append(out, Conflict{Speaker: p.Speaker, Sources: []string{}})
			i = len(out) - 1
		}
		if p.Source != "" && !slices.Contains(out[i].Sources, p.Source) {
			out[i].Sources = append(out[i].Sources, p.Source)
		}
	}
	return out
}

func contradicts(a, b *quote.Speaker) bool {
	if a == nil || b == nil || a.Type != b.Type || a.Type != quote.TypePerson && a.Type != quote.TypeOrg {
		return false
	}
	return nameMatch(nameParts(a.Name), b) < leastFit && nameMatch(nameParts(b.Name), a) < leastFit
}
