package bot

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whosaid/whosaid/answer"
)

// departures is a transport that notes when first answers leave, and takes them
// all without a network.
type departures struct {
	mu   sync.Mutex
	at   []time.Time
	left chan struct{} // one for each
}

func (d *departures) RoundTrip(r *http.Request) (*http.Response, error) {
	now := time.Now()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	if strings.HasSuffix(r.URL.Path, "/callback") {
		d.mu.Lock()
		d.at = append(d.at, now)
		d.mu.Unlock()
		d.left <- struct{}{}
	}
	return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// burst is how many interactions arrive at once.
const burst = 50

// BenchmarkBurst measures how long after a burst of interactions their answers
// leave the process, over a backend that answers at once: what the bot itself
// takes. cmd has the same with a real index.
func BenchmarkBurst(b *testing.B) {
	f := &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden(), unknownSpeaker(), bare(), halden(), halden()}}}
	suggest := func(id string) map[string]any {
		return event(id, 4, map[string]any{"name": "verify", "options": []any{map[string]any{"type": 3, "name": "speaker", "value": "Mira", "focused": true}}})
	}
	ask := func(id string) map[string]any { return command(id, "ask", "question", "What about the boats?") }
	for name, event := range map[string]func(id string) map[string]any{"answer": ask, "autocomplete": suggest} {
		b.Run(name, func(b *testing.B) {
			out := &departures{left: make(chan struct{}, burst)}
			bot, err := New(Config{Token: "token", Backend: f, StateDir: b.TempDir(), Logger: quiet(), HTTPClient: &http.Client{Transport: out}})
			if err != nil {
				b.Fatal(err)
			}
			var took []time.Duration
			id := 0
			for b.Loop() {
				b.StopTimer()
				var events []json.RawMessage
				for range burst {
					id++
					raw, err := json.Marshal(event(fmt.Sprint(id)))
					if err != nil {
						b.Fatal(err)
					}
					events = append(events, raw)
				}
				b.StartTimer()
				begun := time.Now()
				for _, raw := range events {
					bot.dispatcher.accept(raw)
				}
				for range burst {
					<-out.left
				}
				for _, at := range out.at {
					took = append(took, at.Sub(begun))
				}
				bot.dispatcher.work.Wait()
				out.at = out.at[:0]
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
