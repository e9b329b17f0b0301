package corpus

import (
	"encoding/binary"
	"hash/fnv"
	"iter"
	"math"
	"math/bits"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Near-duplicates are found with MinHash (Broder, On the resemblance and containment of
// documents, 1997) over shingles of words, and locality-sensitive hashing in bands
// (Indyk and Motwani 1998): two texts that share the share s of their shingles have a
// band in common with probability 1-(1-s^bandRows)^bands, which is 0.94 at 0.5, 0.998 at 0.6
// and 0.02 at 0.1. What is found so is then compared itself.
const (
	shingleWords = 3
	bands        = 24
	bandRows     = 3
	// sameText is the share of common shingles from which on a text is another's copy, and
	// nearText that from which on it is a version of it.
	sameText = 0.95
	nearText = 0.6
	// nearAddress is enough for articles of one address: its page was written anew in part.
	nearAddress = 0.3
	// fewShingles is the size of a text that is too short to be compared by shingles: only
	// the same words count.
	fewShingles = 12
)

// Relation is what an article is to another that is known.
type Relation string

// The relations. Unrelated articles are New.
const (
	NewArticle   Relation = "new"
	Duplicate    Relation = "duplicate"     // the same words, save a few
	NewerVersion Relation = "newer-version" // an update of it
	OlderVersion Relation = "older-version" // it is an update of this one
)

// Match is what was found for an article.
type Match struct {
	Relation Relation
	Of       string // the ID of the known article; "" for NewArticle
	// Similarity is the share of word shingles that the two have in common, 0 to 1.
	Similarity float64
}

// Fingerprint is what of an article tells its versions: about 150 bytes, for however
// long a text. It depends on the article only, so it may be stored.
type Fingerprint struct {
	ID      string        `json:"id"`
	Scope   string        `json:"scope"`
	Address uint64        `json:"address,omitempty"` // of the URL in its plain form; 0 without one
	Date    string        `json:"date,omitempty"`
	Added   int64         `json:"added,omitempty"` // when it was imported, Unix time; 0 before that
	Bands   [bands]uint32 `json:"bands"`
}

// FingerprintOf makes an article's fingerprint. The article needs its ID and scope only
// to be found by others.
func FingerprintOf(a *Article) Fingerprint {
	f := Fingerprint{ID: a.ID, Scope: a.Scope, Address: addressHash(a.URL), Date: a.Date, Bands: bandsOf(shingles(a))}
	if !a.Imported.IsZero() {
		f.Added = a.Imported.Unix()
	}
	return f
}

// Versions finds, among the articles that were added to it, those that an article is a
// version of. Articles of different scopes have nothing to do with one another.
// It takes about 1.1 kB of memory an article. It is not safe for use by several goroutines at once.
type Versions struct {
	known []Fingerprint
	// heads has, by the hash of a band or an address in a scope, one more than the index of the
	// newest article with it; nexts leads on from there, for each band and the address.
	heads map[uint64]int32
	nexts [][bands + 1]int32
}

// NewVersions makes a Versions that knows nothing.
func NewVersions() *Versions { return &Versions{heads: map[uint64]int32{}} }

// keys are the hashes that the fingerprint is found by: of its bands and, last, of its
// address, which is 0 for none.
func (f *Fingerprint) keys() [bands + 1]uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(f.Scope)) // never fails
	scope := h.Sum64()
	var keys [bands + 1]uint64
	for i, b := range f.Bands {
		keys[i] = mix(scope ^ mix(uint64(i+1)<<32|uint64(b)))
	}
	if f.Address != 0 {
		keys[bands] = mix(scope ^ mix(f.Address))
	}
	return keys
}

// Add makes an article known.
func (v *Versions) Add(f Fingerprint) {
	v.known = append(v.known, f)
	var next [bands + 1]int32
	for i, k := range f.keys() {
		if k != 0 {
			next[i], v.heads[k] = v.heads[k], int32(len(v.known))
		}
	}
	v.nexts = append(v.nexts, next)
}

