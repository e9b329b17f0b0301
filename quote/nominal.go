package quote

import (
	"slices"
	"strings"
)

// nominal resolves a source that is a noun: head is its noun phrase, src all of it.
func (r *resolver) nominal(head, src wordRange) *Speaker {
	noun := r.norm(head.end - 1)
	first := r.norm(head.first)
	indefinite := first == "a" || first == "an" || first == "another" || first == "one"
	if r.base == nil && !r.words[head.first].is(capital) && !r.pack.is(first, classDeterminer) {
		return nil // rules alone cut such phrases anywhere
	}
	switch {
	case r.endsPlural(head) || r.pack.is(noun, classDeterminer) || noun == "others" || r.many(head):
		return r.describe(src, TypeGroup)
	case r.lex.orgNouns[noun]:
		return r.organisation(head, src, noun, indefinite)
	}
	g, _, isRole := r.lex.role(noun)
	kin, isKin := r.lex.kin[noun]
	if isKin && !isRole {
		g = kin
	}
	if strings.HasSuffix(noun, "-year-old") {
		isRole = true
	}
	if !isRole && !isKin {
		if r.lex.documents[noun] {
			return r.document(head, src, noun)
		}
		if r.allCapital(head) {
			return r.describe(head, TypePerson)
		}
		return r.unknownNoun(head, src, noun)
	}
	if indefinite {
		if ent := r.namedLater(noun, head); ent >= 0 {
			return r.entitySpeaker(ent)
		}
		return r.describe(src, TypeUnnamed)
	}
	if ent := r.byRole(noun, g, head); ent >= 0 {
		r.touch(ent, head.end-1, weightSubject+weightSource)
		r.how = byRoleNoun
		return r.entitySpeaker(ent)
	}
	return r.describe(src, TypeUnnamed)
}

// many reports whether the noun phrase counts several: "63 percent", "human
// rights groups", as far as tags tell.
func (r *resolver) many(head wordRange) bool {
	if r.base == nil {
		return false
	}
	k := head.end - 1
	noun := r.norm(k)
	if noun == "percent" || noun == "%" || noun == "family" || noun == "everyone" || noun == "everybody" {
		return true
	}
	return r.base.Tags[k].String() == "NNS" && !r.words[k].is(capital) && !r.lex.documents[noun] && !r.lex.documents[strings.TrimSuffix(noun, "s")]
}

// unknownNoun is the speaker that a noun of no known kind stands for: somebody
// unnamed when its form is one of nouns for people, else nobody that can be told,
// since most of what has no such form is a thing.
func (r *resolver) unknownNoun(head, src wordRange, noun string) *Speaker {
	if r.base == nil || r.lex.persons[noun] {
		return r.describe(src, TypeUnnamed)
	}
	if r.base.Tags[head.end-1].Noun() && !r.words[head.end-1].is(capital) {
		for _, suffix := range []string{"er", "or", "ist", "ian", "ect", "eer", "ant", "man", "woman", "person"} {
			if len(noun) > len(suffix)+2 && strings.HasSuffix(noun, suffix) {
				return r.describe(src, TypeUnnamed)
			}
		}
	}
	return nil
}

// allCapital reports whether every word of a phrase of two or more has a capital.
func (r *resolver) allCapital(s wordRange) bool {
	for k := s.first; k < s.end; k++ {
		if !r.words[k].is(capital) {
			return false
		}
	}
	return s.len() > 1
}

// leadParagraphs is how far into an article its lead may reach: it often puts a
// description where the name comes later.
const leadParagraphs = 3

// namedLater is the one person of the article with a role that the lead gives
// without a name ("a federal judge ruled"), or -1.
func (r *resolver) namedLater(noun string, head wordRange) int {
	if list := r.byHead[noun]; len(list) == 1 && !r.ofAnother(&r.entities[list[0]], noun, head) && int(r.words[head.first].para) < leadParagraphs && r.traces[list[0]].value == 0 {
		return list[0]
	}
	return -1
}

// document is the speaker of what a document says: whoever it is said to be by
// ("her account", "a letter from Ada Finch", "a Courier report"), else the
// document itself. Polls speak for themselves.
func (r *resolver) document(head, src wordRange, noun string) *Speaker {
	if s := r.authorOf(head, src, noun); s != nil {
		return s
	}
	if r.lex.personal[noun] {
		if s := r.issuer(head, noun); s != nil {
			return s
		}
	}
	if !r.lex.articles[noun] {
		return r.describe(src, TypeDocument)
	}
	if k := head.end - 2; k >= head.first && r.at[k] > 0 {
		if x := &r.mentions[r.at[k]-1]; r.entities[x.ent].typ == TypeOrg {
			r.lastArticle = x.ent
			return r.named(x)
		}
	}
	if r.norm(head.first) == "the" && head.len() == 2 && r.lastArticle >= 0 {
		return r.entitySpeaker(r.lastArticle)
	}
	return r.describe(src, TypeDocument)
}

