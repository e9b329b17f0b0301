package directory

import (
	"cmp"
	"slices"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// person is one speaker over all articles of a scope, while it is counted.
type person struct {
	key      string
	typ      quote.SpeakerType
	initials string // middle initials, "" when none was seen
	quotes   int
	names    map[string]int // full names by frequency
	forms    map[string]int // names and aliases
	roles    map[string]int
}

// merge brings the forms of each speaker together. Persons are one when first
// name, last name and suffix agree and their middle initials don't contradict:
// "Donald J. Trump" and "Donald Trump" are one, "George W." and "George H.W."
// are two, and then a bare "George" is left to itself. A surname alone is
// never joined to a full name: there may be two Clintons.
func merge(counts []Count) []*person {
	groups := map[string][]*person{}
	var order []string
	for _, c := range counts {
		key, initials := identity(c.Speaker)
		if key == "" {
			continue
		}
		group, seen := groups[key]
		if !seen {
			order = append(order, key)
		}
		i := slices.IndexFunc(group, func(p *person) bool { return p.initials == initials })
		if i < 0 {
			groups[key] = append(group, newPerson(key, initials, c.Speaker.Type))
			i = len(group)
		}
		groups[key][i].count(c)
	}
	var merged []*person
	for _, key := range order {
		merged = append(merged, settle(groups[key])...)
	}
	return merged
}

// settle joins the persons of one first and last name that may be the same:
// the one without initials with the only one that has some.
func settle(group []*person) []*person {
	switch {
	case len(group) == 1:
		return group
	case len(group) == 2 && (group[0].initials == "" || group[1].initials == ""):
		group[0].absorb(group[1])
		return group[:1]
	}
	for _, p := range group {
		if p.initials != "" {
			p.key += "/" + p.initials
		}
	}
	return group
}

// identity is the key that the forms of one speaker share, and the middle
// initials that may tell two of them apart.
func identity(s *quote.Speaker) (key, initials string) {
	if s.Type != quote.TypePerson {
		return plain(s.Name), ""
	}
	n := parse(s.Name)
	if key = n.firstLast(); key == "" {
		key = n.full()
	}
	if len(n.initials) > 0 {
		return key, n.initials
	}
	if len(n.words) > 2 {
		for _, w := range n.words[1 : len(n.words)-1] {
			if particles[w] {
				return key, ""
			}
			initials += w[:1]
		}
	}
	return key, initials
}

func newPerson(key, initials string, typ quote.SpeakerType) *person {
	return &person{key: key, initials: initials, typ: typ,
		names: map[string]int{}, forms: map[string]int{}, roles: map[string]int{}}
}

func (p *person) count(c Count) {
	p.quotes += c.Quotes
	p.names[c.Speaker.Name] += c.Quotes
	p.forms[c.Speaker.Name] += c.Quotes
	for _, a := range c.Speaker.Aliases {
		if len(compact([]string{plain(a)})) > 0 {
			p.forms[a] += c.Quotes
		}
	}
	if c.Speaker.Role != "" {
		p.roles[c.Speaker.Role] += c.Quotes
	}
}

func (p *person) absorb(o *person) {
	p.quotes += o.quotes
	for to, from := range map[*map[string]int]map[string]int{&p.names: o.names, &p.forms: o.forms, &p.roles: o.roles} {
		for s, n := range from {
			(*to)[s] += n
		}
	}
}

func (p *person) entry() index.SpeakerEntry {
	e := index.SpeakerEntry{Name: byCount(p.names)[0], Type: p.typ, Quotes: p.quotes}
	if roles := byCount(p.roles); len(roles) > 0 {
		e.Role = roles[0]
	}
	for _, form := range byCount(p.forms) {
		if form != e.Name && len(e.Aliases) < maxAliases {
			e.Aliases = append(e.Aliases, form)
		}
	}
	return e
}

// byCount lists what was counted, most frequent first, then the longer one.
func byCount(counts map[string]int) []string {
	list := make([]string, 0, len(counts))
	for s := range counts {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	return list
}
