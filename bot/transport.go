package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// maxResponse bounds what is read of an answer from Discord, in bytes.
	maxResponse = 8 << 20
	// defaultRetryAfter is for a 429 that doesn't say how long to wait, in seconds.
	defaultRetryAfter = 5
)

// quietTransport makes Discord's answers fit for discordgo.
//
// It takes the rate-limit headers off: discordgo would sleep by them, deaf to
// the context, and one member's limit would hold up whoever gets the same
// bucket next. The sender acts on 429s alone; those that the network in front of Discord
// gives are a page without the JSON that discordgo reads, which is put in. And
// a 502 becomes a 503, since discordgo repeats the former by itself, at once, and
// then returns an error without a type.
type quietTransport struct {
	next   http.RoundTripper
	global *pause // told of global rate limits
}

// RoundTrip implements http.RoundTripper.
func (t *quietTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	for _, h := range []string{"Limit", "Remaining", "Reset", "Reset-After", "Bucket", "Global", "Scope"} {
		resp.Header.Del("X-Ratelimit-" + h)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxResponse), resp.Body}
	switch resp.StatusCode {
	case http.StatusBadGateway:
		resp.StatusCode, resp.Status = http.StatusServiceUnavailable, "503 (was 502)"
	case http.StatusTooManyRequests:
		return resp, t.limited(resp)
	}
	return resp, nil
}

// limited makes sure that a 429's body is the JSON that discordgo expects.
func (t *quietTransport) limited(resp *http.Response) error {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	var limit struct {
		Message    string  `json:"message"`
		RetryAfter float64 `json:"retry_after"` // seconds
		Global     bool    `json:"global"`
	}
	if json.Unmarshal(body, &limit) != nil || limit.RetryAfter < 0 {
		// Whatever stands in front of Discord limits all requests, not a route.
		limit.RetryAfter, limit.Global = defaultRetryAfter, true
		if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s >= 0 {
			limit.RetryAfter = float64(s)
		}
	}
	limit.RetryAfter = min(limit.RetryAfter, time.Hour.Seconds())
	if limit.Global {
		t.global.begin(time.Duration(limit.RetryAfter * float64(time.Second)))
	}
	if body, err = json.Marshal(limit); err != nil {
		return err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// pause holds requests back after a global rate limit. First answers go on: the
// global limit is not for them.
type pause struct {
	mu    sync.Mutex
	until time.Time
}

// begin starts a pause, or makes the present one longer.
func (p *pause) begin(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := time.Now().Add(d); t.After(p.until) {
		p.until = t
	}
}

// wait returns nil when the pause is over, and an error if ctx ends before.
func (p *pause) wait(ctx context.Context) error {
	if left := p.left(); left > 0 && !sleep(ctx, left) {
		return fmt.Errorf("waiting for Discord's global rate limit to pass: %w", context.Cause(ctx))
	}
	return nil
}

// left is how long the pause goes on; 0 when there is none.
func (p *pause) left() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(time.Until(p.until), 0)
}