// Match says what the article is to those that are known. load reads a known
// article; one that can't be read, or is no more, is passed over. The most similar is matched; of
// equals, the newest.
func (v *Versions) Match(a *Article, load func(id string) (*Article, error)) Match {
	own, f := shingles(a), FingerprintOf(a)
	best, of := Match{Relation: NewArticle}, Fingerprint{}
	for known := range v.candidates(f) {
		if known.ID == a.ID {
			continue
		}
		other, err := load(known.ID)
		if err != nil {
			continue
		}
		same := known.Address != 0 && known.Address == f.Address
		s := similarity(own, shingles(other))
		if s < nearText && (!same || s < nearAddress) || len(own) < fewShingles && s < 1 && !same {
			continue
		}
		if s > best.Similarity || s == best.Similarity && newer(known, of) {
			best, of = Match{Of: known.ID, Similarity: s}, known
		}
	}
	switch {
	case best.Of == "":
	case best.Similarity >= sameText:
		best.Relation = Duplicate
	case of.Date != "" && f.Date != "" && f.Date < of.Date:
		best.Relation = OlderVersion
	default: // of one day, or of days that are not known: what comes later is newer
		best.Relation = NewerVersion
	}
	return best
}

// newer reports whether the fingerprint's article is a later one.
func newer(a, b Fingerprint) bool {
	if a.Date != b.Date {
		return a.Date > b.Date
	}
	return a.Added > b.Added
}

const (
	// maxCandidates bounds the articles that one is compared to.
	maxCandidates = 50
	// mostAlike bounds those that are looked at for one band: texts of which more have one in
	// common share a template, and no content.
	mostAlike = 100
)

// candidates yields the known articles of the same address, then those with most bands in common.
func (v *Versions) candidates(f Fingerprint) iter.Seq[Fingerprint] {
	count := map[int32]int{}
	for i, k := range f.keys() {
		weight := 1
		if i == bands {
			weight = bands + 1
		}
		n := v.heads[k]
		for range mostAlike {
			if n == 0 || k == 0 {
				break
			}
			count[n-1] += weight
			n = v.nexts[n-1][i]
		}
	}
	all := make([]int32, 0, len(count))
	for n := range count {
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b int32) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return int(b - a)
	})
	return func(yield func(Fingerprint) bool) {
		for _, n := range all[:min(len(all), maxCandidates)] {
			if !yield(v.known[n]) {
				return
			}
		}
	}
}

// maxShingles bounds what is compared of a text; a text of a newspaper has a thousand.
const maxShingles = 20_000

// shingles are the hashes of each three words in a row of the article's body, sorted and
// without repetitions. Words are letters and digits in lower case.
func shingles(a *Article) []uint64 {
	var words [shingleWords]uint64
	var out []uint64
	n := 0
	for _, p := range a.Body() {
		if p.Kind != Body {
			continue
		}
		for w := range strings.FieldsFuncSeq(a.Text[p.Span.Start:p.Span.End], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			h := fnv.New64a()
			_, _ = h.Write([]byte(strings.ToLower(w))) // never fails
			copy(words[:], words[1:])
			words[shingleWords-1] = h.Sum64()
			if n++; n >= shingleWords && len(out) < maxShingles {
				out = append(out, mix(words[0]^bits.RotateLeft64(words[1], 21)^bits.RotateLeft64(words[2], 42)))
			}
		}
	}
	if n > 0 && n < shingleWords {
		out = append(out, mix(words[0]^words[1]^words[2]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mix spreads the bits of a hash (the finaliser of SplitMix64, Steele et al. 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// similarity is the Jaccard index of two sorted sets.
func similarity(a, b []uint64) float64 {
	common, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			common, i, j = common+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	if all := len(a) + len(b) - common; all > 0 {
		return float64(common) / float64(all)
	}
	return 0
}

// bandsOf makes the MinHash signature of a set, a hash a band.
func bandsOf(set []uint64) [bands]uint32 {
	var out [bands]uint32
	for b := range out {
		h := fnv.New32a()
		for r := range bandRows {
			seed := mix(uint64(b*bandRows+r) + 1)
			least := uint64(math.MaxUint64)
			for _, s := range set {
				least = min(least, mix(s^seed))
			}
			_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, least)) // never fails
		}
		out[b] = h.Sum32()
	}
	return out
}

// addressHash is a hash of a page's address without what does not tell pages apart: the
// scheme, "www.", a slash at the end, the fragment, and the marks of campaigns; 0 for no address.
func addressHash(raw string) uint64 {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return 0
	}
	query := u.Query()
	for key := range query {
		if k := strings.ToLower(key); strings.HasPrefix(k, "utm_") || k == "fbclid" || k == "gclid" || k == "ref" || k == "cmpid" {
			query.Del(key)
		}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(u.EscapedPath(), "/") + "?" + query.Encode())) // never fails
	return max(1, h.Sum64())
}
