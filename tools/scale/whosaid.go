package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/bleveindex"
)

// whosaid is this program: its index and its answers.
type whosaid struct {
	index   *bleveindex.Index
	answers *answer.Service
	took    time.Duration
}

func openWhosaid(ctx context.Context, dir string, c *made) (*whosaid, error) {
	x, err := bleveindex.Open(ctx, bleveindex.Options{Dir: dir, Store: c.store, Engine: c})
	if err != nil {
		return nil, err
	}
	w := &whosaid{index: x, answers: answer.New(x)}
	if x.Stats().Articles < len(c.articles) { // an earlier run may have added some
		start := time.Now()
		if err := x.Reindex(ctx, nil); err != nil {
			return nil, err
		}
		w.took = time.Since(start)
	}
	x.Speakers(nil, "a", 1) // has the directory made
	return w, nil
}

func (w *whosaid) name() string                  { return "whosaid" }
func (w *whosaid) built() (time.Duration, int64) { return w.took, w.index.Stats().Bytes }

func (w *whosaid) do(ctx context.Context, t task) (bool, error) {
	switch t.kind {
	case taskWho, taskWhat:
		r, err := w.answers.Ask(ctx, answer.Request{Question: t.text})
		return err == nil && len(r.Answers) > 0 && r.Answers[0].Speaker != nil && r.Answers[0].Speaker.Name == t.speaker, err
	case taskVerify:
		c, err := w.answers.Verify(ctx, answer.Claim{Text: t.text, Speaker: t.speaker})
		return err == nil && c.Best != nil && overlaps(c.Best.Quote, t.quote), err
	}
	found := w.index.Speakers(nil, t.text, 25)
	return slices.ContainsFunc(found, func(e index.SpeakerEntry) bool { return e.Name == t.speaker }), nil
}

// overlaps reports whether one is the other or a trimmed form of it.
func overlaps(a, b string) bool {
	a, b = strings.Trim(a, "“”,"), strings.Trim(b, "“”,")
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

// printAdd measures how soon one more article can be found.
func (w *whosaid) printAdd(ctx context.Context, c *made) error {
	var times []time.Duration
	for range 9 {
		a := c.next()
		if _, err := c.store.Put(ctx, a); err != nil {
			return err
		}
		start := time.Now()
		if err := w.index.Add(ctx, []string{a.ID}, nil); err != nil {
			return err
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	fmt.Printf("adding one article: median %v, worst (merging small parts) %v\n", times[len(times)/2].Round(time.Millisecond), times[len(times)-1].Round(time.Millisecond))
	return nil
}
