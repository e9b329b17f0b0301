package answer

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Aim is what a question wants of the quotes beside their words.
type Aim string

// The aims; "" is the best quotes.
const (
	Latest Aim = "latest" // the newest first
	First  Aim = "first"  // the oldest first
	Count  Aim = "count"  // how many there are: Reply.Total
	Where  Aim = "where"  // where it was printed
)

var (
	againForm = regexp.MustCompile(`(?i)\b(first|last|most recently|lately)\s+(sa(?:y|id)|speak|spoke|talk(?:ed)?|comment(?:ed)?|mention(?:ed)?|promised?|claim(?:ed)?|warn(?:ed)?|call(?:ed)?|announced?)\b`)
	nounForm  = regexp.MustCompile(`(?i)\b(?:the )?(first|earliest|last|latest|newest|most recent)\s+((?:quote|statement|word|comment|remark)s?)\b`)
	toForm    = regexp.MustCompile(`(?i)^who was (?:the )?(first|last) (?:person |one )?to (\pL+)`)
	latestOf  = regexp.MustCompile(`(?i)\b(?:what'?s|what is) the (latest|newest) (from|by)\b`)
	oftenForm = regexp.MustCompile(`(?i)^how (?:often|many times)\b`)
	whereForm = regexp.MustCompile(`(?i)^(?:where (?:was|were|is|did)|which (?:paper|newspaper|publisher|outlet|article|site)s? (?:printed|published|carried|ran))\b`)
	printed   = regexp.MustCompile(`(?i)\b(?:printed|published)\b`)
)

// aim takes out the words that say which of the quotes are wanted: "what did
// she last say", "who was the first to say", "how often did she say".
func (r *reading) aim(s string) string {
	take := func(form *regexp.Regexp, with string) bool {
		m := form.FindStringSubmatch(s)
		if m == nil {
			return false
		}
		r.Aim = Latest
		if w := strings.ToLower(m[1]); w == "first" || w == "earliest" {
			r.Aim = First
		}
		s = form.ReplaceAllString(s, with)
		return true
	}
	switch {
	case oftenForm.MatchString(s):
		r.Aim = Count
		s = oftenForm.ReplaceAllString(s, "what")
	case whereForm.MatchString(s) && (printed.MatchString(s) || !strings.HasPrefix(strings.ToLower(s), "where was")):
		r.Aim = Where
		s = printed.ReplaceAllString(s, " ")
	case take(toForm, "who $2"), take(againForm, "$2"), take(nounForm, "$2"), take(latestOf, "quotes $2"):
	}
	return s
}

// chosen is the share of the best score that an answer needs to be ordered by
// day or counted: the rest may be about something else.
const chosen = 0.5

// arrange puts answers, best first, into the order that is aimed at.
func (a Aim) arrange(answers []Answer) []Answer {
	if a == "" || a == Where || len(answers) == 0 {
		return answers
	}
	least := answers[0].Score * chosen
	answers = slices.DeleteFunc(answers, func(x Answer) bool { return x.Score < least })
	slices.SortStableFunc(answers, func(x, y Answer) int {
		switch {
		case (x.Date == "") != (y.Date == ""): // what has no date comes last
			return cmp.Compare(y.Date, x.Date)
		case a == First:
			return cmp.Compare(x.Date, y.Date)
		}
		return cmp.Compare(y.Date, x.Date)
	})
	return answers
}
