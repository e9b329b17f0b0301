package corpus

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A page that has not changed is not sent again.
func TestConditionalRequests(t *testing.T) {
	const stamp = "Mon, 08 Mar 2021 22:15:00 GMT"
	srv := site(t, map[string]http.HandlerFunc{
		"/etag": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"v1"`)
			if r.Header.Get("If-None-Match") == `"v1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			io.WriteString(w, "new")
		},
		"/date": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Last-Modified", stamp)
			if r.Header.Get("If-Modified-Since") == stamp {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			io.WriteString(w, "new")
		},
		"/moved":     func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/etag", http.StatusFound) },
		"/unmarked":  serve("text/plain", "new"),
		"/senseless": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) },
	})
	f := loopbackFetcher(t)
	for path, unchanged := range map[string]bool{"/etag": true, "/date": true, "/moved": true, "/unmarked": false} {
		first, err := f.get(t.Context(), srv.URL+path)
		if err != nil || first.unchanged || string(first.body) != "new" {
			t.Fatalf("%s: %+v, %v", path, first, err)
		}
		second, err := f.getIf(t.Context(), srv.URL+path, first.validators)
		if err != nil || second.unchanged != unchanged || second.validators != first.validators || unchanged != (len(second.body) == 0) {
			t.Errorf("%s again: %+v, %v", path, second, err)
		}
		if third, err := f.getIf(t.Context(), srv.URL+path, validators{etag: `"v0"`, modified: "long ago"}); err != nil || string(third.body) != "new" {
			t.Errorf("%s, known in another version: %+v, %v", path, third, err)
		}
	}
	if _, err := f.get(t.Context(), srv.URL+"/senseless"); err == nil {
		t.Error("a page that was never sent counts as unchanged")
	}
}

// What fails for the moment is asked for again, and nothing else is.
func TestRetries(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fail  func(w http.ResponseWriter)
		times int  // the first answers that fail
		want  int  // requests
		ok    bool // whether the page was had
	}{
		{"unavailable once", status(503), 1, 2, true},
		{"bad gateway twice", status(502), 2, 3, true},
		{"unavailable for long", status(503), 9, maxRetries + 1, false},
		{"not found", status(404), 9, 1, false},
		{"forbidden", status(403), 9, 1, false},
		{"a broken server", status(500), 9, 1, false},
		{"too many requests, in a moment", retryIn("0", 429), 1, 2, true},
		{"too many requests, since a day of the past", retryIn("Mon, 08 Mar 2021 22:15:00 GMT", 429), 1, 2, true},
		{"too many requests, in an hour", retryIn("3600", 429), 1, 1, false},
		{"the connection breaks", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, 1, 2, true},
		{"the answer breaks off", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}, 1, 2, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asked atomic.Int32
			srv := site(t, map[string]http.HandlerFunc{"/page": func(w http.ResponseWriter, _ *http.Request) {
				if int(asked.Add(1)) <= tt.times {
					tt.fail(w)
					return
				}
				io.WriteString(w, "page")
			}})
			p, err := loopbackFetcher(t).get(t.Context(), srv.URL+"/page")
			if tt.ok && (err != nil || string(p.body) != "page") || !tt.ok && err == nil {
				t.Errorf("%+v, %v", p, err)
			}
			// Go's client may itself repeat a request on a connection that turned out to be closed.
			if n := int(asked.Load()); n != tt.want {
				t.Errorf("%d requests, want %d", n, tt.want)
			}
		})
	}
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

func retryIn(after string, code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(code)
	}
}

// A server is given the time that it asks for.
func TestRetryAfterIsHonoured(t *testing.T) {
	f := NewFetcher(FetchOptions{Backoff: time.Millisecond})
	defer f.Close()
	for after, want := range map[string]time.Duration{"7": 7 * time.Second, "60": time.Minute, "": 0, "soon": 0, "-5": 0} {
		wait, again := f.retryAfter(&statusError{code: 429, after: after}, 0)
		if !again || wait < want || wait > want+time.Second {
			t.Errorf("Retry-After %q: %v, %v", after, wait, again)
		}
	}
	now := time.Date(2021, 3, 8, 22, 0, 0, 0, time.UTC)
	if d, ok := parseRetryAfter("Mon, 08 Mar 2021 22:00:30 GMT", now); !ok || d != 30*time.Second {
		t.Errorf("a date: %v, %v", d, ok)
	}
	if _, again := f.retryAfter(context.DeadlineExceeded, maxRetries); again {
		t.Error("it never gives up")
	}
}

// Requests to a site are a pause apart, from however many goroutines; other sites don't wait.
func TestRequestsKeepTheirDistance(t *testing.T) {
	const pause = 30 * time.Millisecond
	var mu sync.Mutex
	var times []time.Time
	handler := map[string]http.HandlerFunc{"/page": func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		times = append(times, time.Now())
	}, "/robots.txt": http.NotFound}
	srv, other := site(t, handler), site(t, map[string]http.HandlerFunc{"/page": serve("text/plain", "x")})
	f := NewFetcher(FetchOptions{AllowLoopback: true, Pause: pause})
	defer f.Close()
	start := time.Now()
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if _, err := f.get(t.Context(), srv.URL+"/page"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	// The goroutines may all have asked for robots.txt; each request waited for its turn.
	if took := time.Since(start); took < 5*pause {
		t.Errorf("six requests and more in %v", took)
	}
	if len(times) != 5 {
		t.Fatalf("%d requests", len(times))
	}
	if _, err := f.get(t.Context(), other.URL+"/page"); err != nil {
		t.Error(err)
	}
}

func TestPace(t *testing.T) {
	p := newPace(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	if err := p.wait(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	if err := p.wait(ctx, "b"); err != nil {
		t.Errorf("another site waited: %v", err)
	}
	cancel()
	if err := p.wait(ctx, "a"); err != context.Canceled {
		t.Errorf("a wait that ends with its context: %v", err)
	}
	p = newPace(time.Nanosecond)
	p.slow("a", time.Hour)
	_ = p.wait(t.Context(), "a")
	if left := time.Until(p.turn["a"]); left < 59*time.Minute {
		t.Errorf("a site that asks for an hour gets %v", left)
	}
	for i := range 3 * maxHosts {
		_ = p.wait(t.Context(), fmt.Sprint(i))
	}
	if len(p.turn) > maxHosts+1 {
		t.Errorf("%d sites are remembered", len(p.turn))
	}
}

func TestCrawlDelay(t *testing.T) {
	srv := site(t, map[string]http.HandlerFunc{
		"/robots.txt": serve("text/plain", "User-agent: *\nCrawl-delay: 86400\n"), "/page": serve("text/plain", "x")})
	f := loopbackFetcher(t)
	if _, err := f.get(t.Context(), srv.URL+"/page"); err != nil {
		t.Fatal(err)
	}
	if got := f.pace.more[strings.TrimPrefix(srv.URL, "http://")]; got != maxCrawlDelay {
		t.Errorf("the pause is %v", got)
	}
}
