package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"
)

const (
	lockName   = ".lock" // in the folder; held while files are written
	tempPrefix = ".tmp-" // of files being written
)

// dirBackend keeps blobs as files of a folder that a person can read and back
// up: no index, no journal. Readers take no lock, since a file appears whole;
// writers exclude one another, also between processes, with a lock on a file.
type dirBackend struct {
	dir  string
	lock *flock.Flock

	writing sync.Mutex // one writer of this process at a time; the lock excludes the others'
}

var _ Backend = (*dirBackend)(nil)

// openDir opens a folder, which it creates with these folders in it if need
// be, and sweeps what writers that were killed have left.
func openDir(dir string, folders ...string) (*dirBackend, error) {
	d := &dirBackend{dir: dir, lock: flock.New(filepath.Join(dir, lockName))}
	for _, f := range folders {
		if err := d.make(filepath.Join(dir, f)); err != nil {
			return nil, err
		}
	}
	d.sweep()
	return d, nil
}

// make makes a folder if it is missing, to last.
func (d *dirBackend) make(folder string) error {
	if info, err := os.Stat(folder); err == nil && info.IsDir() {
		return nil // nothing is written, so that a read-only folder can be read
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return storeError("open", d.dir, err)
	}
	// The folder around may be one that can't be read; then there is nothing to be done.
	_ = syncDir(filepath.Dir(d.dir))
	return syncDir(d.dir)
}

// Where implements Backend.
func (d *dirBackend) Where(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

// Create implements Backend.
func (d *dirBackend) Create(ctx context.Context, blobs []Blob) ([]bool, error) {
	created := make([]bool, len(blobs))
	files := make([]pendingFile, len(blobs))
	for i, b := range blobs {
		files[i] = pendingFile{path: d.Where(b.Name), data: b.Data}
	}
	unlock, err := d.lockWriters(ctx)
	if err != nil {
		return created, err
	}
	defer unlock()
	if err := writeFiles(ctx, files); err != nil {
		return created, err
	}
	for i, f := range files {
		created[i] = f.added
	}
	return created, nil
}

// Replace implements Backend.
func (d *dirBackend) Replace(ctx context.Context, b Blob) error {
	unlock, err := d.lockWriters(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	path := d.Where(b.Name)
	if err := makeDirs(map[string]bool{filepath.Dir(path): true}); err != nil {
		return err
	}
	temp, err := writeTemp(filepath.Dir(path), b.Data)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		_ = os.Remove(temp)
		return storeError("write", path, err)
	}
	return syncDir(filepath.Dir(path))
}

// Read implements Backend.
func (d *dirBackend) Read(ctx context.Context, name string, limit int64) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path := d.Where(name)
	f, err := os.Open(path)
	if err != nil {
		return nil, storeError("read", path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, storeError("read", path, err)
	}
	if info.Size() > limit {
		return nil, storeError("read", path, fmt.Errorf("%w: %d bytes", ErrTooLarge, info.Size()))
	}
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, storeError("read", path, err)
	}
	return b, nil
}

// Remove implements Backend.
func (d *dirBackend) Remove(ctx context.Context, name string) error {
	unlock, err := d.lockWriters(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	path := d.Where(name)
	switch err := os.Remove(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return storeError("remove", path, err)
	}
	return syncDir(filepath.Dir(path))
}

// List implements Backend.
func (d *dirBackend) List(ctx context.Context, folder string) ([]Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path := d.Where(folder)
	entries, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, storeError("read", path, err)
	}
	list := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && (e.IsDir() || e.Type().IsRegular()) {
			list = append(list, Entry{Name: e.Name(), Folder: e.IsDir()})
		}
	}
	return list, nil
}

// Size implements Backend.
func (d *dirBackend) Size(ctx context.Context, name string) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	info, err := os.Lstat(d.Where(name))
	if err != nil {
		return 0, storeError("measure", d.Where(name), err)
	}
	return info.Size(), nil
}

// lockWriters waits until no other writer, of this process or another, is at work.
func (d *dirBackend) lockWriters(ctx context.Context) (unlock func(), err error) {
	d.writing.Lock()
	if ok, err := d.lock.TryLockContext(ctx, 5*time.Millisecond); !ok || err != nil {
		d.writing.Unlock()
		return nil, storeError("lock", d.lock.Path(), err)
	}
	return func() {
		// Unlocking can only fail on a file that is closed already, which unlocks it too.
		_ = d.lock.Unlock()
		d.writing.Unlock()
	}, nil
}

