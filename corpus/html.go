package corpus

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/url"
	"regexp"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxElements bounds the elements of a page; pages of articles have a few thousand.
const maxElements = 100_000

var sniffHTML = sniffHead(func(head []byte) bool {
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<article", "<meta"} {
		if bytes.HasPrefix(head, []byte(tag)) {
			return true
		}
	}
	isXML := bytes.HasPrefix(head, []byte("<?xml")) || bytes.HasPrefix(head, []byte("<!--"))
	return isXML && bytes.Contains(head, []byte("<html"))
})

// readHTML reads the article of a page: its main content without navigation,
// advertisements and comments, and what the page's metadata say of it.
func readHTML(_ context.Context, in Input) iter.Seq2[*Article, error] {
	return one(in, func(source string) (*Article, error) { return parseHTML(source, in.URL) })
}

// parseHTML makes the article of a page. Text is the reading text, its paragraphs
// joined by empty lines; Origin maps it into source.
func parseHTML(source, pageURL string) (*Article, error) {
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return nil, fmt.Errorf("parse the page: %w", err)
	}
	meta := readPageMeta(doc)
	blocks, byline, err := mainContent(doc, pageURL)
	if err != nil {
		return nil, fmt.Errorf("find the article in the page: %w", err)
	}
	if h := meta.headline(); h != "" && !startsWith(blocks, h) {
		blocks = append([]block{{text: h, kind: Heading}}, blocks...)
	}
	a := &Article{}
	meta.describe(a, pageURL)
	if len(a.Authors) == 0 {
		a.Authors = parseByline(byline)
	}
	a.setBlocks(source, flattenHTML(source), blocks)
	if a.Language = a.detectLanguage(); a.Language == "" {
		a.Language = meta.language
	}
	return a, nil
}

// startsWith reports whether one of the first blocks has the text.
func startsWith(blocks []block, text string) bool {
	for _, b := range blocks[:min(3, len(blocks))] {
		if foldText(b.text) == foldText(text) {
			return true
		}
	}
	return false
}

// block is a paragraph of a page: its text with white space folded, and what
// its element tells of its kind.
type block struct {
	text string
	kind ParagraphKind
}

// mainContent finds the blocks of the article, and the line that names its author.
// It changes doc.
func mainContent(doc *html.Node, pageURL string) (blocks []block, byline string, err error) {
	all := blocksOf(doc)
	p := readability.NewParser()
	p.MaxElemsToParse, p.KeepClasses = maxElements, true
	base, err := url.Parse(pageURL)
	if err != nil || pageURL == "" {
		base = nil
	}
	article, err := p.ParseAndMutate(doc, base)
	if err != nil {
		return nil, "", err
	}
	dropAsides(article.Node)
	blocks = blocksOf(article.Node)
	if textLength(blocks) == 0 {
		// Too short for the statistics of content: a page of a few lines is all content.
		blocks = all
	}
	return blocks, article.Byline(), nil
}

