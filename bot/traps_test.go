package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/whosaid/whosaid/answer"
)

// Tests of what goes wrong between a bot and Discord: requests that are
// refused, and answers that come too late.

// refusal is an error reply of Discord's.
type refusal struct {
	status int
	body   string
}

func (f refusal) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.status)
	io.WriteString(w, f.body)
}

// coded is a refusal with one of Discord's JSON codes.
func coded(status, code int) refusal {
	return refusal{status, fmt.Sprintf(`{"code":%d,"message":"no"}`, code)}
}

// refuse answers the requests of a method and an end of path with refusals, one after
// the other, and then as usual. It returns how many there were.
func (s *standIn) refuse(method, suffix string, with ...refusal) *atomic.Int32 {
	n, next := &atomic.Int32{}, s.reply
	s.reply = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == method && strings.HasSuffix(r.URL.Path, suffix) {
			if i := int(n.Add(1)); i <= len(with) {
				with[i-1].write(w)
				return true
			}
		}
		return next != nil && next(w, r)
	}
	return n
}

// sending is a sender to the stand-in and an interaction to answer.
func (s *standIn) sending() (*sender, *interaction) {
	it := &interaction{ID: "1", AppID: "11", Token: "secret-token", Request: Request{ChannelID: "88"}, arrived: time.Now()}
	return newSender(newSession("token", nil), s.client().Transport, quiet(), NewMetrics(prometheus.NewRegistry())), it
}

// TestRefusedRequests: which refusals are tried again, and what becomes of the request.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	limit := refusal{429, `{"message":"slow down","retry_after":0.05,"global":false}`}
	tooLong := refusal{429, `{"message":"slow down","retry_after":600,"global":false}`}
	down, bad := refusal{503, "down"}, refusal{502, "<html>bad gateway</html>"}
	ban := refusal{429, "<html>you are being limited</html>"} // of the network in front of Discord
	for name, tc := range map[string]struct {
		edit  bool // else a first answer
		with  []refusal
		tries int32
		code  int  // of the error that is left
		fails bool // there is an error left
	}{
		"a first answer that is limited":            {false, []refusal{limit, limit}, 3, 0, false},
		"a first answer, limited past its time":     {false, []refusal{tooLong}, 1, 0, true},
		"a first answer during a ban":               {false, []refusal{ban}, 1, 0, true},
		"a first answer while Discord is down":      {false, []refusal{down, bad}, 3, 0, false},
		"a first answer that had arrived":           {false, []refusal{down, coded(400, 40060)}, 2, 0, false},
		"a first answer that another process gave":  {false, []refusal{coded(400, 40060)}, 1, 0, true},
		"a first answer to an expired interaction":  {false, []refusal{coded(404, 10062)}, 1, 10062, true},
		"a first answer that is malformed":          {false, []refusal{coded(400, 50035)}, 1, 50035, true},
		"an edit that is limited":                   {true, []refusal{limit, limit}, 3, 0, false},
		"an edit, limited for too long":             {true, []refusal{tooLong}, 1, 0, true},
		"an edit while Discord is down":             {true, []refusal{bad, down}, 3, 0, false},
		"an edit while Discord stays down":          {true, []refusal{down, bad, down, bad, down}, maxAttempts, 0, true},
		"an edit with an expired token":             {true, []refusal{coded(401, 50027)}, 1, 50027, true},
		"an edit of a message that was deleted":     {true, []refusal{coded(404, 10008)}, 1, 10008, true},
		"an edit where the bot lost its permission": {true, []refusal{coded(403, 50013)}, 1, 50013, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStandIn(t)
			send, it := s.sending()
			var tries *atomic.Int32
			var err error
			if tc.edit {
				tries = s.refuse(http.MethodPatch, "", tc.with...)
				err = send.edit(t.Context(), it, Message{Content: "hello"})
			} else {
				tries = s.refuse(http.MethodPost, "/callback", tc.with...)
				err = send.respond(t.Context(), it, wireResponse{Type: 4, Data: budget(Message{Content: "hello"})})
			}
			if tries.Load() != tc.tries || tc.fails != (err != nil) || code(err) != tc.code {
				t.Errorf("sent %d times, want %d: %v", tries.Load(), tc.tries, err)
			}
			if err != nil && strings.Contains(err.Error(), "secret-token") {
				t.Errorf("the error gives the token away: %v", err)
			}
		})
	}
}

