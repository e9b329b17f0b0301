package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// Times of the gateway connection.
const (
	openWithin   = 20 * time.Second // from dialling to READY
	closeWithin  = 3 * time.Second  // discordgo takes one
	firstBackoff = time.Second
	maxBackoff   = 2 * time.Minute
	// resumeTries is how often a session is tried to be resumed before it is given up.
	resumeTries = 3
	// steadyAfter is how long a connection must have lasted to be worth coming back
	// to without a pause.
	steadyAfter = 5 * time.Second
	// silentFor is how long a connection may go without an acknowledged heartbeat:
	// twice Discord's interval of 41.25 s and a little. discordgo waits for five.
	silentFor = 90 * time.Second
)

// gateway keeps a connection to Discord's gateway. discordgo would reconnect by
// itself, but for ever, also when Discord has said that it is of no use; so the
// gateway does it, and discordgo only holds one connection.
type gateway struct {
	token   string
	client  *http.Client // for GET /gateway
	log     *slog.Logger
	onEvent func(*discordgo.Event)
	backoff time.Duration // the first one
	// How long a connection may be silent, and opening it may take.
	silence, openWithin time.Duration

	// shard is this connection's number of count; gate spaces identifies apart.
	shard, count int
	gate         *gate
	metrics      *Metrics

	conns   connections
	lost    chan struct{} // a connection was lost
	greeted atomic.Bool   // READY or RESUMED came on the present connection
}

// FatalError says that Discord will not let the bot connect as it is set up.
type FatalError struct {
	Code int    // Discord's close code
	Hint string // what to do about it
}

func (e *FatalError) Error() string {
	return fmt.Sprintf("Discord closed the gateway for good (code %d): %s", e.Code, e.Hint)
}

// Discord's close codes. A refused token also shows as a 401 of the request before.
const (
	closeAuthentication = 4004
	closeBadSequence    = 4007
	closeTimedOut       = 4009
	refusedToken        = "the token is refused. Copy it anew from the Discord developer portal (Bot, Reset Token)"
)

// fatal returns the FatalError for a close after which connecting again is
// useless, or nil.
func fatal(err error) error {
	var rest *discordgo.RESTError
	if errors.As(err, &rest) && rest.Response.StatusCode == http.StatusUnauthorized {
		return &FatalError{closeAuthentication, refusedToken}
	}
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return nil
	}
	hint := map[int]string{
		closeAuthentication: refusedToken,

		4010: "the shard number is invalid. Update whosaid, or report this",
		4011: "the bot needs more shards by now. Restart whosaid: it then opens as many as Discord recommends",
		4012: "this version of the gateway is no longer supported. Update whosaid",
		4013: "the intents are invalid. Update whosaid, or report this",
		4014: "the intents are not allowed for this application. Allow them in the Discord developer portal (Bot, Privileged Gateway Intents)",
	}[closed.Code]
	if hint == "" {
		return nil
	}
	return &FatalError{closed.Code, hint}
}

// run stays connected until ctx ends, when it returns nil, or until Discord refuses the bot
// for good.
func (g *gateway) run(ctx context.Context) error {
	session, failures := g.newSession(), 0
	fresh := true // the session will identify
	defer g.metrics.connected(g.shard, false)
	for {
		g.greeted.Store(false)
		g.metrics.connected(g.shard, false)
		if fresh && g.gate != nil && !g.gate.pass(ctx) {
			return nil
		}
		opened := time.Now()
		err := g.open(ctx, session)
		if err == nil {
			g.watch(ctx, session)
		}
		fresh = fresh && !g.greeted.Load()
		switch {
		case errors.Is(err, errStuck):
			session, fresh = g.newSession(), true // the old one can't even be closed
		case ctx.Err() != nil:
			return g.close(session)
		}
		if f := fatal(err); f != nil {
			return errors.Join(f, g.close(session))
		}
		wait := g.pause(failures+1, err)
		switch {
		case !g.greeted.Load():
			failures++
		case time.Since(opened) > steadyAfter:
			failures, wait = 0, 0 // members wait, and Discord expects a resume at once
		default:
			failures = 0
		}
		if err != nil {
			g.log.Warn("Could not connect to Discord", "err", err)
		}
		if sessionOver(err) || failures > 0 && failures%resumeTries == 0 {
			// A fresh session identifies anew, and shows a fatal close where Open returns it.
			g.log.Debug("Starting a new gateway session", "err", err)
			session, fresh = g.newSession(), true
		}
		if !sleep(ctx, wait) {
			return g.close(session)
		}
	}
}

// shardOf is another connection with the same settings.
func (g *gateway) shardOf(number int) *gateway {
	return &gateway{
		token: g.token, client: g.client, log: g.log, onEvent: g.onEvent, backoff: g.backoff,
		silence: g.silence, openWithin: g.openWithin,
		metrics: g.metrics, shard: number, lost: make(chan struct{}, 1),
	}
}

// sessionOver tells whether a close says that the session can't be resumed. After any
// other, what happened meanwhile would be lost with the session.
func sessionOver(err error) bool {
	var closed *websocket.CloseError
	return errors.As(err, &closed) && (closed.Code == closeBadSequence || closed.Code == closeTimedOut)
}

