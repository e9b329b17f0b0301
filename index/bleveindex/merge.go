package bleveindex

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// tidy merges parts if that is called for. What there is to see is visible
// already; a failure here costs speed only.
func (x *Index) tidy(ctx context.Context) {
	if err := x.merge(ctx); err != nil {
		x.log.Warn("merging small parts of the index", "err", err)
	}
}

// toMerge are the parts that one should replace: the smallest ones when there are too
// many of up to half of maxMerged passages, so that half of the allowed number are left, each article is merged a few
// times only, and what is made is no larger than that; and those of which much is dead.
func (x *Index) toMerge(s *snapshot) []*part {
	all := slices.Clone(s.parts)
	slices.SortStableFunc(all, func(a, b *part) int { return a.Passages - b.Passages })
	small, _ := slices.BinarySearchFunc(all, maxMerged/2+1, func(p *part, n int) int { return p.Passages - n })
	n := 0
	if small > x.maxParts {
		for sum := 0; n < small-x.maxParts/2 && sum+all[n].Passages <= maxMerged; n++ {
			sum += all[n].Passages
		}
	}
	chosen := slices.Clone(all[:n])
	for _, p := range all[n:] {
		if len(p.numbers) > min(max(minDead, p.Articles/4), maxDead) {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

const (
	// maxMerged bounds a part that others are merged into, in passages: each takes some 3 kB of
	// memory, mapped files included, while it is made.
	maxMerged = 120_000

	// From how many dead articles on a part is written anew: a quarter of it, but these at least and at most.
	minDead = 64
	maxDead = 5000
)

// merge replaces parts by one, if that is called for. Quotes are taken over
// from the parts, texts from the corpus. Like a reindex it builds beside what is in use under a
// lock of its own, and holds the writer's for the swap alone.
func (x *Index) merge(ctx context.Context) (err error) {
	if wanted, err := x.wantsMerge(); err != nil || !wanted {
		return err
	}
	unlock, err := lockFile(ctx, filepath.Join(x.dir, mergeLock), time.Millisecond)
	if errors.Is(err, index.ErrLocked) {
		return nil // somebody else is at it
	}
	if err != nil {
		return err
	}
	defer unlock()
	if err := x.sweepBuilds(mergePrefix); err != nil {
		return err
	}
	s, err := x.acquire()
	if err != nil {
		return err
	}
	defer x.done(s)
	old := x.toMerge(s)
	if len(old) == 0 {
		return nil
	}
	built := filepath.Join(x.dir, mergePrefix+newName())
	if err := x.buildMerged(ctx, filepath.Base(built), old); err != nil {
		return err
	}
	err = x.write(ctx, func(s *snapshot) error { return x.swapMerged(ctx, s, old, built) })
	if err != nil {
		// What is left is swept by the next merge.
		_ = os.RemoveAll(built)
	}
	return err
}

func (x *Index) wantsMerge() (bool, error) {
	s, err := x.acquire()
	if err != nil {
		return false, err
	}
	defer x.done(s)
	return len(x.toMerge(s)) > 0, nil
}

// buildMerged builds a part of what is not dead in the old ones.
func (x *Index) buildMerged(ctx context.Context, name string, old []*part) error {
	var ids []string
	from := map[string]*part{}
	engine := old[0].Engine
	for _, p := range old {
		if p.Engine != engine {
			engine = "several"
		}
		for n, a := range p.articles {
			if !p.isDead(int32(n)) {
				ids = append(ids, a.id)
				from[a.id] = p
			}
		}
	}
	load := func(ctx context.Context, id string) (*corpus.Article, []index.Passage, error) {
		return x.reload(ctx, from[id], id)
	}
	_, err := x.buildIn(ctx, name, engine, ids, load, nil)
	return err
}

// swapMerged puts a built part in the place of the old ones; what has died in them since is
// dead in it too. If one of them was replaced meanwhile, nothing is done.
func (x *Index) swapMerged(ctx context.Context, s *snapshot, old []*part, built string) error {
	names := s.names()
	died := map[string]string{}
	for _, p := range old {
		i := slices.IndexFunc(s.parts, func(now *part) bool { return now.name == p.name })
		if i < 0 {
			return os.RemoveAll(built)
		}
		for id, publisher := range s.parts[i].ids {
			if n, ok := p.byID()[id]; ok && !p.isDead(n) {
				died[id] = publisher
			}
		}
		names = slices.DeleteFunc(names, func(name string) bool { return name == p.name })
	}
	name, err := x.place(built)
	if err != nil {
		return err
	}
	next := s.next(append(names, name))
	for id, publisher := range died {
		next.bury(name, id, publisher)
	}
	return x.publish(ctx, next)
}
