package cmd

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/whosaid/whosaid/bot"
	"github.com/whosaid/whosaid/internal/discordspec"
	"github.com/whosaid/whosaid/sandbox"
)

// request is one that the bot sent.
type request struct {
	*http.Request
	body []byte
}

// stage is the whole product on the sample articles: corpus, index, answers
// and the bot, connected to the stand-in for Discord through discordgo.
type stage struct {
	*sandbox.Server
	t   *testing.T
	ctx context.Context

	stopBot, restartBot func()

	mu       sync.Mutex
	requests []request
}

func newStage(t *testing.T) *stage {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	a := &app{IO: IO{Out: t.Output(), Err: t.Output()}, log: slog.New(slog.DiscardHandler)}
	a.settings.Data = t.TempDir()
	lib, err := a.openLibrary(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := lib.importSample(ctx); err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, ctx: ctx}
	s.Server, err = sandbox.New(sandbox.Options{OnRequest: s.record})
	if err != nil {
		t.Fatal(err)
	}
	s.startBot(a, lib)
	t.Cleanup(func() {
		s.stopBot()
		cancel()
		if err := s.Close(); err != nil {
			t.Errorf("closing the stand-in: %v", err)
		}
		if err := lib.close(); err != nil {
			t.Errorf("closing the library: %v", err)
		}
		s.Client().CloseIdleConnections()
		goleak.VerifyNone(t)
	})
	return s
}

// startBot starts a bot as after a restart of the program; stopBot ends it.
func (s *stage) startBot(a *app, lib *library) {
	s.t.Helper()
	ctx, stop := context.WithCancel(s.ctx)
	done := make(chan error, 1)
	go func() {
		done <- a.serve(ctx, lib, bot.Config{Token: s.Token(), HTTPClient: s.Client(), SharedByDefault: true})
	}()
	s.stopBot = func() {
		stop()
		if err := <-done; err != nil {
			s.t.Errorf("the bot: %v", err)
		}
	}
	s.restartBot = func() {
		s.stopBot()
		s.startBot(a, lib)
	}
	if err := s.WaitForBot(s.ctx, "who", "quotes", "ask", "verify", "corpus"); err != nil {
		s.t.Fatal(err)
	}
}

// record keeps a request for the checks at the end.
func (s *stage) record(r *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request{r, body})
}

// use uses a command as the user and returns what they see.
func (s *stage) use(user, command string, options map[string]any) sandbox.Message {
	s.t.Helper()
	m, err := s.Invoke(s.ctx, sandbox.Invocation{User: user, Command: command, Options: options})
	if err != nil {
		s.t.Fatalf("/%s %v: %v", command, options, err)
	}
	return m
}

// seen is all the text of a message but for its buttons', as one string.
func seen(m sandbox.Message) string { return m.Content + textOf(m.Components) }

func textOf(components []sandbox.Component) string {
	var b strings.Builder
	for _, c := range components {
		b.WriteString("\n" + c.Content + textOf(c.Components))
	}
	return b.String()
}

// buttons are the custom ids of a message's buttons, by label; of those that share
// one, that of the first.
func buttons(m sandbox.Message) map[string]string {
	ids := map[string]string{}
	var walk func([]sandbox.Component)
	walk = func(components []sandbox.Component) {
		for _, c := range components {
			if c.CustomID != "" && ids[c.Label] == "" {
				ids[c.Label] = c.CustomID
			}
			walk(c.Components)
			if c.Accessory != nil {
				walk([]sandbox.Component{*c.Accessory})
			}
		}
	}
	walk(m.Components)
	return ids
}

// click presses the button with the label and returns what the user then sees.
func (s *stage) click(m sandbox.Message, label, user string) sandbox.Message {
	s.t.Helper()
	id, ok := buttons(m)[label]
	if !ok {
		s.t.Fatalf("no button %q on the message:\n%s\nbuttons: %v", label, seen(m), buttons(m))
	}
	got, err := s.Click(s.ctx, m, id, user)
	if err != nil {
		s.t.Fatalf("button %q: %v", label, err)
	}
	return got
}

