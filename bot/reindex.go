package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	progressEvery = 2 * time.Second // Discord allows five edits in five seconds
	wrapUpWithin  = 5 * time.Second // to report the end, even while the bot is ending
)

// reindexer runs at most one reindex at a time and reports on it.
type reindexer struct {
	backend Backend
	log     *slog.Logger
	now     func() time.Time
	every   time.Duration // between two reports, at least

	mu     sync.Mutex
	job    string        // id of the one that runs, "" when none does
	cancel chan struct{} // closed to cancel it
}

var errCancelled = errors.New("cancelled by a moderator")

// begin claims the reindexer for a new job.
func (r *reindexer) begin() (job string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.job != "" {
		return "", errBusy
	}
	r.job, r.cancel = rand.Text(), make(chan struct{})
	return r.job, nil
}

// stop cancels a job, if it is the one that runs.
func (r *reindexer) stop(job string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.job == "" || r.job != job {
		return errOver
	}
	select {
	case <-r.cancel: // it was cancelled before
	default:
		close(r.cancel)
	}
	return nil
}

// running reports whether a job is under way.
func (r *reindexer) running() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.job != ""
}

// run is the Follow of a job that began at a request.
func (r *reindexer) run(job string, by Request) Follow {
	r.mu.Lock()
	cancelled := r.cancel
	r.mu.Unlock()
	return func(ctx context.Context, out Messenger) {
		ctx, cancel := context.WithCancelCause(ctx)
		var watch sync.WaitGroup
		watch.Go(func() {
			select {
			case <-cancelled:
				cancel(errCancelled)
			case <-ctx.Done():
			}
		})
		defer func() {
			cancel(nil)
			watch.Wait()
			r.end()
		}()
		started := r.now()
		err := r.work(ctx, by.own(), job, out)
		if err != nil {
			r.log.Warn("A reindex did not finish", "err", err, "cause", context.Cause(ctx))
		}
		cause, took := context.Cause(ctx), r.now().Sub(started)
		r.finish(ctx, out, reindexDone(by.own(), err, cause, took), reindexDone(by.everybodys(), err, cause, took))
	}
}

// end makes room for the next job.
func (r *reindexer) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.job, r.cancel = "", nil
}

// work rebuilds the index and reports its progress, no more often than Discord
// lets a message be edited.
func (r *reindexer) work(ctx context.Context, in voice, job string, out Messenger) error {
	var done, total atomic.Int64
	finished := make(chan struct{})
	var reports sync.WaitGroup
	reports.Go(func() {
		tick := time.NewTicker(r.every)
		defer tick.Stop()
		started, shown := r.now(), int64(-1)
		for {
			select {
			case <-finished:
				return
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if d := done.Load(); d != shown {
				shown = d
				if err := out.Edit(ctx, reindexProgress(in, job, d, total.Load(), r.now().Sub(started))); err != nil {
					r.log.Debug("A progress report was lost", "err", err)
				}
			}
		}
	})
	err := r.backend.Reindex(ctx, func(d, t int) {
		total.Store(int64(t))
		done.Store(int64(d))
	})
	close(finished)
	reports.Wait()
	return err
}

// finish delivers the last report: in place of the progress, or for everybody as a
// message of its own when the interaction has expired.
func (r *reindexer) finish(ctx context.Context, out Messenger, own, everybodys Message) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), wrapUpWithin)
	defer cancel()
	err := out.Edit(ctx, own)
	if err != nil {
		err = out.Post(ctx, everybodys)
	}
	if err != nil {
		hint, _ := trouble(err)
		r.log.Error("The end of a reindex could not be reported", "err", err, "hint", hint)
	}
}
