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
	openWithin   = 30 * time.Second // from dialling to READY
	firstBackoff = time.Second
	maxBackoff   = 2 * time.Minute
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
	silence time.Duration // how long a connection may be silent

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

// A refused token shows as a close of the gateway or as a 401 of the request before it.
const (
	closeAuthentication = 4004
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
		4011: "the bot is in more servers than one connection serves. Update whosaid to a version that shards, or remove the bot from some servers",
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
	for {
		g.greeted.Store(false)
		err := g.open(ctx, session)
		if err == nil {
			g.watch(ctx, session)
			if g.greeted.Load() {
				failures = 0
			}
		}
		if ctx.Err() != nil {
			return g.close(session)
		}
		if f := fatal(err); f != nil {
			return errors.Join(f, g.close(session))
		}
		var closed *websocket.CloseError
		if errors.As(err, &closed) || !g.greeted.Load() && err == nil {
			// The session can't be resumed. A fresh one identifies anew, and shows a
			// fatal close where Open returns it.
			g.log.Debug("Starting a new gateway session", "err", err)
			session = g.newSession()
		} else if err != nil {
			g.log.Warn("Could not connect to Discord", "err", err)
		}
		failures++
		wait := g.pause(failures)
		if limited := (*discordgo.RateLimitError)(nil); errors.As(err, &limited) {
			wait += limited.RetryAfter
		}
		if !sleep(ctx, wait) {
			return g.close(session)
		}
	}
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
			g.log.Warn("The connection to Discord was lost")
			return
		case <-tick.C:
		}
		session.RLock()
		last := session.LastHeartbeatAck
		session.RUnlock()
		if time.Since(last) > g.silence {
			g.log.Warn("Discord no longer acknowledges heartbeats", "since", last)
			g.conns.cut()
		}
	}
}

// pause is how long to wait before connecting again: twice as long after each
// failure, with a random part so that not all bots come back at once.
func (g *gateway) pause(failures int) time.Duration {
	d := min(g.backoff<<min(failures-1, 10), maxBackoff)
	return d/2 + rand.N(d/2+1)
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
	s.Dialer = &websocket.Dialer{
		Proxy:            http.ProxyFromEnvironment,
		HandshakeTimeout: openWithin / 2,
		NetDialContext:   g.conns.dial,
	}
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if e.Type == "READY" || e.Type == "RESUMED" {
			g.greeted.Store(true)
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

// open connects a session. discordgo's Open can't be interrupted and waits
// without limit for a silent gateway, so its network connection is cut instead.
func (g *gateway) open(ctx context.Context, s *discordgo.Session) error {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	defer context.AfterFunc(ctx, g.conns.cut)()
	select {
	case <-g.lost: // of an earlier connection
	default:
	}
	err := s.Open()
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
