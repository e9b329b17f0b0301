package bleveindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"github.com/whosaid/whosaid/index"
)

// Names in the index folder.
const (
	currentName = "CURRENT"  // which parts are in use; replaced whole
	lockName    = "LOCK"     // held by the writer; says who it is
	partPrefix  = "part-"    // folders, named by the time they were begun
	buildPrefix = "build-"   // of a reindex under way; renamed when it is done
	buildLock   = "REINDEX"  // held by whoever reindexes, beside the writer
	mergePrefix = "merge-"   // of a merge under way; renamed when it is done
	mergeLock   = "MERGE"    // held by whoever merges, beside the writer
	tempSuffix  = ".writing" // of a file that is not whole yet
)

// current is the content of CURRENT.
type current struct {
	Format     int       `json:"format"`
	Generation string    `json:"generation"`
	Number     int       `json:"number"` // counts the generations
	Built      time.Time `json:"built"`
	Parts      []string  `json:"parts"` // folder names, oldest first
	// Dead are the articles that a part holds and this generation doesn't have there
	// (any more): by part, the article's ID and its publisher.
	Dead map[string]map[string]string `json:"dead,omitempty"`
	// Applied is, for each scope, the number of the last decision of people's that is part of it.
	Applied map[string]int `json:"applied,omitempty"`
	// Previous are parts of the generation before that this one lacks. They
	// stay until the next one, for processes that are just opening them.
	Previous []string `json:"previous,omitempty"`
}

// readCurrent reads CURRENT; a missing one is an empty generation. A problem
// that a reindex mends is an *index.Problem.
func readCurrent(dir string) (current, error) {
	c := current{Format: format}
	b, err := os.ReadFile(filepath.Join(dir, currentName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, nil
	case err != nil:
		return c, err
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return current{Format: format}, &index.Problem{Kind: index.Corrupt, Err: fmt.Errorf("%s: %w", currentName, err)}
	}
	if c.Format != format {
		err := fmt.Errorf("%s has format %d, this is %d", currentName, c.Format, format)
		return current{Format: format, Number: c.Number}, &index.Problem{Kind: index.Format, Err: err}
	}
	for _, name := range c.Parts {
		if !isPart(name) || name != filepath.Base(name) {
			err := fmt.Errorf("%s names %q", currentName, name)
			return current{Format: format, Number: c.Number}, &index.Problem{Kind: index.Corrupt, Err: err}
		}
	}
	return c, nil
}

// next is the generation after c with these parts.
func (c current) next(parts []string) current {
	n := current{Format: format, Number: c.Number + 1, Built: time.Now().UTC().Truncate(time.Second), Parts: parts}
	n.Generation = fmt.Sprintf("g%06d", n.Number)
	n.Dead, n.Applied = map[string]map[string]string{}, maps.Clone(c.Applied)
	for name, articles := range c.Dead {
		if slices.Contains(parts, name) {
			n.Dead[name] = maps.Clone(articles)
		}
	}
	for _, p := range c.Parts {
		if !slices.Contains(parts, p) {
			n.Previous = append(n.Previous, p)
		}
	}
	return n
}

// bury marks an article of a part as one that the generation doesn't have there.
func (c *current) bury(part, id, publisher string) {
	if c.Dead[part] == nil {
		c.Dead[part] = map[string]string{}
	}
	c.Dead[part][id] = publisher
}

// publish makes c the current generation, atomically and for good.
func publish(dir string, c current) error {
	b, err := json.MarshalIndent(c, "", "\t")
	if err != nil {
		return err
	}
	return writeFileAtomic(filepath.Join(dir, currentName), append(b, '\n'))
}

// sweep removes the parts that neither c nor the generation before it uses:
// replaced ones, and those that a killed writer left half built. The caller
// holds the writer's lock. Processes that have them open keep reading them.
func sweep(dir string, c current) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if isPart(e.Name()) && !slices.Contains(c.Parts, e.Name()) && !slices.Contains(c.Previous, e.Name()) {
			errs = append(errs, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}

// lockWriter waits for the writer's lock, which holds for every process and
// every Index of this one.
func lockWriter(ctx context.Context, dir string, wait time.Duration) (unlock func(), err error) {
	return lockFile(ctx, filepath.Join(dir, lockName), wait)
}

func lockFile(ctx context.Context, path string, wait time.Duration) (unlock func(), err error) {
	l := flock.New(path)
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	ok, err := l.TryLockContext(ctx, 20*time.Millisecond)
	if !ok {
		if errors.Is(err, context.DeadlineExceeded) {
			holder, _ := os.ReadFile(path)
			return nil, fmt.Errorf("%w (%s): wait until it is done and try again", index.ErrLocked, holder)
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	// Who holds it is for people only; a failure to note it is no failure.
	_ = os.WriteFile(path, fmt.Appendf(nil, "process %d since %s", os.Getpid(), time.Now().Format(time.DateTime)), 0o644)
	return func() { _ = l.Unlock() }, nil
}

// writeFileAtomic replaces a file by one with that content: after a crash it
// is the old one or the new one.
func writeFileAtomic(path string, content []byte) error {
	temp := path + tempSuffix
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes sure that the disk knows the names in a folder.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
