package corpus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// ErrNotFound says that the store holds no article with that ID.
var ErrNotFound = errors.New("no such article in the corpus")

const (
	articlesDir = "articles" // below the store's folder
	lockName    = ".lock"    // in the store's folder; held while files are written
	tempPrefix  = ".tmp-"    // of files being written
)

// Store keeps articles in a folder that a person can read and back up: one
// JSON file an article, articles/SCOPE/XX/TITLE-ID.json, where XX are the
// ID's first two digits. The files are all there is: no index, no journal.
//
// A Store is safe for use by several goroutines, and several processes may
// have the same folder open. Readers take no lock, since a file appears whole
// and never changes; writers exclude one another with a lock on a file.
type Store struct {
	dir  string
	lock *flock.Flock

	writing sync.Mutex // one writer of this process at a time; the lock excludes the others'

	mu    sync.Mutex
	paths map[string]string // known files by ID; only a memory of where to look
}

// Open opens the store in the folder dir, which it creates if need be, and
// sweeps what writers that were killed have left.
func Open(dir string) (*Store, error) {
	if err := makeStore(dir); err != nil {
		return nil, err
	}
	s := &Store{dir: dir, lock: flock.New(filepath.Join(dir, lockName)), paths: map[string]string{}}
	s.sweep()
	return s, nil
}

// makeStore makes the store's folders if they are missing, to last.
func makeStore(dir string) error {
	articles := filepath.Join(dir, articlesDir)
	if info, err := os.Stat(articles); err == nil && info.IsDir() {
		return nil // nothing is written, so that a read-only folder can be read
	}
	if err := os.MkdirAll(articles, 0o755); err != nil {
		return storeError("open", dir, err)
	}
	// The folder around may be one that can't be read; then there is nothing to be done.
	_ = syncDir(filepath.Dir(dir))
	return syncDir(dir)
}

// Put stores the article and sets its ID and, unless it is set, Imported; an
// empty Scope becomes SharedScope. It reports whether the article was added:
// false means that the store had it already. When Put returns without an
// error the article is on disk to stay.
func (s *Store) Put(ctx context.Context, a *Article) (added bool, err error) {
	all, err := s.PutAll(ctx, []*Article{a})
	return len(all) == 1 && all[0], err
}

