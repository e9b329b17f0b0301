package cmd

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far a long job is: a moving bar in a terminal, otherwise
// a line every few seconds.
type progress struct {
	mu    sync.Mutex
	bar   *progressbar.ProgressBar
	w     io.Writer
	what  string
	total int
	last  time.Time
}

// plainInterval is how often a progress line is written where no bar can move.
const plainInterval = 2 * time.Second

func newProgress(w io.Writer, what string, total int) *progress {
	p := &progress{w: w, what: what, total: total, last: time.Now()}
	if isTerminal(w) {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(w),
			progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionSetWidth(30),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// set moves the progress to done of total; the total may have grown.
func (p *progress) set(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		if total != p.total {
			p.bar.ChangeMax(total)
		}
		// A bar that can't be drawn is no reason to stop the work.
		_ = p.bar.Set(done)
	} else if time.Since(p.last) >= plainInterval {
		p.last = time.Now()
		fmt.Fprintf(p.w, "%s: %d of %d\n", p.what, done, total)
	}
	p.total = total
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
