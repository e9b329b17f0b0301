package answer

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// shared opens a file of the benchmark, which lies beside the repository and
// is no part of it.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "shared", name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("WHOSAID_REQUIRE_SHARED") == "1" {
			t.Fatalf("the benchmark is required: %v", err)
		}
		t.Skipf("the benchmark is not here: %v", err)
	}
	return path
}

func readLines[T any](t testing.TB, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var x T
		if err := json.Unmarshal(sc.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

type goldArticle struct {
	Article, Title, Publisher, Date, Text string
	Attributions                          []struct {
		ID, Kind             string
		Source, Cue, Content [][2]int
		Speaker              string
		SpeakerType          string `json:"speaker_type"`
	}
}

type goldQuestion struct {
	Article, Type, Question, Speaker string
	IDs                              []string
	ClaimedSpeaker                   string `json:"claimed_speaker"`
}

// benchmark is a split with its gold attributions, so that answering is
// measured apart from extraction.
type benchmark struct {
	index     index.Index
	questions []goldQuestion
	content   map[string]string // article and id -> what was said
}

func loadBenchmark(t testing.TB, gold, questions string) *benchmark {
	t.Helper()
	b := &benchmark{content: map[string]string{}}
	l := &library{articles: map[string]*corpus.Article{}, quotes: map[string][]quote.Quote{}}
	for _, g := range readLines[goldArticle](t, shared(t, gold)) {
		a := &corpus.Article{ID: g.Article, Scope: corpus.SharedScope, Title: g.Title, Publisher: g.Publisher, Date: g.Date, File: g.Article + ".txt", Text: g.Text}
		for n, m := range regexp.MustCompile(`[^\n]+`).FindAllStringIndex(g.Text, -1) {
			a.Paragraphs = append(a.Paragraphs, corpus.Paragraph{Number: n + 1, Span: quote.Span{Start: m[0], End: m[1]}, Kind: corpus.Body})
		}
		bytes := byteOffsets(g.Text)
		spans := func(ps [][2]int) (out []quote.Span) {
			for _, p := range ps {
				out = append(out, quote.Span{Start: bytes[p[0]], End: bytes[p[1]]})
			}
			return out
		}
		var qs []quote.Quote
		for _, at := range g.Attributions {
			q := quote.Quote{Kind: quote.Kind(at.Kind), Content: spans(at.Content), Cue: spans(at.Cue), Source: spans(at.Source), Confidence: 0.9}
			if at.Speaker != "" {
				q.Speaker = &quote.Speaker{Name: at.Speaker, Type: quote.SpeakerType(at.SpeakerType)}
			}
			var words []string
			for _, s := range q.Content {
				words = append(words, g.Text[s.Start:s.End])
			}
			b.content[g.Article+" "+at.ID] = strings.Join(words, " ")
			qs = append(qs, q)
		}
		l.articles[a.ID], l.quotes[a.Text] = a, qs
	}
	b.index = l.open(t)
	b.questions = readLines[goldQuestion](t, shared(t, questions))
	return b
}

// byteOffsets maps code points to bytes, with the end of the text.
func byteOffsets(s string) []int {
	var out []int
	for i := range s {
		out = append(out, i)
	}
	return append(out, len(s))
}

// right is quotebench.py's rule for an answer that counts.
func (b *benchmark) right(q goldQuestion, a Answer) bool {
	if a.File != "" && a.File != q.Article+".txt" || a.Speaker == nil || !sameLast(a.Speaker.Name, q.Speaker) {
		return false
	}
	return slices.ContainsFunc(q.IDs, func(id string) bool { return overlaps(a.Quote, b.content[q.Article+" "+id]) })
}

func sameLast(a, b string) bool {
	x, y := nameParts(a), nameParts(b)
	return len(x) > 0 && len(y) > 0 && (slices.Equal(x, y) || x[len(x)-1] == y[len(y)-1] && (len(x) == 1 || len(y) == 1 || x[0] == y[0]))
}

var benchWord = regexp.MustCompile(`\w+`)

func overlaps(answer, gold string) bool {
	count := func(s string) (m map[string]int, n int) {
		m = map[string]int{}
		for _, w := range benchWord.FindAllString(strings.ReplaceAll(strings.ToLower(s), "’", "'"), -1) {
			m[w]++
			n++
		}
		return m, n
	}
	a, na := count(answer)
	g, ng := count(gold)
	n := 0
	for w, k := range a {
		n += min(k, g[w])
	}
	return na > 0 && ng > 0 && (2*n >= ng || n >= 4 && 10*n >= 8*na || n == na && ng < 8)
}

func TestBenchmark(t *testing.T) {
	b := loadBenchmark(t, "quotebench/dev.jsonl", "quotebench/dev.questions.jsonl")
	s := New(b.index)
	type tally struct{ n, first, five int }
	got := map[string]*tally{}
	for _, q := range b.questions {
		c := got[q.Type]
		if c == nil {
			c = &tally{}
			got[q.Type] = c
		}
		c.n++
		switch q.Type {
		case "verbatim", "altered", "misattributed":
			v, err := s.Verify(t.Context(), Claim{Text: q.Question, Speaker: q.ClaimedSpeaker})
			if err != nil {
				t.Fatal(err)
			}
			want := v.Verdict == Verdict(q.Type) || q.Type == "verbatim" && v.Verdict == Partial
			if want && v.Best != nil && b.right(q, *v.Best) {
				c.first++
			} else {
				t.Logf("%s %s (%s) claimed %q got %s %+v", q.Type, q.Question, q.Speaker, q.ClaimedSpeaker, v.Verdict, v.Diff)
				if v.Best != nil {
					t.Logf("   %.2f %v %s", v.Best.Score, v.Best.Speaker, v.Best.Quote)
				}
			}
		case "who", "what", "unanswerable":
			r, err := s.Ask(t.Context(), Request{Question: q.Question})
			if err != nil {
				t.Fatal(err)
			}
			if q.Type == "unanswerable" {
				if len(r.Answers) == 0 {
					c.first++
				} else {
					t.Logf("UNANSWERABLE %s\n   %s\n   %.2f %s", q.Question, r.Query, r.Answers[0].Score, r.Answers[0].Quote)
				}
				continue
			}
			rank := slices.IndexFunc(r.Answers, func(a Answer) bool { return b.right(q, a) })
			if rank == 0 {
				c.first++
			}
			if rank >= 0 && rank < 5 {
				c.five++
			}
			if rank != 0 {
				t.Logf("%s %d %s (%s: %s)\n   %s", q.Type, rank, q.Question, q.Speaker, b.content[q.Article+" "+q.IDs[0]], r.Query)
				for i, a := range r.Answers {
					if i == 0 || i == rank {
						t.Logf("   %.2f %v %s", a.Score, a.Speaker.Name, a.Quote)
					}
				}
			}
		}
	}
	for k, c := range got {
		t.Logf("%s hit@1 %.1f hit@5 %.1f of %d", k, 100*float64(c.first)/float64(c.n), 100*float64(c.five)/float64(c.n), c.n)
	}
}
