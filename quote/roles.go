package quote

import (
	"slices"
	"strings"

	"github.com/whosaid/whosaid/quote/internal/ner"
)

// maxRole bounds the words of a description, and how far one is looked for.
const maxRole = 22

// addRoles reads the descriptions next to every full mention of a person.
func (c *cast) addRoles() {
	for i := range c.mentions {
		m := &c.mentions[i]
		e := &c.entities[m.ent]
		if e.typ == TypeOrg {
			continue
		}
		if r := c.roleBefore(m); r.len() > 0 {
			c.note(e, r)
		}
		if m.full || e.first == "" {
			if r := c.roleAfter(m); r.len() > 0 {
				c.note(e, r)
			}
		}
		c.party(e, m)
	}
}

// note adds the description in words r to the entity.
func (c *cast) note(e *entity, r wordRange) {
	for r.len() > 0 && (c.norm(r.first) == "the" || c.norm(r.first) == "a" || c.norm(r.first) == "an" || c.words[r.first].is(punct) || c.pack.isPronoun(c.norm(r.first)) || isPossessive(c.norm(r.first))) {
		r.first++
	}
	if r.len() == 0 {
		return
	}
	words := make([]string, 0, r.len())
	hasRole := false
	for k := r.first; k < r.end; k++ {
		w := c.norm(k)
		words = append(words, w)
		if t, ok := c.lex.titles[w]; ok && t.role != "" {
			hasRole = true
		}
		if _, _, ok := c.lex.role(w); ok {
			hasRole = true
		}
		if _, ok := c.lex.kin[w]; ok {
			hasRole = true
		}
		if t, ok := c.lex.titles[w]; ok && t.gender != unknownGender && e.gender == unknownGender {
			e.gender = t.gender
		}
	}
	if !hasRole {
		return
	}
	text := c.text[c.words[r.first].start:c.words[r.end-1].end]
	e.addRole(c.lex, text, words)
	c.noteWhose(e, r)
	if e.typ == "" {
		e.typ = TypePerson
	}
}

// noteWhose notes the names in a description, words r, under its nouns.
func (c *cast) noteWhose(e *entity, r wordRange) {
	var names, nouns []string
	for k := r.first; k < r.end; k++ {
		w := c.norm(k)
		switch _, _, isRole := c.lex.role(w); {
		case isRole:
			nouns = append(nouns, w)
		case c.namesWhose(k) && !slices.ContainsFunc(e.name, func(n string) bool { return normalise(n) == w }):
			names = append(names, w)
		}
	}
	for _, noun := range nouns {
		if e.whose == nil {
			e.whose = map[string][]string{}
		}
		e.whose[noun] = append(e.whose[noun], names...)
	}
}

// namesWhose reports whether word k of a description names whom or what it is
// of: a country, an organisation, a person. Parties are compared apart.
func (c *cast) namesWhose(k int) bool {
	w := &c.words[k]
	if !w.is(capital) || w.is(punct) || c.lex.parties[w.norm] != "" || c.lex.modifiers[w.norm] {
		return false
	}
	if _, isTitle := c.lex.titles[w.norm]; isTitle {
		return false
	}
	if _, _, isRole := c.lex.role(w.norm); isRole {
		return false
	}
	return c.lex.nationalities[w.norm] || c.lex.places[w.norm] || c.lex.orgHeads[w.norm] || c.base != nil && c.base.Names[k] != ner.None
}

// isPossessive reports whether the word is a possessive pronoun: what stands
// before a role without being part of it.
func isPossessive(w string) bool {
	switch w {
	case "his", "her", "its", "their", "my", "our", "your", "whose":
		return true
	}
	return false
}

// roleBefore is the description before a name: a title, "campaign spokesman",
// or "the spokesman," with a comma.
func (c *cast) roleBefore(m *mention) wordRange {
	end := m.name.first
	start := m.words.first
	k := start - 1
	if k >= 0 && c.norm(k) == "," && c.words[k].sent == c.words[start].sent && m.full {
		if r := c.describedBefore(k); r.len() > 0 && !c.describesRelayed(r) {
			return r
		}
		return wordRange{start, end}
	}
	if k >= 0 && c.words[k].sent == c.words[start].sent && c.isRoleWord(k) {
		return wordRange{c.phraseBefore(start).first, end}
	}
	return wordRange{start, end}
}

