package corpus

import (
	"context"
	"fmt"
	"io"
	"iter"
)

// Input is something to read articles from.
type Input struct {
	// Name is a path, a URL, or a made-up name ("standard input"): its extension
	// helps to tell the format and errors name it.
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
// that could not be read (one line of a JSON lines file, or the whole input)
// and does not end the iteration by itself; each is an [*Error], or the
// context's error. Data is read as the iteration goes, never beyond MaxInput
// for formats of one article.
func Read(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return readText(ctx, in)
}
