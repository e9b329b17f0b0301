package quote

import (
	"slices"
)

// findCast reads the names of an analysed article: first the full names of
// persons and organisations, then, knowing those, the surnames, first names and
// short forms.
func findCast(a *analysis, lex *lexicon) *cast {
	c := &cast{
		analysis: a, lex: lex, byLast: map[string][]int{}, byFirst: map[string][]int{},
		orgs: map[string]int{}, lower: make(map[string]bool, len(a.words)/3), inner: make(map[string]bool, len(a.words)/12), at: make([]int32, len(a.words)),
	}
	for i := range a.words {
		switch w := &a.words[i]; {
		case w.is(punct):
		case !w.is(capital):
			c.lower[w.norm] = true
		case !c.startsSentence(i):
			c.inner[w.norm] = true
		}
	}
	forms := c.forms()
	c.findOthers(forms)
	c.titleNames()
	var full, rest []nameForm
	for _, f := range forms {
		switch {
		case f.org && f.words.len() > 1:
			c.addOrg(f)
		case !f.org && !f.place && c.isFull(f):
			full = append(full, f)
		default:
			rest = append(rest, f)
		}
	}
	c.addPersons(full)
	for _, r := range c.headlines {
		c.namedInHeadline(r)
	}
	for _, f := range rest {
		c.addHead(f)
	}
	for _, f := range rest {
		c.addShort(f)
	}
	for _, r := range c.headlines {
		c.headlineNames(r)
	}
	slices.SortFunc(c.mentions, func(x, y mention) int { return x.words.first - y.words.first })
	for i := range c.mentions {
		m := &c.mentions[i]
		for k := m.words.first; k < m.words.end; k++ {
			c.at[k] = int32(i + 1)
		}
	}
	c.acronyms()
	c.spokenFor()
	c.mergeOrgs()
	c.addRoles()
	c.addAliases()
	return c
}

// forms are the document's runs of capitalised words, in order, without the
// plain words that begin sentences or make up headlines.
func (c *cast) forms() []nameForm {
	var out []nameForm
	for i := 0; i < len(c.words); {
		w := &c.words[i]
		if s := c.sents[w.sent]; s.first == i && c.titleCase(s) {
			c.headlines = append(c.headlines, s)
			i = s.end
			continue
		}
		if !w.is(capital) || w.is(punct) || !c.beginsName(i) {
			i++
			continue
		}
		r := c.runAt(i)
		if r.len() == 0 {
			i++
			continue
		}
		out = append(out, c.read(r))
		i = r.end
	}
	return out
}

// titleCase reports whether the sentence is a line in title case, whose capitals
// say nothing.
func (c *cast) titleCase(s wordRange) bool {
	small, n := 0, 0
	for k := s.first; k < s.end; k++ {
		w := &c.words[k]
		if len(w.norm) < 3 || w.is(punct|digit) || c.pack.classes[w.norm] != 0 {
			continue
		}
		n++
		if !w.is(capital) {
			if small++; 10*small > s.len() {
				return false // whatever follows
			}
		}
	}
	return n >= 4 && 10*small <= n
}

// namedInHeadline makes persons of the full names in a line in title case whose
// surnames the text uses alone.
func (c *cast) namedInHeadline(s wordRange) {
	for k := s.first; k+1 < s.end; k++ {
		first, last := &c.words[k], &c.words[k+1]
		if !first.is(capital) || !last.is(capital) || last.is(punct) || first.is(upper) != last.is(upper) || c.byLast[last.norm] != nil {
			continue
		}
		if _, ok := c.lex.names[first.norm]; !ok || c.lower[last.norm] || c.isNameWord(last.norm) || c.lex.orgHeads[last.norm] {
			continue
		}
		if last.is(upper) && (c.pack.cues[last.norm] != 0 || c.pack.classes[last.norm] != 0) || !last.is(upper) && !c.inner[last.norm] {
			continue // in capitals, nothing tells more
		}
		c.person([]string{c.raw(k), c.raw(k + 1)}, unknownGender)
		k++
	}
}

// headlineNames finds in a line in title case the persons named elsewhere.
func (c *cast) headlineNames(s wordRange) {
	for k := s.first; k < s.end; k++ {
		w := &c.words[k]
		if !w.is(capital) {
			continue
		}
		f := nameForm{words: wordRange{k, k + 1}, name: wordRange{k, k + 1}}
		if list := c.byFirst[w.norm]; list != nil && k+1 < s.end {
			for _, i := range list {
				if c.entities[i].last == c.norm(k+1) && len(c.entities[i].name) > 1 {
					f.words.end, f.name.end = k+2, k+2
					c.mentions = append(c.mentions, mention{words: f.words, name: f.name, ent: i, full: true})
					break
				}
			}
			if f.words.len() > 1 {
				k++
				continue
			}
		}
		if i := c.shortPerson(f, w.norm); i >= 0 && !c.lower[w.norm] {
			c.mentions = append(c.mentions, mention{words: f.words, name: f.name, ent: i})
		}
	}
}

