package bot

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/bot/card"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// One test has discordgo lock itself out for good.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/bwmarrin/discordgo.(*Session).CloseWithCode"))
}

// fakeBackend answers from fields, and remembers what it was asked.
type fakeBackend struct {
	mu       sync.Mutex
	asked    []answer.Request
	filtered []answer.Filter
	claimed  []answer.Claim
	around   [][]string // the scopes of each Around

	profile answer.Profile
	topic   answer.Topic
	reply   answer.Reply
	check   answer.Check
	status  Status
	err     error
	delay   time.Duration                                  // before Ask answers
	panics  bool                                           // in Ask
	reindex func(context.Context, func(done, t int)) error // nil does nothing
}

func (f *fakeBackend) Ask(ctx context.Context, r answer.Request) (answer.Reply, error) {
	f.mu.Lock()
	f.asked = append(f.asked, r)
	f.mu.Unlock()
	if f.panics {
		panic("a bug")
	}
	select {
	case <-ctx.Done():
		return answer.Reply{}, ctx.Err()
	case <-time.After(f.delay):
	}
	return f.page(r.Offset, r.Limit), f.err
}

func (f *fakeBackend) Quotes(_ context.Context, q answer.Filter) (answer.Reply, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.filtered = append(f.filtered, q)
	return f.page(q.Offset, q.Limit), f.err
}

// page is a page of the reply.
func (f *fakeBackend) page(offset, limit int) answer.Reply {
	r := f.reply
	r.Total = len(r.Answers)
	r.Answers = r.Answers[min(offset, r.Total):min(offset+limit, r.Total)]
	return r
}

func (f *fakeBackend) Verify(_ context.Context, c answer.Claim) (answer.Check, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.claimed = append(f.claimed, c)
	check := f.check
	check.Claim, check.ClaimedSpeaker = c.Text, c.Speaker
	return check, f.err
}

// Around knows the passages of the reply, in the shared corpus alone.
func (f *fakeBackend) Around(_ context.Context, scopes []string, passage string) (answer.Surroundings, error) {
	a, err := f.Printed(context.Background(), scopes, passage)
	if err != nil {
		return answer.Surroundings{}, err
	}
	return answer.Surroundings{Answer: a, Before: "The quay was wet.", Of: a.Context, After: "The gulls left first."}, nil
}

// Printed knows the same.
func (f *fakeBackend) Printed(_ context.Context, scopes []string, passage string) (answer.Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.around = append(f.around, scopes)
	for _, a := range f.reply.Answers {
		if a.Passage == passage {
			return a, nil
		}
	}
	return answer.Answer{}, index.ErrNotFound
}

func (f *fakeBackend) Profile(_ context.Context, _ []string, name string) (answer.Profile, error) {
	p := f.profile
	if p.Name == "" {
		p.Name = name
	}
	return p, f.err
}

func (f *fakeBackend) About(_ context.Context, _ []string, topic string) (answer.Topic, error) {
	t := f.topic
	t.Topic = topic
	return t, f.err
}

func (f *fakeBackend) Speakers(_ []string, prefix string, limit int) []Speaker {
	var out []Speaker
	for _, s := range []Speaker{{"Mira Halden", "harbour master", 12}, {"Mirko Ostrander", "", 3}, {strings.Repeat("M", 101), "", 1}} {
		if strings.HasPrefix(s.Name, prefix) && len(out) < limit {
			out = append(out, s)
		}
	}
	return out
}

func (f *fakeBackend) Publishers(_ []string, prefix string, limit int) []string {
	if prefix == "The" && limit > 0 {
		return []string{"The Tarn Gazette"}
	}
	return nil
}

func (f *fakeBackend) Status(context.Context, []string) (Status, error) { return f.status, f.err }

func (f *fakeBackend) Reindex(ctx context.Context, _ string, progress func(done, total int)) error {
	if f.reindex == nil {
		return nil
	}
	return f.reindex(ctx, progress)
}

// halden is an answer with everything known; unknownSpeaker and bare have less.
func halden() answer.Answer {
	return answer.Answer{
		Passage:   "a1b2c3.q4",
		Speaker:   &quote.Speaker{Name: "Mira Halden", Type: quote.TypePerson, Role: "harbour master of Tarn"},
		Quote:     "“The lighthouse stays open all winter”",
		Kind:      string(quote.Direct),
		Article:   "a1b2c3",
		Title:     "Tarn keeps its *light* on",
		Source:    "The Tarn Gazette",
		URL:       "https://gazette.example/tarn_(light)",
		Date:      "2024-05-03",
		Paragraph: 4,
		Context:   "After the storm, “The lighthouse stays open all winter” was all Ms. Halden would say.",
		Score:     0.9,
	}
}

func unknownSpeaker() answer.Answer {
	a := halden()
	a.Passage, a.Speaker, a.Kind = "a1b2c3.q5", nil, string(quote.Indirect)
	a.Quote = "the boats @everyone would be <@123> moved\n# to the **inner** basin"
	a.URL = "javascript:alert(1)"
	return a
}

func bare() answer.Answer {
	return answer.Answer{Passage: "ffee00.p2", Quote: "Nobody was hurt.", Kind: "paragraph", File: "report.txt"}
}

// newHandlers makes handlers on a backend, with state in a folder of the test.
func newHandlers(t testing.TB, f *fakeBackend) *handlers {
	t.Helper()
	st, err := newStore(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	cards, err := card.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &handlers{
		backend: f, store: st, cards: cards,
		talks:   newConversations(time.Now),
		reindex: &reindexer{backend: f, log: quiet(), now: time.Now, every: time.Millisecond},
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// member and mod are requests of a member and a moderator of one server.
func member(kind Kind, name string, options map[string]string) Request {
	return Request{Kind: kind, Name: name, Options: options, GuildID: "77", ChannelID: "88", UserID: "99", Permissions: 1 << 11}
}

func mod(kind Kind, name string) Request {
	r := member(kind, name, nil)
	r.Permissions |= moderator
	return r
}

var errBackend = errors.New("the index is on fire")
