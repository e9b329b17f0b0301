package corpus

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// pace gives each site its requests with a pause between.
type pace struct {
	pause time.Duration

	mu   sync.Mutex
	turn map[string]time.Time     // by host: when the next request may be made
	more map[string]time.Duration // by host: a longer pause that the site asks for
}

func newPace(pause time.Duration) *pace {
	return &pace{pause: pause, turn: map[string]time.Time{}, more: map[string]time.Duration{}}
}

// slow makes the host's pause at least d long.
func (p *pace) slow(host string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d <= p.pause {
		delete(p.more, host)
		return
	}
	if len(p.more) >= maxHosts {
		clear(p.more)
	}
	p.more[host] = d
}

// wait waits for the host's turn. Those who wait get their turns in the order of
// their coming.
func (p *pace) wait(ctx context.Context, host string) error {
	p.mu.Lock()
	now := time.Now()
	at := p.turn[host]
	if at.Before(now) {
		at = now
	}
	if len(p.turn) >= maxHosts {
		for h, t := range p.turn {
			if t.Before(now) {
				delete(p.turn, h)
			}
		}
	}
	p.turn[host] = at.Add(max(p.pause, p.more[host]))
	p.mu.Unlock()
	return sleep(ctx, at.Sub(now))
}

// sleep waits for d, or for the context's end.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Bounds of retries. Who is asked to wait longer than maxRetryAfter gives up, and says so.
const (
	maxRetries    = 3
	maxRetryAfter = time.Minute
)

// retryAfter reports whether a request that failed is worth another try, and after
// what wait: as long as the server says, or twice as long each time, give or take a quarter so
// that many who failed together don't come back together.
func (f *Fetcher) retryAfter(err error, try int) (time.Duration, bool) {
	if try >= maxRetries || !isTemporary(err) {
		return 0, false
	}
	wait := f.opt.Backoff << try
	wait += time.Duration((rand.Float64() - 0.5) / 2 * float64(wait))
	var status *statusError
	if errors.As(err, &status) {
		if asked, ok := parseRetryAfter(status.after, time.Now()); ok {
			wait = max(wait, asked)
		}
	}
	return wait, wait <= maxRetryAfter
}

// isTemporary reports whether an error may be gone in a moment.
func isTemporary(err error) bool {
	var status *statusError
	var timeout net.Error
	var dns *net.DNSError
	switch {
	case errors.As(err, &status):
		switch status.code {
		case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	case errors.As(err, &dns):
		return dns.IsTemporary || dns.IsTimeout
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return true
	}
	return errors.As(err, &timeout) && timeout.Timeout()
}

// parseRetryAfter reads a Retry-After, which is seconds or a date (RFC 9110, section 10.2.3).
func parseRetryAfter(s string, now time.Time) (time.Duration, bool) {
	if n, err := strconv.ParseUint(s, 10, 31); err == nil {
		return time.Duration(n) * time.Second, true
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, t.Sub(now)), true
	}
	return 0, false
}
