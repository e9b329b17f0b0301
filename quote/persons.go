package quote

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/whosaid/whosaid/quote/internal/ner"
)

// isFull reports whether the form names a person by more than one word.
func (c *cast) isFull(f nameForm) bool {
	if f.name.len() < 2 || f.name.len() > 7 {
		return false
	}
	if c.isPersonName(f.name) {
		return true
	}
	return f.titled && f.gender == unknownGender && !c.lex.orgHeads[c.norm(f.name.end-1)] || f.titled && f.name.len() <= 4 || c.introducedAsPerson(f)
}

// introducedAsPerson reports whether the words around a run of two to four
// capitalised words say that it names a person: a role before it, a description
// before a comma, or an age, a role or "who" after one.
func (c *cast) introducedAsPerson(f nameForm) bool {
	if f.org || f.name.len() > 4 || f.words.first > 0 && c.norm(f.words.first-1) == "the" {
		return false
	}
	if k := f.words.first - 1; k >= 0 {
		if _, plural, ok := c.lex.role(c.norm(k)); ok && !plural && c.words[k].sent == c.words[f.words.first].sent {
			return true
		}
	}
	k := f.words.end
	if c.norm(k) != "," || k+2 >= len(c.words) {
		return false
	}
	if b := f.words.first - 1; b > 0 && c.norm(b) == "," && c.words[b].sent == c.words[k].sent && (c.describedBefore(b).len() > 0 || c.base == nil && f.name.len() == 2 && c.opensSentence(b)) {
		return true // "the ministry's spokesman, Ada Finch, ..."
	}
	if c.norm(k+1) == "who" || c.words[k+1].is(digit) && c.norm(k+2) == "," {
		return true
	}
	if !c.pack.is(c.norm(k+1), classDeterminer) && !c.lex.modifiers[c.norm(k+1)] {
		_, _, ok := c.lex.role(c.norm(k + 1))
		return ok
	}
	for j := k + 2; j < len(c.words) && j < k+8 && !c.words[j].is(punct); j++ {
		if _, plural, ok := c.lex.role(c.norm(j)); ok && !plural {
			return true
		}
	}
	return false
}

// opensSentence reports whether the words before the comma at word k are one
// noun phrase with a determiner that begins the sentence, as far as can be told
// without tags.
func (c *cast) opensSentence(k int) bool {
	first := c.sents[c.words[k].sent].first
	if k-first > maxRole || !c.pack.is(c.norm(first), classDeterminer) {
		return false
	}
	for j := first; j < k; j++ {
		if c.words[j].is(punct) || c.pack.is(c.norm(j), classBreak|classAuxiliary) || c.pack.cues[c.norm(j)] != 0 {
			return false
		}
	}
	return true
}

// nameWords are the words of a name as written; the marks of a nickname stay with it.
func (c *cast) nameWords(r wordRange) []string {
	out := make([]string, 0, r.len())
	prefix := ""
	for k := r.first; k < r.end; k++ {
		w := &c.words[k]
		switch {
		case w.norm == "d'" && !w.is(spaceAfter):
			prefix = c.raw(k) // d’Artois
		case !w.is(punct) || w.norm == "&":
			out = append(out, prefix+c.raw(k))
			prefix = ""
		case w.norm == ",": // before Jr.
		case !w.is(spaceAfter):
			prefix = c.raw(k)
		case len(out) > 0 && !w.is(spaceBefore):
			out[len(out)-1] += c.raw(k)
		}
	}
	return out
}

// lastName is the surname of a person's name, in lower case, without "Jr." and
// the like, and the index of its word within name.
func lastName(name []string) string {
	for i := len(name) - 1; i > 0; i-- {
		switch w := normalise(name[i]); w {
		case "jr.", "sr.", "jr", "sr", "iii", "ii", "iv":
		default:
			return w
		}
	}
	return normalise(name[0])
}

// addPersons notes the mentions by full name. A longer run that begins with the
// full name of two words that stands elsewhere is that name with capitals after
// it (a headline's, a feast day's).
func (c *cast) addPersons(full []nameForm) {
	pairs := map[string]bool{}
	for _, f := range full {
		if f.name.len() == 2 {
			pairs[c.key(f.name)] = true
		}
	}
	for _, h := range c.lex.heads {
		pairs[normalise(h.name[0])+" "+normalise(h.name[len(h.name)-1])] = true
	}
	slices.SortStableFunc(full, func(x, y nameForm) int { return y.name.len() - x.name.len() })
	for _, f := range full {
		if f.name.len() > 2 && !c.isSuffix(f.name.end-1) && !isParticle(c.norm(f.name.first+1)) && !c.labelledPerson(f.name.end-1) {
			if two := (wordRange{f.name.first, f.name.first + 2}); pairs[c.key(two)] {
				f.name.end, f.words.end = two.end, two.end
			}
		}
		c.addPerson(f)
	}
	for i := range c.entities {
		slices.Sort(c.entities[i].fullAt)
	}
}

