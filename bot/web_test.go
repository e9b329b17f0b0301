package bot

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/whosaid/whosaid/answer"
)

// signed is a request as Discord would send it at that time.
func signed(key ed25519.PrivateKey, body []byte, at time.Time) *http.Request {
	stamp := strconv.FormatInt(at.Unix(), 10)
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(key, append([]byte(stamp), body...))))
	return r
}

// TestEndpoint posts interactions over HTTP, as Discord would and as it wouldn't.
func TestEndpoint(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := newStandIn(t)
	s.reply = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/applications/@me") {
			w.Write([]byte(`{"id":"11"}`))
			return true
		}
		return false
	}
	f := &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}
	b := launch(t, Config{Backend: f, HTTPClient: s.client(), PublicKey: hex.EncodeToString(public)})
	if err := b.Ready(); err != nil || s.connections() != 0 {
		t.Errorf("not ready (%v), or connected to the gateway (%d times)", err, s.connections())
	}
	post := func(body []byte, at time.Time, change func(http.Header)) int {
		r, w := signed(private, body, at), httptest.NewRecorder()
		change(r.Header)
		b.Interactions().ServeHTTP(w, r)
		return w.Code
	}
	same := func(http.Header) {}
	without := func(name string) func(http.Header) { return func(h http.Header) { h.Del(name) } }
	signature := func(value string) func(http.Header) {
		return func(h http.Header) { h.Set("X-Signature-Ed25519", value) }
	}
	ask := func(id string) []byte {
		body, _ := json.Marshal(command(id, "ask", "question", "What?"))
		return body
	}
	now := time.Now()
	for name, tc := range map[string]struct {
		body   []byte
		at     time.Time
		change func(http.Header)
		want   int
	}{
		"a ping":                {[]byte(`{"type":1}`), now, same, 200},
		"no signature":          {ask("1"), now, without("X-Signature-Ed25519"), 401},
		"no timestamp":          {ask("2"), now, without("X-Signature-Timestamp"), 401},
		"another's signature":   {ask("3"), now, signature(strings.Repeat("00", 64)), 401},
		"half a signature":      {ask("4"), now, signature("abcd"), 401},
		"a signature in words":  {ask("5"), now, signature("trust me"), 401},
		"a timestamp that lies": {ask("6"), now, func(h http.Header) { h.Set("X-Signature-Timestamp", strconv.FormatInt(now.Unix()+1, 10)) }, 401},
		"an old recording":      {ask("7"), now.Add(-6 * time.Minute), same, 401},
		"one from the future":   {ask("8"), now.Add(6 * time.Minute), same, 401},
		"signed nonsense":       {[]byte(`nonsense`), now, same, 400},
		"a huge body":           {bytes.Repeat([]byte(" "), maxInteraction+1), now, same, 413},
	} {
		if got := post(tc.body, tc.at, tc.change); got != tc.want {
			t.Errorf("%s: status %d, want %d", name, got, tc.want)
		}
	}
	b.dispatcher.work.Wait()
	if n := s.count(http.MethodPost, "/callback"); n != 0 {
		t.Errorf("%d of the refused were answered", n)
	}
	for range 3 { // the second and third are replays within the time
		if got := post(ask("9"), now, same); got != http.StatusAccepted {
			t.Errorf("status %d, want 202", got)
		}
	}
	if got := read[callback](t, s.next("/interactions/9/tok9/callback")); !strings.Contains(got.Data.says(), "lighthouse") {
		t.Errorf("answered %q", got.Data.says())
	}
	b.dispatcher.work.Wait()
	if n := s.count(http.MethodPost, "/interactions/9/tok9/callback"); n != 1 {
		t.Errorf("answered %d times", n)
	}
	w := httptest.NewRecorder()
	b.Interactions().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: status %d", w.Code)
	}
}

// TestPublicKey: what is no key is refused when the bot is made, and a bot
// without one lets nobody in.
func TestPublicKey(t *testing.T) {
	for _, key := range []string{"xyz", "abcd", strings.Repeat("0", 66)} {
		if _, err := New(Config{Token: "t", Backend: &fakeBackend{}, StateDir: t.TempDir(), PublicKey: key}); err == nil {
			t.Errorf("%q was taken", key)
		}
	}
	b, err := New(Config{Token: "t", Backend: &fakeBackend{}, StateDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	b.Interactions().ServeHTTP(w, signed(private, []byte(`{"type":1}`), time.Now()))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", w.Code)
	}
}