// wants fails the test unless the user sees every part.
func wants(t *testing.T, m sandbox.Message, parts ...string) {
	t.Helper()
	text := seen(m)
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("the user does not see %q in:\n%s", p, text)
		}
	}
}

// TestEndToEnd imports the sample articles, starts the bot against the
// stand-in for Discord, and reads what users see.
func TestEndToEnd(t *testing.T) {
	s := newStage(t)
	member, moderator := sandbox.UserMember, sandbox.UserModerator

	t.Run("who shows the words with speaker, role, paper, title and a way to the context", func(t *testing.T) {
		m := s.use(member, "who", map[string]any{"words": "you can't find a man in the water by his loyalty"})
		wants(t, m, "“Yellow,” … “I told them it had to be yellow. You can’t find a man in the water by his loyalty.”",
			"**Marek Dunhollow** · harbour master", "The Merrin Courier", "16 June 2025",
			"[A letter to our passengers, and what they made of it](https://courier.example/ferry-letter)")
		around := s.click(m, "Context", member)
		if !around.Ephemeral() {
			t.Error("the context is shown to everybody, not only to who asked")
		}
		wants(t, around, "in whose office the talks were held", "Passengers were divided about the half crown")
	})

	t.Run("ask answers a question in words, with the title linked and the day", func(t *testing.T) {
		m := s.use(member, "ask", map[string]any{"question": "what did Edda Marrowby say about lamps?"})
		wants(t, m, "A light that nobody needs is a lamp", "**Edda Marrowby** · ",
			"[Skarn votes on whether to keep its light](https://gazette.example/skarn-votes-on-its-light)", "9 May 2025")
	})

	t.Run("ask whether somebody said these words gives the verdict", func(t *testing.T) {
		m := s.use(member, "ask", map[string]any{"question": "did Petra Lindqvale say “You can’t run a city by tide table”?"})
		wants(t, m, "Wrong speaker", "Augustin P. Velloway")
	})

	t.Run("ask says so when the articles do not answer", func(t *testing.T) {
		m := s.use(member, "ask", map[string]any{"question": "what did Gareth Sorrowby say about whales?"})
		wants(t, m, "Nothing found")
		if n := len(m.Components); n != 1 {
			t.Errorf("%d components, want the frame that says that nothing was found", n)
		}
	})

	t.Run("quotes completes speakers, filters by day and pages across a restart", func(t *testing.T) {
		choices, err := s.Autocomplete(s.ctx, sandbox.Invocation{Command: "quotes", Options: map[string]any{"speaker": "marro"}}, "speaker")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range choices {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, ", "); !strings.Contains(got, "Edda Marrowby") || !strings.Contains(got, "Finn Marrowby") {
			t.Errorf("suggestions for “marro” are %s; want both Marrowbys", got)
		}
		m := s.use(member, "quotes", map[string]any{"speaker": "Edda Marrowby", "from": "2025-05-10"})
		wants(t, m, "12 May 2025")
		if strings.Contains(seen(m), "9 May 2025") {
			t.Errorf("a quote from before the first day is shown:\n%s", seen(m))
		}
		first := s.use(member, "quotes", map[string]any{"speaker": "Edda Marrowby"})
		s.restartBot()
		second := s.click(first, "More ▶", member)
		wants(t, second, "Edda Marrowby")
		if seen(first) == seen(second) {
			t.Error("the second page shows what the first does")
		}
	})

	t.Run("verify gives each verdict with the printed words", func(t *testing.T) {
		for _, c := range []struct{ name, claim, speaker, want string }{
			{"verbatim", "A light that nobody needs is a lamp.", "Edda Marrowby", "A light that nobody needs is a lamp"},
			{"altered", "A light that everybody needs is no lamp", "Edda Marrowby", "~~nobody~~"},
			{"wrong speaker", "You can’t run a city by tide table", "Petra Lindqvale", "Augustin P. Velloway"},
			{"a role is no wrong speaker", "Nobody was hurt, and that is the only good sentence I have for you today", "the mayor", "Ingrid T. Solvane"},
			{"not found", "penguins should be paid by the hour in copper coins", "", "Not found"},
		} {
			t.Run(c.name, func(t *testing.T) {
				options := map[string]any{"claim": c.claim}
				if c.speaker != "" {
					options["speaker"] = c.speaker
				}
				wants(t, s.use(member, "verify", options), c.want)
			})
		}
	})

	t.Run("a picture is drawn for the member, and shared with all", func(t *testing.T) {
		m := s.use(member, "who", map[string]any{"words": "a light that nobody needs is a lamp"})
		picture := s.click(m, "Picture", member)
		if len(picture.Attachments) != 1 || picture.Attachments[0].ContentType != "image/png" || !picture.Ephemeral() {
			t.Fatalf("the picture is %+v", picture)
		}
		if alt := picture.Attachments[0].Description; !strings.Contains(alt, "Edda Marrowby") {
			t.Errorf("the picture is described as %q", alt)
		}
		light := s.click(picture, "Light", member)
		if len(light.Attachments) != 1 || light.Attachments[0].ID == picture.Attachments[0].ID {
			t.Errorf("the light picture does not take the dark one's place: %+v", light.Attachments)
		}
		if shared := s.click(light, "Share to channel", member); shared.Ephemeral() || len(shared.Attachments) != 1 {
			t.Errorf("shared as %+v", shared)
		}
	})

	t.Run("the quote in a message is checked from its menu", func(t *testing.T) {
		said, err := s.Post(s.Guilds()[0].Channels[0].ID, member, "“A light that everybody needs is no lamp” — Edda Marrowby :joy:")
		if err != nil {
			t.Fatal(err)
		}
		m, err := s.Invoke(s.ctx, sandbox.Invocation{User: member, Command: "Who said this?", Target: said.ID})
		if err != nil {
			t.Fatal(err)
		}
		wants(t, m, "Altered", "~~nobody~~", "Edda Marrowby")
		if !m.Ephemeral() {
			t.Error("the verdict on somebody's message is shown to everybody")
		}
	})

	t.Run("corpus is for moderators", func(t *testing.T) {
		_, err := s.Invoke(s.ctx, sandbox.Invocation{User: member, Command: "corpus status"})
		if !errors.Is(err, sandbox.ErrNotAllowed) {
			t.Errorf("a member uses /corpus status: %v, want %v", err, sandbox.ErrNotAllowed)
		}
		m := s.use(moderator, "corpus status", nil)
		if !m.Ephemeral() {
			t.Error("the status is shown to everybody")
		}
		wants(t, m, "Articles", "Quotes", "Speakers")
	})

	t.Run("corpus reindex rebuilds while answers go on", func(t *testing.T) {
		m := s.use(moderator, "corpus reindex", nil)
		running := s.click(m, "Rebuild", moderator)
		s.use(member, "who", map[string]any{"words": "a hanger does not warn you"})
		_, err := s.WaitMessage(s.ctx, running.ChannelID, moderator, func(m sandbox.Message) bool {
			return m.ID == running.ID && strings.Contains(seen(m), "rebuilt")
		})
		if err != nil {
			t.Fatal(err)
		}
		wants(t, s.use(member, "who", map[string]any{"words": "a hanger does not warn you"}), "Nils Ostergrave")
	})

	t.Run("no request breaks a rule of Discord", func(t *testing.T) {
		for _, r := range s.sent() {
			if err := discordspec.Lint(r.Request, r.body); err != nil {
				t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
			}
		}
	})

	t.Run("every request fits Discord's own description", func(t *testing.T) {
		spec := discordspec.ForTest(t)
		for _, r := range s.sent() {
			if err := spec.Request(r.Request, r.body); err != nil {
				t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
			}
		}
	})
}

// sent are the bot's requests so far.
func (s *stage) sent() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}
