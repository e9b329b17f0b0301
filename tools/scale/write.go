package main

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/whosaid/whosaid/internal/gen"
)

// writeArticles writes made-up articles as JSON lines, at least so many bytes.
func writeArticles(to io.Writer, seed uint64, size int64) error {
	out := bufio.NewWriterSize(to, 1<<20)
	src := gen.New(seed)
	for written := int64(0); written < size; {
		a, _ := src.Article()
		b, err := json.Marshal(map[string]string{
			"title": a.Title, "publisher": a.Publisher, "url": a.URL, "date": a.Date, "language": a.Language, "text": a.Text,
		})
		if err != nil {
			return err
		}
		n, err := out.Write(append(b, '\n'))
		if err != nil {
			return err
		}
		written += int64(n)
	}
	return out.Flush()
}
