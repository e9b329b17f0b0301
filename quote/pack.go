package quote

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/whosaid/whosaid/quote/internal/ling"
)

//go:embed lang/*.toml
var langFiles embed.FS

// cueClass is a set of the ways in which a verb takes what is said.
type cueClass uint16

const (
	cueSay    cueClass = 1 << iota // a clause or a quotation
	cueQuote                       // a quotation only
	cueTell                        // a listener, then a clause or a quotation
	cueCall                        // an object that holds what is said
	cueIntend                      // an infinitive
	cueThink                       // a clause, of thought
	cueShow                        // a clause, of reports and polls
	cueNoun                        // a noun: "the claim that"
)

// speech are the classes that introduce quotations.
const speech = cueSay | cueQuote | cueTell

// pack is what the engine knows of one language: its words of saying and its
// closed-class words. It comes from a file of the folder lang and never changes.
type pack struct {
	code, name string
	cues       map[string]cueClass // by inflected form, in lower case
	that       string
	according  [][]string
	opens      map[string]bool // forms of verbs that lead to a quotation in the next paragraph
	classes    map[string]wordClass
	pronouns   map[string]pronoun
	lex        *lexicon // the shared one, with the language's own names and titles
	// models and trained are nil for a language that only the rules know.
	models  *ling.Model
	trained attributor
}

// wordClass is a set of closed classes that a word belongs to.
type wordClass uint16

const (
	classDeterminer wordClass = 1 << iota
	classAuxiliary
	classBe
	classAdverb
	classBreak
	classRelative
	classConjunction
	classPreposition
	classAdjunct
	classFirst
)

// packFile is the form of a language file.
type packFile struct {
	Code, Name string
	Cues       struct {
		Say, Quote, Tell, Call, Intend, Think, Show, Nouns string
		Opens                                              string
		According                                          []string
	}
	Words struct {
		That, Determiners, Auxiliaries, Be, Adverbs, Breaks, Relatives string
		Conjunctions, Prepositions, Adjuncts, First                    string
	}
	Pronouns struct{ He, Him, His, She, Her, Hers, Others string }
	Names    struct{ Male, Female string }
	Titles   []string // word:gender:noun, as in lexicon/roles.txt
	Roles    struct{ Male, Female, Either string }
}

// loadPacks reads every language file; the packs extend the lexicon.
func loadPacks(lex *lexicon) (map[string]*pack, error) {
	files, err := fs.Glob(langFiles, "lang/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list language packs: %w", err)
	}
	packs := make(map[string]*pack, len(files))
	for _, name := range files {
		data, err := langFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read language pack: %w", err)
		}
		p, err := parsePack(data, lex)
		if err != nil {
			return nil, fmt.Errorf("language pack %s: %w", name, err)
		}
		packs[p.code] = p
	}
	return packs, nil
}

// parsePack reads one language file.
func parsePack(data []byte, lex *lexicon) (*pack, error) {
	var f packFile
	if err := toml.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	if len(f.Code) != 2 {
		return nil, errors.New("code must be an ISO 639-1 code of two letters")
	}
	p := &pack{code: f.Code, name: f.Name, that: f.Words.That, cues: map[string]cueClass{}, classes: map[string]wordClass{}}
	for class, words := range map[cueClass]string{
		cueSay: f.Cues.Say, cueQuote: f.Cues.Quote, cueTell: f.Cues.Tell, cueCall: f.Cues.Call,
		cueIntend: f.Cues.Intend, cueThink: f.Cues.Think, cueShow: f.Cues.Show, cueNoun: f.Cues.Nouns,
	} {
		for w := range strings.FieldsSeq(words) {
			p.cues[w] |= class
		}
	}
	w := &f.Words
	for class, words := range map[wordClass]string{
		classDeterminer: w.Determiners, classAuxiliary: w.Auxiliaries, classBe: w.Be, classAdverb: w.Adverbs,
		classBreak: w.Breaks, classRelative: w.Relatives, classConjunction: w.Conjunctions,
		classPreposition: w.Prepositions, classAdjunct: w.Adjuncts, classFirst: w.First,
	} {
		for w := range strings.FieldsSeq(words) {
			p.classes[w] |= class
		}
	}
	p.opens = map[string]bool{}
	for w := range strings.FieldsSeq(f.Cues.Opens) {
		p.opens[w] = true
	}
	for _, phrase := range f.Cues.According {
		p.according = append(p.according, strings.Fields(phrase))
	}
	p.addPronouns(&f)
	p.lex = lex.extended(&f)
	return p, nil
}

func (p *pack) addPronouns(f *packFile) {
	p.pronouns = map[string]pronoun{}
	add := func(words string, g gender, weight float64) {
		for w := range strings.FieldsSeq(words) {
			p.pronouns[w] = pronoun{g, weight}
		}
	}
	add(f.Pronouns.Others, unknownGender, 0)
	add(f.Pronouns.He, male, weightSubject)
	add(f.Pronouns.Him, male, weightObject)
	add(f.Pronouns.His, male, weightPossessive)
	add(f.Pronouns.She, female, weightSubject)
	add(f.Pronouns.Her, female, weightObject)
	add(f.Pronouns.Hers, female, weightPossessive)
}

// isPronoun reports whether the word, in lower case, is a personal pronoun that
// can be a subject.
func (p *pack) isPronoun(w string) bool {
	x, ok := p.pronouns[w]
	return ok && (x.weight == 0 || x.weight == weightSubject)
}

// is reports whether the word, in lower case, belongs to one of the classes.
func (p *pack) is(word string, c wordClass) bool { return p.classes[word]&c != 0 }