// TestRefusedAnswers: an answer that Discord no longer takes is sent once, one
// that it can't take now again, and the next member gets theirs.
func TestRefusedAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		refusal refusal
		again   bool
		log     string // what the operator reads
	}{
		"the interaction has expired":           {coded(404, 10062), false, "expired"},
		"another instance has answered":         {coded(400, 40060), false, "answered already"},
		"the message under the button is gone":  {coded(404, 10008), false, "deleted the message"},
		"the bot was removed from the channel":  {coded(403, 50001), false, "View Channel"},
		"the bot may no longer attach pictures": {coded(403, 50013), false, "Send Messages"},
		"Discord is broken":                     {coded(500, 0), true, ""},
		"Discord is overloaded":                 {refusal{503, "no healthy upstream"}, true, ""},
		"Discord answers with nonsense":         {refusal{418, "<html>"}, false, ""},
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
			if n := s.count(http.MethodPost, "/interactions/1/tok1/callback"); n < 1 || (n > 1) != tc.again {
				t.Errorf("it was sent %d times", n)
			}
			if !strings.Contains(log.String(), "could not be delivered") || !strings.Contains(log.String(), tc.log) {
				t.Errorf("the operator is not told of it: %s", log.String())
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
		"the token has expired":       {coded(401, 50027), 1},
		"the message was deleted":     {coded(404, 10008), 1},
		"the channel was deleted":     {coded(404, 10003), 1},
		"permissions were taken away": {coded(403, 50013), 1},
		"the body is refused":         {coded(400, 50035), 1},
		"Discord breaks each time":    {coded(500, 0), maxAttempts},
		"the gateway between is bad":  {refusal{502, "bad gateway"}, maxAttempts},
		"limited for an hour":         {refusal{429, `{"message":"slow down","retry_after":3600,"global":false}`}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStandIn(t)
			var tries atomic.Int32
			s.reply = func(w http.ResponseWriter, _ *http.Request) bool {
				tries.Add(1)
				tc.refusal.write(w)
				return true
			}
			send, it := s.sending()
			for what, err := range map[string]func() error{
				"edit": func() error { return send.edit(t.Context(), it, Message{Content: "x"}) },
				"post": func() error { return send.post(t.Context(), "88", Message{Content: "x"}) },
			} {
				tries.Store(0)
				err := err()
				if err == nil || strings.Contains(err.Error(), "secret-token") {
					t.Errorf("%s: error %v, want one without the token", what, err)
				}
				if n := tries.Load(); n != tc.times {
					t.Errorf("%s: sent %d times, want %d", what, n, tc.times)
				}
			}
		})
	}
}

