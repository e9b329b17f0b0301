package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/whosaid/whosaid/answer"
)

// start runs a bot against the stand-in until the test ends, and waits until
// its commands are registered. Each tweak changes it before it runs.
func start(t *testing.T, s *standIn, f *fakeBackend, dir string, tweak ...func(*Bot)) *Bot {
	t.Helper()
	return launch(t, Config{Backend: f, StateDir: dir, HTTPClient: s.client()}, tweak...)
}

// TestConversation has a member and a moderator use every command through the real client.
func TestConversation(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	best := halden()
	answers := []answer.Answer{halden(), unknownSpeaker(), bare(), halden()}
	rebuild := make(chan struct{})
	f := &fakeBackend{
		reply:  answer.Reply{Answers: answers},
		check:  answer.Check{Verdict: answer.Altered, Best: &best, Diff: []answer.DiffPart{{Op: answer.Added, Text: "never"}}},
		status: Status{Articles: 12, Generation: "g1", Built: time.Now()},
		reindex: func(ctx context.Context, progress func(int, int)) error {
			progress(6, 12)
			<-rebuild
			return nil
		},
	}
	start(t, s, f, t.TempDir())
	id := 100
	// tell sends an event and returns the callback it leads to.
	tell := func(make func(id string) map[string]any) received {
		t.Helper()
		id++
		s.emit("INTERACTION_CREATE", make(fmt.Sprint(id)))
		return read[callback](t, s.next(fmt.Sprintf("/interactions/%d/tok%d/callback", id, id))).Data
	}
	slash := func(name string, options ...string) received {
		t.Helper()
		return tell(func(id string) map[string]any { return command(id, name, options...) })
	}
	press := func(customID string) received {
		t.Helper()
		return tell(func(id string) map[string]any { return click(id, customID) })
	}
	has := func(m received, want string) {
		t.Helper()
		if !strings.Contains(m.says(), want) {
			t.Errorf("it says %q, which lacks %q", m.says(), want)
		}
	}
	asked := slash("ask", "question", "What about the boats?")
	has(asked, "lighthouse stays open")
	has(press(asked.button(t, "More ▶")), "Quote 4 of 4")
	around := press(asked.button(t, "Context"))
	has(around, "The quay was wet.")
	if !around.private() {
		t.Error("the context is not ephemeral")
	}
	has(slash("who", "words", "stays open"), "lighthouse stays open")
	has(slash("quotes", "speaker", "Mira Halden"), "lighthouse stays open")
	has(slash("verify", "claim", "never open"), "Altered")
	has(tell(func(id string) map[string]any {
		return event(id, 2, map[string]any{"name": "corpus", "options": []any{map[string]any{"type": 1, "name": "status"}}})
	}), "Corpus")
	suggested := tell(func(id string) map[string]any {
		return event(id, 4, map[string]any{"name": "verify", "options": []any{map[string]any{"type": 3, "name": "speaker", "value": "Mira", "focused": true}}})
	})
	if len(suggested.Choices) != 1 || suggested.Choices[0].Value != "Mira Halden" {
		t.Errorf("suggestions %v", suggested.Choices)
	}
	question := tell(func(id string) map[string]any {
		return event(id, 2, map[string]any{"name": "corpus", "options": []any{map[string]any{"type": 1, "name": "reindex"}}})
	})
	has(question, "12 articles")
	has(press(question.button(t, "Rebuild")), "Rebuilding")
	started := id
	has(read[received](t, s.next(fmt.Sprintf("tok%d/messages/@original", started))), "6 of 12")
	has(press(question.button(t, "Rebuild")), "already under way")
	close(rebuild)
	has(read[received](t, s.next(fmt.Sprintf("tok%d/messages/@original", started))), "is rebuilt")
}

