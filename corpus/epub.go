package corpus

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

const (
	maxChapters = 5000
	// shortChapter is the text, in bytes, below which a part of a book is a cover, a title page or an imprint.
	shortChapter = 400
)

// sniffEPUB knows the archive by its first file, which must be "mimetype" and not packed.
func sniffEPUB(head []byte) bool {
	return sniffZip(head) && bytes.Contains(head[:min(len(head), 100)], []byte("mimetypeapplication/epub+zip"))
}

// readEPUB reads a book or magazine, an article for each part of its reading order that has
// enough text. A part is named by its heading after the book.
func readEPUB(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		z, release, err := in.openZip()
		if err != nil {
			yield(nil, in.fail(fmt.Errorf("open the book: %w", err)))
			return
		}
		defer release()
		book, err := openBook(z)
		if err != nil {
			yield(nil, in.fail(fmt.Errorf("read the book: %w", err)))
			return
		}
		found := 0
		for _, part := range book.spine {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			a, err := book.chapter(z, part, in)
			if a == nil && err == nil {
				continue
			}
			found++
			if err != nil {
				err = &Error{Name: in.Name + "!/" + printable(part), Err: err}
			}
			if !yield(a, err) {
				return
			}
		}
		if found == 0 {
			yield(nil, in.fail(errors.New("there is no article text in it")))
		}
	}
}

// book is what an EPUB's package file (OPF) says.
type book struct {
	title, publisher, date, language string
	authors                          []string
	spine                            []string // paths of the parts in reading order
}

// opf is the package file.
type opf struct {
	Title     []string `xml:"metadata>title"`
	Creator   []string `xml:"metadata>creator"`
	Publisher string   `xml:"metadata>publisher"`
	Date      []string `xml:"metadata>date"`
	Language  string   `xml:"metadata>language"`
	Items     []struct {
		ID         string `xml:"id,attr"`
		Href       string `xml:"href,attr"`
		MediaType  string `xml:"media-type,attr"`
		Properties string `xml:"properties,attr"`
	} `xml:"manifest>item"`
	Spine []struct {
		IDRef  string `xml:"idref,attr"`
		Linear string `xml:"linear,attr"`
	} `xml:"spine>itemref"`
}

// openBook finds the package file, by META-INF/container.xml, and reads it.
func openBook(z *zip.Reader) (*book, error) {
	var container struct {
		Root []struct {
			Path string `xml:"full-path,attr"`
		} `xml:"rootfiles>rootfile"`
	}
	if err := unmarshalPart(z, "META-INF/container.xml", &container); err != nil {
		return nil, err
	}
	if len(container.Root) == 0 {
		return nil, errors.New("META-INF/container.xml names no package file")
	}
	root := container.Root[0].Path
	var p opf
	if err := unmarshalPart(z, root, &p); err != nil {
		return nil, err
	}
	b := &book{title: oneLine(first(p.Title...)), publisher: oneLine(p.Publisher), language: languageCode(p.Language), date: normalDate(first(p.Date...))}
	for _, c := range p.Creator {
		b.authors = append(b.authors, authorNames(c)...)
	}
	paths := map[string]string{}
	for _, i := range p.Items {
		if href, err := url.PathUnescape(i.Href); err == nil && (i.MediaType == "application/xhtml+xml" || i.MediaType == "text/html") && !strings.Contains(i.Properties, "nav") {
			paths[i.ID] = path.Join(path.Dir(root), href) // ".." can't leave the archive: it is only looked up in it
		}
	}
	for _, s := range p.Spine[:min(len(p.Spine), maxChapters)] {
		if at := paths[s.IDRef]; at != "" && s.Linear != "no" {
			b.spine = append(b.spine, at)
		}
	}
	return b, nil
}

func unmarshalPart(z *zip.Reader, name string, v any) error {
	b, err := zipPart(z, name, MaxInput)
	if err != nil {
		return err
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.Strict = false
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%s: %w", printable(name), err)
	}
	return nil
}

// selfClosed are elements that XHTML may close at once and an HTML parser would take for open.
var selfClosed = regexp.MustCompile(`(?i)<(title|script|style|a|div|p|span|iframe|textarea|i|b|em|h[1-6])(\s[^<>]*)?/>`)

// chapter reads one part of the book; nil without an error is a part without enough text.
func (b *book) chapter(z *zip.Reader, part string, in Input) (*Article, error) {
	raw, err := zipPart(z, part, MaxInput)
	if err != nil {
		return nil, err
	}
	in.within.out += int64(len(raw))
	if in.within.left() < 0 {
		return nil, errExpands
	}
	source, err := decode(raw, "application/xhtml+xml")
	if err != nil {
		return nil, err
	}
	doc, err := html.Parse(strings.NewReader(selfClosed.ReplaceAllString(source, "<$1$2></$1>")))
	if err != nil {
		return nil, err
	}
	blocks := blocksOf(doc)
	if textLength(blocks) < shortChapter && len(b.spine) > 1 || len(blocks) == 0 {
		return nil, nil
	}
	a := &Article{Title: b.title, Authors: append([]string(nil), b.authors...), Publisher: b.publisher, Date: b.date, Language: b.language}
	if h := blocks[0]; h.kind == Heading && foldText(h.text) != foldText(b.title) {
		a.Title = h.text
		if b.title != "" {
			a.Title = b.title + ": " + h.text
		}
	}
	a.setBlocks("", nil, blocks)
	return a, nil
}
