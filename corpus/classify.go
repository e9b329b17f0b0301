package corpus

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/whosaid/whosaid/quote"
)

// classify gives the article its paragraphs with their kinds, and the title,
// publisher and authors that they tell and that are not known yet. In doubt a
// paragraph is Body: what is wrongly called furniture loses quotes.
//
// What surrounds the body stands at the ends: rules for openings look at the
// first paragraphs, rules for closings at an unbroken run of the last.
func (a *Article) classify(spans []quote.Span) {
	a.Paragraphs = make([]Paragraph, len(spans))
	for i, s := range spans {
		a.Paragraphs[i] = Paragraph{Number: i + 1, Span: s, Kind: Body}
		if isFurniture(a.Text[s.Start:s.End]) {
			a.Paragraphs[i].Kind = Furniture
		}
	}
	a.closePost()
	a.classifyDates()
	a.classifyHeadline()
	a.classifyBylines()
	a.classifyTail()
}

// paragraph is the text of the paragraph with index i.
func (a *Article) paragraph(i int) string {
	s := a.Paragraphs[i].Span
	return a.Text[s.Start:s.End]
}

// The line that WordPress closes a feed's item with.
var closingPost = regexp.MustCompile(`^The post (.+) appeared first on ([\p{Lu}\d].*?)\.?$`)

// closePost reads title and publisher from the closing line.
func (a *Article) closePost() {
	for i := len(a.Paragraphs) - 1; i >= max(0, len(a.Paragraphs)-4); i-- {
		p := a.paragraph(i)
		if len(p) > 600 {
			continue
		}
		m := closingPost.FindStringSubmatch(strings.Join(strings.Fields(p), " "))
		if m == nil {
			continue
		}
		a.Paragraphs[i].Kind = Furniture
		if a.Title == "" {
			a.Title = m[1]
		}
		if a.Publisher == "" {
			a.Publisher = m[2]
		}
		return
	}
}

// headlineLength is the greatest length of a headline, in runes.
const headlineLength = 180

// classifyHeadline finds the headline among the first paragraphs: the one that
// repeats the known title or, where no title is known, an opening that looks
// like one.
func (a *Article) classifyHeadline() {
	if len(a.Paragraphs) < 2 {
		return
	}
	if a.Title != "" {
		for i := range min(3, len(a.Paragraphs)) {
			if foldText(a.paragraph(i)) == foldText(a.Title) {
				a.Paragraphs[i].Kind = Heading
				return
			}
		}
		return
	}
	if a.Paragraphs[0].Kind != Body {
		return
	}
	first := a.paragraph(0)
	if title, n := a.headline(); n > 0 {
		a.Title = title
		for i := range n {
			a.Paragraphs[i].Kind = Heading
		}
	} else if t, ok := strings.CutPrefix(first, "Title: "); ok && !strings.Contains(t, "\n") {
		a.Title, a.Paragraphs[0].Kind = t, Heading
	}
}

// headline guesses the title and how many paragraphs it takes: the first, or
// the first two when a semicolon ends the first line.
func (a *Article) headline() (title string, paragraphs int) {
	n := 1
	title = a.paragraph(0)
	if strings.HasSuffix(title, ";") && len(a.Paragraphs) > 2 && !a.blankAfter(0) {
		n = 2
		title += " " + a.paragraph(1)
	}
	title = strings.Join(strings.Fields(title), " ")
	opening, _ := utf8.DecodeRuneInString(title)
	if utf8.RuneCountInString(title) > headlineLength || strings.ContainsRune("\"“«„-—–*•[<(", opening) {
		return "", 0
	}
	stop := strings.HasSuffix(title, ".") && !strings.HasSuffix(title, "..")
	switch {
	case sentences(title) > 1 && !strings.Contains(title, ";"):
		return "", 0
	case !stop && !endsSentence(title), a.bylineAt(n), a.setApart(n), isTitleCase(title) && a.blankAfter(n-1), a.isShortOpening(title, n):
	default:
		return "", 0
	}
	if stop {
		title = strings.TrimSuffix(title, ".")
	}
	return title, n
}

