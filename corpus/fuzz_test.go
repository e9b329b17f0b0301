package corpus

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// fuzzReader fuzzes the reader that files with the extension are read by, from
// the files of testdata/articles on.
func fuzzReader(f *testing.F, ext string) {
	files, err := filepath.Glob("testdata/articles/*" + ext)
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := Input{Name: "x" + ext, MaxText: 1 << 20, Data: bytes.NewReader(data)}
		for a, err := range Read(t.Context(), in) {
			if (a == nil) == (err == nil) {
				t.Fatalf("article %v and error %v", a, err)
			}
			if err != nil {
				continue
			}
			source := string(data)
			if len(a.Origin) > 0 {
				if source, err = decode(data, ""); err != nil {
					t.Fatal(err)
				}
				checkOrigin(t, a, source)
			}
			checkArticle(t, a, source)
			if b, err := encodeArticle(a); err != nil || len(b) > maxStored {
				t.Fatalf("stored in %d bytes, %v", len(b), err)
			}
		}
	})
}

func FuzzText(f *testing.F)      { fuzzReader(f, ".txt") }
func FuzzHTML(f *testing.F)      { fuzzReader(f, ".html") }
func FuzzMarkdown(f *testing.F)  { fuzzReader(f, ".md") }
func FuzzJSONLines(f *testing.F) { fuzzReader(f, ".jsonl") }

func FuzzNormalDate(f *testing.F) {
	for _, s := range []string{"March 3, 2021", "2021-03-03T22:00:00+01:00", "3 mars 2021", "31/12/2020", "yesterday", "1."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := normalDate(s)
		if d != "" && normalDate(d) != d {
			t.Errorf("%q became %q, which is no date", s, d)
		}
	})
}
