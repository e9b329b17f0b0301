package answer

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"math"
	"os"
	"slices"
	"testing"
)

var (
	fitting = flag.Bool("fit", false, "learn the ranking from the benchmark's development set and testdata/ranking.jsonl, and write weights.go; reads ../shared")
	ablate  = flag.Bool("ablate", false, "with -fit, measure the ranking without each ingredient")
	penalty = 0.5
)

// collect describes the candidates of the benchmark's questions.
func collect(t testing.TB, b *benchmark) []asked {
	const likeliest = 70
	s := New(b.index)
	var out []asked
	for _, q := range b.questions {
		if q.Type != "who" && q.Type != "what" && q.Type != "unanswerable" {
			continue
		}
		r := s.parser(nil).parse(q.Question)
		found, err := s.rated(t.Context(), nil, &r)
		if err == nil && len(found) == 0 && r.dated {
			r.From, r.To, r.Topic = "", "", r.undated
			found, err = s.rated(t.Context(), nil, &r)
		}
		if err != nil {
			t.Fatal(err)
		}
		x := asked{article: q.Article, kind: q.Type, named: r.Speaker != ""}
		for _, c := range found {
			if c.features != nil {
				x.candidates = append(x.candidates, *c.features)
				x.right = append(x.right, b.right(q, answerOf(c.Passage, 0)))
				x.own = append(x.own, c.ArticleID == q.Article)
			}
		}
		out = append(out, x.likeliest(likeliest))
	}
	return out
}

// ingredients of the ranking, for the table of docs/answers.md.
var ingredients = []struct {
	name     string
	features []feature
}{
	{"all", nil},
	{"without what the whole sentence says (gist)", []feature{gistQuote, gistBest, gistAround, gistOwn}},
	{"without the cosine of words", []feature{senseQuote, senseAround, senseBest}},
	{"without either", []feature{gistQuote, gistBest, gistAround, gistOwn, senseQuote, senseAround, senseBest}},
	{"the quote's own words only", []feature{coverAround, coverTitle, coverArticle, coverNear, coverOwn, coverExact, senseAround, gistAround, gistOwn}},
	{"without echo and order", []feature{echo, order}},
	{"without the cue", []feature{cue}},
	{"without kind, length and confidence", []feature{direct, length, short, sure}},
	{"without BM25's score", []feature{bm25}},
	{"without the speaker", []feature{fit, self, unnamed, human}},
	{"without the paragraph before", []feature{coverBefore, gistBefore}},
	{"without the speaker's other words in the article", []feature{coverSpeaker}},
}

// TestFit learns the weights of the ranking:
//
//	go test ./answer -run '^TestFit$' -v -fit
func TestFit(t *testing.T) {
	if !*fitting {
		t.Skip("pass -fit to learn the weights of the ranking")
	}
	const gold, questions = "quotebench/dev.jsonl", "quotebench/dev.questions.jsonl"
	engine := collect(t, loadExtracted(t, gold, questions))
	others := collect(t, loadOwn(t, "testdata/ranking.jsonl", 0))
	dev := slices.Concat(collect(t, loadBenchmark(t, gold, questions)), engine)
	all := slices.Concat(dev, engine, others) // the engine's quotes are what is asked: they count twice
	learnt := learnBoth(all, penalty)
	held := crossValidated(all, penalty)
	fetched := map[string]int{}
	for _, q := range engine {
		if slices.Contains(q.right, true) {
			fetched[q.kind]++
		}
	}
	t.Logf("questions with a right candidate: %v", fetched)
	t.Logf("engine's quotes: %s, cross-validated %s", percent(ranking(engine, learnt.of)), percent(ranking(engine, held)))
	t.Logf("our own: %s, cross-validated %s", percent(ranking(others, learnt.of)), percent(ranking(others, held)))
	es := examples(dev, held)
	weights := logistic(es, evidenceOf[:], 1)
	thresholds(t, engine, held, weights)
	if err := os.WriteFile("weights.go", source(learnt, weights), 0o644); err != nil {
		t.Fatal(err)
	}
	if *ablate {
		for _, c := range ingredients {
			w := crossValidated(blind(all, c.features), penalty)
			t.Logf("| %s | %s |", c.name, percent(ranking(blind(engine, c.features), w)))
		}
		w := crossValidated(sureOnly(all), penalty)
		t.Logf("| without what may be quotes | %s |", percent(ranking(sureOnly(engine), w)))
	}
}

