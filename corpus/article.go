// Package corpus holds the articles: readers for each format, fetching, and
// the store that is the source of truth.
//
// [Sources] lists what paths and URLs stand for, [Read] turns bytes of any of the
// [Formats] into articles, and a [Store] keeps them. An article's text is
// split into paragraphs, whose kind tells the body from bylines, biographies and
// the furniture of a page; [Article.Document] is what the quote engine reads,
// and [Article.OriginSpan] leads from a quote back into the file.
//
// Everything downstream (quotes, index) is derived from what is stored here
// and can be deleted and rebuilt. The package knows nothing of the index.
package corpus

import (
	"time"

	"github.com/whosaid/whosaid/quote"
)

// SharedScope is the scope of articles that every Discord server may see.
const SharedScope = "shared"

// Article is one article as read from a file, a URL or a feed. It never
// changes once stored: a changed text is another article.
type Article struct {
	// ID identifies the article by its content: hex digits of a hash over
	// scope, title, URL and text. Importing the same article twice gives the
	// same ID.
	ID string `json:"id"`
	// Scope is the corpus it belongs to: SharedScope or a Discord server's id.
	Scope     string   `json:"scope"`
	Title     string   `json:"title"`
	Authors   []string `json:"authors,omitempty"`
	Publisher string   `json:"publisher"`
	URL       string   `json:"url"`
	// Date is the day of publication, YYYY-MM-DD, or "" when unknown.
	Date string `json:"date"`
	// Language is an ISO 639-1 code, or "" when it can't be told.
	Language string `json:"language"`
	// File is the base name of the imported file ("report.txt"), "" for a URL.
	File string `json:"file"`
	// Text is the decoded UTF-8 text that paragraphs, and all quotes found
	// later, point into, in bytes.
	Text string `json:"text"`
	// Paragraphs are ascending and disjoint.
	Paragraphs []Paragraph `json:"paragraphs"`
	// Origin maps Text back into the UTF-8 form of the original input, ascending
	// by Text offset; empty when Text is the input, byte for byte.
	Origin []Run `json:"origin,omitempty"`
	// Imported is when the article entered the store.
	Imported time.Time `json:"imported"`
}

// Paragraph is a part of an article's text with a stable number.
type Paragraph struct {
	// Number counts the article's paragraphs from 1; with the article's ID it
	// names the paragraph for good.
	Number int           `json:"n"`
	Span   quote.Span    `json:"span"` // bytes of Article.Text
	Kind   ParagraphKind `json:"kind"`
}

// ParagraphKind tells the article's body from what surrounds it.
type ParagraphKind string

// The kinds of paragraph. Body and Heading are read for quotes; a headline
// attributes too ("Mayor: bridge is safe").
const (
	Body      ParagraphKind = "body"
	Heading   ParagraphKind = "heading"   // the headline, where it stands in the text, and subheadings
	Byline    ParagraphKind = "byline"    // "By JANE DOE", "X contributed reporting."
	Bio       ParagraphKind = "bio"       // who the author is
	Furniture ParagraphKind = "furniture" // "The post T appeared first on P.", "Read more", captions
)

// Run says that Len bytes of Article.Text from Text on stand, in the original
// input, in the Size bytes from Origin on. Len and Size are equal for text
// copied as it stands, save that a line break may have become a space, and differ
// for what was decoded (an entity, folded space).
type Run struct {
	Text   int `json:"t"`
	Len    int `json:"l"`
	Origin int `json:"o"`
	Size   int `json:"s"`
}

// Body are the paragraphs of the article's own text, in order: all that is
// read for quotes, its headings included.
func (a *Article) Body() []Paragraph {
	var body []Paragraph
	for _, p := range a.Paragraphs {
		if p.Kind == Body || p.Kind == Heading {
			body = append(body, p)
		}
	}
	return body
}

// Document is what the quote engine reads of the article: its body.
// Quote.Paragraph of what it finds counts the paragraphs of Body from 0.
func (a *Article) Document() quote.Document {
	d := quote.Document{Title: a.Title, Publisher: a.Publisher, Authors: a.Authors, Language: a.Language}
	for _, p := range a.Body() {
		d.Paragraphs = append(d.Paragraphs, p.Span)
	}
	if len(d.Paragraphs) > 0 { // without any, the engine would read all of Text
		d.Text = a.Text
	}
	return d
}

// ParagraphAt is the paragraph that holds the byte offset of Text, or false.
func (a *Article) ParagraphAt(offset int) (Paragraph, bool) {
	for _, p := range a.Paragraphs {
		if p.Span.Start <= offset && offset < p.Span.End {
			return p, true
		}
	}
	return Paragraph{}, false
}
