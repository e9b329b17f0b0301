package amend

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/quote"
)

const text = "“The mill will run again,” said Ada Moor, the miller. “We doubt it,” said Jan Brook."

func span(s string) []quote.Span {
	i := strings.Index(text, s)
	return []quote.Span{{Start: i, End: i + len(s)}}
}

func mill() (*corpus.Article, []quote.Quote) {
	a := &corpus.Article{ID: "a", Text: text, Paragraphs: []corpus.Paragraph{{Number: 1, Kind: corpus.Body, Span: quote.Span{End: len(text)}}}}
	return a, []quote.Quote{
		{Kind: quote.Direct, Content: span("“The mill will run again,”"), Speaker: &quote.Speaker{Name: "Ada Moor", Type: quote.TypePerson, Role: "miller", Aliases: []string{"Ms. Moor"}}},
		{Kind: quote.Direct, Content: span("“We doubt it,”"), Speaker: &quote.Speaker{Name: "Jan Brook", Type: quote.TypePerson}},
	}
}

// TestQuotes shows whose the two quotes are under each decision, the rules for names included.
func TestQuotes(t *testing.T) {
	fix := func(content, speaker string) corpus.State {
		return corpus.State{Fixes: map[string][]corpus.Fix{"a": {{Content: span(content), Kind: quote.Indirect, Speaker: speaker}}}}
	}
	rules := func(r ...corpus.NameRule) corpus.State { return corpus.State{Names: r} }
	for name, tc := range map[string]struct {
		state corpus.State
		want  []string // name · role | aliases
	}{
		"nothing decided":                      {corpus.State{}, []string{"Ada Moor · miller | Ms. Moor", "Jan Brook ·  | "}},
		"another's, of whom the article tells": {fix("“We doubt it,”", "Ada Moor"), []string{"Ada Moor · miller | Ms. Moor", "Ada Moor · miller | Ms. Moor"}},
		"a stranger's":                         {fix("“We doubt it,”", "Ole Rind"), []string{"Ada Moor · miller | Ms. Moor", "Ole Rind ·  | "}},
		"nobody's":                             {fix("“We doubt it,”", ""), []string{"Ada Moor · miller | Ms. Moor", "nobody"}},
		"the engine cuts it otherwise now":     {fix("The mill will run again,” said", "Ole Rind"), []string{"Ole Rind ·  | ", "Jan Brook ·  | "}},
		"the engine misses it now":             {fix("the miller", "Ole Rind"), []string{"Ada Moor · miller | Ms. Moor", "Jan Brook ·  | ", "Ole Rind ·  | "}},
		"merged":                               {rules(corpus.NameRule{Action: corpus.ActMerge, Name: "Jan Brook", To: "Ada Moor"}), []string{"Ada Moor · miller | Ms. Moor", "Ada Moor ·  | Jan Brook"}},
		"renamed, a role stays":                {rules(corpus.NameRule{Action: corpus.ActRename, Name: "ADA MOOR", To: "Ada Moorland"}), []string{"Ada Moorland · miller | Ms. Moor, Ada Moor", "Jan Brook ·  | "}},
		"an alias":                             {rules(corpus.NameRule{Action: corpus.ActAlias, Name: "Jan Brook", To: "JB"}), []string{"Ada Moor · miller | Ms. Moor", "Jan Brook ·  | JB"}},
		"hidden":                               {rules(corpus.NameRule{Action: corpus.ActHide, Name: "Ada Moor"}), []string{"nobody", "Jan Brook ·  | "}},
		"a surname alone is nobody":            {rules(corpus.NameRule{Action: corpus.ActHide, Name: "Moor"}), []string{"Ada Moor · miller | Ms. Moor", "Jan Brook ·  | "}},
		"rules follow each other": {
			rules(corpus.NameRule{Action: corpus.ActRename, Name: "Jan Brook", To: "Jan Rivers"}, corpus.NameRule{Action: corpus.ActHide, Name: "Jan Rivers"}),
			[]string{"Ada Moor · miller | Ms. Moor", "nobody"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, found := mill()
			var got []string
			for _, q := range Quotes(&tc.state, a, found) {
				who := "nobody"
				if s := Speaker(tc.state.Names, q.Speaker); s != nil {
					who = s.Name + " · " + s.Role + " | " + strings.Join(s.Aliases, ", ")
				}
				got = append(got, who)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			_, before := mill()
			if diff := cmp.Diff(before, found, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("what was found is changed (-before +after):\n%s", diff)
			}
		})
	}
}

// A person who confirms a weak quote makes a quote of it; a correction of words
// that the engine lost takes no weak one for them.
func TestWeakQuotes(t *testing.T) {
	a, quotes := mill()
	quotes[1].Weak, quotes[1].Confidence = true, 0.1
	fix := func(content string) *corpus.State {
		return &corpus.State{Fixes: map[string][]corpus.Fix{"a": {{Content: span(content), Kind: quote.Indirect, Speaker: "Jan Brook"}}}}
	}
	if q := Quotes(fix("“We doubt it,”"), a, quotes)[1]; q.Weak || q.Confidence != 1 {
		t.Errorf("confirmed, it is %+v", q)
	}
	if got := Quotes(fix("We doubt it,” said"), a, quotes); len(got) != 3 || !got[1].Weak || got[2].Weak {
		t.Errorf("words that the engine lost: %+v", got)
	}
}
