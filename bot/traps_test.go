package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/whosaid/whosaid/answer"
)

// refusal is an error of Discord's REST side.
type refusal struct {
	status, code int
	message      string
}

func (r refusal) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	fmt.Fprintf(w, `{"code":%d,"message":%q}`, r.code, r.message)
}

// TestRefusedAnswers: an answer that Discord no longer takes is sent once, and
// the next member gets theirs.
func TestRefusedAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		refusal refusal
		quiet   bool // it's no fault, and not logged as one
	}{
		"the interaction has expired":           {refusal{404, 10062, "Unknown interaction"}, false},
		"another instance has answered":         {refusal{400, 40060, "Interaction has already been acknowledged."}, true},
		"the message under the button is gone":  {refusal{404, 10008, "Unknown Message"}, false},
		"the bot was removed from the channel":  {refusal{403, 50001, "Missing Access"}, false},
		"the bot may no longer attach pictures": {refusal{403, 50013, "Missing Permissions"}, false},
		"Discord is broken":                     {refusal{500, 0, "500: Internal Server Error"}, false},
		"Discord is overloaded":                 {refusal{503, 0, "no healthy upstream"}, false},
		"Discord answers with nonsense":         {refusal{418, 0, "<html>"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStandIn(t)
			s.reply = func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, "/interactions/1/tok1/callback") {
					return false
				}
				tc.refusal.write(w)
				return true
			}
			var log syncBuffer
			b := launch(t, Config{
				Backend: &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}, HTTPClient: s.client(),
				Logger: slog.New(slog.NewTextHandler(&log, nil)),
			})
			s.emit("INTERACTION_CREATE", click("1", "card:a1b2c3.q4"))
			s.next("/interactions/1/tok1/callback")
			s.emit("INTERACTION_CREATE", command("2", "ask", "question", "What?"))
			if got := read[callback](t, s.next("/interactions/2/tok2/callback")); !strings.Contains(got.Data.says(), "lighthouse") {
				t.Errorf("the next member gets %q", got.Data.says())
			}
			b.dispatcher.work.Wait()
			if n := s.count(http.MethodPost, "/interactions/1/tok1/callback"); n != 1 {
				t.Errorf("it was sent %d times", n)
			}
			if logged := strings.Contains(log.String(), "could not be delivered"); logged == tc.quiet {
				t.Errorf("logged: %v\n%s", logged, log.String())
			}
		})
	}
}

// TestRefusedEdits: an edit or a report that Discord refuses for good is not
// tried again; one that it only puts off is.
func TestRefusedEdits(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		refusal refusal
		times   int32
	}{
		"the token has expired":       {refusal{401, 50027, "Invalid Webhook Token"}, 1},
		"the message was deleted":     {refusal{404, 10008, "Unknown Message"}, 1},
		"the channel was deleted":     {refusal{404, 10003, "Unknown Channel"}, 1},
		"permissions were taken away": {refusal{403, 50013, "Missing Permissions"}, 1},
		"the body is refused":         {refusal{400, 50035, "Invalid Form Body"}, 1},
		"Discord breaks each time":    {refusal{500, 0, "oops"}, maxAttempts},
		"the gateway between is bad":  {refusal{502, 0, "bad gateway"}, maxAttempts + 1}, // discordgo repeats a 502 once by itself
		"limited for an hour":         {refusal{429, 0, ""}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStandIn(t)
			var tries atomic.Int32
			s.reply = func(w http.ResponseWriter, _ *http.Request) bool {
				tries.Add(1)
				if tc.refusal.status == http.StatusTooManyRequests {
					w.WriteHeader(tc.refusal.status)
					w.Write([]byte(`{"message":"slow down","retry_after":3600,"global":false}`))
					return true
				}
				tc.refusal.write(w)
				return true
			}
			send := newSender(newSession("token", nil), s.client().Transport, quiet(), NewMetrics(prometheus.NewRegistry()))
			it := &interaction{ID: "1", AppID: "11", Token: "secret-token", Request: Request{ChannelID: "88"}}
			for what, err := range map[string]func() error{
				"edit": func() error { return send.edit(t.Context(), it, Message{Content: "x"}) },
				"post": func() error { return send.post(t.Context(), "88", Message{Content: "x"}) },
			} {
				tries.Store(0)
				err := err()
				if err == nil || strings.Contains(err.Error(), "secret-token") {
					t.Errorf("%s: error %v, want one without the token", what, err)
				}
				if n := tries.Load(); n < 1 || n > tc.times+3 || tc.times == 1 && n != 1 {
					t.Errorf("%s: sent %d times, want %d", what, n, tc.times)
				}
			}
		})
	}
}

// TestDeadConnection: a connection that still stands but carries nothing is
// given up, and the session resumed on another.
func TestDeadConnection(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.heartbeat = 40
	b := launch(t, Config{Backend: &fakeBackend{}, HTTPClient: s.client()})
	s.deaf.Store(true)
	eventually(t, "the bot notices that nobody hears it", func() bool { return s.connections() >= 2 })
	s.deaf.Store(false)
	eventually(t, "the bot is back", func() bool { return b.Ready() == nil })
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
	s.next("/interactions/1/tok1/callback")
}

// TestDiscordIsDownAtTheStart: a bot that is started while Discord is down
// connects when it is back, and ends at once when it is told to.
func TestDiscordIsDownAtTheStart(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	down.Store(true)
	s := newStandIn(t)
	s.reply = func(w http.ResponseWriter, _ *http.Request) bool {
		if down.Load() {
			w.WriteHeader(http.StatusBadRequest) // not repeated by the sender, so that the test is quick
		}
		return down.Load()
	}
	b, err := New(Config{Token: "token", Backend: &fakeBackend{}, StateDir: t.TempDir(), Logger: quiet(), HTTPClient: s.client()})
	if err != nil {
		t.Fatal(err)
	}
	b.gateway.backoff = time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	for range 3 {
		s.next("/gateway/bot")
	}
	down.Store(false)
	eventually(t, "the bot connects", func() bool { return b.Ready() == nil })
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}
}

// TestFatalErrorSaysWhatToDo: the message that an operator finds when the bot has ended.
func TestFatalErrorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.closeWith = 4014
	b, err := New(Config{Token: "token", Backend: &fakeBackend{}, StateDir: t.TempDir(), Logger: quiet(), HTTPClient: s.client()})
	if err != nil {
		t.Fatal(err)
	}
	err = b.Run(t.Context())
	var f *FatalError
	if !errors.As(err, &f) || !strings.Contains(err.Error(), "intents are not allowed") {
		t.Errorf("Run: %v", err)
	}
}

// TestReadyIsFalseAtFirst: monitoring must not send members to a bot that has
// not connected.
func TestReadyIsFalseAtFirst(t *testing.T) {
	b, err := New(Config{Token: "token", Backend: &fakeBackend{}, StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if b.Ready() == nil {
		t.Error("ready before it ran")
	}
	b.registered, b.shards = true, []*gateway{b.gateway}
	if err := b.Ready(); err == nil || !strings.Contains(err.Error(), "shard 0 of 1") {
		t.Errorf("not connected: %v", err)
	}
}