// authorOf is whose document the noun phrase names: "her account", "Ms. Finch's
// commentary", "a letter from Ada Finch", "a speech that Ada Finch gave".
func (r *resolver) authorOf(head, src wordRange, noun string) *Speaker {
	if ent, ok := r.pronouns[head.first]; ok && head.len() > 1 {
		return r.entitySpeaker(ent)
	}
	for k := head.first + 1; k < head.end-1; k++ {
		if w := r.norm(k); (w == "'s" || w == "'") && r.at[k-1] > 0 {
			return r.named(&r.mentions[r.at[k-1]-1])
		}
	}
	if !r.lex.personal[noun] {
		return nil
	}
	k := head.end
	switch w := r.norm(k); {
	case w == "by" || w == "from" || w == "that":
		k++
	case k > 0 && k < src.end && r.at[k] > 0: // "a speech Ada Finch gave"
	case r.at[head.end-2] > 0 && head.len() > 2: // "an Ada Finch tweet"
		k = head.end - 2
	default:
		return nil
	}
	if k >= src.end || r.at[k] == 0 {
		return nil
	}
	x := &r.mentions[r.at[k]-1]
	if e := &r.entities[x.ent]; e.typ != TypePerson || r.norm(x.words.end) == "'s" || r.norm(x.words.end) == "'" {
		return nil
	}
	return r.named(x)
}

// maxIssued is for how many narrative sentences "the statement" may mean what
// was last issued.
const maxIssued = 2

// issuer is who issued "the statement", or nil: who spoke last, if the words of
// that sentence call what they issued by the same noun.
func (r *resolver) issuer(head wordRange, noun string) *Speaker {
	if head.len() != 2 || r.norm(head.first) != "the" || r.lastSaid == nil || r.lastSaid.Type == TypeDocument {
		return nil
	}
	sent := int(r.words[r.lastAt].sent)
	if r.narrative[r.words[head.first].sent]-r.narrative[sent] > maxIssued {
		return nil
	}
	for k := r.sents[sent].first; k < r.sents[sent].end; k++ {
		if r.norm(k) == noun && r.words[k].region < 0 && k < head.first {
			return r.lastSaid
		}
	}
	return nil
}

// possessive reports whether the noun phrase says whose it is, and the entity
// that it is of, or -1.
func (r *resolver) possessive(head wordRange) (owner int, ok bool) {
	owner = -1
	switch r.norm(head.first) {
	case "his", "her", "their", "its", "my", "our":
		if ent, known := r.pronouns[head.first]; known {
			owner = ent
		}
		return owner, true
	}
	for k := head.first; k < head.end-1; k++ {
		if w := r.norm(k); w == "'s" || w == "'" {
			if k > head.first && r.at[k-1] > 0 {
				owner = r.mentions[r.at[k-1]-1].ent
			}
			ok = true
		}
	}
	return owner, ok
}

// byRole is the person in mind whom a definite noun means: by description
// first, else by gender alone; -1 for none.
func (r *resolver) byRole(noun string, g gender, head wordRange) int {
	best, bestScore := -1, 0.0
	at := head.end - 1
	owner, owned := r.possessive(head)
	_, isKin := r.lex.kin[noun]
	specific := !r.lex.general[noun] && !strings.HasSuffix(noun, "-year-old")
	consider := func(k int) {
		e := &r.entities[k]
		if !r.personal(e) || k == owner || g != unknownGender && e.gender != unknownGender && e.gender != g {
			return
		}
		role := r.roleScore(e, noun, head)
		if role < 0 {
			return
		}
		active := r.activation(k, at)
		if role == 0 && (owned && isKin || specific && active < minSpecific) {
			return
		}
		if score := active + role; score > bestScore {
			best, bestScore = k, score
		}
	}
	for _, k := range r.recent {
		consider(k)
	}
	for _, k := range r.byHead[noun] {
		if best < 0 || r.traces[k].value > 0 {
			consider(k)
		}
	}
	if bestScore < minNominal {
		return -1
	}
	return best
}

// minNominal is the least score at which a noun is taken for a person.
const minNominal = 0.15

// minSpecific is the activation from which a person whose descriptions don't
// say so may be "the engineer".
const minSpecific = 1.0

// roleScore is how well a noun phrase fits an entity's descriptions.
func (r *resolver) roleScore(e *entity, noun string, head wordRange) float64 {
	if r.ofAnother(e, noun, head) {
		return -1
	}
	score := 0.0
	switch {
	case e.heads[noun]:
		score = 3
	case r.synonym(e, noun):
		score = 1.5
	}
	for k := head.first; k < head.end-1; k++ {
		w := r.norm(k)
		if (w == "old" || w == "former" || w == "outgoing") && e.context["new"] {
			return -1 // the new champion is not the old one
		}
		if e.context[w] && !r.pack.is(w, classDeterminer) {
			score++
		}
		if p := r.lex.parties[w]; p != "" && e.party != "" {
			if e.party != p {
				return -1
			}
			score++
		}
	}
	return score
}

