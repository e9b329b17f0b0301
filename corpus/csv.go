package corpus

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// readCSV reads an article a row of a table whose first row names its columns, with
// commas, semicolons or tabs between; no more than a row is in memory.
func readCSV(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		rows, err := in.openTable()
		if err != nil {
			yield(nil, in.fail(err))
			return
		}
		for {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			a, line, err := rows.next(in.MaxText)
			if err == io.EOF {
				return
			}
			if err == nil {
				if !yield(a, nil) {
					return
				}
				continue
			}
			if rows.broken {
				yield(nil, &Error{Name: in.Name, Line: line, Err: err, Hint: "correct this row; those after it were not read"})
				return
			}
			if !yield(nil, &Error{Name: in.Name, Line: line, Err: err, Hint: "correct or delete this row; the other rows don't depend on it"}) {
				return
			}
		}
	}
}

// table reads the rows of a CSV file.
type table struct {
	csv    *csv.Reader
	bound  *rowBound
	header map[string]int // column by name
	chosen map[string]int // column by key, for those that the user named
	broken bool           // whether nothing after the last row can be read
}

// openTable reads the header.
func (in Input) openTable() (*table, error) {
	b := bufio.NewReaderSize(in.Data, 1<<16)
	head, err := b.Peek(1 << 16)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if utf16Of(head) == nil && isBinary(head) {
		return nil, errBinary
	}
	t := &table{bound: &rowBound{r: decodeStream(b, head)}, header: map[string]int{}, chosen: map[string]int{}}
	text := bufio.NewReaderSize(t.bound, 1<<14)
	first, err := text.Peek(1 << 14)
	if err != nil && err != io.EOF {
		return nil, err
	}
	t.csv = csv.NewReader(text)
	t.csv.Comma, t.csv.LazyQuotes, t.csv.FieldsPerRecord, t.csv.ReuseRecord = delimiterOf(string(first)), true, -1, true
	names, err := t.csv.Read()
	if err == io.EOF {
		return nil, errors.New("it has no row")
	}
	if err != nil {
		return nil, err
	}
	for i, n := range names {
		if n = columnName(n); t.header[n] == 0 {
			t.header[n] = i + 1
		}
	}
	return t, t.choose(in.Columns, names)
}

// choose finds the columns that the user named, and one for the text.
func (t *table) choose(columns map[string]string, names []string) error {
	for key, name := range columns {
		i, ok := t.header[columnName(name)]
		if !ok {
			return fmt.Errorf("there is no column %q; there are %s", name, printable(strings.Join(names, ", ")))
		}
		t.chosen[key] = i
	}
	if t.chosen["text"] > 0 {
		return nil
	}
	for _, n := range columnNames[len(columnNames)-1].names {
		if t.header[n] > 0 {
			return nil
		}
	}
	return fmt.Errorf(`no column "text", "body" or "content" in the first row (%s); name one with --columns text=COLUMN`, printable(strings.Join(names, ", ")))
}

// next reads the article of the next row, and the line that the row begins in.
func (t *table) next(maxText int) (*Article, int, error) {
	t.bound.n = 0
	row, err := t.csv.Read()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return nil, parse.StartLine, parse.Err
	}
	if err != nil {
		line, _ := t.csv.FieldPos(0)
		t.broken = err != io.EOF
		return nil, line, err
	}
	line, _ := t.csv.FieldPos(0)
	a := t.article(row)
	switch {
	case strings.TrimSpace(a.Text) == "":
		return nil, line, errors.New("the row has no text")
	case len(a.Text) > maxText:
		return nil, line, fmt.Errorf("the text of the article has over %d bytes", maxText)
	}
	a.classify(splitParagraphs(a.Text))
	return a, line, nil
}

func (t *table) article(row []string) *Article {
	field := func(key string) string {
		if i := t.chosen[key]; i > 0 {
			if i <= len(row) {
				return row[i-1]
			}
			return ""
		}
		for _, c := range columnNames {
			for _, n := range c.names {
				if i := t.header[n]; c.key == key && i > 0 && i <= len(row) && strings.TrimSpace(row[i-1]) != "" {
					return row[i-1]
				}
			}
		}
		return ""
	}
	return &Article{
		Title: field("title"), Authors: authorNames(field("author")), Publisher: field("publisher"), URL: field("url"),
		Date: normalDate(field("date")), Language: languageCode(field("language")), Text: field("text"),
	}
}

// rowBound ends a row that takes over maxLine bytes: a quotation mark that is never closed
// would have the reader keep all of the file in memory.
type rowBound struct {
	r io.Reader
	n int // bytes read since the last row
}

func (b *rowBound) Read(p []byte) (int, error) {
	if b.n > maxLine {
		return 0, fmt.Errorf("the row has over %d bytes; perhaps a quotation mark is not closed", maxLine)
	}
	n, err := b.r.Read(p)
	b.n += n
	return n, err
}

// decodeStream makes a stream UTF-8, whose encoding is told from its head.
func decodeStream(r io.Reader, head []byte) io.Reader {
	if enc := utf16Of(head); enc != nil {
		return transform.NewReader(r, enc.NewDecoder())
	}
	whole := head[:len(head)-len(head)%4]
	for i := 0; i < utf8.UTFMax && len(whole) > 0 && !utf8.Valid(whole); i++ { // the head may end within a character
		whole = whole[:len(whole)-1]
	}
	if utf8.Valid(whole) || mostlyUTF8(head) {
		return transform.NewReader(r, runes.ReplaceIllFormed())
	}
	return transform.NewReader(r, guessEncoding(head).NewDecoder())
}

// delimiterOf is what parts the columns in the first line of a table.
func delimiterOf(text string) rune {
	line, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, d := range []rune{',', ';', '\t', '|'} {
		if n := strings.Count(line, string(d)); n > most {
			best, most = d, n
		}
	}
	return best
}
