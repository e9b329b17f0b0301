package cmd

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whosaid/whosaid/bot"
	"github.com/whosaid/whosaid/sandbox"
)

// departures is a transport that notes when first answers leave the process.
type departures struct {
	next http.RoundTripper
	mu   sync.Mutex
	at   []time.Time
}

func (d *departures) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/callback") {
		d.mu.Lock()
		d.at = append(d.at, time.Now())
		d.mu.Unlock()
	}
	return d.next.RoundTrip(r)
}

// BenchmarkBurst measures how long after 50 members turned to the bot at once
// its answers leave the process, over the sample articles: the way through the
// gateway, the index and the answer room.
func BenchmarkBurst(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	a := &app{IO: IO{Out: b.Output(), Err: b.Output()}, log: slog.New(slog.DiscardHandler)}
	a.settings.Data = b.TempDir()
	lib, err := a.openLibrary(ctx)
	if err != nil {
		b.Fatal(err)
	}
	if err := lib.importSample(ctx); err != nil {
		b.Fatal(err)
	}
	srv, err := sandbox.New(sandbox.Options{ReplyDeadline: time.Minute})
	if err != nil {
		b.Fatal(err)
	}
	out := &departures{next: srv.Client().Transport}
	done := make(chan error, 1)
	go func() {
		done <- a.serve(ctx, lib, bot.Config{Token: srv.Token(), HTTPClient: &http.Client{Transport: out}})
	}()
	b.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.Errorf("the bot: %v", err)
		}
		srv.Close()
		lib.close()
	})
	if err := srv.WaitForBot(ctx, "ask", "quotes"); err != nil {
		b.Fatal(err)
	}
	questions := []string{
		"Who said that the ferry is late?", "What did Ines Okafor say about fares?", "Who talked about the bridge?",
		"Did Ines Okafor say that fares rise?", "What about the harbour?",
	}
	b.Run("answer", func(b *testing.B) {
		out.burst(b, func(i int) error {
			_, err := srv.Invoke(ctx, sandbox.Invocation{Command: "ask", Options: map[string]any{"question": questions[i%len(questions)]}})
			return err
		})
	})
	b.Run("autocomplete", func(b *testing.B) {
		out.burst(b, func(i int) error {
			_, err := srv.Autocomplete(ctx, sandbox.Invocation{Command: "quotes", Options: map[string]any{"speaker": "In"}}, "speaker")
			return err
		})
	})
}

// burst has 50 members do something at once, again and again.
func (d *departures) burst(b *testing.B, do func(i int) error) {
	const members = 50
	var took []time.Duration
	for b.Loop() {
		d.at = nil
		begun := time.Now()
		var all sync.WaitGroup
		for i := range members {
			all.Go(func() {
				if err := do(i); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
		for _, at := range d.at {
			took = append(took, at.Sub(begun))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