// labelledPerson reports whether the name recogniser takes word i for part of a
// person's name.
func (c *cast) labelledPerson(i int) bool {
	return c.base != nil && c.base.Names[i] == ner.Person
}

// labelledOrg reports whether the name recogniser takes word i for part of an
// organisation's name.
func (c *cast) labelledOrg(i int) bool {
	return c.base != nil && c.base.Names[i] == ner.Organization
}

// addHead makes the person whom a title and a surname alone name, when the
// article gives no first name: a head of state or government.
func (c *cast) addHead(f nameForm) {
	if name := c.headOf(f); name != nil {
		c.person(name, c.lex.firstGender(normalise(name[0])))
	}
}

// addPerson notes a mention of a person by full name.
func (c *cast) addPerson(f nameForm) {
	name := c.nameWords(f.name)
	if len(name) < 2 {
		return
	}
	ent := c.person(name, f.gender)
	c.entities[ent].fullAt = append(c.entities[ent].fullAt, f.words.first)
	c.mentions = append(c.mentions, mention{words: f.words, name: f.name, ent: ent, full: true})
}

// person finds the entity with this full name, or makes it.
func (c *cast) person(name []string, g gender) int {
	first, last := normalise(name[0]), lastName(name)
	for _, i := range c.byLast[last] {
		e := &c.entities[i]
		if (c.sameFirst(e, first, name) || endsWith(e.name, name)) && (g == unknownGender || e.gender == unknownGender || e.gender == g) {
			if len(name) > len(e.name) {
				e.name = name
			}
			if e.gender == unknownGender {
				e.gender = g
			}
			return i
		}
	}
	if g == unknownGender {
		g = c.lex.firstGender(first)
	}
	c.entities = append(c.entities, entity{typ: TypePerson, name: name, first: first, last: last, gender: g})
	i := len(c.entities) - 1
	share(c.byLast, last, i)
	share(c.byFirst, first, i)
	// "Suu Kyi", "de Blasio": every word but the first leads to the person.
	for _, w := range name[1:] {
		if n := strings.Trim(normalise(w), "“”\"'‘’()"); n != last && len(n) > 2 && !strings.HasSuffix(n, ".") && !isParticle(n) {
			share(c.byLast, n, i)
		}
	}
	return i
}

// maxSharing bounds how many entities may share a name: beyond it a short form
// says nothing, and the work stays linear.
const maxSharing = 12

// share notes that the name may mean entity i.
func share(m map[string][]int, name string, i int) {
	if len(m[name]) < maxSharing {
		m[name] = append(m[name], i)
	}
}

// endsWith reports whether the words of a name end a longer one.
func endsWith(long, short []string) bool {
	return len(short) > 1 && len(long) > len(short) && slices.Equal(long[len(long)-len(short):], short)
}

// firstGender is the gender that a first name, also one of two parts, goes with.
func (l *lexicon) firstGender(first string) gender {
	if g, ok := l.names[first]; ok {
		return g
	}
	before, _, _ := strings.Cut(first, "-")
	return l.names[before]
}

