// Package gen makes up a corpus for benchmarks: articles of invented words and
// people whose frequencies fall off as those of real words do. The same seed
// gives the same articles.
package gen

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

// Source makes articles one after the other.
type Source struct {
	rng      *rand.Rand
	words    []string
	speakers []quote.Speaker
	wordZipf *rand.Zipf
	whoZipf  *rand.Zipf
	n        int
}

// New is a source of that seed, with a vocabulary of 60,000 words and 20,000 speakers.
func New(seed uint64) *Source {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := &Source{rng: rng}
	s.words = append(s.words, strings.Fields(`the of a to in and that is for it was on we are not with as be have at
		this by from will our they bridge harbour council budget river school water road vote market`)...)
	for len(s.words) < 60000 {
		s.words = append(s.words, s.coin(2+rng.IntN(3)))
	}
	for range 20000 {
		first, last := s.name(), s.name()
		s.speakers = append(s.speakers, quote.Speaker{Name: first + " " + last, Type: quote.TypePerson,
			Role: "keeper of the " + s.words[40+rng.IntN(2000)], Aliases: []string{last, "Ms. " + last}})
	}
	s.wordZipf = rand.NewZipf(rng, 1.1, 8, uint64(len(s.words)-1))
	s.whoZipf = rand.NewZipf(rng, 1.05, 20, uint64(len(s.speakers)-1))
	return s
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

func (s *Source) name() string {
	w := s.coin(2 + s.rng.IntN(2))
	return strings.ToUpper(w[:1]) + w[1:]
}

func (s *Source) sentence(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = s.words[s.wordZipf.Uint64()]
	}
	return strings.Join(words, " ")
}

// Article is the next article with its quotes: 20 paragraphs, in each of
// which somebody is quoted.
func (s *Source) Article() (*corpus.Article, []quote.Quote) {
	s.n++
	a := &corpus.Article{
		ID: fmt.Sprintf("%016x", s.n), Scope: corpus.SharedScope, Title: s.sentence(8),
		Publisher: []string{"The Harbour Post", "Valley Courier", "Northern Mirror", "Evening Kite"}[s.rng.IntN(4)],
		Date:      fmt.Sprintf("20%02d-%02d-%02d", 30+s.rng.IntN(5), 1+s.rng.IntN(12), 1+s.rng.IntN(28)), Language: "en",
	}
	var text strings.Builder
	var quotes []quote.Quote
	for n := 1; n <= 20; n++ {
		start := text.Len()
		text.WriteString(s.sentence(15+s.rng.IntN(20)) + ". ")
		who := &s.speakers[s.whoZipf.Uint64()]
		q := quote.Quote{Kind: quote.Direct, Speaker: who, Paragraph: n - 1, Confidence: 0.9}
		from := text.Len()
		text.WriteString("“" + s.sentence(10+s.rng.IntN(20)) + ",”")
		q.Content = []quote.Span{{Start: from, End: text.Len()}}
		text.WriteString(" said " + who.Name + ".")
		q.Text = text.String()[from:q.Content[0].End]
		a.Paragraphs = append(a.Paragraphs, corpus.Paragraph{Number: n, Kind: corpus.Body, Span: quote.Span{Start: start, End: text.Len()}})
		quotes = append(quotes, q)
		text.WriteString("\n\n")
	}
	a.Text = text.String()
	return a, quotes
}
