package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	changesDir = "changes"
	// maxChange bounds a stored change that is read back, in bytes.
	maxChange = 64 << 10
)

// ErrChange is what every error of a change that can't be made is.
var ErrChange = errChange

// journal is what is known of a scope's changes.
type journal struct {
	mu      sync.Mutex
	loaded  bool
	changes []Change
	damaged []error
	last    int    // the highest number that is taken
	state   *State // of changes; nil when it must be made anew
}

// Record adds a change to its scope's log, with the next number and the
// present time, and returns it so. When Record returns without an error the change is on disk to stay.
// A change that makes no sense as things stand is refused with an error that
// is ErrChange.
func (s *Store) Record(ctx context.Context, c Change) (Change, error) {
	if c.Scope == "" {
		c.Scope = SharedScope
	}
	if err := c.check(); err != nil {
		return c, err
	}
	j, err := s.journal(c.Scope)
	if err != nil {
		return c, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for {
		state, err := s.refresh(ctx, c.Scope, j)
		if err != nil {
			return c, err
		}
		if err := state.allows(c, j.changes); err != nil {
			return c, err
		}
		c.Seq, c.Time = j.last+1, time.Now().UTC().Truncate(time.Millisecond)
		stored, err := s.append(ctx, c)
		if err != nil {
			return c, err
		}
		if stored {
			j.add(c)
			return c, s.settleChange(context.WithoutCancel(ctx), j, c)
		}
		// Another process has taken the number: see what it decided, and try the next one.
	}
}

// recordAll adds changes of one scope to its log with far fewer waits for the disk than
// Record would take. They must make sense whatever the state.
func (s *Store) recordAll(ctx context.Context, scope string, changes []Change) error {
	if len(changes) == 0 {
		return nil
	}
	j, err := s.journal(scope)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for len(changes) > 0 {
		if _, err := s.refresh(ctx, scope, j); err != nil {
			return err
		}
		blobs := make([]Blob, len(changes))
		for i := range changes {
			c := &changes[i]
			c.Seq, c.Time = j.last+1+i, time.Now().UTC().Truncate(time.Millisecond)
			if err := c.check(); err != nil {
				return err
			}
			if blobs[i], err = changeBlob(*c); err != nil {
				return err
			}
		}
		created, err := s.blobs.Create(ctx, blobs)
		if err != nil {
			return fmt.Errorf("noting changes: %w", err)
		}
		// Numbers that another process took meanwhile are read with ours.
		var left []Change
		for i, c := range changes {
			if !created[i] {
				left = append(left, c)
			}
		}
		changes = left
	}
	_, err = s.refresh(ctx, scope, j)
	return err
}

// append stores the change under its number, and reports whether that was free.
func (s *Store) append(ctx context.Context, c Change) (bool, error) {
	b, err := changeBlob(c)
	if err != nil {
		return false, err
	}
	stored, err := s.blobs.Create(ctx, []Blob{b})
	if err != nil {
		return false, fmt.Errorf("noting a change: %w", err)
	}
	return stored[0], nil
}

func changeBlob(c Change) (Blob, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(c); err != nil {
		return Blob{}, fmt.Errorf("noting a change: %w", err)
	}
	return Blob{changeName(c.Scope, c.Seq), b.Bytes()}, nil
}

func changeName(scope string, seq int) string {
	return path.Join(changesDir, scope, fmt.Sprintf("%08d.json", seq))
}

// Changes are the scope's changes after the number, in order.
func (s *Store) Changes(ctx context.Context, scope string, after int) ([]Change, error) {
	j, err := s.journal(scope)
	if err != nil {
		return nil, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := s.refresh(ctx, scope, j); err != nil {
		return nil, err
	}
	i, _ := slices.BinarySearchFunc(j.changes, after+1, func(c Change, seq int) int { return c.Seq - seq })
	return slices.Clone(j.changes[i:]), nil
}

// State is what people decided about the scope so far, other processes' changes included.
func (s *Store) State(ctx context.Context, scope string) (*State, error) {
	j, err := s.journal(scope)
	if err != nil {
		return nil, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return s.refresh(ctx, scope, j)
}

// ChangedScopes lists the scopes that people decided anything about.
func (s *Store) ChangedScopes(ctx context.Context) ([]string, error) {
	return s.scopesIn(ctx, changesDir)
}

// Damaged tells which changes of the log can't be read; they count as if they
// had not been made.
func (s *Store) Damaged(ctx context.Context) []error {
	scopes, err := s.ChangedScopes(ctx)
	errs := []error{err}
	for _, scope := range scopes {
		if _, err := s.State(ctx, scope); err != nil {
			errs = append(errs, err)
			continue
		}
		if j, err := s.journal(scope); err == nil {
			j.mu.Lock()
			errs = append(errs, j.damaged...)
			j.mu.Unlock()
		}
	}
	return slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}

func (s *Store) journal(scope string) (*journal, error) {
	if err := checkScope(scope); err != nil {
		return nil, err
	}
	s.journals.Lock()
	defer s.journals.Unlock()
	j := s.journals.byScope[scope]
	if j == nil {
		j = &journal{}
		s.journals.byScope[scope] = j
	}
	return j, nil
}

// refresh reads what is new in the log; the caller holds j.mu.
func (s *Store) refresh(ctx context.Context, scope string, j *journal) (*State, error) {
	if !j.loaded {
		if err := s.loadChanges(ctx, scope, j); err != nil {
			return nil, err
		}
		j.loaded = true
	}
	for {
		c, err := s.readChange(ctx, scope, j.last+1)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err := j.take(ctx, j.last+1, c, err); err != nil {
			return nil, err
		}
	}
	if j.state == nil {
		j.state = stateOf(scope, j.changes)
	}
	return j.state, nil
}

// loadChanges reads the log as it stands. Numbers that are missing, because
// somebody deleted a file, are passed over.
func (s *Store) loadChanges(ctx context.Context, scope string, j *journal) error {
	entries, err := s.blobs.List(ctx, path.Join(changesDir, scope))
	if err != nil {
		return err
	}
	for _, e := range entries {
		number, ok := strings.CutSuffix(e.Name, ".json")
		seq, err := strconv.Atoi(number)
		if !ok || err != nil || seq < 1 || path.Base(changeName(scope, seq)) != e.Name {
			continue
		}
		c, err := s.readChange(ctx, scope, seq)
		if err := j.take(ctx, seq, c, err); err != nil {
			return err
		}
	}
	return nil
}

// take adds a change that was read, or notes that it is damaged. An error that is
// no matter of the change's is returned.
func (j *journal) take(ctx context.Context, seq int, c Change, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		j.damaged = append(j.damaged, err)
		j.last = seq
	default:
		j.add(c)
	}
	return nil
}

func (j *journal) add(c Change) {
	j.changes = append(j.changes, c)
	j.last, j.state = c.Seq, nil
}

func (s *Store) readChange(ctx context.Context, scope string, seq int) (Change, error) {
	name := changeName(scope, seq)
	var c Change
	b, err := s.blobs.Read(ctx, name, maxChange)
	if err != nil {
		return c, err
	}
	if err = json.Unmarshal(b, &c); err == nil {
		err = c.check()
	}
	if err == nil && (c.Seq != seq || c.Scope != scope) {
		err = errors.New("it belongs elsewhere")
	}
	if err != nil {
		return c, fmt.Errorf("%s is damaged: %w (restore it from a backup; what it changed is as if it had not been)", s.blobs.Where(name), err)
	}
	return c, nil
}
