package quote

import "strings"

// cast is who and what an article names: its entities with their mentions.
type cast struct {
	*analysis
	lex      *lexicon
	entities []entity
	mentions []mention
	byLast   map[string][]int // persons by last name
	byFirst  map[string][]int // persons by first name
	orgs     map[string]int   // organisations by name in lower case, without "the"
	lower    map[string]bool  // words the text has in lower case
	inner    map[string]bool  // words it has with a capital within a sentence
	others   map[string]bool  // surnames of heads of state that others here have
	// headlines are the sentences in title case, read after all others.
	headlines []wordRange
	at        []int32 // by word: 1 + index of the mention that covers it
}

// particles may stand within a person's name in lower case.
func isParticle(w string) bool {
	switch w {
	case "de", "la", "del", "van", "von", "der", "den", "bin", "ibn", "al", "el", "da", "dos", "du", "di", "le", "ben", "ter", "ten", "abu", "y", "d'":
		return true
	}
	return false
}

// maxName bounds the words of a name.
const maxName = 12

// runAt is the run of capitalised words that begins at word i, with the
// particles, initials and nicknames within it.
func (c *cast) runAt(i int) wordRange {
	end := i
	for k := i; k < len(c.words) && k < i+maxName; k++ {
		w := &c.words[k]
		if w.para != c.words[i].para || k > i && c.words[k-1].sent != w.sent {
			break
		}
		switch {
		case w.is(capital) && !w.is(punct):
			if k > i && c.pack.is(w.norm, classAdjunct) && strings.HasSuffix(w.norm, "day") {
				return wordRange{i, end}
			}
			end = k + 1
		case k == i:
			return wordRange{i, i}
		case isParticle(w.norm) && k+1 < len(c.words) && c.words[k+1].is(capital) && !c.article(k):
		case w.norm == "," && c.isSuffix(k+1):
		case (w.norm == "of" || w.norm == "and" || w.norm == "for" || w.norm == "on" || w.norm == "to" || w.norm == "&") && c.joinsName(i, k):
		case c.joinsArticle(i, k):
			k++
		case c.nickname(k) > 0:
			k += c.nickname(k) - 1
		default:
			return wordRange{i, end}
		}
	}
	return wordRange{i, end}
}

// article reports whether the particle at word k is an article rather than part
// of a name, where only rules read names: "Leiter der Werft".
func (c *cast) article(k int) bool {
	return c.base == nil && c.pack.is(c.norm(k), classDeterminer) && !isParticle(c.norm(k-1))
}

func (c *cast) isSuffix(k int) bool {
	switch c.norm(k) {
	case "jr.", "sr.", "jr", "sr", "iii", "ii", "iv":
		return true
	}
	return false
}

// joinsName reports whether a small word at k joins the run that begins at i:
// "Secretary of State", "Department of Justice", "Food and Drug Administration".
func (c *cast) joinsName(i, k int) bool {
	if k+1 >= len(c.words) || !c.words[k+1].is(capital) || c.words[k+1].is(punct) {
		return false
	}
	next := c.norm(k + 1)
	if c.lex.orgHeads[c.norm(k-1)] && k-i < 3 && (c.norm(k) == "for" || c.norm(k) == "on" || c.norm(k) == "to") {
		return true
	}
	if c.norm(k) == "on" || c.norm(k) == "to" {
		return false
	}
	if c.norm(k) == "and" || c.norm(k) == "for" {
		// Two people, unless an organisation's word ends the run.
		for j := k + 1; j < len(c.words) && j < k+5 && c.words[j].is(capital); j++ {
			if c.lex.orgHeads[c.norm(j)] && j+1 < len(c.words) && !c.words[j+1].is(capital) {
				return !c.hasPerson(i, k)
			}
		}
		return false
	}
	if c.norm(k) == "&" {
		return true
	}
	prev := c.norm(k - 1)
	if c.lex.places[next] && !c.lex.orgHeads[prev] {
		return false
	}
	return c.lex.orgHeads[prev] || prev == "secretary" || prev == "department" || prev == "minister" || prev == "speaker" || prev == "leader" || prev == "daughters" || prev == "sons"
}

// joinsArticle reports whether "for" and the article after it join the run that
// begins at i: "Committee for a Tidy Harbour", "Institute for the Blind".
func (c *cast) joinsArticle(i, k int) bool {
	return c.norm(k) == "for" && k > i && k-i < 3 && c.lex.orgHeads[c.norm(k-1)] && c.base != nil &&
		(c.norm(k+1) == "a" || c.norm(k+1) == "the") && k+2 < len(c.words) && c.words[k+2].is(capital) && !c.words[k+2].is(punct)
}

// hasPerson reports whether words [i, k) begin with a known first name.
func (c *cast) hasPerson(i, k int) bool {
	_, ok := c.lex.names[c.norm(i)]
	return ok && k-i >= 2
}

