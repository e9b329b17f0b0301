package bot

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/whosaid/whosaid/bot/card"
)

// Config is what a Bot is made of.
type Config struct {
	// Token is the bot's token, without "Bot " before it.
	Token string
	// Backend finds the answers.
	Backend Backend
	// StateDir is a folder for the little that the bot keeps across restarts;
	// it is made if need be.
	StateDir string
	// Logger defaults to slog.Default().
	Logger *slog.Logger
	// HTTPClient, if set, lends its Transport to every REST request; its
	// timeout is not used. A stand-in for Discord is reached by a transport that
	// redirects to it; the gateway's address then comes from the stand-in.
	HTTPClient *http.Client
	// AppID is the application's id; "" takes it from the gateway.
	AppID string
	// Curator is behind the moderators' commands; nil for a bot that answers only.
	Curator Curator
	// SharedByDefault has servers that have not decided see the shared corpus.
	SharedByDefault bool
	// OperatorGuild is the id of the server whose own corpus is the shared one, or "".
	OperatorGuild string
	// PublicKey is the application's, in hexadecimal. If it is set, interactions
	// come over HTTP to [Bot.Interactions], and there is no gateway connection.
	PublicKey string
	// Metrics, if set, are kept up to date.
	Metrics *Metrics
	// Version of the program, for /about.
	Version string
	// Now defaults to time.Now.
	Now func() time.Time
	// OnReady, if set, is called each time that the bot is connected and its
	// commands are registered.
	OnReady func()
}

// Bot answers on Discord. Make one with New.
type Bot struct {
	config     Config
	gateway    *gateway
	registrar  *registrar
	dispatcher *dispatcher
	ready      chan string // application ids of READY events
	key        ed25519.PublicKey
	// identifyEvery is how far apart shards identify; tests shorten it.
	identifyEvery time.Duration
	mu            sync.Mutex // guards what Ready reports
	shards        []*gateway
	registered    bool
	// stopHandlers and stopFollows end what runs at a shutdown.
	stopHandlers context.CancelFunc
	stopFollows  context.CancelFunc
	// tests shorten the constants of these names
	drainWithin, giveUpWithin time.Duration
}

const (
	// drainWithin is how long a shutdown waits for answers under way; then their
	// handlers are told to stop, and have giveUpWithin to do so and tell the members.
	drainWithin  = 10 * time.Second
	giveUpWithin = 5 * time.Second
	// registerAgain is how long after a failure the commands are registered again.
	registerAgain = time.Minute
)

// New makes a bot; it doesn't connect yet.
func New(c Config) (*Bot, error) {
	switch {
	case c.Token == "":
		return nil, errors.New("making the bot: there is no token. Set DISCORD_TOKEN to the bot's token from the Discord developer portal")
	case c.Backend == nil:
		return nil, errors.New("making the bot: there is no backend")
	case c.AppID != "" && !snowflake.MatchString(c.AppID):
		return nil, fmt.Errorf("making the bot: %q is no application id", c.AppID)
	case c.OperatorGuild != "" && !snowflake.MatchString(c.OperatorGuild):
		return nil, fmt.Errorf("making the bot: %q is no server's id", c.OperatorGuild)
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Metrics == nil {
		c.Metrics = NewMetrics(prometheus.NewRegistry())
	}
	var key ed25519.PublicKey
	if c.PublicKey != "" {
		var err error
		if key, err = publicKey(c.PublicKey); err != nil {
			return nil, fmt.Errorf("making the bot: %w", err)
		}
	}
	var transport http.RoundTripper
	if c.HTTPClient != nil {
		transport = c.HTTPClient.Transport
	}
	store, err := newStore(c.StateDir, c.Now)
	if err != nil {
		return nil, fmt.Errorf("making the bot: %w", err)
	}
	sender := newSender(newSession(c.Token, nil), transport, c.Logger, c.Metrics)
	b := &Bot{
		config: c, ready: make(chan string, 1), key: key, identifyEvery: identifyEvery,
		drainWithin: drainWithin, giveUpWithin: giveUpWithin,
	}
	b.registrar = &registrar{sender, store, c.Logger, localized(Commands())}
	b.gateway = &gateway{
		token: c.Token, client: sender.client, log: c.Logger, onEvent: b.onEvent,
		backoff: firstBackoff, silence: silentFor, openWithin: openWithin,
		lost: make(chan struct{}, 1), metrics: c.Metrics,
	}
	cards, err := card.New(filepath.Join(c.StateDir, "fonts"))
	if err != nil {
		return nil, fmt.Errorf("making the bot: %w", err)
	}
	h := &handlers{
		backend: c.Backend, store: store, cards: cards, version: c.Version,
		curation: curation{
			curator: c.Curator, sharedByDefault: c.SharedByDefault, operatorGuild: c.OperatorGuild,
			download: downloader(transport), announce: sender.post,
		},
		talks:   newConversations(c.Now),
		reindex: &reindexer{backend: c.Backend, log: c.Logger, now: c.Now, every: progressEvery},
	}
	b.dispatcher = newDispatcher(h.routes(), sender, c.Logger, c.Now, c.Metrics)
	b.dispatcher.handlers, b.stopHandlers = context.WithCancel(context.Background())
	b.dispatcher.follows, b.stopFollows = context.WithCancel(context.Background())
	return b, nil
}

// Run connects (or, with a public key, waits for interactions over HTTP), registers the commands if they changed, and answers until ctx
// ends; then it lets answers under way finish, and returns nil. It fails with a
// [FatalError] when Discord refuses the bot for good. A Bot runs once.
func (b *Bot) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	registering := make(chan struct{})
	go func() {
		defer close(registering)
		b.register(ctx)
	}()
	run := b.runShards
	if b.key != nil {
		run = b.runEndpoint
	}
	err := run(ctx)
	cancel()
	<-registering
	b.drain()
	return err
}

// register registers the commands at each READY, and again after a while if
// that failed, until ctx ends.
func (b *Bot) register(ctx context.Context) {
	var appID string
	var retry <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case appID = <-b.ready:
		case <-retry:
		}
		retry = nil
		err := b.registrar.register(ctx, cmp.Or(b.config.AppID, appID))
		switch {
		case err == nil:
			b.mu.Lock()
			b.registered = true
			b.mu.Unlock()
			if b.config.OnReady != nil {
				b.config.OnReady()
			}
		case ctx.Err() == nil:
			b.config.Logger.Error("The commands could not be registered; those registered before go on working", "err", err, "again_in", registerAgain)
			retry = time.After(registerAgain)
		}
	}
}

// onEvent takes in an event of the gateway. It must return at once, since the
// connection waits for it.
func (b *Bot) onEvent(e *discordgo.Event) {
	switch e.Type {
	case "READY":
		id, err := applicationOf(e)
		if err != nil && b.config.AppID == "" {
			b.config.Logger.Error("The commands can't be registered", "err", err)
			return
		}
		select {
		case b.ready <- id:
		default: // an earlier READY is still being seen to
		}
	case "INTERACTION_CREATE":
		b.dispatcher.accept(e.RawData)
	}
}

// drain ends follow-ups at once, and handlers that don't finish in time.
func (b *Bot) drain() {
	b.stopFollows()
	stop := time.AfterFunc(b.drainWithin, b.stopHandlers)
	if !b.dispatcher.finish(b.drainWithin + b.giveUpWithin) {
		b.config.Logger.Error("Ending although answers are under way: a handler does not stop")
	}
	stop.Stop()
	b.stopHandlers()
}