// setApart reports whether an empty line follows the first n paragraphs and
// hardly any later one: then it parts the headline from the body.
func (a *Article) setApart(n int) bool {
	if !a.blankAfter(n-1) || len(a.Paragraphs) < n+3 {
		return false
	}
	for i := n; i < len(a.Paragraphs)-1; i++ {
		if a.blankAfter(i) {
			return false
		}
	}
	return true
}

// shortHeadline is the greatest length, in runes, of a headline that little but its
// shortness tells from the body. With this rule the headlines of nine in ten
// news articles are found that set them apart as a sentence with a full stop; where the
// headline is missing, one article in seven has its short first sentence taken for it.
const shortHeadline = 110

// isShortOpening reports whether the title, the first n paragraphs, is set apart by an empty
// line, and much shorter than the paragraphs that follow.
func (a *Article) isShortOpening(title string, n int) bool {
	length := utf8.RuneCountInString(title)
	if !a.blankAfter(n-1) || length > shortHeadline || strings.Count(title, " ") < 2 || strings.HasSuffix(title, ":") || dateline.MatchString(title) {
		return false
	}
	var lengths []int
	for _, p := range a.Paragraphs[n:min(len(a.Paragraphs), n+20)] {
		if p.Kind == Body {
			lengths = append(lengths, p.Span.Len())
		}
	}
	slices.Sort(lengths)
	return len(lengths) >= 3 && 10*length <= 6*lengths[len(lengths)/2]
}

// dateline is the beginning of a report: "KYIV, Ukraine (AP) —".
var dateline = regexp.MustCompile(`^\p{Lu}{3}[\p{Lu} .,'’-]*[^—–]{0,40}(?: [—–] | -- )`)

// blankAfter reports whether an empty line stands between the paragraphs i and i+1.
func (a *Article) blankAfter(i int) bool {
	if i < 0 || i+1 >= len(a.Paragraphs) {
		return false
	}
	return strings.Count(a.Text[a.Paragraphs[i].Span.End:a.Paragraphs[i+1].Span.Start], "\n") > 1
}

// bylineAt reports whether the paragraph with index i is a byline.
func (a *Article) bylineAt(i int) bool {
	return i < len(a.Paragraphs) && len(parseByline(a.paragraph(i))) > 0
}

// sentences counts the sentences of a line, roughly: full stops, question and exclamation
// marks that a space and a capital follow, after a word of over three letters.
func sentences(line string) int {
	n := 1
	words := strings.Fields(line)
	for i, w := range words[:max(0, len(words)-1)] {
		r, _ := utf8.DecodeRuneInString(words[i+1])
		if len(w) > 4 && strings.ContainsAny(w[len(w)-1:], ".!?") && (unicode.IsUpper(r) || r == '(') {
			n++
		}
	}
	return n
}

// endsSentence reports whether the line ends as a sentence of a body does: with
// a full stop, or a mark that closes a quotation after one.
func endsSentence(line string) bool {
	t := strings.TrimRight(line, `"”»'’`)
	return strings.HasSuffix(t, ".") || strings.HasSuffix(t, ":") || t != line && strings.HasSuffix(t, ",")
}

// isTitleCase reports whether the words of over three letters are capitalised.
func isTitleCase(line string) bool {
	all, upper := 0, 0
	for w := range strings.FieldsSeq(line) {
		w = strings.TrimLeft(w, `"“‘'(`)
		if utf8.RuneCountInString(w) < 4 {
			continue
		}
		all++
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsLower(r) {
			upper++
		}
	}
	return all >= 3 && 10*upper >= 8*all
}

// foldText is the text for comparison: letters and digits in lower case.
func foldText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// classifyBylines finds bylines in the first five paragraphs and reads the authors.
func (a *Article) classifyBylines() {
	for i := range min(5, len(a.Paragraphs)) {
		if a.Paragraphs[i].Kind != Body {
			continue
		}
		names := parseByline(a.paragraph(i))
		if len(names) == 0 {
			continue
		}
		a.Paragraphs[i].Kind = Byline
		if len(a.Authors) == 0 {
			a.Authors = names
		}
	}
}

