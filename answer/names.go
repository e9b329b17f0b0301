package answer

import (
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/whosaid/whosaid/quote"
)

// titles stand before a name and are no part of it.
var titles = wordSet(`mr mrs ms miss dr sir dame lord lady sen senator senators rep representative congressman
congresswoman gov governor president vice vp general gen lieutenant colonel col captain capt sergeant sgt major admiral
secretary prof professor judge justice mayor chancellor premier prime minister king queen prince princess pope cardinal
bishop rev reverend father sister chairman chairwoman chair chief officer detective sheriff attorney ambassador
representatives the a an former then ex`)

// suffixes stand after a name and don't tell two people apart here.
var suffixes = wordSet(`jr sr ii iii iv esq phd md`)

// nameParts are the words of a name that are compared: folded, without titles,
// initials and suffixes.
func nameParts(name string) []string {
	var all, out []string
	for _, w := range splitWords(name) {
		all = append(all, w.norm)
		if len(w.norm) > 1 && !titles[w.norm] && !suffixes[w.norm] {
			out = append(out, w.norm)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// samePerson reports whether two names may be one person's: the surnames
// agree, and so do the first names when both are given. "Mr. Reyes" is
// "Tomas F. Reyes"; Ines Okafor is not Lena Okafor.
func samePerson(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 || !nearly(a[len(a)-1], b[len(b)-1]) {
		return false
	}
	return len(a) == 1 || len(b) == 1 || a[0] == b[0] ||
		strings.HasPrefix(a[0], b[0]) || strings.HasPrefix(b[0], a[0]) || nearly(a[0], b[0])
}

// nearly reports whether two words are equal but for a slip of the finger: one
// edit in a word of five letters, two in a word of eight.
func nearly(a, b string) bool {
	if a == b {
		return true
	}
	n := min(len(a), len(b))
	allowed := 0
	switch {
	case n >= 8:
		allowed = 2
	case n >= 5:
		allowed = 1
	}
	d := len(a) - len(b)
	return allowed > 0 && d <= allowed && -d <= allowed && levenshtein.ComputeDistance(a, b) <= allowed
}

// nameMatch tells from 0 to 1 how well the words typed name a speaker: 1 for
// the whole name or an alias, less for a surname, a first name, a part of an
// organisation's name, a misspelling.
func nameMatch(typed []string, sp *quote.Speaker) float64 {
	if sp == nil || len(typed) == 0 {
		return 0
	}
	name := nameParts(sp.Name)
	best := matchForm(typed, name, sp.Type)
	for _, alias := range sp.Aliases {
		parts := nameParts(alias)
		if sp.Type == quote.TypePerson && len(parts) < min(len(typed), len(name)) {
			continue // "Ms. Okafor" does not make Ines Okafor of Lena Okafor
		}
		best = max(best, 0.98*matchForm(typed, parts, sp.Type))
	}
	return best
}

func matchForm(typed, name []string, kind quote.SpeakerType) float64 {
	if len(name) == 0 {
		return 0
	}
	var hits, exact int
	last := -1
	for _, t := range typed {
		for i, n := range name {
			if i > last && nearly(t, n) {
				last = i
				hits++
				if t == n {
					exact++
				}
				break
			}
		}
	}
	slips := 0.06 * float64(hits-exact)
	switch {
	case hits == len(typed) && hits == len(name):
		return 1 - slips
	case kind == quote.TypePerson || kind == quote.TypeUnnamed:
		return personMatch(typed, name, hits) - slips
	default:
		return orgMatch(typed, name)
	}
}

// personMatch scores a name of which only a part was typed, or more than it.
func personMatch(typed, name []string, hits int) float64 {
	switch {
	case hits < len(typed)-1:
		return 0
	case hits > 1 && samePerson(typed, name):
		return 0.97
	case hits > 1 && hits == len(typed) && nearly(typed[hits-1], name[len(name)-1]):
		return 0.96 // a middle or nickname
	case samePerson(typed, name):
		return 0.93
	case len(typed) == 1 && typed[0] == name[0]:
		return 0.75 // a first name
	}
	return 0
}

// orgMatch scores an organisation by the words both names share, in any order
// and number: "harbour pilots' union", "Association of Harbour Pilots".
func orgMatch(typed, name []string) float64 {
	share := func(a, b []string) (hit, all int) {
		for _, w := range a {
			if stopWords[w] {
				continue
			}
			all++
			for _, v := range b {
				if v == w || strings.TrimSuffix(v, "s") == strings.TrimSuffix(w, "s") {
					hit++
					break
				}
			}
		}
		return hit, max(all, 1)
	}
	hit, all := share(typed, name)
	_, size := share(name, typed)
	if acronym(typed, name) {
		return 0.9
	}
	typedShare, nameShare := float64(hit)/float64(all), float64(hit)/float64(size)
	switch {
	case hit == all && all >= 2:
		return 0.8 + 0.15*nameShare
	case hit == all:
		return 0.45 + 0.45*nameShare
	case hit >= 2:
		return typedShare*0.7 + 0.2*nameShare
	}
	return 0
}

// acronym reports whether one word typed holds the first letters of a name.
func acronym(typed, name []string) bool {
	if len(typed) != 1 || len(typed[0]) < 2 {
		return false
	}
	var b strings.Builder
	for _, w := range name {
		if !stopWords[w] {
			b.WriteByte(w[0])
		}
	}
	return b.String() == typed[0]
}
