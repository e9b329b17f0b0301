package bleveindex

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/amend"
	"github.com/whosaid/whosaid/quote"
)

// Add indexes articles of the corpus by their IDs and makes them visible
// before it returns; those that are in the index already are passed over, and
// so are those of which a newer version answers. Decisions that were made with them, that
// one replaces another, are applied.
// progress may be nil; it is called from one goroutine at a time.
//
// When part of the index is unusable, Add indexes whatever of the corpus is
// missing because of it, too.
func (x *Index) Add(ctx context.Context, ids []string, progress func(index.Progress)) error {
	if err := x.write(ctx, func(s *snapshot) error { return x.add(ctx, s, ids, progress) }); err != nil {
		return fmt.Errorf("adding to the index: %w", err)
	}
	x.tidy(ctx)
	return x.Sync(ctx)
}

// CatchUp indexes every article of the corpus that is not in the index, such
// as those stored by an import that was killed before it came to indexing, and
// applies what people decided meanwhile, as Sync does.
func (x *Index) CatchUp(ctx context.Context, progress func(index.Progress)) error {
	if err := x.Sync(ctx); err != nil {
		return err
	}
	ids, err := x.store.IDs(ctx)
	if err != nil {
		return fmt.Errorf("catching up with the corpus: %w", err)
	}
	return x.Add(ctx, ids, progress)
}

// Missing lists the articles of the corpus that are not in the index.
func (x *Index) Missing(ctx context.Context) ([]string, error) {
	ids, err := x.store.IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("comparing the index with the corpus: %w", err)
	}
	s, err := x.acquire()
	if err != nil {
		return nil, err
	}
	defer x.done(s)
	return slices.DeleteFunc(ids, s.contains), nil
}

// Reindex builds the index of the whole corpus anew, beside the one in use,
// which answers until the new one takes its place. When ctx ends, the old one
// stays.
func (x *Index) Reindex(ctx context.Context, progress func(index.Progress)) error {
	if err := x.reindex(ctx, progress); err != nil {
		return fmt.Errorf("rebuilding the index: %w", err)
	}
	return nil
}

// ReindexScope does so for the articles of one scope; those of others stay as they
// are in the index, and so do reindexes of theirs that are under way.
func (x *Index) ReindexScope(ctx context.Context, scope string, progress func(index.Progress)) error {
	if err := x.reindexScope(ctx, scope, progress); err != nil {
		return fmt.Errorf("rebuilding the index of %s: %w", scope, err)
	}
	return nil
}

// Repair does what the index needs: a reindex when it has problems, else a
// catch-up.
func (x *Index) Repair(ctx context.Context, progress func(index.Progress)) error {
	if len(x.Problems()) > 0 {
		return x.Reindex(ctx, progress)
	}
	return x.CatchUp(ctx, progress)
}

// write runs f as the one writer, on the newest generation.
func (x *Index) write(ctx context.Context, f func(*snapshot) error) error {
	unlock, err := lockWriter(ctx, x.dir, x.lockWait)
	if err != nil {
		return err
	}
	defer unlock()
	if err := x.Refresh(ctx); err != nil {
		return err
	}
	s, err := x.acquire()
	if err != nil {
		return err
	}
	defer x.done(s)
	x.sweep(s.current)
	return f(s)
}

// sweep removes what c does not use; a failure costs disk only.
func (x *Index) sweep(c current) {
	if err := sweep(x.dir, c); err != nil {
		x.log.Warn("removing old parts of the index", "err", err)
	}
}

func (x *Index) add(ctx context.Context, s *snapshot, ids []string, progress func(index.Progress)) error {
	if s.broken() {
		all, err := x.store.IDs(ctx)
		if err != nil {
			return err
		}
		ids = append(slices.Clone(ids), all...)
	}
	seen := make(map[string]bool, len(ids))
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		known := seen[id] || s.contains(id)
		seen[id] = true
		return known
	})
	if len(ids) == 0 && !s.broken() {
		return nil
	}
	names := make([]string, 0, len(s.parts)+1)
	for _, p := range s.parts {
		names = append(names, p.name)
	}
	if len(ids) > 0 {
		name, err := x.build(ctx, x.engine.Version(), ids, x.extract, progress)
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	return x.publish(ctx, s.next(names))
}

