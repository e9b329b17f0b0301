package directory

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/terms"
	"github.com/whosaid/whosaid/quote"
)

// maxAliases bounds the aliases of an entry; the most frequent are kept.
const maxAliases = 12

// Count says how many quotes one form of a speaker has in one scope.
type Count struct {
	Scope   string
	Speaker *quote.Speaker
	Quotes  int
}

// Directory completes speakers and publishers by scope. It never changes and
// is safe for concurrent use.
type Directory struct {
	scopes map[string]*scope
}

// scope is one scope's part of the directory.
type scope struct {
	entries    []index.SpeakerEntry // most quoted first
	byKey      map[string]int32     // identity key -> entry
	keys       []string             // of each entry, its identity key
	names      completion           // every tail of a name, from any part of it on
	publishers []publisher          // most articles first
	titles     completion           // every tail of a publisher's name
}

type publisher struct {
	name     string
	articles int
}

// New builds the directory. publishers counts articles by scope and name.
func New(speakers []Count, publishers map[string]map[string]int) *Directory {
	d := &Directory{scopes: map[string]*scope{}}
	byScope := map[string][]Count{}
	for _, c := range speakers {
		if c.Speaker.Type != quote.TypeUnnamed {
			byScope[c.Scope] = append(byScope[c.Scope], c)
		}
	}
	for name, counts := range byScope {
		d.scope(name).addSpeakers(merge(counts))
	}
	for name, counts := range publishers {
		d.scope(name).addPublishers(counts)
	}
	return d
}

func (d *Directory) scope(name string) *scope {
	s := d.scopes[name]
	if s == nil {
		s = &scope{byKey: map[string]int32{}}
		d.scopes[name] = s
	}
	return s
}

func (s *scope) addSpeakers(merged []*person) {
	slices.SortFunc(merged, func(a, b *person) int {
		return cmp.Or(cmp.Compare(b.quotes, a.quotes), cmp.Compare(a.key, b.key))
	})
	for i, p := range merged {
		e := p.entry()
		s.entries = append(s.entries, e)
		s.keys = append(s.keys, p.key)
		s.byKey[p.key] = int32(i)
		s.addForms(p, int32(i))
	}
	s.names.sort()
}

// addForms makes the entry complete from every form of its speaker; a surname
// alone is a tail of the full name already.
func (s *scope) addForms(p *person, entry int32) {
	var keys []string
	add := func(key string) {
		for _, k := range keys {
			if strings.HasSuffix(k, key) && (len(k) == len(key) || k[len(k)-len(key)-1] == ' ') {
				return
			}
		}
		keys = append(keys, key)
		s.names.add(key, entry)
	}
	for _, form := range p.forms {
		add(terms.Key(form.s))
		if p.typ == quote.TypePerson {
			add(parse(form.s).full()) // without titles and initials
		}
	}
}

func (s *scope) addPublishers(counts map[string]int) {
	for name, n := range counts {
		s.publishers = append(s.publishers, publisher{name, n})
	}
	slices.SortFunc(s.publishers, func(a, b publisher) int {
		return cmp.Or(cmp.Compare(b.articles, a.articles), cmp.Compare(a.name, b.name))
	})
	for i, p := range s.publishers {
		s.titles.add(terms.Key(p.name), int32(i))
	}
	s.titles.sort()
}

// Count is how many speakers there are in the scopes together.
func (d *Directory) Count(scopes []string) int {
	seen := map[string]bool{}
	for _, name := range scopes {
		if s := d.scopes[name]; s != nil {
			for _, key := range s.keys {
				seen[key] = true
			}
		}
	}
	return len(seen)
}

// Len is how many speakers there are over all scopes.
func (d *Directory) Len() int {
	n := 0
	for _, s := range d.scopes {
		n += len(s.entries)
	}
	return n
}

// Speakers are the entries of the scopes with a name part or alias that starts
// with prefix, most quoted first, at most limit. "" gives the most quoted.
func (d *Directory) Speakers(scopes []string, prefix string, limit int) []index.SpeakerEntry {
	prefix = terms.Key(prefix)
	var found []string
	for _, name := range scopes {
		if s := d.scopes[name]; s != nil {
			for _, i := range s.names.first(prefix, limit, len(s.entries)) {
				if !slices.Contains(found, s.keys[i]) {
					found = append(found, s.keys[i])
				}
			}
		}
	}
	entries := make([]index.SpeakerEntry, 0, len(found))
	for _, key := range found {
		entries = append(entries, d.sum(scopes, key))
	}
	slices.SortStableFunc(entries, func(a, b index.SpeakerEntry) int { return cmp.Compare(b.Quotes, a.Quotes) })
	return entries[:min(limit, len(entries))]
}

// sum is the entry with that key, counted over the scopes.
func (d *Directory) sum(scopes []string, key string) index.SpeakerEntry {
	var e index.SpeakerEntry
	for _, name := range scopes {
		s := d.scopes[name]
		if s == nil {
			continue
		}
		i, ok := s.byKey[key]
		switch {
		case !ok:
		case e.Name == "":
			e = s.entries[i]
			e.Aliases = slices.Clone(e.Aliases)
		default:
			e.Quotes += s.entries[i].Quotes
		}
	}
	return e
}

// Publishers are the names with a word that starts with prefix, those with
// the most articles first, at most limit.
func (d *Directory) Publishers(scopes []string, prefix string, limit int) []string {
	prefix = terms.Key(prefix)
	counts := map[string]int{}
	for _, name := range scopes {
		if s := d.scopes[name]; s != nil {
			for _, i := range s.titles.first(prefix, limit, len(s.publishers)) {
				counts[s.publishers[i].name] += s.publishers[i].articles
			}
		}
	}
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return names[:min(limit, len(names))]
}

// completion finds what has a word that starts with a prefix: a sorted list of
// the tails of every name, each from the start of a word to the name's end.
type completion struct {
	tails []tail
}

type tail struct {
	text  string
	entry int32 // also its rank: smaller is better
}

func (c *completion) add(key string, entry int32) {
	for key != "" {
		c.tails = append(c.tails, tail{key, entry})
		_, key, _ = strings.Cut(key, " ")
	}
}

func (c *completion) sort() {
	slices.SortFunc(c.tails, func(a, b tail) int {
		return cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.entry, b.entry))
	})
	c.tails = slices.Compact(c.tails)
}

// first are the limit best entries for prefix, best first, of n in all.
func (c *completion) first(prefix string, limit, n int) []int32 {
	var best []int32
	if prefix == "" {
		for i := range min(limit, n) {
			best = append(best, int32(i))
		}
		return best
	}
	start := sort.Search(len(c.tails), func(i int) bool { return c.tails[i].text >= prefix })
	for _, t := range c.tails[start:] {
		if !strings.HasPrefix(t.text, prefix) {
			break
		}
		if len(best) == limit && (limit == 0 || t.entry > best[limit-1]) {
			continue
		}
		at, found := slices.BinarySearch(best, t.entry)
		if found {
			continue
		}
		best = slices.Insert(best, at, t.entry)
		best = best[:min(len(best), limit)]
	}
	return best
}
