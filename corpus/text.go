package corpus

import (
	"context"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"unicode/utf8"

	"github.com/whosaid/whosaid/quote"
)

func sniffText(head []byte) bool { return utf8.Valid(head) }

func readText(_ context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		b, err := io.ReadAll(io.LimitReader(in.Data, MaxInput))
		if err == nil && !utf8.Valid(b) {
			err = fmt.Errorf("not UTF-8")
		}
		if err != nil {
			yield(nil, &Error{Name: in.Name, Err: err})
			return
		}
		a := &Article{Scope: in.Scope, URL: in.URL, Text: string(b)}
		if in.URL == "" {
			a.File = filepath.Base(in.Name)
		}
		start, n := 0, 0
		for i := 0; i <= len(b); i++ {
			if i == len(b) || b[i] == '\n' {
				if i > start {
					n++
					a.Paragraphs = append(a.Paragraphs, Paragraph{Number: n, Span: quote.Span{Start: start, End: i}, Kind: Body})
				}
				start = i + 1
			}
		}
		yield(a, nil)
	}
}
