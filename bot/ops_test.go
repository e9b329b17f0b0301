package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/whosaid/whosaid/answer"
)

// launch runs a bot made of c until the test ends, and waits until its commands
// are registered. Each tweak changes it before it runs.
func launch(t testing.TB, c Config, tweak ...func(*Bot)) *Bot {
	t.Helper()
	if c.StateDir == "" {
		c.StateDir = t.TempDir()
	}
	if c.Logger == nil {
		c.Logger = quiet()
	}
	ready := make(chan struct{}, 100)
	c.Token, c.OnReady = "token", func() { ready <- struct{}{} }
	b, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	b.gateway.backoff, b.identifyEvery = 10*time.Millisecond, 10*time.Millisecond
	for _, change := range tweak {
		change(b)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	select {
	case <-ready:
	case <-time.After(30 * time.Second):
		t.Fatal("the bot is not ready")
	}
	return b
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 30 s", what)
		}
	}
}

// TestShards: the bot connects as often as Discord recommends, each time as
// another shard, and answers what comes over any of them.
func TestShards(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.reply = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/gateway/bot") {
			return false
		}
		json.NewEncoder(w).Encode(map[string]any{
			"url": "ws://elsewhere.invalid", "shards": 3,
			"session_start_limit": map[string]int{"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1},
		})
		return true
	}
	b := launch(t, Config{Backend: &fakeBackend{}, HTTPClient: s.client()})
	eventually(t, "all shards are connected", func() bool { return b.Ready() == nil })
	s.mu.Lock()
	var shards []string
	for _, raw := range s.identifies {
		var identify struct {
			Shard [2]int `json:"shard"`
		}
		if err := json.Unmarshal(raw, &identify); err != nil {
			t.Error(err)
		}
		shards = append(shards, strconv.Itoa(identify.Shard[0])+" of "+strconv.Itoa(identify.Shard[1]))
	}
	s.mu.Unlock()
	slices.Sort(shards)
	if want := []string{"0 of 3", "1 of 3", "2 of 3"}; !slices.Equal(shards, want) {
		t.Errorf("identified as %v, want %v", shards, want)
	}
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?")) // on the newest connection
	s.next("/callback")
	s.dropAll()
	eventually(t, "all come back", func() bool { return b.Ready() == nil && s.connections() >= 6 })
}

