// Package gen makes up a corpus for tests and benchmarks: articles in the forms
// of the sample, of words and people whose frequencies fall off as those of
// real ones do, some of them copies of one wire report. The same seed gives
// the same articles.
package gen

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
	"github.com/whosaid/whosaid/sample"
)

// Sizes of what articles are made of.
const (
	vocabulary = 60000
	people     = 20000
	paragraphs = 20 // of an article; somebody is quoted in each
	remembered = 200
	copyEvery  = 8 // one article of these is a copy of a remembered one
)

// PassagesPerArticle is how many passages an article makes that is no copy.
const PassagesPerArticle = 2 * paragraphs

// Source makes articles one after the other.
type Source struct {
	rng       *rand.Rand
	words     []string
	speakers  []quote.Speaker
	publisher []string
	wordZipf  *rand.Zipf
	whoZipf   *rand.Zipf
	houseZipf *rand.Zipf
	n         int
	recent    []draft // what copies are made of
}

// New is a source of that seed, with a vocabulary of 60,000 words, 20,000
// speakers and 60 publishers.
func New(seed uint64) *Source {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := &Source{rng: rng, words: sampleWords()}
	for len(s.words) < vocabulary {
		s.words = append(s.words, s.coin(2+rng.IntN(3)))
	}
	for range people {
		first, last := s.name(), s.name()
		s.speakers = append(s.speakers, quote.Speaker{Name: first + " " + last, Type: quote.TypePerson,
			Role: "keeper of the " + s.words[400+rng.IntN(2000)], Aliases: []string{last, "Ms. " + last}})
	}
	for range 60 {
		s.publisher = append(s.publisher, "The "+s.name()+" "+[]string{"Post", "Courier", "Mirror", "Kite"}[rng.IntN(4)])
	}
	s.wordZipf = rand.NewZipf(rng, 1.1, 8, uint64(len(s.words)-1))
	s.whoZipf = rand.NewZipf(rng, 1.05, 20, uint64(len(s.speakers)-1))
	s.houseZipf = rand.NewZipf(rng, 1.2, 4, uint64(len(s.publisher)-1))
	return s
}

// sampleWords are the words of the sample's plain articles, the most frequent
// first: they make the head of the vocabulary, as English does of an English
// corpus, and have synonyms, which invented words have not.
func sampleWords() []string {
	counts := map[string]int{}
	files, err := fs.Glob(sample.Files(), "[a-c]*.txt")
	if err != nil {
		panic("gen: " + err.Error()) // only for a malformed pattern
	}
	for _, name := range files {
		text, err := fs.ReadFile(sample.Files(), name)
		if err != nil {
			panic("gen: the sample is part of the program: " + err.Error())
		}
		for _, w := range strings.FieldsFunc(strings.ToLower(string(text)), func(r rune) bool { return !unicode.IsLetter(r) }) {
			counts[w]++
		}
	}
	words := slices.Collect(maps.Keys(counts))
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b)) })
	return words
}

// Words are the vocabulary, the most frequent first.
func (s *Source) Words() []string { return s.words }

// Speakers are the people who are quoted, the most frequent first.
func (s *Source) Speakers() []quote.Speaker { return s.speakers }

var syllables = strings.Fields("ba ke lo mi nu ra se ti vo da fe go hu ja li mo ne po ri sa te vu wa ze bran crel dros fint glam harn")

func (s *Source) coin(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(syllables[s.rng.IntN(len(syllables))])
	}
	return b.String()
}

func (s *Source) name() string { return capital(s.coin(2 + s.rng.IntN(2))) }

func capital(w string) string { return strings.ToUpper(w[:1]) + w[1:] }

// clause is n words as one text.
func (s *Source) clause(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = s.words[s.wordZipf.Uint64()]
	}
	return strings.Join(words, " ")
}

// draft is an article before it is set: what its copies share.
type draft struct {
	title string
	day   int // since the year 2030
	parts []part
}

