// Package card draws a quote as a picture: the words, who said them, in which
// office, where and when they were printed.
//
// Text is shaped and broken into lines by go-text, so that scripts which join
// their letters or run from right to left come out as they are written. Latin,
// Greek, Cyrillic and Arabic letters are drawn with fonts that are part of the
// binary; for any other script the fonts of the system are searched, and a text
// that no font can show is refused with [ErrNoFont] rather than drawn as boxes.
//
// The text of a card is not trusted. It is cleaned of marks that would turn or
// hide what follows, and bounded before it is shaped, so that drawing takes
// bounded time whatever it is given.
package card

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
)

// ErrNoFont says that neither the embedded fonts nor those of the system have
// the letters of a card's text.
var ErrNoFont = errors.New("no font has the letters of this text")

// Card is what a picture shows. Every part but Words may be empty.
type Card struct {
	Words   string
	Speaker string
	Role    string
	Source  string // who printed it
	Date    string // as readers write it
	// Verbatim cards carry a large quotation mark; words that a reporter put in
	// their own way must not.
	Verbatim bool
	Dark     bool
}

// Painter draws cards, one at a time. It is safe for concurrent use.
type Painter struct {
	turn  chan struct{} // holds one token; who takes it may use type
	typer *typesetter
}

// New makes a painter. Found system fonts are remembered in cacheDir, a folder
// that is made when it is first needed; the search itself waits until a text
// needs it.
func New(cacheDir string) (*Painter, error) {
	t, err := newTypesetter(cacheDir)
	if err != nil {
		return nil, fmt.Errorf("loading the fonts of quote cards: %w", err)
	}
	p := &Painter{turn: make(chan struct{}, 1), typer: t}
	p.turn <- struct{}{}
	return p, nil
}

// PNG draws a card. It fails with ErrNoFont, or when ctx ends before it was its
// turn.
func (p *Painter) PNG(ctx context.Context, c Card) ([]byte, error) {
	return p.png(ctx, "a quote card", func() (*image.RGBA, error) { return p.draw(c) })
}

// png encodes what draw draws when it is its turn. The errors name what that is.
func (p *Painter) png(ctx context.Context, what string, draw func() (*image.RGBA, error)) ([]byte, error) {
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting to draw %s: %w", what, context.Cause(ctx))
	case <-p.turn:
		defer func() { p.turn <- struct{}{} }()
	}
	img, err := draw()
	if err != nil {
		return nil, fmt.Errorf("drawing %s: %w", what, err)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		return nil, fmt.Errorf("writing %s: %w", what, err)
	}
	return b.Bytes(), nil
}
