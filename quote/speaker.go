package quote

import (
	"slices"
	"strings"
)

// resolver finds the speaker of each attribution of an article.
type resolver struct {
	*memory
	found    []attribution
	out      []resolution // of found
	how      evidence     // of the speaker decided last
	byEntity map[int]*Speaker
	byHead   map[string][]int // persons by the nouns of their descriptions
	byNoun   map[string][]int // organisations by the nouns of their names
	byHandle map[string]int   // entities by their handles; nil until asked for
	now      int              // last word of the source being decided
	marked   bool             // what it says is in quotation marks, at least in part
	lastOrg  int              // organisation that spoke last: entity, or -1
	orgAt    int              // narrative sentence of lastOrg
	// lastArticle is the organisation whose article or report spoke last.
	lastArticle int // entity, or -1
	lastMany    *Speaker
	lastSaid    *Speaker // who spoke last, or nil
	lastAt      int      // last word of that source
	manyAt      int      // narrative sentence of lastMany
}

// evidence tells how a speaker was found, which is how sure it is.
type evidence uint8

const (
	noSource    evidence = iota // no source, or none that can be told
	byFullName                  // the source gives more than a surname
	byShortName                 // a surname, a first name, a short form
	byPronoun                   // he, she
	byOther                     // they, it, who, I
	byRoleNoun                  // "the mayor", of somebody named
	described                   // a description; nobody named
	evidences
)

// resolution is a decision about one attribution.
type resolution struct {
	speaker  *Speaker
	evidence evidence
	inner    []resolution // of its inner attributions
}

// newResolver makes a resolver of attributions, which has read nothing yet.
func newResolver(c *cast, found []attribution) *resolver {
	r := &resolver{memory: newMemory(c), found: found, out: make([]resolution, len(found)), byEntity: map[int]*Speaker{}, byHead: map[string][]int{}, byNoun: map[string][]int{}, lastOrg: -1, lastArticle: -1}
	for i := range c.entities {
		for h := range c.entities[i].heads {
			share(r.byHead, h, i)
		}
		if e := &c.entities[i]; e.typ == TypeOrg {
			for _, w := range e.name {
				if n := normalise(w); c.lex.orgNouns[n] {
					share(r.byNoun, n, i)
				}
			}
		}
	}
	return r
}

// resolve decides the speaker of each attribution, nil where it can't be told:
// unknown beats wrong. A way of deciding is used only where, on the development
// articles, it named the right speaker more often than not (confidence 0.5).
// So "it" and "they" mean only who spoke last or is clearly in mind, "I" only
// whom the words are quoted from, and "the engineer" only somebody said to be
// one or just mentioned.
func resolve(c *cast, found []attribution) []resolution {
	r := newResolver(c, found)
	read := 0
	for _, t := range r.turns() {
		if t.pos > read {
			r.read(read, t.pos)
			read = t.pos
		}
		if t.inner {
			t.to.speaker, t.to.evidence = r.aside(t.at)
			continue
		}
		t.to.speaker, t.to.evidence = r.attribute(t.at)
		if s := t.to.speaker; s != nil {
			r.lastSaid, r.lastAt = s, r.now
		}
	}
	return r.out
}

// speakingTurn is an attribution in the order in which speakers are decided.
type speakingTurn struct {
	at    *attribution
	to    *resolution
	pos   int // word up to which the article is read before
	inner bool
}

// turns lists the attributions in the order of their sources, and notes those.
func (r *resolver) turns() []speakingTurn {
	var all []speakingTurn
	for i := range r.found {
		at := &r.found[i]
		if len(at.source) > 0 {
			r.sources[r.headWord(r.wordsOf(at.source[0]))] = true
		}
		all = append(all, speakingTurn{at, &r.out[i], r.position(at), false})
		if len(at.inner) > 0 {
			r.out[i].inner = make([]resolution, len(at.inner))
		}
		for k := range at.inner {
			all = append(all, speakingTurn{&at.inner[k], &r.out[i].inner[k], r.position(&at.inner[k]), true})
		}
	}
	slices.SortStableFunc(all, func(x, y speakingTurn) int { return x.pos - y.pos })
	return all
}

