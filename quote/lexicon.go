package quote

import (
	"embed"
	"fmt"
	"maps"
	"strings"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// gender is what pronouns ask of a person.
type gender uint8

const (
	unknownGender gender = iota
	male
	female
)

// lexicon is what the engine knows of names, places, roles and organisations
// before it reads an article. It never changes.
type lexicon struct {
	names         map[string]gender // first names, in lower case
	places        map[string]bool   // in lower case, words joined by a space
	placeStarts   map[string]bool   // first words of places of several words
	nationalities map[string]bool
	countries     map[string]string   // words for a country, its people and its government, and the country
	roles         map[string]gender   // nouns for what someone is, singular
	kin           map[string]gender   // nouns for whose relative someone is
	persons       map[string]bool     // other words for a person who is not named
	titles        map[string]title    // words that stand before names
	general       map[string]bool     // role nouns that papers use for anybody in mind
	modifiers     map[string]bool     // words that stand before titles
	synonyms      map[string][]string // role nouns that may take up another
	nicknames     map[string]string   // short first names and what they are short for
	orgHeads      map[string]bool
	orgNouns      map[string]bool
	documents     map[string]bool
	groups        map[string]bool
	articles      map[string]bool   // documents that speak for who publishes them
	personal      map[string]bool   // documents that speak for whoever wrote them
	anyOrg        map[string]bool   // nouns that may take up any organisation
	parties       map[string]string // words for a party and its members, and the party
	vague         map[string]bool   // words that end many organisations' names and alone mean none of them
	heads         map[string]head   // "president obama": who holds the office
}

// title is a word that stands before a name.
type title struct {
	gender gender
	role   string // the noun it stands for, or ""
}

// sections reads a lexicon file: words under [section] lines, # for comments.
func sections(name string) (map[string][]string, error) {
	data, err := lexiconFiles.ReadFile("lexicon/" + name)
	if err != nil {
		return nil, fmt.Errorf("read lexicon: %w", err)
	}
	out := map[string][]string{}
	section := ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		default:
			out[section] = append(out[section], strings.Fields(line)...)
		}
	}
	return out, nil
}

// wordSet is the set of words, in lower case, with spaces for underscores.
func wordSet(words []string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[strings.ReplaceAll(strings.ToLower(w), "_", " ")] = true
	}
	return m
}

func genderOf(s string) gender {
	switch s {
	case "m":
		return male
	case "f":
		return female
	}
	return unknownGender
}

// loadLexicon reads the embedded lexicon files.
func loadLexicon() (*lexicon, error) {
	names, err := sections("names.txt")
	if err != nil {
		return nil, err
	}
	places, err := sections("places.txt")
	if err != nil {
		return nil, err
	}
	roles, err := sections("roles.txt")
	if err != nil {
		return nil, err
	}
	orgs, err := sections("orgs.txt")
	if err != nil {
		return nil, err
	}
	l := &lexicon{
		names: map[string]gender{}, roles: map[string]gender{}, kin: map[string]gender{}, titles: map[string]title{},
		synonyms: map[string][]string{}, nicknames: map[string]string{},
		places: wordSet(places["places"]), nationalities: wordSet(places["nationalities"]),
		placeStarts: map[string]bool{}, modifiers: wordSet(roles["modifiers"]), persons: wordSet(roles["persons"]), general: wordSet(roles["general"]),
		orgHeads: wordSet(orgs["heads"]), orgNouns: wordSet(orgs["nouns"]),
		documents: wordSet(orgs["documents"]), groups: wordSet(orgs["groups"]), vague: wordSet(orgs["vague"]),
		anyOrg: wordSet(orgs["any"]), articles: wordSet(orgs["articles"]), personal: wordSet(orgs["personal"]), parties: map[string]string{}, countries: map[string]string{},
	}
	for _, e := range places["countries"] {
		country, words, _ := strings.Cut(strings.ToLower(e), ":")
		l.countries[country] = country
		for w := range strings.SplitSeq(words, ",") {
			l.countries[w] = country
		}
	}
	if l.heads, err = loadHeads(); err != nil {
		return nil, err
	}
	for section, g := range map[string]gender{"either": unknownGender, "male": male, "female": female} {
		for _, w := range names[section] {
			l.names[strings.ToLower(w)] = g
		}
		for _, w := range roles[section] {
			l.roles[w] = g
		}
	}
	for p := range l.places {
		if first, _, several := strings.Cut(p, " "); several {
			l.placeStarts[first] = true
		}
	}
	l.loadRoles(roles)
	return l, nil
}

// extended is the lexicon with a language's own names, titles and roles.
func (l *lexicon) extended(f *packFile) *lexicon {
	x := *l
	x.names, x.titles, x.roles = maps.Clone(l.names), maps.Clone(l.titles), maps.Clone(l.roles)
	for g, words := range map[gender]string{male: f.Names.Male, female: f.Names.Female} {
		for w := range strings.FieldsSeq(words) {
			x.names[strings.ToLower(w)] = g
		}
	}
	for g, words := range map[gender]string{male: f.Roles.Male, female: f.Roles.Female, unknownGender: f.Roles.Either} {
		for w := range strings.FieldsSeq(words) {
			x.roles[w] = g
		}
	}
	for _, t := range f.Titles {
		p := strings.SplitN(t+"::", ":", 4)
		x.titles[p[0]] = title{genderOf(p[1]), p[2]}
	}
	return &x
}

// loadRoles reads the sections of roles.txt whose entries have parts.
func (l *lexicon) loadRoles(roles map[string][]string) {
	for _, e := range roles["kin"] {
		w, g, _ := strings.Cut(e, ":")
		l.kin[w] = genderOf(g)
	}
	for _, e := range roles["parties"] {
		party, words, _ := strings.Cut(e, ":")
		for w := range strings.SplitSeq(words, ",") {
			l.parties[w] = party
		}
	}
	for _, e := range roles["titles"] {
		p := strings.SplitN(e+"::", ":", 4)
		l.titles[p[0]] = title{genderOf(p[1]), p[2]}
	}
	for _, e := range roles["synonyms"] {
		w, list, _ := strings.Cut(e, ":")
		l.synonyms[w] = strings.Split(list, ",")
	}
	for _, e := range roles["nicknames"] {
		short, long, _ := strings.Cut(e, ":")
		l.nicknames[short] = long
	}
}

// role looks up a role noun, singular or plural.
func (l *lexicon) role(w string) (g gender, plural, ok bool) {
	if g, ok = l.roles[w]; ok {
		return g, false, true
	}
	if s, cut := strings.CutSuffix(w, "s"); cut {
		if g, ok = l.roles[s]; ok {
			return g, true, true
		}
	}
	if s, cut := strings.CutSuffix(w, "men"); cut {
		if g, ok = l.roles[s+"man"]; ok {
			return g, true, true
		}
	}
	return 0, false, false
}

// sameCountry reports whether both words, in lower case, stand for one country:
// "russian" and "kremlin".
func (l *lexicon) sameCountry(x, y string) bool {
	return x == y || l.countries[x] != "" && l.countries[x] == l.countries[y]
}
