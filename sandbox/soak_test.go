package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/bot"
	"github.com/whosaid/whosaid/internal/discordspec"
	"github.com/whosaid/whosaid/quote"
	"github.com/whosaid/whosaid/sandbox"
)

// A soak test: many members use the bot at once while Discord misbehaves.
// It takes some seconds; WHOSAID_SOAK=10m takes ten minutes, in which what is
// kept for good would show.

const (
	soakShort = 3 * time.Second
	soakRate  = 50 // interactions a second
	// soakDeadline is the stand-in's for answers. It is longer than Discord's, so
	// that a busy machine fails no test.
	soakDeadline = 30 * time.Second
	// soakPatience is how long a member waits for the end of an answer before the test says
	// that it never came.
	soakPatience = 90 * time.Second
	// soakLate is after how long the stand-in carries a late request out: longer than the bot
	// waits for its first answers.
	soakLate = 3500 * time.Millisecond
	// soakSettled is after how many interactions what is kept up to a bound has
	// reached it, interactions and messages of the stand-in. The ids that the bot
	// remembers for minutes go on growing within what the test allows.
	soakSettled = 5000
	soakChecked = 60 // requests that are held against Discord's description
)

// soakBackend answers at once, late, with an error or a panic, as the question says.
// Embedding the interface leaves out what no command of the soak asks for.
type soakBackend struct{ bot.Backend }

func (soakBackend) Ask(ctx context.Context, r answer.Request) (answer.Reply, error) {
	switch {
	case strings.Contains(r.Question, "panic"):
		panic("a bug that the soak test planted")
	case strings.Contains(r.Question, "error"):
		return answer.Reply{}, errors.New("the index is on fire")
	case strings.Contains(r.Question, "slow"):
		select {
		case <-ctx.Done():
			return answer.Reply{}, ctx.Err()
		case <-time.After(1700 * time.Millisecond): // so it is deferred
		}
	}
	return soakReply(r.Offset, r.Limit), nil
}

func (soakBackend) Quotes(_ context.Context, q answer.Filter) (answer.Reply, error) {
	return soakReply(q.Offset, q.Limit), nil
}

func (soakBackend) Speakers([]string, string, int) []bot.Speaker {
	return []bot.Speaker{{Name: "Mira Halden", Role: "harbour master", Quotes: 12}}
}

func (soakBackend) Publishers([]string, string, int) []string { return []string{"The Tarn Gazette"} }

func (soakBackend) Around(_ context.Context, _ []string, passage string) (answer.Surroundings, error) {
	return answer.Surroundings{Answer: soakReply(0, 1).Answers[0], Before: "The quay was wet.", Of: "It stays open.", After: "The gulls left."}, nil
}

// soakReply is a page of a reply with 20 answers.
func soakReply(offset, limit int) answer.Reply {
	r := answer.Reply{Total: 20}
	for i := offset; i < min(offset+limit, r.Total); i++ {
		r.Answers = append(r.Answers, answer.Answer{
			Passage: fmt.Sprintf("a1b2c3.q%d", i), Speaker: &quote.Speaker{Name: "Mira Halden", Type: quote.TypePerson},
			Quote: "“The lighthouse stays open all winter”", Kind: string(quote.Direct), Article: "a1b2c3",
			Title: "Tarn keeps its light on", Source: "The Tarn Gazette", URL: "https://gazette.example/light", Date: "2024-05-03",
			Context: "“The lighthouse stays open all winter,” Halden said.", Score: 0.9,
		})
	}
	return r
}

// soak is one run: what was done, and what came of it.
type soak struct {
	t     *testing.T
	srv   *sandbox.Server
	bot   *bot.Bot
	under sync.WaitGroup // interactions under way
	last  atomic.Pointer[sandbox.Message]
	begun atomic.Int64
	// long soaks have late requests too, which a busy machine may make later than any bot waits.
	long   bool
	failed atomic.Int64 // interactions that nobody answered
	// deleted is how many members saw that an answer was taken back and nothing yet in its place,
	// or came too late for it.
	deleted atomic.Int64

	mu       sync.Mutex
	sent     []sentRequest           // the first of them, to be checked at the end
	firsts   map[string]*firstAnswer // by interaction
	faults   map[string]int
	expired  int64 // interactions that a fault ended before they were answered
	repeated int   // answers to interactions that were answered
}