// position is the word up to which the article is read before the speaker of
// an attribution is decided: the end of its source.
func (r *resolver) position(at *attribution) int {
	if len(at.source) > 0 {
		return r.wordsOf(at.source[0]).end
	}
	return r.wordsOf(at.content[0]).first
}

// attribute decides the speaker of an attribution.
func (r *resolver) attribute(at *attribution) (*Speaker, evidence) {
	r.how, r.now = noSource, max(r.position(at)-1, 0)
	if len(at.source) == 0 {
		return nil, noSource
	}
	r.marked = r.kindOf(at.content) != Indirect
	s := r.source(r.wordsOf(at.source[0]))
	if s == nil {
		return nil, noSource
	}
	return s, r.how
}

// aside decides the speaker of an inner attribution and leaves everything as if
// nobody had spoken. A pronoun in quotation marks is nobody that can be told.
func (r *resolver) aside(at *attribution) (*Speaker, evidence) {
	src := r.wordsOf(at.source[0])
	if r.words[src.first].region >= 0 && src.len() == 1 {
		if _, ok := r.pack.pronouns[r.norm(src.first)]; ok {
			return nil, noSource
		}
	}
	before := *r
	s, how := r.attribute(at)
	r.lastOrg, r.orgAt, r.lastArticle = before.lastOrg, before.orgAt, before.lastArticle
	r.lastMany, r.manyAt = before.lastMany, before.manyAt
	return s, how
}

// source is the speaker that the words of a source name.
func (r *resolver) source(src wordRange) *Speaker {
	src = r.trimSource(src)
	if src.len() == 0 {
		return nil
	}
	w := r.norm(src.first)
	if src.len() == 1 && (w == "q" || w == "a") {
		return nil // the labels of questions and answers
	}
	if s, ok := r.pronoun(src, w); ok {
		return s
	}
	if x := r.mentionEnding(r.headSegment(src)); x != nil && r.entities[x.ent].typ == TypePerson && r.norm(r.headSegment(src).end) == "," {
		if s := r.joint(src); s != nil {
			return s
		}
		return r.named(x) // "Ada Finch, a nurse at the hospital, who"
	}
	if last := src.end - 1; src.len() > 1 && (r.norm(last) == "who" || r.norm(last) == "which" || r.norm(last) == "that") {
		return r.antecedent(last)
	}
	if s := r.joint(src); s != nil {
		return s
	}
	head := r.headSegment(src)
	x := r.mentionEnding(head)
	if src.len() == 1 && r.words[src.first].is(capital) && r.isRoleWord(src.first) && (x == nil || len(r.entities[x.ent].name) == 1) {
		return &Speaker{Name: r.raw(src.first)[:1] + w[1:], Type: TypeUnnamed} // MODERATOR: and Mayor:
	}
	if s := r.handle(src); s != nil && x == nil {
		return s
	}
	if x == nil || r.base == nil && r.pack.is(r.norm(head.first), classDeterminer) {
		// A German noun has a capital too: "der Leiter, Ada Finch".
		if named := r.apposed(head, src); named != nil {
			x = named
		}
	}
	if x != nil {
		return r.named(x)
	}
	if k := src.end; k < len(r.words) && r.at[k] > 0 && r.isRoleWord(k-1) && r.words[k].sent == r.words[k-1].sent {
		if x := &r.mentions[r.at[k]-1]; x.words.first == k {
			return r.named(x) // the source stops short of the name: "the organizer | Ada Finch"
		}
	}
	return r.nominal(head, src)
}