// publish makes the generation the one in use.
func (x *Index) publish(ctx context.Context, next current) error {
	if err := publish(x.dir, next); err != nil {
		return fmt.Errorf("publishing the new generation: %w", err)
	}
	x.sweep(next)
	// From here on the new generation stands, whatever becomes of ctx.
	return x.Refresh(context.WithoutCancel(ctx))
}

// reload is an article with its passages as the part has them; of the article
// there is what a part keeps.
func (x *Index) reload(ctx context.Context, p *part, id string) (*corpus.Article, []index.Passage, error) {
	n := int(p.byID()[id])
	a, err := x.texts.read(ctx, p, n, id)
	if err != nil {
		return nil, nil, err
	}
	passages := make([]index.Passage, 0, p.end(n)-p.articles[n].first)
	for row := p.articles[n].first; row < p.end(n); row++ {
		hit, _, err := p.passage(row)
		if err != nil {
			return nil, nil, err
		}
		hit.Fill(a)
		passages = append(passages, hit)
	}
	return a, passages, nil
}

// errQuotes says that an article's paragraphs are fine and its quotes are not.
var errQuotes = errors.New("its quotes could not be read")

// extract is an article with the passages that the engine finds; nil for one that
// does not answer. With errQuotes the paragraphs are there nevertheless.
func (x *Index) extract(ctx context.Context, id string) (a *corpus.Article, passages []index.Passage, err error) {
	if a, err = x.store.Get(ctx, id); err != nil {
		return nil, nil, err
	}
	var state *corpus.State
	if x.people != nil {
		if state, err = x.people.State(ctx, a.Scope); err != nil {
			return nil, nil, err
		}
		if !state.Answers(id) {
			return nil, nil, nil
		}
	}
	quotes, err := x.quotes(ctx, a)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", errQuotes, err)
	}
	if state == nil {
		return a, index.Passages(a, quotes), err
	}
	passages = index.Passages(a, amend.Quotes(state, a, quotes))
	nameSpeakers(state, passages)
	return a, passages, err
}

// nameSpeakers calls the passages' speakers what the rules for names call them.
func nameSpeakers(state *corpus.State, passages []index.Passage) {
	for i := range passages {
		p := &passages[i]
		found := cmp.Or(p.Found, p.Speaker)
		p.Speaker, p.Found = amend.Speaker(state.Names, found), nil
		if p.Speaker != found {
			p.Found = found
		}
	}
}

// quotes runs the engine. An article on which it panics is an article whose
// quotes can't be read, not the end of the program.
func (x *Index) quotes(ctx context.Context, a *corpus.Article) (quotes []quote.Quote, err error) {
	defer func() {
		if r := recover(); r != nil {
			quotes, err = nil, fmt.Errorf("the engine panicked: %v", r)
		}
	}()
	if e, ok := x.engine.(index.WeakExtractor); ok {
		return e.ExtractAll(ctx, a.Document())
	}
	return x.engine.Extract(ctx, a.Document())
}

// loader gets an article and its passages.
type loader func(ctx context.Context, id string) (*corpus.Article, []index.Passage, error)

// prepared is an article ready to be written.
type prepared struct {
	id       string
	article  *corpus.Article
	passages []index.Passage
	docs     []*doc
	err      error
}

// build makes a part of the articles: they are loaded and analysed on every
// processor and written in the order given. The part is finished but not in
// use yet; on an error nothing is left of it.
func (x *Index) build(ctx context.Context, engine string, ids []string, load loader, progress func(index.Progress)) (string, error) {
	return x.buildIn(ctx, partPrefix+newName(), engine, ids, load, progress)
}