// PutAll stores many articles as Put does, with far fewer waits for the disk.
// It returns which of them were added. On an error, none of those not yet
// added may be counted on; putting them again is safe.
func (s *Store) PutAll(ctx context.Context, articles []*Article) (added []bool, err error) {
	added = make([]bool, len(articles))
	files := make([]pendingFile, 0, len(articles))
	for _, a := range articles {
		f, err := s.prepare(a)
		if err != nil {
			return added, err
		}
		files = append(files, f)
	}
	unlock, err := s.lockWriters(ctx)
	if err != nil {
		return added, err
	}
	defer unlock()
	if err := writeFiles(ctx, files); err != nil {
		return added, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range files {
		added[i] = f.added
		s.paths[articles[i].ID] = f.path
	}
	return added, nil
}

// prepare completes the article and encodes it.
func (s *Store) prepare(a *Article) (pendingFile, error) {
	if a.Scope == "" {
		a.Scope = SharedScope
	}
	if err := checkScope(a.Scope); err != nil {
		return pendingFile{}, fmt.Errorf("store an article: %w", err)
	}
	if err := a.check(); err != nil {
		return pendingFile{}, fmt.Errorf("store %q: %w", a.Title, err)
	}
	a.ID = a.Identity()
	if a.Imported.IsZero() {
		a.Imported = time.Now().UTC().Truncate(time.Second)
	}
	name := a.ID + ".json"
	if sl := slug(a.Title); sl != "" {
		name = sl + "-" + name
	}
	data, err := encodeArticle(a)
	if err != nil {
		return pendingFile{}, fmt.Errorf("store %q: %w", a.Title, err)
	}
	if len(data) > maxStored {
		return pendingFile{}, fmt.Errorf("store %q: it takes %d bytes, and an article may take %d", a.Title, len(data), maxStored)
	}
	return pendingFile{path: filepath.Join(s.dir, articlesDir, a.Scope, a.ID[:2], name), data: data}, nil
}

// lockWriters waits until no other writer, of this process or another, is at work.
func (s *Store) lockWriters(ctx context.Context) (unlock func(), err error) {
	s.writing.Lock()
	if ok, err := s.lock.TryLockContext(ctx, 5*time.Millisecond); !ok || err != nil {
		s.writing.Unlock()
		return nil, storeError("lock", s.lock.Path(), err)
	}
	return func() {
		// Unlocking can only fail on a file that is closed already, which unlocks it too.
		_ = s.lock.Unlock()
		s.writing.Unlock()
	}, nil
}

// Get returns the article with the ID, or ErrNotFound. A damaged file is an error
// that names it.
func (s *Store) Get(ctx context.Context, id string) (*Article, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !validID(id) {
		return nil, fmt.Errorf("article %q: %w", id, ErrNotFound)
	}
	s.mu.Lock()
	path, known := s.paths[id]
	s.mu.Unlock()
	if known {
		// The file may have been moved or deleted since: then look again.
		if a, err := loadArticle(path); !errors.Is(err, fs.ErrNotExist) {
			return a, err
		}
	}
	path, err := s.find(id)
	if err != nil {
		return nil, err
	}
	return loadArticle(path)
}

// Has reports whether the store has the article; it doesn't read the file.
func (s *Store) Has(ctx context.Context, id string) bool {
	if ctx.Err() != nil || !validID(id) {
		return false
	}
	s.mu.Lock()
	path, known := s.paths[id]
	s.mu.Unlock()
	if known {
		if _, err := os.Lstat(path); err == nil {
			return true
		}
	}
	_, err := s.find(id)
	return err == nil
}

// find looks for the ID's file in the folders it can be in, one a scope.
func (s *Store) find(id string) (string, error) {
	shards, err := s.shards()
	if err != nil {
		return "", err
	}
	for _, dir := range shards {
		if filepath.Base(dir) != id[:2] {
			continue
		}
		files, err := s.list(dir)
		if err != nil {
			return "", err
		}
		for _, f := range files {
			if f.id == id {
				return f.path, nil
			}
		}
	}
	return "", fmt.Errorf("article %s: %w", id, ErrNotFound)
}

// IDs lists the IDs of all articles, sorted. It reads folders, not files.
func (s *Store) IDs(ctx context.Context) ([]string, error) {
	files, err := s.files(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(files))
	for i, f := range files {
		ids[i] = f.id
	}
	return ids, nil
}

// Len counts the articles.
func (s *Store) Len(ctx context.Context) (int, error) {
	files, err := s.files(ctx)
	return len(files), err
}

// Bytes is the size of all articles' files on disk.
func (s *Store) Bytes(ctx context.Context) (int64, error) {
	files, err := s.files(ctx)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, f := range files {
		switch info, err := os.Lstat(f.path); {
		case err == nil:
			sum += info.Size()
		case !errors.Is(err, fs.ErrNotExist):
			return 0, storeError("measure", f.path, err)
		}
	}
	return sum, nil
}

// All yields every article, by ID. A file that can't be read yields an error
// that names it, and the iteration goes on. Articles that come or go meanwhile
// may or may not be seen.
func (s *Store) All(ctx context.Context) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		files, err := s.files(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, f := range files {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			a, err := loadArticle(f.path)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// storedFile is a file of the store, known by its name.
type storedFile struct{ id, path string }

// files lists the store's files by ID. Two files can't have one ID, save by a
// person's copying; the first by path counts then.
func (s *Store) files(ctx context.Context) ([]storedFile, error) {
	shards, err := s.shards()
	if err != nil {
		return nil, err
	}
	var all []storedFile
	for _, dir := range shards {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		files, err := s.list(dir)
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	slices.SortStableFunc(all, func(a, b storedFile) int { return strings.Compare(a.id, b.id) })
	return slices.CompactFunc(all, func(a, b storedFile) bool { return a.id == b.id }), nil
}

// shards lists the folders that hold articles, sorted.
func (s *Store) shards() ([]string, error) {
	root := filepath.Join(s.dir, articlesDir)
	scopes, err := os.ReadDir(root)
	if err != nil {
		return nil, storeError("read", root, err)
	}
	var dirs []string
	for _, scope := range scopes {
		if !scope.IsDir() || checkScope(scope.Name()) != nil {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(root, scope.Name()))
		if err != nil {
			return nil, storeError("read", filepath.Join(root, scope.Name()), err)
		}
		for _, e := range entries {
			if e.IsDir() && len(e.Name()) == 2 {
				dirs = append(dirs, filepath.Join(root, scope.Name(), e.Name()))
			}
		}
	}
	return dirs, nil
}

// list lists the articles' files in one folder and remembers where they are.
func (s *Store) list(dir string) ([]storedFile, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, storeError("read", dir, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	files := make([]storedFile, 0, len(entries))
	for _, e := range entries {
		id, ok := idOfFile(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		f := storedFile{id: id, path: filepath.Join(dir, e.Name())}
		files = append(files, f)
		s.paths[id] = f.path
	}
	return files, nil
}

// idOfFile is the ID in a file name TITLE-ID.json or ID.json.
func idOfFile(name string) (id string, ok bool) {
	base, ok := strings.CutSuffix(name, ".json")
	if !ok || strings.HasPrefix(name, ".") || len(base) < idLength {
		return "", false
	}
	id = base[len(base)-idLength:]
	rest := base[:len(base)-idLength]
	return id, validID(id) && (rest == "" || strings.HasSuffix(rest, "-"))
}