// handle is whoever posts under a handle in the source ("@finch"): the person whom
// the article names before it in brackets, "Ada Finch (@finch)", else the handle.
func (r *resolver) handle(src wordRange) *Speaker {
	for k := src.first; k < src.end; k++ {
		if w := r.norm(k); len(w) < 3 || w[0] != '@' {
			continue
		}
		if ent, ok := r.handles()[r.norm(k)]; ok {
			return r.entitySpeaker(ent)
		}
		r.how = byShortName
		return &Speaker{Name: r.raw(k), Type: TypePerson}
	}
	return nil
}

// handles are the entities behind the handles that the article explains.
func (r *resolver) handles() map[string]int {
	if r.byHandle == nil {
		r.byHandle = map[string]int{}
		for k := 2; k < len(r.words); k++ {
			if r.norm(k-1) == "(" && r.norm(k) != "@" && strings.HasPrefix(r.norm(k), "@") && r.at[k-2] > 0 {
				r.byHandle[r.norm(k)] = r.mentions[r.at[k-2]-1].ent
			}
		}
	}
	return r.byHandle
}

// maxComplement bounds the words between the noun of a description and the
// comma before the name.
const maxComplement = 5

// apposed is the person named after a comma behind a description: "the
// spokesman, Ada Finch", "the mayor's niece, state Sen. Ada Finch", "an attorney
// for the family, Ada Finch".
func (r *resolver) apposed(head, src wordRange) *mention {
	comma := head.end
	for src.end == head.end && comma < min(len(r.words)-1, head.end+maxComplement) && !r.words[comma].is(punct) && (comma > head.end || r.pack.is(r.norm(comma), classPreposition) || r.base == nil && r.pack.is(r.norm(comma), classDeterminer)) {
		comma++ // "said the councillor for water, Ada Finch"
	}
	if r.norm(comma) == "," && (r.isRoleWord(head.end-1) || r.base == nil && r.pack.is(r.norm(head.first), classDeterminer)) {
		for k := comma + 1; k < len(r.words) && k < comma+5 && !r.words[k].is(punct); k++ {
			if r.at[k] == 0 {
				continue
			}
			if x := &r.mentions[r.at[k]-1]; x.words.first == k && r.entities[x.ent].typ != TypeOrg && (comma == head.end && r.base != nil || x.name.len() > 1) {
				return x
			}
			break
		}
	}
	k := int(r.at[src.end-1])
	if k == 0 || r.endsPlural(head) && r.norm(head.first) != "one" {
		return nil
	}
	x := &r.mentions[k-1]
	if x.words.end == src.end && x.words.first > head.first && r.norm(x.words.first-1) == "," && r.entities[x.ent].typ == TypePerson {
		return x
	}
	return nil
}

// maxDateline bounds the words of a dateline.
const maxDateline = 8

// trimSource drops marks around a source, a dateline in front of it, and a
// possessive ending.
func (r *resolver) trimSource(s wordRange) wordRange {
	if s.len() > 0 && s.first == r.paraWords[r.words[s.first].para].first && r.words[s.first].is(upper) {
		for k := s.first + 1; k < s.end && k < s.first+maxDateline; k++ {
			if isDash(r.norm(k)) {
				s.first = k + 1
				break
			}
		}
	}
	for s.len() > 0 && r.words[s.first].is(punct) {
		s.first++
	}
	for s.len() > 0 && (r.words[s.end-1].is(punct) && r.norm(s.end-1) != ")" || r.norm(s.end-1) == "'s" || r.norm(s.end-1) == "'" || s.len() > 1 && r.pack.is(r.norm(s.end-1), classConjunction|classAdverb)) {
		s.end--
	}
	for s.len() > 1 && (strings.HasSuffix(r.norm(s.end-1), "self") || strings.HasSuffix(r.norm(s.end-1), "selves")) {
		s.end-- // "the board itself"
	}
	for s.len() > 1 && r.pack.is(r.norm(s.first), classPreposition) && !r.words[s.first].is(capital) {
		s.first++
	}
	return s
}