// watch returns when the connection is lost or ctx ends. It cuts a connection that
// is up but dead; cut rather than closed, so that its session can be resumed.
func (g *gateway) watch(ctx context.Context, session *discordgo.Session) {
	tick := time.NewTicker(g.silence / 10)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-g.lost:
			g.metrics.lost.Inc()
			g.log.Warn("The connection to Discord was lost", "shard", g.shard)
			return
		case <-tick.C:
		}
		session.RLock()
		last := session.LastHeartbeatAck
		session.RUnlock()
		if time.Since(last) > g.silence {
			g.log.Warn("Discord no longer acknowledges heartbeats", "since", last, "shard", g.shard)
			g.conns.cut()
		}
	}
}

// pause is how long to wait before connecting again: twice as long after each
// failure, with a random part so that not all bots come back at once, and for as
// long as Discord asks.
func (g *gateway) pause(failures int, err error) time.Duration {
	d := min(g.backoff<<min(failures-1, 10), maxBackoff)
	d = d/2 + rand.N(d/2+1)
	if limited := (*discordgo.RateLimitError)(nil); errors.As(err, &limited) {
		d += limited.RetryAfter
	}
	return d
}

// sleep waits, and reports false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// newSession makes a session that has no past.
func (g *gateway) newSession() *discordgo.Session {
	s := newSession(g.token, g.client)
	s.ShardID, s.ShardCount = g.shard, max(g.count, 1)
	s.Dialer = &websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: openWithin / 2,
		NetDialContext:   g.conns.dial,
	}
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if e.Type == "READY" || e.Type == "RESUMED" {
			g.greeted.Store(true)
			g.metrics.connected(g.shard, true)
		}
		g.handle(e)
	})
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case g.lost <- struct{}{}:
		default: // it is known already
		}
	})
	return s
}

// handle passes an event on. discordgo calls it while it reads the connection, so
// a panic would end the process.
func (g *gateway) handle(e *discordgo.Event) {
	defer func() {
		if v := recover(); v != nil {
			g.log.Error("An event could not be handled", "err", &panicError{value: v}, "type", e.Type, "stack", string(debug.Stack()))
		}
	}()
	g.onEvent(e)
}

// newSession makes a discordgo session that holds no state, logs nothing by itself,
// calls handlers in order, and leaves retries to the caller.
func newSession(token string, client *http.Client) *discordgo.Session {
	s, err := discordgo.New("Bot " + token)
	if err != nil { // v0.29.0 never returns one
		panic(fmt.Sprintf("bot: making a discordgo session: %v", err))
	}
	s.Client = client
	s.Identify.Intents = discordgo.IntentsNone // interactions come without any
	s.StateEnabled = false
	s.SyncEvents = true
	s.ShouldReconnectOnError = false
	s.ShouldRetryOnRateLimit = false
	s.LogLevel = -1
	return s
}

// errStuck says that discordgo doesn't come back.
var errStuck = errors.New("the Discord client is stuck")

// open connects a session. discordgo's Open can't be interrupted and waits
// without limit for a silent gateway, so its network connection is cut instead.
// When Discord asks it to reconnect before it has greeted it, Open locks itself out for
// good; it is left behind.
func (g *gateway) open(ctx context.Context, s *discordgo.Session) error {
	ctx, cancel := context.WithTimeout(ctx, g.openWithin)
	defer cancel()
	defer context.AfterFunc(ctx, g.conns.cut)()
	select {
	case <-g.lost: // of an earlier connection
	default:
	}
	done := make(chan error, 1)
	go func() { done <- s.Open() }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		select {
		case err = <-done:
		case <-time.After(closeWithin):
			err = errStuck
		}
	}
	if errors.Is(err, discordgo.ErrWSAlreadyOpen) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("connecting to Discord's gateway: %w", redact(err))
	}
	return nil
}

// close says goodbye to Discord.
func (g *gateway) close(s *discordgo.Session) error {
	err := s.Close()
	g.conns.cut()
	if err != nil {
		return fmt.Errorf("closing the connection to Discord: %w", err)
	}
	return nil
}

// connections are the network connections that a session's dialer made, so that
// they can be cut. At most one is of use.
type connections struct {
	mu   sync.Mutex
	last net.Conn
}

func (c *connections) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: openWithin / 2}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = conn
	return conn, nil
}

// cut closes the last connection, which ends whatever waits for it.
func (c *connections) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != nil {
		c.last.Close()
		c.last = nil
	}
}

// applicationOf is the application's id in a READY event.
func applicationOf(e *discordgo.Event) (id string, err error) {
	var ready struct {
		Application struct {
			ID string `json:"id"`
		} `json:"application"`
	}
	if err := json.Unmarshal(e.RawData, &ready); err != nil {
		return "", fmt.Errorf("reading READY: %w", err)
	}
	if !snowflake.MatchString(ready.Application.ID) {
		return "", errors.New("reading READY: it names no application")
	}
	return ready.Application.ID, nil
}
