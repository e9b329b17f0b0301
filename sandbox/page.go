package sandbox

import (
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"sync"
	"time"
)

// The chat page is a few static files; what it shows comes from the endpoints
// below /app/, and from one stream of events.

//go:embed page
var pageFiles embed.FS

// pagePolicy lets the page load its own files only and run no inline script.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const (
	sessionCookie = "sandbox_session"
	maxPageBody   = 64 << 10                          // bytes, of what the page sends
	maxPageFiles  = maxPageBody + maxFileSize/3*4 + 4 // bytes, of a command with a file in base64
	maxBrowsers   = 1000
	keepAlive     = 15 * time.Second
)

// browserSessions are the browsers that have opened the page. What one is
// shown alone (ephemeral answers), another isn't.
type browserSessions struct {
	mu    sync.Mutex
	known map[string]time.Time
}

// add makes a session and returns its id.
func (b *browserSessions) add() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, opened := range b.known {
		if len(b.known) >= maxBrowsers && time.Since(opened) > time.Hour {
			delete(b.known, id)
		}
	}
	id := rand.Text()
	b.known[id] = time.Now()
	return id
}

func (b *browserSessions) has(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, ok := b.known[id]
	return ok
}

func (s *Server) pageRoutes(mux *http.ServeMux) {
	root, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic("sandbox: the page is not embedded: " + err.Error())
	}
	files := http.FileServerFS(root)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "the page is only read", http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		if c, err := r.Cookie(sessionCookie); r.URL.Path == "/" && (err != nil || !s.sessions.has(c.Value)) {
			http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: s.sessions.add(), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
		}
		files.ServeHTTP(w, r)
	})
	mux.Handle("GET /app/state", s.app(s.appState))
	mux.Handle("GET /app/commands", s.app(s.appCommands))
	mux.Handle("GET /app/transcripts", s.app(s.appTranscripts))
	mux.Handle("GET /app/messages", s.app(s.appMessages))
	mux.Handle("POST /app/messages", s.app(s.appPost))
	mux.Handle("POST /app/dismiss", s.app(s.appDismiss))
	mux.Handle("POST /app/command", s.appUpTo(maxPageFiles, s.appCommand))
	mux.Handle("POST /app/component", s.app(s.appComponent))
	mux.Handle("POST /app/modal", s.app(s.appModal))
	mux.Handle("POST /app/autocomplete", s.app(s.appAutocomplete))
	mux.HandleFunc("GET /app/events", s.appEvents)
}

// viewer returns who is asking: the browser by its cookie, the user by the
// switch on the page.
func (s *Server) viewer(r *http.Request) (viewer, bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil || !s.sessions.has(c.Value) {
		return viewer{}, false
	}
	user := orMember(r.URL.Query().Get("user"))
	_, ok := s.world.user(user)
	return viewer{user, c.Value}, ok
}

// endpoint answers a request of the page.
type endpoint func(r *http.Request, v viewer, body []byte) (any, error)

// app wraps an endpoint of the page: it finds out who asks and writes the
// reply, or the error as a text that the page shows.
func (s *Server) app(h endpoint) http.Handler { return s.appUpTo(maxPageBody, h) }

// appUpTo is app for requests of up to limit bytes.
func (s *Server) appUpTo(limit int64, h endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		v, ok := s.viewer(r)
		if !ok {
			writeJSON(w, http.StatusForbidden, map[string]string{"error": "This page has been open too long. Reload it."})
			return
		}
		if r.Method == http.MethodPost && r.Header.Get("Content-Type") != "application/json" {
			writeJSON(w, http.StatusUnsupportedMediaType, map[string]string{"error": "send JSON"})
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
		if err != nil {
			writeJSON(w, http.StatusRequestEntityTooLarge, map[string]string{"error": "too long"})
			return
		}
		reply, err := h(r, v, body)
		if err != nil {
			writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": err.Error()})
			return
		}
		writeJSON(w, http.StatusOK, reply)
	})
}

func (s *Server) appState(*http.Request, viewer, []byte) (any, error) {
	return map[string]any{"bot": s.bot, "users": s.users, "guilds": s.guilds, "examples": s.opts.Examples,
		"online": s.gateway.online(), "moderator": UserModerator}, nil
}