// asideMark are words in the class or id of elements that stand in an article and are none of it.
var asideMark = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:paywall|promo|newsletter|signup|subscribe|advert|ads|ad|related|related-content|recommended|most-read|mostread|share|sharing|social|cookie|cookies|comments|comment-list|disclaimer|author-bio|bio|key-events|up-next|read-more|readmore|breadcrumbs?|tags|outbrain|taboola)(?:[^a-z]|$)`)

// dropAsides removes from an article what its names say is advertising, or leads elsewhere. What holds
// half of the text or more is left: then the name means something else.
func dropAsides(article *html.Node) {
	if article == nil {
		return
	}
	sizes := map[*html.Node]int{}
	all := textSizes(article, sizes)
	var drop []*html.Node
	for n := range article.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom == atom.Body || n.DataAtom == atom.Article {
			continue
		}
		names := attribute(n, "class") + " " + attribute(n, "id")
		if len(names) > 2 && len(names) < 300 && asideMark.MatchString(names) && 2*sizes[n] < all {
			drop = append(drop, n)
		}
	}
	for _, n := range drop {
		n.Parent.RemoveChild(n)
	}
}

// textSizes notes how many bytes of text each element holds.
func textSizes(n *html.Node, sizes map[*html.Node]int) int {
	size := 0
	if n.Type == html.TextNode {
		size = len(n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		size += textSizes(c, sizes)
	}
	if n.Type == html.ElementNode {
		sizes[n] = size
	}
	return size
}

func textLength(blocks []block) int {
	n := 0
	for _, b := range blocks {
		n += len(b.text)
	}
	return n
}

// Elements whose text is not for reading.
var unread = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Head: true, atom.Textarea: true, atom.Select: true,
	atom.Button: true, atom.Iframe: true, atom.Noscript: true, atom.Svg: true, atom.Object: true, atom.Nav: true,
	atom.Footer: true, atom.Form: true, atom.Math: true, atom.Canvas: true, atom.Noembed: true, atom.Noframes: true,
}

// Elements within a line; all others begin and end a block.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Br: true, atom.Cite: true, atom.Code: true,
	atom.Data: true, atom.Del: true, atom.Dfn: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Ins: true, atom.Kbd: true,
	atom.Mark: true, atom.Q: true, atom.Ruby: true, atom.S: true, atom.Small: true, atom.Span: true, atom.Strong: true,
	atom.Sub: true, atom.Sup: true, atom.Time: true, atom.Tt: true, atom.U: true, atom.Var: true, atom.Wbr: true, atom.Img: true,
	atom.Label: true, atom.Big: true, atom.Strike: true,
}

// blocksOf collects the blocks below a node.
func blocksOf(root *html.Node) []block {
	if root == nil {
		return nil
	}
	c := blockCollector{kind: Body}
	c.visit(root)
	c.flush()
	return c.blocks
}

type blockCollector struct {
	blocks []block
	line   strings.Builder
	kind   ParagraphKind
}

func (c *blockCollector) flush() {
	if t := foldBlanks(c.line.String()); t != "" {
		c.blocks = append(c.blocks, block{text: t, kind: c.kind})
	}
	c.line.Reset()
}

func (c *blockCollector) visit(n *html.Node) {
	if n.Type == html.TextNode {
		c.line.WriteString(n.Data)
		return
	}
	if n.Type == html.ElementNode && unread[n.DataAtom] {
		c.line.WriteByte(' ')
		return
	}
	breaks := n.Type == html.ElementNode && !inline[n.DataAtom]
	before := c.kind
	if breaks {
		c.flush()
		c.kind = elementKind(n.DataAtom, before)
	}
	if n.DataAtom == atom.Br {
		c.line.WriteByte('\n')
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.visit(child)
	}
	if breaks {
		c.flush()
		c.kind = before
	}
}

// elementKind is the kind of the paragraphs in an element, given the kind around it.
func elementKind(a atom.Atom, around ParagraphKind) ParagraphKind {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return Heading
	case atom.Figcaption, atom.Caption:
		return Furniture
	}
	return around
}

// setBlocks makes the blocks the article's text and paragraphs, with their origin
// in source, or without one where flat is nil.
func (a *Article) setBlocks(source string, flat *flatText, blocks []block) {
	var text strings.Builder
	spans := make([]span, len(blocks))
	for i, b := range blocks {
		if i > 0 {
			text.WriteString("\n\n")
		}
		start := text.Len()
		text.WriteString(b.text)
		spans[i] = span{Start: start, End: text.Len()}
	}
	a.Text = text.String()
	if flat != nil {
		a.Origin = flat.runs(source, a.Text, spans)
	}
	a.classify(spans)
	for i, b := range blocks {
		if p := &a.Paragraphs[i]; b.kind != Body && p.Kind == Body {
			p.Kind = b.kind
		}
	}
}