// TestSlowAnswersAreDeferred: an answer that takes longer than a member likes to
// wait is announced, and delivered when it is there.
func TestSlowAnswersAreDeferred(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	f := &fakeBackend{delay: deferAfter + 300*time.Millisecond, reply: answer.Reply{Answers: []answer.Answer{halden()}}}
	start(t, s, f, t.TempDir())
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
	if got := read[callback](t, s.next("/callback")); got.Type != 5 {
		t.Errorf("the first answer has type %d, want 5", got.Type)
	}
	if got := read[received](t, s.next("/webhooks/11/tok1/messages/@original")); !strings.Contains(got.says(), "lighthouse") || got.Flags&(1<<15) == 0 {
		t.Errorf("the answer has the flags %d and says %q", got.Flags, got.says())
	}
	f.err = errBackend
	s.emit("INTERACTION_CREATE", command("2", "ask", "question", "What?"))
	s.next("/callback")
	if got := s.next("/webhooks/11/tok2/messages/@original"); got.Method != http.MethodDelete {
		t.Errorf("a failed answer was not taken back but %sed", got.Method)
	}
	if got := read[received](t, s.next("/webhooks/11/tok2")); !got.private() || !strings.Contains(got.says(), "went wrong") {
		t.Errorf("the failure is told as %+v", got)
	}
}

// TestDeferralCarriedOutLate: the replies to a deferral are lost, and Discord knows of it only
// later. The answer is sent again until it is taken.
func TestDeferralCarriedOutLate(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.refuse(http.MethodPost, "/callback", slices.Repeat([]refusal{coded(503, 0)}, 20)...)
	s.refuse(http.MethodPatch, "/messages/@original", coded(404, 10015), coded(404, 10008))
	f := &fakeBackend{delay: deferAfter + 300*time.Millisecond, reply: answer.Reply{Answers: []answer.Answer{halden()}}}
	start(t, s, f, t.TempDir())
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
	for range 3 { // refused twice
		if got := read[received](t, s.next("/webhooks/11/tok1/messages/@original")); !strings.Contains(got.says(), "lighthouse") {
			t.Errorf("the answer says %q", got.says())
		}
	}
}

// TestDeferralRefused: a deferral that Discord refuses for good will not be there
// later either, so the answer is sent once.
func TestDeferralRefused(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.refuse(http.MethodPost, "/callback", coded(403, 50013))
	s.refuse(http.MethodPatch, "/messages/@original", slices.Repeat([]refusal{coded(404, 10015)}, 9)...)
	f := &fakeBackend{delay: deferAfter + 100*time.Millisecond, reply: answer.Reply{Answers: []answer.Answer{halden()}}}
	b := launch(t, Config{Backend: f, HTTPClient: s.client()})
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
	s.next("/webhooks/11/tok1/messages/@original")
	b.dispatcher.work.Wait()
	if n := s.count(http.MethodPatch, "/webhooks/11/tok1/messages/@original"); n != 1 {
		t.Errorf("the answer was sent %d times", n)
	}
}

// TestDeferralTakenBackLate: a deferral that Discord carries out late is taken back all
// the same, and only then is the member told; "thinking" does not stay.
func TestDeferralTakenBackLate(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.refuse(http.MethodPost, "/callback", slices.Repeat([]refusal{coded(503, 0)}, 20)...)
	s.refuse(http.MethodDelete, "/messages/@original", coded(404, 10008), coded(404, 10015))
	f := &fakeBackend{delay: deferAfter + 100*time.Millisecond, err: errBackend}
	start(t, s, f, t.TempDir())
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
	if got := read[received](t, s.next("/webhooks/11/tok1")); !got.private() || !strings.Contains(got.says(), "went wrong") {
		t.Errorf("the failure is told as %+v", got)
	}
	if n := s.count(http.MethodDelete, "/webhooks/11/tok1/messages/@original"); n != 3 {
		t.Errorf("the deferral was taken back %d times before the member was told, want 3", n)
	}
}

