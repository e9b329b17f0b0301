package corpus

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden reads every file of testdata/articles and compares what was read,
// paragraph by paragraph with the bytes of the input, to testdata/golden.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/articles/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for a, err := range Read(t.Context(), Input{Name: filepath.Base(path), Data: bytes.NewReader(b)}) {
				if err != nil {
					fmt.Fprintf(&got, "ERROR %v\n\n", err)
					continue
				}
				describe(t, &got, a, b)
			}
			golden := filepath.Join("testdata", "golden", filepath.Base(path)+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("(-golden +got):\n%s", diff)
			}
		})
	}
}

// describe writes what was read; where a paragraph's origin differs from it,
// the origin stands below.
func describe(t *testing.T, out *strings.Builder, a *Article, input []byte) {
	t.Helper()
	for _, f := range []struct{ name, value string }{
		{"scope", a.Scope}, {"title", a.Title}, {"authors", strings.Join(a.Authors, "; ")}, {"publisher", a.Publisher},
		{"url", a.URL}, {"date", a.Date}, {"language", a.Language}, {"file", a.File},
	} {
		if f.value != "" {
			fmt.Fprintf(out, "%s: %s\n", f.name, f.value)
		}
	}
	source, err := decode(input, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range a.Paragraphs {
		fmt.Fprintf(out, "%d %s %s %q\n", p.Number, p.Kind, fmt.Sprint(p.Span), a.Text[p.Span.Start:p.Span.End])
		if len(a.Origin) == 0 {
			continue
		}
		if o := a.OriginSpan(p.Span); source[o.Start:o.End] != a.Text[p.Span.Start:p.Span.End] {
			fmt.Fprintf(out, "   from %q\n", source[o.Start:o.End])
		}
	}
	out.WriteByte('\n')
}

func TestPlainTextIsTheInputByteForByte(t *testing.T) {
	for _, s := range []string{
		"\uFEFFA line.\r\nAnother.\r\n", "tabs\tand  spaces \n\n\n last", "\n\n  “indented”\u00a0\n", "one line",
		"nul\u2028separator\u2029too",
	} {
		a := mustRead(t, Input{Name: "x.txt", Data: strings.NewReader(s)})
		if a.Text != s || len(a.Origin) != 0 {
			t.Errorf("%q was read as %q with %d runs", s, a.Text, len(a.Origin))
		}
		for _, p := range a.Paragraphs {
			if got := s[p.Span.Start:p.Span.End]; got != strings.TrimSpace(got) || got == "" || strings.ContainsRune(got, '\uFEFF') {
				t.Errorf("%q: paragraph %q", s, got)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	pdf := "%PDF-1.7\n1 0 obj\nendobj\n"
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	tests := []struct {
		name string
		in   Input
		want string
	}{
		{"a picture", Input{Name: "a.png", Data: strings.NewReader(png)}, "a.png: this is no text (formats that can be read: PDF, EPUB, DOCX, zip, gzip, tar, WARC, feed, sitemap, HTML, JSON lines, CSV, Markdown, plain text)"},
		{"a picture called text", Input{Name: "a.txt", Data: strings.NewReader(png)}, "a.txt: this is no text"},
		{"a picture called HTML", Input{Name: "a.html", Data: strings.NewReader(png)}, "a.html: this is no text"},
		{"half a PDF", Input{Name: "a.txt", Data: strings.NewReader(pdf)}, "a.txt: read the PDF file"},
		{"nothing", Input{Name: "a.txt", Data: strings.NewReader("")}, "a.txt: there is no article text in it"},
		{"white space", Input{Name: "a.txt", Data: strings.NewReader(" \n\t\uFEFF")}, "no article text"},
		{"an empty page", Input{Name: "a.html", Data: strings.NewReader("<html><body><nav>Home</nav></body></html>")}, "no article text"},
		{"too much text", Input{Name: "a.txt", MaxText: 10, Data: strings.NewReader("eleven byte")}, "a.txt: the text of the article has over 10 bytes (split it into several articles)"},
		{"too much input", Input{Name: "a.txt", Data: endless('a')}, "has over"},
		{"an endless line of JSON", Input{Name: "a.jsonl", Data: &limited{endless(' '), maxLine + 100}}, "a.jsonl:1: the line has over"},
		{"JSON in many lines", Input{Name: "a.json", Data: strings.NewReader("{\n  \"text\": \"x\"\n}\n")}, "a.json:1: this is JSON, but not one article a line (write each article on one line"},
		{"a page nested too deep", Input{Name: "a.html", Data: strings.NewReader(strings.Repeat("<div>", 100_000) + "x")}, "parse the page"},
		{"a page of entities", Input{Name: "a.html", Data: strings.NewReader("<p>" + strings.Repeat("&amp;", maxRuns+1))}, "pieces of text"},
		{"a text of empty phrases", Input{Name: "a.txt", Data: strings.NewReader(strings.Repeat("a\n", maxParagraphs+1))}, "paragraphs"},
		{"Markdown of nothing but stars", Input{Name: "a.md", Data: strings.NewReader(strings.Repeat("*a ", 100_000))}, "too many Markdown marks"},
		{"Markdown of nested quotations", Input{Name: "a.md", Data: strings.NewReader(strings.Repeat("> ", 20_000) + "a")}, "too many Markdown marks"},
		{"a failing disk", Input{Name: "a.txt", Data: failing{}}, "a.txt: the disk is on fire"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for a, err := range Read(t.Context(), tt.in) {
				n++
				var e *Error
				if a != nil || !errors.As(err, &e) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("article %v, error %v, want %q", a, err, tt.want)
				}
			}
			if n != 1 {
				t.Errorf("%d results", n)
			}
		})
	}
}

// endless is a reader that never ends.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// limited ends a reader after n bytes.
type limited struct {
	endless
	n int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.n <= 0 {
		return 0, io.EOF
	}
	n, err := l.endless.Read(p[:min(len(p), l.n)])
	if l.n -= n; l.n == 0 {
		p[n-1] = '\n'
		return n, nil
	}
	return n, err
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk is on fire") }

func TestReadEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	line := `{"text":"“It was time,” said its owner."}` + "\n"
	n := 0
	for _, err := range Read(ctx, Input{Name: "a.jsonl", Data: strings.NewReader(strings.Repeat(line, 5000))}) {
		if n++; n == 3 {
			cancel()
		}
		if n > 4 {
			t.Fatal("the reading went on")
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
}

func TestFormatIsToldByNameTypeAndContent(t *testing.T) {
	page := "<!DOCTYPE html><html><body><p>“It was time,” said its owner.</p></body></html>"
	tests := []struct {
		name string
		in   Input
		want string // the first paragraph
	}{
		{"the extension", Input{Name: "a.HTML", Data: strings.NewReader("<p>Text.</p>")}, "Text."},
		{"the content", Input{Name: "-", Data: strings.NewReader("\n " + page)}, "“It was time,” said its owner."},
		{"the content in UTF-16", Input{Name: "-", Data: bytes.NewReader(utf16le(page))}, "“It was time,” said its owner."},
		{"the Content-Type", Input{Name: "https://x.example/a.php", URL: "https://x.example/a.php", MediaType: "text/html; charset=utf-8", Data: strings.NewReader("<p>Text.</p>")}, "Text."},
		{"the URL's path", Input{Name: "x", URL: "https://x.example/a.md?q=1", MediaType: "text/plain", Data: strings.NewReader("*Text*.")}, "Text."},
		{"a JSON object", Input{Name: "-", Data: strings.NewReader(`{"text": "Text."}`)}, "Text."},
		{"text that begins with a brace", Input{Name: "-", Data: strings.NewReader("{sic} he wrote.")}, "{sic} he wrote."},
		{"front matter", Input{Name: "-", Data: strings.NewReader("---\ntitle: T\n---\n*Text*.")}, "Text."},
		{"none of these", Input{Name: "notes", Data: strings.NewReader("Text & <tags>.")}, "Text & <tags>."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := mustRead(t, tt.in)
			p := a.Paragraphs[0].Span
			if got := a.Text[p.Start:p.End]; got != tt.want {
				t.Errorf("first paragraph %q, want %q", got, tt.want)
			}
		})
	}
}

// utf16le encodes text as UTF-16, little end first, with its mark.
func utf16le(s string) []byte {
	b := []byte{0xFF, 0xFE}
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return b
}

// No encoding may make a reader fail or change what was plain.
func TestEncodingsAgree(t *testing.T) {
	want := mustReadFile(t, "bom-crlf.txt")
	for _, name := range []string{"utf16le.txt", "utf16be.txt"} {
		got := mustReadFile(t, name)
		if got.Text != strings.TrimPrefix(want.Text, byteOrderMark) {
			t.Errorf("%s: %q", name, got.Text)
		}
	}
}

func mustReadFile(t testing.TB, name string) *Article {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "articles", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return mustRead(t, Input{Name: name, Data: f})
}

// A file of any size is read with the memory of a line.
func TestJSONLinesAreStreamed(t *testing.T) {
	line := []byte(`{"title":"The Ferry","text":"` + strings.Repeat("“It is late,” said Orla Finn. ", 30_000) + "\"}\n")
	const lines = 12
	r := &meteredLines{line: line, left: lines}
	n := 0
	for a, err := range Read(t.Context(), Input{Name: "a.jsonl", Data: r}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if ahead := r.given - n*len(line); ahead > 1<<17 {
			t.Fatalf("%d bytes were read ahead of article %d", ahead, n)
		}
		if !utf8.ValidString(a.Text) {
			t.Fatal("not UTF-8")
		}
	}
	if n != lines {
		t.Errorf("%d articles", n)
	}
}

// meteredLines repeats a line, and counts the bytes it gave.
type meteredLines struct {
	line     []byte
	left, at int
	given    int
}

func (m *meteredLines) Read(p []byte) (int, error) {
	if m.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, m.line[m.at:])
	m.given += n
	if m.at += n; m.at == len(m.line) {
		m.at, m.left = 0, m.left-1
	}
	return n, nil
}

func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"feed-line.txt", "front-matter.md", "page.html", "lines.jsonl"} {
		data, err := os.ReadFile(filepath.Join("testdata", "articles", name))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				for range Read(b.Context(), Input{Name: name, Data: bytes.NewReader(data)}) {
				}
			}
		})
	}
}