// beginsName reports whether the capitalised word at i can begin a name: it is
// not a plain word that only begins its sentence.
func (c *cast) beginsName(i int) bool {
	w := &c.words[i]
	if c.pack.is(w.norm, classDeterminer|classPreposition|classBreak|classAuxiliary|classConjunction|classAdverb|classFirst|classRelative) || c.pack.isPronoun(w.norm) {
		return false
	}
	if c.pack.is(w.norm, classAdjunct) && !c.isNameWord(w.norm) {
		return false
	}
	if !c.startsSentence(i) {
		return true
	}
	if c.isNameWord(w.norm) {
		return true
	}
	if c.lower[w.norm] {
		return false
	}
	if c.norm(i+2) == ":" && c.words[i+1].is(capital) {
		return true // a label: "Ada Finch: “No.”"
	}
	if c.base == nil {
		// Without tags: a name, if another capital follows or the text has the
		// word with a capital elsewhere.
		return c.inner[w.norm] || i+1 < len(c.words) && c.words[i+1].is(capital)
	}
	return c.inner[w.norm] || c.base.Tags[i].Proper()
}

// isNameWord reports whether the word is a known first name, title or place.
func (c *cast) isNameWord(w string) bool {
	if _, ok := c.lex.names[w]; ok {
		return true
	}
	_, ok := c.lex.titles[w]
	return ok || c.lex.places[w] || c.lex.placeStarts[w] || c.lex.nationalities[w]
}

// startsSentence reports whether word i begins a sentence or a quotation.
func (c *cast) startsSentence(i int) bool {
	first := c.sents[c.words[i].sent].first
	for k := i - 1; k >= first; k-- {
		if !c.words[k].is(punct) {
			return false
		}
		if c.norm(k) == ":" || c.words[k].region != c.words[i].region {
			return true
		}
	}
	return true
}

// addShort notes a mention by surname, first name or short form, or makes an
// entity of a name that stands alone.
func (c *cast) addShort(f nameForm) {
	m := mention{words: f.words, name: f.name, ent: -1}
	last := c.norm(f.name.end - 1)
	switch {
	case f.place && (f.name.len() > 1 || c.byLast[last] == nil || c.pack.is(c.norm(f.words.first-1), classPreposition)):
	case f.name.len() == 1:
		m.ent = c.shortPerson(f, last)
	case f.name.len() == 2 && c.byLast[last] != nil && !f.org:
		// "Justice Finch", "Candidate Finch" in an unknown title.
		m.ent = c.pick(c.byLast[last], f)
	}
	if m.ent < 0 {
		m.ent = c.alone(f)
	}
	if m.ent >= 0 {
		c.mentions = append(c.mentions, m)
	}
}

// alone makes an entity of a name that fits no other: a person by surname with
// a title, a person by first name, an organisation, or a name of unknown kind.
func (c *cast) alone(f nameForm) int {
	w := c.norm(f.name.end - 1)
	_, first := c.lex.names[w]
	switch {
	case f.titled && f.name.len() == 1 && c.lex.titles[c.norm(f.words.first)].role == "" && !c.lex.orgHeads[w]:
		c.entities = append(c.entities, entity{typ: TypePerson, name: c.nameWords(f.name), last: w, gender: f.gender})
		share(c.byLast, w, len(c.entities)-1)
		return len(c.entities) - 1
	case f.place, f.org, c.words[f.name.first].is(upper) && f.name.len() == 1 && len(w) <= 6:
		return c.org(f.words)
	case first && f.name.len() == 1 && !c.pack.is(w, classAdjunct):
		c.entities = append(c.entities, entity{typ: TypePerson, name: c.nameWords(f.name), first: w, gender: c.lex.names[w]})
		share(c.byFirst, w, len(c.entities)-1)
		return len(c.entities) - 1
	case c.lex.nationalities[w], c.pack.is(w, classAdjunct) && f.name.len() == 1, c.lex.titles[w].role != "" && f.name.len() == 1:
		return -1
	}
	key := c.key(f.name)
	if i, ok := c.orgs[key]; ok {
		return i
	}
	if i := c.misspelt(f, w); i >= 0 {
		return i
	}
	name := c.nameWords(f.name)
	if len(name) == 1 && len(w) > 4 && isUpper(name[0]) {
		name[0] = name[0][:1] + w[1:] // a label in capitals: PENNYFEATHER
	}
	e := entity{name: name, last: w}
	if c.labelledPerson(f.name.end-1) && !c.lex.orgHeads[w] && !c.lex.orgNouns[w] {
		e.typ = TypePerson
	}
	c.entities = append(c.entities, e)
	i := len(c.entities) - 1
	c.orgs[key] = i
	switch {
	case slices.Contains(name, "&"):
		c.entities[i].typ = TypeOrg // a firm, whose partners are other entities
	case f.name.len() > 1:
		share(c.byLast, w, i)
		share(c.byFirst, c.norm(f.name.first), i)
	}
	return i
}
