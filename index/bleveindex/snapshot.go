package bleveindex

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/directory"
)

// lookEvery is how often CURRENT is looked at for another process's changes.
const lookEvery = time.Second

// snapshot is one generation, open: what a search sees from start to end.
type snapshot struct {
	current
	stamp     fileStamp // of the CURRENT it was read from
	parts     []*part
	problems  []*index.Problem
	directory func() *directory.Directory // built when first asked for
	asked     atomic.Bool                 // whether it was
	refs      int                         // guarded by Index.mu
}

// fileStamp tells one version of a file from another; CURRENT is replaced by
// renaming, so its inode changes, which os.SameFile sees.
type fileStamp struct {
	info os.FileInfo // nil when the file is missing
}

func stampOf(path string) (fileStamp, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fileStamp{}, nil
	}
	return fileStamp{info}, err
}

func (s fileStamp) same(t fileStamp) bool {
	if s.info == nil || t.info == nil {
		return s.info == nil && t.info == nil
	}
	return os.SameFile(s.info, t.info) && s.info.ModTime().Equal(t.info.ModTime()) && s.info.Size() == t.info.Size()
}

// passages is how many there are in all parts.
func (s *snapshot) passages() int {
	n := 0
	for _, p := range s.parts {
		n += p.Passages
	}
	return n
}

// quotes is how many there are in all parts.
func (s *snapshot) quotes() int {
	n := 0
	for _, p := range s.parts {
		n += p.Quotes
	}
	return n
}

// contains reports whether a part holds the article.
func (s *snapshot) contains(article string) bool {
	return slices.ContainsFunc(s.parts, func(p *part) bool {
		n, ok := p.byID()[article]
		return ok && !p.isDead(n)
	})
}

// broken reports whether articles may be missing because a part is unusable.
func (s *snapshot) broken() bool {
	return slices.ContainsFunc(s.problems, func(p *index.Problem) bool { return p.Kind != index.Stale })
}

func (s *snapshot) newDirectory() *directory.Directory {
	var d directoryChange
	for _, p := range s.parts {
		d.add(p, 1)
	}
	return directory.New(d.counts, d.publishers)
}

// directoryAfter is the directory of s, made from that of the generation
// before by what the two don't share, unless that is most of it.
func (s *snapshot) directoryAfter(old *snapshot) *directory.Directory {
	var d directoryChange
	changed := 0
	for _, p := range s.parts {
		if !slices.Contains(old.parts, p) {
			d.add(p, 1)
			changed += p.Quotes
		}
	}
	for _, p := range old.parts {
		if !slices.Contains(s.parts, p) {
			d.add(p, -1)
			changed += p.Quotes
		}
	}
	if 2*changed > s.quotes() {
		return s.newDirectory()
	}
	return old.directory().With(d.counts, d.publishers)
}

// directoryChange is what parts add to the directory or take from it.
type directoryChange struct {
	counts     []directory.Count
	publishers map[string]map[string]int
}

func (d *directoryChange) add(p *part, sign int) {
	for _, c := range p.directoryCounts() {
		c.Quotes *= sign
		d.counts = append(d.counts, c)
	}
	for scope, names := range p.names().publishers {
		if d.publishers == nil {
			d.publishers = map[string]map[string]int{}
		}
		if d.publishers[scope] == nil {
			d.publishers[scope] = map[string]int{}
		}
		for name, n := range names {
			d.publishers[scope][name] += sign * (n - p.lost[scope].publishers[name])
		}
	}
}

// acquire takes the generation in use; done gives it back.
func (x *Index) acquire() (*snapshot, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, index.ErrClosed
	}
	x.snap.refs++
	return x.snap, nil
}

func (x *Index) done(s *snapshot) {
	if err := x.release(s); err != nil {
		x.log.Warn("closing a part of the index", "err", err)
	}
}

// release drops one use of s and closes the parts that nothing uses any more.
func (x *Index) release(s *snapshot) error {
	var unused []*files
	x.mu.Lock()
	s.refs--
	if s.refs == 0 {
		for _, p := range s.parts {
			if p.refs--; p.refs == 0 {
				unused = append(unused, p.files)
			}
		}
	}
	x.mu.Unlock()
	var errs []error
	for _, p := range unused {
		errs = append(errs, p.close())
	}
	return errors.Join(errs...)
}

