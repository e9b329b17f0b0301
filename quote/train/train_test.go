package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/quote/internal/attrib"
	"github.com/whosaid/whosaid/quote/internal/tok"
)

// write makes a corpus of one article in a new folder.
func write(t *testing.T, jsonl, conll string) string {
	t.Helper()
	dir := t.TempDir()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	if _, err := zw.Write([]byte(conll)); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"x.jsonl": []byte(jsonl), "x.conll.gz": b.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	oneArticle = `{"article":"a","text":"“Ja,” said Ada.","attributions":[{"id":"1","kind":"direct","source":[[11,14]],"cue":[[6,10]],"content":[[0,5]]}]}` + "\n"
	oneParse   = "# article a\n1\t0\t1\t``\t``\t``\tO\t2\tpunct\t_\n2\t1\t3\tJa\tja\tNNP\tO\t0\troot\t_\n\n"
)

func TestLoadSplitTurnsCodePointsIntoBytes(t *testing.T) {
	arts, err := loadSplit(write(t, oneArticle, oneParse), "x")
	if err != nil {
		t.Fatal(err)
	}
	a := arts[0]
	g := a.gold[0]
	for want, spans := range map[string][]tok.Span{"“Ja,”": g.content, "said": g.cue, "Ada": g.source} {
		if got := a.text[spans[0].Start:spans[0].End]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if ja := a.sentences[0][1]; a.text[ja.Start:ja.End] != "Ja" || ja.head != -1 || a.sentences[0][0].head != 1 {
		t.Errorf("parse: %+v", a.sentences[0])
	}
}

func TestLoadSplitNamesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ jsonl, conll, want string }{
		"not JSON":          {"{", oneParse, "x.jsonl"},
		"unknown article":   {oneArticle, "# article b\n", "not in the corpus"},
		"beyond the text":   {oneArticle, "# article a\n1\t0\t99\ta\ta\tNN\tO\t0\troot\t_\n", "beyond"},
		"missing the other": {"", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadSplit(write(t, c.jsonl, c.conll), "x")
			if c.want == "" {
				if err != nil {
					t.Errorf("an empty corpus: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want something about %q", err, c.want)
			}
		})
	}
}

func TestKindOf(t *testing.T) {
	for text, want := range map[string]string{
		"“All of it.”": "direct", "''All of it.''": "direct", "\"All,\" \"of it.\"": "direct", "it was “all of it”": "mixed",
		"nothing": "indirect", "“open to the end": "direct", "end” of it": "mixed",
	} {
		if got := kindOf(text, []tok.Span{{End: len(text)}}); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

func TestScore(t *testing.T) {
	text := "Ada said it rained. Bob said it snowed."
	span := func(s string) []tok.Span {
		at := strings.Index(text, s)
		return []tok.Span{{Start: at, End: at + len(s)}}
	}
	a := &article{text: text, gold: []gold{
		{kind: "indirect", source: span("Ada"), content: span("it rained")},
		{kind: "indirect", source: span("Bob"), content: span("it snowed")},
	}}
	s := newScores()
	joint := s.score(a, []attrib.Attribution{
		{Source: span("Ada"), Content: span("it rained.")},
		{Source: span("Ada"), Content: span("it snowed")},
		{Content: span("said")},
	})
	if diff := cmp.Diff([]bool{true, false, false}, joint); diff != "" {
		t.Error(diff)
	}
	want := tally{gold: 2, predicted: 3, contentG: 2, contentP: 2, jointG: 1, jointP: 1, sourced: 2, right: 1}
	if diff := cmp.Diff(want, *s["all"], cmp.AllowUnexported(tally{})); diff != "" {
		t.Error(diff)
	}
}
