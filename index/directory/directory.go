package directory

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/terms"
	"github.com/whosaid/whosaid/quote"
)

// Count says how many quotes one form of a speaker has in one scope.
type Count struct {
	Scope   string
	Speaker *quote.Speaker
	// Quotes is how many there are more; below zero it takes some away.
	Quotes int
	// First and Last are the days of the earliest and the latest, YYYY-MM-DD,
	// "" when unknown.
	First, Last string
}

// Directory completes speakers and publishers by scope. It never changes and
// is safe for concurrent use: [Directory.With] makes another one.
type Directory struct {
	scopes map[string]*scope
}

// scope is one scope's part of the directory.
type scope struct {
	families layered        // forms of speakers that may be one
	entries  []*entry       // by number; nil where one is gone
	count    int            // entries that are not nil
	best     []int32        // the most quoted ones
	names    completion     // every tail of a name, from any part of it on
	papers   map[string]int // articles by publisher
	titles   completion     // every tail of a publisher's name
	listed   []string       // publishers, most articles first
}

// entry is a speaker of a scope.
type entry struct {
	index.SpeakerEntry
	key  string   // the same for the same speaker in every scope
	keys []string // what the speaker's passages are found by; see Directory.Keys
}

// maxBest is how many of the most quoted speakers are kept at hand.
const maxBest = 100

// New builds the directory. publishers counts articles by scope and name.
func New(speakers []Count, publishers map[string]map[string]int) *Directory {
	return (&Directory{}).With(speakers, publishers)
}

// With is the directory with these counts added; it shares with d what did not
// change, so that one article more costs milliseconds. Days that are taken away
// go on counting until the directory is built anew.
func (d *Directory) With(speakers []Count, publishers map[string]map[string]int) *Directory {
	n := &Directory{scopes: maps.Clone(d.scopes)}
	if n.scopes == nil {
		n.scopes = map[string]*scope{}
	}
	byScope := map[string][]form{}
	for _, c := range speakers {
		if c.Speaker.Type == quote.TypeUnnamed {
			continue
		}
		if f := newForm(c); f.family != "" {
			byScope[c.Scope] = append(byScope[c.Scope], f)
		}
	}
	for name, forms := range byScope {
		n.scopes[name] = n.scope(name).withSpeakers(forms)
	}
	for name, counts := range publishers {
		n.scopes[name] = n.scope(name).withPublishers(counts)
	}
	return n
}

func (d *Directory) scope(name string) *scope {
	if s := d.scopes[name]; s != nil {
		return s
	}
	return &scope{}
}

// withSpeakers is the scope with the forms added: the families that they
// belong to are worked out anew.
func (s *scope) withSpeakers(forms []form) *scope {
	n := *s
	n.entries = slices.Clone(s.entries)
	slices.SortFunc(forms, func(a, b form) int { return cmp.Or(strings.Compare(a.family, b.family), a.compare(b)) })
	families := map[string]*family{}
	changed := map[int32]bool{}
	var tails []tail
	for len(forms) > 0 {
		key := forms[0].family
		size := 1
		for size < len(forms) && forms[size].family == key {
			size++
		}
		f := s.families.get(key)
		for _, number := range f.entries {
			changed[number] = true
		}
		f = f.with(forms[:size])
		tails = append(tails, n.settle(f)...)
		families[key] = f
		forms = forms[size:]
	}
	n.families = s.families.with(families)
	n.names = s.names.with(changed, tails)
	n.rank()
	return &n
}

// settle makes the family's entries anew, under the numbers it had as far as
// they go, and returns what completes to them.
func (s *scope) settle(f *family) (tails []tail) {
	people := f.people()
	old := f.entries
	f.entries = make([]int32, 0, len(people))
	for i, p := range people {
		number := int32(len(s.entries))
		if i < len(old) {
			number = old[i]
		} else {
			s.entries = append(s.entries, nil)
		}
		s.entries[number] = p.entry()
		f.entries = append(f.entries, number)
		tails = append(tails, p.tails(number)...)
	}
	for _, number := range old[min(len(people), len(old)):] {
		s.entries[number] = nil
	}
	return tails
}

// rank counts the entries and finds the most quoted.
func (s *scope) rank() {
	top := newTop(maxBest)
	s.count = 0
	for i, e := range s.entries {
		if e != nil {
			s.count++
			top.offer(int32(i), e.Quotes)
		}
	}
	s.best = top.numbers()
}

// withPublishers is the scope with the articles added.
func (s *scope) withPublishers(counts map[string]int) *scope {
	n := *s
	n.papers = maps.Clone(s.papers)
	if n.papers == nil {
		n.papers = map[string]int{}
	}
	for name, articles := range counts {
		if n.papers[name] += articles; n.papers[name] <= 0 {
			delete(n.papers, name)
		}
	}
	n.listed = slices.SortedFunc(maps.Keys(n.papers), func(a, b string) int {
		return cmp.Or(cmp.Compare(n.papers[b], n.papers[a]), cmp.Compare(a, b))
	})
	var tails []tail
	for i, name := range n.listed {
		tails = appendTails(tails, terms.Key(name), int32(i), n.papers[name])
	}
	n.titles = completion{}.with(nil, tails)
	return &n
}