type sentRequest struct {
	*http.Request
	body []byte
}

// firstAnswer is how it went with the first answer to an interaction.
type firstAnswer struct {
	struck  bool // by a fault; there is one at most
	arrived bool // it reached the stand-in
	heard   bool // the bot was told so, or that it is too late
}

// note keeps a request to be checked, which takes longer than a bot may wait.
func (s *soak) note(r *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sent) < soakChecked {
		s.sent = append(s.sent, sentRequest{r, body})
	}
}

// check holds the requests against our lint and, where it is present, Discord's description.
func (s *soak) check() {
	check := discordspec.Lint
	if spec := discordspec.Optional(s.t); spec != nil {
		check = spec.Request
	}
	for _, r := range s.sent {
		if err := check(r.Request, r.body); err != nil {
			s.t.Errorf("%s %s is no good: %v\n%s", r.Method, r.URL.Path, err, r.body)
		}
	}
}

// fault decides what goes wrong with a request, and keeps the account of first answers.
func (s *soak) fault(r *http.Request) sandbox.Fault {
	first := strings.HasSuffix(r.URL.Path, "/callback")
	f, name := someFault(r.Method, first)
	s.mu.Lock()
	defer s.mu.Unlock()
	if first {
		a := s.firsts[r.PathValue("id")]
		if a == nil {
			a = &firstAnswer{}
			s.firsts[r.PathValue("id")] = a
		}
		if a.heard {
			s.repeated++
		}
		if a.struck || f.Late && !s.long { // once is enough
			f, name = sandbox.Fault{}, ""
		}
		a.struck = a.struck || name != ""
		a.arrived = a.arrived || f.Status == 0 || f.Lost
		a.heard = a.heard || f.Status == 0 && !f.Late
		if f.Expired {
			s.expired++
		}
	}
	if name != "" {
		s.faults[name]++
	}
	return f
}

// abandoned is how many first answers met a fault and were not sent again, for want of time.
func (s *soak) abandoned() int64 {
	var n int64
	for _, a := range s.firsts {
		if !a.arrived {
			n++
		}
	}
	return n
}

// someFault draws the fault of a request. Global limits come for edits only, since
// first answers don't count towards them.
func someFault(method string, first bool) (sandbox.Fault, string) {
	again := 20 * time.Millisecond
	switch n := rand.IntN(100); {
	case n < 3:
		return sandbox.Fault{Status: 429, RetryAfter: again}, "429"
	case n < 4 && !first:
		return sandbox.Fault{Status: 429, RetryAfter: again, Global: true}, "429 global"
	case n < 4:
		return sandbox.Fault{Expired: true}, "expired"
	case n < 6:
		return sandbox.Fault{Status: 503}, "503"
	case n < 7:
		return sandbox.Fault{Status: 502}, "502"
	case n < 9 && method != http.MethodPost || n < 9 && first:
		return sandbox.Fault{Status: 503, Lost: true}, "lost answer"
	case n < 10 && first:
		return sandbox.Fault{Delay: soakLate, Late: true}, "late"
	case n < 12:
		return sandbox.Fault{Delay: 300 * time.Millisecond}, "slow"
	}
	return sandbox.Fault{}, ""
}