// classifyDates finds lines of nothing but a day in the first six paragraphs, and
// reads the day of publication.
func (a *Article) classifyDates() {
	for i := range min(6, len(a.Paragraphs)) {
		p := strings.Join(strings.Fields(a.paragraph(i)), " ")
		if a.Paragraphs[i].Kind != Body || len(p) > 90 {
			continue
		}
		m := dateLine.FindStringSubmatch(p)
		if m == nil || !dayMonth.MatchString(m[1]) {
			continue
		}
		a.Paragraphs[i].Kind = Furniture
		if day := dayMonth.FindString(m[1]); a.Date == "" {
			a.Date = normalDate(day)
		}
	}
}

// name matches a person's name in a line about who wrote: two to five words,
// capitalised or in capitals, with initials and particles.
const name = `\p{Lu}[\p{L}.'’-]*(?: (?:\p{Lu}[\p{L}.'’-]*|de|del|der|di|la|le|van|von|bin|al)){1,4}`

var (
	bylineLine = regexp.MustCompile(`^(?:By|BY|by) (` + name + `(?:(?:, | and | AND | & |, and )` + name + `)*)(?: ?[,|•—–-].{0,60})?$`)
	nameOnly   = regexp.MustCompile(`^` + name + `$`)
	bylineJoin = regexp.MustCompile(`(?i), and | and |, | & `)
)

// parseByline reads the authors of a line such as "By Jane Doe and John Roe".
func parseByline(line string) []string {
	if len(line) > 200 {
		return nil
	}
	m := bylineLine.FindStringSubmatch(strings.Join(strings.Fields(line), " "))
	if m == nil {
		return nil
	}
	return splitNames(m[1])
}

