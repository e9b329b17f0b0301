package quote

import (
	"strings"

	"github.com/whosaid/whosaid/quote/internal/dep"
)

// pronoun is what a personal pronoun says of the person it means.
type pronoun struct {
	gender gender
	// weight is how strongly its use keeps the person in mind; 0 for pronouns
	// that mean no single third person.
	weight float64
}

// How much one mention raises a person's activation, by what it is in its
// sentence. A speaker and a subject are what a pronoun goes back to.
const (
	weightSubject    = 1.5
	weightObject     = 1.3
	weightPossessive = 0.5
	weightModifier   = 0.3  // "the Finch campaign"
	weightQuoted     = 0.08 // named inside a quotation
	weightOpen       = 0.9  // named in a quotation that is never closed: an excerpt
	weightNew        = 1.5  // added to a subject described and named, and to who is brought in
	weightSource     = 1.0  // added to the source of a quote
	weightPronoun    = 0.3  // of a pronoun's weight, against a name's
	activationCap    = 4.0  // what a mention finds is at most this
	sentenceDecay    = 0.42 // of activation, from one sentence to the next
	paragraphDecay   = 0.95 // on top, from one paragraph to the next
)

// trace is one entity's activation, valid at a narrative sentence.
type trace struct {
	value float64
	sent  int // narrative sentence of the last mention
	para  int
	word  int // first word of the last mention
}

// memory follows a reader through the article: who is in mind at each point.
//
// It is an activation model: every mention adds to its entity's activation by
// its role, and all fade from sentence to sentence. Sentences wholly inside
// quotations don't count as distance, since they are read within their frame.
type memory struct {
	*cast
	narrative []int // by sentence: how many narrative sentences came before
	traces    []trace
	recent    []int        // entities in the order of their last mentions, latest last
	pronouns  map[int]int  // by word: entity that the pronoun means
	sources   map[int]bool // first words of sources
}

// maxRecent bounds the entities that a pronoun may mean.
const maxRecent = 16

func newMemory(c *cast) *memory {
	m := &memory{cast: c, traces: make([]trace, len(c.entities)), pronouns: map[int]int{}, sources: map[int]bool{}}
	m.narrative = make([]int, len(c.sents))
	n := 0
	for i, s := range c.sents {
		m.narrative[i] = n
		if !c.allQuoted(s) {
			n++
		}
	}
	return m
}

// allQuoted reports whether every word of the sentence is in quotation marks.
func (c *cast) allQuoted(s wordRange) bool {
	for k := s.first; k < s.end; k++ {
		if c.words[k].region < 0 && !c.words[k].is(punct) {
			return false
		}
	}
	return true
}

// activation is what is left of an entity's activation at word i.
func (m *memory) activation(ent, i int) float64 {
	t := &m.traces[ent]
	if t.value == 0 {
		return 0
	}
	v := t.value
	for d := m.narrative[m.words[i].sent] - t.sent; d > 0 && v > 1e-6; d-- {
		v *= sentenceDecay
	}
	for d := int(m.words[i].para) - t.para; d > 0 && v > 1e-6; d-- {
		v *= paragraphDecay
	}
	return v
}

// touch raises an entity's activation by a mention at word i.
func (m *memory) touch(ent, i int, weight float64) {
	m.traces[ent] = trace{min(m.activation(ent, i), activationCap) + weight, m.narrative[m.words[i].sent], int(m.words[i].para), i}
	for k := len(m.recent) - 1; k >= 0; k-- {
		if m.recent[k] == ent {
			copy(m.recent[k:], m.recent[k+1:])
			m.recent[len(m.recent)-1] = ent
			return
		}
	}
	if len(m.recent) == maxRecent {
		copy(m.recent, m.recent[1:])
		m.recent = m.recent[:maxRecent-1]
	}
	m.recent = append(m.recent, ent)
}

// weight is how much the mention raises its entity, by its place in the sentence.
func (m *memory) weight(x *mention) float64 {
	quoted := 1.0
	if r := m.words[x.words.first].region; r >= 0 {
		quoted = weightQuoted
		if !m.regions[r].closed {
			quoted = weightOpen
		}
	}
	if w, ok := m.treeWeight(x); ok {
		return w * quoted
	}
	w := weightSubject
	prev, next := m.norm(x.words.first-1), m.norm(x.words.end)
	switch {
	case next == "'s" || next == "'":
		w = weightPossessive
	case m.sents[m.words[x.words.first].sent].first == x.words.first:
	case m.pack.is(prev, classPreposition):
		w = weightObject
	case m.pack.is(prev, classBreak|classConjunction|classRelative) || prev == ",":
	case m.pack.is(next, classAuxiliary) || m.pack.cues[next] != 0:
	default:
		w = weightObject
	}
	return w * quoted
}

// treeWeight is the weight of a mention by the relation of its last word.
func (m *memory) treeWeight(x *mention) (float64, bool) {
	rel, ok := m.rel(x.name.end - 1)
	if !ok {
		return 0, false
	}
	switch rel {
	case dep.Nsubj, dep.Root:
		return weightSubject, true
	case dep.NsubjPass, dep.Appos:
		return 1, true
	case dep.Poss:
		return weightPossessive, true
	case dep.Compound:
		return weightModifier, true
	case dep.Dobj:
		return weightObject, true
	case dep.Advmod, dep.Amod, dep.Det, dep.Mark, dep.Case, dep.Cc, dep.Dep:
		return 0, false // no name hangs so: the tree is wrong here
	}
	return 0.65, true
}

