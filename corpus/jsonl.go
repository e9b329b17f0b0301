package corpus

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// maxLine bounds one line of a JSON lines file, in bytes: the largest article
// and its escapes.
const maxLine = 4 * MaxText

var sniffJSON = sniffHead(func(head []byte) bool {
	return bytes.HasPrefix(head, []byte("{")) && bytes.Contains(head, []byte(`":`))
})

// jsonArticle is a line of a JSON lines file. Names differ from source to source.
type jsonArticle struct {
	Title, Headline        string
	Author, Authors        jsonNames
	Publisher, Source      jsonNames
	URL, Link              string
	Date, Published        string
	Language, Lang         string
	Text, Body, Content    string
	DatePublished          string `json:"date_published"`
	PublishedAt            string `json:"published_at"`
	PublicationDateInWords string `json:"publication_date"`
}

// jsonNames is a name, a list of names, or objects with a name.
type jsonNames []string

func (n *jsonNames) UnmarshalJSON(b []byte) error {
	var one string
	var many []json.RawMessage
	var object struct{ Name string }
	switch {
	case json.Unmarshal(b, &one) == nil:
		if one = strings.TrimSpace(one); one != "" {
			*n = append(*n, one)
		}
	case json.Unmarshal(b, &many) == nil:
		for _, m := range many {
			var inner jsonNames
			if len(m) > 0 && m[0] == '[' {
				continue // lists of lists could nest without end
			}
			if err := inner.UnmarshalJSON(m); err != nil {
				return err
			}
			*n = append(*n, inner...)
		}
	case json.Unmarshal(b, &object) == nil:
		if object.Name = strings.TrimSpace(object.Name); object.Name != "" {
			*n = append(*n, object.Name)
		}
	default:
		return errors.New("a name is text, a list of text, or an object with a name")
	}
	return nil
}

// article makes the line an article of plain text.
func (j jsonArticle) article() *Article {
	a := &Article{
		Title: first(j.Title, j.Headline),
		URL:   first(j.URL, j.Link),
		Date:  normalDate(first(j.Date, j.Published, j.DatePublished, j.PublishedAt, j.PublicationDateInWords)),
		Text:  first(j.Text, j.Body, j.Content),
	}
	a.Language = languageCode(first(j.Language, j.Lang))
	for _, n := range append(j.Authors, j.Author...) {
		a.Authors = append(a.Authors, authorNames(n)...)
	}
	if p := append(j.Publisher, j.Source...); len(p) > 0 {
		a.Publisher = p[0]
	}
	a.classify(splitParagraphs(a.Text))
	return a
}

// first is the first string that is not blank.
func first(all ...string) string {
	for _, s := range all {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// authorNames reads the names of an author field, which is often a byline.
// What is no name of a person, such as "Staff" or "None", is left out.
func authorNames(s string) []string {
	s = oneLine(s)
	if m := by.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	return splitNames(s)
}

// by is the word before an author's name, where two words of a name follow it: "Von" may be a name's part.
var by = regexp.MustCompile(`^(?i:written by|posted by|by|von|par|por|di|door|av|af|autor|author|text):? ((?:\S+ )\S.*)$`)

// readJSONLines reads an article a line; no more than a line is in memory. A
// line that can't be read is an error with its number.
func readJSONLines(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		r := bufio.NewReaderSize(in.Data, 1<<16)
		var line []byte // used again for each
		for n := 1; ; n++ {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			var err error
			line, err = readLine(r, line[:0])
			if err != nil && err != io.EOF && !errors.Is(err, errLongLine) {
				yield(nil, in.fail(err))
				return
			}
			end := err == io.EOF
			if n == 1 {
				line = bytes.TrimPrefix(line, []byte(byteOrderMark))
			}
			text := bytes.TrimSpace(line)
			if n == 1 && (string(text) == "{" || string(text) == "[") {
				yield(nil, &Error{Name: in.Name, Line: n, Err: errors.New("this is JSON, but not one article a line"), Hint: "write each article on one line, for example with jq -c"})
				return
			}
			if len(text) > 0 || errors.Is(err, errLongLine) {
				a, lineErr := in.jsonLine(text, err)
				if lineErr != nil {
					lineErr = &Error{Name: in.Name, Line: n, Err: lineErr, Hint: "correct or delete this line; the other lines don't depend on it"}
				}
				if !yield(a, lineErr) {
					return
				}
			}
			if end {
				return
			}
		}
	}
}

// jsonLine reads one line, err being what reading its bytes came to.
func (in Input) jsonLine(line []byte, err error) (*Article, error) {
	if errors.Is(err, errLongLine) {
		return nil, err
	}
	if len(in.Columns) > 0 {
		if line, err = renameFields(line, in.Columns); err != nil {
			return nil, fmt.Errorf("not an article in JSON: %w", err)
		}
	}
	// Bytes that are no UTF-8 become U+FFFD.
	var j jsonArticle
	var wrong *json.UnmarshalTypeError
	switch err := json.Unmarshal(line, &j); {
	case errors.As(err, &wrong) && wrong.Field != "":
		return nil, fmt.Errorf("field %q is no text but a JSON %s", strings.ToLower(wrong.Field), wrong.Value)
	case err != nil:
		return nil, fmt.Errorf("not an article in JSON: %w", err)
	}
	a := j.article()
	if strings.TrimSpace(a.Text) == "" {
		return nil, errors.New(`no text: expected a field "text", "body" or "content"`)
	}
	if len(a.Text) > in.MaxText {
		return nil, fmt.Errorf("the text of the article has over %d bytes", in.MaxText)
	}
	return a, nil
}

// renameFields gives the fields that the user named the names that jsonArticle
// knows, and drops what else goes by these.
func renameFields(line []byte, columns map[string]string) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return nil, err
	}
	chosen := map[string]json.RawMessage{}
	for key, name := range columns {
		if v, ok := fields[name]; ok {
			chosen[key] = v
		}
	}
	for _, c := range columnNames {
		for name := range fields {
			if columns[c.key] != "" && slices.Contains(c.names, strings.ToLower(name)) {
				delete(fields, name)
			}
		}
	}
	maps.Copy(fields, chosen)
	return json.Marshal(fields)
}

// errLongLine says that a line was skipped for its length.
var errLongLine = fmt.Errorf("the line has over %d bytes", maxLine)

// readLine appends a line of up to maxLine bytes to line, which is empty, and skips a longer one.
func readLine(r *bufio.Reader, line []byte) ([]byte, error) {
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case long && (err == nil || err == io.EOF):
			return nil, errLongLine
		}
		return line, err
	}
}
