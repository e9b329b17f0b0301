package attrib

import (
	"github.com/whosaid/whosaid/quote/internal/dep"
	"github.com/whosaid/whosaid/quote/internal/tok"
)

const (
	// weakCue is the least probability of a cue that the tree is asked about.
	weakCue = 0.12
	// maxCue bounds such a cue, in tokens.
	maxCue = 8
	// maxProposed bounds how far from its cue a content that the tree proposes may reach.
	maxProposed = 150
	// treeLevel is the level of what the tree proposes, behind all biases.
	treeLevel = len(biases)
)

// fromTree proposes attributions for words that may be cues though no decoding
// took them for one: their contents are clauses and objects that the words
// govern, the rest of the sentence, or what the CRF half believes to be content.
func (p *proposer) fromTree() {
	for i := p.para.Start; i < p.para.End; {
		if p.roleProb(i, cue) < weakCue {
			i++
			continue
		}
		end := i + 1
		for end < p.para.End && end < i+maxCue && p.c.sent[end] == p.c.sent[i] && p.roleProb(end, cue) >= weakCue && p.prob(end, labelBCue) < p.prob(end, labelICue) {
			end++
		}
		p.around(p.c.newSpan(tok.Range{Start: i, End: end}, cue))
		i = end
	}
}

// around proposes what a cue may govern.
func (p *proposer) around(cu span) {
	c := p.c
	sent := c.Sentences[c.sent[cu.Start]]
	sent.Start, sent.End = max(sent.Start, cu.Start-maxProposed), min(sent.End, cu.End+maxProposed)
	propose := func(r tok.Range) {
		r = p.c.trim(r)
		if r.Len() > 0 && (r.End <= cu.Start || r.Start >= cu.End) {
			p.add(unit{cue: cu, contents: []span{c.newSpan(r, content)}}, treeLevel)
		}
	}
	propose(tok.Range{Start: cu.End, End: sent.End})
	propose(tok.Range{Start: cu.End, End: min(int(c.up[cu.head])+1, sent.End)})
	for _, least := range [...]float32{0.4, 0.15} {
		propose(p.believed(cu.End, sent.End, 1, least))
		propose(p.believed(cu.Start-1, sent.Start-1, -1, least))
	}
	for k := max(sent.Start, cu.Start-maxSource); k < min(sent.End, cu.End+maxSource); k++ {
		if h := int(c.Heads[k]); h < cu.Start || h >= cu.End || k >= cu.Start && k < cu.End {
			continue
		}
		switch c.Rels[k] {
		case dep.Ccomp, dep.Xcomp, dep.Dobj, dep.Nmod, dep.Advcl, dep.Acl, dep.NsubjPass:
			r := tok.Range{Start: max(int(c.low[k]), sent.Start), End: min(int(c.up[k])+1, sent.End)}
			if k >= cu.End {
				r.Start = max(r.Start, cu.End)
			} else {
				r.End = min(r.End, cu.Start)
			}
			propose(r)
		}
	}
}

// believed is the first run of tokens, going from one token towards another, that
// are content with at least the given probability.
func (p *proposer) believed(from, to, step int, least float32) tok.Range {
	i := from
	for gap := 0; i != to && p.roleProb(i, content) < least; i += step {
		if gap++; gap > maxCue {
			return tok.Range{}
		}
	}
	first := i
	for i != to && p.roleProb(i, content) >= least {
		i += step
	}
	if step > 0 {
		return tok.Range{Start: first, End: i}
	}
	return tok.Range{Start: i + 1, End: first + 1}
}
