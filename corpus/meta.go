package corpus

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/abadojack/whatlanggo"
	"github.com/itlightning/dateparse"
)

// Layouts of dates that files and pages carry; all else goes to the date parser.
// (A parser of many languages, go-dateparser, takes 0.2 s to load, which every
// command would wait for; dates in pages' metadata are hardly ever in words.)
var dateLayouts = []string{
	time.RFC3339Nano, time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05-0700", time.DateTime,
	"2006-01-02 15:04:05 -0700", "2006-01-02 15:04", "2006/01/02", "20060102", time.RFC1123, time.RFC1123Z, time.RFC850,
	"January 2, 2006", "Jan 2, 2006", "Jan. 2, 2006", "2 January 2006", "2 Jan 2006", "Monday, January 2, 2006",
	"January 2, 2006 3:04 PM", "January 2, 2006, 3:04 PM", "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST",
}

// A year in full: without one a date would be completed from today's.
var fullYear = regexp.MustCompile(`\b(?:1[6-9]|20)\d\d\b`)

// normalDate makes a date in words or digits YYYY-MM-DD, the day as the writer
// gives it, in his time zone; "" for what is no full date. Dates that depend on
// the reader's day ("yesterday") or lack the year are none.
func normalDate(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) < 6 || len(s) > 80 {
		return ""
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return plausibleDay(t)
		}
	}
	if !fullYear.MatchString(s) || ambiguousDate.MatchString(s) {
		return ""
	}
	if t, err := time.Parse("2/1/2006", s); err == nil { // 25/12/2020: no month 25
		return plausibleDay(t)
	}
	if t, err := dateparse.ParseStrict(s); err == nil {
		return plausibleDay(t)
	}
	if t, ok := dateInWords(s); ok {
		return plausibleDay(t)
	}
	return ""
}

// 03/04/2016 is a day in March or in April; it can't be told.
var ambiguousDate = regexp.MustCompile(`^(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|1[0-2])[/.-]\d{4}\b`)

// plausibleDay is the day, unless no newspaper can have appeared on it.
func plausibleDay(t time.Time) string {
	if t.Year() < 1600 || t.After(time.Now().AddDate(1, 0, 0)) {
		return ""
	}
	return t.Format(time.DateOnly)
}

// A language is told from at least languageLetters letters, and from no more than
// languageBytes bytes: more make it hardly surer.
const (
	languageLetters = 120
	languageBytes   = 600
)

// detectLanguage is the ISO 639-1 code of the body's language, or "".
func (a *Article) detectLanguage() string {
	var b strings.Builder
	for _, p := range a.Body() {
		text := a.Text[p.Span.Start:p.Span.End]
		b.WriteString(text[:min(len(text), languageBytes-b.Len())])
		b.WriteByte('\n')
		if b.Len() >= languageBytes {
			break
		}
	}
	letters := 0
	for _, r := range b.String() {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < languageLetters {
		return ""
	}
	info := whatlanggo.Detect(b.String())
	if !info.IsReliable() {
		return ""
	}
	return info.Lang.Iso6391()
}

// languageCode is the ISO 639-1 code of a language tag such as "en-US", or "".
func languageCode(tag string) string {
	code, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	code, _, _ = strings.Cut(code, "_")
	if len(code) != 2 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return code
}

// oneLine folds white space and bounds the length in bytes of what becomes metadata.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	const most = 500
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}
