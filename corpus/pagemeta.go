package corpus

import (
	"encoding/json"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// pageMeta is what a page says about itself, by where it says it.
type pageMeta struct {
	meta       map[string]string // by name, property or itemprop in lower case; the first of each
	ld         linkedData
	h1         []string
	title      string
	times      []string // datetime of the time elements
	timesBelow int      // how many of them stand above the first h1
	dated      []string // texts of elements that are marked as the date's, and
	signed     []string // as the author's
	byline     string   // of an element that is marked as the author's
	canonical  string
	language   string
}

// linkedData is what matters of an article in schema.org's JSON-LD.
type linkedData struct {
	headline, publisher, date string
	authors                   []string
}

// readPageMeta collects the page's metadata in one walk.
func readPageMeta(doc *html.Node) *pageMeta {
	m := &pageMeta{meta: map[string]string{}}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			m.element(n)
		}
	}
	return m
}

func (m *pageMeta) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		m.language = languageCode(attribute(n, "lang"))
	case atom.Meta:
		content := oneLine(attribute(n, "content"))
		for _, key := range []string{"property", "name", "itemprop"} {
			if k := strings.ToLower(attribute(n, key)); k != "" && content != "" && m.meta[k] == "" {
				m.meta[k] = content
			}
		}
	case atom.Link:
		if strings.EqualFold(attribute(n, "rel"), "canonical") && m.canonical == "" {
			m.canonical = attribute(n, "href")
		}
	case atom.Script:
		if strings.EqualFold(attribute(n, "type"), "application/ld+json") && n.FirstChild != nil {
			m.ld.read(n.FirstChild.Data)
		}
	case atom.H1:
		if t := nodeText(n); t != "" {
			if len(m.h1) == 0 {
				m.timesBelow = len(m.times)
			}
			m.h1 = append(m.h1, t)
		}
	case atom.Title:
		if m.title == "" && n.Namespace == "" {
			m.title = nodeText(n)
		}
	case atom.Time:
		if t := attribute(n, "datetime"); t != "" && len(m.times) < 50 {
			m.times = append(m.times, t)
		}
	}
	m.markedTexts(n)
	if rel, prop := attribute(n, "rel"), attribute(n, "itemprop"); m.byline == "" && n.DataAtom != atom.Meta && (rel == "author" || prop == "author") {
		m.byline = nodeText(n)
	}
}

// headline is the headline as the page shows it, or "". An h1 that ends the page's title after a
// dash names the site: "Timber or steel? - Selm Boat Forum".
func (m *pageMeta) headline() string {
	if len(m.h1) != 1 {
		return ""
	}
	if before, ok := strings.CutSuffix(m.title, m.h1[0]); ok && before != "" {
		if t := strings.TrimRight(before, " "); strings.HasSuffix(t, "-") || strings.HasSuffix(t, "–") || strings.HasSuffix(t, "|") || strings.HasSuffix(t, "·") {
			return strings.TrimRight(t, " -–|·")
		}
	}
	return m.h1[0]
}

// describe fills the article's metadata from the surest place that has each.
// What no place tells stays empty.
func (m *pageMeta) describe(a *Article, pageURL string) {
	a.Title = first(m.headline(), m.ld.headline, m.meta["og:title"], m.meta["twitter:title"], m.title)
	a.Publisher = first(m.ld.publisher, m.meta["og:site_name"], m.meta["application-name"], m.meta["publisher"], m.meta["dc.publisher"])
	a.Authors = m.authors(a.Publisher)
	a.URL = m.url(pageURL)
	a.Date = m.date(a.URL)
}

// authors are the names in the first place that names persons.
func (m *pageMeta) authors(publisher string) []string {
	places := [][]string{m.ld.authors}
	for _, key := range []string{"author", "article:author", "byl", "dc.creator", "parsely-author", "sailthru.author"} {
		places = append(places, []string{m.meta[key]})
	}
	places = append(places, []string{m.byline})
	for _, t := range m.signed {
		places = append(places, []string{t})
	}
	for _, place := range places {
		var names []string
		for _, s := range place {
			for _, n := range authorNames(s) {
				if foldText(n) != foldText(publisher) {
					names = append(names, n)
				}
			}
		}
		if len(names) > 0 {
			return names
		}
	}
	return nil
}

// date is the day of publication, as the page's metadata have it or as it shows it.
func (m *pageMeta) date(address string) string {
	places := []string{m.ld.date}
	for _, key := range []string{"article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
		"dcterms.created", "pubdate", "publishdate", "publication_date", "parsely-pub-date", "sailthru.date", "citation_publication_date"} {
		places = append(places, m.meta[key])
	}
	for _, p := range places {
		if d := normalDate(p); d != "" {
			return d
		}
	}
	return m.shownDate(address)
}

// url is where the page was fetched from, in the form the page gives as
// canonical if that is on the same host; for a file, the form it gives.
func (m *pageMeta) url(pageURL string) string {
	base, err := url.Parse(pageURL)
	if err != nil {
		return ""
	}
	for _, s := range []string{m.canonical, m.meta["og:url"]} {
		u, err := base.Parse(strings.TrimSpace(s))
		if s == "" || err != nil || webURL(u.String()) == "" {
			continue
		}
		if pageURL == "" || strings.EqualFold(u.Host, base.Host) && len(u.Path) > 1 {
			return u.String()
		}
	}
	return pageURL
}

// attribute is the value of the node's attribute, without white space around it.
func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// nodeText is the text below a node on one line.
func nodeText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && b.Len() < 4096 {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return oneLine(b.String())
}

// read takes what the script's JSON says of an article, if it is one.
func (ld *linkedData) read(script string) {
	var v any
	if len(script) > 1<<20 || json.Unmarshal([]byte(script), &v) != nil {
		return
	}
	ld.visit(v, 0)
}

// visit looks for the article in lists and graphs, a few levels deep.
func (ld *linkedData) visit(v any, depth int) {
	if depth > 4 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			ld.visit(e, depth+1)
		}
	case map[string]any:
		if isArticleType(v["@type"]) && ld.headline == "" {
			ld.headline = oneLine(text(v["headline"]))
			ld.date = first(text(v["datePublished"]), text(v["dateCreated"]))
			ld.authors = names(v["author"], 0)
			if p := names(v["publisher"], 0); len(p) > 0 {
				ld.publisher = oneLine(p[0])
			}
		}
		ld.visit(v["@graph"], depth+1)
		ld.visit(v["mainEntity"], depth+1)
	}
}

// isArticleType reports whether a JSON-LD type, or one of a list, is a kind of article.
func isArticleType(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.HasSuffix(v, "Article") || strings.HasSuffix(v, "Posting") || v == "Report" || v == "ReportageNewsArticle"
	case []any:
		for _, e := range v {
			if s, ok := e.(string); ok && isArticleType(s) {
				return true
			}
		}
	}
	return false
}

// text is the value if it is a string.
func text(v any) string {
	s, _ := v.(string)
	return s
}

// names reads a name, an object with a name, or a list of such.
func names(v any, depth int) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case map[string]any:
		if n := text(v["name"]); n != "" {
			return []string{n}
		}
	case []any:
		var all []string
		for _, e := range v[:min(len(v), 20)] {
			if depth < 2 {
				all = append(all, names(e, depth+1)...)
			}
		}
		return all
	}
	return nil
}
