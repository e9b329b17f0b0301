package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"

	"github.com/whosaid/whosaid/answer/internal/meaning"
	"github.com/whosaid/whosaid/index/terms"
)

// maxInput bounds a question or a claim, in runes; what is longer is cut.
const maxInput = 2000

// word is one word of a text, as printed and as compared.
type word struct {
	text       string // as it stands
	norm       string // lower case, straight apostrophes, no possessive ending
	start, end int    // bytes in the text
}

// capital reports whether the word begins with a capital letter.
func (w word) capital() bool {
	r, _ := utf8.DecodeRuneInString(w.text)
	return unicode.IsUpper(r)
}

// number reports whether the word holds a digit.
func (w word) number() bool { return strings.ContainsFunc(w.text, unicode.IsDigit) }

// splitWords cuts a text into words: runs of letters, marks and digits, with
// the apostrophes inside them ("didn't", "Peskov's") and the points and commas
// inside numbers ("2.3", "200,000").
func splitWords(s string) []word {
	var out []word
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !wordRune(r) {
			i += size
			continue
		}
		end := wordEnd(s, i)
		w := word{text: s[i:end], start: i, end: end}
		w.norm = terms.Fold(meaning.Fold(w.text))
		if w.norm == "" {
			w.norm = strings.ToLower(w.text)
		}
		out = append(out, w)
		i = end
	}
	return out
}

// wordEnd is where the word that begins at byte i of s ends.
func wordEnd(s string, i int) int {
	prev := ' '
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !wordRune(r) {
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			inside := apostrophe(r) && unicode.IsLetter(prev) && unicode.IsLetter(next) ||
				(r == '.' || r == ',') && unicode.IsDigit(prev) && unicode.IsDigit(next)
			if !inside {
				break
			}
		}
		prev = r
		i += size
	}
	return i
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || r == '_'
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' }

// stemmer stems words and remembers the stems for the length of one request.
type stemmer map[string]string

func (m stemmer) stem(norm string) string {
	if s, ok := m[norm]; ok {
		return s
	}
	s := english.Stem(norm, false)
	m[norm] = s
	return s
}

// clip cuts s to at most n runes.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// wordSet is a set of words, written as one string.
func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// stopWords carry no topic. They are compared with word.norm.
var stopWords = wordSet(`a an the this that these those it its it's he him his she her hers they them their theirs
we us our ours you your yours i me my mine himself herself themselves itself myself ourselves yourself
and or but nor so if then than as at by for from in into of off on onto out over to toward towards under up with within
without about after again against before between through during while because until since upon per via
is am are was were be been being isn't aren't wasn't weren't do does did done doing don't doesn't didn't have has had
having haven't hasn't hadn't will would shall should can could may might must won't wouldn't shouldn't can't couldn't
i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll we're we've we'd we'll they're they've
they'd they'll that's that'd that'll there's here's what's who's where's how's let's
who whom whose which what when where why how there here not no just only also too very really quite still even ever
more most much many some any all each every both few other another such own same one once never always now
s t d ll re ve m get gets got getting going go goes went gonna thing things something anything`)

// askWords only frame a question or report speech: what somebody "said about"
// a subject is not part of the subject.
var askWords = wordSet(`say says said saying tell tells told telling think thinks thought claim claims claimed talk talks
talked speak speaks spoke quote quotes quoted statement statements word words comment comments commented remark remarks
remarked state states stated mention mentions mentioned according people person somebody someone anybody anyone topic
subject regarding concerning opinion opinions view views reckon reckons make made`)
