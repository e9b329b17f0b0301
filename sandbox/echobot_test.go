package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"go.uber.org/goleak"

	"github.com/whosaid/whosaid/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echoBot is a small bot on the real discordgo, with a command for each thing
// that the stand-in does.
type echoBot struct {
	*discordgo.Session
	mu     sync.Mutex
	events []string // names of the gateway events, in order
	last   discordgo.Interaction
}

var echoCommands = []*discordgo.ApplicationCommand{
	{Name: "ping", Description: "Answers at once"},
	{Name: "slow", Description: "Thinks first", Options: []*discordgo.ApplicationCommandOption{
		{Type: discordgo.ApplicationCommandOptionInteger, Name: "ms", Description: "How long it thinks", Required: true}}},
	{Name: "never", Description: "Never answers"},
	{Name: "secret", Description: "Answers you alone"},
	{Name: "pages", Description: "A list with buttons to turn its pages"},
	{Name: "hostile", Description: "Repeats a text as it is", Options: []*discordgo.ApplicationCommandOption{
		{Type: discordgo.ApplicationCommandOptionString, Name: "text", Description: "The text", Required: true}}},
	{Name: "form", Description: "Opens a form"},
	{Name: "menu", Description: "Offers a menu"},
	{Name: "layout", Description: "Answers with layout components"},
	{Name: "file", Description: "Sends a file"},
	{Name: "city", Description: "Completes the name of a town", Options: []*discordgo.ApplicationCommandOption{
		{Type: discordgo.ApplicationCommandOptionString, Name: "name", Description: "A town", Required: true, Autocomplete: true},
		{Type: discordgo.ApplicationCommandOptionString, Name: "season", Description: "When", Choices: []*discordgo.ApplicationCommandOptionChoice{
			{Name: "Summer", Value: "summer"}, {Name: "Winter", Value: "winter"}}},
		{Type: discordgo.ApplicationCommandOptionBoolean, Name: "by_train", Description: "Whether to go by train"}}},
	{Name: "weigh", Description: "Weighs a file", Options: []*discordgo.ApplicationCommandOption{
		{Type: discordgo.ApplicationCommandOptionAttachment, Name: "file", Description: "The file", Required: true}}},
	{Name: "tidy", Description: "For moderators", DefaultMemberPermissions: ptr(int64(discordgo.PermissionManageGuild)),
		Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionSubCommand, Name: "up", Description: "Tidies up"},
			{Type: discordgo.ApplicationCommandOptionSubCommand, Name: "down", Description: "Tidies down"}}},
	{Name: "Shout this", Type: discordgo.MessageApplicationCommand},
}

func ptr[T any](v T) *T { return &v }

// start runs a stand-in and an echo bot on it until the test ends.
func start(t testing.TB, opts sandbox.Options) (*sandbox.Server, *echoBot) {
	t.Helper()
	return startWatched(t, opts, nil)
}

// startWatched is start; rec, if given, notes the bot's requests.
func startWatched(t testing.TB, opts sandbox.Options, rec *recorder) (*sandbox.Server, *echoBot) {
	t.Helper()
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	srv, err := sandbox.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	client := srv.Client()
	if rec != nil {
		rec.next = client.Transport
		client = &http.Client{Transport: rec}
	}
	bot := newEchoBot(t, srv, client)
	if err := bot.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		bot.settle(t)
		bot.Close()
	})
	if _, err := bot.ApplicationCommandBulkOverwrite(srv.ApplicationID(), "", echoCommands); err != nil {
		t.Fatal(err)
	}
	if err := srv.WaitForBot(t.Context(), "ping", "Shout this"); err != nil {
		t.Fatal(err)
	}
	return srv, bot
}

func newEchoBot(t testing.TB, srv *sandbox.Server, client *http.Client) *echoBot {
	t.Helper()
	session, err := discordgo.New("Bot " + srv.Token())
	if err != nil {
		t.Fatal(err)
	}
	session.Client = client
	session.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages
	session.LogLevel = -1
	bot := &echoBot{Session: session}
	session.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		bot.mu.Lock()
		defer bot.mu.Unlock()
		bot.events = append(bot.events, e.Type)
	})
	session.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		if err := bot.handle(i); err != nil {
			t.Errorf("echo bot: %v", err)
		}
	})
	return bot
}

