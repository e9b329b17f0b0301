package attrib

import (
	"github.com/whosaid/whosaid/quote/internal/ner"
)

// measures is how many numbers describe a candidate. Those of its source are sourceCount, from sourceMeasures on.
const (
	measures       = 58
	sourceMeasures = 36
	sourceCount    = 15
)

// measureUnit fills x with what the ranker judges a candidate by, but for the source's measures.
func (p *proposer) measureUnit(x *[measures]float32, u *unit, level int) {
	p.measureContent(p.measureCue(x[:0], u, level), u)
	p.measureSetting(x[:sourceMeasures+sourceCount], u)
}

func (p *proposer) prob(i, label int) float32 { return float32(p.lat.marginal[i-p.para.Start][label]) }

// roleProb is the probability that token i has the role; beyond the paragraph it is 0.
func (p *proposer) roleProb(i int, r role) float32 {
	if i < p.para.Start || i >= p.para.End {
		return 0
	}
	return p.prob(i, r.begin()) + p.prob(i, r.inside())
}

// meanMin is the mean and the least probability of the role over a span.
func (p *proposer) meanMin(s *span) (mean, least float32) {
	least = 1
	for i := s.Start; i < s.End; i++ {
		v := p.roleProb(i, s.role)
		mean += v
		least = min(least, v)
	}
	return mean / float32(s.Len()), least
}

func flag(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func (p *proposer) measureCue(x []float32, u *unit, level int) []float32 {
	c, cu := p.c, &u.cue
	mean, least := p.meanMin(cu)
	next := float32(0)
	if cu.End < p.para.End {
		next = p.prob(cu.End, labelICue)
	}
	share := int8(0)
	for i := cu.Start; i < cu.End; i++ {
		share = max(share, c.share[i])
	}
	h := cu.head
	governor := float32(-1)
	if c.Heads[h] >= 0 {
		governor = float32(c.level[c.Heads[h]])
	}
	return append(x, mean, least, p.prob(cu.Start, labelBCue), next, float32(share), float32(c.share[h]), float32(cu.Len()),
		float32(c.Tags[h]), float32(c.Rels[h]), float32(c.children[h]&15), flag(c.inQuote[cu.Start] >= 0), governor,
		float32(level), float32(cu.Start-p.para.Start), float32(p.para.End-cu.End))
}

func (p *proposer) measureContent(x []float32, u *unit) []float32 {
	c := p.c
	var tokens, quoted, words int
	meanAll, leastMean, least, start := float32(0), float32(1), float32(1), float32(1)
	inner := float32(0) // the likeliest other cue inside
	for i := range u.contents {
		s := &u.contents[i]
		m, l := p.meanMin(s)
		meanAll += m * float32(s.Len())
		leastMean, least = min(leastMean, m), min(least, l)
		start = min(start, p.prob(s.Start, labelBContent))
		tokens += s.Len()
		for k := s.Start; k < s.End; k++ {
			if c.inQuote[k] >= 0 {
				quoted++
			}
			if c.Words[k].Letter {
				words++
			}
			inner = max(inner, p.roleProb(k, cue))
		}
	}
	first, last := &u.contents[0], &u.contents[len(u.contents)-1]
	after, before := float32(0), p.roleProb(first.Start-1, content)
	if last.End < p.para.End {
		after = p.prob(last.End, labelIContent)
	}
	nearest, gap, side := first, 0, float32(0)
	for i := range u.contents {
		s := &u.contents[i]
		d := s.Start - u.cue.End
		if d < 0 {
			d = u.cue.Start - s.End
		}
		if i == 0 || d < gap {
			nearest, gap, side = s, d, flag(s.Start > u.cue.Start)
		}
	}
	sents := float32(c.sent[last.End-1] - c.sent[first.Start])
	var fs [maxPairFeatures]uint32
	link := float32(p.m.linker.score(c.pairFeatures(fs[:0], p.spans, &u.cue, nearest)))
	far := link
	for i := range u.contents {
		far = min(far, float32(p.m.linker.score(c.pairFeatures(fs[:0], p.spans, &u.cue, &u.contents[i]))))
	}
	return append(x, meanAll/float32(tokens), leastMean, least, start, before, after, inner, float32(tokens), float32(words),
		float32(quoted)/float32(tokens), float32(len(u.contents)), float32(gap), side, sents, link, far,
		flag(c.quoteMark(first.Start)), flag(c.quoteMark(last.End-1)), float32(c.relation(&u.cue, nearest)), float32(c.Tags[first.Start]),
		float32(nearest.Len()))
}

func (p *proposer) measureSource(x []float32, u *unit, rank int, sources []ranked) []float32 {
	c := p.c
	s := &sources[rank]
	best := s.score
	for i := range sources {
		if i != rank && (best == s.score || sources[i].score > best) {
			best = sources[i].score
		}
	}
	margin := float32(s.score - best)
	if s.none {
		return append(x, float32(rank), margin, float32(s.score), 0, 0, 0, -1, -100, -1, -1, -1, 0, float32(len(sources)), 0, 0)
	}
	mean, least := p.meanMin(&s.span)
	gap := s.Start - u.cue.End
	if gap < 0 {
		gap = -(u.cue.Start - s.End) - 1
	}
	name := ner.None
	for i := s.Start; i < s.End; i++ {
		name = max(name, c.Names[i])
	}
	between := float32(0)
	for i := range u.contents {
		if lo, hi := min(s.Start, u.cue.Start), max(s.Start, u.cue.Start); u.contents[i].Start > lo && u.contents[i].Start < hi {
			between = 1
		}
	}
	return append(x, float32(rank), margin, float32(s.score), mean, least, p.prob(s.Start, labelBSource), float32(s.how), float32(gap),
		float32(c.Tags[s.head]), float32(c.relation(&u.cue, &s.span)), float32(name), float32(s.Len()), float32(len(sources)),
		between, flag(c.inQuote[s.Start] >= 0))
}

// measureSetting tells what surrounds the candidate's parts.
func (p *proposer) measureSetting(x []float32, u *unit) []float32 {
	c := p.c
	first, last := &u.contents[0], &u.contents[len(u.contents)-1]
	verbs := 0
	for i := range u.contents {
		for k := u.contents[i].Start; k < u.contents[i].End; k++ {
			if c.Tags[k].Verb() {
				verbs++
			}
		}
	}
	tagAt := func(i int) float32 {
		if i < p.para.Start || i >= p.para.End {
			return -1
		}
		return float32(c.Tags[i])
	}
	return append(x, float32(verbs), tagAt(int(first.head)), tagAt(u.cue.End), tagAt(u.cue.Start-1), tagAt(last.End), tagAt(last.End-1), tagAt(first.Start-1))
}
