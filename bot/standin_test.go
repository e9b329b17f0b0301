package bot

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/whosaid/whosaid/internal/discordspec"
)

// standIn is as much of Discord as the bot's tests need: the gateway's greeting
// and events, and a REST side that records what it is sent.
type standIn struct {
	t      *testing.T
	server *httptest.Server

	closeWith int // the code that IDENTIFY is answered with, 0 for READY
	silent    bool
	forgets   bool // sessions, so that none can be resumed
	repeats   int  // how many events before those that were missed are replayed too
	heartbeat time.Duration
	deaf      bool // to heartbeats, on the first connection
	// hasty closes are given to RESUME, one each; 0 asks to reconnect.
	hasty []int
	// taken, if set, gets each request once it was answered well; none is recorded then.
	taken func(sent)
	// reply overrides the answer to a request; nil takes the usual one.
	reply func(w http.ResponseWriter, r *http.Request) bool

	mu         sync.Mutex
	conns      []*websocket.Conn
	identifies []json.RawMessage
	requests   []sent
	arrived    chan sent // each request, as it comes
	commands   json.RawMessage
	events     []map[string]any // all that were sent, for replays
}

// sent is a request that the bot made.
type sent struct {
	Method, Path string
	Body         json.RawMessage
	Files        map[string][]byte // of a form
	request      *http.Request
	raw          []byte // the body as it came
}

// newStandIn starts a stand-in that stops with the test.
func newStandIn(t *testing.T) *standIn {
	s := &standIn{t: t, arrived: make(chan sent, 1000), commands: json.RawMessage("[]"), heartbeat: 41250 * time.Millisecond}
	s.server = httptest.NewServer(s)
	t.Cleanup(func() {
		s.dropAll()
		s.server.Close()
		s.check()
	})
	return s
}

// ServeHTTP plays both sides.
func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/ws/" || r.URL.Path == "/ws" {
		s.serveGateway(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Errorf("reading a request: %v", err)
	}
	path := strings.TrimPrefix(r.URL.Path, "/api/v9")
	payload, files, err := discordspec.Payload(r, body)
	if err != nil {
		s.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	got := sent{r.Method, path, payload, files, r, body}
	if s.taken != nil {
		s.holds(got, discordspec.Lint)
	} else {
		s.mu.Lock()
		s.requests = append(s.requests, got)
		s.mu.Unlock()
		defer func() { s.arrived <- got }()
	}
	if s.reply != nil && s.reply(w, r) {
		return
	}
	if s.taken != nil {
		s.taken(got)
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case path == "/gateway":
		json.NewEncoder(w).Encode(map[string]string{"url": "ws" + strings.TrimPrefix(s.server.URL, "http") + "/ws/"})
	case strings.HasSuffix(path, "/commands"):
		s.serveCommands(w, r.Method, body)
	case strings.HasSuffix(path, "/callback"), r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Write([]byte(`{}`))
	}
}

// check holds every request against our lint and, where it is present, Discord's
// description: at the end, since it takes longer than an answer may.
func (s *standIn) check() {
	check := discordspec.Lint
	if spec := discordspec.Optional(s.t); spec != nil {
		check = spec.Request
	}
	for _, r := range s.requests {
		s.holds(r, check)
	}
}

// holds reports a request that a check finds fault with.
func (s *standIn) holds(r sent, check func(*http.Request, []byte) error) {
	if err := check(r.request, r.raw); err != nil {
		s.t.Errorf("%s %s is no good: %v\n%.2000q", r.Method, r.Path, err, r.raw)
	}
}

func (s *standIn) serveCommands(w http.ResponseWriter, method string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if method == http.MethodPut {
		s.commands = body
	}
	w.Write(s.commands)
}

// serveGateway greets a connection and reads from it until it ends.
func (s *standIn) serveGateway(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		s.t.Errorf("upgrading: %v", err)
		return
	}
	defer conn.Close()
	s.mu.Lock()
	s.conns = append(s.conns, conn)
	deaf := s.deaf && len(s.conns) == 1
	s.mu.Unlock()
	if !s.silent {
		conn.WriteJSON(map[string]any{"op": 10, "d": map[string]any{"heartbeat_interval": s.heartbeat.Milliseconds()}})
	}
	for {
		var e struct {
			Op int             `json:"op"`
			D  json.RawMessage `json:"d"`
		}
		if conn.ReadJSON(&e) != nil {
			return
		}
		s.mu.Lock()
		switch e.Op {
		case 1:
			if !deaf {
				conn.WriteJSON(map[string]any{"op": 11})
			}
		case 2:
			s.identifies = append(s.identifies, e.D)
			if s.closeWith != 0 {
				conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(s.closeWith, "no"))
				break
			}
			s.write(conn, "READY", map[string]any{"v": 9, "session_id": "s1", "application": map[string]string{"id": "11"}, "guilds": []any{}, "user": map[string]string{"id": "11"}})
		case 6:
			if s.forgets {
				conn.WriteJSON(map[string]any{"op": 9, "d": false})
				break
			}
			if s.closeWith != 0 {
				conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(s.closeWith, "no"))
				break
			}
			if len(s.hasty) > 0 {
				s.leave(conn, s.hasty[0])
				s.hasty = s.hasty[1:]
				break
			}
			s.replay(conn, e.D)
			s.write(conn, "RESUMED", map[string]any{})
		}
		s.mu.Unlock()
	}
}