// settle waits for the first heartbeat of a connection just made: one that fails
// because of Close makes discordgo connect again, for ever.
func (b *echoBot) settle(t testing.TB) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		b.RLock()
		ready := b.DataReady
		b.RUnlock()
		if ready {
			return
		}
	}
	t.Error("the bot sent no heartbeat")
}

func (b *echoBot) seen() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.events...)
}

// waitFor waits until the bot has been told of an event, after the first ones.
func (b *echoBot) waitFor(ctx context.Context, t testing.TB, after int, event string) {
	t.Helper()
	for !slices.Contains(b.seen()[after:], event) {
		select {
		case <-ctx.Done():
			t.Fatalf("no %s; events since: %q", event, b.seen()[after:])
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// lastInteraction is the newest one that the bot began to answer.
func (b *echoBot) lastInteraction() *discordgo.Interaction {
	b.mu.Lock()
	defer b.mu.Unlock()
	last := b.last
	return &last
}

func (b *echoBot) handle(i *discordgo.InteractionCreate) error {
	b.mu.Lock()
	b.last = *i.Interaction
	b.mu.Unlock()
	switch i.Type {
	case discordgo.InteractionApplicationCommand:
		return b.command(i)
	case discordgo.InteractionApplicationCommandAutocomplete:
		return b.complete(i)
	case discordgo.InteractionMessageComponent:
		return b.click(i)
	case discordgo.InteractionModalSubmit:
		row := i.ModalSubmitData().Components[0].(*discordgo.ActionsRow)
		return b.say(i, "You wrote: "+row.Components[0].(*discordgo.TextInput).Value)
	}
	return fmt.Errorf("unexpected interaction type %d", i.Type)
}

func (b *echoBot) respond(i *discordgo.InteractionCreate, kind discordgo.InteractionResponseType, data *discordgo.InteractionResponseData) error {
	return b.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{Type: kind, Data: data})
}

func (b *echoBot) say(i *discordgo.InteractionCreate, text string) error {
	return b.respond(i, discordgo.InteractionResponseChannelMessageWithSource, &discordgo.InteractionResponseData{
		Content: text, AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}})
}

func (b *echoBot) command(i *discordgo.InteractionCreate) error {
	data := i.ApplicationCommandData()
	switch data.Name {
	case "ping":
		return b.say(i, "pong for "+i.Member.User.GlobalName)
	case "never":
		return nil
	case "slow":
		return b.slow(i, time.Duration(data.Options[0].IntValue())*time.Millisecond)
	case "secret":
		return b.respond(i, discordgo.InteractionResponseChannelMessageWithSource, &discordgo.InteractionResponseData{
			Content: "between us", Flags: discordgo.MessageFlagsEphemeral})
	case "pages":
		return b.respond(i, discordgo.InteractionResponseChannelMessageWithSource, page(1))
	case "hostile":
		return b.say(i, data.Options[0].StringValue())
	case "city":
		var parts []string
		for _, o := range data.Options {
			parts = append(parts, fmt.Sprintf("%s=%v", o.Name, o.Value))
		}
		return b.say(i, strings.Join(parts, " "))
	case "weigh":
		return b.weigh(i)
	case "tidy":
		return b.say(i, "tidied "+data.Options[0].Name)
	case "Shout this":
		return b.say(i, strings.ToUpper(data.Resolved.Messages[data.TargetID].Content))
	case "form":
		return b.respond(i, discordgo.InteractionResponseModal, &discordgo.InteractionResponseData{CustomID: "form", Title: "A form",
			Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
				discordgo.TextInput{CustomID: "words", Label: "Your words", Style: discordgo.TextInputShort, Required: true}}}}})
	case "menu":
		return b.respond(i, discordgo.InteractionResponseChannelMessageWithSource, &discordgo.InteractionResponseData{Content: "Choose:",
			Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
				discordgo.SelectMenu{CustomID: "tea", Placeholder: "A tea", Options: []discordgo.SelectMenuOption{
					{Label: "Green", Value: "green"}, {Label: "Black", Value: "black"}}}}}}})
	case "layout":
		return b.respond(i, discordgo.InteractionResponseChannelMessageWithSource, layout())
	case "file":
		return b.respond(i, discordgo.InteractionResponseChannelMessageWithSource, &discordgo.InteractionResponseData{
			Content: "Here:", Files: []*discordgo.File{{Name: "notes.txt", ContentType: "text/plain", Reader: strings.NewReader("a note")}}})
	}
	return fmt.Errorf("unexpected command %q", data.Name)
}

