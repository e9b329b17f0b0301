package directory

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/terms"
	"github.com/whosaid/whosaid/quote"
)

const (
	maxAliases = 12 // of an entry; the most frequent are kept
	maxRoles   = 8  // likewise
)

// form is one form of a speaker, as some articles give it.
type form struct {
	Count
	parsed name // of a person
	family string
}

func newForm(c Count) form {
	f := form{Count: c}
	if c.Speaker.Type == quote.TypePerson {
		f.parsed = parse(c.Speaker.Name)
	}
	f.family = f.familyKey()
	return f
}

// familyKey is what the forms have in common that may be one speaker's: for
// persons the surname, else the whole name. "" for a form without letters.
func (f form) familyKey() string {
	if f.Speaker.Type != quote.TypePerson {
		return otherFamily(plain(f.Speaker.Name))
	}
	n := f.parsed
	if len(n.words) > 1 && n.firstLast() == "" {
		return "p " + n.full() // 習近平 is split into signs, not names
	}
	if n.surname() == "" {
		return ""
	}
	return "p " + n.surname()
}

func otherFamily(name string) string {
	if name == "" {
		return ""
	}
	return "o " + name
}

// compare orders forms within a family; equal ones are one form.
func (f form) compare(g form) int {
	a, b := f.Speaker, g.Speaker
	return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type), strings.Compare(a.Role, b.Role), slices.Compare(a.Aliases, b.Aliases))
}

// family is all forms with one surname, or of one name that is no person's.
type family struct {
	forms   []form  // sorted
	entries []int32 // numbers of the speakers that they are
}

// with is the family with sorted forms added; its entries are still the old ones.
func (f *family) with(forms []form) *family {
	all := slices.Concat(f.forms, forms)
	slices.SortStableFunc(all, form.compare)
	n := &family{entries: f.entries, forms: all[:0]}
	for len(all) > 0 {
		sum := all[0]
		i := 1
		for ; i < len(all) && all[i].compare(sum) == 0; i++ {
			sum.Quotes += all[i].Quotes
			sum.First, sum.Last = earlier(sum.First, all[i].First), max(sum.Last, all[i].Last)
		}
		if all = all[i:]; sum.Quotes > 0 {
			n.forms = append(n.forms, sum)
		}
	}
	return n
}

// people are the family's speakers. Persons are one when first name, last name
// and suffix agree and their middle initials don't contradict: "Donald J.
// Trump" and "Donald Trump" are one, "George W." and "George H.W." are two,
// and then a bare "George" is left to itself. A nickname is its first name. An
// initial for a first name, or a surname alone, joins the only one that it may
// mean, and else is nobody but itself: there may be two Clintons.
func (f *family) people() []*person {
	groups := map[string][]*person{}
	var order []string
	var initialled, bare []form
	for _, c := range f.forms {
		n := c.parsed
		switch {
		case c.Speaker.Type != quote.TypePerson:
		case len(n.words) == 1:
			bare = append(bare, c)
			continue
		case len(n.words) > 1 && len(n.words[0]) == 1:
			initialled = append(initialled, c)
			continue
		}
		key, initials := identity(c)
		group, seen := groups[key]
		if !seen {
			order = append(order, key)
		}
		i := slices.IndexFunc(group, func(p *person) bool { return p.initials == initials })
		if i < 0 {
			groups[key] = append(group, &person{key: key, initials: initials, typ: c.Speaker.Type})
			i = len(group)
		}
		groups[key][i].count(c)
	}
	var people []*person
	for _, key := range order {
		people = append(people, settle(groups[key])...)
	}
	people = join(people, initialled, func(p *person, n name) bool {
		return p.suffix() == n.suffix && strings.Contains(p.firsts, n.words[0])
	})
	people = join(people, bare, func(p *person, n name) bool { return n.suffix == "" || n.suffix == p.suffix() })
	slices.SortStableFunc(people, func(a, b *person) int {
		return cmp.Or(cmp.Compare(b.quotes, a.quotes), cmp.Compare(a.key, b.key))
	})
	return people
}

// join gives each form to the only person that it may mean; forms that may
// mean several or nobody become persons of their own.
func join(people []*person, forms []form, may func(*person, name) bool) []*person {
	known := people
	for _, p := range known {
		p.firsts = p.firstLetters()
	}
	own := map[string]*person{}
	for _, c := range forms {
		n := c.parsed
		var one *person
		several := false
		for _, p := range known {
			if p.typ == quote.TypePerson && may(p, n) {
				one, several = p, one != nil
			}
			if several {
				break
			}
		}
		if one != nil && !several {
			one.count(c)
			one.alone = one.alone || len(n.words) == 1
			continue
		}
		key := "p " + n.full()
		if own[key] == nil {
			own[key] = &person{key: key, typ: quote.TypePerson, alone: len(n.words) == 1}
			people = append(people, own[key])
		}
		own[key].count(c)
	}
	return people
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
func identity(f form) (key, initials string) {
	if f.Speaker.Type != quote.TypePerson {
		return f.family, ""
	}
	n := f.parsed
	if n.firstLast() == "" {
		return "p " + n.full(), ""
	}
	key = "p " + n.join(formal(n.words[0]), n.surname())
	if len(n.initials) > 0 {
		return key, n.initials
	}
	for _, w := range n.words[1 : len(n.words)-1] {
		if particles[w] {
			return key, ""
		}
		initials += firstLetter(w)
	}
	return key, initials
}

// familyOfKey is the family of a speaker's key.
func familyOfKey(key string) string {
	if strings.HasPrefix(key, "o ") {
		return key
	}
	whole, _, _ := strings.Cut(key[2:], "/")
	return newForm(Count{Speaker: &quote.Speaker{Name: whole, Type: quote.TypePerson}}).family
}

// person is one speaker over all articles of a scope, while it is counted.
type person struct {
	key         string
	typ         quote.SpeakerType
	initials    string // middle initials, "" when none was seen
	alone       bool   // the surname alone is this person's
	firsts      string // firstLetters, once it is needed
	quotes      int
	first, last string
	names       tally // as articles call the speaker
	forms       tally // names and aliases
	roles       []index.Role
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

// sort puts the most frequent first, then the longer one.
func (t tally) sort() {
	slices.SortFunc(t, func(a, b tallied) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(len(b.s), len(a.s)), cmp.Compare(a.s, b.s))
	})
}

