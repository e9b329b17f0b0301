package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Limits of a PDF file.
const (
	maxPDF      = 64 << 20 // bytes
	maxPDFPages = 2000
	pdfMemory   = 512 << 20 // bytes that the reader may use in its sandbox
	pdfTimeout  = 2 * time.Minute
)

// pdfCompilation keeps the machine code that PDFium's WebAssembly module is made into.
// That takes five seconds once, and a tenth of a second when it is found in the user's
// cache folder. Nothing of it is loaded before the first PDF is read.
var pdfCompilation = sync.OnceValue(func() wazero.CompilationCache {
	if dir, err := os.UserCacheDir(); err == nil {
		if c, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "whosaid", "pdfium")); err == nil {
			return c
		}
	}
	return wazero.NewCompilationCache()
})

// readPDF reads one article of a PDF file's text. PDFium runs in a sandbox of
// its own for each file, without a file system, with bounded memory and time:
// a file that was made to break it breaks nothing else.
func readPDF(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		b, err := io.ReadAll(io.LimitReader(in.Data, maxPDF+1))
		switch {
		case err != nil:
			yield(nil, in.fail(err))
			return
		case len(b) > maxPDF:
			yield(nil, in.tooLarge(maxPDF, "the PDF file"))
			return
		}
		bounded, cancel := context.WithTimeout(ctx, pdfTimeout)
		defer cancel()
		a, err := pdfArticle(bounded, b)
		switch {
		case ctx.Err() != nil:
			yield(nil, ctx.Err())
		case errors.Is(err, pdfiumerrors.ErrPassword):
			yield(nil, &Error{Name: in.Name, Err: errors.New("the PDF file wants a password"), Hint: "save it without one"})
		case errors.Is(err, errNoText):
			yield(nil, &Error{Name: in.Name, Err: err, Hint: "run it through a program for text recognition first"})
		case bounded.Err() != nil:
			yield(nil, &Error{Name: in.Name, Err: fmt.Errorf("reading the PDF file takes over %v", pdfTimeout)})
		case err != nil:
			yield(nil, in.fail(fmt.Errorf("read the PDF file: %w", err)))
		default:
			yield(a, nil)
		}
	}
}

// errNoText says that a PDF file holds pictures of text.
var errNoText = errors.New("the PDF file has pages but no text")

// pdfArticle reads the file in a sandbox of its own.
func pdfArticle(ctx context.Context, file []byte) (*Article, error) {
	s, err := startPDFium(ctx)
	if err != nil {
		return nil, fmt.Errorf("start PDFium: %w", err)
	}
	defer s.close()
	return s.article(ctx, file)
}

// pdfSandbox is a PDFium that runs. To start it takes a tenth of a second, nearly all of
// the time that a short file takes.
type pdfSandbox struct {
	pool pdfium.Pool
	lib  pdfium.Pdfium
}

// startPDFium starts a sandbox that ends with ctx.
func startPDFium(ctx context.Context) (s *pdfSandbox, err error) {
	defer recoverPDFium(&err)
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling). // what the module is built with
		WithCompilationCache(pdfCompilation()).
		WithCloseOnContextDone(true).
		WithMemoryLimitPages(pdfMemory >> 16)
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: config,
		FSConfig: wazero.NewFSConfig(), // none; the library's default is the whole of the machine's
		Stdout:   io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, err
	}
	lib, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &pdfSandbox{pool, lib}, nil
}

// recoverPDFium is to be deferred: the library panics on some answers of a module that
// was stopped.
func recoverPDFium(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the reader gave up: %v", r)
	}
}

// close ends the sandbox; what can't be closed has ended already.
func (s *pdfSandbox) close() {
	var err error
	defer recoverPDFium(&err)
	_, _ = s.lib.Close(), s.pool.Close()
}

// article reads a file.
func (s *pdfSandbox) article(ctx context.Context, file []byte) (a *Article, err error) {
	defer recoverPDFium(&err)
	doc, err := s.lib.OpenDocument(&requests.OpenDocument{File: &file})
	if err != nil {
		return nil, err
	}
	defer func() {
		_, _ = s.lib.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc.Document})
	}()
	pages, err := pdfPages(ctx, s.lib, doc.Document)
	if err != nil {
		return nil, err
	}
	blocks := pdfBlocks(pages)
	if len(blocks) == 0 {
		return nil, errNoText
	}
	a = &Article{}
	a.readPDFInfo(s.lib, doc.Document)
	a.setBlocks("", nil, blocks)
	return a, nil
}

// readPDFInfo takes title and authors from the document's properties. Titles that are the
// names of files are none.
func (a *Article) readPDFInfo(lib pdfium.Pdfium, doc references.FPDF_DOCUMENT) {
	info, err := lib.GetMetaData(&requests.GetMetaData{Document: doc, Tags: &[]string{"Title", "Author"}})
	if err != nil {
		return
	}
	for _, t := range info.Tags {
		switch value := oneLine(t.Value); t.Tag {
		case "Title":
			lower := strings.ToLower(value)
			if !strings.Contains(lower, "microsoft word") && !strings.Contains(lower, "untitled") && !strings.HasPrefix(lower, "file:") &&
				filepath.Ext(lower) == "" && strings.Contains(value, " ") {
				a.Title = value
			}
		case "Author":
			a.Authors = authorNames(value)
		}
	}
}

// pdfPages reads the lines of the document's pages, in reading order.
func pdfPages(ctx context.Context, lib pdfium.Pdfium, doc references.FPDF_DOCUMENT) ([]pdfPage, error) {
	count, err := lib.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return nil, err
	}
	if count.PageCount > maxPDFPages {
		return nil, fmt.Errorf("it has over %d pages", maxPDFPages)
	}
	pages, size := make([]pdfPage, count.PageCount), 0
	for i := range pages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: i}}
		paper, err := lib.GetPageSize(&requests.GetPageSize{Page: page})
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
		text, err := lib.GetPageTextStructured(&requests.GetPageTextStructured{Page: page, Mode: requests.GetPageTextStructuredModeChars})
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
		pages[i] = pdfPage{height: paper.Height}
		for _, c := range text.Chars {
			p := c.PointPosition
			pages[i].add(c.Text, p.Left, p.Right, p.Top, p.Bottom)
			size += len(c.Text)
		}
		if pages[i].end(); size > MaxText {
			return nil, fmt.Errorf("its text has over %d bytes", MaxText)
		}
	}
	return pages, nil
}
