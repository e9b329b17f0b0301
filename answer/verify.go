package answer

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

const (
	// leastSimilar is the similarity below which a printed text is not what was claimed.
	leastSimilar = 0.60
	// leastShort is the same for a claim of fewer than shortClaim words, which
	// would resemble too much.
	leastShort = 0.9
	shortClaim = 4
	// leastGlued is the similarity of one passage from which the rest of the
	// claim is looked for elsewhere.
	leastGlued = 0.25
	// alike is how far two similarities differ at most to count as equal.
	alike = 0.02
	// How many passages of each sort are aligned with a claim.
	quotesAligned, paragraphsAligned = 50, 25
	// A claim is looked up by its rarest words, of those in less than
	// commonShare of the passages.
	rareWords   = 12
	commonShare = 0.1
)

// Verify checks whether the corpus holds the claimed quote, and whose it is.
func (s *Service) Verify(ctx context.Context, c Claim) (Check, error) {
	text, speaker := unpack(c)
	out := Check{Claim: c.Text, ClaimedSpeaker: speaker, Verdict: NotFound, Diff: []DiffPart{}}
	claim := hear(text)
	if len(claim.words) == 0 {
		return out, nil
	}
	hits, err := s.printed(ctx, c.Scopes, claim)
	if err != nil {
		return Check{}, fmt.Errorf("verifying %q: %w", clip(c.Text, 80), err)
	}
	by := s.claimant(c.Scopes, speaker)
	all := compare(claim, hits)
	best, ok := pick(all, by)
	if !ok || best.similarity < leastGlued {
		return out, nil
	}
	pieces, err := s.stitch(ctx, c.Scopes, claim, best)
	if err != nil {
		return Check{}, fmt.Errorf("verifying %q piece by piece: %w", clip(c.Text, 80), err)
	}
	alike := similarity(pieces)
	if alike < least(claim) {
		return out, nil
	}
	best = longest(pieces).finding
	a := []Answer{answerOf(best.Passage, alike)}
	if err := s.findPrints(ctx, c.Scopes, a); err != nil {
		return Check{}, fmt.Errorf("verifying %q: %w", clip(c.Text, 80), err)
	}
	out.Best, out.Diff, out.Pieces = &a[0], diffOf(pieces), len(pieces)
	out.Verdict = best.verdict(by)
	if len(pieces) > 1 && out.Verdict != Misattributed {
		out.Verdict = Altered
	}
	out.Also = also(all, best)
	return out, nil
}

// claimant is who is said to have said it; the zero value is nobody.
type claimant struct {
	parts []string
	known bool // a speaker of the corpus has that name
}

func (s *Service) claimant(scopes []string, name string) claimant {
	by := claimant{parts: nameParts(name)}
	if len(by.parts) > 0 {
		by.known = len(s.parser(scopes).speakers.find(splitWords(name))) > 0
	}
	return by
}

// named reports whether anybody is said to have said it.
func (c claimant) named() bool { return len(c.parts) > 0 }

// is reports whether the speaker is who is meant: by name or, where nobody has
// such a name ("the mayor"), by role.
func (c claimant) is(sp *quote.Speaker) bool {
	return nameMatch(c.parts, sp) >= leastFit || !c.known && sp != nil && roleMatch(c.parts, sp.Role) >= leastRole
}

func least(claim spoken) float64 {
	if len(claim.words) < shortClaim {
		return leastShort
	}
	return leastSimilar
}

var signed = regexp.MustCompile(`(?s)^(.*[.?!"'”’»])\s*(?:[—―–]|--|\s-)\s*(\p{Lu}[^—―–"“”.?!]{1,60}\.?)\s*$`)

// unpack takes the marks off a claim, and a signature ("... — Jane Doe") when
// no speaker is given.
func unpack(c Claim) (text, speaker string) {
	text, speaker = strings.TrimSpace(clip(c.Text, maxInput)), strings.TrimSpace(clip(c.Speaker, maxInput/10))
	if m := signed.FindStringSubmatch(text); m != nil && speaker == "" {
		text, speaker = m[1], strings.TrimSpace(m[2])
	}
	return strings.Trim(text, "\"'“”‘’«»„ \t\n"), speaker
}