// TestWaitsEndWithTheContext: no wait that Discord asks for outlasts its context.
func TestWaitsEndWithTheContext(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a route's limit":  `{"message":"slow down","retry_after":15,"global":false}`,
		"the global limit": `{"message":"slow down","retry_after":15,"global":true}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStandIn(t)
			s.refuse(http.MethodPatch, "", refusal{429, body}, refusal{429, body})
			send, it := s.sending()
			for range 2 { // the second finds the limit begun
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
				begun := time.Now()
				if err := send.edit(ctx, it, Message{Content: "hello"}); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 10*time.Second {
					t.Errorf("after %v: %v", time.Since(begun), err)
				}
				cancel()
			}
		})
	}
}

// TestGlobalLimit: one request that meets the global limit holds back all others,
// which Discord counts against the bot, except first answers, which it does not.
func TestGlobalLimit(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	edits := s.refuse(http.MethodPatch, "", refusal{429, `{"message":"slow down","retry_after":0.6,"global":true}`})
	send, it := s.sending()
	begun := time.Now()
	first := make(chan error, 1)
	go func() { first <- send.edit(t.Context(), it, Message{Content: "hello"}) }()
	s.next("/messages/@original")
	if err := send.respond(t.Context(), it, wireResponse{Type: 4, Data: budget(Message{Content: "hello"})}); err != nil {
		t.Error(err)
	}
	for send.global.left() == 0 { // until the answer was read
		time.Sleep(time.Millisecond)
	}
	if err := send.post(t.Context(), "88", Message{Content: "hello"}); err != nil || time.Since(begun) < 500*time.Millisecond {
		t.Errorf("another request went out after %v: %v", time.Since(begun), err)
	}
	if err := <-first; err != nil || edits.Load() != 2 {
		t.Errorf("sent %d times: %v", edits.Load(), err)
	}
}

// TestFirstAnswersPassSlowRequests: while Discord takes its time over edits, new
// interactions are answered.
func TestFirstAnswersPassSlowRequests(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	release := make(chan struct{})
	s.reply = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPatch {
			<-release
		}
		return false
	}
	send, it := s.sending()
	var edits sync.WaitGroup
	for range lanes + 10 {
		edits.Go(func() {
			if err := send.edit(t.Context(), it, Message{Content: "hello"}); err != nil {
				t.Error(err)
			}
		})
	}
	for len(send.free) > 0 {
		time.Sleep(time.Millisecond)
	}
	if err := send.respond(t.Context(), it, wireResponse{Type: 4, Data: budget(Message{Content: "hello"})}); err != nil {
		t.Error(err)
	}
	close(release)
	edits.Wait()
}

// TestFirstAnswersPassLateOnes: first answers that Discord takes its time over hold
// no other back, however many they are.
func TestFirstAnswersPassLateOnes(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	release := make(chan struct{})
	var held atomic.Int64
	s.reply = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/late/") {
			held.Add(1)
			<-release
		}
		return false
	}
	send, it := s.sending()
	hello := wireResponse{Type: 4, Data: budget(Message{Content: "hello"})}
	// The late ones have all the time they want, so that they are there still.
	late := *it
	late.Token, late.arrived = "late", time.Now().Add(time.Hour)
	const crowd = lanes + 1
	var others sync.WaitGroup
	for range crowd {
		others.Go(func() { _ = send.respond(t.Context(), &late, hello) })
	}
	defer others.Wait()
	defer close(release)
	for deadline := time.Now().Add(10 * time.Second); held.Load() < crowd; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d first answers were sent; the others wait for them", held.Load(), crowd)
		}
	}
	it.arrived = time.Now()
	if err := send.respond(t.Context(), it, hello); err != nil {
		t.Error(err)
	}
}

// TestLostAnswers: what members and the operator are told when an answer can't be delivered
// as it was meant.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	f := func() *fakeBackend {
		return &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden(), halden(), halden(), halden(), halden()}}}
	}
	t.Run("an expired interaction is dropped", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		s.refuse(http.MethodPost, "/callback", coded(404, 10062))
		backend := f()
		backend.delay = deferAfter + time.Minute // the handler is told that nobody waits
		b := start(t, s, backend, t.TempDir())
		s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
		s.next("/callback")
		b.dispatcher.work.Wait()
		if n := s.count("", "/tok1") + s.count(http.MethodPatch, "") + s.count(http.MethodDelete, ""); n > 0 {
			t.Errorf("%d more requests were made for it", n)
		}
	})
	t.Run("the message under a button was deleted", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		start(t, s, f(), t.TempDir())
		s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
		more := read[callback](t, s.next("/callback")).Data.button(t, "More ▶")
		s.refuse(http.MethodPost, "/callback", coded(404, 10008))
		s.emit("INTERACTION_CREATE", click("2", more))
		if got := read[callback](t, s.next("/tok2/callback")); got.Type != 7 {
			t.Errorf("a click is answered with type %d, want 7", got.Type)
		}
		got := read[callback](t, s.next("/tok2/callback"))
		if got.Type != 4 || !got.Data.private() || !strings.Contains(got.Data.says(), "lighthouse") {
			t.Errorf("the member is told %+v", got)
		}
	})
	t.Run("the message under a slow button was deleted", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		backend := f()
		start(t, s, backend, t.TempDir())
		s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
		more := read[callback](t, s.next("/callback")).Data.button(t, "More ▶")
		backend.delay = deferAfter + 200*time.Millisecond
		s.refuse(http.MethodPatch, "/@original", coded(404, 10008))
		s.emit("INTERACTION_CREATE", click("2", more))
		if got := read[received](t, s.next("/webhooks/11/tok2")); !got.private() || !strings.Contains(got.says(), "lighthouse") {
			t.Errorf("the member is told %+v", got)
		}
	})
	t.Run("a click that began something", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		s.refuse(http.MethodPost, "/tok1/callback", coded(404, 10062))
		b := start(t, s, f(), t.TempDir())
		for _, id := range []string{"1", "2"} { // what was begun ends, and makes room for the next
			s.emit("INTERACTION_CREATE", click(id, "reindex:start"))
			got := read[callback](t, s.next("/callback"))
			if strings.Contains(got.Data.says(), "already under way") {
				t.Errorf("click %s is answered with %q", id, got.Data.says())
			}
			b.dispatcher.work.Wait()
		}
	})
	t.Run("a report whose message and channel are gone", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		edits := s.refuse(http.MethodPatch, "/@original", coded(404, 10008), coded(404, 10008), coded(404, 10008))
		send, it := s.sending()
		m := &messenger{sender: send, it: it, now: time.Now, expires: time.Now().Add(time.Hour)}
		for range 3 {
			if err := m.Edit(t.Context(), Message{Content: "half done"}); err == nil {
				t.Error("an edit of nothing went well")
			}
		}
		if n := edits.Load(); n != 1 {
			t.Errorf("Discord was asked %d times to edit what is gone", n)
		}
		s.refuse(http.MethodPost, "/messages", coded(403, 50001))
		if hint, gone := trouble(m.Post(t.Context(), Message{Content: "done"})); gone || !strings.Contains(hint, "View Channel") {
			t.Errorf("the operator is told %q", hint)
		}
	})
}

// TestTrouble: every refusal that an operator can do something about says what.
func TestTrouble(t *testing.T) {
	for code, want := range map[int]string{
		10003: "deleted", 10008: "deleted", 10062: "expired", 50027: "15 minutes", 50001: "View Channel", 50013: "Send Messages", 0: "", 50035: "",
	} {
		err := fmt.Errorf("editing: %w", &discordgo.RESTError{
			Response: &http.Response{Status: "400"}, Message: &discordgo.APIErrorMessage{Code: code},
		})
		if hint, _ := trouble(err); !strings.Contains(hint, want) || (want == "") != (hint == "") {
			t.Errorf("%d: %q, want something with %q", code, hint, want)
		}
	}
}

// TestPanics: wherever a panic happens, the bot goes on, and the member hears of it.
func TestPanics(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	panics := func(context.Context, Request) (Response, error) { panic("a bug") }
	follows := func(context.Context, Request) (Response, error) {
		return Response{Message: Message{Content: "begun"}, Follow: func(context.Context, Messenger) { panic("a bug") }}, nil
	}
	var log syncBuffer
	b := start(t, s, &fakeBackend{}, t.TempDir(), func(b *Bot) {
		b.dispatcher.log = slog.New(slog.NewTextHandler(&log, nil))
		b.dispatcher.router = router{table: routes{
			SlashCommand: {"fails": {handle: panics}, "follows": {handle: follows}},
			Autocomplete: {"fails": {handle: panics}}, Click: {"fails": {handle: panics, updates: true}}, ModalSubmit: {"fails": {handle: panics}},
		}}
		b.gateway.log = b.dispatcher.log
		usual := b.gateway.onEvent
		b.gateway.onEvent = func(e *discordgo.Event) {
			if e.Type == "PANIC" {
				panic("a bug in the gateway")
			}
			usual(e)
		}
	})
	for i, e := range []map[string]any{command("1", "fails"), click("2", "fails:"), event("3", 5, map[string]any{"custom_id": "fails:"})} {
		s.emit("INTERACTION_CREATE", e)
		if got := read[callback](t, s.next("/callback")); got.Type != 4 || !strings.Contains(got.Data.says(), "went wrong") || !got.Data.private() {
			t.Errorf("event %d: the member is told %+v", i, got)
		}
	}
	suggest := command("4", "fails", "name", "x")
	suggest["type"] = 4
	s.emit("INTERACTION_CREATE", suggest)
	if got := read[callback](t, s.next("/callback")); got.Type != 8 || len(got.Data.Choices) != 0 {
		t.Errorf("suggestions: %+v", got)
	}
	s.emit("INTERACTION_CREATE", command("5", "follows"))
	s.next("/callback")
	b.dispatcher.work.Wait()
	if n := strings.Count(log.String(), "a bug"); n < 5 || !strings.Contains(log.String(), "traps_test.go") {
		t.Errorf("the log has the panic %d times: %s", n, log.String())
	}
	s.emit("PANIC", nil)
	s.emit("INTERACTION_CREATE", command("6", "fails"))
	s.next("/tok6/callback")
	if !strings.Contains(log.String(), "a bug in the gateway") {
		t.Errorf("the panic is not in the log: %s", log.String())
	}
}

// TestLateSuggestions: suggestions that take too long are none, in time, since
// Discord shows the member anything else as a broken bot.
func TestLateSuggestions(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	deaf := func(ctx context.Context, _ Request) (Response, error) {
		<-ctx.Done()
		return Response{}, ctx.Err()
	}
	start(t, s, &fakeBackend{}, t.TempDir(), func(b *Bot) {
		b.dispatcher.router = router{table: routes{Autocomplete: {"slow": {handle: deaf}}}}
	})
	suggest := command("1", "slow", "name", "x")
	suggest["type"] = 4
	s.emit("INTERACTION_CREATE", suggest)
	if got := read[callback](t, s.next("/callback")); got.Type != 8 || len(got.Data.Choices) != 0 {
		t.Errorf("suggestions: %+v", got)
	}
}

// TestPanicsBeforeTheHandler: what the server decided can't be told, for a bug;
// the member hears of it, and the bot goes on.
func TestPanicsBeforeTheHandler(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	b := start(t, s, &fakeBackend{}, t.TempDir(), func(b *Bot) {
		b.dispatcher.router.manners = func(context.Context, string) Manners { panic("a bug") }
	})
	for _, id := range []string{"1", "2"} {
		s.emit("INTERACTION_CREATE", command(id, "about"))
		if got := read[callback](t, s.next("/callback")); !strings.Contains(got.Data.says(), "went wrong") {
			t.Errorf("the member is told %+v", got)
		}
	}
	b.dispatcher.work.Wait()
}

// TestRemembersAsMuchAsItMay: the memory of seen interactions is bounded, and holds
// the last ones.
func TestRemembersAsMuchAsItMay(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	r := newRecent(100, time.Minute)
	warnings := 0
	for i := range 1000 {
		fresh, crowded := r.add(fmt.Sprint(i), now)
		if !fresh {
			t.Fatalf("%d was seen before", i)
		}
		if crowded {
			warnings++
		}
	}
	for i := 900; i < 1000; i++ {
		if fresh, _ := r.add(fmt.Sprint(i), now.Add(time.Minute)); fresh {
			t.Errorf("%d is forgotten", i)
		}
	}
	if len(r.ids) != 100 || len(r.queue) != 100 {
		t.Errorf("%d and %d ids are kept", len(r.ids), len(r.queue))
	}
	if warnings != 1 {
		t.Errorf("%d warnings", warnings)
	}
	if fresh, crowded := r.add("later", now.Add(time.Minute+time.Second)); !fresh || crowded || len(r.ids) != 1 || len(r.queue) != 1 {
		t.Errorf("after its time, %d and %d ids are kept", len(r.ids), len(r.queue))
	}
}

// TestRemembersWhileASignatureIsTaken: at a rate of interactions that a large bot has,
// none runs twice, however long its signature is taken.
func TestRemembersWhileASignatureIsTaken(t *testing.T) {
	const perSecond = 100
	start := time.Unix(1_700_000_000, 0)
	r := newDispatcher(router{}, nil, quiet(), time.Now, nil).seen
	n := int(2*signedWithin/time.Second) * perSecond
	for i := range n {
		if _, crowded := r.add(fmt.Sprint(i), start.Add(time.Duration(i)*time.Second/perSecond)); crowded {
			t.Fatalf("after %d there is no room", i)
		}
	}
	if fresh, _ := r.add("0", start.Add(2*signedWithin)); fresh {
		t.Error("the first is forgotten")
	}
}

// TestShutdownTells: a member whose question can't be finished before the bot ends is
// told, and a handler that never ends doesn't keep the bot.
func TestShutdownTells(t *testing.T) {
	t.Parallel()
	t.Run("a slow handler", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		t.Run("stop in the middle", func(t *testing.T) {
			b := start(t, s, &fakeBackend{delay: time.Hour}, t.TempDir(), func(b *Bot) { b.drainWithin = 50 * time.Millisecond })
			s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
			for len(b.dispatcher.slots) == 0 {
				time.Sleep(time.Millisecond)
			}
		})
		if got := read[callback](t, s.next("/tok1/callback")); !strings.Contains(got.Data.says(), "being restarted") {
			t.Errorf("the member is told %q", got.Data.says())
		}
	})
	t.Run("a deaf handler", func(t *testing.T) {
		t.Parallel()
		s := newStandIn(t)
		release := make(chan struct{})
		var b *Bot
		t.Run("stop in the middle", func(t *testing.T) {
			b = start(t, s, &fakeBackend{}, t.TempDir(), func(b *Bot) {
				b.drainWithin, b.giveUpWithin = 50*time.Millisecond, 50*time.Millisecond
				b.dispatcher.router = router{table: routes{SlashCommand: {"deaf": {handle: func(context.Context, Request) (Response, error) {
					<-release
					return Response{}, nil
				}}}}}
			})
			s.emit("INTERACTION_CREATE", command("1", "deaf"))
			for len(b.dispatcher.slots) == 0 {
				time.Sleep(time.Millisecond)
			}
		})
		close(release)
		b.dispatcher.work.Wait()
	})
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
