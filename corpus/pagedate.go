package corpus

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Words in the class, id or itemprop of elements that show the day of publication, and of those
// that name the author.
var (
	dateMark   = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:date|dateline|datum|fecha|data|published|publish-date|pubdate|posted-on|post-date|timestamp|stand|time|datepublished|entry-date|posted)(?:[^a-z]|$)`)
	authorMark = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:author|authors|byline|autor|auteur|autore|writer|author-name|credit|verfasser|redakteur)(?:[^a-z]|$)`)
)

// maxMarked bounds the elements of each kind that are looked at, and their text in bytes.
const (
	maxMarked     = 40
	maxMarkedText = 120
)

// markedTexts notes the texts of elements whose names say that they show the date or the author.
func (m *pageMeta) markedTexts(n *html.Node) {
	names := attribute(n, "class") + " " + attribute(n, "id") + " " + attribute(n, "itemprop")
	if len(names) < 5 || len(names) > 500 {
		return
	}
	add := func(to []string) []string {
		if len(to) == maxMarked {
			return to
		}
		if t := nodeText(n); t != "" && len(t) <= maxMarkedText {
			return append(to, t)
		}
		return to
	}
	if dateMark.MatchString(names) {
		m.dated = add(m.dated)
	}
	if authorMark.MatchString(names) {
		m.signed = add(m.signed)
	}
}

// dateInText finds what may be a day in a line: in digits, or with a month's name between.
var dateInText = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4}\b|\b\d{1,2}(?:st|nd|rd|th|er|º)?\.?(?: de)? \p{L}{3,12}\.?,?(?: de)? \d{4}\b|\b\p{L}{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}\b`)

// dayIn reads the first day in a line of a page in the language, or "". Days in digits
// have the day first, save between slashes in English, where nobody can tell.
func dayIn(line, language string) string {
	for _, s := range dateInText.FindAllString(line, 3) {
		compact := strings.ReplaceAll(s, " ", "")
		for _, layout := range []string{"2.1.2006", "2/1/2006"} {
			if t, err := time.Parse(layout, compact); err == nil && (layout[1] == '.' || language != "" && language != "en") {
				return plausibleDay(t)
			}
		}
		if d := normalDate(s); d != "" {
			return d
		}
	}
	return ""
}

// dayInPath is a day in an address such as https://example.org/2021/03/08/ferry.
var dayInPath = regexp.MustCompile(`/((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?:[/-]|$)`)

// shownDate is the day that the page shows its readers: of a time element when all agree, then
// the first that stands in an element named for it, then that of the page's address, then
// of the first time element below the headline.
func (m *pageMeta) shownDate(address string) string {
	day, differ := "", false
	for _, t := range m.times {
		if d := normalDate(t); d != "" {
			differ = differ || day != "" && d != day
			day = first(day, d)
		}
	}
	if day != "" && !differ {
		return day
	}
	for _, t := range m.dated {
		if d := dayIn(t, m.language); d != "" {
			return d
		}
	}
	if s := dayInPath.FindStringSubmatch(address); s != nil {
		if t, err := time.Parse("2006-1-2", s[1]+"-"+s[2]+"-"+s[3]); err == nil {
			return plausibleDay(t)
		}
	}
	if len(m.h1) == 1 && m.timesBelow < len(m.times) {
		return normalDate(m.times[m.timesBelow])
	}
	return ""
}