// printed fetches the passages that may hold the claim, by its rarest words.
func (s *Service) printed(ctx context.Context, scopes []string, claim spoken) ([]index.Hit, error) {
	var norms []string
	for _, w := range claim.words {
		if !slices.Contains(norms, w.norm) {
			norms = append(norms, w.norm)
		}
	}
	rarity, err := s.idx.Rarity(ctx, norms)
	if err != nil {
		return nil, err
	}
	order := make([]int, 0, len(norms))
	for i := range norms {
		if rarity[i] > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rarity[a], rarity[b]) })
	var rare []string
	for _, i := range order {
		if len(rare) < rareWords && (rarity[i] < commonShare || len(rare) < 3) {
			rare = append(rare, norms[i])
		}
	}
	if len(rare) == 0 {
		return nil, nil
	}
	q := index.Query{Scopes: scopes, Text: strings.Join(rare, " "), Kinds: quoteKinds(), Limit: quotesAligned, Uncounted: true}
	quotes, err := s.idx.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	q.Kinds, q.Limit = []index.PassageKind{index.KindParagraph}, paragraphsAligned
	paragraphs, err := s.idx.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	return append(quotes.Hits, paragraphs.Hits...), nil
}

// finding is a passage and how the claim aligns with it.
type finding struct {
	index.Passage
	alignment
	print spoken
}

// compare aligns the claim with every passage. A long claim is aligned only
// with the passages that share most words with it, to bound the work.
func compare(claim spoken, hits []index.Hit) []finding {
	out := make([]finding, 0, len(hits))
	for _, h := range hits {
		out = append(out, finding{Passage: h.Passage, print: hear(h.Text)})
	}
	const long, fewer = 80, 12
	if len(claim.words) > long && len(out) > fewer {
		have := map[string]bool{}
		for _, k := range claim.keys {
			have[k] = true
		}
		shared := func(f finding) (n float64) {
			for i, k := range f.print.keys {
				if have[k] {
					n += f.print.costs[i]
				}
			}
			return n
		}
		slices.SortStableFunc(out, func(a, b finding) int { return cmp.Compare(shared(b), shared(a)) })
		out = out[:fewer]
	}
	for i := range out {
		out[i].alignment = align(claim, out[i].print)
	}
	return out
}

// pick chooses the finding that a verdict rests on: the most similar quote;
// among equals, one by the claimed speaker. A paragraph counts only when the
// words stand in quotation marks there, and no quote comes near it: then the
// engine missed the quote, and the speaker may be unknown.
func pick(all []finding, claimed claimant) (finding, bool) {
	var quotes, marked []finding
	for _, f := range all {
		switch {
		case f.Kind != index.KindParagraph:
			quotes = append(quotes, f)
		case f.inMarks():
			marked = append(marked, f)
		}
	}
	best, ok := foremost(quotes, claimed)
	missed, found := foremost(marked, claimed)
	if found && missed.similarity > best.similarity+0.15 {
		if ok && best.ArticleID == missed.ArticleID && best.Paragraph == missed.Paragraph && best.similarity > 0.35 {
			missed.Speaker = best.Speaker
		}
		return missed, true
	}
	return best, ok
}

func foremost(fs []finding, claimed claimant) (finding, bool) {
	if len(fs) == 0 {
		return finding{}, false
	}
	top := slices.MaxFunc(fs, func(a, b finding) int { return cmp.Compare(a.similarity, b.similarity) })
	standing := func(f finding) (n float64) {
		if claimed.named() && claimed.is(f.Speaker) {
			n += 4
		}
		if f.Speaker != nil {
			n += 2
		}
		if f.Kind == index.KindDirect {
			n++
		}
		if len(f.Content) == 1 && f.whole() { // the words as claimed, not cut in two by a cue
			n += 0.5
		}
		return n + f.Confidence/2
	}
	best := top
	for _, f := range fs {
		if f.similarity >= top.similarity-alike && f.whole() == top.whole() && standing(f) > standing(best) {
			best = f
		}
	}
	return best, true
}

// inMarks reports whether the aligned stretch stands in quotation marks.
func (f finding) inMarks() bool {
	if f.from >= f.to {
		return false
	}
	before, after := f.print.text[:f.print.words[f.from].start], f.print.text[f.print.words[f.to-1].end:]
	open, shut := strings.Count(before, "“"), strings.Count(before, "”")
	if open+shut > 0 || strings.Contains(after, "”") {
		return open > shut
	}
	return strings.Count(before, `"`)%2 == 1 || strings.Count(before, "''")%2 == 1
}

// verdict judges a finding that is similar enough.
func (f finding) verdict(claimed claimant) Verdict {
	switch {
	case claimed.named() && f.Speaker != nil && !claimed.is(f.Speaker):
		return Misattributed
	case !f.whole():
		return Altered
	case f.print.breaks(f.from) && f.print.breaks(f.to):
		return Verbatim
	}
	return Partial
}
