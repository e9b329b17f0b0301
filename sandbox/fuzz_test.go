package sandbox

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// No frame of a bot may bring the gateway down: it is read, or the connection
// is closed with a code.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{`{"op":1,"d":null}`, `{"op":2,"d":{"token":"x","intents":1}}`, `{"op":6,"d":{"token":"x","session_id":"y","seq":3}}`,
		`{"op":2,"d":[]}`, `{"op":99}`, `[]`, `{`, ``, `{"op":"1"}`, `{"op":1e99}`, `null`} {
		f.Add([]byte(seed))
	}
	s := quiet(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &conn{out: make(chan outgoing, outBuffer)}
		code := s.gateway.handle(c, data)
		if code != 0 && (code < 4000 || code > 4014) {
			t.Errorf("closed with %d, which is not a code of the gateway", code)
		}
		if c.session != nil {
			t.Error("a frame without the token began a session")
		}
	})
}

// No body of a bot may bring the REST API down: it is carried out, or refused
// with an error of Discord's shape, and never leaves a message over the limits.
func FuzzMessageBody(f *testing.F) {
	for _, seed := range []string{`{"content":"hello"}`, `{"embeds":[{"title":"t","fields":[{"name":"n","value":"v"}],"image":{"url":"attachment://a.png"}}]}`,
		`{"content":null,"embeds":null,"components":null}`, `{"content":"<@900000000000000301> @everyone","allowed_mentions":{"parse":[]}}`,
		`{"components":[{"type":1,"components":[{"type":2,"style":1,"label":"x","custom_id":"y"}]}]}`, `{"flags":32768,"components":[{"type":17,"components":[{"type":10,"content":"x"}]}]}`,
		`{"components":[{"type":9,"accessory":{"type":11,"media":{"url":"attachment://x"}}}],"flags":32768}`, `{"attachments":[{"id":0,"description":"d"}]}`, `[]`, `{`, `{"content":1}`} {
		f.Add([]byte(seed), "application/json")
	}
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"x\"}\r\n--b\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"../a\"\r\n\r\nx\r\n--b--"), "multipart/form-data; boundary=b")
	s := quiet(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.SetPathValue("channel", ChannelNewsroomGeneral)
		r.Header.Set("Content-Type", contentType)
		_, reply, err := s.postMessage(r, body)
		var refused *apiError
		if err != nil {
			if !errors.As(err, &refused) || refused.status < 400 || refused.status > 499 {
				t.Fatalf("not an error of Discord's: %v", err)
			}
			return
		}
		m := reply.(Message)
		if runes(m.Content) > maxContent || len(m.Embeds) > maxEmbeds || m.empty() {
			t.Errorf("a message over the limits was posted: %+v", m)
		}
		for _, a := range m.Attachments {
			if strings.ContainsAny(a.Filename, "/\\\"") {
				t.Errorf("a file name with a path: %q", a.Filename)
			}
		}
		mustJSON(m)
	})
}

// Commands too are carried out or refused; what was accepted can be read back.
func FuzzCommands(f *testing.F) {
	for _, seed := range []string{`[{"name":"ask","description":"Asks","options":[{"type":3,"name":"q","description":"d","required":true}]}]`,
		`[{"name":"a","type":3}]`, `[{"name":"a","description":"b","options":[{"type":1,"name":"s","description":"d","options":[{"type":2,"name":"g","description":"d"}]}]}]`,
		`[{"name":"a","description":"b","options":[{"type":4,"name":"n","description":"d","choices":[{"name":"x","value":"y"}]}]}]`, `[{}]`, `null`, `{}`} {
		f.Add([]byte(seed))
	}
	s := quiet(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		_, reply, err := s.putCommands(httptest.NewRequest(http.MethodPut, "/", nil), body)
		var refused *apiError
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("not an error of Discord's: %v", err)
		}
		if err == nil {
			mustJSON(reply)
			_, _, _ = s.commandData(Invocation{User: UserMember, Guild: GuildNewsroom, Command: "a s"}, "q") // must not panic
		}
	})
}

// quiet starts a stand-in that nothing is connected to.
func quiet(tb testing.TB) *Server {
	s, err := New(Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}