// weigh fetches the file that came with a command, as a bot would from Discord.
func (b *echoBot) weigh(i *discordgo.InteractionCreate) error {
	for _, a := range i.ApplicationCommandData().Resolved.Attachments {
		reply, err := b.Client.Get(a.URL)
		if err != nil {
			return err
		}
		defer reply.Body.Close()
		data, err := io.ReadAll(reply.Body)
		if err != nil {
			return err
		}
		return b.say(i, fmt.Sprintf("%s has %d of %d bytes: %s", a.Filename, len(data), a.Size, data))
	}
	return errors.New("no file came with the command")
}

// slow defers, thinks, and edits its answer in.
func (b *echoBot) slow(i *discordgo.InteractionCreate, pause time.Duration) error {
	if err := b.respond(i, discordgo.InteractionResponseDeferredChannelMessageWithSource, nil); err != nil {
		return err
	}
	time.Sleep(pause)
	_, err := b.InteractionResponseEdit(i.Interaction, &discordgo.WebhookEdit{Content: ptr("thought it over")})
	return err
}

func (b *echoBot) complete(i *discordgo.InteractionCreate) error {
	var choices []*discordgo.ApplicationCommandOptionChoice
	for _, o := range i.ApplicationCommandData().Options {
		for _, town := range []string{"Aldmoor", "Aldwick", "Brenfield", "Castle Hollow"} {
			if o.Focused && strings.HasPrefix(strings.ToLower(town), strings.ToLower(o.StringValue())) {
				choices = append(choices, &discordgo.ApplicationCommandOptionChoice{Name: town, Value: strings.ToLower(town)})
			}
		}
	}
	return b.respond(i, discordgo.InteractionApplicationCommandAutocompleteResult, &discordgo.InteractionResponseData{Choices: choices})
}

func (b *echoBot) click(i *discordgo.InteractionCreate) error {
	data := i.MessageComponentData()
	if data.CustomID == "tea" {
		return b.say(i, "You chose "+strings.Join(data.Values, ", "))
	}
	n, err := strconv.Atoi(strings.TrimPrefix(data.CustomID, "page:"))
	if err != nil {
		return err
	}
	return b.respond(i, discordgo.InteractionResponseUpdateMessage, page(n))
}

// page is a page of a list: an embed with every part, and buttons.
func page(n int) *discordgo.InteractionResponseData {
	return &discordgo.InteractionResponseData{
		Embeds: []*discordgo.MessageEmbed{{
			Title: fmt.Sprintf("Page %d of 3", n), URL: "https://example.org/list", Color: 0x3b7d5c,
			Author:      &discordgo.MessageEmbedAuthor{Name: "The Aldmoor Courier"},
			Description: "> A *quoted* line with **bold** words\nand [a link](https://example.org/)",
			Fields:      []*discordgo.MessageEmbedField{{Name: "Date", Value: "3 May", Inline: true}, {Name: "Kind", Value: "`direct`", Inline: true}},
			Footer:      &discordgo.MessageEmbedFooter{Text: "A footer"},
		}},
		Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
			discordgo.Button{Label: "Back", Style: discordgo.SecondaryButton, CustomID: fmt.Sprintf("page:%d", n-1), Disabled: n == 1},
			discordgo.Button{Label: "Next", Style: discordgo.PrimaryButton, CustomID: fmt.Sprintf("page:%d", n+1), Disabled: n == 3},
			discordgo.Button{Label: "Source", Style: discordgo.LinkButton, URL: "https://example.org/"},
		}}},
	}
}

func layout() *discordgo.InteractionResponseData {
	return &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsIsComponentsV2, Components: []discordgo.MessageComponent{
		discordgo.Container{AccentColor: ptr(0x5c3b7d), Components: []discordgo.MessageComponent{
			discordgo.TextDisplay{Content: "## A heading\nand a line"},
			discordgo.Separator{},
			discordgo.Section{Components: []discordgo.MessageComponent{discordgo.TextDisplay{Content: "with a button"}},
				Accessory: discordgo.Button{Label: "Turn", Style: discordgo.SuccessButton, CustomID: "page:2"}},
		}}}}
}

// exchange is a request of the bot and the answer it got.
type exchange struct {
	req  *http.Request
	resp *http.Response
	body []byte
}

// recorder is a transport that notes what passes through it.
type recorder struct {
	next http.RoundTripper
	mu   sync.Mutex
	seen []exchange
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, exchange{req, resp, body})
	return resp, err
}

func (r *recorder) all() []exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]exchange(nil), r.seen...)
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
