package cmd

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/whosaid/whosaid/bot"
	"github.com/whosaid/whosaid/index"
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
// its answers leave the process: the way through the gateway, the index and the answer
// room. It asks about the sample articles, or about those of the data folder that
// WHOSAID_BURST_DATA names.
func BenchmarkBurst(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	a := &app{IO: IO{Out: b.Output(), Err: b.Output()}, log: slog.New(slog.DiscardHandler)}
	folder := os.Getenv("WHOSAID_BURST_DATA")
	a.settings.Data = cmp.Or(folder, b.TempDir())
	lib, err := a.openLibrary(ctx)
	if err != nil {
		b.Fatal(err)
	}
	questions := []string{
		"Who said that the ferry is late?", "What did Ines Okafor say about fares?", "Who talked about the bridge?",
		"Did Ines Okafor say that fares rise?", "What about the harbour?",
	}
	prefix := "In"
	if folder != "" {
		questions, prefix = questionsAbout(ctx, b, lib.idx)
	} else if err := lib.importSample(ctx); err != nil {
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
	b.Run("answer", func(b *testing.B) {
		out.burst(b, func(i int) error {
			_, err := srv.Invoke(ctx, sandbox.Invocation{Command: "ask", Options: map[string]any{"question": questions[i%len(questions)]}})
			return err
		})
	})
	b.Run("autocomplete", func(b *testing.B) {
		out.burst(b, func(i int) error {
			_, err := srv.Autocomplete(ctx, sandbox.Invocation{Command: "quotes", Options: map[string]any{"speaker": prefix}}, "speaker")
			return err
		})
	})
}

// questionsAbout makes questions of what the most quoted speakers of the index said, and
// a prefix of names.
func questionsAbout(ctx context.Context, b *testing.B, idx index.Index) (questions []string, prefix string) {
	for _, who := range idx.Speakers(nil, "", 25) {
		prefix = who.Name[:1]
		found, err := idx.Search(ctx, index.Query{Speaker: who.Name, Limit: 4})
		if err != nil {
			b.Fatal(err)
		}
		for i, h := range found.Hits {
			words := strings.Fields(strings.Trim(h.Text, "“”,"))
			if i%2 == 0 {
				questions = append(questions, "Who said that "+strings.Join(words[:min(7, len(words))], " ")+"?")
			} else {
				questions = append(questions, "What did "+who.Name+" say about "+strings.Join(words[:min(4, len(words))], " ")+"?")
			}
		}
	}
	if len(questions) == 0 {
		b.Fatal("the data folder has no quotes to ask about")
	}
	return questions, prefix
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
