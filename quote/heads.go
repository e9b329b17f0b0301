package quote

import (
	"slices"
	"strings"
)

// head is the holder of an office whom a title and a surname alone name.
type head struct {
	name    []string
	country []string // words for the country, in lower case
}

// loadHeads reads the list of heads of state and government.
func loadHeads() (map[string]head, error) {
	lists, err := sections("heads.txt")
	if err != nil {
		return nil, err
	}
	out := map[string]head{}
	for country, entries := range lists {
		for _, e := range entries {
			who, name, _ := strings.Cut(e, ":")
			out[strings.ReplaceAll(who, "_", " ")] = head{strings.Split(name, "_"), strings.Fields(country)}
		}
	}
	return out, nil
}

// office is the title of a form as the list of heads of state has it, or "".
func (c *cast) office(f nameForm) string {
	k := f.name.first - 1
	if k < f.words.first {
		return ""
	}
	switch w := c.norm(k); w {
	case "president":
		if k > 0 && c.norm(k-1) == "vice" {
			return "vice-president"
		}
		return w
	case "minister", "chancellor":
		return w
	}
	return ""
}

// headOf is the full name of the head of state or government that the form
// names by office and surname, or nil: there is none, or the article speaks of
// somebody else with that name.
func (c *cast) headOf(f nameForm) []string {
	office := c.office(f)
	if office == "" {
		return nil
	}
	last := c.key(f.name)
	h, ok := c.lex.heads[office+" "+last]
	if !ok || c.others[last] || c.elsewhere(f, h) {
		return nil
	}
	return h.name
}

// findOthers notes the surnames of heads of state that the article also gives
// to who heads something else: "the club's president, Mr. Ford".
func (c *cast) findOthers(forms []nameForm) {
	c.others = map[string]bool{}
	for _, f := range forms {
		last := c.norm(f.name.end - 1)
		for _, office := range []string{"president", "vice-president", "minister", "chancellor"} {
			if h, ok := c.lex.heads[office+" "+last]; ok && c.elsewhere(f, h) {
				c.others[last] = true
			}
		}
	}
}

// maxOffice bounds the words of a description of an office.
const maxOffice = 8

// elsewhere reports whether the words around a name give it an office that is
// not of the head's country: "President Kennedy of Skarn College", "club
// President Ford", "the Halvern president, Mr. Ford".
func (c *cast) elsewhere(f nameForm, h head) bool {
	for k := f.words.first; k < f.name.first; k++ {
		if c.foreign(k, h) {
			return true
		}
	}
	sent := c.words[f.words.first].sent
	before := f.words.first - 1
	if before >= 0 && c.words[before].sent == sent {
		if c.norm(before) == "," {
			if c.describesOffice(max(before-maxOffice, c.sents[sent].first), before, h) {
				return true
			}
		} else if c.office(f) != "" && c.foreign(before, h) {
			return true
		}
	}
	after := f.words.end
	if after+1 >= len(c.words) || c.words[after].sent != sent {
		return false
	}
	switch c.norm(after) {
	case "of":
		return c.office(f) != "" && c.ofOther(after, h)
	case ",":
		return c.describesOffice(after+1, min(after+1+maxOffice, c.sents[sent].end), h)
	}
	return false
}

// describesOffice reports whether the words [first, end), up to a comma, speak
// of who heads something that is not the head's country.
func (c *cast) describesOffice(first, end int, h head) bool {
	office, other := false, false
	for k := first; k < end; k++ {
		switch w := c.norm(k); {
		case w == "," && k > first:
			if office && other {
				return true
			}
			office, other = false, false
		case w == "president" || w == "minister" || w == "chancellor":
			office = true
		case w == "of":
			other = other || office && c.ofOther(k, h)
		case c.foreign(k, h):
			other = true
		}
	}
	return office && other
}

// ofOther reports whether an "of" at word k leads to a name that is not the
// head's country.
func (c *cast) ofOther(k int, h head) bool {
	if k++; c.norm(k) == "the" {
		k++
	}
	return k < len(c.words) && (c.words[k].is(capital) || c.lex.orgNouns[c.norm(k)]) && !slices.Contains(h.country, c.norm(k))
}

// foreign reports whether the word names an institution, or a country that is
// not the head's.
func (c *cast) foreign(k int, h head) bool {
	w := c.norm(k)
	if slices.Contains(h.country, w) || w == "administration" || w == "government" || w == "cabinet" {
		return false
	}
	return c.lex.orgNouns[w] || c.lex.orgHeads[w] || c.words[k].is(capital) && (c.lex.nationalities[w] || c.lex.places[w])
}
