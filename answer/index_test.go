package answer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/bleveindex"
	"github.com/whosaid/whosaid/quote"
)

// library is a corpus in memory and an engine that knows its quotes by heart,
// so that answers are tested apart from reading and extraction.
type library struct {
	articles map[string]*corpus.Article
	quotes   map[string][]quote.Quote // by article text
}

func (l *library) Get(_ context.Context, id string) (*corpus.Article, error) {
	if a := l.articles[id]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf("no article %q", id)
}

func (l *library) IDs(context.Context) ([]string, error) {
	var ids []string
	for id := range l.articles {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, nil
}

func (l *library) Extract(_ context.Context, d quote.Document) ([]quote.Quote, error) {
	return l.quotes[d.Text], nil
}

func (l *library) Version() string { return "by heart" }

// open builds the index of the library in a temporary folder.
func (l *library) open(t testing.TB) index.Index {
	t.Helper()
	idx, err := bleveindex.Open(t.Context(), bleveindex.Options{Dir: t.TempDir(), Store: l, Engine: l})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := idx.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := idx.Reindex(t.Context(), func(index.Progress) {}); err != nil {
		t.Fatal(err)
	}
	return idx
}

// said is a quote of a test article: parts of its text, and who is named for it.
type said struct {
	parts []string
	by    quote.Speaker
	kind  quote.Kind
}

// add adds an article of some paragraphs.
func (l *library) add(t testing.TB, id, title, publisher, day string, paragraphs []string, quotes ...said) {
	t.Helper()
	a := &corpus.Article{
		ID: id, Scope: corpus.SharedScope, Title: title, Publisher: publisher, Date: day, Language: "en",
		File: id + ".txt", URL: "https://news.example/" + id, Text: strings.Join(paragraphs, "\n\n"),
	}
	at := 0
	for i, p := range paragraphs {
		a.Paragraphs = append(a.Paragraphs, corpus.Paragraph{Number: i + 1, Span: quote.Span{Start: at, End: at + len(p)}, Kind: corpus.Body})
		at += len(p) + 2
	}
	var found []quote.Quote
	for _, s := range quotes {
		q := quote.Quote{Kind: s.kind, Confidence: 0.9}
		if s.by.Name != "" {
			q.Speaker = &s.by
		}
		for _, part := range s.parts {
			i := strings.Index(a.Text, part)
			if i < 0 {
				t.Fatalf("%s does not hold %q", id, part)
			}
			q.Content = append(q.Content, quote.Span{Start: i, End: i + len(part)})
		}
		found = append(found, q)
	}
	l.articles[id], l.quotes[a.Text] = a, found
}

func person(name, role string, aliases ...string) quote.Speaker {
	return quote.Speaker{Name: name, Type: quote.TypePerson, Role: role, Aliases: aliases}
}

// harbour is the corpus that most tests ask: two invented newspapers on a
// bridge and a ferry, two people of one surname, an organisation, a quote
// whose speaker is unknown and one that the engine missed.
func harbour(t testing.TB) *Service {
	l := &library{articles: map[string]*corpus.Article{}, quotes: map[string][]quote.Quote{}}
	ines := person("Ines Okafor", "mayor of Port Ellery", "Okafor", "Ms. Okafor")
	lena := person("Lena Okafor", "baker", "Okafor")
	board := quote.Speaker{Name: "Ellery Harbour Board", Type: quote.TypeOrg, Aliases: []string{"the board"}}
	l.add(t, "bridge", "Port Ellery closes its bridge", "Example Times", "2026-03-02", []string{
		"The council of Port Ellery voted on Monday to close the old harbour bridge.",
		"“The bridge is not safe, and nobody should drive over it tonight,” said Mayor Ines Okafor. “We will build a new one by 2031.”",
		"Tomas Reyes, a fisherman, complained that the closure “will drown forty small businesses before the summer is over.”",
		"Lena Okafor, the mayor's sister and a baker, said she would keep her shop open whatever the council decided.",
		"“Somebody ought to count the rivets,” a voice shouted from the gallery.",
	},
		said{[]string{"“The bridge is not safe, and nobody should drive over it tonight,”", "“We will build a new one by 2031.”"}, ines, quote.Direct},
		said{[]string{"the closure “will drown forty small businesses before the summer is over.”"}, person("Tomas Reyes", "fisherman", "Reyes"), quote.Mixed},
		said{[]string{"she would keep her shop open whatever the council decided"}, lena, quote.Indirect},
		said{[]string{"“Somebody ought to count the rivets,”"}, quote.Speaker{}, quote.Direct},
	)
	l.add(t, "ferry", "Ferries replace the bridge", "Daily Gull", "2026-05-10", []string{
		"“Ferries will run every twenty minutes from the fish market,” said Piet van Dalen, the mayor's spokesman.",
		"The Ellery Harbour Board announced that fares would rise by 4 percent in June.",
		"“I never promised anybody a free ferry,” Ms. Okafor said. “I promised a cheap one, and cheap it is.”",
		"A banner on the quay read: “Our boats are older than your excuses and they still float.”",
	},
		said{[]string{"“Ferries will run every twenty minutes from the fish market,”"}, person("Piet van Dalen", "the mayor's spokesman", "van Dalen"), quote.Direct},
		said{[]string{"fares would rise by 4 percent in June"}, board, quote.Indirect},
		said{[]string{"“I never promised anybody a free ferry,”", "“I promised a cheap one, and cheap it is.”"}, ines, quote.Direct},
	)
	nadia := person("Nadia Brandt", "keeper of the lighthouse", "Brandt")
	l.add(t, "fog", "A night without the lighthouse", "Example Times", "2026-04-04", []string{
		"“The first lamp went out at nine and nobody lit it again,” said Nadia Brandt, the keeper of the lighthouse.",
		"The coast guard had been told at eight, its log shows.",
		"“By morning the whole pier was a rumour in the fog,” Ms. Brandt said.",
		"“I counted eleven gulls and not one ship,” she added.",
	},
		said{[]string{"“The first lamp went out at nine and nobody lit it again,”"}, nadia, quote.Direct},
		said{[]string{"“By morning the whole pier was a rumour in the fog,”"}, nadia, quote.Direct},
		said{[]string{"“I counted eleven gulls and not one ship,”"}, nadia, quote.Direct},
	)
	l.add(t, "fog again", "The lighthouse, a week later", "Daily Gull", "2026-04-11", []string{
		"“The first lamp went out at nine and nobody lit it again,” the keeper of the lighthouse, Nadia Brandt, had said.",
	},
		said{[]string{"“The first lamp went out at nine and nobody lit it again,”"}, nadia, quote.Direct},
	)
	return New(l.open(t), WithClock(testClock))
}
