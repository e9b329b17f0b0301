package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/whosaid/whosaid/answer"
)

// TestSoak has members use the bot at a steady rate while everything around it
// fails now and then: the gateway is cut, or asks to reconnect, and delivers
// events twice; the backend is slow, fails or panics; Discord's REST side limits, breaks
// and dawdles. In the end every interaction was answered once, and nothing has grown.
//
// WHOSAID_SOAK=10m sets how long it goes on; by default a few seconds.
func TestSoak(t *testing.T) {
	duration := 5 * time.Second
	if v := os.Getenv("WHOSAID_SOAK"); v != "" {
		var err error
		if duration, err = time.ParseDuration(v); err != nil {
			t.Fatalf("WHOSAID_SOAK: %v", err)
		}
	}
	const perSecond = 50
	s := newStandIn(t)
	l := newLedger()
	s.repeats, s.taken, s.reply = 5, l.take, l.fault
	b := launch(t, Config{Backend: &flakyBackend{fakeBackend: &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden(), unknownSpeaker()}}}}, HTTPClient: s.client()})
	var half runtime.MemStats
	goroutines := runtime.NumGoroutine()
	tick := time.NewTicker(time.Second / perSecond)
	defer tick.Stop()
	n, total := 0, int(duration.Seconds())*perSecond
	for ; n < total; n++ {
		<-tick.C
		id := strconv.Itoa(1_000_000 + n)
		l.sent(id)
		s.emit("INTERACTION_CREATE", soakEvent(n, id))
		switch {
		// A connection that is lost before it is greeted can't be resumed, and what came
		// meanwhile is lost with it, at Discord too.
		case n%149 == 148 && b.Ready() == nil:
			s.dropAll()
		case n%211 == 210 && b.Ready() == nil:
			s.askToReconnect()
		case n == total/2:
			runtime.GC()
			runtime.ReadMemStats(&half)
		}
	}
	for deadline := time.Now().Add(30 * time.Second); l.open() > 0 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
	}
	b.dispatcher.work.Wait()
	if n := l.open(); n > 0 {
		s.mu.Lock()
		t.Errorf("%d interactions were never answered, like %v; identified %d times", n, l.unanswered(10), len(s.identifies))
		s.mu.Unlock()
	}
	for _, wrong := range l.wrong() {
		t.Error(wrong)
	}
	s.mu.Lock()
	s.events = nil // the stand-in's, not the bot's
	s.mu.Unlock()
	var end runtime.MemStats
	eventually(t, "the goroutines of handlers end", func() bool { return runtime.NumGoroutine() <= goroutines+20 })
	runtime.GC()
	runtime.ReadMemStats(&end)
	if grown := int64(end.HeapAlloc) - int64(half.HeapAlloc); grown > 32<<20 {
		t.Errorf("the heap grew by %d bytes in the second half", grown)
	}
	limiter := b.registrar.sender.session.Ratelimiter
	limiter.Lock()
	buckets := reflect.ValueOf(limiter).Elem().FieldByName("buckets").Len()
	limiter.Unlock()
	if buckets > lanes+1 { // and one for the gateway's address
		t.Errorf("%d rate-limit buckets are kept", buckets)
	}
	t.Logf("%d interactions in %v, %d connections, %d faults; first answer p50 %v, p99 %v; heap %d kB at half time, %d kB at the end; %d goroutines at the start, %d at the end; %d buckets",
		n, duration, s.connections(), l.faults.Load(), l.quantile(.5), l.quantile(.99), half.HeapAlloc>>10, end.HeapAlloc>>10, goroutines, runtime.NumGoroutine(), buckets)
}

// soakEvent is the nth interaction: commands, suggestions, clicks and nonsense by turns.
func soakEvent(n int, id string) map[string]any {
	switch n % 10 {
	case 0, 1, 2, 3:
		return command(id, "ask", "question", "question number "+id)
	case 4:
		return command(id, "verify", "claim", "the lighthouse stays open")
	case 5:
		return event(id, 4, map[string]any{"name": "verify", "options": []any{map[string]any{"type": 3, "name": "speaker", "value": "Mira", "focused": true}}})
	case 6:
		return click(id, "context:a1b2c3.q4")
	case 7:
		return click(id, "more:3:c=ask&t=lamps")
	case 8:
		return event(id, 2, "undecodable")
	}
	return command(id, "no-such-command")
}