func newName() string { return strconv.FormatInt(time.Now().UnixNano(), 36) }

// buildIn is build in a folder of that name.
func (x *Index) buildIn(ctx context.Context, name, engine string, ids []string, load loader, progress func(index.Progress)) (_ string, err error) {
	w, err := newPartWriter(filepath.Join(x.dir, name), engine)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.discard())
		}
	}()
	group, ctx := errgroup.WithContext(ctx)
	// The queue is long enough to be filled while the writer makes a segment.
	queue := make(chan chan prepared, 16*runtime.GOMAXPROCS(0))
	group.Go(func() error { return feed(ctx, ids, load, queue) })
	group.Go(func() error { return x.writeAll(ctx, w, queue, newMeter(len(ids), progress)) })
	if err := group.Wait(); err != nil {
		return "", err
	}
	return name, w.finish()
}

// feed has the articles prepared on every processor, and puts where each
// will arrive on the queue, in order.
func feed(ctx context.Context, ids []string, load loader, queue chan<- chan prepared) error {
	defer close(queue)
	workers, ctx := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	analysts := make(chan *analyst, runtime.GOMAXPROCS(0))
	for range cap(analysts) {
		analysts <- new(analyst)
	}
	for _, id := range ids {
		arrival := make(chan prepared, 1)
		select {
		case queue <- arrival:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), workers.Wait())
		}
		workers.Go(func() error {
			p := prepared{id: id}
			if p.article, p.passages, p.err = load(ctx, id); p.article != nil {
				an := <-analysts
				p.docs = an.documents(p.article, p.passages)
				analysts <- an
			}
			arrival <- p
			return nil
		})
	}
	return workers.Wait()
}

// writeAll writes what arrives. An article that has left the corpus meanwhile
// is passed over, one whose quotes can't be read has its paragraphs indexed.
func (x *Index) writeAll(ctx context.Context, w *partWriter, queue <-chan chan prepared, m *meter) error {
	for arrival := range queue {
		var p prepared
		select {
		case p = <-arrival:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if p.err != nil {
			x.log.Warn("indexing an article", "article", p.id, "err", p.err)
		}
		if p.article != nil {
			if err := w.add(p.article, p.passages, p.docs); err != nil {
				return err
			}
		}
		m.tick(w.table.quotes, p.err != nil)
	}
	m.end()
	return ctx.Err()
}

// meter reports progress, at most 20 times a second.
type meter struct {
	index.Progress
	report      func(index.Progress)
	start, last time.Time
}

func newMeter(total int, report func(index.Progress)) *meter {
	return &meter{Progress: index.Progress{Total: total}, report: report, start: time.Now()}
}

func (m *meter) tick(quotes int, failed bool) {
	m.Done++
	m.Quotes = quotes
	if failed {
		m.Failed++
	}
	if now := time.Now(); now.Sub(m.last) >= 50*time.Millisecond {
		m.last = now
		m.end()
	}
}

// end reports how things stand.
func (m *meter) end() {
	if m.report == nil {
		return
	}
	if s := time.Since(m.start).Seconds(); s > 0 {
		m.Rate = float64(m.Done) / s
		m.ETA = 0
		if m.Rate > 0 {
			m.ETA = time.Duration(float64(m.Total-m.Done) / m.Rate * float64(time.Second)).Round(time.Second)
		}
	}
	m.report(m.Progress)
}

// sweepIdle removes old parts if nobody is writing. A folder that can't be
// written to is left alone.
func (x *Index) sweepIdle(c current) {
	entries, err := os.ReadDir(x.dir)
	if err != nil || !slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return isPart(e.Name()) && !slices.Contains(c.Parts, e.Name())
	}) {
		return
	}
	unlock, err := lockWriter(context.Background(), x.dir, time.Millisecond)
	if err != nil {
		return
	}
	defer unlock()
	if c, err = readCurrent(x.dir); err == nil {
		c.Previous = nil
		x.sweep(c)
	}
}
