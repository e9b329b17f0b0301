package corpus

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// story makes an article of n invented sentences, the same for the same seed.
func story(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	who := []string{"The harbour master", "A deckhand", "The mayor", "Odile Marrant", "Her deputy", "The council"}
	did := []string{"said", "denied", "promised", "wrote", "repeated", "confirmed"}
	what := []string{"ferry", "quay", "lighthouse", "bridge", "mill", "tram", "market", "archive"}
	end := []string{"would close in spring", "had never been safe", "was paid for", "belonged to the town", "needed a roof", "had been sold twice"}
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s %s that the %s of %d %s.\n", who[r.IntN(6)], did[r.IntN(6)], what[r.IntN(8)], 1700+r.IntN(300), end[r.IntN(6)])
		if i%3 == 2 {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// stored makes an article as the store has it.
func stored(url, date, text string) *Article {
	a := &Article{Scope: SharedScope, Title: "T", URL: url, Date: date, Text: text}
	a.classify(splitParagraphs(text))
	a.ID = a.Identity()
	return a
}

func TestVersions(t *testing.T) {
	const page, day, next = "https://coast.example/ferry", "2021-03-08", "2021-03-09"
	const none, newer, older = "no version", "a newer version", "an older version"
	text := story(1, 30)
	lines := strings.SplitAfter(text, "\n")
	changed := strings.Join(lines[:len(lines)*4/5], "") + story(7, 6) // a fifth is new
	touched := strings.Join(lines[:len(lines)-2], "") + story(7, 1)
	rewritten := strings.Join(lines[:len(lines)*2/5], "") + story(8, 18)
	for _, tt := range []struct {
		name     string
		incoming *Article
		want     string
	}{
		{"another article", stored("https://coast.example/mill", day, story(2, 30)), none},
		{"the same text, in another paper", stored("https://inland.example/1", day, text), none},
		{"the same text in other clothes", stored("", "", strings.ToUpper(strings.ReplaceAll(text, ".", " !"))), newer},
		{"the same text, from a link with a campaign's marks", stored("http://www.coast.example/ferry/?utm_source=x#top", next, text), newer},
		{"a fifth is new, a day later", stored("", next, changed), newer},
		{"a fifth is new, a day before", stored("", "2021-03-07", changed), older},
		{"a fifth is new, and no date", stored("", "", changed), newer},
		{"a sentence is new, at another address of the site", stored("https://coast.example/ferry-2", next, touched), newer},
		{"a fifth is new, at another address of the site", stored("https://coast.example/ferry-2", next, changed), none},
		{"the page, mostly rewritten", stored(page, next, rewritten), newer},
		{"a text as much like it, without an address", stored("", next, rewritten), none},
		{"another text at the address, as on a front page", stored(page, next, story(3, 30)), none},
		{"a few words that are the same", stored("", "", "“It was time,” he said."), newer},
		{"a few words of which most are the same", stored("", "", "“It was late,” he said."), none},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := versions{}
			known := map[string]*Article{}
			for _, a := range []*Article{stored(page, day, text), stored("", "", "“It was time”, he said."), stored("https://coast.example/x", day, story(4, 40))} {
				known[a.ID] = a
				v.learn(a)
			}
			f := fingerprintOf(tt.incoming)
			m, ok := v.match(tt.incoming, &f, func(id string) (*Article, error) { return known[id], nil })
			got := none
			if ok {
				got = map[bool]string{false: newer, true: older}[m.older]
			}
			if got != tt.want || ok && known[m.of] == nil {
				t.Errorf("%s (%+v), want %s", got, m, tt.want)
			}
			if m, ok := v.match(tt.incoming, &f, func(string) (*Article, error) { return nil, errors.New("gone") }); ok {
				t.Errorf("of an article that is no more: %+v", m)
			}
		})
	}
}

// learn makes an article known.
func (v *versions) learn(a *Article) {
	f := fingerprintOf(a)
	v.add(&f)
}

