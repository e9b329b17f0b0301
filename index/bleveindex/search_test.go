package bleveindex

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// town is a small fictional corpus.
func town() []*corpus.Article {
	return []*corpus.Article{
		article(corpus.SharedScope, "Bridge closes", "The Harbour Post", "2031-03-02",
			"The old bridge closes on Monday. “The cables are rusted through and nobody may cross,” said Orla B. Finnegan, the city engineer.",
			"“We will be there on Tuesday,” said Mr. Tarkov."),
		article(corpus.SharedScope, "Council votes", "The Harbour Post", "2031-03-05",
			"“A new bridge costs more than the old one ever did,” said Émile Tarkov, the mayor.",
			"“To cross the river we take the ferry,” said Orla Finnegan."),
		article(corpus.SharedScope, "Ferry strike", "Valley Courier", "2031-04-01",
			"“Nobody asked the crews about the ferry,” said Dana Finnegan, the union leader."),
		article("guild", "Secret minutes", "Guild Gazette", "2031-03-09",
			"“The bridge is our secret,” said Orla Finnegan."),
	}
}

func TestSearch(t *testing.T) {
	x := filled(t, town()...)
	quotes := []index.PassageKind{index.KindDirect}
	tests := []struct {
		name string
		q    index.Query
		want []string // texts, best first
	}{
		{"words are stemmed and ranked", index.Query{Text: "rusting cable", Kinds: quotes},
			[]string{"“The cables are rusted through and nobody may cross,”"}},
		{"the context counts less than the text", index.Query{Text: "bridge", Kinds: quotes},
			[]string{"“A new bridge costs more than the old one ever did,”", "“The cables are rusted through and nobody may cross,”"}},
		{"a full name, newest first", index.Query{Speaker: "Orla Finnegan"},
			[]string{"“To cross the river we take the ferry,”", "“The cables are rusted through and nobody may cross,”"}},
		{"a surname in capitals", index.Query{Speaker: "FINNEGAN", Text: "ferry"},
			[]string{"“Nobody asked the crews about the ferry,”", "“To cross the river we take the ferry,”"}},
		{"a title and no accents", index.Query{Speaker: "Mayor Emile Tarkov"},
			[]string{"“A new bridge costs more than the old one ever did,”"}},
		{"a phrase", index.Query{Phrases: []string{"old one ever did"}, Kinds: quotes},
			[]string{"“A new bridge costs more than the old one ever did,”"}},
		{"words of a phrase in another order", index.Query{Phrases: []string{"ever did one old"}}, nil},
		{"an excluded word", index.Query{Text: "ferry", Not: []string{"crews"}, Kinds: quotes},
			[]string{"“To cross the river we take the ferry,”"}},
		{"a publisher", index.Query{Text: "ferry", Publisher: "valley courier", Kinds: quotes},
			[]string{"“Nobody asked the crews about the ferry,”"}},
		{"days", index.Query{Speaker: "Finnegan", From: "2031-03-03", To: "2031-03-31"},
			[]string{"“To cross the river we take the ferry,”"}},
		{"another scope", index.Query{Text: "bridge", Scopes: []string{"guild"}, Kinds: quotes},
			[]string{"“The bridge is our secret,”"}},
		{"stop words alone", index.Query{Text: "we will be there", Kinds: quotes},
			[]string{"“We will be there on Tuesday,”"}},
		{"two words must match", index.Query{Text: "bridge cable", MinShould: 2, Kinds: quotes},
			[]string{"“The cables are rusted through and nobody may cross,”"}},
		{"nothing", index.Query{}, nil},
		{"an unknown word", index.Query{Text: "xylophone"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := x.Search(t.Context(), tt.q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range r.Hits {
				got = append(got, h.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.q, diff)
			}
			if r.Total != len(got) {
				t.Errorf("Total is %d, there are %d hits", r.Total, len(got))
			}
		})
	}
}