func percent(m map[string][3]float64) string {
	s := ""
	for _, k := range []string{"who", "what"} {
		if m[k][2] == 0 {
			continue
		}
		s += fmt.Sprintf("%s %.1f / %.1f ", k, 100*m[k][0]/m[k][2], 100*m[k][1]/m[k][2])
	}
	return s
}

// thresholds logs what each threshold of the evidence keeps of the right best
// candidates, and leaves unanswered of the unanswerable questions and of those
// put to all other articles.
func thresholds(t *testing.T, qs []asked, w func(asked) *features, weights []float64) {
	var e evidence
	copy(e.weights[:], weights)
	e.bias = weights[len(weights)-1]
	for _, named := range []bool{true, false} {
		for _, least := range []float64{0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5} {
			var right, kept, foreign, silent, none, left float64
			for _, q := range qs {
				if q.named != named {
					continue
				}
				v := w(q)
				i := q.best(v, func(int) bool { return true })
				k := q.best(v, func(i int) bool { return !q.own[i] })
				passes := func(i int) bool { return i >= 0 && e.of(&q.candidates[i]) >= least }
				switch {
				case q.kind == "unanswerable":
					none++
					if !passes(i) {
						left++
					}
					continue
				case i >= 0 && q.right[i]:
					right++
					if passes(i) {
						kept++
					}
				}
				foreign++
				if !passes(k) {
					silent++
				}
			}
			t.Logf("speaker named %v, evidence %.2f: keeps %.0f of %.0f right, leaves %.0f of %.0f unanswerable and %.0f of %.0f asked elsewhere",
				named, least, kept, right, left, none, silent, foreign)
		}
	}
}

// source writes weights.go.
func source(m models, e []float64) []byte {
	var b bytes.Buffer
	b.WriteString("// Code generated by go test ./answer -run '^TestFit$' -fit; DO NOT EDIT.\n\npackage answer\n\n")
	b.WriteString("// What was learnt from the benchmark's development questions, answered from\n// people's attributions and from the engine's, and from questions of our own.\nvar (\n")
	for _, c := range []struct {
		name string
		w    features
	}{{"whoModel", m.rest}, {"whatModel", m.named}} {
		fmt.Fprintf(&b, "%s = &model{\nweights: features{\n", c.name)
		for k := range allFeatures {
			fmt.Fprintf(&b, "%s: %.2f,\n", featureNames[k], c.w[k])
		}
		b.WriteString("},\nslope: 0.4, bias: -3.5,\n}\n")
	}
	b.WriteString("learntEvidence = &evidence{\nweights: [len(evidenceOf)]float64{")
	for _, x := range e[:len(e)-1] {
		fmt.Fprintf(&b, "%.2f, ", x)
	}
	fmt.Fprintf(&b, "},\nbias: %.2f,\n}\n)\n", e[len(e)-1])
	out, err := format.Source(b.Bytes())
	if err != nil {
		return b.Bytes()
	}
	return out
}

var featureNames = [allFeatures]string{
	"coverQuote", "coverAround", "coverTitle", "coverArticle", "coverBest", "coverNear", "coverOwn", "coverExact", "coverVerbatim",
	"senseQuote", "senseAround", "senseBest", "gistQuote", "gistBest", "gistAround", "gistOwn",
	"focus", "echo", "order", "cue", "bm25", "fit", "self", "unnamed", "direct", "length", "short", "sure", "coverBefore", "gistBefore", "coverSpeaker", "weak", "human",
}

// The learner finds the feature that tells right from wrong.
func TestLearn(t *testing.T) {
	var qs []asked
	for i := range 40 {
		q := asked{article: fmt.Sprint(i), kind: "who", right: []bool{false, true, false}, own: make([]bool, 3)}
		for k := range 3 {
			var f features
			f[bm25] = float64((i+k)%3) / 2 // noise
			if k == 1 {
				f[cue] = 1
			}
			q.candidates = append(q.candidates, f)
		}
		qs = append(qs, q)
	}
	w := crossValidated(qs, 0.1)
	if r := ranking(qs, w)["who"]; r[0] != r[2] {
		t.Errorf("%.0f of %.0f first", r[0], r[2])
	}
	if v := w(qs[0]); v[cue] < 1 || math.Abs(v[bm25]) > v[cue]/2 {
		t.Errorf("cue weighs %.2f, noise %.2f", v[cue], v[bm25])
	}
	if r := ranking(blind(qs, []feature{cue}), w)["who"]; r[0] == r[2] {
		t.Error("blind to the cue it still ranks right")
	}
}