// member does one thing that members do.
func (s *soak) member(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, soakPatience)
	defer cancel()
	s.begun.Add(1)
	user := sandbox.UserMember
	var err error
	var m sandbox.Message
	ask := func(question string) (sandbox.Message, error) {
		return s.srv.Invoke(ctx, sandbox.Invocation{User: user, Command: "ask", Options: map[string]any{"question": question}})
	}
	shown := s.last.Load()
	switch n := rand.IntN(100); {
	case n < 4:
		_, err = ask("panic about the light")
	case n < 8:
		_, err = ask("error about the light")
	case n < 14:
		_, err = ask("slow news about the light")
	case n < 16:
		_, err = ask("slow error about the light")
	case n < 30:
		_, err = s.srv.Autocomplete(ctx, sandbox.Invocation{User: user, Command: "quotes", Options: map[string]any{"speaker": "Mi"}}, "speaker")
	case n < 50 && shown != nil:
		_, err = s.srv.Click(ctx, *shown, someButton(*shown), user)
	default:
		if m, err = ask("what about the light?"); err == nil {
			s.last.CompareAndSwap(shown, &m)
		}
	}
	switch {
	case errors.Is(err, sandbox.ErrNoReply):
		s.failed.Add(1)
	case errors.Is(err, sandbox.ErrDeleted):
		// A failure replaces "thinking", or the stand-in, which keeps the last 500 messages,
		// has forgotten this one before the member looked.
		s.deleted.Add(1)
	case errors.Is(err, sandbox.ErrNoComponent): // another member turned the page first
		s.begun.Add(-1)
	case err != nil && !errors.As(err, new(*sandbox.ModalError)):
		s.t.Errorf("a member sees: %v", err)
	}
}

// someButton is the custom id of one of a message's buttons.
func someButton(m sandbox.Message) string {
	var ids []string
	var walk func([]sandbox.Component)
	walk = func(components []sandbox.Component) {
		for _, c := range components {
			if c.CustomID != "" && !c.Disabled {
				ids = append(ids, c.CustomID)
			}
			if c.Accessory != nil {
				walk([]sandbox.Component{*c.Accessory})
			}
			walk(c.Components)
		}
	}
	walk(m.Components)
	if len(ids) == 0 {
		return ""
	}
	return ids[rand.IntN(len(ids))]
}

// disturb takes the gateway's connection away, in one way after another. A
// session that is forgotten takes its events along, so nobody may wait for one.
func (s *soak) disturb(ctx context.Context, round int) {
	switch round % 4 {
	case 0:
		s.srv.Disconnect(0)
	case 1:
		s.srv.Disconnect(4000)
	case 2:
		s.srv.Disconnect(1006)
	case 3:
		s.under.Wait()
		s.srv.DisconnectForgetting(4009)
		if err := s.srv.WaitForBot(ctx, "ask"); err != nil {
			s.t.Error(err)
		}
	}
}

// run sends interactions at the soak's rate until the time is over. Now and
// then it disturbs the gateway. measure is called eight times or so.
func (s *soak) run(ctx context.Context, length time.Duration, measure func()) {
	end := time.Now().Add(length)
	tick := time.NewTicker(time.Second / soakRate)
	defer tick.Stop()
	disturbEvery := max(length/40, 1200*time.Millisecond)
	last, disturbed, measured, round := time.Now(), time.Now(), time.Now(), 0
	for time.Now().Before(end) {
		<-tick.C
		// A busy machine drops ticks; the members that they stood for come all the
		// same, but not those of a machine that stood still: thousands at once are
		// another test.
		if still := time.Since(last) - time.Second; still > 0 {
			last = last.Add(still)
		}
		for ; time.Since(last) >= time.Second/soakRate; last = last.Add(time.Second / soakRate) {
			s.under.Go(func() { s.member(ctx) })
		}
		if time.Since(disturbed) > disturbEvery {
			s.disturb(ctx, round)
			disturbed, last = time.Now(), time.Now()
			round++
		}
		if time.Since(measured) > length/8 {
			measure()
			measured = time.Now()
		}
	}
	s.under.Wait()
}

// footprint is what must not grow.
type footprint struct {
	goroutines, buckets int
	heap                uint64 // bytes in use after a collection
}

func (s *soak) measure() footprint {
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	// discordgo has no other way to tell how many rate-limit buckets it keeps.
	sender := reflect.ValueOf(s.bot).Elem().FieldByName("registrar").Elem().FieldByName("sender")
	limiter := sender.Elem().FieldByName("session").Elem().FieldByName("Ratelimiter")
	lock := (*sync.Mutex)(limiter.Elem().FieldByName("Mutex").Addr().UnsafePointer())
	lock.Lock()
	buckets := limiter.Elem().FieldByName("buckets").Len()
	lock.Unlock()
	return footprint{runtime.NumGoroutine(), buckets, mem.HeapAlloc}
}

