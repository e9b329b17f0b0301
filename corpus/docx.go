package corpus

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// maxPart bounds one part of a DOCX or EPUB file, in bytes, unpacked. The markup of a
// word processor is many times its text.
const maxPart = 64 << 20

// sniffDOCX knows the archive by the part that must be there, which is nearly always its first.
func sniffDOCX(head []byte) bool {
	return sniffZip(head) && (bytes.Contains(head, []byte("[Content_Types].xml")) && bytes.Contains(head, []byte("word/")))
}

// readDOCX reads one article of a word processor's document (ECMA-376): its paragraphs, with
// headings by their style, without what was deleted, and title and authors from its properties. The
// day of its creation says nothing of publication.
func readDOCX(_ context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		a, err := in.docx()
		if err != nil {
			yield(nil, in.fail(fmt.Errorf("read the document: %w", err)))
			return
		}
		yield(a, nil)
	}
}

func (in Input) docx() (*Article, error) {
	z, release, err := in.openZip()
	if err != nil {
		return nil, err
	}
	defer release()
	body, err := zipPart(z, "word/document.xml", maxPart)
	if err != nil {
		return nil, err
	}
	blocks, err := docxBlocks(body)
	if err != nil {
		return nil, fmt.Errorf("word/document.xml: %w", err)
	}
	a := &Article{}
	a.readCoreProperties(z)
	a.setBlocks("", nil, blocks)
	return a, nil
}

// readCoreProperties takes title, authors and language from docProps/core.xml, if it is there.
func (a *Article) readCoreProperties(z *zip.Reader) {
	b, err := zipPart(z, "docProps/core.xml", 1<<20)
	if err != nil {
		return
	}
	var p struct {
		Title    string `xml:"title"`
		Creator  string `xml:"creator"`
		Language string `xml:"language"`
	}
	if xml.Unmarshal(b, &p) != nil {
		return
	}
	a.Title, a.Language = oneLine(p.Title), languageCode(p.Language)
	a.Authors = authorNames(strings.ReplaceAll(p.Creator, ";", ","))
}

// docxReader collects the paragraphs of word/document.xml.
type docxReader struct {
	line   strings.Builder
	style  string
	blocks []block
}

// Elements of word/document.xml whose text is not the document's: what was deleted, what older
// programs show in place of a drawing, the properties of a run.
var docxUnread = map[string]bool{"del": true, "moveFrom": true, "Fallback": true, "instrText": true, "delText": true}

func docxBlocks(part []byte) ([]block, error) {
	d := xml.NewDecoder(bytes.NewReader(part))
	r := &docxReader{}
	for {
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if docxUnread[t.Name.Local] {
				if err := d.Skip(); err != nil {
					return nil, err
				}
			} else if err := r.start(d, t); err != nil {
				return nil, err
			}
		case xml.EndElement:
			if t.Name.Local == "p" {
				r.flush()
			}
		}
	}
	if r.flush(); len(r.blocks) == 0 {
		return nil, errors.New("it has no text")
	}
	return r.blocks, nil
}

func (r *docxReader) start(d *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Local {
	case "p":
		r.flush() // a paragraph may hold a text box with paragraphs
	case "pStyle":
		r.style = xmlAttribute(e, "val")
	case "t":
		var text string
		if err := d.DecodeElement(&text, &e); err != nil {
			return err
		}
		r.line.WriteString(text)
	case "tab", "br", "cr":
		r.line.WriteByte(' ')
	case "noBreakHyphen":
		r.line.WriteByte('-')
	}
	return nil
}

func (r *docxReader) flush() {
	if t := foldBlanks(r.line.String()); t != "" {
		b := block{text: t, kind: Body}
		if s := strings.ToLower(r.style); strings.HasPrefix(s, "heading") || s == "title" || s == "subtitle" {
			b.kind = Heading
		} else if s == "caption" {
			b.kind = Furniture
		}
		r.blocks = append(r.blocks, b)
	}
	r.line.Reset()
	r.style = ""
}

func xmlAttribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