// flakyBackend is slow for one question in fifty, and fails or panics for as many.
type flakyBackend struct {
	*fakeBackend
	n atomic.Int64
}

func (f *flakyBackend) Ask(ctx context.Context, r answer.Request) (answer.Reply, error) {
	switch f.n.Add(1) % 50 {
	case 7:
		panic("a bug")
	case 17:
		return answer.Reply{}, errors.New("a fault")
	case 27:
		select {
		case <-ctx.Done():
			return answer.Reply{}, ctx.Err()
		case <-time.After(deferAfter + 500*time.Millisecond):
		}
	}
	// The fake remembers what it was asked, which would look like a leak.
	return f.page(r.Offset, r.Limit), nil
}

func (f *flakyBackend) Verify(_ context.Context, c answer.Claim) (answer.Check, error) {
	return answer.Check{Verdict: answer.NotFound, Claim: c.Text}, nil
}

func (f *flakyBackend) Around(context.Context, []string, string) (answer.Surroundings, error) {
	return answer.Surroundings{Answer: halden()}, nil
}

// ledger keeps count of interactions and their answers.
type ledger struct {
	mu      sync.Mutex
	waiting map[string]time.Time // sent, and not answered for good
	first   map[string]int       // callbacks by interaction
	thought map[string]bool      // deferred, and still to be answered
	took    []time.Duration      // until the callback
	tries   map[string]int       // of edits
	faults  atomic.Int64
	n       atomic.Int64
}

func newLedger() *ledger {
	return &ledger{waiting: map[string]time.Time{}, first: map[string]int{}, thought: map[string]bool{}, tries: map[string]int{}}
}

func (l *ledger) sent(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting[id] = time.Now()
}

// fault puts off the first try of every edit, breaks the second, and delays some of all requests.
func (l *ledger) fault(w http.ResponseWriter, r *http.Request) bool {
	n, try := l.n.Add(1), 0
	if strings.HasSuffix(r.URL.Path, "/messages/@original") {
		l.mu.Lock()
		l.tries[r.URL.Path]++
		try = l.tries[r.URL.Path]
		l.mu.Unlock()
	}
	switch {
	case try == 1:
		l.faults.Add(1)
		w.WriteHeader(http.StatusTooManyRequests)
		w.Write([]byte(`{"message":"slow down","retry_after":0.02,"global":false}`))
		return true
	case try == 2:
		l.faults.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	case n%100 == 50:
		l.faults.Add(1)
		time.Sleep(300 * time.Millisecond)
	}
	return false
}

// take notes a request that Discord took.
func (l *ledger) take(r sent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	parts := strings.Split(strings.Trim(r.Path, "/"), "/")
	switch {
	case strings.HasSuffix(r.Path, "/callback"):
		id := parts[1]
		l.first[id]++
		l.took = append(l.took, time.Since(l.waiting[id]))
		if strings.HasPrefix(string(r.Body), `{"type":5`) || strings.HasPrefix(string(r.Body), `{"type":6`) {
			l.thought[id] = true
			return
		}
		delete(l.waiting, id)
	case len(parts) >= 3 && parts[0] == "webhooks" && r.Method != http.MethodDelete:
		id := strings.TrimPrefix(parts[2], "tok")
		if !l.thought[id] {
			l.first[id] = 1000 // an answer to what was answered
		}
		delete(l.thought, id)
		delete(l.waiting, id)
	}
}

// open is how many interactions wait for an answer.
func (l *ledger) open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting)
}

// unanswered are the ids of a few that wait.
func (l *ledger) unanswered(most int) (out []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := range l.waiting {
		if out = append(out, id); len(out) == most {
			break
		}
	}
	return out
}

// wrong lists interactions that weren't answered once.
func (l *ledger) wrong() (out []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, n := range l.first {
		if n != 1 {
			out = append(out, fmt.Sprintf("interaction %s was answered %d times", id, n))
		}
	}
	return out
}

// quantile is a quantile of the times until the first answer.
func (l *ledger) quantile(q float64) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.took)
	if len(l.took) == 0 {
		return 0
	}
	return l.took[int(q*float64(len(l.took)-1))]
}
