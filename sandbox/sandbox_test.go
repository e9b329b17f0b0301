package sandbox_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/sandbox"
)

// What each command of the echo bot shows to who uses it.
func TestCommandsShowTheirAnswer(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	tests := []struct {
		name string
		inv  sandbox.Invocation
		want string
	}{
		{"an answer at once", sandbox.Invocation{Command: "ping"}, "pong for Robin Vale"},
		{"a deferred answer", sandbox.Invocation{Command: "slow", Options: map[string]any{"ms": 50}}, "thought it over"},
		{"an ephemeral answer", sandbox.Invocation{Command: "secret"}, "between us"},
		{"options of several types", sandbox.Invocation{Command: "city", Options: map[string]any{"name": "Aldmoor", "season": "winter", "by_train": true}}, "name=Aldmoor season=winter by_train=true"},
		{"a file", sandbox.Invocation{Command: "weigh", Options: map[string]any{"file": sandbox.File{Name: "a note?.txt", ContentType: "text/plain", Data: []byte("four")}}}, "a_note_.txt has 4 of 4 bytes: four"},
		{"a subcommand, as moderator", sandbox.Invocation{Command: "tidy up", User: sandbox.UserModerator}, "tidied up"},
		{"in the other server", sandbox.Invocation{Command: "ping", Guild: sandbox.GuildLibrary, User: sandbox.UserModerator}, "pong for Sam Harrow"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := srv.Invoke(within(t, time.Minute), tt.inv)
			if err != nil {
				t.Fatal(err)
			}
			if m.Content != tt.want || m.Loading() {
				t.Errorf("got %q (loading %t), want %q", m.Content, m.Loading(), tt.want)
			}
		})
	}
}

// What Discord's client or server stops before a bot hears of it.
func TestInvocationsRefused(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	tests := []struct {
		name string
		inv  sandbox.Invocation
		want error
	}{
		{"no such command", sandbox.Invocation{Command: "pong"}, sandbox.ErrUnknownCommand},
		{"no such subcommand", sandbox.Invocation{Command: "tidy sideways", User: sandbox.UserModerator}, sandbox.ErrUnknownCommand},
		{"a moderator's command as member", sandbox.Invocation{Command: "tidy up"}, sandbox.ErrNotAllowed},
		{"a required option left out", sandbox.Invocation{Command: "city"}, sandbox.ErrBadOption},
		{"an option that isn't one", sandbox.Invocation{Command: "ping", Options: map[string]any{"x": 1}}, sandbox.ErrBadOption},
		{"not one of the choices", sandbox.Invocation{Command: "city", Options: map[string]any{"name": "a", "season": "fall"}}, sandbox.ErrBadOption},
		{"text for a file", sandbox.Invocation{Command: "weigh", Options: map[string]any{"file": "notes.txt"}}, sandbox.ErrBadOption},
		{"a file too large", sandbox.Invocation{Command: "weigh", Options: map[string]any{"file": sandbox.File{Name: "a", Data: make([]byte, 10<<20+1)}}}, sandbox.ErrBadOption},
		{"not a number", sandbox.Invocation{Command: "slow", Options: map[string]any{"ms": "soon"}}, sandbox.ErrBadOption},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := srv.Invoke(within(t, time.Minute), tt.inv); !errors.Is(err, tt.want) {
				t.Errorf("got error %v, want %v", err, tt.want)
			}
		})
	}
}

