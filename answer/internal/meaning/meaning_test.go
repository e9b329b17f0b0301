package meaning

import (
	"slices"
	"testing"
)

func TestSimilarityRanksSynonymsOverTheRest(t *testing.T) {
	for _, c := range []struct{ word, near, far string }{
		{"quit", "resign", "banana"},
		{"clever", "smart", "asphalt"},
		{"candy", "sweets", "senator"},
		{"premiums", "insurance", "violin"},
		{"mom", "mother", "gravel"},
	} {
		near, far := Similarity(Lookup(c.word), Lookup(c.near)), Similarity(Lookup(c.word), Lookup(c.far))
		if near < 0.5 || far > 0.3 {
			t.Errorf("%s: %s %.2f, %s %.2f", c.word, c.near, near, c.far, far)
		}
	}
}

func TestLookup(t *testing.T) {
	for _, s := range []string{"aardvarkish", "", "THE", "zzzzzz", "\xff"} {
		if w := Lookup(s); w != Unknown {
			t.Errorf("Lookup(%q) = %d (%q), want Unknown", s, w, w)
		}
	}
	// Every word is found under its own spelling.
	for w := range Word(vocab.n) {
		if Lookup(w.String()) != w {
			t.Fatalf("Lookup(%q) = %d, want %d", w, Lookup(w.String()), w)
		}
	}
}

func TestUnknownIsLikeNothing(t *testing.T) {
	the := Lookup("the")
	if s := Similarity(Unknown, the); s != 0 {
		t.Errorf("Similarity(Unknown, the) = %v, want 0", s)
	}
	if n := Unknown.Neighbours(3); n != nil {
		t.Errorf("Unknown has the neighbours %v", n)
	}
	if Unknown.String() != "" || Unknown.Rank() <= the.Rank() {
		t.Errorf("Unknown is %q of rank %d", Unknown, Unknown.Rank())
	}
}

func TestNeighboursComeNearestFirst(t *testing.T) {
	quit := Lookup("quit")
	ns := quit.Neighbours(5)
	if len(ns) != 5 || !slices.Contains(ns, Lookup("resign")) {
		t.Fatalf("Neighbours(quit) = %v", ns)
	}
	// One byte a number rounds, so the order holds within a hundredth.
	for i := range ns[1:] {
		if Similarity(quit, ns[i+1]) > Similarity(quit, ns[i])+0.01 {
			t.Errorf("%s before %s", ns[i], ns[i+1])
		}
	}
}

func TestCosine(t *testing.T) {
	var a, b, none Sum
	a.Add(Lookup("tax"), 1)
	b.Add(Lookup("tax"), 3)
	none.Add(Unknown, 1)
	if c := a.Cosine(b); c < 0.999 {
		t.Errorf("a text and its triple: %v, want 1", c)
	}
	if c := a.Cosine(none); c != 0 {
		t.Errorf("a text and an empty one: %v, want 0", c)
	}
}

func BenchmarkSimilarity(b *testing.B) {
	x, y := Lookup("clever"), Lookup("smart")
	b.ReportAllocs()
	for b.Loop() {
		Similarity(x, y)
	}
}

// A sentence says more than its words one by one: the gist of a paraphrase is
// nearer than that of a sentence on something else.
func TestGist(t *testing.T) {
	gist := func(words ...string) Sum {
		var g Gist
		for _, w := range words {
			g.Add(Lookup(w))
		}
		return g.Sum()
	}
	asked := gist("businesses", "will", "go", "bankrupt")
	near, far := gist("many", "small", "companies", "may", "have", "to", "close"), gist("the", "singer", "wore", "a", "red", "dress")
	if n, f := asked.Cosine(near), asked.Cosine(far); n < f+0.2 {
		t.Errorf("paraphrase %.2f, other %.2f", n, f)
	}
	var nothing Gist
	nothing.Add(Unknown)
	none := nothing.Sum()
	none.AddSum(nil)
	if c := asked.Cosine(none); c != 0 {
		t.Errorf("cosine with nothing: %v", c)
	}
	if c := asked.Cosine(gist("businesses", "will", "go", "bankrupt")); c < 0.999 {
		t.Errorf("cosine with itself: %v", c)
	}
}

// The lanes hold what adding the bytes one by one gives, however many words
// there are, and nothing after a reset.
func TestGistAddsUp(t *testing.T) {
	var g Gist
	for _, n := range []int{1, fullLanes - 1, fullLanes, 3*fullLanes + 5} {
		want := make(Sum, gistDim)
		for k := range n {
			w := Word(k * 37 % 1000)
			g.Add(w)
			for i := range want {
				want[i] += float32(int8(gists[8+int(w)*gistDim+i]))
			}
		}
		if got := g.Sum(); !slices.Equal(got, want) {
			t.Errorf("%d words: %v, want %v", n, got, want)
		}
		g.Reset()
	}
	if got := g.Sum(); slices.ContainsFunc(got, func(x float32) bool { return x != 0 }) {
		t.Errorf("after a reset: %v", got)
	}
}

func BenchmarkGist(b *testing.B) {
	var g Gist
	b.ReportAllocs()
	for b.Loop() {
		for w := range Word(20) {
			g.Add(w)
		}
		g.Sum()
		g.Reset()
	}
}