// splitNames splits "Jane Doe, JOHN ROE and Ann Poe" into names, those in capitals
// written as names are.
func splitNames(s string) []string {
	var names []string
	for _, n := range bylineJoin.Split(s, -1) {
		n = strings.Trim(strings.Join(strings.Fields(n), " "), " ,.;|")
		if n = capitalised(n); nameOnly.MatchString(n) && !strings.HasPrefix(n, "The ") && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// capitalised makes "JANE O'DOE" "Jane O'Doe", and leaves other names alone.
func capitalised(name string) string {
	if name != strings.ToUpper(name) || !strings.Contains(name, " ") {
		return name
	}
	var b strings.Builder
	start := true
	for _, r := range name {
		if !start {
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
		start = !unicode.IsLetter(r)
	}
	return b.String()
}

// marks are characters that quotations are set in. A closing line with one of
// them may quote somebody, and stays in the body.
const marks = "\"“”«»„"

var (
	contributed = regexp.MustCompile(`^[—–(*-]*\s*(?:` + name + `|The Associated Press|Associated Press|Reuters|AP|Staff)` +
		`(?:.{0,300}?) (?:contributed (?:reporting|research|to this (?:report|story|article|post|piece))|contributed\.?$|reported from \p{Lu}[^;:]{0,90}$)`)
	reportingBy = regexp.MustCompile(`^[(*—–-]*\s*(?:Additional reporting|Reporting|Writing|Editing|Compiled|With (?:reporting|contributions|assistance)|Research) (?:by|from) \p{Lu}`)
	reportsFor  = regexp.MustCompile(`^(` + name + `),? (?:(?:has been|has) (?:reporting|reported|covering|covered|writing|written) (?:from|on|about|for)\b|` +
		`(?:is|was) an? (?:[\p{L}\d'’,-]+ ){0,6}(?:reporter|correspondent|journalist|columnist|editor|staff writer|writer|contributor|producer|bureau chief|blogger)\b|` +
		`is the (?:[\p{L}\d'’,-]+ ){0,6}(?:reporter|correspondent|editor|columnist|bureau chief) (?:for|at|of|in)\b|` +
		`(?:covers|writes about|reports (?:on|from|for)) )`)
	authorIs = regexp.MustCompile(`^ (?:is|was|has|writes|teaches|covers|served|works)\b`)
	followMe = regexp.MustCompile(`^(?:You can )?(?:[Ff]ollow|[Ee]mail|[Rr]each|[Cc]ontact) (?:him |her |them |` + name + ` |[Uu]s |me |the author )?(?:on|at|via) `)
)

// classifyTail walks from the end to the last paragraph of the body, and on
// the way tells reporting credits and biographies.
func (a *Article) classifyTail() {
	for i := len(a.Paragraphs) - 1; i > 0; i-- {
		p := &a.Paragraphs[i]
		if p.Kind != Body {
			continue
		}
		if p.Kind = tailKind(a.paragraph(i), a.Authors); p.Kind == Body {
			return
		}
		if m := reportsFor.FindStringSubmatch(a.paragraph(i)); p.Kind == Bio && len(a.Authors) == 0 && m != nil {
			a.Authors = splitNames(m[1])
		}
	}
}

// tailKind tells what a paragraph at the article's end is.
func tailKind(p string, authors []string) ParagraphKind {
	if len(p) > 700 || strings.ContainsAny(p, marks) {
		return Body
	}
	p = strings.Join(strings.Fields(p), " ")
	switch {
	case contributed.MatchString(p) && !strings.Contains(p, " that "), reportingBy.MatchString(p):
		return Byline
	case reportsFor.MatchString(p), followMe.MatchString(p) && len(p) < 200:
		return Bio
	}
	for _, author := range authors {
		if rest, ok := strings.CutPrefix(p, author); ok && authorIs.MatchString(rest) {
			return Bio
		}
	}
	return Body
}

var (
	furnitureLine = regexp.MustCompile(`^(?i:` +
		`(?:read|see|watch|learn) (?:more|also|next|here|now|the full)\b.*|continue reading.*|(?:related|see also|more|most read|trending|recommended)(?: stories| articles| coverage)?:?|` +
		`(?:related|read|see also|more|watch): .*|advertisement\.?|advertising|story continues below.*|(?:sign up|subscribe) (?:here|now|to|for)\b.*|click here .*|` +
		`share (?:this|on)\b.*|abstract\.?|loading\.*|skip (?:to|advertisement)\b.*|all rights reserved\.?|(?:©|copyright|\(c\)) .*|` +
		`this material may not be published, broadcast.*|support our journalism.*|get (?:the|our) .*\bnewsletter\b.*|` +
		`(?:photo|photograph|image|video|picture|illustration)s?(?: credits?)?(?::| by | courtesy ).*|credits?: .*|leave a comment.*|comments?:?)$`)
	captionEnd = regexp.MustCompile(`(?:\((?:AP )?(?:Photo|Image|Illustration)(?: by|/|:)[^()]{0,80}\)|` +
		`\([^()]{0,60}(?:/(?:AP|Reuters|AFP)|/[^()]{0,40}Photo|(?:AP|File) Photo|Getty Images)\)|(?:/|\| ?|— ?)Getty Images?)\.?$`)
	// Words of a body that reports what somebody said.
	reports  = regexp.MustCompile(`\b(?:said|says?|told|tells|according)\b`)
	dateLine = regexp.MustCompile(`^(?:(?i:(?:first |last )?(?:published|updated|posted|modified)(?: on| at)?:?) )?(.{6,60})$`)
	dayMonth = regexp.MustCompile(`^(?:\p{Lu}\p{L}+day,? )?(?:\d{1,2}(?:st|nd|rd|th)? \p{Lu}\p{L}{2,8}|\p{Lu}\p{L}{2,8}\.? \d{1,2})(?:,? \d{4})?(?:[, |•·—–-]+(?:at )?\d{1,2}[:.]\d\d.{0,15})?$`)
)

// isFurniture reports whether a short line belongs to the page and not to the article.
func isFurniture(p string) bool {
	if len(p) > 300 {
		return false
	}
	p = strings.Join(strings.Fields(p), " ")
	if captionEnd.MatchString(p) {
		return true
	}
	return len(p) <= 160 && !strings.ContainsAny(p, marks) && furnitureLine.MatchString(p) && !reports.MatchString(p)
}
