package sandbox_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/whosaid/whosaid/internal/discordspec"
	"github.com/whosaid/whosaid/sandbox"
)

// Every answer that the stand-in gives must be one that Discord could give, by
// Discord's own description. Errors are left out: the description says their
// inner codes are numbers, while Discord sends names.
func TestResponsesAreDiscords(t *testing.T) {
	t.Parallel()
	spec := discordspec.ForTest(t)
	rec := &recorder{}
	srv, bot := startWatched(t, sandbox.Options{}, rec)
	useEverything(t, srv, bot)
	answerEverything(t, srv, bot)

	seen := map[string]bool{}
	for _, e := range rec.all() {
		if e.resp.StatusCode >= 400 {
			t.Errorf("%s %s: %s %s", e.req.Method, e.req.URL.Path, e.resp.Status, e.body)
			continue
		}
		if err := spec.Response(e.req, e.resp.StatusCode, e.resp.Header, e.body); err != nil {
			t.Errorf("%s %s: %.600s\n%s", e.req.Method, e.req.URL.Path, err, e.body)
		}
		seen[e.req.Method+" "+strings.Split(e.req.URL.Path, "/")[3]] = true
	}
	for _, want := range []string{"GET gateway", "GET users", "GET applications", "PUT applications", "POST applications", "PATCH applications", "DELETE applications",
		"POST interactions", "PATCH webhooks", "POST webhooks", "GET webhooks", "DELETE webhooks", "POST channels", "PATCH channels", "GET channels", "DELETE channels", "GET guilds"} {
		if !seen[want] {
			t.Errorf("no request like %q was made: this test no longer covers it", want)
		}
	}
}

// useEverything sends one request to each endpoint that needs no interaction.
func useEverything(t *testing.T, srv *sandbox.Server, bot *echoBot) {
	t.Helper()
	app := srv.ApplicationID()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(bot.Gateway())
	must(bot.GatewayBot())
	must(bot.User("@me"))
	must(bot.User(sandbox.UserMember))
	must(bot.Guild(sandbox.GuildNewsroom))
	must(bot.GuildChannels(sandbox.GuildNewsroom))
	must(bot.GuildMember(sandbox.GuildNewsroom, sandbox.UserModerator))
	must(bot.UserGuilds(10, "", "", false))
	must(bot.Channel(sandbox.ChannelNewsroomGeneral))
	must(bot.Request(http.MethodGet, discordgo.EndpointAPI+"applications/@me", nil))

	must(bot.ApplicationCommandBulkOverwrite(app, sandbox.GuildLibrary, echoCommands))
	made, err := bot.ApplicationCommandCreate(app, "", &discordgo.ApplicationCommand{Name: "extra", Description: "One more"})
	must(made, err)
	must(bot.ApplicationCommand(app, "", made.ID))
	must(bot.ApplicationCommandEdit(app, "", made.ID, &discordgo.ApplicationCommand{Name: "extra", Description: "Renamed"}))
	must(bot.ApplicationCommands(app, ""))
	must(nil, bot.ApplicationCommandDelete(app, "", made.ID))

	sent, err := bot.ChannelMessageSendComplex(sandbox.ChannelNewsroomGeneral, &discordgo.MessageSend{Content: "hello",
		Files: []*discordgo.File{{Name: "a.txt", ContentType: "text/plain", Reader: bytes.NewReader([]byte("a"))}}})
	must(sent, err)
	must(bot.ChannelMessageEdit(sent.ChannelID, sent.ID, "hello again"))
	must(bot.ChannelMessage(sent.ChannelID, sent.ID))
	must(bot.ChannelMessages(sent.ChannelID, 10, "", "", ""))
	must(nil, bot.ChannelMessageDelete(sent.ChannelID, sent.ID))
}

// answerEverything lets the bot answer interactions of every kind.
func answerEverything(t *testing.T, srv *sandbox.Server, bot *echoBot) {
	t.Helper()
	ctx := within(t, time.Minute)
	for _, command := range []string{"ping", "secret", "menu", "file", "pages", "layout"} {
		m, err := srv.Invoke(ctx, sandbox.Invocation{Command: command})
		if err != nil {
			t.Fatalf("/%s: %v", command, err)
		}
		if command == "pages" {
			if _, err := srv.Click(ctx, m, "page:2", ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := bot.InteractionResponse(bot.lastInteraction()); err != nil {
			t.Errorf("reading the answer of /%s: %v", command, err)
		}
	}
	if _, err := srv.Invoke(ctx, sandbox.Invocation{Command: "slow", Options: map[string]any{"ms": 1}}); err != nil {
		t.Fatal(err)
	}
	last := bot.lastInteraction()
	follow, err := bot.FollowupMessageCreate(last, true, &discordgo.WebhookParams{Content: "and another thing"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bot.FollowupMessageEdit(last, follow.ID, &discordgo.WebhookEdit{Content: ptr("and one more")}); err != nil {
		t.Fatal(err)
	}
	if err := bot.FollowupMessageDelete(last, follow.ID); err != nil {
		t.Fatal(err)
	}
}
