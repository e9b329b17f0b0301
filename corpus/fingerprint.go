package corpus

import (
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"math"
	"math/bits"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Near-duplicates are found with MinHash (Broder, On the resemblance and containment of
// documents, 1997) over shingles of words, and locality-sensitive hashing in bands
// (Indyk and Motwani 1998): two texts that share the share s of their shingles have a
// band in common with probability 1-(1-s^bandRows)^bands, which is 0.88 at 0.5, 0.98 at 0.6,
// 0.99996 at 0.8 and 0.016 at 0.1. What is found so is then compared itself.
const (
	shingleWords = 3
	bands        = 16
	bandRows     = 3
)

// fingerprint is what of an article tells its versions, for however long a
// text. It depends on the article only, so it may be stored.
type fingerprint struct {
	id      [idLength / 2]byte
	address uint64 // of the URL in its plain form; 0 without one
	added   int64  // when it was imported, Unix time; 0 before that
	house   uint32 // of the publisher, or else of the site; 0 when neither is known
	day     int32  // of publication, as YYYYMMDD; 0 when unknown
	bands   [bands]uint32
}

// fingerprintOf makes an article's fingerprint. The article needs its ID only
// to be found by others.
func fingerprintOf(a *Article) fingerprint {
	f := fingerprint{address: addressHash(a.URL), house: houseHash(a), bands: bandsOf(shingles(a))}
	if b, err := hex.DecodeString(a.ID); err == nil {
		copy(f.id[:], b)
	}
	if day, err := strconv.ParseInt(strings.ReplaceAll(a.Date, "-", ""), 10, 32); err == nil {
		f.day = int32(day)
	}
	if !a.Imported.IsZero() {
		f.added = a.Imported.Unix()
	}
	return f
}

// olderThan reports whether the fingerprint's article is the earlier one: by the
// days of publication, and if they don't tell, by the times of import.
func (f *fingerprint) olderThan(g *fingerprint) bool {
	if f.day != 0 && g.day != 0 && f.day != g.day {
		return f.day < g.day
	}
	return f.added < g.added
}

// fingerprintSize is how many bytes a stored fingerprint takes.
const fingerprintSize = idLength/2 + 8 + 8 + 4 + 4 + 4*bands

// append appends the fingerprint's stored form, little-endian.
func (f *fingerprint) append(b []byte) []byte {
	b = append(b, f.id[:]...)
	b = binary.LittleEndian.AppendUint64(b, f.address)
	b = binary.LittleEndian.AppendUint64(b, uint64(f.added))
	b = binary.LittleEndian.AppendUint32(b, f.house)
	b = binary.LittleEndian.AppendUint32(b, uint32(f.day))
	for _, band := range f.bands {
		b = binary.LittleEndian.AppendUint32(b, band)
	}
	return b
}

// readFingerprint reads what append wrote; b has fingerprintSize bytes.
func readFingerprint(b []byte) (f fingerprint) {
	b = b[copy(f.id[:], b):]
	f.address, f.added = binary.LittleEndian.Uint64(b), int64(binary.LittleEndian.Uint64(b[8:]))
	f.house, f.day = binary.LittleEndian.Uint32(b[16:]), int32(binary.LittleEndian.Uint32(b[20:]))
	for i := range f.bands {
		f.bands[i] = binary.LittleEndian.Uint32(b[24+4*i:])
	}
	return f
}

// maxShingles bounds what is compared of a text; a text of a newspaper has a thousand.
const maxShingles = 20_000

// shingles are the hashes of each three words in a row of the article's body, sorted and
// without repetitions. Words are letters and digits in lower case.
func shingles(a *Article) []uint64 {
	var words [shingleWords]uint64
	out := make([]uint64, 0, min(len(a.Text)/5, maxShingles))
	n := 0
	word := func(h uint64) {
		copy(words[:], words[1:])
		words[shingleWords-1] = h
		if n++; n >= shingleWords && len(out) < maxShingles {
			out = append(out, mix(words[0]^bits.RotateLeft64(words[1], 21)^bits.RotateLeft64(words[2], 42)))
		}
	}
	for _, p := range a.Paragraphs {
		if p.Kind == Body {
			eachWord(a.Text[p.Span.Start:p.Span.End], word)
		}
	}
	if n > 0 && n < shingleWords {
		out = append(out, mix(words[0]^words[1]^words[2]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// eachWord calls f with the hash (FNV-1a, of runes) of each word of the text.
func eachWord(text string, f func(uint64)) {
	const offset, prime = 14695981039346656037, 1099511628211
	h, inWord := uint64(offset), false
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			h, inWord = (h^uint64(unicode.ToLower(r)))*prime, true
		case inWord:
			f(h)
			h, inWord = offset, false
		}
	}
	if inWord {
		f(h)
	}
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
func bandsOf(set []uint64) (out [bands]uint32) {
	for b := range out {
		band := uint64(0)
		for r := range bandRows {
			seed := mix(uint64(b*bandRows+r) + 1)
			least := uint64(math.MaxUint64)
			for _, s := range set {
				least = min(least, mix(s^seed))
			}
			band = mix(band ^ least)
		}
		out[b] = uint32(band >> 32)
	}
	return out
}

// houseHash is a hash of who published the article: the publisher's name or,
// without one, the site; 0 when neither is known.
func houseHash(a *Article) uint32 {
	name := strings.ToLower(strings.TrimPrefix(strings.Join(strings.Fields(a.Publisher), " "), "The "))
	if name == "" {
		u, err := url.Parse(a.URL)
		if err != nil || u.Host == "" {
			return 0
		}
		name = strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return max(1, h.Sum32())
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