// TestTakenBackTwice: a deferred answer is taken back for an error, but the reply to
// that is lost. The next attempt finds nothing, and the member is told all the same.
func TestTakenBackTwice(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.refuse(http.MethodDelete, "/messages/@original", coded(503, 0), coded(404, 10008))
	send, it := s.sending()
	if err := send.replace(t.Context(), it, Message{Content: "something went wrong", Ephemeral: true}, atOnce); err != nil {
		t.Error(err)
	}
	if got := read[received](t, s.next("/webhooks/"+it.AppID+"/"+it.Token)); !strings.Contains(got.says(), "went wrong") {
		t.Errorf("the member is told %+v", got)
	}
}

// TestOddEvents: whatever arrives, the bot goes on answering.
func TestOddEvents(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	f := &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}
	start(t, s, f, t.TempDir())
	odd := []any{
		nil, "text", []int{1}, map[string]any{},
		map[string]any{"id": "../../x", "application_id": "11", "token": "t", "type": 2},
	}
	for _, data := range odd {
		s.emit("INTERACTION_CREATE", data)
	}
	if n := s.count("POST", "/callback"); n != 0 {
		t.Errorf("%d events without an address were answered", n)
	}
	// With an address, the member is told.
	told := []map[string]any{
		event("1", 2, nil), event("2", 2, "text"), event("3", 9, map[string]any{}), click("4", "no colon"), click("5", "dance:x"),
		click("6", strings.Repeat("x", 200)+":"), command("7", "unknown"),
	}
	for _, data := range told {
		s.emit("INTERACTION_CREATE", data)
		if got := read[callback](t, s.next("/callback")); got.Type != 4 || !got.Data.private() {
			t.Errorf("%v was answered with %+v", data, got)
		}
	}
	// A message of a kind that discordgo can't decode is no obstacle.
	strange := command("8", "ask", "question", "What?")
	strange["data"].(map[string]any)["resolved"] = map[string]any{"messages": map[string]any{"1": map[string]any{"components": []any{map[string]any{"type": 99}}}}}
	s.emit("INTERACTION_CREATE", strange)
	if got := read[callback](t, s.next("/callback")); !strings.Contains(got.Data.says(), "lighthouse") {
		t.Errorf("answered %q", got.Data.says())
	}
	f.panics = true
	s.emit("INTERACTION_CREATE", command("9", "ask", "question", "What?"))
	if got := read[callback](t, s.next("/callback")); !strings.Contains(got.Data.says(), "went wrong") {
		t.Errorf("a panic is told as %q", got.Data.says())
	}
}

// TestAnswersOnce: Discord may deliver an event again after a resume.
func TestAnswersOnce(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	b := start(t, s, &fakeBackend{}, t.TempDir())
	for range 3 {
		s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
	}
	s.emit("INTERACTION_CREATE", command("2", "ask", "question", "What?"))
	s.next("/interactions/2/tok2/callback")
	b.dispatcher.work.Wait()
	if n := s.count("POST", "/interactions/1/tok1/callback"); n != 1 {
		t.Errorf("answered %d times", n)
	}
}

// TestTellsWhenItIsTooBusy: whom the bot can't serve is told so at once.
func TestTellsWhenItIsTooBusy(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	b := start(t, s, &fakeBackend{}, t.TempDir())
	for range maxInFlight {
		b.dispatcher.slots <- struct{}{}
	}
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
	if got := read[callback](t, s.next("/callback")); !strings.Contains(got.Data.says(), "hands full") {
		t.Errorf("the member is told %q", got.Data.says())
	}
	for range maxInFlight {
		<-b.dispatcher.slots
	}
}

// TestEndsWithAnswers: a bot that is stopped still delivers what it has begun,
// and is quick to drop what may take long.
func TestEndsWithAnswers(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	f := &fakeBackend{
		delay: 200 * time.Millisecond,
		reindex: func(ctx context.Context, _ func(int, int)) error {
			<-ctx.Done()
			return ctx.Err()
		},
	}
	t.Run("stop in the middle", func(t *testing.T) {
		start(t, s, f, t.TempDir())
		s.emit("INTERACTION_CREATE", click("1", "reindex:start"))
		s.next("/interactions/1/tok1/callback")
		s.emit("INTERACTION_CREATE", command("2", "ask", "question", "What?"))
		time.Sleep(50 * time.Millisecond) // for the event to arrive
	})
	if got := read[callback](t, s.next("/interactions/2/tok2/callback")); !strings.Contains(got.Data.says(), "Nothing found") {
		t.Errorf("the last answer is %q", got.Data.says())
	}
	if n := s.count(http.MethodPatch, "/tok1/messages/@original"); n != 1 {
		t.Errorf("the end of the reindex was told %d times", n)
	}
}

