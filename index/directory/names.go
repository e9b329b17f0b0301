// Package directory keeps who speaks and who publishes in memory: names
// brought to a common form, speakers merged across articles, and completion
// of a name from any of its parts.
package directory

import (
	"slices"
	"strings"

	"github.com/whosaid/whosaid/index/terms"
	"github.com/whosaid/whosaid/quote"
)

// Keys are the forms that a speaker is found by: full name without titles and
// middle initials, first and last name, surname, and each alias, all folded.
func Keys(s quote.Speaker) []string {
	var keys []string
	for _, form := range append([]string{s.Name}, s.Aliases...) {
		if s.Type == quote.TypePerson {
			keys = append(keys, parse(form).keys()...)
		} else {
			keys = append(keys, plain(form))
		}
	}
	return compact(keys)
}

// QueryKeys are the forms to look for when somebody types name. A speaker
// matches when one of them is among its [Keys].
func QueryKeys(name string) []string {
	n := parse(name)
	return compact([]string{plain(name), n.full(), n.firstLast()})
}

// compact drops empty keys, pronouns and repetitions, keeping the order.
func compact(keys []string) []string {
	out := keys[:0]
	for _, k := range keys {
		if k != "" && !pronouns[k] && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// plain is the key of a name that is no person's: its words without "the".
func plain(name string) string {
	return strings.TrimPrefix(terms.Key(name), "the ")
}

// name is a person's name taken apart; all words are folded.
type name struct {
	words    []string // without titles, middle initials and suffix
	initials string   // the middle initials, in order
	suffix   string   // jr, sr, ii, iii, iv
}

// parse takes a person's name apart. A word that may be a title or a suffix
// but stands alone is the name.
func parse(s string) name {
	words := strings.Fields(terms.Key(s))
	for len(words) > 1 && titles[words[0]] {
		words = words[1:]
	}
	var n name
	if len(words) > 1 && suffixes[words[len(words)-1]] {
		n.suffix = words[len(words)-1]
		words = words[:len(words)-1]
	}
	for i, w := range words {
		initial := len(w) == 1 || len(w) == 2 && i > 0 && i < len(words)-1 && !particles[w] && !vowel(w)
		switch {
		case !initial || i == len(words)-1:
			n.words = append(n.words, w)
		case i == 0:
			n.words = append(n.words, w) // "J. Edgar Hoover" begins with an initial
		default:
			n.initials += w
		}
	}
	return n
}

// vowel reports whether w may be spoken: "hw" in "George H.W. Bush" is a pair
// of initials, "al" and "bo" are names.
func vowel(w string) bool { return strings.ContainsAny(w, "aeiouy") || w[0] >= 0x80 }

func (n name) keys() []string {
	return append([]string{n.full(), n.firstLast(), n.surname()}, n.lastParticles())
}

// full is the whole name, suffix included.
func (n name) full() string { return n.join(n.words...) }

// firstLast is the first and the last word, which is what most papers print
// of a longer name; "" when there is no first name.
func (n name) firstLast() string {
	if len(n.words) < 2 || n.words[0] >= "\u2e80" { // 習近平 is split into signs, not names
		return ""
	}
	return n.join(n.words[0], n.words[len(n.words)-1])
}

// surname is the last word, without the suffix.
func (n name) surname() string {
	if len(n.words) == 0 {
		return ""
	}
	return n.words[len(n.words)-1]
}

// lastParticles is the surname with the particles before it: "van der berg";
// "" when it has none.
func (n name) lastParticles() string {
	i := len(n.words) - 1
	for i > 1 && particles[n.words[i-1]] {
		i--
	}
	if i < 1 || i == len(n.words)-1 {
		return ""
	}
	return strings.Join(n.words[i:], " ")
}

func (n name) join(words ...string) string {
	s := strings.Join(words, " ")
	if n.suffix != "" {
		s += " " + n.suffix
	}
	return s
}

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// titles are the words that may stand before a person's name.
var titles = set(`mr mrs ms miss mx dr prof professor president vice prime minister premier chancellor senator sen
	representative rep congressman congresswoman gov governor mayor secretary ambassador judge justice sheriff king queen
	prince princess pope cardinal bishop archbishop rev reverend father sister rabbi imam ayatollah sheikh sir lord lady
	dame baron baroness general gen colonel col major maj captain capt lieutenant lt sergeant sgt officer detective
	admiral adm commander coach herr frau monsieur madame mme senor senora don dona former the`)

var suffixes = set("jr sr ii iii iv")

var particles = set("de del della der den di du da dos van von la le el al bin ben ibn st mac ter ten zu")

// pronouns name nobody, whatever an article uses them for.
var pronouns = set("i he she it we they you him her them us me his one who")
