package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// run runs a bot with short waits until ctx ends.
func (s *standIn) run(ctx context.Context) error {
	b, err := New(Config{Token: "token", Backend: &fakeBackend{}, StateDir: s.t.TempDir(), Logger: quiet(), HTTPClient: s.client()})
	if err != nil {
		s.t.Fatal(err)
	}
	b.gateway.backoff, b.identifyEvery = 10*time.Millisecond, 10*time.Millisecond
	return b.Run(ctx)
}

// TestFatalClosesSayWhatToDo: the message that ends the program names the way out.
func TestFatalClosesSayWhatToDo(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{
		4004: "Reset Token", 4010: "Update whosaid", 4011: "shards", 4012: "Update whosaid", 4013: "Update whosaid", 4014: "developer portal",
	} {
		for _, running := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d, running %t", code, running), func(t *testing.T) {
				t.Parallel()
				s := newStandIn(t)
				if !running {
					s.closeWith = code
				}
				end := make(chan error, 1)
				go func() { end <- s.run(t.Context()) }()
				if running { // then the connection is lost, and refused when it is resumed
					s.next("/commands")
					s.mu.Lock()
					s.closeWith = code
					s.mu.Unlock()
					s.dropAll()
				}
				err := <-end
				var f *FatalError
				if !errors.As(err, &f) || f.Code != code || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), fmt.Sprint(code)) {
					t.Errorf("Run ends with %q, which lacks %q", err, want)
				}
			})
		}
	}
}

// TestResumes: an interaction that happens while the connection is lost is
// answered, and none is answered twice although Discord replays too much.
func TestResumes(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.repeats = 5
	b := start(t, s, &fakeBackend{}, t.TempDir())
	const rounds, each = 3, 5
	for round := range rounds {
		ask := func(i int) {
			s.emit("INTERACTION_CREATE", command(fmt.Sprint(1+round*2*each+i), "ask", "question", "What?"))
		}
		for i := range each {
			ask(i)
			s.next("/callback")
		}
		s.dropAll()
		for i := range each { // nobody hears these
			ask(each + i)
		}
		for range each {
			s.next("/callback")
		}
	}
	b.dispatcher.work.Wait()
	for i := range rounds * 2 * each {
		if n := s.count(http.MethodPost, fmt.Sprintf("/interactions/%d/tok%d/callback", i+1, i+1)); n != 1 {
			t.Errorf("interaction %d was answered %d times", i+1, n)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.identifies) != 1 {
		t.Errorf("identified %d times", len(s.identifies))
	}
}

// TestReconnectsInTheMiddle: a connection that is lost while a question is being
// answered doesn't take the answer along.
func TestReconnectsInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	b := start(t, s, &fakeBackend{delay: 2 * deferAfter}, t.TempDir())
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
	eventually(t, "the question is being answered", func() bool { return len(b.dispatcher.slots) == 1 })
	s.dropAll()
	s.next("/tok1/callback")
	s.next("/tok1/messages/@original")
	eventually(t, "the bot is back", func() bool { return s.connections() >= 2 })
}

// TestDeadConnection: a connection that is up, but on which nobody answers, is left,
// and its session resumed on another.
func TestDeadConnection(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.deaf, s.heartbeat = true, time.Second
	// By itself, discordgo gives up after five heartbeats, and the session with them.
	b := start(t, s, &fakeBackend{}, t.TempDir(), func(b *Bot) { b.gateway.silence = 2500 * time.Millisecond })
	eventually(t, "the bot leaves the dead connection and is back", func() bool { return s.connections() >= 2 && b.Ready() == nil })
	s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
	s.next("/tok1/callback")
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.identifies) != 1 {
		t.Errorf("identified %d times: the session was not resumed", len(s.identifies))
	}
}

// TestGatewayAddressIsHardToGet: Discord being slow, limiting or down when the bot
// starts is no reason to give up.
func TestGatewayAddressIsHardToGet(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	tries := s.refuse(http.MethodGet, "/gateway",
		refusal{503, "down"}, refusal{502, "<html>bad gateway</html>"}, refusal{500, `{"code":0,"message":"oops"}`},
		refusal{429, `{"message":"slow down","retry_after":0.05,"global":false}`}, refusal{200, `{"url":""}`}, refusal{200, `nonsense`})
	start(t, s, &fakeBackend{}, t.TempDir())
	if n := tries.Load(); n != 7 {
		t.Errorf("asked %d times", n)
	}
}

// TestResumesUnderTrouble: a resume that is cut short doesn't cost the session, unless
// Discord says that it is over; and one that locks discordgo out doesn't
// cost the bot.
func TestResumesUnderTrouble(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		hasty      []int
		identifies int
		missed     bool // what happened meanwhile is lost
	}{
		"closed twice":            {[]int{4000, 1011}, 1, false},
		"closed again and again":  {[]int{4000, 4000, 4000}, 2, true},
		"the sequence is refused": {[]int{4007}, 2, true},
		"the session timed out":   {[]int{4009}, 2, true},
		"asked to reconnect":      {[]int{0}, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStandIn(t)
			s.hasty = tc.hasty
			b := start(t, s, &fakeBackend{}, t.TempDir(), func(b *Bot) { b.gateway.openWithin = time.Second })
			s.dropAll()
			s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
			for deadline := time.Now().Add(30 * time.Second); s.connections() < len(tc.hasty)+2 || !b.gateway.greeted.Load(); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the bot does not come back")
				}
			}
			s.emit("INTERACTION_CREATE", command("2", "ask", "question", "What?"))
			s.next("/tok2/callback")
			b.dispatcher.work.Wait()
			if n := s.count(http.MethodPost, "/tok1/callback"); (n == 0) != tc.missed {
				t.Errorf("what happened meanwhile was answered %d times", n)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.identifies) != tc.identifies {
				t.Errorf("identified %d times, want %d", len(s.identifies), tc.identifies)
			}
		})
	}
}
