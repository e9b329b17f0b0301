// Command pages compares whosaid's reader of HTML with libraries, on pages whose
// title, date, authors and text are known:
//
//	go run ./pages ../corpus/testdata/pages
//
// The folder holds the pages and gold.jsonl, a line a page: {"file","kind","title","date",
// "authors","body","other"}; each string of body stands in the article, none of other does. A
// page's missing title or date is not counted; a null authors neither. It prints
// the table of docs/formats.md.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-domdistiller"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"

	"github.com/whosaid/whosaid/corpus"
)

type gold struct {
	File, Kind, URL, Title, Date string
	Authors, Body, Other         []string
}

// found is what a reader made of a page.
type found struct {
	title, date string
	authors     []string
	text        string
}

type reader struct {
	name string
	read func(page []byte, u *url.URL) (found, error)
}

var readers = []reader{{"whosaid", whosaid}, {"trafilatura", readTrafilatura}, {"readability", readReadability}, {"domdistiller", readDomdistiller}}

func whosaid(page []byte, u *url.URL) (found, error) {
	in := corpus.Input{Name: "page.html", MediaType: "text/html", Data: bytes.NewReader(page)}
	for a, err := range corpus.Read(context.Background(), in) {
		if err != nil {
			return found{}, err
		}
		f := found{title: a.Title, date: a.Date, authors: a.Authors}
		for _, p := range a.Body() {
			f.text += a.Text[p.Span.Start:p.Span.End] + "\n"
		}
		return f, nil
	}
	return found{}, io.EOF
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// names splits what libraries give as one string.
func names(s string) []string {
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	return regexp.MustCompile(`\s*(?:;|,| and )\s*`).Split(s, -1)
}

func readTrafilatura(page []byte, u *url.URL) (found, error) {
	r, err := trafilatura.Extract(bytes.NewReader(page), trafilatura.Options{OriginalURL: u, EnableFallback: true, ExcludeComments: true})
	if err != nil {
		return found{}, err
	}
	return found{r.Metadata.Title, day(r.Metadata.Date), names(r.Metadata.Author), r.ContentText}, nil
}

func readReadability(page []byte, u *url.URL) (found, error) {
	p := readability.NewParser()
	a, err := p.Parse(bytes.NewReader(page), u)
	if err != nil {
		return found{}, err
	}
	var text bytes.Buffer
	if a.Node != nil {
		if err := a.RenderText(&text); err != nil {
			return found{}, err
		}
	}
	published, _ := a.PublishedTime()
	return found{a.Title(), day(published), names(a.Byline()), text.String()}, nil
}

func readDomdistiller(page []byte, u *url.URL) (found, error) {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return found{}, err
	}
	r, err := distiller.Apply(doc, &distiller.Options{OriginalURL: u, SkipPagination: true})
	if err != nil {
		return found{}, err
	}
	date := r.MarkupInfo.Article.PublishedTime
	return found{r.Title, date[:min(len(date), 10)], names(r.MarkupInfo.Author), r.Text}, nil
}

// fold leaves out what readers may differ in without being wrong.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// score counts what a reader got right.
type score struct {
	right, all [4]int // title, date, authors, body
	in, out    [2]int // strings of the body that were found, and of the rest that were kept out; of how many
	took       time.Duration
}

// marks are the letters of what is right, a dot for what is wrong.
func (s *score) add(g gold, f found) string {
	text, whole := fold(f.text), true
	for _, b := range g.Body {
		ok := strings.Contains(text, fold(b))
		whole = whole && ok
		s.in[0] += count(ok)
		s.in[1]++
	}
	for _, o := range g.Other {
		ok := !strings.Contains(text, fold(o))
		whole = whole && ok
		s.out[0] += count(ok)
		s.out[1]++
	}
	marks := ""
	for i, c := range []struct {
		counts, right bool
	}{
		{g.Title != "", fold(f.title) == fold(g.Title)}, {g.Date != "", f.date == g.Date},
		{g.Authors != nil, fold(strings.Join(f.authors, ";")) == fold(strings.Join(g.Authors, ";"))}, {true, whole},
	} {
		if c.counts {
			s.all[i]++
			s.right[i] += count(c.right)
		}
		marks += map[bool]string{true: "TDAB"[i : i+1], false: "·"}[c.right || !c.counts]
	}
	return marks
}

func count(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pages FOLDER")
		os.Exit(2)
	}
	if err := compare(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

func compare(dir string, w io.Writer) error {
	b, err := os.ReadFile(filepath.Join(dir, "gold.jsonl"))
	if err != nil {
		return err
	}
	scores := make([]score, len(readers))
	fmt.Fprint(w, "| page |")
	for _, r := range readers {
		fmt.Fprintf(w, " %s |", r.name)
	}
	fmt.Fprintln(w, "\n|---|"+strings.Repeat("---|", len(readers)))
	for d := json.NewDecoder(bytes.NewReader(b)); d.More(); {
		var g gold
		if err := d.Decode(&g); err != nil {
			return fmt.Errorf("gold.jsonl: %w", err)
		}
		page, err := os.ReadFile(filepath.Join(dir, g.File))
		if err != nil {
			return err
		}
		u, err := url.Parse(g.URL)
		if err != nil || g.URL == "" {
			u = &url.URL{Scheme: "https", Host: "site.example", Path: "/" + g.File}
		}
		fmt.Fprintf(w, "| %s |", g.Kind)
		for i, r := range readers {
			start := time.Now()
			f, err := r.read(page, u)
			scores[i].took += time.Since(start)
			if err != nil {
				f = found{}
			}
			fmt.Fprintf(w, " %s |", scores[i].add(g, f))
		}
		fmt.Fprintln(w)
	}
	summary(w, scores)
	return nil
}

func summary(w io.Writer, scores []score) {
	for i, what := range []string{"title", "date", "authors", "body"} {
		fmt.Fprintf(w, "| **%s right** |", what)
		for _, s := range scores {
			fmt.Fprintf(w, " %d of %d |", s.right[i], s.all[i])
		}
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, "| **F1 of the body's parts** |")
	for _, s := range scores {
		// As its authors' own comparison has it: what was let in of the rest are false positives.
		precision, recall := float64(s.in[0])/float64(s.in[0]+s.out[1]-s.out[0]), float64(s.in[0])/float64(s.in[1])
		fmt.Fprintf(w, " %.1f |", 200*precision*recall/(precision+recall))
	}
	fmt.Fprint(w, "\n| time a page |")
	for _, s := range scores {
		fmt.Fprintf(w, " %.1f ms |", s.took.Seconds()*1000/float64(max(1, s.all[3])))
	}
	fmt.Fprintln(w)
}
