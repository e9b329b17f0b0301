package sandbox

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Gateway opcodes.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoice          = 4
	opResume         = 6
	opReconnect      = 7
	opMembers        = 8
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// Gateway close codes.
const (
	closeUnknownOpcode     = 4001
	closeDecode            = 4002
	closeNotAuthenticated  = 4003
	closeBadToken          = 4004
	closeAlreadyIdentified = 4005
	closeRateLimited       = 4008
	closeTimedOut          = 4009
	closeBadShard          = 4010
	closeBadVersion        = 4012
	closeBadIntents        = 4013
	closeRefusedIntents    = 4014
)

// Gateway intents that matter here; the privileged ones are refused, as they
// are for a bot that has not been granted them.
const (
	intentGuilds         = 1 << 0
	intentGuildMessages  = 1 << 9
	intentMembers        = 1 << 1
	intentPresences      = 1 << 8
	intentMessageContent = 1 << 15
	privilegedIntents    = intentMembers | intentPresences | intentMessageContent
	knownIntents         = 1<<26 - 1
)

const (
	heartbeatInterval = 41250 * time.Millisecond
	maxFrameSize      = 4096 // bytes a bot may send in one frame
	maxFrames         = 120  // frames a bot may send in a minute
	maxReplay         = 1000 // events kept for a resume
	maxSessions       = 100  // sessions kept for a resume
	outBuffer         = 1024 // frames waiting for a slow bot
	writeTimeout      = 10 * time.Second
)

// gateway is the websocket side: it keeps the bot's sessions and sends them
// events.
type gateway struct {
	srv      *Server
	upgrader websocket.Upgrader

	mu       sync.Mutex
	sessions map[string]*session
	conns    map[*conn]struct{}
	closed   bool
	wg       sync.WaitGroup
}

// A session outlives its connection, so that a bot can resume it.
type session struct {
	id      string
	intents int
	seq     int64
	events  []sentEvent
	conn    *conn // nil while the bot is away
	started time.Time
}

type sentEvent struct {
	seq  int64
	data []byte
}

// conn is one websocket. One goroutine reads, another writes what is in out.
type conn struct {
	ws       *websocket.Conn
	out      chan outgoing
	compress bool
	session  *session
	closing  bool // nothing more goes into out
}

// outgoing is a frame, or a close code.
type outgoing struct {
	data     []byte
	compress bool
	code     int
}

// frame is what travels in either direction.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s,omitempty"`
	Type string          `json:"t,omitempty"`
}

func newGateway(s *Server) *gateway {
	return &gateway{srv: s, sessions: map[string]*session{}, conns: map[*conn]struct{}{}}
}

// ServeHTTP runs one connection until either side ends it.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ws, err := g.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer ws.Close()
	c := &conn{ws: ws, out: make(chan outgoing, outBuffer)}
	if !g.add(c) {
		return
	}
	defer g.remove(c)
	go g.write(c)
	if v := r.URL.Query().Get("v"); v != "9" && v != "10" {
		g.close(c, closeBadVersion)
	} else {
		g.send(c, frame{Op: opHello, Data: mustJSON(map[string]any{"heartbeat_interval": heartbeatInterval.Milliseconds()})})
	}
	g.read(c)
}

func (g *gateway) add(c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.conns[c] = struct{}{}
	g.wg.Add(2) // this connection's reader and writer
	return true
}

func (g *gateway) remove(c *conn) {
	g.mu.Lock()
	delete(g.conns, c)
	if c.session != nil && c.session.conn == c {
		c.session.conn = nil
	}
	g.endOutput(c)
	online := g.onlineLocked()
	g.mu.Unlock()
	g.srv.events.publish(Event{Type: EventBot, Online: online}, viewer{})
	g.wg.Done()
}

// endOutput lets the writer finish. The caller holds the lock.
func (g *gateway) endOutput(c *conn) {
	if !c.closing {
		c.closing = true
		close(c.out)
	}
}

// write sends what is queued. It goes on emptying the queue when the bot is
// gone, so that nobody waits for it.
func (g *gateway) write(c *conn) {
	defer g.wg.Done()
	for o := range c.out {
		deadline := time.Now().Add(writeTimeout)
		if o.code != 0 {
			_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(o.code, closeReason(o.code)), deadline)
			_ = c.ws.SetReadDeadline(time.Now().Add(time.Second)) // time for the bot's own close frame
			continue
		}
		_ = c.ws.SetWriteDeadline(deadline)
		kind, data := websocket.TextMessage, o.data
		if o.compress {
			kind, data = websocket.BinaryMessage, deflate(o.data)
		}
		if err := c.ws.WriteMessage(kind, data); err != nil {
			_ = c.ws.Close() // ends the reader
		}
	}
}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// read handles frames until the connection ends.
func (g *gateway) read(c *conn) {
	c.ws.SetReadLimit(1 << 20)
	windowEnd, frames := time.Now().Add(time.Minute), 0
	for {
		g.extend(c)
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			g.readFailed(c, err)
			return
		}
		if now := time.Now(); now.After(windowEnd) {
			windowEnd, frames = now.Add(time.Minute), 0
		}
		if frames++; frames > maxFrames {
			g.close(c, closeRateLimited)
			continue
		}
		if code := g.handle(c, data); code != 0 {
			g.close(c, code)
		}
	}
}

