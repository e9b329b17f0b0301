package quote

import "strings"

// maxAside bounds the words between two commas that a clause may go on over,
// and maxRest those that it goes on with.
const (
	maxAside = 12
	maxRest  = 30
)

// overAsides lets a clause that the model ended at a comma go on behind the next
// one when only a participle stands between them and an infinitive follows: She
// asked whether he would take up her offer, made on Sunday, to meet in Skarn. It
// goes on with the words that the tree hangs on the infinitive, and only with
// those that no other attribution has.
func (a *analysis) overAsides(found []attribution) {
	if a.base == nil {
		return
	}
	var taken []bool // by word, made at the first need
	for i := range found {
		at := &found[i]
		if len(at.content) == 0 {
			continue
		}
		last := &at.content[len(at.content)-1]
		r := a.wordsOf(*last)
		if r.len() == 0 || a.norm(r.end) != "," || a.words[r.end].region >= 0 || a.words[r.end].sent != a.words[r.end-1].sent {
			continue
		}
		to := a.afterAside(r)
		if to < 0 {
			continue
		}
		if taken == nil {
			taken = a.takenWords(found)
		}
		end, verb := r.end, int(a.base.Heads[to])
		for limit := min(a.sents[a.words[to].sent].end, r.end+maxRest); end < limit && !taken[end] && (end < to || a.hangsIn(end, r, verb)); end++ {
		}
		for end > r.end && a.words[end-1].is(punct) && a.words[end-1].region < 0 {
			end--
		}
		if end > to+1 {
			last.End = a.words[end-1].end
			mark(taken, r.end, end)
		}
	}
}

// afterAside is the infinitive behind the aside that follows words r, as the
// index of its "to", or -1.
func (a *analysis) afterAside(r wordRange) int {
	sent := a.sents[a.words[r.end].sent]
	first := r.end + 1
	if first >= sent.end || !a.base.Tags[first].Verb() || a.base.Tags[first].String() != "VBN" && !strings.HasSuffix(a.norm(first), "ing") {
		return -1
	}
	for k := first; k < min(sent.end-1, first+maxAside); k++ {
		switch {
		case a.words[k].region >= 0 || a.base.Rels[k].Subject() || k > first && a.pack.cues[a.norm(k)]&speech != 0 && a.base.Tags[k].Verb():
			return -1
		case a.norm(k) == ",":
			if a.norm(k+1) == "to" && a.words[k+1].region < 0 {
				return k + 1
			}
			return -1
		}
	}
	return -1
}

// hangsIn reports whether the tree hangs word k on the words r or on the
// infinitive behind their aside. What that one itself hangs on is not asked:
// there the tree is often wrong.
func (a *analysis) hangsIn(k int, r wordRange, verb int) bool {
	if a.words[k].is(punct) {
		return a.norm(k) != "," && a.norm(k) != ";"
	}
	for steps := 0; k >= r.end && k != verb && steps < maxRest; steps++ {
		k = int(a.base.Heads[k])
	}
	return k == verb || r.first <= k && k < r.end
}

// takenWords tells by word whether it is in an attribution's content or cue.
func (a *analysis) takenWords(found []attribution) []bool {
	taken := make([]bool, len(a.words))
	for i := range found {
		for _, spans := range [][]Span{found[i].content, found[i].cue} {
			for _, s := range spans {
				r := a.wordsOf(s)
				mark(taken, r.first, r.end)
			}
		}
	}
	return taken
}

func mark(set []bool, first, end int) {
	for k := first; k < end; k++ {
		set[k] = true
	}
}
