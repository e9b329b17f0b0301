package corpus

import (
	"encoding/hex"
	"iter"
	"slices"
)

const (
	// nearText is the share of common shingles from which on a text is a version of another
	// of the same house.
	nearText = 0.6
	// nearElsewhere is that for articles of one house that each have an address of their own:
	// what a paper prints every week may be half the same words.
	nearElsewhere = 0.8
	// nearAddress is enough for articles of one address: its page was written anew in part.
	nearAddress = 0.3
	// fewShingles is the size of a text that is too short to be compared by shingles: only
	// the same words count.
	fewShingles = 12
)

// versions finds, among a scope's articles that were added to it, those that an
// article is a version of. Another house's print of the same report is no version:
// both were published, and answers count their prints.
//
// It takes some 190 bytes an article, and is not safe for use by several goroutines at once.
type versions struct {
	known []knownArticle
	// runs are sorted lists of a key in the upper and an article's number in the lower
	// half; each is less than half as long as the one before, so that there are few of them and
	// each article is merged a few times only.
	runs [][]uint64
}

// knownArticle is a fingerprint without what it is found by.
type knownArticle struct {
	id      [idLength / 2]byte
	address uint64
	added   int64
	house   uint32
	day     int32
}

func (k *knownArticle) fingerprint() *fingerprint {
	return &fingerprint{id: k.id, address: k.address, added: k.added, house: k.house, day: k.day}
}

// keys are the hashes that the fingerprint is found by: of its bands and, last, of
// its address, which is 0 for none.
func (f *fingerprint) keys() (keys [bands + 1]uint32) {
	for i, b := range f.bands {
		keys[i] = uint32(mix(uint64(i+1)<<32|uint64(b)) >> 32)
	}
	if f.address != 0 {
		keys[bands] = max(1, uint32(mix(f.address)>>32))
	}
	return keys
}

// add makes an article known.
func (v *versions) add(f *fingerprint) {
	n := uint64(len(v.known))
	v.known = append(v.known, knownArticle{f.id, f.address, f.added, f.house, f.day})
	run := make([]uint64, 0, bands+1)
	for _, k := range f.keys() {
		if k != 0 {
			run = append(run, uint64(k)<<32|n)
		}
	}
	slices.Sort(run)
	for len(v.runs) > 0 && len(v.runs[len(v.runs)-1]) < 2*len(run) {
		run = merged(v.runs[len(v.runs)-1], run)
		v.runs = v.runs[:len(v.runs)-1]
	}
	v.runs = append(v.runs, run)
}

// merged is the sorted list of what two sorted lists hold.
func merged(a, b []uint64) []uint64 {
	out := make([]uint64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// match is the known article that another is a version of.
type match struct {
	of         string  // its ID
	similarity float64 // the share of word shingles that the two have in common, 0 to 1
	older      bool    // the known one is the newer version
}

// match finds the known article that a is a version of, the most similar one; of
// equals, the newest. load reads a known article; one that can't be read, or is
// no more, is passed over.
func (v *versions) match(a *Article, f *fingerprint, load func(id string) (*Article, error)) (best match, found bool) {
	var own []uint64
	var of *fingerprint
	for known := range v.candidates(f) {
		least := f.least(known)
		if known.id == f.id || least > 1 {
			continue
		}
		id := hex.EncodeToString(known.id[:])
		other, err := load(id)
		if err != nil {
			continue
		}
		if own == nil {
			own = shingles(a)
		}
		s := similarity(own, shingles(other))
		if s < least || len(own) < fewShingles && s < 1 && least > nearAddress {
			continue
		}
		if !found || s > best.similarity || s == best.similarity && of.olderThan(known) {
			best, of, found = match{id, s, f.olderThan(known)}, known, true
		}
	}
	return best, found
}

// least is the similarity from which on the article is a version of the known
// one; more than 1 if it is none in any case.
func (f *fingerprint) least(known *fingerprint) float64 {
	switch {
	case f.address != 0 && f.address == known.address:
		return nearAddress
	case f.house != 0 && known.house != 0 && f.house != known.house:
		return 2
	case f.address != 0 && known.address != 0:
		return nearElsewhere
	}
	return nearText
}

const (
	// maxCandidates bounds the articles that one is compared to.
	maxCandidates = 50
	// mostAlike bounds those that are looked at for one band: texts of which more have one in
	// common share a template, and no content.
	mostAlike = 100
)

// candidates yields the known articles of the same address, then those with most bands in common.
func (v *versions) candidates(f *fingerprint) iter.Seq[*fingerprint] {
	count := map[uint32]int{}
	for i, k := range f.keys() {
		if k == 0 {
			continue
		}
		weight := 1
		if i == bands {
			weight = bands + 1
		}
		for _, n := range v.having(k) {
			count[n] += weight
		}
	}
	all := make([]uint32, 0, len(count))
	for n := range count {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b uint32) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return int(b) - int(a)
	})
	return func(yield func(*fingerprint) bool) {
		for _, n := range all[:min(len(all), maxCandidates)] {
			if !yield(v.known[n].fingerprint()) {
				return
			}
		}
	}
}

// having are the numbers of the newest articles with the key, up to mostAlike.
func (v *versions) having(key uint32) (numbers []uint32) {
	for _, run := range slices.Backward(v.runs) { // the newest articles are in the last run
		end, _ := slices.BinarySearch(run, uint64(key+1)<<32)
		if key == 1<<32-1 {
			end = len(run)
		}
		for end--; end >= 0 && uint32(run[end]>>32) == key && len(numbers) < mostAlike; end-- {
			numbers = append(numbers, uint32(run[end]))
		}
	}
	return numbers
}