// Of several, the most similar is matched, and of equals the newest.
func TestVersionsMatchTheNearest(t *testing.T) {
	text := story(1, 40)
	old, young := stored("", "2021-03-08", text+"\n"+story(5, 2)), stored("", "2021-03-10", text)
	twin := stored("", "2021-03-11", text+" ")
	v := versions{}
	known := map[string]*Article{}
	for _, a := range []*Article{twin, young, old} {
		known[a.ID] = a
		v.learn(a)
	}
	a := stored("", "", text)
	f := fingerprintOf(a)
	f.id[0]++ // it is none of them
	m, ok := v.match(a, &f, func(id string) (*Article, error) { return known[id], nil })
	if !ok || m.of != twin.ID || m.similarity != 1 {
		t.Errorf("%+v", m)
	}
}

// However many articles look alike, few are compared.
func TestVersionsAreBounded(t *testing.T) {
	v := versions{}
	text := story(1, 10)
	for i := range 1000 {
		v.learn(stored("https://a.example/", "", text+fmt.Sprint(i)))
	}
	loads := 0
	a := stored("https://a.example/", "", text)
	f := fingerprintOf(a)
	v.match(a, &f, func(string) (*Article, error) { loads++; return nil, errors.New("gone") })
	if loads == 0 || loads > maxCandidates {
		t.Errorf("%d articles were read", loads)
	}
}

// What was added is found by each of its keys, newest first, in however many runs it lies.
func TestVersionsFindWhatWasAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.Uint32Range(0, 6), 1, 200).Draw(t, "bands")
		v := versions{}
		want := map[uint32][]uint32{}
		for i, k := range keys {
			f := fingerprint{address: uint64(k)} // 0 has no key
			v.add(&f)
			key := f.keys()[bands]
			if k != 0 {
				want[key] = append([]uint32{uint32(i)}, want[key]...)
			}
		}
		for k, numbers := range want {
			if got := v.having(k); !slices.Equal(got, numbers[:min(len(numbers), mostAlike)]) {
				t.Fatalf("key %d is had by %v, want %v", k, got, numbers)
			}
		}
		if n := len(v.runs); n > 9 {
			t.Fatalf("%d runs", n)
		}
	})
}

func TestFingerprintIsStored(t *testing.T) {
	a := stored("https://a.example/", "2021-03-08", story(1, 10))
	a.Imported = time.Unix(1700000000, 0)
	f := fingerprintOf(a)
	b := f.append(nil)
	if len(b) != fingerprintSize || readFingerprint(b) != f || f.day != 20210308 || f.house == 0 {
		t.Errorf("%d bytes are read as %+v, want %+v", len(b), readFingerprint(b), f)
	}
}

func TestSimilarityIsAShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := rapid.Custom(func(t *rapid.T) []uint64 {
			return shingles(stored("", "", rapid.StringMatching(`([a-d] ){0,30}`).Draw(t, "text")))
		})
		a, b := set.Draw(t, "a"), set.Draw(t, "b")
		s := similarity(a, b)
		if s < 0 || s > 1 || s != similarity(b, a) {
			t.Fatalf("similarity %v and %v", s, similarity(b, a))
		}
		if len(a) > 0 && similarity(a, a) != 1 {
			t.Fatalf("a set is %v like itself", similarity(a, a))
		}
	})
}

// The share of texts that are found by their bands, by how much of them is the same.
func TestBandsFindWhatIsNear(t *testing.T) {
	for _, tt := range []struct {
		kept        int // of 60 sentences
		least, most float64
	}{{57, 1, 1}, {48, 0.97, 1}, {10, 0, 0.5}} {
		found := 0
		const tries = 60
		for i := range uint64(tries) {
			v := versions{}
			lines := strings.SplitAfter(story(100+i, 60), "\n")
			a, b := stored("", "", strings.Join(lines, "")), stored("", "", strings.Join(lines[:tt.kept*len(lines)/60], "")+story(900+i, 60-tt.kept))
			v.learn(a)
			f := fingerprintOf(b)
			for range v.candidates(&f) {
				found++
			}
		}
		if share := float64(found) / tries; share < tt.least || share > tt.most {
			t.Errorf("with %d of 60 sentences the same, %.2f are found", tt.kept, share)
		}
	}
}

func BenchmarkFingerprint(b *testing.B) {
	a := stored("", "", story(1, 60))
	b.SetBytes(int64(len(a.Text)))
	for b.Loop() {
		fingerprintOf(a)
	}
}