// pronoun resolves a source that is a pronoun; ok is false when it is none.
func (r *resolver) pronoun(src wordRange, w string) (s *Speaker, ok bool) {
	if src.len() == 1 || pronounAlone(w) {
		r.how = byOther
		switch w {
		case "who", "which", "that", "whose":
			return r.antecedent(src.first), true
		case "it", "its":
			if s := r.lastSaid; s != nil && s.Type == TypeDocument && r.narrative[r.words[src.first].sent]-r.narrative[r.words[r.lastAt].sent] <= maxOrgGap {
				return s, true
			}
			return r.entitySpeaker(r.recentOrg(src.first)), true
		case "they", "their", "them":
			if r.lastMany != nil && r.narrative[r.words[src.first].sent]-r.manyAt <= maxManyGap {
				return r.lastMany, true
			}
			return r.entitySpeaker(r.recentOrg(src.first)), true
		case "i", "we", "my", "our", "you", "me", "us":
			if r.words[src.first].region < 0 && (w == "i" || w == "my") {
				return r.author(), true
			}
			return r.quotedBy(src.first), true
		}
	}
	if src.len() == 1 {
		if p := r.pack.pronouns[w]; p.weight > 0 {
			r.how = byPronoun
			ent, known := r.pronouns[src.first]
			if !known {
				ent, _ = r.person(p.gender, src.first)
			}
			return r.entitySpeaker(ent), true
		}
	}
	return nil, false
}

func pronounAlone(w string) bool { return w == "who" || w == "which" || w == "i" }

// orgInMind is the organisation most in mind at word i, or -1.
func (r *resolver) orgInMind(i int) int {
	best, bestValue := -1, 0.0
	for _, k := range r.recent {
		e := &r.entities[k]
		if v := r.activation(k, i); e.typ != TypePerson && v > bestValue && !r.lex.places[strings.ToLower(e.fullName())] {
			best, bestValue = k, v
		}
	}
	return best
}

// recentOrg is the organisation that "it" or "they" at word i may mean: the one
// that spoke last, if that was not long ago, else the one clearly in mind; or -1.
// Papers use these words for anything, so most of them stay unresolved.
func (r *resolver) recentOrg(i int) int {
	if r.lastOrg >= 0 && r.narrative[r.words[i].sent]-r.orgAt <= maxOrgGap {
		return r.lastOrg
	}
	if k := r.orgInMind(i); k >= 0 && r.activation(k, i) >= minOrg {
		return k
	}
	return -1
}

// maxOrgGap is for how many narrative sentences "it" may mean the organisation
// that spoke last, and minOrg the activation from which it may mean another.
const (
	maxOrgGap = 1
	minOrg    = 1.2
)

// headWord is the first word of the name or pronoun that heads a source.
func (r *resolver) headWord(src wordRange) int {
	src = r.trimSource(src)
	if src.len() == 0 {
		return -1
	}
	head := r.headSegment(src)
	x := r.mentionEnding(head)
	if x == nil && head.end+1 < len(r.words) && r.norm(head.end) == "," && r.at[head.end+1] > 0 {
		x = &r.mentions[r.at[head.end+1]-1]
	}
	switch {
	case x != nil:
		return x.words.first
	case r.pack.pronouns[r.norm(src.first)].weight > 0 && src.len() == 1:
		return src.first
	}
	return -1
}

// quotedBy is the speaker of the quotation that word i stands in, if it is
// known already: whom "I" means.
func (r *resolver) quotedBy(i int) *Speaker {
	at := r.words[i].start
	for k := range r.found {
		if r.found[k].content[0].Start > at {
			break
		}
		for _, c := range r.found[k].content {
			if c.Start <= at && at < c.End && r.out[k].speaker != nil && r.words[i].region >= 0 {
				return r.out[k].speaker
			}
		}
	}
	return nil
}

