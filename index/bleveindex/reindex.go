package bleveindex

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/index"
)

// reindex builds one part of the whole corpus and swaps it in. The writer's
// lock is held for the swap alone, so that articles and corrections that come
// meanwhile are visible at once, and they are not lost with it.
func (x *Index) reindex(ctx context.Context, progress func(index.Progress)) error {
	return x.rebuild(ctx, "", x.store.IDs, progress, x.swapIn)
}

// reindexScope builds one part of a scope's articles and swaps it in.
func (x *Index) reindexScope(ctx context.Context, scope string, progress func(index.Progress)) error {
	store, ok := x.store.(scopedTexts)
	if !ok || scope == "" {
		return errors.New("the corpus has no such scope")
	}
	list := func(ctx context.Context) ([]string, error) { return store.InScope(ctx, scope) }
	return x.rebuild(ctx, scope, list, progress, func(ctx context.Context, s *snapshot, built string, ids []string, applied map[string]int) error {
		return x.swapInScope(ctx, s, built, scope, list, ids, applied[scope])
	})
}

// scopedTexts is a corpus that can list the articles of one scope.
type scopedTexts interface {
	InScope(ctx context.Context, scope string) ([]string, error)
}

// rebuild builds a part of the articles that list lists beside those in use, and has
// swap put it in their place. A lock for each scope, "" being all of them, keeps two
// rebuilds of it apart; those of different scopes go on side by side.
func (x *Index) rebuild(ctx context.Context, scope string, list func(context.Context) ([]string, error), progress func(index.Progress),
	swap func(ctx context.Context, s *snapshot, built string, ids []string, applied map[string]int) error) (err error) {
	lock, prefix := buildLock, buildPrefix
	if scope != "" {
		lock, prefix = buildLock+"."+scope, buildPrefix+scope+"."
	}
	unlock, err := lockFile(ctx, filepath.Join(x.dir, lock), x.lockWait)
	if err != nil {
		return err
	}
	defer unlock()
	if err := x.sweepBuilds(prefix); err != nil {
		return err
	}
	applied, err := x.decided(ctx)
	if err != nil {
		return err
	}
	ids, err := list(ctx)
	if err != nil {
		return err
	}
	build := prefix + newName()
	if _, err := x.buildIn(ctx, build, x.engine.Version(), ids, x.extract, progress); err != nil {
		return err
	}
	built := filepath.Join(x.dir, build)
	err = x.write(ctx, func(s *snapshot) error { return swap(ctx, s, built, ids, applied) })
	if err != nil {
		// What is left is swept by the next reindex.
		_ = os.RemoveAll(built)
	}
	return err
}

// place gives a built part its name among those in use.
func (x *Index) place(built string) (name string, err error) {
	name = partPrefix + newName()
	if err := os.Rename(built, filepath.Join(x.dir, name)); err != nil {
		return "", err
	}
	return name, syncDir(x.dir)
}

// swapInScope makes a part that was built of these articles of a scope the one that
// has them; what of the scope came meanwhile is in other parts, and what went is dead.
func (x *Index) swapInScope(ctx context.Context, s *snapshot, built, scope string, list func(context.Context) ([]string, error), ids []string, applied int) error {
	now, err := list(ctx)
	if err != nil {
		return err
	}
	name, err := x.place(built)
	if err != nil {
		return err
	}
	came := minus(now, ids)
	var names []string
	dead := map[string]map[string]string{}
	for _, p := range s.parts {
		replaced := map[string]string{}
		alive := 0
		for n, a := range p.articles {
			switch _, isNew := slices.BinarySearch(came, a.id); {
			case p.isDead(int32(n)):
			case a.scope == scope && !isNew:
				replaced[a.id] = x.publisherIn(ctx, p, int32(n))
			default:
				alive++
			}
		}
		if alive > 0 {
			names = append(names, p.name)
			dead[p.name] = replaced
		}
	}
	next := s.next(append(names, name))
	for _, id := range minus(ids, now) {
		next.bury(name, id, x.publisher(ctx, id))
	}
	for part, articles := range dead {
		for id, publisher := range articles {
			next.bury(part, id, publisher)
		}
	}
	if next.Applied == nil {
		next.Applied = map[string]int{}
	}
	next.Applied[scope] = applied
	if err := x.publish(ctx, next); err != nil {
		return err
	}
	return x.syncLocked(ctx)
}

// swapIn makes a part that was built of these articles the only one, save for
// what came and went while it was built.
func (x *Index) swapIn(ctx context.Context, s *snapshot, built string, ids []string, applied map[string]int) error {
	now, err := x.store.IDs(ctx)
	if err != nil {
		return err
	}
	var names []string
	if came := minus(now, ids); len(came) > 0 {
		delta, err := x.build(ctx, x.engine.Version(), came, x.extract, nil)
		if err != nil {
			return err
		}
		names = append(names, delta)
	}
	name, err := x.place(built)
	if err != nil {
		return err
	}
	next := s.next(append([]string{name}, names...))
	next.Applied = applied
	for _, id := range minus(ids, now) {
		next.bury(name, id, x.publisher(ctx, id))
	}
	if err := x.publish(ctx, next); err != nil {
		return err
	}
	return x.syncLocked(ctx)
}

// minus are the elements of a that b lacks; both are sorted.
func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool {
		_, found := slices.BinarySearch(b, s)
		return found
	})
}

// sweepBuilds removes what killed reindexes of a scope left; the caller holds its lock.
func (x *Index) sweepBuilds(prefix string) error {
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		// Those of all scopes have no point in their name, those of one have its name before it.
		if rest, ok := strings.CutPrefix(e.Name(), prefix); ok && !strings.Contains(rest, ".") {
			if err := os.RemoveAll(filepath.Join(x.dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
