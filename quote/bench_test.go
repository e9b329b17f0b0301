package quote

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
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

// BenchmarkExtract reads the golden articles, one after another.
func BenchmarkExtract(b *testing.B) {
	e := newEngine(b)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		b.Fatal("no articles in testdata: ", err)
	}
	var docs []Document
	bytes, words := 0, 0
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		docs = append(docs, Document{Text: string(data), Language: "en"})
		bytes += len(data)
		words += len(strings.Fields(string(data)))
	}
	b.ReportAllocs()
	b.SetBytes(int64(bytes / len(docs)))
	n := 0
	for b.Loop() {
		if _, err := e.Extract(context.Background(), docs[n%len(docs)]); err != nil {
			b.Fatal(err)
		}
		n++
	}
	seconds := b.Elapsed().Seconds()
	b.ReportMetric(float64(n)/seconds, "articles/s")
	b.ReportMetric(float64(n)/seconds*float64(words)/float64(len(docs)), "words/s")
}
