package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// period is a range of days, and where in the question it was written.
type period struct {
	from, to   string // YYYY-MM-DD inclusive, or "" for an open end
	start, end int    // bytes of the question
}

const (
	monthWords   = `jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?`
	dayForms     = `\d{4}-\d{2}-\d{2}|(?:` + monthWords + `)\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?|\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:` + monthWords + `)\.?(?:,? \d{4})?|(?:` + monthWords + `)\.?(?: \d{4})?|\d{4}|yesterday|today|(?:last|this) (?:week|month|year)|(?:last )?(?:` + weekdayWords + `)`
	weekdayWords = `monday|tuesday|wednesday|thursday|friday|saturday|sunday`
)

var (
	agoForm     = regexp.MustCompile(`(?i)\b(?:in|over|during|within) the (?:last|past) (\d{1,3}|few|couple of) (day|week|month|year)s?\b`)
	betweenForm = regexp.MustCompile(`(?i)\b(?:between|from) (` + dayForms + `) (?:and|to|until) (` + dayForms + `)\b`)
	sinceForm   = regexp.MustCompile(`(?i)\b(since|after|before|until) (` + dayForms + `)\b`)
	onForm      = regexp.MustCompile(`(?i)\b(?:in|on|during) (` + dayForms + `)\b`)
	bareForm    = regexp.MustCompile(`(?i)\b(yesterday|today|(?:last|this) (?:week|month|year)|last (?:` + weekdayWords + `))\b`)
	distantForm = regexp.MustCompile(`(?i)\b(a|an|one|two|three|four|five|six|\d{1,3}) (day|week|month|year)s? ago\b`)
	yearForm    = regexp.MustCompile(`\d{4}`)
	digitsForm  = regexp.MustCompile(`\d+`)
	monthForm   = regexp.MustCompile(`(?i)\b(` + monthWords + `)\b`)
)

// findPeriod reads the first date in words: "last week", "in May 2016", "since
// 3 June", "between March and May", "in the last 10 days". A month without a
// year is the latest that has begun.
func findPeriod(s string, today time.Time) (period, bool) {
	if m := agoForm.FindStringSubmatchIndex(s); m != nil {
		n := map[string]int{"few": 5, "couple of": 2}[strings.ToLower(s[m[2]:m[3]])]
		if n == 0 {
			n, _ = strconv.Atoi(s[m[2]:m[3]]) // at most three digits, by the pattern
		}
		from := back(today, n, strings.ToLower(s[m[4]:m[5]]))
		return period{day(from), day(today), m[0], m[1]}, true
	}
	if p, ok := distant(s, today); ok {
		return p, true
	}
	if m := betweenForm.FindStringSubmatchIndex(s); m != nil {
		from, _, ok1 := days(s[m[2]:m[3]], today)
		_, to, ok2 := days(s[m[4]:m[5]], today)
		if ok1 && ok2 {
			return period{day(from), day(to), m[0], m[1]}, true
		}
	}
	if m := sinceForm.FindStringSubmatchIndex(s); m != nil {
		if from, to, ok := days(s[m[4]:m[5]], today); ok {
			p := period{start: m[0], end: m[1]}
			switch strings.ToLower(s[m[2]:m[3]]) {
			case "since":
				p.from = day(from)
			case "after":
				p.from = day(to.AddDate(0, 0, 1))
			case "before":
				p.to = day(from.AddDate(0, 0, -1))
			case "until":
				p.to = day(to)
			}
			return p, true
		}
	}
	for _, form := range []*regexp.Regexp{onForm, bareForm} {
		if m := form.FindStringSubmatchIndex(s); m != nil {
			if from, to, ok := days(s[m[2]:m[3]], today); ok {
				return period{day(from), day(to), m[0], m[1]}, true
			}
		}
	}
	return period{}, false
}

// distant reads "two weeks ago": the whole of that day, week, month or year.
func distant(s string, today time.Time) (period, bool) {
	m := distantForm.FindStringSubmatchIndex(s)
	if m == nil {
		return period{}, false
	}
	count := strings.ToLower(s[m[2]:m[3]])
	n := map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}[count]
	if n == 0 {
		n, _ = strconv.Atoi(count) // at most three digits, by the pattern
	}
	y, month, _ := today.Date()
	var from, to time.Time
	switch strings.ToLower(s[m[4]:m[5]]) {
	case "day":
		from = back(today, n, "day")
		to = from
	case "week":
		from = mondayOf(back(today, n, "week"))
		to = from.AddDate(0, 0, 6)
	case "month":
		from, to = date(y, int(month)-n, 1), date(y, int(month)-n+1, 0)
	default:
		from, to = date(y-n, 1, 1), date(y-n, 12, 31)
	}
	return period{day(from), day(to), m[0], m[1]}, true
}

// mondayOf is the first day of the week that holds t.
func mondayOf(t time.Time) time.Time {
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func back(t time.Time, n int, unit string) time.Time {
	switch unit {
	case "day":
		return t.AddDate(0, 0, -n)
	case "week":
		return t.AddDate(0, 0, -7*n)
	case "month":
		return t.AddDate(0, -n, 0)
	}
	return t.AddDate(-n, 0, 0)
}

// days reads one of dayForms as the first and last day it covers.
func days(s string, today time.Time) (from, to time.Time, ok bool) {
	s = strings.ToLower(s)
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, t, true
	}
	if from, to, ok := relative(s, today); ok {
		return from, to, true
	}
	year, known := 0, false
	if y := yearForm.FindString(s); y != "" {
		year, _ = strconv.Atoi(y) // four digits, by the pattern
		known = true
		s = strings.Replace(s, y, "", 1)
		if year < 1500 || year > 2200 {
			return from, to, false
		}
	}
	m := monthForm.FindString(s)
	if m == "" {
		return date(year, 1, 1), date(year, 12, 31), known
	}
	month := 1 + strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", m[:3])/3
	if !known {
		year = today.Year()
		if time.Month(month) > today.Month() {
			year--
		}
	}
	if d := digitsForm.FindString(s); d != "" {
		n, _ := strconv.Atoi(d) // one or two digits, by the pattern
		t := date(year, month, n)
		return t, t, t.Day() == n
	}
	return date(year, month, 1), date(year, month+1, 0), true
}

func date(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// relative reads what is counted from today; a week begins on Monday.
func relative(s string, today time.Time) (from, to time.Time, ok bool) {
	y, m, d := today.Date()
	t := date(y, int(m), d)
	monday := mondayOf(t)
	if i := slices.Index(strings.Split(weekdayWords, "|"), strings.TrimPrefix(s, "last ")); i >= 0 {
		ago := (int(t.Weekday()) + 6 - i) % 7 // Monday is 0
		if ago == 0 {
			ago = 7
		}
		return t.AddDate(0, 0, -ago), t.AddDate(0, 0, -ago), true
	}
	switch s {
	case "today":
		return t, t, true
	case "yesterday":
		return t.AddDate(0, 0, -1), t.AddDate(0, 0, -1), true
	case "this week":
		return monday, t, true
	case "last week":
		return monday.AddDate(0, 0, -7), monday.AddDate(0, 0, -1), true
	case "this month":
		return date(y, int(m), 1), t, true
	case "last month":
		return date(y, int(m)-1, 1), date(y, int(m), 0), true
	case "this year":
		return date(y, 1, 1), t, true
	case "last year":
		return date(y-1, 1, 1), date(y-1, 12, 31), true
	}
	return from, to, false
}
