package quote

import (
	"strings"

	"github.com/whosaid/whosaid/quote/internal/dep"
	"github.com/whosaid/whosaid/quote/internal/ner"
)

// addOrg notes a mention of an organisation.
func (c *cast) addOrg(f nameForm) {
	ent := c.org(f.words)
	c.mentions = append(c.mentions, mention{words: f.words, name: f.words, ent: ent, full: true})
}

// org finds the organisation named by the words, or makes it.
func (c *cast) org(r wordRange) int {
	key := c.key(r)
	if i, ok := c.orgs[key]; ok {
		return i
	}
	c.entities = append(c.entities, entity{typ: TypeOrg, name: c.nameWords(r)})
	c.orgs[key] = len(c.entities) - 1
	return len(c.entities) - 1
}

// mergeOrgs makes a shorter form of an organisation's name mean the one longer
// name that ends in it ("the Security Council") or that begins with it as a
// single word ("Finch" for "Finch Energy").
func (c *cast) mergeOrgs() {
	longer := map[string]int{} // by suffix or first word: entity, or -1 for several
	note := func(key string, i int) {
		if k, ok := longer[key]; ok && k != i {
			switch {
			case k < 0 || len(c.entities[k].name) == len(c.entities[i].name) || !strings.Contains(key, " "):
				i = -1
			case len(c.entities[k].name) > len(c.entities[i].name):
				i = k
			}
		}
		longer[key] = i
	}
	for i := range c.entities {
		e := &c.entities[i]
		if e.typ == TypePerson || len(e.name) < 2 || len(e.name) > maxName {
			continue
		}
		words := make([]string, len(e.name))
		for k, w := range e.name {
			words[k] = normalise(w)
		}
		for k := 1; k < len(words); k++ {
			note(strings.Join(words[k:], " "), i)
		}
		if _, ok := longer[words[0]]; !ok {
			longer[words[0]] = i // "Finch" for the first of "Finch Energy" and "Finch Coal"
		}
		if n := len(words) - 1; n > 1 && c.lex.orgHeads[words[n]] {
			note(strings.Join(words[:n], " "), i) // "Blue Finch" for "Blue Finch Ferries"
		}
	}
	places := c.usedAsPlaces()
	for k := range c.mentions {
		m := &c.mentions[k]
		e := &c.entities[m.ent]
		if e.typ == TypePerson && !c.guessedPerson(m.ent) || len(e.name) == 1 && c.lex.vague[normalise(e.name[0])] {
			continue
		}
		if places[m.ent] {
			continue // which the organisation is named after
		}
		key := normalise(strings.Join(e.name, " "))
		if i, ok := longer[key]; ok && i >= 0 && (e.typ != TypePerson || c.entities[i].typ == TypeOrg) && !c.lex.places[key] && !c.lex.nationalities[key] {
			m.ent = i
		}
	}
}

// spokenFor makes organisations of the names of unknown kind that have a
// spokesperson ("a spokesman for Blue Finch") or that modify a noun ("the Blue
// Finch ferries"), which persons' full names don't.
func (c *cast) spokenFor() {
	for i := range c.mentions {
		m := &c.mentions[i]
		k := m.words.first - 1
		if rel, ok := c.rel(m.name.end - 1); ok && rel == dep.Compound && c.entities[m.ent].typ == "" && m.name.len() > 1 && !c.words[min(m.name.end, len(c.words)-1)].is(capital) {
			c.entities[m.ent].typ = TypeOrg
		}
		if e := &c.entities[m.ent]; e.typ != TypeOrg && e.first == "" && (e.typ == "" || len(e.name) > 1) && k > 0 && (c.norm(k) == "for" || c.norm(k) == "of") && strings.HasPrefix(c.norm(k-1), "spokes") {
			e.typ = TypeOrg
		}
	}
}

// guessedPerson reports whether only the name recogniser takes the entity, one
// word, for a person: no first name, no title and no surname of somebody says so.
func (c *cast) guessedPerson(ent int) bool {
	e := &c.entities[ent]
	return len(e.name) == 1 && e.first == "" && e.gender == unknownGender && len(c.byLast[normalise(e.name[0])]) == 0
}

// usedAsPlaces are the names that stand for a place somewhere in the article ("in
// Gullhaven"), or that the name recogniser mostly takes for one.
func (c *cast) usedAsPlaces() map[int]bool {
	places := map[int]bool{}
	votes := map[int]int{} // mentions labelled as places less the others
	for i := range c.mentions {
		m := &c.mentions[i]
		switch c.norm(m.words.first - 1) {
		case "in", "near", "outside", "across":
			places[m.ent] = true
		}
		switch {
		case c.base == nil:
		case c.base.Names[m.words.first] == ner.Location:
			votes[m.ent]++
		default:
			votes[m.ent]--
		}
	}
	for ent, n := range votes {
		if n >= 0 {
			places[ent] = true
		}
	}
	return places
}

// acronyms makes "(ABC)" after an organisation, and the initials of its name,
// forms of it.
func (c *cast) acronyms() {
	byInitials := map[string]int{}
	for i := range c.entities {
		e := &c.entities[i]
		if e.typ == TypePerson || len(e.name) < 2 || len(e.name) > maxName {
			continue
		}
		var b strings.Builder
		for _, w := range e.name {
			switch w := normalise(w); w {
			case "of", "the", "and", "for", "to", "on", "in", "&":
			default:
				b.WriteByte(w[0])
			}
		}
		if _, ok := byInitials[b.String()]; !ok && b.Len() >= 2 {
			byInitials[b.String()] = i
		}
	}
	for i := range c.mentions {
		m := &c.mentions[i]
		e := &c.entities[m.ent]
		if len(e.name) != 1 || !isUpper(e.name[0]) {
			continue
		}
		long, ok := byInitials[strings.ReplaceAll(normalise(e.name[0]), ".", "")]
		if k := m.words.first - 1; !ok && k > 0 && c.norm(k) == "(" && c.at[k-1] > 0 {
			before := c.mentions[c.at[k-1]-1].ent
			ok, long = c.entities[before].typ == TypeOrg && len(c.entities[before].name) > 1, before
		}
		if ok && long != m.ent {
			c.entities[long].typ = TypeOrg
			m.ent = long
		}
	}
}