// read goes through words [from, to), taking in names and pronouns.
func (m *memory) read(from, to int) {
	for i := from; i < to; i++ {
		if ent := m.ownedOrg(i); ent >= 0 {
			m.touch(ent, i, weightObject)
		}
		if k := int(m.at[i]); k > 0 {
			x := &m.mentions[k-1]
			if x.words.first != i {
				continue
			}
			w := m.weight(x)
			if m.introduces(x) {
				w = weightSubject + weightNew
			} else if m.bringsIn(x) {
				w += weightNew
			}
			if m.sources[i] {
				w = max(w, weightSubject) + weightSource
			}
			m.touch(x.ent, i, w)
			continue
		}
		if m.words[i].region >= 0 {
			continue
		}
		p := m.pack.pronouns[m.words[i].norm]
		w := p.weight
		if w == 0 {
			continue
		}
		ent, _ := m.person(p.gender, i)
		if ent < 0 {
			continue
		}
		m.pronouns[i] = ent
		if m.sources[i] {
			w += weightSource
		}
		m.touch(ent, i, weightPronoun*w)
	}
}

// introduces reports whether the mention is the name of a subject that its
// sentence begins by describing: "A spokesman for the port, Ada Finch, ...".
func (m *memory) introduces(x *mention) bool {
	k := x.words.first - 1
	if k > 0 && m.isRoleWord(k) {
		k = m.phraseBefore(k+1).first - 1 // "the chairman, the retired judge Ada Finch, ..."
	}
	if !x.full || k < 1 || m.norm(k) != "," || m.norm(x.words.end) != "," || m.words[k].region >= 0 {
		return false
	}
	s := m.sents[m.words[k].sent]
	if x.words.first-s.first > maxRole || m.words[x.words.end].sent != m.words[k].sent {
		return false
	}
	r := m.describedBefore(k)
	if r.len() == 0 {
		return m.base == nil && m.opensSentence(k)
	}
	for j := s.first; j < r.first; j++ {
		if m.words[j].is(punct) {
			s.first = j + 1
		}
	}
	return s.first >= r.first || r.first-s.first == 1 && (m.pack.is(m.norm(s.first), classConjunction) || isPossessive(m.norm(s.first)))
}

// bringsIn reports whether the mention is the first of a person, in the sentence that
// ends a paragraph and is about nobody else, and the next paragraph begins with a
// quotation: papers bring a speaker in so.
func (m *memory) bringsIn(x *mention) bool {
	i := x.words.first
	e := &m.entities[x.ent]
	if !x.full || e.typ != TypePerson || len(e.fullAt) == 0 || e.fullAt[0] != i || m.words[i].region >= 0 {
		return false
	}
	next := m.paraWords[m.words[i].para].end
	s := m.sents[m.words[i].sent]
	return s.end == next && next < len(m.words) && m.words[next].region >= 0 && m.base != nil && !m.aboutAnother(s, x.ent)
}

// aboutAnother reports whether the subject of the sentence's main verb is a person,
// named or a pronoun, other than the entity.
func (m *memory) aboutAnother(s wordRange, ent int) bool {
	for k := s.first; k < s.end; k++ {
		if !m.base.Rels[k].Subject() || m.words[k].region >= 0 {
			continue
		}
		if head := int(m.base.Heads[k]); head < 0 || m.base.Rels[head] != dep.Root {
			continue
		}
		if m.pack.pronouns[m.norm(k)].weight > 0 {
			return true
		}
		if at := m.at[k]; at > 0 && m.mentions[at-1].ent != ent && m.entities[m.mentions[at-1].ent].typ == TypePerson {
			return true
		}
	}
	return false
}

// ownedOrg is the organisation that a noun at word i names by whose it is ("Ms.
// Finch's campaign", "the Finch administration"), or -1.
func (m *memory) ownedOrg(i int) int {
	noun := m.words[i].norm
	if noun != "campaign" && noun != "administration" || i < 2 || m.words[i].region >= 0 {
		return -1
	}
	k := i - 1
	if m.norm(k) == "'s" || m.norm(k) == "'" {
		k--
	}
	if m.at[k] == 0 {
		return -1
	}
	e := &m.entities[m.mentions[m.at[k]-1].ent]
	if e.typ != TypePerson || e.last == "" {
		return -1
	}
	return m.namedOrg([]string{e.name[len(e.name)-1], noun})
}

// namedOrg is the organisation with the name, made when there is none.
func (m *memory) namedOrg(name []string) int {
	key := strings.ToLower(strings.Join(name, " "))
	ent, ok := m.orgs[key]
	if !ok {
		m.entities = append(m.entities, entity{typ: TypeOrg, name: name})
		m.traces = append(m.traces, trace{})
		ent = len(m.entities) - 1
		m.orgs[key] = ent
	}
	return ent
}

// personal reports whether the entity may be a person: names of unknown kind
// may where no recogniser of names could tell.
func (m *memory) personal(e *entity) bool {
	return e.typ == TypePerson || e.typ == "" && (m.base == nil || len(e.roles) > 0) && !m.lex.orgHeads[normalise(e.name[len(e.name)-1])]
}

// person is the person of a gender most in mind at word i, and by how much it
// leads the next one: 1 for no rival, 0 for a tie.
func (m *memory) person(g gender, i int) (ent int, lead float64) {
	best, second := 0.0, 0.0
	ent = -1
	for _, k := range m.recent {
		e := &m.entities[k]
		if !m.personal(e) || g != unknownGender && e.gender != unknownGender && e.gender != g {
			continue
		}
		v := m.activation(k, i)
		if e.gender == unknownGender && g != unknownGender {
			v *= 0.7
		}
		if e.typ == "" {
			v *= 0.4
		}
		if v > best {
			best, second, ent = v, best, k
		} else if v > second {
			second = v
		}
	}
	if ent < 0 || best < 0.01 {
		return -1, 0
	}
	return ent, (best - second) / best
}