// sweep removes the temporary files of writers that were killed. Whoever holds
// the writers' lock knows that nobody is writing; without it the sweep is left to
// the next opening, as it is when the folder is read-only.
func (d *dirBackend) sweep() {
	if ok, err := d.lock.TryLock(); !ok || err != nil {
		return
	}
	defer func() { _ = d.lock.Unlock() }()
	// What can't be read or removed is left to the next opening too.
	_ = filepath.WalkDir(d.dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && strings.HasPrefix(e.Name(), tempPrefix) {
			_ = os.Remove(path)
		}
		return nil
	})
}

// pendingFile is a file to be written, by way of a temporary one beside it.
type pendingFile struct {
	path, temp string
	data       []byte
	added      bool // false: it was there already
}

// writeFiles writes the files that are not there yet. Each is first written in
// full and synced under a temporary name; the renaming makes it appear whole or not
// at all, and the syncing of the folders, once each, makes that last.
// The caller holds the writers' lock.
func writeFiles(ctx context.Context, files []pendingFile) error {
	dirs := map[string]bool{}
	seen := map[string]bool{}
	for i := range files {
		f := &files[i]
		dirs[filepath.Dir(f.path)] = true
		if seen[f.path] {
			continue
		}
		seen[f.path] = true
		switch _, err := os.Lstat(f.path); {
		case errors.Is(err, fs.ErrNotExist):
			f.added = true
		case err != nil:
			return storeError("write", f.path, err)
		}
	}
	if err := makeDirs(dirs); err != nil {
		return err
	}
	err := writeTemps(ctx, files)
	for i := range files {
		if f := &files[i]; f.temp != "" {
			if err == nil {
				err = storeError("write", f.path, os.Rename(f.temp, f.path))
			}
			if err != nil {
				f.added = false
				// What can't be removed now is swept at the next opening.
				_ = os.Remove(f.temp)
			}
		}
	}
	if err != nil {
		return err
	}
	return eachAtOnce(dirs, syncDir)
}

// writeTemps writes the temporary files, several at once: a disk syncs many
// files hardly slower than one.
func writeTemps(ctx context.Context, files []pendingFile) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for i := range files {
		f := &files[i]
		if !f.added {
			continue
		}
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			f.temp, err = writeTemp(filepath.Dir(f.path), f.data)
			return err
		})
	}
	return g.Wait()
}

// writeTemp writes and syncs a new temporary file in dir and returns its path.
func writeTemp(dir string, data []byte) (path string, err error) {
	f, err := os.CreateTemp(dir, tempPrefix+"*")
	if err != nil {
		return "", storeError("write in", dir, err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return "", storeError("write", f.Name(), err)
	}
	return f.Name(), nil
}

// makeDirs makes the shards' folders, and syncs once each the folders above that
// got a new entry.
func makeDirs(dirs map[string]bool) error {
	above := map[string]bool{}
	for dir := range dirs {
		if _, err := os.Stat(dir); err == nil {
			continue
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return storeError("create", dir, err)
		}
		scope := filepath.Dir(dir)
		above[scope], above[filepath.Dir(scope)] = true, true
	}
	return eachAtOnce(above, syncDir)
}

// eachAtOnce calls do for every folder, several at once.
func eachAtOnce(dirs map[string]bool, do func(string) error) error {
	var g errgroup.Group
	g.SetLimit(16)
	for dir := range dirs {
		g.Go(func() error { return do(dir) })
	}
	return g.Wait()
}

// syncDir makes a folder's entries last. Some file systems can't sync folders
// and say EINVAL; they are as safe as they get.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return storeError("sync", dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return storeError("sync", dir, err)
	}
	return nil
}

// storeError says what failed where, and what to do about the usual causes.
func storeError(op, path string, err error) error {
	hint := ""
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		hint = " (the disk is full: free some space; what was stored before is safe)"
	case errors.Is(err, syscall.EROFS):
		hint = " (the disk is read-only: choose another data folder)"
	case errors.Is(err, fs.ErrPermission):
		hint = " (check who owns the data folder and who may write to it)"
	}
	return fmt.Errorf("corpus: %s %s: %w%s", op, path, err, hint)
}