// describesRelayed reports whether the description in words r follows the name of
// whom an "according to" names, and is theirs: According to Ada Finch, the mayor,
// Walter Finch said it leaks.
func (c *cast) describesRelayed(r wordRange) bool {
	k := r.first - 1
	if c.norm(k) != "," {
		return false
	}
	for k > 0 && k > r.first-maxLabel && c.words[k-1].is(capital) && !c.words[k-1].is(punct) {
		k--
	}
	return k < r.first-1 && (c.behindAccording(k) || c.words[k].is(capital) && c.behindAccording(k+1))
}

// describedBefore is the description that ends before the comma at word k: "the
// spokesman", "the mayor of the town".
func (c *cast) describedBefore(k int) wordRange {
	if c.isRoleWord(k - 1) {
		return c.phraseBefore(k)
	}
	role := -1 // the noun that the description is about
	for j := k - 1; j > 0 && j > k-maxRole; j-- {
		w := &c.words[j]
		if w.sent != c.words[k].sent || w.is(punct) && w.norm != "-" || c.pack.is(w.norm, classBreak|classAuxiliary|classRelative) && w.norm != "'s" {
			break
		}
		if c.isRoleWord(j) && c.pack.is(c.norm(j+1), classPreposition) {
			role = j
		}
	}
	if role < 0 {
		return wordRange{}
	}
	return wordRange{c.phraseBefore(role + 1).first, k}
}

// isRoleWord reports whether word k is a singular noun for what someone is.
func (c *cast) isRoleWord(k int) bool {
	if k < 0 {
		return false
	}
	w := c.norm(k)
	if _, plural, ok := c.lex.role(w); ok && !plural {
		return true
	}
	_, ok := c.lex.kin[w]
	return ok
}

// phraseBefore is the noun phrase that ends before word end.
func (c *cast) phraseBefore(end int) wordRange {
	first := end
	for k := end - 1; k >= 0 && k > end-maxRole; k-- {
		w := &c.words[k]
		if w.sent != c.words[end].sent || w.is(punct) && w.norm != "-" || c.pack.isPronoun(w.norm) ||
			c.pack.is(w.norm, classBreak|classAuxiliary|classRelative|classConjunction) && w.norm != "'s" ||
			c.pack.is(w.norm, classPreposition) || c.pack.cues[w.norm]&speech != 0 && !w.is(capital) {
			break
		}
		first = k
		if c.pack.is(w.norm, classDeterminer) {
			break
		}
	}
	return wordRange{first, end}
}

// roleAfter is the apposition after a name: ", the director of the institute,".
func (c *cast) roleAfter(m *mention) wordRange {
	k := m.words.end
	if c.norm(k) == "(" { // the party and state of a member
		for j := k + 1; j < len(c.words) && j < k+8; j++ {
			if c.norm(j) == ")" {
				k = j + 1
				break
			}
		}
	}
	if c.norm(k) != "," || k+1 >= len(c.words) || c.words[k].region != c.words[m.words.first].region {
		return wordRange{}
	}
	first := k + 1
	if c.words[first].is(digit) && c.norm(first+1) == "," {
		first += 2
	}
	end, role := first, false
	for ; end < len(c.words) && end < first+maxRole && c.words[end].sent == c.words[k].sent; end++ {
		w := &c.words[end]
		if w.is(punct) && w.norm != "-" && w.norm != "&" || c.pack.is(w.norm, classRelative|classBreak|classAuxiliary) && w.norm != "'s" || c.pack.isPronoun(w.norm) {
			break
		}
		if !role && (c.pack.cues[w.norm]&speech != 0 && !c.isRoleWord(end) || c.pack.is(w.norm, classPreposition) && !c.isRoleWord(end-1)) {
			return wordRange{}
		}
		role = role || c.isRoleWord(end)
	}
	if !role {
		return wordRange{}
	}
	return wordRange{first, end}
}

// party notes the party in brackets after a member's name: (R-Vt.), (D).
func (c *cast) party(e *entity, m *mention) {
	k := m.words.end
	if c.norm(k) == "," {
		k++
	} else if c.norm(k) == "(" {
		k++
	} else {
		return
	}
	if k >= len(c.words) || !c.words[k].is(capital) {
		return
	}
	w := c.norm(k)
	switch {
	case w == "r" || strings.HasPrefix(w, "r-"):
		e.addRole(c.lex, "Republican", []string{"republican"})
	case w == "d" || strings.HasPrefix(w, "d-"):
		e.addRole(c.lex, "Democrat", []string{"democrat", "democratic"})
	}
}
