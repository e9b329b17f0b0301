package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

// memoryStates keeps states as a store would, in JSON.
type memoryStates struct {
	mu     sync.Mutex
	states map[WatchedFeed][]byte
}

func (m *memoryStates) FeedState(_ context.Context, scope, url string) (FeedState, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := FeedState{URL: url}
	if b := m.states[WatchedFeed{scope, url}]; b != nil {
		return f, json.Unmarshal(b, &f)
	}
	return f, nil
}

func (m *memoryStates) SetFeedState(_ context.Context, scope string, f FeedState) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, err := json.Marshal(f)
	m.states[WatchedFeed{scope, f.URL}] = b
	return err
}

// paper is a site with a feed, whose items and answers a test changes.
type paper struct {
	mu     sync.Mutex
	items  []string
	status int // of the feed's answers; 0 is 200
	gone   map[string]bool
	full   int // answers that sent the feed
}

func (p *paper) set(change func(*paper)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *paper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := strings.TrimPrefix(r.URL.Path, "/a/")
	switch {
	case r.URL.Path == "/feed" && p.status != 0:
		w.WriteHeader(p.status)
	case r.URL.Path == "/feed":
		tag := fmt.Sprintf(`"%d"`, len(p.items))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		p.full++
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Coast Wire</title>`)
		for _, i := range p.items {
			fmt.Fprintf(w, "<item><title>%s</title><link>/a/%s</link><guid>%s</guid></item>", i, i, i)
		}
		fmt.Fprint(w, `</channel></rss>`)
	case name != r.URL.Path && !p.gone[name]:
		fmt.Fprintf(w, "<html><title>%s</title><p>“It was time for %s,” said its owner.</p></html>", name, name)
	case p.gone[name]:
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		http.NotFound(w, r)
	}
}

// watched is a watcher of one paper's feed, with what it handed on.
type watched struct {
	*Watcher
	paper  *paper
	feed   WatchedFeed
	states *memoryStates

	mu     sync.Mutex
	titles []string
	news   []string
	refuse error // what Articles returns
}

func watch(t *testing.T, items ...string) *watched {
	t.Helper()
	w := &watched{paper: &paper{items: items, gone: map[string]bool{}}, states: &memoryStates{states: map[WatchedFeed][]byte{}}}
	srv := site(t, map[string]http.HandlerFunc{"/": w.paper.ServeHTTP})
	w.feed = WatchedFeed{Scope: "42", URL: srv.URL + "/feed"}
	w.Watcher = NewWatcher(WatchOptions{
		Fetcher: loopbackFetcher(t), States: w.states, Every: time.Hour,
		Feeds: func(context.Context) ([]WatchedFeed, error) { return []WatchedFeed{w.feed}, nil },
		Articles: func(_ context.Context, _ WatchedFeed, articles []*Article) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.refuse != nil {
				return w.refuse
			}
			for _, a := range articles {
				w.titles = append(w.titles, a.Scope+" "+a.Title+" "+a.Publisher)
			}
			return nil
		},
		Tell: func(_ context.Context, n FeedNews) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.news = append(w.news, fmt.Sprintf("dead=%v", n.Dead))
		},
	})
	return w
}

// check visits the feed; it returns the state and the titles that are new.
func (w *watched) check(t *testing.T) (FeedState, []string) {
	t.Helper()
	w.titles = nil
	state, err := w.Check(t.Context(), w.feed)
	if err != nil {
		t.Fatal(err)
	}
	return state, w.titles
}

func TestWatchingFindsWhatIsNew(t *testing.T) {
	w := watch(t, "two", "one")
	state, got := w.check(t)
	if diff := cmp.Diff([]string{"42 one Coast Wire", "42 two Coast Wire"}, got); diff != "" {
		t.Error(diff)
	}
	if state.Articles != 2 || state.ETag == "" || state.Checked.IsZero() || state.Found != state.Checked || len(state.Seen) != 2 {
		t.Errorf("%+v", state)
	}
	if _, got = w.check(t); got != nil || w.paper.full != 1 {
		t.Errorf("nothing changed, and %q is new; the feed was sent %d times", got, w.paper.full)
	}
	w.paper.set(func(p *paper) { p.items = []string{"three", "two", "one"} })
	if state, got = w.check(t); len(got) != 1 || got[0] != "42 three Coast Wire" || state.Articles != 3 {
		t.Errorf("%q, %+v", got, state)
	}
}

func TestWatchingKeepsWhatFails(t *testing.T) {
	w := watch(t, "two", "one")
	w.paper.set(func(p *paper) { p.gone["one"] = true })
	state, got := w.check(t)
	if len(got) != 1 || len(state.Seen) != 1 || state.ETag != "" || state.Failures != 0 {
		t.Errorf("a page that can't be had for the moment: %q, %+v", got, state)
	}
	w.paper.set(func(p *paper) { p.gone["one"] = false })
	if state, got = w.check(t); len(got) != 1 || got[0] != "42 one Coast Wire" || state.ETag == "" {
		t.Errorf("and then can: %q, %+v", got, state)
	}
	w.paper.set(func(p *paper) { p.items = []string{"three"} })
	w.refuse = errors.New("the disk is full")
	if _, err := w.Check(t.Context(), w.feed); !errors.Is(err, w.refuse) {
		t.Errorf("%v", err)
	}
	w.refuse = nil
	if _, got = w.check(t); len(got) != 1 {
		t.Errorf("what could not be kept was forgotten: %q", got)
	}
}

// A long feed is read over several visits.
func TestWatchingALongFeed(t *testing.T) {
	var items []string
	for i := range itemsPerVisit + 20 {
		items = append(items, fmt.Sprintf("n%d", i))
	}
	w := watch(t, items...)
	if _, got := w.check(t); len(got) != itemsPerVisit {
		t.Errorf("%d articles at the first visit", len(got))
	}
	if state, got := w.check(t); len(got) != 20 || state.Articles != len(items) {
		t.Errorf("%d articles at the second visit", len(got))
	}
}

// A dead feed is told of once, and so is its return.
func TestDeadFeedsAreToldOfOnce(t *testing.T) {
	w := watch(t, "one")
	w.paper.set(func(p *paper) { p.status = http.StatusNotFound })
	var waits []time.Duration
	for range deadAfter + 8 {
		state, _ := w.check(t)
		waits = append(waits, state.Next.Sub(state.Checked))
		if want := state.Failures >= deadAfter; state.Told != want || state.Error == "" {
			t.Errorf("after %d failures: %+v", state.Failures, state)
		}
	}
	if waits[1] < 3*time.Hour || waits[len(waits)-1] > 27*time.Hour || waits[len(waits)-1] < 21*time.Hour {
		t.Errorf("waits %v", waits)
	}
	w.paper.set(func(p *paper) { p.status = 0 })
	state, got := w.check(t)
	if len(got) != 1 || state.Failures != 0 || state.Error != "" || state.Told {
		t.Errorf("back again: %q, %+v", got, state)
	}
	w.check(t)
	if diff := cmp.Diff([]string{"dead=true", "dead=false"}, w.news); diff != "" {
		t.Error(diff)
	}
	w.news = nil
	w.paper.set(func(p *paper) { p.status = http.StatusGone })
	for range 3 {
		w.check(t)
	}
	if diff := cmp.Diff([]string{"dead=true"}, w.news); diff != "" {
		t.Error(diff)
	}
}

func TestWatchingWhatIsNoFeed(t *testing.T) {
	srv := site(t, map[string]http.HandlerFunc{"/feed": serve("text/html", "<html><p>"+tinyArticle)})
	w := watch(t)
	w.feed.URL = srv.URL + "/feed"
	if state, _ := w.check(t); state.Failures != 1 || !strings.Contains(state.Error, "this is no feed") {
		t.Errorf("%+v", state)
	}
}

// Run visits what is due, again and again, until it is stopped.
func TestRun(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var visits atomic.Int32
	srv := site(t, map[string]http.HandlerFunc{"/feed": func(w http.ResponseWriter, _ *http.Request) {
		visits.Add(1)
		io.WriteString(w, `<rss version="2.0"><channel><title>x</title></channel></rss>`)
	}})
	defer srv.Close()
	f := loopbackFetcher(t)
	defer f.Close()
	states := &memoryStates{states: map[WatchedFeed][]byte{}}
	later := WatchedFeed{Scope: "42", URL: srv.URL + "/later"}
	if err := states.SetFeedState(t.Context(), later.Scope, FeedState{URL: later.URL, Next: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	w := NewWatcher(WatchOptions{Fetcher: f, States: states, Every: time.Millisecond,
		Feeds: func(context.Context) ([]WatchedFeed, error) {
			return []WatchedFeed{{Scope: "42", URL: srv.URL + "/feed"}, later}, nil
		}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- w.Run(ctx) }()
	for visits.Load() < 3 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if s, _ := states.FeedState(t.Context(), later.Scope, later.URL); !s.Checked.IsZero() {
		t.Error("a feed was visited that was not due")
	}
}
