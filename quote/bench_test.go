package quote

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// manyNames is a text of about n bytes in which the pattern names another
// person each time.
func manyNames(n int, pattern string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, pattern, "Q"+strings.ToLower(strings.NewReplacer("0", "a", "1", "e", "2", "i", "3", "o", "4", "u", "5", "n", "6", "r", "7", "t", "8", "s", "9", "l").Replace(fmt.Sprint(i))))
	}
	return b.String()
}

// articleWords is the length of the article that the benchmark reads, about
// that of a newspaper's.
const articleWords = 900

// benchArticle is an article of that length, made of the golden ones, and its number of tokens.
func benchArticle(b *testing.B, e *Engine) (Document, int) {
	b.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		b.Fatal("no articles in testdata: ", err)
	}
	var text strings.Builder
	for i, words := 0, 0; words < articleWords; i++ {
		data, err := os.ReadFile(files[i%len(files)])
		if err != nil {
			b.Fatal(err)
		}
		text.Write(data)
		text.WriteByte('\n')
		words += len(strings.Fields(string(data)))
	}
	d := Document{Text: text.String(), Language: "en"}
	return d, len(analyse(&d, e.packs["en"]).words)
}

// reportRates reports articles and tokens in a second, of one article for each operation.
func reportRates(b *testing.B, tokens int) {
	perSecond := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(perSecond, "articles/s")
	b.ReportMetric(perSecond*float64(tokens), "tokens/s")
}

// BenchmarkExtract reads an article on one core; allocs/op are the article's.
func BenchmarkExtract(b *testing.B) {
	e := newEngine(b)
	d, tokens := benchArticle(b, e)
	b.ReportAllocs()
	b.SetBytes(int64(len(d.Text)))
	for b.Loop() {
		if _, err := e.Extract(context.Background(), d); err != nil {
			b.Fatal(err)
		}
	}
	reportRates(b, tokens)
}

// BenchmarkExtractParallel shares one engine between all cores: with -cpu 1,2,4
// articles/s tell how it scales.
func BenchmarkExtractParallel(b *testing.B) {
	e := newEngine(b)
	d, tokens := benchArticle(b, e)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := e.Extract(context.Background(), d); err != nil {
				b.Error(err)
				return
			}
		}
	})
	reportRates(b, tokens)
}

// BenchmarkMemory reports the heap that a loaded engine keeps after it has read
// 50 articles and the garbage is collected, in megabytes (heap-MB).
func BenchmarkMemory(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before) // once: the first engine loads the weights for all
	for b.Loop() {
		e, err := New()
		if err != nil {
			b.Fatal(err)
		}
		d, _ := benchArticle(b, e)
		for range 50 {
			if _, err := e.Extract(context.Background(), d); err != nil {
				b.Fatal(err)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(e)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "heap-MB")
}
