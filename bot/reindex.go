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

// reindexer runs at most one reindex of a scope at a time and reports on it.
type reindexer struct {
	backend Backend
	log     *slog.Logger
	now     func() time.Time
	every   time.Duration // between two reports, at least

	mu   sync.Mutex
	jobs map[string]job // that run, by scope
}

// job is one reindex.
type job struct {
	scope, id string
	cancel    chan struct{} // closed to cancel it
}

var errCancelled = errors.New("cancelled by a moderator")

// begin claims the scope for a new job.
func (r *reindexer) begin(scope string) (job, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, busy := r.jobs[scope]; busy {
		return job{}, errBusy
	}
	if r.jobs == nil {
		r.jobs = map[string]job{}
	}
	j := job{scope, rand.Text(), make(chan struct{})}
	r.jobs[scope] = j
	return j, nil
}

// stop cancels a job, if it is the one that runs in the scope.
func (r *reindexer) stop(scope, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	j, running := r.jobs[scope]
	if !running || j.id != id {
		return errOver
	}
	select {
	case <-j.cancel: // it was cancelled before
	default:
		close(j.cancel)
	}
	return nil
}

// running reports whether a job of the scope is under way.
func (r *reindexer) running(scope string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, running := r.jobs[scope]
	return running
}

// run is the Follow of a job that began at a request.
func (r *reindexer) run(j job, by Request) Follow {
	return func(ctx context.Context, out Messenger) {
		ctx, cancel := context.WithCancelCause(ctx)
		var watch sync.WaitGroup
		watch.Go(func() {
			select {
			case <-j.cancel:
				cancel(errCancelled)
			case <-ctx.Done():
			}
		})
		defer func() {
			cancel(nil)
			watch.Wait()
			r.end(j.scope)
		}()
		started := r.now()
		err := r.work(ctx, by.own(), j, out)
		if err != nil {
			r.log.Warn("A reindex did not finish", "err", err, "cause", context.Cause(ctx))
		}
		cause, took := context.Cause(ctx), r.now().Sub(started)
		r.finish(ctx, out, reindexDone(by.own(), err, cause, took), reindexDone(by.everybodys(), err, cause, took))
	}
}

// end makes room for the scope's next job.
func (r *reindexer) end(scope string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.jobs, scope)
}

// work rebuilds the index and reports its progress, no more often than Discord
// lets a message be edited.
func (r *reindexer) work(ctx context.Context, in voice, j job, out Messenger) error {
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
				if err := out.Edit(ctx, reindexProgress(in, j.id, d, total.Load(), r.now().Sub(started))); err != nil {
					r.log.Debug("A progress report was lost", "err", err)
				}
			}
		}
	})
	err := r.backend.Reindex(ctx, j.scope, func(d, t int) {
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
