package corpus

import (
	"strings"
	"time"
	"unicode"
)

// monthNames are the names of months, as dates use them, in the languages that
// have a language pack, lower case. A longer form that begins with one of them
// ("september" for "sept") counts too.
func monthNames() [12][]string {
	return [12][]string{
		{"jan", "jän", "ene", "янв", "січ"},
		{"feb", "fév", "fev", "фев", "лют"},
		{"mar", "mär", "mrz", "бер", "мар"},
		{"apr", "avr", "abr", "апр", "квіт"},
		{"may", "mai", "мая", "май", "трав"},
		{"jun", "juin", "июн", "черв"},
		{"jul", "juil", "июл", "лип"},
		{"aug", "aoû", "aou", "ago", "авг", "серп"},
		{"sep", "set", "сен", "верес"},
		{"oct", "okt", "окт", "жовт"},
		{"nov", "ноя", "листоп"},
		{"dec", "dez", "déc", "dic", "дек", "груд"},
	}
}

// dateInWords reads a day, a month's name and a year in that order, whatever
// little words and marks stand between them: "8. März 2021", "8 de marzo de
// 2021", "8 березня 2021 року".
func dateInWords(s string) (time.Time, bool) {
	var day, month, year int
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch n, isNumber := number(w); {
		case isNumber && day == 0 && n >= 1 && n <= 31:
			day = n
		case isNumber && month != 0 && year == 0 && n >= 1000:
			year = n
		case isNumber:
			return time.Time{}, false
		case month == 0:
			month = monthOf(w)
		}
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	// A day that the month does not have would have moved on.
	return t, day != 0 && month != 0 && year != 0 && t.Day() == day
}

// number reads up to four digits.
func number(w string) (n int, ok bool) {
	for _, r := range w {
		if r < '0' || r > '9' || len(w) > 4 {
			return 0, false
		}
		n = 10*n + int(r-'0')
	}
	return n, true
}

// monthOf is the month that the word names, from 1, or 0.
func monthOf(w string) int {
	for i, names := range monthNames() {
		for _, name := range names {
			if strings.HasPrefix(w, name) {
				return i + 1
			}
		}
	}
	return 0
}
