package corpus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Input is something to read articles from.
type Input struct {
	// Name is a path, a URL, or a made-up name ("standard input"): its extension
	// helps to tell the format, and errors name it.
	Name string
	// URL is where the input was fetched from, or "" for a file.
	URL string
	// Scope is the corpus the articles belong to; "" means SharedScope.
	Scope string
	// MediaType is the Content-Type that came with the input, or "".
	MediaType string
	Data      io.Reader
	// MaxText bounds the text of one article, in bytes; 0 means the constant MaxText.
	MaxText int
	// Columns names the columns of a table, or the fields of JSON lines, that hold
	// what an article has: Columns["text"] = "Wortlaut". The keys are those of
	// [ColumnKeys]; for a key that is missing the usual names are tried.
	Columns map[string]string

	path   string       // what tells the extension, where that is neither Name nor URL
	random randomAccess // the whole of Data, if it can be read at any place
	within *expansion   // what the containers around have expanded to; nil at the top
	depth  int          // containers around this input
}

// randomAccess is data that can be read at any place.
type randomAccess interface {
	io.ReaderAt
	Size() int64
}

// Error says what is wrong with an input, and what to do about it.
type Error struct {
	Name string // the input's name
	Line int    // counted from 1; 0 when the whole input is meant
	Err  error
	Hint string // what the user can do, or ""
}

func (e *Error) Error() string {
	s := e.Name
	if e.Line > 0 {
		s = fmt.Sprintf("%s:%d", s, e.Line)
	}
	s += ": " + e.Err.Error()
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Read yields the articles of an input, in order. An error stands for the part
// that could not be read (one line of a JSON lines file, or the whole input);
// an iteration that goes on meets what follows. Each is an [*Error], or
// the context's error. Data is read as the iteration goes, for formats of
// one article no further than MaxInput. A zip archive wants all of its data at
// once: unless Data is a file or has ReadAt and Size, it goes into a temporary file.
func Read(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		if in.Scope == "" {
			in.Scope = SharedScope
		}
		if in.MaxText <= 0 {
			in.MaxText = MaxText
		}
		in.random = randomAccessTo(in.Data)
		raw := &countingReader{r: contextReader{ctx, in.Data}}
		if in.within == nil {
			in.within = newExpansion(raw, in.random)
		}
		r := bufio.NewReaderSize(raw, sniffSize)
		head, err := r.Peek(sniffSize)
		if err != nil && err != io.EOF {
			yield(nil, in.fail(err))
			return
		}
		in.Data = r
		f, err := formatOf(in, head)
		if err != nil {
			yield(nil, err)
			return
		}
		for a, err := range f.read(ctx, in) {
			if err == nil && !f.container {
				err = in.finish(a)
			}
			if err != nil {
				a = nil
			}
			if !yield(a, err) || ctx.Err() != nil {
				return
			}
		}
	}
}

// contextReader stops reading when the context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// formatOf tells the format. A signature counts for more than any name, since
// servers and people give files all sorts of names; only what a zip archive is may
// be left to the name. Then count the Content-Type of what was fetched, the
// name's extension, and the first bytes.
func formatOf(in Input, head []byte) (Format, error) {
	all := Formats()
	named, isNamed := in.namedFormat(all)
	signed := slices.IndexFunc(all, func(f Format) bool { return f.certain && f.sniff(head) })
	switch {
	case signed >= 0 && all[signed].Name == "zip" && named.zipped:
		return named, nil
	case signed >= 0:
		return all[signed], nil
	case isNamed && !named.certain:
		return named, nil
	}
	if i := slices.IndexFunc(all, func(f Format) bool { return f.sniff != nil && f.sniff(head) }); i >= 0 {
		return all[i], nil
	}
	return Format{}, in.notText()
}