// TestGate: shards identify one after the other, and none after the end.
func TestGate(t *testing.T) {
	g := &gate{every: 20 * time.Millisecond}
	begun := time.Now()
	for range 4 {
		if !g.pass(t.Context()) {
			t.Fatal("not let pass")
		}
	}
	if took := time.Since(begun); took < 60*time.Millisecond {
		t.Errorf("four passed within %v", took)
	}
	g.next = time.Now().Add(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if g.pass(ctx) {
		t.Error("let pass after the end")
	}
}

func TestSessionStartLimit(t *testing.T) {
	for body, want := range map[string]time.Duration{
		`{"shards":1}`: 0,
		`{"shards":2,"session_start_limit":{"total":1000,"remaining":2,"reset_after":5000}}`: 0,
		`{"shards":2,"session_start_limit":{"total":1000,"remaining":1,"reset_after":5000}}`: 5 * time.Second,
	} {
		var r recommendation
		if err := json.Unmarshal([]byte(body), &r); err != nil || r.wait() != want {
			t.Errorf("%s: waits %v (%v), want %v", body, r.wait(), err, want)
		}
	}
}

// TestMetrics: what members do and what becomes of it is counted, under labels
// that they can't choose.
func TestMetrics(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	reg := prometheus.NewRegistry()
	best := halden()
	f := &fakeBackend{check: answer.Check{Verdict: answer.Altered, Best: &best}, status: Status{Articles: 12, Quotes: 34, Bytes: 56}}
	reg.MustRegister(NewCorpusCollector(f))
	b := launch(t, Config{Backend: f, HTTPClient: s.client(), Metrics: NewMetrics(reg)})
	for _, e := range []map[string]any{
		command("1", "verify", "claim", "never open"), command("2", "ask", "question", "What?"), command("3", "ask", "question", "What?"),
		command("4", "ask", "question", "W"), command("5", "evil\"} 1\n", "x", "y"),
	} {
		s.emit("INTERACTION_CREATE", e)
		s.next("/callback")
	}
	s.emit("INTERACTION_CREATE", command("5", "ask", "question", "twice"))
	s.emit("INTERACTION_CREATE", "no interaction")
	eventually(t, "all is counted", func() bool {
		return testutil.ToFloat64(b.config.Metrics.undecoded) == 1 && testutil.ToFloat64(b.config.Metrics.running) == 0
	})
	b.dispatcher.work.Wait()
	err := testutil.GatherAndCompare(reg, strings.NewReader(`
# HELP whosaid_answers_total Interactions by command and by what became of them.
# TYPE whosaid_answers_total counter
whosaid_answers_total{command="ask",outcome="answered"} 2
whosaid_answers_total{command="ask",outcome="refused"} 1
whosaid_answers_total{command="unknown",outcome="refused"} 1
whosaid_answers_total{command="verify",outcome="answered"} 1
# HELP whosaid_verdicts_total Checked claims by verdict.
# TYPE whosaid_verdicts_total counter
whosaid_verdicts_total{verdict="altered"} 1
# HELP whosaid_interactions_repeated_total Interactions that were delivered again and dropped.
# TYPE whosaid_interactions_repeated_total counter
whosaid_interactions_repeated_total 1
# HELP whosaid_gateway_connected 1 while the shard is connected to Discord's gateway.
# TYPE whosaid_gateway_connected gauge
whosaid_gateway_connected{shard="0"} 1
# HELP whosaid_corpus_articles Articles of the shared corpus.
# TYPE whosaid_corpus_articles gauge
whosaid_corpus_articles 12
# HELP whosaid_index_bytes Size of the index on disk.
# TYPE whosaid_index_bytes gauge
whosaid_index_bytes 56
`), "whosaid_answers_total", "whosaid_verdicts_total", "whosaid_interactions_repeated_total", "whosaid_gateway_connected", "whosaid_corpus_articles", "whosaid_index_bytes")
	if err != nil {
		t.Error(err)
	}
	f.err = errBackend
	if _, err := reg.Gather(); err == nil {
		t.Error("a corpus that can't be read is reported as if it could")
	}
}

func TestOutcomes(t *testing.T) {
	for want, err := range map[string]error{
		"answered": nil, "busy": errTooBusy, "slow": context.DeadlineExceeded, "refused": errModeratorsOnly, "failed": errBackend,
	} {
		if got := outcomeOf(outcome{err: err}); got != want {
			t.Errorf("%v is counted as %s, want %s", err, got, want)
		}
	}
}

// TestLogsNoText: whatever happens, neither what members write nor what is
// answered gets into the log.
func TestLogsNoText(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	var log syncBuffer
	f := &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}
	s.reply = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/callback") {
			return false
		}
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"code":50035,"message":"Invalid Form Body"}`))
		return true
	}
	b := launch(t, Config{
		Backend: f, HTTPClient: s.client(),
		Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "SECRET question?"))
	s.next("/callback")
	b.dispatcher.work.Wait()
	f.err = errors.New("an error of the index")
	for _, e := range []map[string]any{
		command("2", "ask", "question", "SECRET question?"), command("3", "SECRET question", "x", "SECRET question"),
		click("4", "SECRET question:SECRET question"), event("5", 2, "SECRET question"), command("6", "verify", "claim", "SECRET question"),
	} {
		s.emit("INTERACTION_CREATE", e)
		s.next("/callback")
	}
	b.dispatcher.work.Wait()
	text := log.String()
	if !strings.Contains(text, "could not be delivered") || !strings.Contains(text, "A handler failed") {
		t.Errorf("the failures are not in the log:\n%s", text)
	}
	for _, secret := range []string{"SECRET question", "lighthouse", "tok1"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log has %q:\n%s", secret, text)
		}
	}
}

// syncBuffer is a buffer that goroutines may share.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