func TestButtonsTurnThePage(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	ctx := within(t, time.Minute)
	first, err := srv.Invoke(ctx, sandbox.Invocation{Command: "pages"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := srv.Click(ctx, first, "page:2", sandbox.UserMember)
	if err != nil {
		t.Fatal(err)
	}
	if second.ID != first.ID || second.Embeds[0].Title != "Page 2 of 3" || second.EditedTimestamp == nil {
		t.Errorf("got %+v, want the same message, edited, on page 2", second)
	}
	if _, err := srv.Click(ctx, first, "page:9", sandbox.UserMember); !errors.Is(err, sandbox.ErrNoComponent) {
		t.Errorf("a button that isn't there: got %v", err)
	}
	if _, err := srv.Click(ctx, first, "page:0", sandbox.UserMember); !errors.Is(err, sandbox.ErrNoComponent) {
		t.Errorf("a disabled button that was never there: got %v", err)
	}
}

func TestMenusFormsAndMessageCommands(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	ctx := within(t, time.Minute)

	menu, err := srv.Invoke(ctx, sandbox.Invocation{Command: "menu"})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := srv.Select(ctx, menu, "tea", []string{"black"}, ""); err != nil || m.Content != "You chose black" {
		t.Errorf("menu: got %q, %v", m.Content, err)
	}

	var form *sandbox.ModalError
	if _, err := srv.Invoke(ctx, sandbox.Invocation{Command: "form"}); !errors.As(err, &form) {
		t.Fatalf("form: got error %v, want a ModalError", err)
	}
	if m, err := srv.Submit(ctx, form, map[string]string{"words": "a few"}); err != nil || m.Content != "You wrote: a few" {
		t.Errorf("form: got %q, %v", m.Content, err)
	}

	said, err := srv.Post(sandbox.ChannelNewsroomGeneral, sandbox.UserModerator, "quiet words")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := srv.Invoke(ctx, sandbox.Invocation{Command: "Shout this", Target: said.ID}); err != nil || m.Content != "QUIET WORDS" {
		t.Errorf("message command: got %q, %v", m.Content, err)
	}
}

func TestAutocomplete(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	got, err := srv.Autocomplete(within(t, time.Minute), sandbox.Invocation{Command: "city", Options: map[string]any{"name": "ald"}}, "name")
	if err != nil {
		t.Fatal(err)
	}
	want := []sandbox.Choice{{Name: "Aldmoor", Value: "aldmoor"}, {Name: "Aldwick", Value: "aldwick"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
}

func TestEphemeralIsForItsUserAlone(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	m, err := srv.Invoke(within(t, time.Minute), sandbox.Invocation{Command: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	has := func(user string) bool {
		return slices.ContainsFunc(srv.Messages(m.ChannelID, user), func(o sandbox.Message) bool { return o.ID == m.ID })
	}
	if !has(sandbox.UserMember) || has(sandbox.UserModerator) {
		t.Errorf("seen by member: %t, by moderator: %t; want true, false", has(sandbox.UserMember), has(sandbox.UserModerator))
	}
	if err := srv.Dismiss(m, sandbox.UserMember); err != nil || has(sandbox.UserMember) {
		t.Errorf("after dismissing: error %v, still seen %t", err, has(sandbox.UserMember))
	}
}

func TestNoReplyFails(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{ReplyDeadline: 100 * time.Millisecond})
	if _, err := srv.Invoke(within(t, time.Minute), sandbox.Invocation{Command: "never"}); !errors.Is(err, sandbox.ErrNoReply) {
		t.Errorf("got %v, want ErrNoReply", err)
	}
}

func TestCommandsOfferedByPermission(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	offered := func(user string) bool {
		return slices.ContainsFunc(srv.Commands(sandbox.GuildNewsroom, user), func(c sandbox.Command) bool { return c.Name == "tidy" })
	}
	if offered(sandbox.UserMember) || !offered(sandbox.UserModerator) {
		t.Errorf("tidy offered to member %t, to moderator %t; want false, true", offered(sandbox.UserMember), offered(sandbox.UserModerator))
	}
}

func TestFilesComeBackAndCannotRun(t *testing.T) {
	t.Parallel()
	srv, bot := start(t, sandbox.Options{})
	m, err := srv.Invoke(within(t, time.Minute), sandbox.Invocation{Command: "file"})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Attachments) != 1 || m.Attachments[0].Filename != "notes.txt" || m.Attachments[0].Size != 6 {
		t.Fatalf("got attachments %+v", m.Attachments)
	}
	resp, err := bot.Client.Get(m.Attachments[0].URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || string(data) != "a note" {
		t.Errorf("got %q, %v", data, err)
	}
	if got := resp.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("a text file would be shown in place: Content-Disposition %q", got)
	}
}

// A connection that is lost comes back by itself, with its session or a new one.
func TestReconnect(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		lose  func(*sandbox.Server)
		event string // that the bot is told at its return
	}{
		{"closed by the server, resumed", func(s *sandbox.Server) { s.Disconnect(4000) }, "RESUMED"},
		{"asked to reconnect, resumed", func(s *sandbox.Server) { s.Disconnect(0) }, "RESUMED"},
		{"session forgotten, identified anew", func(s *sandbox.Server) { s.DisconnectForgetting(4000) }, "READY"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv, bot := start(t, sandbox.Options{})
			ctx := within(t, time.Minute)
			bot.waitFor(ctx, t, 0, "READY") // of the first connection: handlers run when they come to it
			before := len(bot.seen())
			tt.lose(srv)
			bot.waitFor(ctx, t, before, tt.event)
			if m, err := srv.Invoke(ctx, sandbox.Invocation{Command: "ping"}); err != nil || m.Content == "" {
				t.Errorf("after the return: %q, %v", m.Content, err)
			}
		})
	}
}

func TestMentionsFireOnlyWhenAllowed(t *testing.T) {
	t.Parallel()
	srv, bot := start(t, sandbox.Options{})
	text := "@everyone and <@" + sandbox.UserModerator + ">"
	m, err := srv.Invoke(within(t, time.Minute), sandbox.Invocation{Command: "hostile", Options: map[string]any{"text": text}})
	if err != nil {
		t.Fatal(err)
	}
	if m.MentionEveryone || len(m.Mentions) > 0 {
		t.Errorf("mentions fired although none were allowed: %+v", m)
	}
	sent, err := bot.ChannelMessageSend(sandbox.ChannelNewsroomGeneral, text)
	if err != nil {
		t.Fatal(err)
	}
	if !sent.MentionEveryone || len(sent.Mentions) != 1 {
		t.Errorf("without allowed_mentions both should fire: %+v", sent)
	}
}

// A wrong answer of a bot gets Discord's error: its status and its code.
func TestWrongAnswersAreRefused(t *testing.T) {
	t.Parallel()
	srv, bot := start(t, sandbox.Options{ReplyDeadline: 2 * time.Second})
	ctx := within(t, time.Minute)

	if _, err := srv.Invoke(ctx, sandbox.Invocation{Command: "ping"}); err != nil {
		t.Fatal(err)
	}
	again := &discordgo.InteractionResponse{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: &discordgo.InteractionResponseData{Content: "again"}}
	wantREST(t, "a second answer", bot.InteractionRespond(bot.lastInteraction(), again), 400, 40060)

	_, _ = srv.Invoke(ctx, sandbox.Invocation{Command: "never"}) // fails at its deadline, as it should
	wantREST(t, "a late answer", bot.InteractionRespond(bot.lastInteraction(), again), 404, 10062)

	_, err := bot.ChannelMessageSend(sandbox.ChannelNewsroomGeneral, strings.Repeat("x", 2001))
	wantREST(t, "a long message", err, 400, 50035)
	_, err = bot.ChannelMessageSend(sandbox.ChannelNewsroomGeneral, " ")
	wantREST(t, "an empty message", err, 400, 50006)
	_, err = bot.ChannelMessageSend("123456789012345678", "hello")
	wantREST(t, "an unknown channel", err, 404, 10003)
	_, err = bot.ApplicationCommandCreate(srv.ApplicationID(), "", &discordgo.ApplicationCommand{Name: "Loud", Description: "x"})
	wantREST(t, "a capital in a command name", err, 400, 50035)

	bot.Token = "Bot wrong"
	_, err = bot.User("@me")
	wantREST(t, "a wrong token", err, 401, 0)
}

func wantREST(t *testing.T, what string, err error, status, code int) {
	t.Helper()
	var rest *discordgo.RESTError
	if !errors.As(err, &rest) {
		t.Errorf("%s: got %v, want a REST error", what, err)
		return
	}
	if rest.Response.StatusCode != status || rest.Message.Code != code {
		t.Errorf("%s: got %d with code %d, want %d with %d", what, rest.Response.StatusCode, rest.Message.Code, status, code)
	}
}

// Another web page must not drive the sandbox, even when its name was pointed
// at this machine.
func TestOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	tests := []struct {
		name, path, host, origin string
		want                     int
	}{
		{"the page itself", "", "", "", http.StatusOK},
		{"a rebound name", "", "evil.example", "", http.StatusMisdirectedRequest},
		{"another site's script", "app/state", "", "https://evil.example", http.StatusForbidden},
		{"another site's websocket", "gateway/?v=10", "", "https://evil.example", http.StatusForbidden},
		{"without the page's cookie", "app/state", "", "", http.StatusForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL()+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if tt.host != "" {
				req.Host = tt.host
			}
			if tt.origin != "" {
				req.Header.Set("Origin", tt.origin)
			}
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			resp, err := transport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != tt.want {
				t.Errorf("got %s, want %d", resp.Status, tt.want)
			}
		})
	}
}

func TestListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "nonsense"} {
		if srv, err := sandbox.New(sandbox.Options{Addr: addr}); err == nil {
			srv.Close()
			t.Errorf("listens on %q", addr)
		}
	}
}

func TestClientReachesDiscordsHostsOnly(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	if resp, err := srv.Client().Get("https://example.org/"); err == nil {
		resp.Body.Close()
		t.Error("a request to another host was let through")
	}
}

// How long a command takes from the user to the bot and back.
func BenchmarkInvoke(b *testing.B) {
	srv, _ := start(b, sandbox.Options{})
	for b.Loop() {
		if _, err := srv.Invoke(b.Context(), sandbox.Invocation{Command: "ping"}); err != nil {
			b.Fatal(err)
		}
	}
}