// idle is how many goroutines there are when nothing is under way; it waits some
// time for them to be no more than before.
func (s *soak) idle(before int) int {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		s.srv.Client().CloseIdleConnections()
		n := runtime.NumGoroutine()
		if n <= before || time.Now().After(deadline) || before == 0 && time.Until(deadline) < 9*time.Second {
			return n
		}
	}
}

// soakLength is how long to soak.
func soakLength(t *testing.T) time.Duration {
	env := os.Getenv("WHOSAID_SOAK")
	if env == "" {
		return soakShort
	}
	d, err := time.ParseDuration(env)
	if err != nil {
		t.Fatalf("WHOSAID_SOAK: %v", err)
	}
	return d
}

func TestSoak(t *testing.T) {
	length := soakLength(t)
	ctx := within(t, length+2*time.Minute)
	s := &soak{t: t, long: length > soakShort, firsts: map[string]*firstAnswer{}, faults: map[string]int{}}
	var err error
	s.srv, err = sandbox.New(sandbox.Options{
		ReplyDeadline: soakDeadline, OnRequest: s.note, Fault: s.fault,
		Twice: func(string) bool { return rand.IntN(20) == 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.srv.Close()
	stop := s.startBot(ctx)
	defer stop()

	s.run(ctx, time.Second, func() {}) // to warm up
	idle := s.idle(0)
	var before footprint
	steady := func() bool { return s.begun.Load() > soakSettled || length == soakShort }
	s.run(ctx, length, func() {
		now := s.measure()
		t.Logf("after %d interactions: %+v", s.begun.Load(), now)
		if before.heap == 0 && steady() {
			before = now
		}
	})
	if n := s.idle(idle); n > idle {
		t.Errorf("%d goroutines after the soak, %d before", n, idle)
	}
	s.verdict(before, s.measure(), length)
	s.check()
}

// startBot runs the bot until stop is called.
func (s *soak) startBot(ctx context.Context) (stop func()) {
	b, err := bot.New(bot.Config{
		Token: s.srv.Token(), Backend: soakBackend{}, StateDir: s.t.TempDir(),
		Logger: slog.New(slog.DiscardHandler), HTTPClient: s.srv.Client(),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.bot = b
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	if err := s.srv.WaitForBot(ctx, "ask", "quotes"); err != nil {
		s.t.Fatal(err)
	}
	return func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Errorf("the bot: %v", err)
		}
	}
}

// verdict compares what came of the soak with what should have.
func (s *soak) verdict(before, after footprint, length time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	abandoned := s.abandoned()
	s.t.Logf("%d interactions, %d not answered: %d that a fault ended, %d that there was no time to answer again; %d taken back or forgotten; faults %v; before %+v, after %+v",
		s.begun.Load(), s.failed.Load(), s.expired, abandoned, s.deleted.Load(), s.faults, before, after)
	if s.failed.Load() != s.expired+abandoned {
		s.t.Errorf("%d interactions were not answered, but faults are to blame for %d", s.failed.Load(), s.expired+abandoned)
	}
	if abandoned > s.begun.Load()/20 {
		s.t.Errorf("%d first answers were not sent again", abandoned)
	}
	if s.deleted.Load() > s.begun.Load()/20 {
		s.t.Errorf("%d members saw their answer vanish", s.deleted.Load())
	}
	if s.repeated > 0 {
		s.t.Errorf("%d interactions were answered twice", s.repeated)
	}
	if s.begun.Load() < int64(length.Seconds()*soakRate/3) {
		s.t.Errorf("only %d interactions in %v", s.begun.Load(), length)
	}
	if after.buckets > 2*64 {
		s.t.Errorf("%d rate-limit buckets", after.buckets)
	}
	if length > soakShort && before.heap > 0 && float64(after.heap) > 1.2*float64(before.heap)+4<<20 {
		s.t.Errorf("the heap grew from %d to %d bytes", before.heap, after.heap)
	}
}