// ofAnother reports whether the noun phrase says by name whose the person is
// ("the Skarn spokesman") and the entity's own descriptions say otherwise: it is
// somebody else's, or none at all of a country or an organisation.
func (r *resolver) ofAnother(e *entity, noun string, head wordRange) bool {
	named, firmly := false, false
	own := e.whose[noun]
	for k := head.first; k < head.end-1; k++ {
		if !r.namesWhose(k) {
			continue
		}
		w := r.norm(k)
		if e.context[w] || slices.ContainsFunc(own, func(of string) bool { return r.lex.sameCountry(w, of) }) {
			return false
		}
		named, firmly = true, firmly || r.lex.countries[w] != "" || r.lex.orgHeads[w]
	}
	if !named || len(own) > 0 {
		return named
	}
	return firmly && !e.heads[noun] && !r.synonym(e, noun)
}

// synonym reports whether the noun may take up one of the entity's descriptions.
func (r *resolver) synonym(e *entity, noun string) bool {
	for h := range e.heads {
		if slices.Contains(r.lex.synonyms[h], noun) {
			return true
		}
	}
	return false
}

// organisation resolves "the campaign", "the Finch campaign", "the company".
func (r *resolver) organisation(head, src wordRange, noun string, indefinite bool) *Speaker {
	named := false
	for k := head.first; k < head.end-1; k++ {
		if r.words[k].is(capital) && r.at[k] > 0 {
			named = true
		}
	}
	if first := r.norm(head.first); head.len() > 2 && (first == "the" || first == "a" || first == "an") {
		head.first++
	}
	if indefinite {
		return r.describe(head, TypeOrg)
	}
	if named || r.norm(head.first) == "his" || r.norm(head.first) == "her" {
		return r.possessed(head, noun)
	}
	best, bestScore := -1, 0.0
	consider := func(k int) {
		e := &r.entities[k]
		if e.typ == TypePerson || r.traces[k].value == 0 {
			return
		}
		score := r.activation(k, head.end-1)
		if r.lex.places[strings.ToLower(e.fullName())] && !governs(noun) {
			return
		}
		switch {
		case len(e.name) == 1 && normalise(e.name[0]) == noun:
			return // a headline's "Bank" is no name
		case len(e.name) == 1 && r.lex.nationalities[strings.TrimSuffix(normalise(e.name[0]), "s")]:
			return // "the bank" are not the Danes
		case slices.ContainsFunc(e.name, func(w string) bool { return normalise(w) == noun }):
			score += 3
		case !r.lex.anyOrg[noun] || e.typ != TypeOrg || r.otherKind(e, noun):
			return // "the police" are not the company named last
		}
		if score > bestScore {
			best, bestScore = k, score
		}
	}
	for _, k := range r.recent {
		consider(k)
	}
	for _, k := range r.byNoun[noun] {
		consider(k)
	}
	if best >= 0 {
		r.how = byRoleNoun
		if r.entities[best].typ == "" {
			r.entities[best].typ = TypeOrg
		}
		return r.entitySpeaker(best)
	}
	return r.describe(head, TypeOrg)
}

// otherKind reports whether the organisation's name says that it is something
// else than the noun: a ministry or a union is no company.
func (r *resolver) otherKind(e *entity, noun string) bool {
	return slices.ContainsFunc(e.name, func(w string) bool {
		n := normalise(w)
		return n != noun && r.lex.orgNouns[n] && !r.lex.anyOrg[n]
	})
}

// governs reports whether the noun can take up a place: "the city said".
func governs(noun string) bool {
	switch noun {
	case "city", "county", "government", "administration", "state", "country", "nation":
		return true
	}
	return false
}

// possessed is an organisation named by whose it is: "Mr. Finch's campaign" and
// "the Finch campaign" are both "Finch campaign".
func (r *resolver) possessed(head wordRange, noun string) *Speaker {
	var parts []string
	for k := head.first; k < head.end; k++ {
		if r.at[k] > 0 {
			x := &r.mentions[r.at[k]-1]
			if x.words.first == k || k == head.first {
				e := &r.entities[x.ent]
				switch {
				case e.typ == TypePerson && e.last != "":
					parts = append(parts, e.name[len(e.name)-1])
				default:
					parts = append(parts, e.name...)
				}
			}
			continue
		}
		w := r.norm(k)
		switch {
		case w == "his" || w == "her":
			if ent, ok := r.pronouns[k]; ok && r.entities[ent].last != "" {
				e := &r.entities[ent]
				parts = append(parts, e.name[len(e.name)-1])
			}
		case w == "'s" || w == "'" || r.pack.is(w, classDeterminer):
		default:
			parts = append(parts, r.raw(k))
		}
	}
	ent := r.namedOrg(parts)
	r.touch(ent, head.end-1, weightSubject+weightSource)
	r.how = byShortName
	return r.entitySpeaker(ent)
}
