package sandbox_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/whosaid/whosaid/sandbox"
)

// dial opens a bare gateway connection and reads HELLO, if it comes.
func dial(t *testing.T, srv *sandbox.Server, query string) *websocket.Conn {
	t.Helper()
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), strings.Replace(srv.URL(), "http", "ws", 1)+"gateway/?"+query, http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	t.Cleanup(func() { ws.Close() })
	if err := ws.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return ws
}

// What a bot does wrong at the gateway closes its connection with Discord's code.
func TestGatewayCloseCodes(t *testing.T) {
	t.Parallel()
	srv, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Close() })
	identify := func(token, rest string) string {
		return `{"op":2,"d":{"token":"` + token + `","properties":{}` + rest + `}}`
	}
	tests := []struct {
		name, query string
		frames      []string
		want        int
	}{
		{"an old version", "v=8", nil, 4012},
		{"not JSON", "v=10", []string{"hello"}, 4002},
		{"a frame over 4096 bytes", "v=10", []string{`{"op":1,"d":"` + strings.Repeat("x", 4096) + `"}`}, 4002},
		{"an unknown opcode", "v=10", []string{`{"op":42}`}, 4001},
		{"a presence before identifying", "v=10", []string{`{"op":3,"d":{}}`}, 4003},
		{"a wrong token", "v=10", []string{identify("Bot wrong", `,"intents":1`)}, 4004},
		{"identifying twice", "v=10", []string{identify(srv.Token(), `,"intents":1`), identify(srv.Token(), `,"intents":1`)}, 4005},
		{"a shard that can't be", "v=10", []string{identify(srv.Token(), `,"intents":1,"shard":[2,2]`)}, 4010},
		{"intents that don't exist", "v=10", []string{identify(srv.Token(), `,"intents":1073741824`)}, 4013},
		{"an intent that was not granted", "v=10", []string{identify(srv.Token(), `,"intents":32768`)}, 4014},
		{"resuming with a wrong token", "v=10", []string{`{"op":6,"d":{"token":"wrong","session_id":"x","seq":1}}`}, 4004},
		{"too many frames", "v=10", manyHeartbeats(121), 4008},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ws := dial(t, srv, tt.query)
			for _, f := range tt.frames {
				if err := ws.WriteMessage(websocket.TextMessage, []byte(f)); err != nil {
					t.Fatal(err)
				}
			}
			for {
				_, _, err := ws.ReadMessage()
				var closed *websocket.CloseError
				if err == nil {
					continue
				}
				if !errors.As(err, &closed) || closed.Code != tt.want {
					t.Errorf("got %v, want close %d", err, tt.want)
				}
				return
			}
		})
	}
}

func manyHeartbeats(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = `{"op":1,"d":null}`
	}
	return out
}

// A session that is not there any more is declared invalid, and the bot may
// identify on the same connection.
func TestInvalidSessionThenIdentify(t *testing.T) {
	t.Parallel()
	srv, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Close() })
	ws := dial(t, srv, "v=10&encoding=json")
	for _, step := range []struct {
		send string
		op   int
		kind string
	}{
		{"", 10, ""},
		{`{"op":6,"d":{"token":"` + srv.Token() + `","session_id":"gone","seq":7}}`, 9, ""},
		{`{"op":2,"d":{"token":"` + srv.Token() + `","intents":0}}`, 0, "READY"},
		{`{"op":1,"d":1}`, 11, ""},
	} {
		if step.send != "" {
			if err := ws.WriteMessage(websocket.TextMessage, []byte(step.send)); err != nil {
				t.Fatal(err)
			}
		}
		var got struct {
			Op   int    `json:"op"`
			Type string `json:"t"`
		}
		if err := ws.ReadJSON(&got); err != nil {
			t.Fatal(err)
		}
		if got.Op != step.op || got.Type != step.kind {
			t.Errorf("after %q: got op %d %s, want op %d %s", step.send, got.Op, got.Type, step.op, step.kind)
		}
	}
}
