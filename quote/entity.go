package quote

import (
	"slices"
	"strings"
)

// entity is one person or organisation of an article, with all that the
// article calls it.
type entity struct {
	typ    SpeakerType
	name   []string // the fullest form, as written, without title
	first  string   // a person's first name, in lower case; "" when unknown
	last   string   // a person's last name, in lower case
	gender gender
	// roles are the descriptions the article gives, as written, in order.
	roles []string
	// heads are the nouns of those descriptions ("spokesman", "senator").
	heads map[string]bool
	// context are the other words of those descriptions ("kremlin", "california").
	context map[string]bool
	// whose are the names of countries, organisations and persons in those
	// descriptions, by the description's nouns: whose spokesman somebody is.
	whose   map[string][]string
	aliases []string
	party   string
	short   int   // mentions by surname or first name
	fullAt  []int // first words of the mentions by full name, ascending
}

// fullName is the entity's name as the engine reports it.
func (e *entity) fullName() string { return strings.Join(e.name, " ") }

// addRole notes a description of the entity.
func (e *entity) addRole(l *lexicon, text string, words []string) {
	if text == "" {
		return
	}
	if e.heads == nil {
		e.heads, e.context = map[string]bool{}, map[string]bool{}
	}
	for i, w := range words {
		if w == "president" && i > 0 && words[i-1] == "vice" {
			w = "vice president"
		}
		if t, ok := l.titles[w]; ok && t.role != "" {
			e.heads[t.role] = true
			if e.gender == unknownGender {
				e.gender = t.gender
			}
		}
		if g, plural, ok := l.role(w); ok && !plural {
			e.heads[w] = true
			if e.gender == unknownGender {
				e.gender = g
			}
		}
		if g, ok := l.kin[w]; ok {
			e.heads[w] = true
			if e.gender == unknownGender {
				e.gender = g
			}
		}
		e.context[w] = true
		if p := l.parties[w]; p != "" && e.party == "" {
			e.party = p
		}
	}
	if !slices.Contains(e.roles, text) {
		e.roles = append(e.roles, text)
	}
}

// mention is a place where the text names an entity.
type mention struct {
	words wordRange // title included
	name  wordRange // without the title
	ent   int
	full  bool // by more than a surname
}

// nameForm is a run of capitalised words read as title and name.
type nameForm struct {
	words  wordRange // all of it
	name   wordRange // without title, role and nationality
	titled bool
	gender gender // from the title
	org    bool
	place  bool
}
