package bleveindex

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/index"
)

// reindex builds one part of the whole corpus and swaps it in. The writer's
// lock is held for the swap alone, so that articles and corrections that come
// meanwhile are visible at once, and they are not lost with it. A second lock keeps two
// reindexes apart.
func (x *Index) reindex(ctx context.Context, progress func(index.Progress)) (err error) {
	unlock, err := lockFile(ctx, filepath.Join(x.dir, buildLock), x.lockWait)
	if err != nil {
		return err
	}
	defer unlock()
	if err := x.sweepBuilds(); err != nil {
		return err
	}
	applied, err := x.decided(ctx)
	if err != nil {
		return err
	}
	ids, err := x.store.IDs(ctx)
	if err != nil {
		return err
	}
	build := buildPrefix + newName()
	if _, err := x.buildIn(ctx, build, x.engine.Version(), ids, x.extract, progress); err != nil {
		return err
	}
	built := filepath.Join(x.dir, build)
	err = x.write(ctx, func(s *snapshot) error { return x.swapIn(ctx, s, built, ids, applied) })
	if err != nil {
		// What is left is swept by the next reindex.
		_ = os.RemoveAll(built)
	}
	return err
}

// swapIn makes a part that was built of these articles the only one, save for
// what came and went while it was built.
func (x *Index) swapIn(ctx context.Context, s *snapshot, built string, ids []string, applied map[string]int) error {
	now, err := x.store.IDs(ctx)
	if err != nil {
		return err
	}
	name := partPrefix + strings.TrimPrefix(filepath.Base(built), buildPrefix)
	names := []string{name}
	if came := minus(now, ids); len(came) > 0 {
		delta, err := x.build(ctx, x.engine.Version(), came, x.extract, nil)
		if err != nil {
			return err
		}
		names = append(names, delta)
	}
	if err := os.Rename(built, filepath.Join(x.dir, name)); err != nil {
		return err
	}
	if err := syncDir(x.dir); err != nil {
		return err
	}
	next := s.next(names)
	next.Applied = applied
	if went := minus(ids, now); len(went) > 0 {
		next.Dead[name] = map[string]string{}
		for _, id := range went {
			next.Dead[name][id] = x.publisher(ctx, id)
		}
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

// sweepBuilds removes what killed reindexes left; the caller holds their lock.
func (x *Index) sweepBuilds() error {
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), buildPrefix) {
			if err := os.RemoveAll(filepath.Join(x.dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
