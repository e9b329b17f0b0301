package corpus

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	mdtext "github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
)

var sniffFrontMatter = sniffHead(func(head []byte) bool {
	return bytes.HasPrefix(head, []byte("---")) && frontMatterField.Match(head)
})

// frontMatterField is a line "key: value" in front matter.
var frontMatterField = regexp.MustCompile(`(?m)^(title|headline|authors?|date|publisher|source|url|link|language|lang)\s*:[ \t]*(.*?)\r?$`)

// readMarkdown reads one article of Markdown, with its metadata in front matter
// between lines of three hyphens. Text is the reading text; Origin maps it into the source.
func readMarkdown(_ context.Context, in Input) iter.Seq2[*Article, error] {
	return one(in, func(source string) (*Article, error) {
		if isTangled(source) {
			return nil, errTangled
		}
		a := &Article{}
		body := a.readFrontMatter(source)
		blocks, flat := markdownBlocks(source, body)
		if a.Title == "" {
			for _, b := range blocks {
				if b.kind == Heading {
					a.Title = b.text
					break
				}
			}
		}
		a.setBlocks(source, flat, blocks)
		return a, nil
	})
}

// errTangled says that a Markdown file was made to keep the parser busy.
var errTangled = errors.New("there are too many Markdown marks in one paragraph")

// maxTangle bounds the sum, over the paragraphs, of their numbers of marks squared.
const maxTangle = 100_000_000

// isTangled reports whether the paragraphs hold so many marks that the parser, whose
// time can grow with their square, would take longer than a second or so.
func isTangled(source string) bool {
	sum, marks := 0, 0
	blankLine := true
	for i := range len(source) {
		switch source[i] {
		case '\n':
			if blankLine {
				sum += marks * marks
				marks = 0
			}
			blankLine = true
		case ' ', '\t', '\r':
		case '*', '_', '[', ']', '!', '<', '>', '`', '~', '&', '\\', '-', '+':
			marks++
			blankLine = false
		default:
			blankLine = false
		}
		if sum+marks*marks > maxTangle {
			return true
		}
	}
	return false
}

// maxFrontMatter bounds the front matter, in bytes.
const maxFrontMatter = 16 << 10

// readFrontMatter takes the metadata from the front matter, and returns where the
// body begins. Only flat "key: value" lines and lists of authors are read.
func (a *Article) readFrontMatter(source string) (body int) {
	start := len(source) - len(strings.TrimPrefix(source, byteOrderMark))
	head := source[start:min(len(source), start+maxFrontMatter)]
	opening := frontMatterFence.FindStringIndex(head)
	if opening == nil || opening[0] != 0 {
		return start
	}
	closing := frontMatterFence.FindStringIndex(head[opening[1]:])
	if closing == nil {
		return start
	}
	fields := head[opening[1] : opening[1]+closing[0]]
	for _, m := range frontMatterField.FindAllStringSubmatchIndex(fields, -1) {
		a.setField(fields[m[2]:m[3]], unquote(fields[m[4]:m[5]]), fields[m[1]:])
	}
	return start + opening[1] + closing[1]
}

var (
	frontMatterFence = regexp.MustCompile(`(?m)^---[ \t]*\r?(?:\n|$)`)
	frontMatterItem  = regexp.MustCompile(`^\s*\n[ \t]*-[ \t]+([^\r\n]+)`)
)

// setField sets one field of the front matter; after is what follows its line,
// where a list may stand.
func (a *Article) setField(key, value, after string) {
	switch key {
	case "title", "headline":
		a.Title = value
	case "author", "authors":
		for _, n := range strings.Split(strings.Trim(value, "[]"), ",") {
			a.Authors = append(a.Authors, authorNames(unquote(n))...)
		}
		for m := frontMatterItem.FindStringSubmatch(after); m != nil && value == ""; m = frontMatterItem.FindStringSubmatch(after) {
			a.Authors = append(a.Authors, authorNames(unquote(m[1]))...)
			after = after[len(m[0]):]
		}
	case "date":
		a.Date = normalDate(value)
	case "publisher", "source":
		a.Publisher = value
	case "url", "link":
		a.URL = value
	case "language", "lang":
		a.Language = languageCode(value)
	}
}

// unquote takes white space and a pair of quotation marks off a value.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// markdownBlocks parses the Markdown from byte body of source on into blocks,
// and the flat text that they are found in again.
func markdownBlocks(source string, body int) ([]block, *flatText) {
	src := []byte(source[body:])
	doc := goldmark.DefaultParser().Parse(mdtext.NewReader(src))
	m := &markdownReader{src: src, offset: body, flat: &flatText{}}
	// The walk returns only what the walker returns, which is never an error.
	_ = ast.Walk(doc, m.visit)
	return m.blocks, m.flat
}

// markdownReader collects the text of a Markdown document's blocks.
type markdownReader struct {
	src    []byte
	offset int // of src in the article's source
	flat   *flatText
	end    int // of the last text in src
	line   strings.Builder
	blocks []block
}

func (m *markdownReader) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch n := n.(type) {
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock, *ast.Image, *ast.LinkReferenceDefinition:
		return ast.WalkSkipChildren, nil
	case *ast.Text:
		if entering {
			m.text(n)
		}
	case *ast.AutoLink:
		if entering {
			m.autoLink(string(n.Label(m.src)))
		}
	case *ast.Heading:
		m.block(entering, Heading)
	case *ast.Paragraph, *ast.TextBlock:
		m.block(entering, Body)
	}
	return ast.WalkContinue, nil
}

// block begins a block or ends it.
func (m *markdownReader) block(entering bool, kind ParagraphKind) {
	if t := foldBlanks(m.line.String()); t != "" && !entering {
		m.blocks = append(m.blocks, block{text: t, kind: kind})
	}
	m.line.Reset()
}

// text adds a piece of text: escapes and character references are decoded, except in code.
func (m *markdownReader) text(n *ast.Text) {
	s := n.Segment
	m.end = s.Stop
	raw := string(s.Value(m.src))
	if _, code := n.Parent().(*ast.CodeSpan); code || n.IsRaw() {
		m.flat.add(raw, m.offset+s.Start, len(raw), true)
		m.line.WriteString(raw)
	} else {
		m.line.WriteString(m.decoded(raw, s.Start))
	}
	if n.SoftLineBreak() || n.HardLineBreak() {
		m.line.WriteByte('\n')
	}
}

// autoLink adds the address of a link such as <https://example.org>, whose place
// the parser does not tell: it is the next such text.
func (m *markdownReader) autoLink(label string) {
	at := bytes.Index(m.src[m.end:], []byte(label))
	if at < 0 {
		return
	}
	m.flat.add(label, m.offset+m.end+at, len(label), true)
	m.line.WriteString(label)
	m.end += at + len(label)
}

var escapeOrEntity = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]|` + entity.String())

// decoded decodes a piece of text that begins at byte at of src, and adds it to the flat text.
func (m *markdownReader) decoded(raw string, at int) string {
	var out strings.Builder
	done := 0
	put := func(text string, from, to int, copied bool) {
		m.flat.add(text, m.offset+at+from, to-from, copied)
		out.WriteString(text)
	}
	for _, e := range escapeOrEntity.FindAllStringIndex(raw, -1) {
		put(raw[done:e[0]], done, e[0], true)
		if found := raw[e[0]:e[1]]; found[0] == '\\' {
			put(found[1:], e[0], e[1], false)
		} else {
			text := html.UnescapeString(found)
			put(text, e[0], e[1], text == found)
		}
		done = e[1]
	}
	put(raw[done:], done, len(raw), true)
	return out.String()
}
