package sandbox

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Options say how to run a stand-in. The zero value is good for tests.
type Options struct {
	// Addr is where to listen: a loopback address, "127.0.0.1:0" (any free
	// port) by default.
	Addr string
	// AppName is the bot's name on the page, "whosaid" by default.
	AppName string
	// Examples are shown on the page, to be tried with a click.
	Examples []Example
	// Logger gets what the stand-in notices; nothing is logged by default.
	Logger *slog.Logger
	// ReplyDeadline is how long a bot may take to answer an interaction;
	// Discord's 3 seconds by default.
	ReplyDeadline time.Duration
	// OnRequest is shown every REST request of the bot with its body, before it
	// is carried out. It may be called from several goroutines at once.
	OnRequest func(r *http.Request, body []byte)
	// Fault, if set, says what goes wrong with a request of the bot, after
	// OnRequest has seen it. It may be called from several goroutines at once.
	Fault func(r *http.Request) Fault
	// Twice, if set, says which interactions are delivered to the bot twice. It
	// may be called from several goroutines at once.
	Twice func(interaction string) bool
}

// An Example is a command filled in, to be tried with a click.
type Example struct {
	Label   string            `json:"label"`
	Command string            `json:"command"` // "ask", or "corpus status" for a subcommand
	Options map[string]string `json:"options"`
}

// A Server is a running stand-in.
type Server struct {
	*state
	opts     Options
	log      *slog.Logger
	token    string
	listener net.Listener
	http     *http.Server
	gateway  *gateway
	limits   rateLimits
	client   *http.Client
	sessions browserSessions
	stop     context.CancelFunc
	done     chan struct{}
}

// closeTimeout is how long Close waits for requests under way.
const closeTimeout = 3 * time.Second

// New begins to listen and serve. Close ends it.
func New(opts Options) (*Server, error) {
	opts.Addr = cmp.Or(opts.Addr, "127.0.0.1:0")
	opts.ReplyDeadline = cmp.Or(opts.ReplyDeadline, defaultReplyDeadline)
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	listener, err := listenLoopback(opts.Addr)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{
		state: newState(newWorld(cmp.Or(opts.AppName, "whosaid"))), opts: opts, log: opts.Logger,
		token: "sandbox." + rand.Text(), listener: listener, stop: stop, done: make(chan struct{}),
		limits:   rateLimits{buckets: map[string]*bucket{}},
		sessions: browserSessions{known: map[string]time.Time{}},
	}
	s.gateway = newGateway(s)
	s.client = newClient(listener.Addr().String())
	s.http = &http.Server{
		Handler:           s.routes(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	go s.serve()
	return s, nil
}

// listenLoopback listens on an address of this machine only.
func listenLoopback(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox address %q: %w (write it as 127.0.0.1:8765)", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("sandbox address %q: the sandbox has no accounts and serves this machine only (use 127.0.0.1)", addr)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w (is another one running? choose another port)", err)
	}
	return listener, nil
}

func (s *Server) serve() {
	defer close(s.done)
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		s.log.Error("the sandbox stopped serving", "error", err)
	}
}

// Run waits until ctx ends or serving fails, then closes the server.
func (s *Server) Run(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-s.done:
	}
	return s.Close()
}

// Close ends all connections and waits for the server's goroutines.
func (s *Server) Close() error {
	s.stop() // ends the event streams
	s.gateway.shutdown()
	s.client.CloseIdleConnections() // those never used would be waited for
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	<-s.done
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, it := range s.interactions {
		it.deadline.Stop()
	}
	if err != nil {
		return fmt.Errorf("closing the sandbox: %w", err)
	}
	return nil
}

// URL is the address of the chat page, ending in a slash.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() + "/" }

func (s *Server) gatewayURL() string { return "ws://" + s.listener.Addr().String() + "/gateway/" }

// Token is the bot's token here, without the "Bot " before it.
func (s *Server) Token() string { return s.token }

// Client returns the HTTP client to give the bot's Discord client: requests to
// Discord's hosts go to this server instead, others are refused.
func (s *Server) Client() *http.Client { return s.client }

// ApplicationID is the id of the bot and of its application.
func (s *Server) ApplicationID() string { return applicationID }

// Guilds returns the servers and their channels.
func (s *Server) Guilds() []Guild { return slices.Clone(s.guilds) }

// Disconnect ends the bot's gateway connections with a close code, or asks it
// to reconnect when the code is 0. It may resume its session.
func (s *Server) Disconnect(code int) { s.gateway.disconnect(code, false) }

// DisconnectForgetting is Disconnect, and the session can't be resumed: the
// bot is told that it is invalid and must identify anew.
func (s *Server) DisconnectForgetting(code int) { s.gateway.disconnect(code, true) }

// routes puts the REST API, the gateway, attachments and the page together.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", s.restRoutes())
	mux.Handle("GET /gateway/", s.gateway)
	mux.HandleFunc("GET /attachments/{channel}/{id}/{name}", s.getAttachment)
	s.pageRoutes(mux)
	return s.guard(mux)
}

// guard refuses requests that another site sends through the browser: those
// whose Host is not ours (a name that was pointed at this address) and those
// with another site's Origin.
func (s *Server) guard(next http.Handler) http.Handler {
	_, port, _ := net.SplitHostPort(s.listener.Addr().String())
	hosts := []string{s.listener.Addr().String(), "localhost:" + port}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(hosts, strings.ToLower(r.Host)) {
			http.Error(w, "this server answers to "+hosts[0]+" only", http.StatusMisdirectedRequest)
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
			http.Error(w, "requests from other sites are refused", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// getAttachment serves a file that a bot posted, so that nothing in it can run.
func (s *Server) getAttachment(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f, ok := s.files[r.PathValue("channel")+"/"+r.PathValue("id")+"/"+r.PathValue("name")]
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if !inlineImage(f.contentType) {
		h.Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
		h.Set("Content-Type", "application/octet-stream")
	} else {
		h.Set("Content-Type", f.contentType)
	}
	_, _ = w.Write(f.data) // the reader may be gone: nobody is left to tell
}

// inlineImage reports whether a browser may show a file of this type in place.
func inlineImage(contentType string) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, contentType)
}
