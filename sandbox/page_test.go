package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/whosaid/whosaid/sandbox"
)

// tab is a browser, as far as the page's endpoints can tell.
type tab struct {
	t      *testing.T
	srv    *sandbox.Server
	client *http.Client
}

func openTab(t *testing.T, srv *sandbox.Server) tab {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	b := tab{t, srv, &http.Client{Jar: jar, Transport: transport}}
	b.do(http.MethodGet, "", "", "", nil)
	return b
}

// do sends a request as the page would and decodes the reply into v.
func (b tab) do(method, path, contentType, body string, v any) int {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.srv.URL()+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if v != nil {
		if err := json.Unmarshal(data, v); err != nil {
			b.t.Fatalf("%s: %v in %s", path, err, data)
		}
	}
	return resp.StatusCode
}

// An ephemeral answer shows in the browser that asked, not in another one's tab,
// even as the same user.
func TestEphemeralStaysInItsBrowser(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	mine, other := openTab(t, srv), openTab(t, srv)
	const messages = "app/messages?channel=" + sandbox.ChannelNewsroomGeneral
	if status := mine.do(http.MethodPost, "app/command", "application/json", `{"channel":"`+sandbox.ChannelNewsroomGeneral+`","command":"secret"}`, nil); status != http.StatusOK {
		t.Fatalf("command: status %d", status)
	}
	var seen []sandbox.Message
	for ctx := within(t, time.Minute); len(seen) == 0 && ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		mine.do(http.MethodGet, messages, "", "", &seen)
	}
	if len(seen) != 1 || seen[0].Content != "between us" {
		t.Errorf("in the browser that asked: %+v", seen)
	}
	if other.do(http.MethodGet, messages, "", "", &seen); len(seen) != 0 {
		t.Errorf("in another browser: %+v", seen)
	}
}

// What a page elsewhere could send without asking, a plain form, is refused, and
// so are commands that the user isn't shown.
func TestPageRefuses(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, sandbox.Options{})
	b := openTab(t, srv)
	tests := []struct {
		name, path, contentType, body string
		want                          int
	}{
		{"a form instead of JSON", "app/command", "text/plain", `{"command":"ping"}`, http.StatusUnsupportedMediaType},
		{"a moderator's command", "app/command", "application/json", `{"channel":"` + sandbox.ChannelNewsroomGeneral + `","command":"tidy up"}`, http.StatusUnprocessableEntity},
		{"a button that isn't there", "app/component", "application/json", `{"channel":"` + sandbox.ChannelNewsroomGeneral + `","message":"1","custom_id":"x"}`, http.StatusUnprocessableEntity},
		{"an unknown user", "app/command?user=1", "application/json", `{}`, http.StatusForbidden},
		{"a body without end", "app/messages", "application/json", `{"content":"` + strings.Repeat("x", 70_000) + `"}`, http.StatusRequestEntityTooLarge},
		{"not JSON", "app/messages", "application/json", `{`, http.StatusUnprocessableEntity},
		{"writing to the page", "", "application/json", `{}`, http.StatusMethodNotAllowed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := b.do(http.MethodPost, tt.path, tt.contentType, tt.body, nil); got != tt.want {
				t.Errorf("status %d, want %d", got, tt.want)
			}
		})
	}
}
