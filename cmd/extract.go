package cmd

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

func (a *app) extractCmd() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "extract [--json] FILE...",
		Short: "Show who said what in these files; keeps nothing",
		Long: `Reads each file and prints its quotes with their speakers. Nothing is kept.
"-" reads standard input. With --json, one object a file, in order.`,
		Example: `  whosaid extract article.txt
  whosaid extract --json *.html > quotes.jsonl
  pandoc letter.odt -t plain | whosaid extract -`,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, files []string) error {
			engine, err := quote.New()
			if err != nil {
				return fmt.Errorf("loading the quote engine: %w", err)
			}
			x := extraction{app: a, engine: engine, print: printQuotes}
			if asJSON {
				x.print = printExtractJSON
			}
			return x.run(c.Context(), files)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON lines")
	return c
}

// extraction reads files side by side and prints what they hold in order.
type extraction struct {
	*app
	engine *quote.Engine
	print  func(io.Writer, extracted) error
}

// extracted is one article with its quotes, spans in bytes of the input.
type extracted struct {
	article *corpus.Article
	name    string
	quotes  []quote.Quote
}

// fileResult is what one file gave: articles and what went wrong.
type fileResult struct {
	found []extracted
	errs  []error
}

func (x extraction) run(ctx context.Context, files []string) error {
	group, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	// Each file has a slot of its own; the bound on slots in flight keeps
	// memory flat however many files there are.
	slots := make(chan chan fileResult, 2*workers)
	group.Go(func() error {
		defer close(slots)
		read, ctx := errgroup.WithContext(ctx)
		read.SetLimit(workers)
		for _, f := range files {
			slot := make(chan fileResult, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return ctx.Err()
			}
			read.Go(func() error {
				slot <- x.file(ctx, f)
				return nil
			})
		}
		return read.Wait()
	})
	failed := false
	group.Go(func() error {
		out := bufio.NewWriter(x.Out)
		for slot := range slots {
			r := <-slot
			for _, err := range r.errs {
				failed = true
				fmt.Fprintf(x.Err, "whosaid: %v\n", err)
			}
			for _, e := range r.found {
				if err := x.print(out, e); err != nil {
					return fmt.Errorf("writing the quotes: %w", err)
				}
			}
		}
		return out.Flush()
	})
	if err := group.Wait(); err != nil {
		return err
	}
	if failed {
		return errReported
	}
	return nil
}

// file reads one file's articles and finds their quotes.
func (x extraction) file(ctx context.Context, path string) (r fileResult) {
	in, name := io.Reader(x.In), "stdin"
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return fileResult{errs: []error{err}}
		}
		defer f.Close()
		in, name = f, filepath.Base(path)
	}
	base := strings.TrimSuffix(name, filepath.Ext(name))
	for article, err := range corpus.Read(ctx, corpus.Input{Name: name, Data: in}) {
		if err != nil {
			r.errs = append(r.errs, err)
			continue
		}
		quotes, err := x.engine.Extract(ctx, article.Document())
		if err != nil {
			r.errs = append(r.errs, fmt.Errorf("finding quotes in %s: %w", path, err))
			continue
		}
		e := extracted{article: article, name: base, quotes: toOrigin(article, quotes)}
		if n := len(r.found); n > 0 {
			e.name = fmt.Sprintf("%s#%d", base, n+1)
		}
		r.found = append(r.found, e)
	}
	return r
}

// toOrigin moves the spans of quotes from the article's text to the input it was read from.
func toOrigin(a *corpus.Article, quotes []quote.Quote) []quote.Quote {
	if len(a.Origin) == 0 {
		return quotes
	}
	move := func(spans []quote.Span) []quote.Span {
		moved := make([]quote.Span, len(spans))
		for i, s := range spans {
			moved[i] = a.OriginSpan(s)
		}
		return moved
	}
	for i := range quotes {
		q := &quotes[i]
		q.Content, q.Cue, q.Source = move(q.Content), move(q.Cue), move(q.Source)
		q.Inner = toOrigin(a, q.Inner)
	}
	return quotes
}

func printExtractJSON(w io.Writer, e extracted) error {
	a := e.article
	line := struct {
		Article  string      `json:"article"`
		Title    string      `json:"title"`
		Author   string      `json:"author"`
		Source   string      `json:"source"`
		URL      string      `json:"url"`
		Date     string      `json:"date"`
		Language string      `json:"language"`
		Quotes   []jsonQuote `json:"quotes"`
	}{e.name, a.Title, strings.Join(a.Authors, ", "), a.Publisher, a.URL, a.Date, a.Language, jsonQuotes(a, e.quotes)}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(line)
}

// jsonQuote is a quote as docs/cli.md describes it: paragraph is the number
// of the article's paragraph, and no span list is null.
type jsonQuote struct {
	quote.Quote
	Content   []quote.Span `json:"content"`
	Cue       []quote.Span `json:"cue"`
	Source    []quote.Span `json:"source"`
	Paragraph int          `json:"paragraph"`
	Inner     []jsonQuote  `json:"inner,omitempty"`
}

func jsonQuotes(a *corpus.Article, quotes []quote.Quote) []jsonQuote {
	body := a.Body()
	out := make([]jsonQuote, len(quotes))
	for i, q := range quotes {
		out[i] = jsonQuote{q, spans(q.Content), spans(q.Cue), spans(q.Source), body[q.Paragraph].Number, jsonQuotes(a, q.Inner)}
	}
	return out
}

func spans(s []quote.Span) []quote.Span {
	if s == nil {
		return []quote.Span{}
	}
	return s
}

func printQuotes(w io.Writer, e extracted) error {
	title := e.article.Title
	if title == "" {
		title = e.name
	}
	fmt.Fprintf(w, "%s (%d quotes)\n", title, len(e.quotes))
	for _, q := range e.quotes {
		fmt.Fprintf(w, "\n  %s [%s, %.2f]\n", speakerLine(q.Speaker), q.Kind, q.Confidence)
		fmt.Fprintf(w, "    %s\n", oneLine(q.Text))
		for _, in := range q.Inner {
			fmt.Fprintf(w, "      in it, %s: %s\n", speakerLine(in.Speaker), oneLine(in.Text))
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

// speakerLine is "Name, role", or says that the speaker is unknown.
func speakerLine(s *quote.Speaker) string {
	switch {
	case s == nil:
		return "speaker unknown"
	case s.Role == "":
		return s.Name
	}
	return s.Name + ", " + s.Role
}

// oneLine folds white space and drops control characters, which in a terminal
// could do more than show.
func oneLine(s string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || (0x80 <= r && r < 0xa0) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(clean), " ")
}