func (p *person) count(f form) {
	p.quotes += f.Quotes
	p.first, p.last = earlier(p.first, f.First), max(p.last, f.Last)
	p.names.add(f.Speaker.Name, f.Quotes)
	p.forms.add(f.Speaker.Name, f.Quotes)
	for _, a := range f.Speaker.Aliases {
		if !pronouns[strings.ToLower(a)] {
			p.forms.add(a, f.Quotes)
		}
	}
	if f.Speaker.Role != "" {
		p.role(index.Role{Name: f.Speaker.Role, Quotes: f.Quotes, First: f.First, Last: f.Last})
	}
}

func (p *person) role(r index.Role) {
	i := slices.IndexFunc(p.roles, func(o index.Role) bool { return o.Name == r.Name })
	if i < 0 {
		p.roles = append(p.roles, r)
		return
	}
	o := &p.roles[i]
	o.Quotes += r.Quotes
	o.First, o.Last = earlier(o.First, r.First), max(o.Last, r.Last)
}

func (p *person) absorb(o *person) {
	p.quotes += o.quotes
	p.first, p.last = earlier(p.first, o.first), max(p.last, o.last)
	for _, c := range o.names {
		p.names.add(c.s, c.n)
	}
	for _, c := range o.forms {
		p.forms.add(c.s, c.n)
	}
	for _, r := range o.roles {
		p.role(r)
	}
}

// firstLetters begin the first names that the person was called by.
func (p *person) firstLetters() (letters string) {
	for _, t := range p.names {
		if n := parse(t.s); len(n.words) > 1 {
			letters += firstLetter(n.words[0]) + firstLetter(formal(n.words[0]))
		}
	}
	return letters
}

func firstLetter(word string) string {
	_, size := utf8.DecodeRuneInString(word)
	return word[:size]
}

// suffix is the one that all full names of the person have.
func (p *person) suffix() string { return parse(p.names[0].s).suffix }

// entry is the person as the directory shows it: by the most frequent of the
// names that have a first name, if any has.
func (p *person) entry() *entry {
	p.names.sort()
	p.forms.sort()
	slices.SortFunc(p.roles, func(a, b index.Role) int {
		return cmp.Or(cmp.Compare(b.Quotes, a.Quotes), cmp.Compare(len(b.Name), len(a.Name)), cmp.Compare(a.Name, b.Name))
	})
	e := &entry{key: p.key, SpeakerEntry: index.SpeakerEntry{
		Name: p.names[0].s, Type: p.typ, Quotes: p.quotes, First: p.first, Last: p.last,
	}}
	if i := slices.IndexFunc(p.names, func(t tallied) bool { return len(parse(t.s).words) > 1 }); i >= 0 && p.typ == quote.TypePerson {
		e.Name = p.names[i].s
	}
	if len(p.roles) > 0 {
		e.Role = p.roles[0].Name
		e.Roles = p.roles[:min(maxRoles, len(p.roles))]
		slices.SortStableFunc(e.Roles, func(a, b index.Role) int { return strings.Compare(a.First, b.First) })
	}
	for _, form := range p.forms {
		if form.s != e.Name && len(e.Aliases) < maxAliases {
			e.Aliases = append(e.Aliases, form.s)
		}
	}
	if p.typ == quote.TypePerson {
		e.keys = p.keys()
	}
	return e
}

// keys are what the person's passages, and no one else's, are found by.
func (p *person) keys() (keys []string) {
	for _, t := range p.names {
		n := parse(t.s)
		if len(n.words) > 1 {
			keys = append(keys, n.full(), n.firstLast())
		} else if p.alone {
			keys = append(keys, n.full())
		}
	}
	return compact(keys)
}

// tails make the person complete from every form of the name; a surname alone
// is a tail of the full name already.
func (p *person) tails(number int32) (tails []tail) {
	var keys []string
	add := func(key string) {
		for _, k := range keys {
			if strings.HasSuffix(k, key) && (len(k) == len(key) || k[len(k)-len(key)-1] == ' ') {
				return
			}
		}
		keys = append(keys, key)
		tails = appendTails(tails, key, number, p.quotes)
	}
	for _, form := range p.forms {
		add(terms.Key(form.s))
		if p.typ == quote.TypePerson {
			add(parse(form.s).full()) // without titles and initials
		}
	}
	return tails
}
