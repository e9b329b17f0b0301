package corpus

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

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

// known makes an article that is stored.
func stored(scope, url, date, text string) *Article {
	a := &Article{Scope: scope, Title: "T", URL: url, Date: date, Text: text}
	a.classify(splitParagraphs(text))
	a.ID = a.Identity()
	return a
}

func TestVersions(t *testing.T) {
	const page, day, next = "https://coast.example/ferry", "2021-03-08", "2021-03-09"
	text := story(1, 30)
	lines := strings.SplitAfter(text, "\n")
	changed := strings.Join(lines[:len(lines)*4/5], "") + story(7, 6) // a fifth is new
	rewritten := strings.Join(lines[:len(lines)*2/5], "") + story(8, 18)
	for _, tt := range []struct {
		name     string
		incoming *Article
		want     Relation
	}{
		{"another article", stored("s", "https://coast.example/mill", day, story(2, 30)), NewArticle},
		{"the same text elsewhere", stored("s", "https://inland.example/1", day, text), Duplicate},
		{"the same text in other clothes", stored("s", "", "", strings.ToUpper(strings.ReplaceAll(text, ".", " !"))), Duplicate},
		{"the same text, from a link with a campaign's marks", stored("s", "http://www.coast.example/ferry/?utm_source=x#top", next, text), Duplicate},
		{"a fifth is new, a day later", stored("s", "https://inland.example/1", next, changed), NewerVersion},
		{"a fifth is new, a day before", stored("s", "https://inland.example/1", "2021-03-07", changed), OlderVersion},
		{"a fifth is new, and no date", stored("s", "", "", changed), NewerVersion},
		{"the page, mostly rewritten", stored("s", page, next, rewritten), NewerVersion},
		{"a text as much like it, elsewhere", stored("s", "https://inland.example/1", next, rewritten), NewArticle},
		{"another text at the address, as on a front page", stored("s", page, next, story(3, 30)), NewArticle},
		{"the same text in another server's corpus", stored("other", page, day, text+"."), NewArticle},
		{"a few words that are the same", stored("s", "", "", "“It was time,” he said."), Duplicate},
		{"a few words of which most are the same", stored("s", "", "", "“It was late,” he said."), NewArticle},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := NewVersions()
			known := map[string]*Article{}
			for _, a := range []*Article{stored("s", page, day, text), stored("s", "", "", "“It was time”, he said."), stored("s", "https://coast.example/x", day, story(4, 40))} {
				known[a.ID] = a
				v.Add(FingerprintOf(a))
			}
			m := v.Match(tt.incoming, func(id string) (*Article, error) { return known[id], nil })
			if m.Relation != tt.want || (m.Of == "") != (tt.want == NewArticle) {
				t.Errorf("%+v, want %s", m, tt.want)
			}
			gone := v.Match(tt.incoming, func(string) (*Article, error) { return nil, errors.New("gone") })
			if gone.Relation != NewArticle {
				t.Errorf("of an article that is no more: %+v", gone)
			}
		})
	}
}

// Of several, the most similar is matched, and of equals the newest.
func TestVersionsMatchTheNearest(t *testing.T) {
	text := story(1, 40)
	old, young := stored("s", "https://a.example/1", "2021-03-08", text+"\n"+story(5, 2)), stored("s", "https://a.example/2", "2021-03-10", text)
	twin := stored("s", "https://a.example/3", "2021-03-11", text)
	v := NewVersions()
	known := map[string]*Article{}
	for _, a := range []*Article{twin, young, old} {
		known[a.ID] = a
		v.Add(FingerprintOf(a))
	}
	m := v.Match(stored("s", "", "", text), func(id string) (*Article, error) { return known[id], nil })
	if m.Of != twin.ID || m.Relation != Duplicate || m.Similarity != 1 {
		t.Errorf("%+v", m)
	}
}

// However many articles look alike, few are compared.
func TestVersionsAreBounded(t *testing.T) {
	v := NewVersions()
	text := story(1, 10)
	for i := range 1000 {
		v.Add(FingerprintOf(stored("s", "https://a.example/", "", text+fmt.Sprint(i))))
	}
	loads := 0
	v.Match(stored("s", "https://a.example/", "", text), func(string) (*Article, error) { loads++; return nil, errors.New("gone") })
	if loads == 0 || loads > maxCandidates {
		t.Errorf("%d articles were read", loads)
	}
}

func TestSimilarityIsAShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := rapid.Custom(func(t *rapid.T) []uint64 {
			return shingles(stored("s", "", "", rapid.StringMatching(`([a-d] ){0,30}`).Draw(t, "text")))
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
			v := NewVersions()
			lines := strings.SplitAfter(story(100+i, 60), "\n")
			a, b := stored("s", "", "", strings.Join(lines, "")), stored("s", "", "", strings.Join(lines[:tt.kept*len(lines)/60], "")+story(900+i, 60-tt.kept))
			v.Add(FingerprintOf(a))
			for range v.candidates(FingerprintOf(b)) {
				found++
			}
		}
		if share := float64(found) / tries; share < tt.least || share > tt.most {
			t.Errorf("with %d of 60 sentences the same, %.2f are found", tt.kept, share)
		}
	}
}

func BenchmarkFingerprint(b *testing.B) {
	a := stored("s", "", "", story(1, 60))
	b.SetBytes(int64(len(a.Text)))
	for b.Loop() {
		FingerprintOf(a)
	}
}
