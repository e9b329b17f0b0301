package sandbox

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"sync"
	"time"
)

// rateLimits counts a bot's requests in windows, by route and main id, as
// Discord does, and tells the bot in the headers it reads.
type rateLimits struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	reset time.Time
	left  int
}

// maxBuckets bounds the table: past windows are dropped when it is full.
const maxBuckets = 10000

// quota is how many requests a bucket takes in a window.
type quota struct {
	limit  int
	window time.Duration
}

// quotaOf returns a request's bucket and its quota. Discord doesn't publish the
// figures; these are those that its headers showed for these routes. First
// answers to interactions are not limited.
func quotaOf(r *http.Request) (string, quota, bool) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/api/"), "/")
	if len(parts) < 3 || parts[1] == "interactions" {
		return "", quota{}, false
	}
	main := strings.Join(parts[1:3], "/")
	switch {
	case parts[1] == "webhooks" && len(parts) > 3: // a token has a bucket of its own
		return r.Method + " " + main + "/" + parts[3], quota{5, 2 * time.Second}, true
	case parts[1] == "channels" && r.Method != http.MethodGet:
		return r.Method + " " + main, quota{5, 5 * time.Second}, true
	default:
		return r.Method + " " + main, quota{50, time.Second}, true
	}
}

// allow counts a request and sets the headers. It answers 429 itself and
// returns false when the bucket is empty.
func (l *rateLimits) allow(w http.ResponseWriter, r *http.Request) bool {
	key, q, limited := quotaOf(r)
	if !limited {
		return true
	}
	left, wait := l.take(key, q, time.Now())
	h := w.Header()
	h.Set("X-RateLimit-Limit", fmt.Sprint(q.limit))
	h.Set("X-RateLimit-Remaining", fmt.Sprint(max(left, 0)))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(time.Now().Add(wait).UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", wait.Seconds()))
	h.Set("X-RateLimit-Bucket", bucketName(key))
	if left >= 0 {
		return true
	}
	h.Set("X-RateLimit-Scope", "user")
	h.Set("Retry-After", fmt.Sprint(int(wait.Seconds())+1))
	writeJSON(w, http.StatusTooManyRequests, map[string]any{
		"message": "You are being rate limited.", "retry_after": wait.Seconds(), "global": false, "code": codeGeneral})
	return false
}

// take returns what is left in a bucket after one more request, below zero when
// there was nothing left, and the time until it fills up again.
func (l *rateLimits) take(key string, q quota, now time.Time) (int, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil || !now.Before(b.reset) {
		if len(l.buckets) >= maxBuckets {
			l.dropPast(now)
		}
		b = &bucket{reset: now.Add(q.window), left: q.limit}
		l.buckets[key] = b
	}
	b.left = max(b.left-1, -1)
	return b.left, b.reset.Sub(now)
}

func (l *rateLimits) dropPast(now time.Time) {
	for key, b := range l.buckets {
		if now.After(b.reset) {
			delete(l.buckets, key)
		}
	}
}

func bucketName(key string) string {
	h := fnv.New64a()
	h.Write([]byte(key))
	return fmt.Sprintf("%016x", h.Sum64())
}