// extend gives the bot a heartbeat and a half to say something.
func (g *gateway) extend(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !c.closing {
		_ = c.ws.SetReadDeadline(time.Now().Add(heartbeatInterval * 3 / 2))
	}
}

// readFailed tells the log why a connection ended. A bot that ends it by itself
// with 1000 or 1001 gives its session up.
func (g *gateway) readFailed(c *conn, err error) {
	g.srv.log.Debug("gateway connection ended", "reason", err)
	var closed *websocket.CloseError
	if errors.As(err, &closed) && (closed.Code == websocket.CloseNormalClosure || closed.Code == websocket.CloseGoingAway) {
		g.mu.Lock()
		defer g.mu.Unlock()
		if !c.closing && c.session != nil && c.session.conn == c {
			delete(g.sessions, c.session.id)
		}
	}
}

// parseFrame reads what a bot sent, or gives the code to close with.
func parseFrame(data []byte) (frame, int) {
	var f frame
	if len(data) > maxFrameSize || json.Unmarshal(data, &f) != nil {
		return frame{}, closeDecode
	}
	return f, 0
}

// handle carries out a frame of the bot and returns the code to close with, or 0.
func (g *gateway) handle(c *conn, data []byte) int {
	f, code := parseFrame(data)
	if code != 0 {
		return code
	}
	switch f.Op {
	case opHeartbeat:
		g.send(c, frame{Op: opHeartbeatAck, Data: json.RawMessage("null")})
		return 0
	case opIdentify:
		return g.identify(c, f.Data)
	case opResume:
		return g.resume(c, f.Data)
	case opPresence, opVoice, opMembers:
		if !g.identified(c) {
			return closeNotAuthenticated
		}
		return 0
	default:
		return closeUnknownOpcode
	}
}

func (g *gateway) identified(c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return c.session != nil
}

// send queues a frame for one connection.
func (g *gateway) send(c *conn, f frame) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.queue(c, outgoing{data: mustJSON(f)})
}

// close ends a connection with a code, after what is queued.
func (g *gateway) close(c *conn, code int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.queue(c, outgoing{code: code})
	g.endOutput(c)
}

// queue hands a frame to the writer. A connection whose queue is full is given
// up; the bot resumes. The caller holds the lock.
func (g *gateway) queue(c *conn, o outgoing) {
	if c.closing {
		return
	}
	o.compress = c.compress
	select {
	case c.out <- o:
	default:
		g.endOutput(c)
		_ = c.ws.SetReadDeadline(time.Now())
	}
}

// dispatch sends an event to every session that asked for it by its intents;
// intent 0 goes to all.
func (g *gateway) dispatch(name string, intent int, data any) {
	encoded := mustJSON(data)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		if intent == 0 || s.intents&intent != 0 {
			g.deliver(s, name, encoded)
		}
	}
}

// deliver sends an event to one session and keeps it for a resume. The caller
// holds the lock.
func (g *gateway) deliver(s *session, name string, data json.RawMessage) {
	s.seq++
	seq := s.seq
	e := sentEvent{seq, mustJSON(frame{Op: opDispatch, Data: data, Seq: &seq, Type: name})}
	s.events = append(s.events, e)
	if len(s.events) > maxReplay {
		s.events = s.events[len(s.events)-maxReplay:]
	}
	if s.conn != nil {
		g.queue(s.conn, outgoing{data: e.data})
	}
}

func (g *gateway) onlineLocked() bool {
	for _, s := range g.sessions {
		if s.conn != nil {
			return true
		}
	}
	return false
}

// online reports whether a bot is connected.
func (g *gateway) online() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.onlineLocked()
}

// disconnect ends every connection with a code; code 0 asks the bot to
// reconnect by itself. With forget, its session can't be resumed.
func (g *gateway) disconnect(code int, forget bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if forget {
		clear(g.sessions)
	}
	for c := range g.conns {
		if code == 0 {
			g.queue(c, outgoing{data: mustJSON(frame{Op: opReconnect, Data: json.RawMessage("null")})})
			continue
		}
		g.queue(c, outgoing{code: code})
		g.endOutput(c)
	}
}

// shutdown ends all connections and waits for their goroutines.
func (g *gateway) shutdown() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.disconnect(websocket.CloseServiceRestart, false)
	g.wg.Wait()
}

func closeReason(code int) string {
	switch code {
	case closeUnknownOpcode:
		return "Unknown opcode."
	case closeDecode:
		return "Error while decoding payload."
	case closeNotAuthenticated:
		return "Not authenticated."
	case closeBadToken:
		return "Authentication failed."
	case closeAlreadyIdentified:
		return "Already authenticated."
	case closeRateLimited:
		return "Rate limited."
	case closeBadShard:
		return "Invalid shard."
	case closeBadVersion:
		return "Invalid API version."
	case closeBadIntents:
		return "Invalid intent(s)."
	case closeRefusedIntents:
		return "Disallowed intent(s)."
	default:
		return ""
	}
}

// mustJSON encodes our own values, which always can be.
func mustJSON(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic("sandbox: encoding a frame: " + err.Error())
	}
	return data
}
