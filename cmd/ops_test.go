package cmd

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/whosaid/whosaid/bot"
	"github.com/whosaid/whosaid/sandbox"
)

// TestOps: monitoring learns whether members get answers, and the metrics.
func TestOps(t *testing.T) {
	a := &app{IO: IO{Out: t.Output(), Err: t.Output()}, log: slog.New(slog.DiscardHandler)}
	a.settings.Data = t.TempDir()
	lib, err := a.openLibrary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer lib.close()
	reg, _ := newRegistry(backend{lib.answers, lib})
	var ready error
	h := opsHandler(reg, func() error { return ready })
	get := func(method, path string) (int, string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w.Code, w.Body.String()
	}
	if code, body := get("GET", "/metrics"); code != 200 || !strings.Contains(body, "whosaid_corpus_articles 0") || !strings.Contains(body, "go_goroutines") {
		t.Errorf("/metrics: %d\n%s", code, body)
	}
	if code, _ := get("GET", "/healthz"); code != 200 {
		t.Errorf("/healthz: %d", code)
	}
	if code, _ := get("GET", "/readyz"); code != 200 {
		t.Errorf("/readyz: %d", code)
	}
	ready = errors.New("shard 2 of 3 is not connected")
	if code, body := get("GET", "/readyz"); code != 503 || !strings.Contains(body, "shard 2") {
		t.Errorf("/readyz of a bot that isn't: %d %s", code, body)
	}
	if code, _ := get("POST", "/healthz"); code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", code)
	}
}

// TestServeHTTPEnds: a server that is stopped finishes the request under way.
func TestServeHTTPEnds(t *testing.T) {
	l, err := listen(t.Context(), "metrics-addr", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := listen(t.Context(), "metrics-addr", l.Addr().String()); err == nil || !strings.Contains(err.Error(), "--metrics-addr") {
		t.Errorf("an address that is taken: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	begun := make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		stop()
		time.Sleep(50 * time.Millisecond) // the shutdown begins meanwhile
		io.WriteString(w, "done")
	})
	served := make(chan error, 1)
	go func() { served <- serveHTTP(ctx, l, h, slog.New(slog.DiscardHandler)) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	<-begun
	if b, err := io.ReadAll(resp.Body); string(b) != "done" || err != nil {
		t.Errorf("the last answer is %q, %v", b, err)
	}
	if err := <-served; err != nil {
		t.Errorf("serving ended with %v", err)
	}
	if err := serveHTTP(ctx, nil, h, nil); err != nil {
		t.Errorf("no listener: %v", err)
	}
}

// TestDoctorInTheSandbox: the stand-in's bot is well, but for the commands that
// it has not registered.
func TestDoctorInTheSandbox(t *testing.T) {
	server, err := sandbox.New(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	t.Setenv("DISCORD_TOKEN", server.Token())
	a := &app{discord: server.Client()}
	for _, f := range a.examineDiscord(t.Context()) {
		if f.Level != bot.OK && f.Check != "commands" {
			t.Errorf("%+v", f)
		}
	}
	t.Setenv("DISCORD_TOKEN", "another")
	if got := a.examineDiscord(t.Context()); len(got) != 1 || got[0].Level != bot.Fail {
		t.Errorf("a wrong token: %+v", got)
	}
}
