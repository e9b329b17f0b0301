package sandbox

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestEveryInteractionEnds: however many there are at once, one that nobody
// answers fails at its deadline, and is not forgotten before.
func TestEveryInteractionEnds(t *testing.T) {
	t.Parallel()
	s := quiet(t)
	s.opts.ReplyDeadline = 200 * time.Millisecond
	user, _ := s.world.user(UserMember)
	inv, err := Invocation{Command: "x"}.withDefaults(s.world)
	if err != nil {
		t.Fatal(err)
	}
	var waiting sync.WaitGroup
	var failed atomic.Int64
	const many = maxInteractionsKept + 500
	for range many {
		it := &interaction{kind: interactionCommand, name: inv.Command, guild: inv.Guild, channel: inv.Channel}
		s.begin(it, user, "", commandData{})
		waiting.Go(func() {
			if _, err := s.settled(t.Context(), it); errors.Is(err, ErrNoReply) {
				failed.Add(1)
			}
		})
	}
	waiting.Wait()
	if n := failed.Load(); n != many {
		t.Errorf("%d of %d interactions came to an end", n, many)
	}
	// Those that are over are forgotten when others come.
	time.Sleep(s.opts.ReplyDeadline)
	s.begin(&interaction{kind: interactionCommand, guild: inv.Guild, channel: inv.Channel}, user, "", commandData{})
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.interactions); n > maxInteractionsKept {
		t.Errorf("%d interactions are kept", n)
	}
}

// TestDeferredAnswersOutlastTheRest: a message that stands for an answer to come is
// not forgotten for the many that are posted meanwhile.
func TestDeferredAnswersOutlastTheRest(t *testing.T) {
	t.Parallel()
	s := quiet(t)
	channel := s.world.guilds[0].Channels[0].ID
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.blank(channel)
	m.Flags |= FlagLoading
	s.post(m, viewer{})
	for range 2 * maxMessagesKept {
		s.post(s.blank(channel), viewer{})
	}
	if s.find(channel, m.ID) == nil {
		t.Error("it is gone")
	}
	if n := len(s.messages[channel]); n != maxMessagesKept {
		t.Errorf("%d messages are kept", n)
	}
}
