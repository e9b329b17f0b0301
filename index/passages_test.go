package index

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

// span is where sub stands in text.
func span(t *testing.T, text, sub string) quote.Span {
	t.Helper()
	i := strings.Index(text, sub)
	if i < 0 {
		t.Fatalf("%q is not in the text", sub)
	}
	return quote.Span{Start: i, End: i + len(sub)}
}

func TestPassages(t *testing.T) {
	text := "BY ADA QUILL\n\n“The lamps,” Mr. Tarkov said, “are out.”\n\nNobody relit them."
	a := &corpus.Article{
		ID: "a1", Scope: "guild", Title: "Lamps", Publisher: "Guild Gazette", URL: "https://guild.example/lamps",
		Date: "2031-01-02", Language: "en", File: "lamps.txt", Text: text,
		Paragraphs: []corpus.Paragraph{
			{Number: 1, Kind: corpus.Byline, Span: span(t, text, "BY ADA QUILL")},
			{Number: 2, Kind: corpus.Body, Span: span(t, text, "“The lamps,” Mr. Tarkov said, “are out.”")},
			{Number: 3, Kind: corpus.Body, Span: span(t, text, "Nobody relit them.")},
		},
	}
	tarkov := &quote.Speaker{Name: "Emil Tarkov", Type: quote.TypePerson}
	quotes := []quote.Quote{
		{Kind: quote.Direct, Content: []quote.Span{{Start: 5, End: 9000}}}, // not in the text: left out
		{Kind: quote.Direct, Content: []quote.Span{span(t, text, "“The lamps,”"), span(t, text, "“are out.”")},
			Cue: []quote.Span{span(t, text, "said")}, Source: []quote.Span{span(t, text, "Mr. Tarkov")},
			Speaker: tarkov, Confidence: 0.8},
	}
	of := Passage{ArticleID: "a1", Scope: "guild", Title: "Lamps", Publisher: "Guild Gazette",
		URL: "https://guild.example/lamps", Day: "2031-01-02", Language: "en", File: "lamps.txt"}
	first, second, said := of, of, of
	first.ID, first.Kind, first.Paragraph, first.Text = "a1.p2", KindParagraph, 2, "“The lamps,” Mr. Tarkov said, “are out.”"
	second.ID, second.Kind, second.Paragraph, second.Text = "a1.p3", KindParagraph, 3, "Nobody relit them."
	said.ID, said.Kind, said.Paragraph, said.Text = "a1.q2", KindDirect, 2, "“The lamps,” … “are out.”"
	said.Context, said.Speaker, said.Confidence = first.Text, tarkov, 0.8
	said.Content, said.Cue, said.Source = quotes[1].Content, quotes[1].Cue, quotes[1].Source
	quotes = append(quotes, quote.Quote{Kind: quote.Indirect, Content: []quote.Span{a.Paragraphs[2].Span}, Speaker: tarkov, Confidence: 0.1, Weak: true})
	maybe := of
	maybe.ID, maybe.Kind, maybe.Paragraph, maybe.Text, maybe.Context = "a1.q3", KindWeak, 3, second.Text, second.Text
	maybe.Before, maybe.Speaker, maybe.Confidence, maybe.Content = first.Text, tarkov, 0.1, quotes[2].Content

	if diff := cmp.Diff([]Passage{first, second, said, maybe}, Passages(a, quotes)); diff != "" {
		t.Errorf("Passages (-want +got):\n%s", diff)
	}
}

// A long paragraph is not repeated whole for every quote in it.
func TestContextIsBounded(t *testing.T) {
	text := strings.Repeat("ö", 100_000) + "“here”" + strings.Repeat("ü", 100_000)
	a := &corpus.Article{Text: text, Paragraphs: []corpus.Paragraph{{Number: 1, Kind: corpus.Body, Span: quote.Span{End: len(text)}}}}
	q := quote.Quote{Kind: quote.Direct, Content: []quote.Span{span(t, text, "“here”")}}
	ps := Passages(a, []quote.Quote{q})
	if len(ps) != 2 {
		t.Fatalf("%d passages", len(ps))
	}
	if c := ps[1].Context; len(c) > 2*maxContext+20 || !strings.Contains(c, "“here”") || strings.ContainsRune(c, '\uFFFD') {
		t.Errorf("a context of %d bytes", len(c))
	}
}

// Whatever spans an engine gives, there is no panic, and quotes of the
// article's own words come back as these words.
func TestPassagesOfAnySpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(1, 60, 120).Draw(t, "text")
		spans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) quote.Span {
			return quote.Span{Start: rapid.IntRange(-2, 130).Draw(t, "start"), End: rapid.IntRange(-2, 130).Draw(t, "end")}
		}), 0, 3)
		a := &corpus.Article{ID: "a", Text: text, Paragraphs: []corpus.Paragraph{{Number: 1, Kind: corpus.Body, Span: quote.Span{End: len(text)}}}}
		q := quote.Quote{Kind: quote.Mixed, Content: spans.Draw(t, "content"), Cue: spans.Draw(t, "cue")}
		for _, p := range Passages(a, []quote.Quote{q})[1:] {
			if p.Text != JoinSpans(text, q.Content) {
				t.Fatalf("text is %q", p.Text)
			}
		}
	})
}

func TestSplitID(t *testing.T) {
	for id, want := range map[string]bool{
		"ab.p1": true, "ab.q12": true, "": false, "ab": false, "ab.p": false, "ab.p0": false, "ab.x1": false, ".p1": false, "ab.q-1": false,
	} {
		if _, _, _, ok := SplitID(id); ok != want {
			t.Errorf("SplitID(%q) is ok: %t, want %t", id, ok, want)
		}
	}
	article, isQuote, n, _ := SplitID(QuoteID("a.b", 7))
	if article != "a.b" || !isQuote || n != 7 {
		t.Errorf("SplitID of a quote: %q, %t, %d", article, isQuote, n)
	}
}

func TestQueryString(t *testing.T) {
	q := Query{Text: `old "bridge"`, Phrases: []string{"too far"}, Not: []string{"ferry"}, Speaker: "Orla Finnegan",
		Kinds: []PassageKind{KindDirect}, From: "2031-01-01", Scopes: []string{"shared"}, MinShould: 2, Limit: 5, Offset: 10}
	want := `"old \"bridge\"" phrase:"too far" -:"ferry" speaker:"Orla Finnegan" kind:"direct" from:"2031-01-01" scope:"shared" min:2 hits:10+5`
	if got := q.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (Query{}).String(); got != "" {
		t.Errorf("the zero query is %q", got)
	}
}