// TestManyAtOnce: answers don't queue behind each other, and no rate-limit
// bucket is kept for an interaction.
func TestManyAtOnce(t *testing.T) {
	s := newStandIn(t)
	const members, latency = 20, 100 * time.Millisecond
	s.reply = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/callback") {
			time.Sleep(latency)
			w.Header().Set("X-RateLimit-Remaining", "0") // of this interaction alone
			w.Header().Set("X-RateLimit-Reset-After", "60")
		}
		return false
	}
	b := start(t, s, &fakeBackend{}, t.TempDir())
	begun := time.Now()
	for i := range 3 * members {
		s.emit("INTERACTION_CREATE", command(fmt.Sprint(i+1), "ask", "question", "What?"))
	}
	for range 3 * members {
		s.next("/callback")
	}
	if took := time.Since(begun); took > members*latency {
		t.Errorf("%d answers of %v each took %v", 3*members, latency, took)
	}
	b.dispatcher.work.Wait()
	// discordgo has no other way to tell how many buckets it keeps.
	buckets := reflect.ValueOf(b.registrar.sender.session.Ratelimiter).Elem().FieldByName("buckets").Len()
	if buckets > lanes+1 { // and one for the gateway's address
		t.Errorf("%d rate-limit buckets are kept after %d answers", buckets, 3*members)
	}
}

// TestRegistersOnlyChanges: a bot that starts again leaves the commands alone.
func TestRegistersOnlyChanges(t *testing.T) {
	t.Parallel()
	s, dir := newStandIn(t), t.TempDir()
	run := func() (puts int) {
		t.Run("", func(t *testing.T) { start(t, s, &fakeBackend{}, dir) })
		return s.count(http.MethodPut, "/applications/11/commands")
	}
	if n := run(); n != 1 {
		t.Fatalf("registered %d times at the first start", n)
	}
	// Discord returns more than it was sent, permissions as text, and lists in any order.
	var back []map[string]any
	if err := json.Unmarshal(s.commands, &back); err != nil {
		t.Fatal(err)
	}
	for _, c := range back {
		c["id"], c["version"], c["nsfw"] = "1", "2", nil
		if p, ok := c["default_member_permissions"].(float64); ok {
			c["default_member_permissions"] = fmt.Sprint(int(p))
		}
	}
	back[0], back[1] = back[1], back[0]
	s.commands, _ = json.Marshal(back)
	if n := run(); n != 1 {
		t.Errorf("registered again although nothing changed")
	}
	s.commands = json.RawMessage("[]") // somebody removed them
	if n := run(); n != 2 {
		t.Errorf("registered %d times after the commands were removed, want 2", n)
	}
}

// TestReconnects: a connection that is lost is resumed, and a session that
// can't be resumed is begun anew.
func TestReconnects(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		forgets    bool
		lose       func(*standIn)
		identifies int
	}{
		"after a cut":                 {false, (*standIn).dropAll, 1},
		"when asked to":               {false, (*standIn).askToReconnect, 1},
		"with a session that is gone": {true, (*standIn).dropAll, 2},
		"when asked to, session gone": {true, (*standIn).askToReconnect, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStandIn(t)
			s.forgets = tc.forgets
			b := start(t, s, &fakeBackend{}, t.TempDir())
			tc.lose(s)
			for deadline := time.Now().Add(10 * time.Second); s.connections() < 2 || !b.gateway.greeted.Load(); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the bot does not come back")
				}
			}
			s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
			s.next("/callback")
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.identifies) != tc.identifies {
				t.Errorf("identified %d times, want %d", len(s.identifies), tc.identifies)
			}
			var identify struct {
				Intents int `json:"intents"`
			}
			if err := json.Unmarshal(s.identifies[0], &identify); err != nil || identify.Intents != 0 {
				t.Errorf("intents %d (%v), want none", identify.Intents, err)
			}
		})
	}
}

