package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/internal/gen"
	"github.com/whosaid/whosaid/quote"
)

// made is the corpus: on disk as whosaid keeps it, and in memory.
type made struct {
	store    *corpus.Store
	articles []*corpus.Article
	quotes   map[string][]quote.Quote // by text; it is the quote engine too
	speakers []quote.Speaker
	words    []string
	passages int
	source   *gen.Source
}

func makeCorpus(ctx context.Context, dir string, o options) (*made, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	store, err := corpus.Open(dir)
	if err != nil {
		return nil, err
	}
	src := gen.New(o.seed)
	c := &made{store: store, quotes: map[string][]quote.Quote{}, speakers: src.Speakers(), words: src.Words(), source: src}
	for range o.articles {
		a := c.next()
		c.articles = append(c.articles, a)
		c.passages += len(a.Paragraphs) + len(c.quotes[a.Text])
	}
	if n, err := store.Len(ctx); err != nil || n == o.articles {
		return c, err
	}
	for batch := c.articles; len(batch) > 0; {
		n := min(500, len(batch))
		if _, err := store.PutAll(ctx, batch[:n]); err != nil {
			return nil, err
		}
		batch = batch[n:]
	}
	return c, nil
}

// next is the source's next article; its quotes are remembered. What may be a quote comes
// after them, as many as there are quotes, which is what the engine finds in real articles.
func (c *made) next() *corpus.Article {
	a, quotes := c.source.Article()
	a.ID = a.Identity()
	for i := range quotes {
		lead := quote.Span{Start: a.Paragraphs[i].Span.Start}
		lead.End = lead.Start + strings.IndexByte(a.Text[lead.Start:], '.') + 1
		quotes = append(quotes, quote.Quote{
			Kind: quote.Indirect, Weak: true, Speaker: quotes[i].Speaker, Paragraph: quotes[i].Paragraph, Confidence: 0.1,
			Content: []quote.Span{lead}, Text: a.Text[lead.Start:lead.End],
		})
	}
	c.quotes[a.Text] = quotes
	return a
}

// Version, Extract and ExtractAll make it an index.Extractor that knows all quotes, so
// that building measures the index alone. The version is the real engine's, so that
// the bot serves the folder as its own data and does not read all of it anew.
func (c *made) Version() string { return quote.Version() }

// Extract returns the quotes that the article was made with.
func (c *made) Extract(_ context.Context, d quote.Document) ([]quote.Quote, error) {
	return sure(c.quotes[d.Text]), nil
}

// ExtractAll returns what may be a quote, too.
func (c *made) ExtractAll(_ context.Context, d quote.Document) ([]quote.Quote, error) {
	return c.quotes[d.Text], nil
}

// sure are the quotes before those that are Weak.
func sure(quotes []quote.Quote) []quote.Quote {
	n := slices.IndexFunc(quotes, func(q quote.Quote) bool { return q.Weak })
	return quotes[:max(n, 0)]
}

var _ index.WeakExtractor = (*made)(nil)

// The sorts of task.
const (
	taskWho      = "ask who"
	taskWhat     = "ask what"
	taskVerify   = "verify"
	taskComplete = "autocomplete"
	taskTypo     = "autocomplete, a typo"
)

// task is one question, claim or prefix, and what should come of it.
type task struct {
	kind    string
	text    string
	words   []string // those to search for
	speaker string   // of the quote that it was made from
	quote   string   // its words
}

// tasks are made from quotes of the corpus, chosen at random.
func (c *made) tasks(seed uint64, n int) map[string][]task {
	rng := rand.New(rand.NewPCG(seed, 7))
	out := map[string][]task{}
	for range n {
		for _, kind := range []string{taskWho, taskWhat, taskVerify, taskComplete, taskTypo} {
			out[kind] = append(out[kind], c.task(rng, kind))
		}
	}
	return out
}

func (c *made) task(rng *rand.Rand, kind string) task {
	a := c.articles[rng.IntN(len(c.articles))]
	quotes := sure(c.quotes[a.Text])
	q := quotes[rng.IntN(len(quotes))]
	words := strings.Fields(strings.Trim(q.Text, "“”,"))
	t := task{kind: kind, speaker: q.Speaker.Name, quote: strings.Join(words, " ")}
	// some neighbouring words
	some := func(n int) []string {
		n = min(n, len(words))
		from := rng.IntN(len(words) - n + 1)
		return words[from : from+n]
	}
	switch kind {
	case taskWho:
		t.words = some(5 + rng.IntN(5))
		t.text = "who said that " + strings.Join(t.words, " ") + "?"
	case taskWhat:
		t.words = some(3 + rng.IntN(4))
		t.text = fmt.Sprintf("what did %s say about %s?", t.speaker, strings.Join(t.words, " "))
	case taskVerify:
		t.words = c.garbled(rng, words)
		t.text = strings.Join(t.words, " ")
	default:
		t.text = prefix(rng, t.speaker)
		if kind == taskTypo {
			t.text = slip(rng, t.speaker)
		}
	}
	return t
}

// garbled changes none to three of ten words.
func (c *made) garbled(rng *rand.Rand, words []string) []string {
	share := float64(rng.IntN(4)) / 10
	var out []string
	for _, w := range words {
		switch {
		case rng.Float64() >= share:
			out = append(out, w)
		case rng.IntN(2) == 0:
			out = append(out, c.words[rng.IntN(500)])
		}
	}
	if len(out) == 0 {
		return words
	}
	return out
}

// prefix is the beginning of a name or of its last word, as it is typed.
func prefix(rng *rand.Rand, name string) string {
	if i := strings.LastIndexByte(name, ' '); rng.IntN(2) == 0 {
		name = name[i+1:]
	}
	return strings.ToLower(name[:1+rng.IntN(len(name))])
}

// slip is a surname with a letter changed, dropped or swapped, not the first.
func slip(rng *rand.Rand, name string) string {
	b := []byte(strings.ToLower(name[strings.LastIndexByte(name, ' ')+1:]))
	i := 1 + rng.IntN(len(b)-1)
	switch rng.IntN(3) {
	case 0:
		b[i] = 'a' + byte(rng.IntN(26))
	case 1:
		b = append(b[:i], b[i+1:]...)
	default:
		b[i], b[i-1] = b[i-1], b[i]
	}
	return string(b)
}
