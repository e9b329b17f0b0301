package ling_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/quote/internal/ner"
	"github.com/whosaid/whosaid/quote/internal/tok"
	"github.com/whosaid/whosaid/quote/weights"
)

func TestAnalyze(t *testing.T) {
	models, err := weights.Load()
	if err != nil {
		t.Fatal(err)
	}
	text := "HEAD\nAda Larch said the council met on Monday.\n \nIt did not vote."
	a := models.Base.Analyze(text, []tok.Span{{Start: 5, End: 46}, {Start: 47, End: 48}, {Start: 49, End: len(text)}})
	type row struct{ Word, Tag, Rel, Head string }
	var got []row
	for i := range a.Tokens[:5] {
		head := "ROOT"
		if h := a.Heads[i]; h >= 0 {
			head = a.Word(int(h))
		}
		got = append(got, row{a.Word(i), a.Tags[i].String(), a.Rels[i].String(), head})
	}
	want := []row{
		{"Ada", "NNP", "compound", "Larch"}, {"Larch", "NNP", "nsubj", "said"}, {"said", "VBD", "root", "ROOT"},
		{"the", "DT", "det", "council"}, {"council", "NN", "nsubj", "met"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if a.Names[0] != ner.Person || a.Names[1] != ner.Person || a.Names[2] != ner.None {
		t.Errorf("names: %v", a.Names)
	}
	if len(a.Paragraphs) != 2 || len(a.Sentences) != 2 {
		t.Errorf("paragraphs %v, sentences %v", a.Paragraphs, a.Sentences)
	}
	if s := a.Span(a.Paragraphs[1]); text[s.Start:s.End] != "It did not vote." {
		t.Errorf("the second paragraph is %q", text[s.Start:s.End])
	}
}