// author is whom "I" means outside quotations, when what is said is in marks
// (“No,” I said): the one author of the article. What authors say without marks
// is their article, not a quote.
func (r *resolver) author() *Speaker {
	if !r.marked {
		return nil
	}
	if len(r.doc.Authors) == 0 {
		return r.entitySpeaker(r.biography())
	}
	if len(r.doc.Authors) > 1 {
		return nil
	}
	name := strings.Fields(r.doc.Authors[0])
	if len(name) < 2 {
		return nil
	}
	for _, i := range r.byLast[lastName(name)] {
		if slices.Equal(r.entities[i].name, name) {
			return r.entitySpeaker(i)
		}
	}
	return &Speaker{Name: strings.Join(name, " "), Type: TypePerson, Role: "author"}
}

// biography is the person whom only the last paragraph names, and whom it says
// to be something ("Ada Finch teaches at Skarn."), or -1: the author.
func (r *resolver) biography() int {
	if len(r.paraWords) < 2 {
		return -1
	}
	last := r.paraWords[len(r.paraWords)-1]
	if last.len() == 0 || r.at[last.first] == 0 {
		return -1
	}
	x := &r.mentions[r.at[last.first]-1]
	e := &r.entities[x.ent]
	if !x.full || e.typ != TypePerson || len(e.fullAt) == 0 || e.fullAt[0] != last.first {
		return -1
	}
	switch r.norm(x.words.end) {
	case "is", "was", "teaches", "writes", "serves", "served", "covers", ",":
		return x.ent
	}
	return -1
}

// antecedent is whom the relative pronoun at word i refers to: the name or
// noun right before it.
func (r *resolver) antecedent(i int) *Speaker {
	k := i - 1
	for k >= 0 && r.words[k].is(punct) && r.words[k].sent == r.words[i].sent {
		k--
	}
	if k < 0 {
		return nil
	}
	if r.at[k] > 0 {
		return r.named(&r.mentions[r.at[k]-1])
	}
	np := r.phraseBefore(k + 1)
	if np.len() == 0 {
		return nil
	}
	return r.nominal(np, np)
}

// headSegment is the part of a source up to its first comma, relative clause or
// preposition outside a name.
func (r *resolver) headSegment(src wordRange) wordRange {
	for k := src.first + 1; k < src.end; k++ {
		if r.at[k] > 0 && r.mentions[r.at[k]-1].words.first < k {
			continue
		}
		w := r.norm(k)
		if r.base != nil && (r.base.Tags[k].Verb() || r.adjoined(k) && r.pack.is(r.norm(k+1), classPreposition) && r.words[k+1].region < 0) && r.base.Tags[k-1].Noun() && !r.words[k].is(capital) {
			return wordRange{src.first, k} // "a poll released on Friday", "a person familiar"
		}
		if r.words[k].is(punct) && w != "-" && w != "&" && w != "'" && w != "''" || r.pack.is(w, classRelative) || r.pack.is(w, classPreposition) && w != "like" {
			return wordRange{src.first, k}
		}
	}
	return src
}

// adjoined reports whether word k can follow its noun with what hangs on it: "a
// person familiar with", "a source close to".
func (r *resolver) adjoined(k int) bool {
	t := r.base.Tags[k].String()
	return t == "JJ" || t == "RB"
}

// mentionEnding is the mention that ends the segment, or nil.
func (r *resolver) mentionEnding(s wordRange) *mention {
	if k := int(r.at[s.end-1]); k > 0 {
		x := &r.mentions[k-1]
		if x.words.end <= s.end || x.words.first >= s.first {
			return x
		}
	}
	return nil
}