// sameFirst reports whether a full name's first name may be the entity's:
// equal, an initial, a nickname or a longer form.
func (c *cast) sameFirst(e *entity, first string, name []string) bool {
	a, b := e.first, first
	if a == b || a == "" {
		return true
	}
	if e.last != lastName(name) {
		return false
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if strings.HasSuffix(a, ".") && strings.HasPrefix(b, a[:1]) {
		return true
	}
	long := func(w string) string {
		if l, ok := c.lex.nicknames[w]; ok {
			return l
		}
		return w
	}
	if long(a) == long(b) || len(a) >= 3 && strings.HasPrefix(b, a) {
		return true
	}
	// A second name: "J. Edgar Finch" and "Edgar Finch".
	return len(name) > 2 && normalise(name[1]) == e.first || len(e.name) > 2 && normalise(e.name[1]) == first
}

// maxAliases bounds the other forms that are kept of a name.
const maxAliases = 8

// addAliases notes every form in which the text names an entity, in order.
func (c *cast) addAliases() {
	for i := range c.mentions {
		m := &c.mentions[i]
		e := &c.entities[m.ent]
		if len(e.aliases) == maxAliases {
			continue
		}
		r := m.name
		if k := r.first - 1; k >= m.words.first && c.lex.titles[c.norm(k)].gender != unknownGender && c.lex.titles[c.norm(k)].role == "" {
			r.first = k // "Mr. Finch", but not "President Finch"
		}
		form := c.text[c.words[r.first].start:c.words[r.end-1].end]
		if form != e.fullName() && !slices.Contains(e.aliases, form) {
			e.aliases = append(e.aliases, form)
		}
	}
}

// shortPerson finds the person that one word, with or without a title, names.
func (c *cast) shortPerson(f nameForm, w string) int {
	if list := c.byLast[w]; list != nil {
		if i := c.pick(list, f); i >= 0 {
			return i
		}
	}
	// By first name, or by a surname that comes first: "Mr. Ban". Of names of
	// unknown kind the first word says nothing without a title.
	if list := c.byFirst[w]; list != nil {
		if i := c.pick(list, f); i >= 0 && (f.titled || c.entities[i].typ == TypePerson) {
			return i
		}
	}
	return -1
}

// maxMisspelt bounds the surnames that an unknown word is compared with.
const maxMisspelt = 256

// misspelt finds the one person whose surname an unknown word alone comes close
// to: papers misspell names.
func (c *cast) misspelt(f nameForm, w string) int {
	if f.name.len() != 1 || len(w) < 5 || c.lex.places[w] {
		return -1
	}
	limit := 1
	if len(w) >= 7 {
		limit = 2
	}
	found := -1
	for i := range min(len(c.entities), maxMisspelt) {
		e := &c.entities[i]
		if e.typ != TypePerson || e.first == "" || e.last == "" || e.last[0] != w[0] || levenshtein.ComputeDistance(e.last, w) > limit {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// pick chooses among persons who share a name the one that a short form at f
// means: of the title's gender, named in full not long ago, named often.
func (c *cast) pick(list []int, f nameForm) int {
	best, bestScore := -1, -1.0
	for _, i := range list {
		e := &c.entities[i]
		if f.gender != unknownGender && e.gender != unknownGender && e.gender != f.gender {
			continue
		}
		if f.titled && e.typ == "" {
			e.typ = TypePerson
		}
		s := c.closeness(i, f.words.first)
		if name := c.headOf(f); name != nil && slices.Equal(name, e.name) {
			s += 4
		}
		if s > bestScore {
			best, bestScore = i, s
		}
	}
	if best >= 0 {
		c.entities[best].short++
	}
	if best >= 0 && f.gender != unknownGender && c.entities[best].gender == unknownGender {
		c.entities[best].gender = f.gender
	}
	return best
}

// sameParagraph is what a full name gains for short forms in its paragraph.
const sameParagraph = 1.5

// closeness scores how likely a short form at word i means entity ent, by the
// full mentions of it: how many there are and how near the last one is.
func (c *cast) closeness(ent, i int) float64 {
	e := &c.entities[ent]
	score := 0.3*float64(min(len(e.fullAt), 8)) + 0.2*float64(min(e.short, 10))
	if list := c.byLast[e.last]; len(list) > 0 && list[0] == ent {
		score += 0.5 // named first
	}
	if k, _ := slices.BinarySearch(e.fullAt, i); k > 0 {
		score += 1.5 / (1 + float64(c.words[i].sent-c.words[e.fullAt[k-1]].sent)/2)
		if c.words[i].para == c.words[e.fullAt[k-1]].para {
			score += sameParagraph
		}
	}
	return score
}

// titleNames reads full names from the document's title, which the text itself
// may never give.
func (c *cast) titleNames() {
	if c.doc.Title == "" || len(c.doc.Title) > 1000 {
		return
	}
	words := strings.FieldsFunc(c.doc.Title, func(r rune) bool { return r == ' ' || r == ',' || r == ':' || r == ';' })
	for i := 0; i+1 < len(words); i++ {
		first := normalise(words[i])
		last := strings.TrimSuffix(strings.TrimSuffix(normalise(words[i+1]), "'s"), "'")
		if _, ok := c.lex.names[first]; !ok || c.lower[last] || len(last) < 3 || c.lex.orgHeads[last] || c.lex.places[first+" "+last] {
			continue
		}
		if isUpper(words[i]) || words[i] == first || !c.namedInText(last) {
			continue
		}
		c.person([]string{words[i], strings.TrimRight(words[i+1][:len(last)], ".")}, unknownGender)
	}
}

// namedInText reports whether the text has the word with a capital.
func (c *cast) namedInText(w string) bool {
	return slices.ContainsFunc(c.words, func(x word) bool { return x.norm == w && x.is(capital) })
}