// TestGivesUp: when Discord refuses the bot for good, Run ends and says why.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	run := func(s *standIn, ctx context.Context) error {
		b, err := New(Config{Token: "token", Backend: &fakeBackend{}, StateDir: t.TempDir(), Logger: quiet(), HTTPClient: s.client()})
		if err != nil {
			return err
		}
		b.gateway.backoff, b.identifyEvery = 10*time.Millisecond, 10*time.Millisecond
		return b.Run(ctx)
	}
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			s := newStandIn(t)
			s.closeWith = code
			var f *FatalError
			if err := run(s, t.Context()); !errors.As(err, &f) || f.Code != code || f.Hint == "" {
				t.Errorf("Run: %v", err)
			}
		})
	}
	t.Run("a token that REST refuses", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		s.reply = func(w http.ResponseWriter, _ *http.Request) bool {
			http.Error(w, `{"message":"401: Unauthorized","code":0}`, http.StatusUnauthorized)
			return true
		}
		var f *FatalError
		if err := run(s, t.Context()); !errors.As(err, &f) || f.Code != 4004 {
			t.Errorf("Run: %v", err)
		}
	})
	t.Run("a close that passes", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		s.closeWith = 4000
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- run(s, ctx) }()
		eventually(t, "the bot tries again", func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			return len(s.identifies) >= 2
		})
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Run("a silent gateway", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		s.silent = true
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		begun := time.Now()
		if err := run(s, ctx); err != nil || time.Since(begun) > 5*time.Second {
			t.Errorf("Run: %v after %v", err, time.Since(begun))
		}
	})
}

// TestSenderRetries: what Discord asks to be sent again later is.
func TestSenderRetries(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	var tries atomic.Int32
	s.reply = func(w http.ResponseWriter, r *http.Request) bool {
		switch n := tries.Add(1); {
		case n == 1:
			w.WriteHeader(http.StatusTooManyRequests)
			w.Write([]byte(`{"message":"slow down","retry_after":0.05,"global":false}`))
			return true
		case n == 2 && r.Method == http.MethodPatch:
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
		return false
	}
	send := newSender(newSession("token", nil), s.client().Transport, quiet(), NewMetrics(prometheus.NewRegistry()))
	it := &interaction{ID: "1", AppID: "11", Token: "secret-token", Request: Request{ChannelID: "88"}, arrived: time.Now()}
	m := Message{Content: "hello"}
	err := send.respond(t.Context(), it, wireResponse{Type: 4, Data: budget(m)})
	if err != nil || tries.Load() != 2 {
		t.Errorf("a callback was sent %d times: %v", tries.Load(), err)
	}
	tries.Store(0)
	if err := send.edit(t.Context(), it, m); err != nil || tries.Load() != 3 {
		t.Errorf("an edit was sent %d times: %v", tries.Load(), err)
	}
	tries.Store(0)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := send.post(ctx, "88", m); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a wait that outlasts the context ended with %v", err)
	}
	s.server.Close()
	if err := send.edit(t.Context(), it, m); err == nil || strings.Contains(err.Error(), "secret-token") {
		t.Errorf("an edit that can't be sent ends with %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	for name, c := range map[string]Config{
		"no token":         {Backend: &fakeBackend{}, StateDir: t.TempDir()},
		"no backend":       {Token: "t", StateDir: t.TempDir()},
		"no folder":        {Token: "t", Backend: &fakeBackend{}},
		"a bad app id":     {Token: "t", Backend: &fakeBackend{}, StateDir: t.TempDir(), AppID: "x/../y"},
		"a file as folder": {Token: "t", Backend: &fakeBackend{}, StateDir: "bot_test.go"},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: made", name)
		}
	}
}