// joint is the speaker of a source that joins two names: "Ada and Grace".
func (r *resolver) joint(src wordRange) *Speaker {
	for k := src.first + 1; k+1 < src.end; k++ {
		if r.norm(k) != "and" || r.at[k-1] == 0 || r.at[k+1] == 0 || r.at[k] > 0 {
			continue
		}
		x, y := &r.mentions[r.at[k-1]-1], &r.mentions[r.at[k+1]-1]
		if x.words.first > src.first+3 || r.entities[x.ent].typ == TypeOrg || r.entities[y.ent].typ == TypeOrg {
			return nil
		}
		s := &Speaker{Type: TypeGroup, Name: r.entities[x.ent].fullName() + " and " + r.entities[y.ent].fullName()}
		r.keepMany(s, k)
		return s
	}
	return nil
}

// named is the speaker that a mention names.
func (r *resolver) named(x *mention) *Speaker {
	r.how = byShortName
	if x.full {
		r.how = byFullName
	}
	e := &r.entities[x.ent]
	if e.typ == "" {
		switch {
		case r.norm(x.words.first-1) == "the" || len(e.name) == 1 || r.lex.orgNouns[r.norm(x.words.first-1)] || r.labelledOrg(x.name.end-1):
			e.typ = TypeOrg
		default:
			e.typ = TypePerson
		}
	}
	if r.endsPlural(x.words) && len(e.name) == 1 && e.typ != TypePerson {
		s := &Speaker{Type: TypeGroup, Name: e.fullName()}
		r.keepMany(s, x.words.first)
		return s
	}
	return r.entitySpeaker(x.ent)
}

// endsPlural reports whether the words end in a noun for several people.
func (r *resolver) endsPlural(s wordRange) bool {
	w := r.norm(s.end - 1)
	if r.lex.groups[w] {
		return true
	}
	if _, plural, ok := r.lex.role(w); ok && plural {
		return true
	}
	single, cut := strings.CutSuffix(w, "s")
	return cut && r.lex.nationalities[single]
}

// entitySpeaker is the speaker that the entity is; nil for none.
func (r *resolver) entitySpeaker(ent int) *Speaker {
	if ent < 0 {
		return nil
	}
	e := &r.entities[ent]
	if e.typ == TypeOrg {
		r.lastOrg, r.orgAt = ent, r.narrative[r.words[r.now].sent]
	}
	if s := r.byEntity[ent]; s != nil {
		return s
	}
	s := &Speaker{Name: e.fullName(), Type: e.typ, Aliases: e.aliases}
	if s.Type == "" {
		s.Type = TypePerson
	}
	if len(e.roles) > 0 {
		s.Role = e.roles[0]
		for _, role := range e.roles {
			if len(role) > len(s.Role) {
				s.Role = role
			}
		}
	}
	r.byEntity[ent] = s
	return s
}

// maxManyGap is for how many narrative sentences "they" may mean a group.
const maxManyGap = 3

// keepMany remembers a group, named at word i, for "they".
func (r *resolver) keepMany(s *Speaker, i int) {
	r.lastMany, r.manyAt = s, r.narrative[r.words[i].sent]
}

// documentName is what of a document's description names it: from the first
// capital of its noun phrase on. "The latest Courier poll of boatmen" is the
// Courier poll; "a new report" is all that there is.
func (r *resolver) documentName(s wordRange) wordRange {
	head := r.headSegment(s)
	for k := head.first; k < head.end-1; k++ {
		w := &r.words[k]
		if !w.is(capital) || w.is(punct) || r.pack.is(w.norm, classDeterminer|classAdverb|classPreposition) || k == head.first && r.startsSentence(k) && !r.isNameWord(w.norm) && r.lower[w.norm] {
			continue
		}
		return wordRange{k, head.end}
	}
	return s
}

// describe is a speaker known by a description only.
func (r *resolver) describe(s wordRange, t SpeakerType) *Speaker {
	r.how = described
	if t == TypeDocument {
		s = r.documentName(s)
	}
	sp := &Speaker{Name: r.text[r.words[s.first].start:r.words[s.end-1].end], Type: t}
	if t == TypeGroup {
		r.keepMany(sp, s.first)
	}
	return sp
}