// namedFormat is the format that the Content-Type or the extension names.
func (in Input) namedFormat(all []Format) (Format, bool) {
	if mt, _, err := mime.ParseMediaType(in.MediaType); err == nil && mt != "text/plain" {
		// Servers send all sorts of files as plain text: that proves nothing.
		if i := slices.IndexFunc(all, func(f Format) bool { return slices.Contains(f.MIMETypes, mt) }); i >= 0 {
			return all[i], true
		}
	}
	ext := in.extension()
	if i := slices.IndexFunc(all, func(f Format) bool { return slices.Contains(f.Extensions, ext) }); i >= 0 {
		return all[i], true
	}
	return Format{}, false
}

// formatName is the name that tells the format: the file's, or the path of a URL.
func (in Input) formatName() string {
	if in.path != "" {
		return filepath.ToSlash(in.path)
	}
	if u, err := url.Parse(in.URL); err == nil && in.URL != "" {
		return u.Path
	}
	return filepath.ToSlash(in.Name)
}

// extension is the name's extension in lower case, with the dot.
func (in Input) extension() string { return strings.ToLower(path.Ext(in.formatName())) }

// fail wraps an error of the whole input.
func (in Input) fail(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, errExpands) {
		return &Error{Name: in.Name, Err: errExpands, Hint: "unpack it and import what you want of it"}
	}
	return &Error{Name: in.Name, Err: err}
}

func (in Input) notText() error {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return &Error{Name: in.Name, Err: errBinary, Hint: "formats that can be read: " + strings.Join(names, ", ")}
}

func (in Input) tooLarge(limit int, what string) error {
	return &Error{Name: in.Name, Err: fmt.Errorf("%s has over %d bytes", what, limit), Hint: "split it into several articles"}
}

func (in Input) tooMany(limit int, what string) error {
	return &Error{Name: in.Name, Err: fmt.Errorf("the article has over %d %s", limit, what), Hint: "split it into several articles"}
}

// finish completes what every format leaves to it, and checks the article.
func (in Input) finish(a *Article) error {
	a.Scope = in.Scope
	if a.URL == "" {
		a.URL = in.URL
	}
	if in.URL == "" {
		a.File = filepath.Base(in.Name)
	}
	a.Title, a.Publisher, a.URL = oneLine(a.Title), oneLine(a.Publisher), webURL(a.URL)
	a.Authors = a.Authors[:min(len(a.Authors), 20)]
	for i := range a.Authors {
		a.Authors[i] = oneLine(a.Authors[i])
	}
	if a.Language == "" {
		a.Language = a.detectLanguage()
	}
	switch {
	case len(a.Text) > in.MaxText:
		return in.tooLarge(in.MaxText, "the text of the article")
	case len(a.Paragraphs) > maxParagraphs:
		return in.tooMany(maxParagraphs, "paragraphs")
	case len(a.Origin) > maxRuns:
		return in.tooMany(maxRuns, "pieces of text between its tags")
	case len(a.Body()) == 0:
		return &Error{Name: in.Name, Err: errors.New("there is no article text in it")}
	}
	if err := a.check(); err != nil {
		return in.fail(err)
	}
	return nil
}

// webURL is s if it is an absolute http or https URL, and "" otherwise: what
// answers link to must not be a script.
func webURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(s) > 2000 {
		return ""
	}
	u.User = nil
	return u.String()
}

// all reads the bytes of an input of one article.
func (in Input) all() ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(in.Data, MaxInput+1))
	if err != nil {
		return nil, in.fail(err)
	}
	if len(b) > MaxInput {
		return nil, in.tooLarge(MaxInput, "the input")
	}
	return b, nil
}

// one reads an input of one article: it decodes all of it and has parse make the article.
func one(in Input, parse func(text string) (*Article, error)) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		b, err := in.all()
		if err != nil {
			yield(nil, err)
			return
		}
		text, err := decode(b, in.MediaType)
		switch {
		case errors.Is(err, errBinary):
			yield(nil, in.notText())
			return
		case err != nil:
			yield(nil, in.fail(fmt.Errorf("decode: %w", err)))
			return
		}
		a, err := parse(text)
		if err != nil {
			yield(nil, in.fail(err))
			return
		}
		yield(a, nil)
	}
}