// part is a paragraph: a sentence of the reporter's, then words of somebody.
type part struct {
	lead, words string
	who         int // in Source.speakers
	kind        quote.Kind
}

// Article is the next article with its quotes.
func (s *Source) Article() (*corpus.Article, []quote.Quote) {
	s.n++
	var d draft
	if len(s.recent) == remembered && s.rng.IntN(copyEvery) == 0 {
		d = s.copied(s.recent[s.rng.IntN(len(s.recent))])
	} else {
		d = s.draft()
		if len(s.recent) < remembered {
			s.recent = append(s.recent, d)
		} else {
			s.recent[s.rng.IntN(remembered)] = d
		}
	}
	return s.set(d)
}

func (s *Source) draft() draft {
	d := draft{title: capital(s.clause(8)), day: s.rng.IntN(5 * 336)}
	for range paragraphs {
		p := part{lead: capital(s.clause(15+s.rng.IntN(20))) + ".", words: capital(s.clause(10 + s.rng.IntN(20))), who: int(s.whoZipf.Uint64())}
		switch s.rng.IntN(4) {
		case 0:
			p.kind = quote.Indirect
		default:
			p.kind = quote.Direct
		}
		d.parts = append(d.parts, p)
	}
	return d
}

// copied is a wire report as another paper prints it: a day or so later, under
// another title, cut from the end, some quotes trimmed, and rarely given to
// somebody else.
func (s *Source) copied(d draft) draft {
	d.title, d.day = capital(s.clause(8)), d.day+s.rng.IntN(3)
	d.parts = slices.Clone(d.parts[:len(d.parts)-s.rng.IntN(len(d.parts)/2)])
	for i := range d.parts {
		p := &d.parts[i]
		if words := strings.Fields(p.words); s.rng.IntN(4) == 0 {
			p.words = strings.Join(words[:len(words)*3/4], " ")
		}
		if s.rng.IntN(50) == 0 {
			p.who = int(s.whoZipf.Uint64())
		}
	}
	return d
}

// set prints a draft.
func (s *Source) set(d draft) (*corpus.Article, []quote.Quote) {
	a := &corpus.Article{
		ID: fmt.Sprintf("%032x", s.n), Scope: corpus.SharedScope, Title: d.title, Language: "en",
		Publisher: s.publisher[s.houseZipf.Uint64()], URL: fmt.Sprintf("https://news.example/%d", s.n),
		Date: fmt.Sprintf("%d-%02d-%02d", 2030+d.day/336, 1+d.day%336/28, 1+d.day%28),
	}
	var text strings.Builder
	var quotes []quote.Quote
	// write adds a string and says where it stands.
	write := func(str string) quote.Span {
		from := text.Len()
		text.WriteString(str)
		return quote.Span{Start: from, End: text.Len()}
	}
	for i, p := range d.parts {
		start := text.Len()
		write(p.lead + " ")
		q := quote.Quote{Kind: p.kind, Speaker: &s.speakers[p.who], Paragraph: i, Confidence: 0.9}
		if p.kind == quote.Indirect {
			q.Source = []quote.Span{write(q.Speaker.Name)}
			q.Cue = []quote.Span{write(" said")}
			write(" that ")
			q.Content = []quote.Span{write(p.words)}
			write(".")
		} else {
			q.Content = []quote.Span{write("“" + p.words + ",”")}
			q.Cue = []quote.Span{write(" said")}
			write(" ")
			q.Source = []quote.Span{write(q.Speaker.Name)}
			write(", the " + q.Speaker.Role + ".")
		}
		q.Text = text.String()[q.Content[0].Start:q.Content[0].End]
		a.Paragraphs = append(a.Paragraphs, corpus.Paragraph{Number: i + 1, Kind: corpus.Body, Span: quote.Span{Start: start, End: text.Len()}})
		quotes = append(quotes, q)
		write("\n\n")
	}
	a.Text = text.String()
	return a, quotes
}