// leave closes a connection with a code, or asks it to reconnect.
func (s *standIn) leave(conn *websocket.Conn, code int) {
	if code == 0 {
		conn.WriteJSON(map[string]any{"op": 7})
		return
	}
	conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, "later"))
}

// replay sends again what a connection that resumes has missed; s.mu is held.
func (s *standIn) replay(conn *websocket.Conn, resume json.RawMessage) {
	var r struct {
		Seq int `json:"seq"`
	}
	if err := json.Unmarshal(resume, &r); err != nil {
		s.t.Errorf("RESUME: %v", err)
	}
	for _, e := range s.events[max(r.Seq-s.repeats, 0):] {
		conn.WriteJSON(e)
	}
}

// write sends an event; s.mu is held.
func (s *standIn) write(conn *websocket.Conn, typ string, data any) {
	e := map[string]any{"op": 0, "s": len(s.events) + 1, "t": typ, "d": data}
	s.events = append(s.events, e)
	conn.WriteJSON(e)
}

// emit sends an event on the newest connection.
func (s *standIn) emit(typ string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write(s.conns[len(s.conns)-1], typ, data)
}

// connections is how many there have been.
func (s *standIn) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// askToReconnect tells the newest connection that the gateway wants to be left.
func (s *standIn) askToReconnect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[len(s.conns)-1].WriteJSON(map[string]any{"op": 7})
}

// dropAll cuts all connections without a word.
func (s *standIn) dropAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.Close()
	}
}

// client is an HTTP client that reaches the stand-in at Discord's address.
func (s *standIn) client() *http.Client {
	to, err := url.Parse(s.server.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	s.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: redirect{to, transport}}
}

// redirect sends every request to one server.
type redirect struct {
	to   *url.URL
	next http.RoundTripper
}

func (d redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	c := r.Clone(r.Context())
	c.URL.Scheme, c.URL.Host = d.to.Scheme, d.to.Host
	return d.next.RoundTrip(c)
}

// next waits for the next request whose path ends in suffix.
func (s *standIn) next(suffix string) sent {
	s.t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		select {
		case got := <-s.arrived:
			if strings.HasSuffix(got.Path, suffix) {
				return got
			}
		case <-timeout:
			s.t.Fatalf("no request to …%s came", suffix)
		}
	}
}

// count is how many requests came so far with that method and end of path.
func (s *standIn) count(method, suffix string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.requests {
		if r.Method == method && strings.HasSuffix(r.Path, suffix) {
			n++
		}
	}
	return n
}

// command is a slash command's event; options alternate names and values.
func command(id, name string, options ...string) map[string]any {
	var opts []map[string]any
	for i := 0; i < len(options); i += 2 {
		opts = append(opts, map[string]any{"type": 3, "name": options[i], "value": options[i+1]})
	}
	return event(id, 2, map[string]any{"id": "5", "type": 1, "name": name, "options": opts})
}

// click is a button's event.
func click(id, customID string) map[string]any {
	return event(id, 3, map[string]any{"component_type": 2, "custom_id": customID})
}

// event is an interaction of a moderator.
func event(id string, typ int, data any) map[string]any {
	return map[string]any{
		"id": id, "application_id": "11", "type": typ, "token": "tok" + id, "version": 1,
		"guild_id": "77", "channel_id": "88", "locale": "en-GB", "data": data,
		"member": map[string]any{"user": map[string]any{"id": "99"}, "permissions": "2147483680"},
	}
}

// callback is a decoded interaction callback or message.
type callback struct {
	Type int      `json:"type"`
	Data received `json:"data"`
}

type received struct {
	Flags      int          `json:"flags"`
	Components []part       `json:"components"`
	Choices    []wireChoice `json:"choices"`
}

// part is a component with those inside it.
type part struct {
	Content     string `json:"content"`
	Label       string `json:"label"`
	CustomID    string `json:"custom_id"`
	Description string `json:"description"` // of a picture
	Components  []part `json:"components"`
	Items       []part `json:"items"`
	Accessory   *part  `json:"accessory"`
}

// all are a message's components, those inside others too, from top to bottom.
func (r received) all() []part {
	var out []part
	var walk func([]part)
	walk = func(parts []part) {
		for _, p := range parts {
			out = append(out, p)
			walk(slices.Concat(p.Components, p.Items))
			if p.Accessory != nil {
				walk([]part{*p.Accessory})
			}
		}
	}
	walk(r.Components)
	return out
}

// wired is a message as Discord gets it.
func wired(t failer, m Message) received {
	var r received
	b, err := json.Marshal(budget(m))
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		t.Errorf("a message as JSON: %v", err)
	}
	return r
}

// read decodes a request's body.
func read[T any](t *testing.T, s sent) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(s.Body, &v); err != nil {
		t.Fatalf("%s %s: %v", s.Method, s.Path, err)
	}
	return v
}

// button is the custom_id of the first button with that label.
func (r received) button(t *testing.T, label string) string {
	t.Helper()
	for _, p := range r.all() {
		if p.Label == label {
			return p.CustomID
		}
	}
	t.Fatalf("there is no button %q in %+v", label, r)
	return ""
}

// private tells whether only the member who asked sees the message.
func (r received) private() bool { return r.Flags&64 != 0 }

// says is a message's visible text, but for what buttons are called.
func (r received) says() string {
	var out []string
	for _, p := range r.all() {
		if p.Content != "" {
			out = append(out, p.Content)
		}
	}
	return strings.Join(out, "\n")
}
