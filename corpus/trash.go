package corpus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// trashDir holds the blobs of removed articles, trash/SCOPE/TITLE-ID.json.
// Whether an article is removed is told by the log alone; the trash keeps what
// an undo brings back, and may be emptied by hand.
const trashDir = "trash"

// removed reports whether the scope's article was removed.
func (s *Store) removed(ctx context.Context, scope, id string) (bool, error) {
	state, err := s.State(ctx, scope)
	if err != nil {
		return false, err
	}
	return state.Removed[id] > 0, nil
}

// settleChange moves the blob of an article that the change removed or brought
// back. The change stands already: a kill in between is made good at the next opening.
func (s *Store) settleChange(ctx context.Context, j *journal, c Change) error {
	if j.state == nil {
		j.state = stateOf(c.Scope, j.changes)
	}
	for _, o := range Concerned(c, j.changes) {
		if o.Action != ActRemove && o.Action != ActAdd {
			continue
		}
		if err := s.settleArticle(ctx, c.Scope, o.Article, j.state.Removed[o.Article] > 0); err != nil {
			return err
		}
	}
	return nil
}

// Concerned is the change, and what it undoes, and what that undid: all of
// them bear on what is different now. changes are the scope's up to c.
func Concerned(c Change, changes []Change) []Change {
	list := []Change{c}
	for c.Action == ActUndo && len(list) < 1000 {
		found := false
		for _, o := range changes {
			if o.Seq == c.Of && o.Seq < c.Seq {
				c, found = o, true
				break
			}
		}
		if !found {
			break
		}
		list = append(list, c)
	}
	return list
}

// settleArticle moves the article's blob to where it belongs, if it isn't there.
func (s *Store) settleArticle(ctx context.Context, scope, id string, removed bool) error {
	shard, trash := path.Join(articlesDir, scope, id[:2]), path.Join(trashDir, scope)
	from, to := shard, trash
	if !removed {
		from, to = trash, shard
	}
	files, err := s.list(ctx, from)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.id == id {
			if err := s.move(ctx, f.name, path.Join(to, path.Base(f.name))); err != nil {
				return err
			}
		}
	}
	s.mu.Lock()
	delete(s.names, id)
	s.mu.Unlock()
	return nil
}

// move moves a blob; stopped in the middle, it leaves both, and moving again is safe.
func (s *Store) move(ctx context.Context, from, to string) error {
	b, err := s.blobs.Read(ctx, from, maxStored)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another process has moved it
	}
	if err != nil {
		return err
	}
	if _, err := s.blobs.Create(ctx, []Blob{{to, b}}); err != nil {
		return err
	}
	return s.blobs.Remove(ctx, from)
}

// settle finishes what killed writers began. Where nothing can be written,
// it is left to the next opening: the log tells all the same what is removed.
func (s *Store) settle(ctx context.Context) error {
	scopes, err := s.ChangedScopes(ctx)
	if err != nil {
		return err
	}
	for _, scope := range scopes {
		state, err := s.State(ctx, scope)
		if err != nil {
			return err
		}
		for id := range state.Removed {
			_ = s.settleArticle(ctx, scope, id, true)
		}
		files, err := s.list(ctx, path.Join(trashDir, scope))
		if err != nil {
			return err
		}
		for _, f := range files {
			if state.Removed[f.id] == 0 {
				_ = s.settleArticle(ctx, scope, f.id, false)
			}
		}
	}
	return nil
}

// Removed is an article of the scope that was removed, or ErrNotFound when it
// wasn't or its blob is gone.
func (s *Store) Removed(ctx context.Context, scope, id string) (*Article, error) {
	state, err := s.State(ctx, scope)
	if err != nil {
		return nil, err
	}
	if state.Removed[id] > 0 {
		for _, folder := range []string{path.Join(trashDir, scope), path.Join(articlesDir, scope, id[:2])} {
			files, err := s.list(ctx, folder)
			if err != nil {
				return nil, err
			}
			for _, f := range files {
				if f.id == id {
					return s.load(ctx, f.name)
				}
			}
		}
	}
	return nil, fmt.Errorf("removed article %s: %w", id, ErrNotFound)
}
