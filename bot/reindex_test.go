package bot

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// noteTaker is a Messenger that keeps what it is told.
type noteTaker struct {
	mu      sync.Mutex
	edits   []Message
	posts   []Message
	expired bool
}

func (n *noteTaker) Edit(_ context.Context, m Message) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.expired {
		return errExpired
	}
	n.edits = append(n.edits, m)
	return nil
}

func (n *noteTaker) Post(_ context.Context, m Message) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.posts = append(n.posts, m)
	return nil
}

// newReindexer makes a reindexer that reports every two seconds.
func newReindexer(work func(context.Context, func(int, int)) error) *reindexer {
	return &reindexer{backend: &fakeBackend{reindex: work}, log: quiet(), now: time.Now, every: progressEvery}
}

func TestReindexReportsNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReindexer(func(_ context.Context, progress func(int, int)) error {
			for i := range 1000 { // 10 s in all
				progress(i, 1000)
				time.Sleep(10 * time.Millisecond)
			}
			return nil
		})
		job, err := r.begin("77")
		if err != nil {
			t.Fatal(err)
		}
		var out noteTaker
		r.run(job, Request{})(t.Context(), &out)
		if n := len(out.edits); n < 4 || n > 6 {
			t.Errorf("%d reports, want one every two seconds and the last", n)
		}
		if last := out.edits[len(out.edits)-1]; !strings.Contains(string(last.Content), "10 seconds") {
			t.Errorf("the last report says %q", last.Content)
		}
		if r.running("77") {
			t.Error("it still counts as running")
		}
	})
}

func TestReindexEnds(t *testing.T) {
	waits := func(ctx context.Context, _ func(int, int)) error {
		<-ctx.Done()
		return ctx.Err()
	}
	for name, tc := range map[string]struct {
		work func(context.Context, func(int, int)) error
		end  func(r *reindexer, job job, stop context.CancelFunc)
		says string
	}{
		"by itself": {nil, nil, "is rebuilt"},
		"failing":   {func(context.Context, func(int, int)) error { return errBackend }, nil, "failed"},
		"cancelled, twice": {waits, func(r *reindexer, job job, _ context.CancelFunc) {
			if err := errors.Join(r.stop("77", job.id), r.stop("77", job.id)); err != nil {
				panic(err)
			}
		}, "was cancelled"},
		"with the bot": {waits, func(_ *reindexer, _ job, stop context.CancelFunc) { stop() }, "restart"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReindexer(tc.work)
			job, err := r.begin("77")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.begin("77"); !errors.Is(err, errBusy) {
				t.Errorf("a second one begins (%v)", err)
			}
			if err := r.stop("77", "another"); !errors.Is(err, errOver) {
				t.Errorf("another job's button stops it (%v)", err)
			}
			if err := r.stop("88", job.id); !errors.Is(err, errOver) {
				t.Errorf("another server stops it (%v)", err)
			}
			other, err := r.begin("88")
			if err != nil {
				t.Errorf("another server's can't begin beside it: %v", err)
			}
			r.end(other.scope)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			if tc.end != nil {
				tc.end(r, job, stop)
			}
			var out noteTaker
			r.run(job, Request{})(ctx, &out)
			if last := out.edits[len(out.edits)-1]; !strings.Contains(string(last.Content), tc.says) || len(last.Rows) > 0 {
				t.Errorf("the last report is %+v, want %q and no buttons", last, tc.says)
			}
			if err := r.stop("77", job.id); !errors.Is(err, errOver) {
				t.Errorf("it can be stopped after its end (%v)", err)
			}
		})
	}
}

// TestReindexOutlivesItsInteraction: after 15 minutes the end is told in the channel.
func TestReindexOutlivesItsInteraction(t *testing.T) {
	r := newReindexer(nil)
	job, err := r.begin("77")
	if err != nil {
		t.Fatal(err)
	}
	out := noteTaker{expired: true}
	r.run(job, Request{})(t.Context(), &out)
	if len(out.posts) != 1 || !strings.Contains(string(out.posts[0].Content), "is rebuilt") {
		t.Errorf("posted %+v", out.posts)
	}
}

func TestMessengerKnowsItsTime(t *testing.T) {
	s := newStandIn(t)
	now := time.Date(2024, 5, 3, 12, 0, 0, 0, time.UTC)
	it := &interaction{ID: "1", AppID: "11", Token: "tok", Request: Request{ChannelID: "88"}}
	m := &messenger{
		sender: newSender(newSession("token", nil), s.client().Transport, quiet(), NewMetrics(prometheus.NewRegistry())), it: it,
		now: func() time.Time { return now }, expires: now.Add(tokenLife),
	}
	if err := m.Edit(t.Context(), Message{Content: "in time"}); err != nil {
		t.Error(err)
	}
	now = now.Add(tokenLife + time.Second)
	if err := m.Edit(t.Context(), Message{Content: "too late"}); !errors.Is(err, errExpired) {
		t.Errorf("an edit after %v: %v", tokenLife, err)
	}
	if err := m.Post(t.Context(), Message{Content: "in the channel"}); err != nil {
		t.Error(err)
	}
	if n := s.count("POST", "/channels/88/messages"); n != 1 {
		t.Errorf("%d messages in the channel", n)
	}
}
