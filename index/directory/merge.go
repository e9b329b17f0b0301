package directory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// person is one speaker over all articles of a scope, while it is counted.
type person struct {
	key      string
	typ      quote.SpeakerType
	initials string // middle initials, "" when none was seen
	quotes   int
	names    tally // full names
	forms    tally // names and aliases
	roles    tally
}

// tally counts a handful of strings.
type tally []tallied

type tallied struct {
	s string
	n int
}

func (t *tally) add(s string, n int) {
	for i := range *t {
		if (*t)[i].s == s {
			(*t)[i].n += n
			return
		}
	}
	*t = append(*t, tallied{s, n})
}

func (t *tally) addAll(o tally) {
	for _, c := range o {
		t.add(c.s, c.n)
	}
}

// sort puts the most frequent first, then the longer one.
func (t tally) sort() {
	slices.SortFunc(t, func(a, b tallied) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(len(b.s), len(a.s)), cmp.Compare(a.s, b.s))
	})
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
	return &person{key: key, initials: initials, typ: typ}
}

func (p *person) count(c Count) {
	p.quotes += c.Quotes
	p.names.add(c.Speaker.Name, c.Quotes)
	p.forms.add(c.Speaker.Name, c.Quotes)
	for _, a := range c.Speaker.Aliases {
		if !pronouns[strings.ToLower(a)] {
			p.forms.add(a, c.Quotes)
		}
	}
	if c.Speaker.Role != "" {
		p.roles.add(c.Speaker.Role, c.Quotes)
	}
}

func (p *person) absorb(o *person) {
	p.quotes += o.quotes
	p.names.addAll(o.names)
	p.forms.addAll(o.forms)
	p.roles.addAll(o.roles)
}

func (p *person) entry() index.SpeakerEntry {
	p.names.sort()
	p.forms.sort()
	p.roles.sort()
	e := index.SpeakerEntry{Name: p.names[0].s, Type: p.typ, Quotes: p.quotes}
	if len(p.roles) > 0 {
		e.Role = p.roles[0].s
	}
	for _, form := range p.forms {
		if form.s != e.Name && len(e.Aliases) < maxAliases {
			e.Aliases = append(e.Aliases, form.s)
		}
	}
	return e
}
