package corpus

import (
	"archive/tar"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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

// fuzzDocument fuzzes a reader whose articles' text is none of the input, from seeds made by the
// test on.
func fuzzDocument(f *testing.F, name string, seeds ...[]byte) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for a, err := range Read(t.Context(), Input{Name: name, MaxText: 1 << 20, Data: bytes.NewReader(data)}) {
			if (a == nil) == (err == nil) {
				t.Fatalf("article %v and error %v", a, err)
			}
			if err == nil {
				if err := a.check(); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func FuzzCSV(f *testing.F) {
	fuzzDocument(f, "x.csv", []byte("title,text\nA,\"“It was\n\ntime,” he said.\"\n"), []byte("text;b\nx;y\n"), []byte("\xff\xfet\x00e\x00x\x00t\x00\n\x00a\x00"))
}

func FuzzFeed(f *testing.F) {
	fuzzDocument(f, "x.rss", []byte(`<rss version="2.0"><channel><title>C</title><item><title>A</title><link>/a</link><description>&lt;p&gt;x y&lt;/p&gt;</description></item></channel></rss>`),
		[]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><content type="html">x</content></entry></feed>`),
		[]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","content_html":"<p>x"}]}`))
}

func FuzzZip(f *testing.F) {
	fuzzDocument(f, "x.zip", zipOf(f, file{"a.txt", tinyArticle}, file{"=b.zip", string(zipOf(f, file{"c.md", "# A\n\nb"}))}), zipOf(f))
}

func FuzzTar(f *testing.F) {
	fuzzDocument(f, "x.tar", tarOf(f, tar.Header{Name: "a.txt"}, tar.Header{Name: "b", Typeflag: tar.TypeDir}))
}

func FuzzGzip(f *testing.F) {
	fuzzDocument(f, "x.txt.gz", gzipOf(f, []byte(tinyArticle)))
}

func FuzzWARC(f *testing.F) {
	fuzzDocument(f, "x.warc", warcOf([3]string{"response", "WARC-Target-URI: https://x.example/\r\nContent-Type: application/http", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x"},
		[3]string{"resource", "Content-Type: text/plain", tinyArticle}))
}

func FuzzDOCX(f *testing.F) {
	fuzzDocument(f, "x.docx", docxOf(f, `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>A</w:t></w:r></w:p>`))
}

// FuzzDOCXBlocks fuzzes the part itself, which the archive's packing hides from mutations.
func FuzzDOCXBlocks(f *testing.F) {
	f.Add([]byte(`<w:document><w:p><w:r><w:t>A</w:t><w:br/></w:r><w:del><w:delText>x</w:delText></w:del></w:p></w:document>`))
	f.Fuzz(func(t *testing.T, part []byte) {
		blocks, err := docxBlocks(part)
		if (err == nil) != (len(blocks) > 0) {
			t.Fatalf("%d blocks and error %v", len(blocks), err)
		}
	})
}

func FuzzEPUB(f *testing.F) {
	fuzzDocument(f, "x.epub", epubOf(f, file{"a.xhtml", "<html><title/><h1>A</h1><p>" + tinyArticle}))
}

// FuzzPDF uses one sandbox for many files: starting one takes a second where coverage is counted.
// A file on which it stops has it started anew, and one that takes longer than a
// minute fails.
func FuzzPDF(f *testing.F) {
	const timeout = time.Minute
	f.Add(pdfOf(column(72, 700, tinyArticle, "Another line.")))
	var s *pdfSandbox
	end := func() {}
	f.Cleanup(func() { end() })
	f.Fuzz(func(t *testing.T, data []byte) {
		if s == nil {
			ctx, cancel := context.WithCancel(context.Background())
			fresh, err := startPDFium(ctx)
			if err != nil {
				t.Fatal(err)
			}
			s, end = fresh, func() { fresh.close(); cancel() }
		}
		late := time.AfterFunc(timeout, func() { panic("a PDF file takes over " + timeout.String()) })
		a, err := s.article(t.Context(), data)
		late.Stop()
		if err != nil {
			if strings.Contains(err.Error(), "gave up") {
				end()
				s, end = nil, func() {}
			}
			return
		}
		if err := (Input{Name: "x.pdf", MaxText: MaxText}).finish(a); err == nil && a.check() != nil {
			t.Fatal(a.check())
		}
	})
}

// FuzzPDFBlocks fuzzes what is made of a page's characters and their places.
func FuzzPDFBlocks(f *testing.F) {
	f.Add("Ferry to\nstop in\x02March.\n", 700.0, 14.0, 72.0)
	f.Fuzz(func(t *testing.T, text string, top, leading, left float64) {
		p := pdfPage{height: 792}
		for i, r := range text {
			x := left + float64(i%80)*6
			p.add(string(r), x, x+6, top, top-11)
			if r == '\n' {
				top -= leading
			}
		}
		p.end()
		for _, b := range pdfBlocks([]pdfPage{p, p, p, p}) {
			if b.text == "" || b.text != foldBlanks(b.text) {
				t.Fatalf("block %q", b.text)
			}
		}
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(`<urlset><url><loc>https://x.example/</loc><n:news xmlns:n="n"><n:title>A</n:title></n:news></url></urlset>`))
	f.Add([]byte(`<sitemapindex><sitemap><loc>https://x.example/a.xml</loc></sitemap></sitemapindex>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		_ = parseSitemap(bytes.NewReader(data), func(e sitemapEntry) bool {
			if webURL(e.Loc) != e.Loc {
				t.Fatalf("address %q", e.Loc)
			}
			n++
			return n < 100
		}, func(address string) bool {
			n++
			return n < 100 && address != ""
		})
	})
}

func FuzzAddressHash(f *testing.F) {
	f.Add("https://www.x.example/a/?utm_source=b&c=d#e")
	f.Fuzz(func(t *testing.T, s string) {
		if h := addressHash(s); h != 0 && h != addressHash(s+"#x") && !strings.Contains(s, "#") {
			t.Errorf("%q and its fragment differ", s)
		}
	})
}

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
