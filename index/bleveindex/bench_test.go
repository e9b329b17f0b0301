package bleveindex

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/internal/gen"
	"github.com/whosaid/whosaid/quote"
)

var benchArticles = flag.Int("bench.articles", 1000, "articles of 40 passages in the benchmarks' index")

// known is an engine that knows the quotes of a made-up corpus already, so
// that a build measures the index alone.
type known map[string][]quote.Quote // by text

func (known) Version() string { return "known" }

func (k known) Extract(_ context.Context, d quote.Document) ([]quote.Quote, error) {
	return k[d.Text], nil
}

// madeUp is a corpus of n made-up articles.
func madeUp(n int) (*memory, known, *gen.Source) {
	m, k, src := newMemory(), known{}, gen.New(1)
	for range n {
		a, quotes := src.Article()
		m.put(a)
		k[a.Text] = quotes
	}
	return m, k, src
}

func BenchmarkBuild(b *testing.B) {
	m, k, _ := madeUp(*benchArticles)
	var st index.Stats
	for b.Loop() {
		x := open(b, m, func(o *Options) { o.Engine = k })
		if err := x.Reindex(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		st = x.Stats()
	}
	b.ReportMetric(float64(st.Passages*b.N)/b.Elapsed().Seconds(), "passages/s")
	b.ReportMetric(float64(st.Bytes)/float64(st.Passages), "B/passage")
}

func BenchmarkAddOne(b *testing.B) {
	m, k, src := madeUp(*benchArticles)
	x := open(b, m, func(o *Options) { o.Engine = k })
	if err := x.Reindex(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		a, _ := src.Article()
		if err := x.Add(b.Context(), m.put(a), nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	m, k, _ := madeUp(*benchArticles)
	o := Options{Dir: b.TempDir(), Store: m, Engine: k}
	x, err := Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	if err := x.Reindex(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	if err := x.Close(); err != nil {
		b.Fatal(err)
	}
	for _, complete := range []bool{false, true} {
		b.Run(fmt.Sprintf("directory=%t", complete), func(b *testing.B) {
			for b.Loop() {
				x, err := Open(b.Context(), o)
				if err != nil {
					b.Fatal(err)
				}
				if complete && len(x.Speakers(nil, "b", 5)) == 0 {
					b.Fatal("no speakers")
				}
				if err := x.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	m, k, src := madeUp(*benchArticles)
	x := open(b, m, func(o *Options) { o.Engine = k })
	if err := x.Reindex(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	ids, _ := m.IDs(b.Context())
	rng := rand.New(rand.NewPCG(2, 3))
	passage := func() []string { // words of some quote
		a, _ := m.Get(b.Context(), ids[rng.IntN(len(ids))])
		q := k[a.Text][rng.IntN(len(k[a.Text]))]
		return strings.Fields(strings.Trim(q.Text, "“,”"))
	}
	words := func(n int) string {
		w := passage()
		rng.Shuffle(len(w), func(i, j int) { w[i], w[j] = w[j], w[i] })
		return strings.Join(w[:min(n, len(w))], " ")
	}
	kinds := []struct {
		name string
		q    func() index.Query
	}{
		{"words=3", func() index.Query { return index.Query{Text: words(3)} }},
		{"words=12", func() index.Query { return index.Query{Text: words(12)} }},
		{"phrase=5", func() index.Query { return index.Query{Phrases: []string{strings.Join(passage()[:5], " ")}} }},
		{"speaker+words=2", func() index.Query {
			return index.Query{Speaker: src.Speakers()[rng.IntN(100)].Name, Text: words(2)}
		}},
		{"speaker", func() index.Query { return index.Query{Speaker: src.Speakers()[rng.IntN(100)].Name} }},
		{"words=3,days", func() index.Query { return index.Query{Text: words(3), From: "2031-01-01", To: "2031-12-31"} }},
		{"words=3,quotes", func() index.Query {
			return index.Query{Text: words(3), Kinds: []index.PassageKind{index.KindDirect, index.KindMixed, index.KindIndirect}}
		}},
	}
	for _, kind := range kinds {
		b.Run(kind.name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				q := kind.q()
				start := time.Now()
				if _, err := x.Search(b.Context(), q); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(start))
			}
			reportQuantiles(b, times)
		})
	}
}

func BenchmarkSpeakers(b *testing.B) {
	m, k, src := madeUp(*benchArticles)
	x := open(b, m, func(o *Options) { o.Engine = k })
	if err := x.Reindex(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	x.Speakers([]string{corpus.SharedScope}, "a", 25)
	var times []time.Duration
	for i := 0; b.Loop(); i++ {
		name := src.Speakers()[i%1000].Name
		prefix := name[:min(1+i%5, len(name))]
		start := time.Now()
		x.Speakers(nil, prefix, 25)
		times = append(times, time.Since(start))
	}
	reportQuantiles(b, times)
}

func reportQuantiles(b *testing.B, times []time.Duration) {
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkDecide corrects a quote in a corpus of 5,000 articles: the time until
// answers have it, the engine's not counted.
func BenchmarkDecide(b *testing.B) {
	var articles []*corpus.Article
	for n := range 5000 {
		articles = append(articles, article("shared", fmt.Sprint("No ", n), "The Quay", "2024-05-01", fmt.Sprintf("“It is number %d,” said Orla Finn.", n)))
	}
	l := newLibrary(b, articles...)
	n := 0
	for b.Loop() {
		a := articles[n%len(articles)]
		end := strings.Index(a.Text, "”") + len("”")
		l.decide(corpus.Change{Scope: "shared", Action: corpus.ActSpeaker, Article: a.ID, Quote: []quote.Span{{Start: 0, End: end}}, To: fmt.Sprint("Somebody ", n)})
		n++
	}
}