func (s *Server) appCommands(r *http.Request, v viewer, _ []byte) (any, error) {
	return s.available(r.URL.Query().Get("guild"), v.user), nil
}

func (s *Server) appMessages(r *http.Request, v viewer, _ []byte) (any, error) {
	return s.visible(r.URL.Query().Get("channel"), v), nil
}

func (s *Server) appPost(_ *http.Request, v viewer, body []byte) (any, error) {
	var in struct{ Channel, Content string }
	if err := pageJSON(body, &in); err != nil {
		return nil, err
	}
	return s.Post(in.Channel, v.user, in.Content)
}

func (s *Server) appDismiss(_ *http.Request, v viewer, body []byte) (any, error) {
	var in struct{ Channel, Message string }
	if err := pageJSON(body, &in); err != nil {
		return nil, err
	}
	return struct{}{}, s.dismiss(in.Channel, in.Message, v)
}

// pageFile is a file chosen for an option.
type pageFile struct {
	Option string `json:"option"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Data   []byte `json:"data"`
}

// pageInvocation is a command as the page sends it.
type pageInvocation struct {
	Channel string            `json:"channel"`
	Command string            `json:"command"`
	Options map[string]string `json:"options"`
	Files   []pageFile        `json:"files"`
	Target  string            `json:"target"`
	Focused string            `json:"focused"`
	Locale  string            `json:"locale"`
}

func (p pageInvocation) invocation(v viewer) Invocation {
	options := map[string]any{}
	for name, value := range p.Options {
		options[name] = value
	}
	for _, f := range p.Files {
		options[f.Option] = File{Name: f.Name, ContentType: f.Type, Data: f.Data}
	}
	return Invocation{Channel: p.Channel, User: v.user, Command: p.Command, Options: options, Target: p.Target,
		Locale: clientLocale(p.Locale), session: v.session}
}

// clientLocale is the browser's language when Discord's clients know it.
func clientLocale(locale string) string {
	if knownLocale(locale) {
		return locale
	}
	return ""
}

func (s *Server) appCommand(_ *http.Request, v viewer, body []byte) (any, error) {
	var in pageInvocation
	if err := pageJSON(body, &in); err != nil {
		return nil, err
	}
	return started(s.invoke(in.invocation(v)))
}

func (s *Server) appComponent(_ *http.Request, v viewer, body []byte) (any, error) {
	var in componentUse
	if err := pageJSON(body, &in); err != nil {
		return nil, err
	}
	in.by = v
	return started(s.use(in))
}

func (s *Server) appModal(_ *http.Request, v viewer, body []byte) (any, error) {
	var in struct {
		Interaction string            `json:"interaction"`
		Values      map[string]string `json:"values"`
	}
	if err := pageJSON(body, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	var opened *interaction
	for _, it := range s.interactions {
		if it.id == in.Interaction && it.by == v {
			opened = it
		}
	}
	s.mu.Unlock()
	if opened == nil {
		return nil, errors.New("this form is no longer open")
	}
	return started(s.submit(opened, in.Values))
}

func started(it *interaction, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return map[string]string{"id": it.id}, nil
}

func (s *Server) appAutocomplete(r *http.Request, v viewer, body []byte) (any, error) {
	var in pageInvocation
	if err := pageJSON(body, &in); err != nil {
		return nil, err
	}
	choices, err := s.Autocomplete(r.Context(), in.invocation(v), in.Focused)
	if err != nil {
		return nil, err
	}
	return choices, nil
}

func pageJSON(body []byte, v any) error {
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("the page sent something unreadable: %w", err)
	}
	return nil
}

// appEvents streams what happens, as server-sent events, until the browser
// goes or the server closes.
func (s *Server) appEvents(w http.ResponseWriter, r *http.Request) {
	v, ok := s.viewer(r)
	if !ok {
		http.Error(w, "reload the page", http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	sub, cancel := s.events.subscribe(v)
	defer cancel()
	out := http.NewResponseController(w)
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	line := []byte(": hello\n\n")
	for {
		_ = out.SetWriteDeadline(time.Now().Add(writeTimeout))
		if _, err := w.Write(line); err != nil {
			return
		}
		if err := out.Flush(); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			line = []byte(": still here\n\n")
		case e, ok := <-sub.events:
			if !ok {
				return
			}
			line = fmt.Appendf(nil, "data: %s\n\n", mustJSON(e))
		}
	}
}