// look makes sure that CURRENT is looked at every second while the index is
// used; a change is opened in the background.
func (x *Index) look() {
	now, last := time.Now().UnixNano(), x.checked.Load()
	if now-last < int64(lookEvery) || !x.checked.CompareAndSwap(last, now) {
		return
	}
	x.mu.Lock()
	stamp, closed := x.snap.stamp, x.closed
	if !closed {
		x.background.Add(1)
	}
	x.mu.Unlock()
	if closed {
		return
	}
	if seen, err := stampOf(filepath.Join(x.dir, currentName)); err != nil || seen.same(stamp) {
		x.background.Done()
		return
	}
	go func() {
		defer x.background.Done()
		if err := x.Refresh(context.Background()); err != nil && !errors.Is(err, index.ErrClosed) {
			x.log.Warn("opening the new generation of the index", "err", err)
		}
	}()
}

// Refresh opens the generation that CURRENT names, if it is not in use yet.
// Searches notice changes by themselves within a second; Refresh is for those
// who can't wait.
func (x *Index) Refresh(ctx context.Context) error {
	x.refreshing.Lock()
	defer x.refreshing.Unlock()
	old, err := x.acquire()
	if err != nil {
		return err
	}
	defer x.done(old)
	stamp, err := stampOf(filepath.Join(x.dir, currentName))
	if err != nil {
		return err
	}
	if old.directory != nil && stamp.same(old.stamp) {
		return nil
	}
	s, err := x.openSnapshot(ctx, old)
	if err != nil {
		return err
	}
	if old.directory != nil {
		if old.asked.Load() { // what nobody asks for, as in an import, is not made
			d := s.directoryAfter(old) // in the background, not in the first search
			s.directory = func() *directory.Directory { return d }
			s.asked.Store(true)
		}
		for _, p := range s.problems { // at Open, Problems is there to tell
			x.log.Warn("the index needs mending", "err", p)
		}
	}
	return x.swap(s)
}

// swap makes s the generation in use.
func (x *Index) swap(s *snapshot) error {
	x.mu.Lock()
	if x.closed {
		x.mu.Unlock()
		return errors.Join(index.ErrClosed, x.release(s))
	}
	old := x.snap
	x.snap = s
	x.mu.Unlock()
	return x.release(old)
}

// openSnapshot opens what CURRENT names, reusing the parts of old. A part that
// vanishes meanwhile was replaced by a newer CURRENT, which is read then.
func (x *Index) openSnapshot(ctx context.Context, old *snapshot) (*snapshot, error) {
	for try := 0; ; try++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		stamp, err := stampOf(filepath.Join(x.dir, currentName))
		if err != nil {
			return nil, err
		}
		s := &snapshot{stamp: stamp, refs: 1}
		s.directory = sync.OnceValue(func() *directory.Directory {
			s.asked.Store(true)
			return s.newDirectory()
		})
		var problem *index.Problem
		if s.current, err = readCurrent(x.dir); errors.As(err, &problem) {
			s.problems = append(s.problems, problem)
		} else if err != nil {
			return nil, err
		}
		vanished := x.openParts(s, old)
		if !vanished || try == 4 {
			return s, nil
		}
		if now, err := stampOf(filepath.Join(x.dir, currentName)); err == nil && now.same(stamp) {
			return s, nil // nobody replaced it: the part is missing, and noted as such
		}
		if err := x.release(s); err != nil {
			return nil, err
		}
	}
}

// openParts opens the parts of s.current; those that can't be opened become
// problems. It reports whether one was missing altogether.
func (x *Index) openParts(s, old *snapshot) (vanished bool) {
	for _, name := range s.Parts {
		var p *part
		if i := slices.IndexFunc(old.parts, func(p *part) bool { return p.name == name }); i >= 0 {
			p = old.parts[i]
		} else {
			var err error
			if p, err = openPart(filepath.Join(x.dir, name), x.lazy); err != nil {
				vanished = vanished || errors.Is(err, fs.ErrNotExist)
				problem := &index.Problem{Kind: index.Corrupt, Part: name, Err: err}
				errors.As(err, &problem)
				s.problems = append(s.problems, problem)
				continue
			}
		}
		p = p.without(s.Dead[name])
		x.mu.Lock()
		p.refs++
		x.mu.Unlock()
		s.parts = append(s.parts, p)
		if p.Engine != x.engine.Version() {
			s.problems = append(s.problems, &index.Problem{Kind: index.Stale, Part: name})
		}
	}
	return vanished
}
