package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"unicode/utf8"
)

// maxStored bounds the size in bytes of a stored file that is read back: text,
// its JSON escapes, and the offsets.
const maxStored = 16 * MaxText

// load reads a stored article and checks that it is what was once written.
func (s *Store) load(ctx context.Context, name string) (*Article, error) {
	b, err := s.blobs.Read(ctx, name, maxStored)
	switch {
	case errors.Is(err, ErrTooLarge):
		return nil, s.damaged(name, err)
	case err != nil:
		return nil, err
	}
	var a Article
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, s.damaged(name, err)
	}
	if err := a.check(); err != nil {
		return nil, s.damaged(name, err)
	}
	want, _ := idOfFile(path.Base(name))
	if got := a.Identity(); got != a.ID || got != want {
		return nil, s.damaged(name, errors.New("its content does not fit its ID"))
	}
	return &a, nil
}

func (s *Store) damaged(name string, err error) error {
	return fmt.Errorf("%s is damaged: %w (restore it from a backup, or delete it and import the article again)", s.blobs.Where(name), err)
}

// check reports what makes the article one that must not be stored or used.
func (a *Article) check() error {
	if !utf8.ValidString(a.Text) {
		return errors.New("the text is not valid UTF-8")
	}
	end := 0
	for _, p := range a.Paragraphs {
		if p.Span.Start < end || p.Span.End < p.Span.Start || p.Span.End > len(a.Text) {
			return fmt.Errorf("paragraph %d lies outside the text or over another", p.Number)
		}
		end = p.Span.End
	}
	end = 0
	for _, r := range a.Origin {
		if r.Text < end || r.Len < 0 || r.Text+r.Len > len(a.Text) || r.Origin < 0 || r.Size < 0 {
			return fmt.Errorf("the run at byte %d lies outside the text or over another", r.Text)
		}
		end = r.Text + r.Len
	}
	return nil
}

// encodeArticle is the article in JSON for a person's eyes: one line a field,
// one a paragraph, one a run.
func encodeArticle(a *Article) ([]byte, error) {
	head := *a
	head.Paragraphs, head.Origin = nil, nil
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(head); err != nil {
		return nil, err
	}
	// The text can't hold the mark: there, its quotation marks are escaped.
	before, after, _ := bytes.Cut(buf.Bytes(), []byte(`"paragraphs": null`))
	out := bytes.NewBuffer(before)
	after = bytes.Clone(after)
	if err := writeList(out, "paragraphs", a.Paragraphs); err != nil {
		return nil, err
	}
	if len(a.Origin) > 0 {
		out.WriteString(",\n  ")
		if err := writeList(out, "origin", a.Origin); err != nil {
			return nil, err
		}
	}
	out.Write(after)
	return out.Bytes(), nil
}

// writeList writes a member of an object whose value is a list, one element a line.
func writeList[T any](out *bytes.Buffer, name string, list []T) error {
	fmt.Fprintf(out, "%q: [", name)
	for i, e := range list {
		if i > 0 {
			out.WriteByte(',')
		}
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		out.WriteString("\n    ")
		out.Write(b)
	}
	out.WriteString("\n  ]")
	return nil
}