// Count is how many speakers there are in the scopes together.
func (d *Directory) Count(scopes []string) int {
	if len(scopes) == 1 {
		return d.scope(scopes[0]).count
	}
	seen := map[string]bool{}
	for _, name := range scopes {
		for _, e := range d.scope(name).entries {
			if e != nil {
				seen[e.key] = true
			}
		}
	}
	return len(seen)
}

// Len is how many speakers there are over all scopes.
func (d *Directory) Len() int {
	n := 0
	for _, s := range d.scopes {
		n += s.count
	}
	return n
}

// Speakers are the entries of the scopes with a name part or alias that starts
// with prefix, most quoted first, at most limit; when there is none, those of
// which a part nearly does. "" gives the most quoted.
func (d *Directory) Speakers(scopes []string, prefix string, limit int) []index.SpeakerEntry {
	prefix = terms.Key(prefix)
	entries := d.matching(scopes, limit, func(s *scope) []int32 {
		if prefix == "" {
			return s.best[:min(limit, len(s.best))]
		}
		return s.names.first(prefix, limit)
	})
	if len(entries) == 0 {
		entries = d.matching(scopes, limit, func(s *scope) []int32 { return s.names.nearly(prefix, limit) })
	}
	return entries
}

// matching are the entries that find gives for the scopes, summed over them.
func (d *Directory) matching(scopes []string, limit int, find func(*scope) []int32) []index.SpeakerEntry {
	var found []*entry
	for _, name := range scopes {
		s := d.scope(name)
		for _, i := range find(s) {
			e := s.entries[i]
			if !slices.ContainsFunc(found, func(f *entry) bool { return f.key == e.key }) {
				found = append(found, e)
			}
		}
	}
	entries := make([]index.SpeakerEntry, 0, len(found))
	for _, e := range found {
		entries = append(entries, d.sum(scopes, e))
	}
	slices.SortStableFunc(entries, func(a, b index.SpeakerEntry) int { return cmp.Compare(b.Quotes, a.Quotes) })
	return entries[:min(limit, len(entries))]
}

// sum is the entry with the counts of all scopes; the first scope that has it
// gives its names.
func (d *Directory) sum(scopes []string, of *entry) index.SpeakerEntry {
	var out index.SpeakerEntry
	for _, name := range scopes {
		e := d.scope(name).entry(of)
		switch {
		case e == nil:
		case out.Name == "":
			out = e.SpeakerEntry
			out.Aliases = slices.Clone(out.Aliases)
			out.Roles = slices.Clone(out.Roles)
		default:
			out.Quotes += e.Quotes
			out.First, out.Last = earlier(out.First, e.First), max(out.Last, e.Last)
		}
	}
	return out
}

// entry is the scope's own entry for the same speaker, nil when it has none.
func (s *scope) entry(of *entry) *entry {
	for _, i := range s.families.get(familyOfKey(of.key)).entries {
		if s.entries[i].key == of.key {
			return s.entries[i]
		}
	}
	return nil
}

// Keys are the forms to look for when somebody types a speaker's name:
// [QueryKeys] and, if the name is one speaker's in a scope, the keys of the
// speaker's other names, of the surname alone when nobody else has it.
func (d *Directory) Keys(scopes []string, name string) []string {
	keys := QueryKeys(name)
	f := newForm(Count{Speaker: &quote.Speaker{Name: name, Type: quote.TypePerson}})
	if len(f.parsed.words) < 2 {
		return keys
	}
	for _, scope := range scopes {
		s := d.scope(scope)
		var one *entry
		for _, i := range s.families.get(f.family).entries {
			e := s.entries[i]
			if !slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(e.keys, k) }) {
				continue
			}
			if one != nil {
				one = nil
				break
			}
			one = e
		}
		if one != nil {
			keys = append(keys, one.keys...)
		}
	}
	return compact(keys)
}

// Publishers are the names with a word that starts with prefix, those with
// the most articles first, at most limit.
func (d *Directory) Publishers(scopes []string, prefix string, limit int) []string {
	prefix = terms.Key(prefix)
	counts := map[string]int{}
	for _, name := range scopes {
		s := d.scope(name)
		if prefix == "" {
			for _, p := range s.listed[:min(limit, len(s.listed))] {
				counts[p] += s.papers[p]
			}
			continue
		}
		for _, i := range s.titles.first(prefix, limit) {
			counts[s.listed[i]] += s.papers[s.listed[i]]
		}
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return names[:min(limit, len(names))]
}

// earlier is the earlier of two days, of which "" is unknown.
func earlier(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// layered is a map of families that is cheap to change: what is new lies over
// what is old until there is much of it.
type layered struct{ old, new map[string]*family }

// get is the family with that key, an empty one when there is none.
func (l layered) get(key string) *family {
	if f := l.new[key]; f != nil {
		return f
	}
	if f := l.old[key]; f != nil {
		return f
	}
	return &family{}
}

func (l layered) with(families map[string]*family) layered {
	n := layered{old: l.old, new: maps.Clone(l.new)}
	if n.new == nil {
		n.new = map[string]*family{}
	}
	maps.Copy(n.new, families)
	if len(n.new) > 1000+len(n.old)/8 {
		all := make(map[string]*family, len(n.old)+len(n.new))
		maps.Copy(all, n.old)
		maps.Copy(all, n.new)
		n.old, n.new = all, nil
	}
	return n
}