// nickname is the number of words of a nickname in marks at k ("“Bobby”"), or 0.
func (c *cast) nickname(k int) int {
	r := int(c.words[k].region)
	if r < 0 || c.regions[r].first != k {
		if k+2 < len(c.words) && c.norm(k) == "(" && c.words[k+1].is(capital) && c.norm(k+2) == ")" && k+3 < len(c.words) && c.words[k+3].is(capital) && !c.words[k+1].is(upper) {
			return 3
		}
		return 0
	}
	n := c.regions[r].end - k
	if n <= 4 && k+n < len(c.words) && c.words[k+n].is(capital) && c.words[k+1].is(capital) && k > 0 && c.words[k-1].is(capital) {
		return n
	}
	return 0
}

// read splits a run of capitalised words into what comes before the name and
// the name itself, and says whether it looks like an organisation or a place.
func (c *cast) read(r wordRange) nameForm {
	f := nameForm{words: r, name: r}
	if c.lex.places[c.key(r)] {
		f.place = true
		return f
	}
	start := c.skipTitles(&f)
	// "Miss Universe Ada Finch": a name that begins after a word that is none, as
	// German roles do, which are capitalised.
	if (f.titled || c.base == nil) && r.end-start > 2 && !c.isFirstName(start) && c.isFirstName(start+1) {
		start++
	}
	if start > r.first && r.end-start > 2 && isParticle(c.norm(start)) && c.isFirstName(start+1) {
		start++ // "Angaben von Ada Finch"
	}
	f.name = wordRange{start, r.end}
	if c.namesOrg(&f) {
		f.org, f.name, f.titled = true, r, false
	}
	return f
}

// skipTitles is the first word of a form after its titles, roles, parties and
// nationalities; it notes the titles.
func (c *cast) skipTitles(f *nameForm) int {
	first, end := f.words.first, f.words.end
	start := first
	for k := first; k < end-1; k++ {
		w := c.norm(k)
		t, isTitle := c.lex.titles[w]
		if !isTitle && k+2 < end && c.lex.titles[w+"."].role != "" {
			t, isTitle = c.lex.titles[w+"."] // "Sen" for "Sen."
		}
		isName := c.isFirstName(k)
		switch {
		case isTitle && !(isName && k == start && start > first):
			f.titled = true
			if t.gender != unknownGender {
				f.gender = t.gender
			}
			start = k + 1
			if c.norm(k+1) == "of" && k+3 < end { // Secretary of State Ada Finch
				k += 2
				start = k + 1
			}
		case start == k && !isName && c.qualifies(w) && c.nameFollows(k+1, end):
			start = k + 1
		}
	}
	return start
}

// qualifies reports whether the word can stand before a title or a name: "Acting
// Director", "French President", "Senate Leader", "California Gov."
func (c *cast) qualifies(w string) bool {
	return c.lex.modifiers[w] || c.lex.nationalities[w] || c.lex.orgHeads[w] || c.lex.places[w]
}

// isFirstName reports whether word k is a known first name.
func (c *cast) isFirstName(k int) bool {
	_, ok := c.lex.names[c.norm(k)]
	return ok
}

// namesOrg reports whether the form names an organisation: by its last word, or
// by one that a small word follows ("Commission on Bridges").
func (c *cast) namesOrg(f *nameForm) bool {
	if c.lex.orgHeads[c.norm(f.words.end-1)] && (!f.titled || f.name.len() > 1) {
		return true
	}
	for k := f.words.first; k+1 < f.words.end; k++ {
		if c.lex.orgHeads[c.norm(k)] && !c.words[k+1].is(capital|punct) && !isParticle(c.norm(k+1)) {
			return true
		}
	}
	return false
}

// nameFollows reports whether a title or a known first name stands in words
// [k, end), the last one left out.
func (c *cast) nameFollows(k, end int) bool {
	for ; k < end-1; k++ {
		if _, ok := c.lex.titles[c.norm(k)]; ok || c.isFirstName(k) {
			return true
		}
	}
	return false
}

// key is the words of r in lower case, joined by spaces.
func (c *cast) key(r wordRange) string {
	if r.len() == 1 {
		return c.norm(r.first)
	}
	var b strings.Builder
	for k := r.first; k < r.end; k++ {
		if k > r.first {
			b.WriteByte(' ')
		}
		b.WriteString(c.norm(k))
	}
	return b.String()
}

// isPersonName reports whether the words look like the full name of a person:
// a known first name, or initials, and one to four words more.
func (c *cast) isPersonName(r wordRange) bool {
	if r.len() < 2 || r.len() > 7 || c.lex.orgHeads[c.norm(r.end-1)] {
		return false
	}
	for k := r.first; k < r.end; k++ {
		if w := c.norm(k); w == "of" || w == "and" || w == "for" || w == "&" {
			return false
		}
	}
	for k := r.first + 1; k < r.end; k++ {
		w := c.norm(k)
		if _, isTitle := c.lex.titles[w]; isTitle || c.lex.nationalities[w] || c.lex.orgHeads[w] || c.lex.orgNouns[w] {
			return false
		}
	}
	first := c.norm(r.first)
	if _, ok := c.lex.names[first]; ok {
		return true
	}
	if len(first) <= 4 && strings.HasSuffix(first, ".") {
		return true // J.D., A.
	}
	if before, _, ok := strings.Cut(first, "-"); ok {
		_, known := c.lex.names[before]
		return known
	}
	return false
}
