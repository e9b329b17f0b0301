package corpus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrNotFound says that the store holds no article with that ID.
var ErrNotFound = errors.New("no such article in the corpus")

const articlesDir = "articles"

// Store keeps articles, and what people decided about them, as blobs of a
// [Backend]: by default one JSON file an article, articles/SCOPE/XX/TITLE-ID.json,
// where XX are the ID's first two digits, and one a change,
// changes/SCOPE/NUMBER.json. The blobs are all there is: no index, no journal
// beside them.
//
// A Store is safe for use by several goroutines, and several processes may
// have the same folder open.
type Store struct {
	blobs Backend

	mu    sync.Mutex
	names map[string]string // known blobs by article ID; only a memory of where to look

	journals struct {
		sync.Mutex
		byScope map[string]*journal
	}
	prints struct {
		sync.Mutex
		byScope map[string]*prints
	}
}

// Open opens the store in the folder dir, which it creates if need be, sweeps
// what writers that were killed have left, and finishes removals that they began.
func Open(dir string) (*Store, error) {
	d, err := openDir(dir, articlesDir)
	if err != nil {
		return nil, err
	}
	return OpenBackend(context.Background(), d)
}

// OpenBackend opens the store that a backend holds.
func OpenBackend(ctx context.Context, b Backend) (*Store, error) {
	s := &Store{blobs: b, names: map[string]string{}}
	s.journals.byScope = map[string]*journal{}
	s.prints.byScope = map[string]*prints{}
	if err := s.settle(ctx); err != nil {
		return nil, err
	}
	return s, nil
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
// It returns which of them were added; one that was removed stays removed and
// counts as known. On an error, none of those not yet added may be counted on;
// putting them again is safe.
func (s *Store) PutAll(ctx context.Context, articles []*Article) (added []bool, err error) {
	added = make([]bool, len(articles))
	var blobs []Blob
	var from []int // the article of each blob
	for i, a := range articles {
		b, err := s.prepare(a)
		if err != nil {
			return added, err
		}
		gone, err := s.removed(ctx, a.Scope, a.ID)
		if err != nil {
			return added, err
		}
		if !gone {
			blobs, from = append(blobs, b), append(from, i)
		}
	}
	created, err := s.blobs.Create(ctx, blobs)
	if err != nil {
		return added, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, b := range blobs {
		added[from[i]] = created[i]
		s.names[articles[from[i]].ID] = b.Name
	}
	return added, nil
}

// prepare completes the article and encodes it.
func (s *Store) prepare(a *Article) (Blob, error) {
	if a.Scope == "" {
		a.Scope = SharedScope
	}
	if err := checkScope(a.Scope); err != nil {
		return Blob{}, fmt.Errorf("store an article: %w", err)
	}
	if err := a.check(); err != nil {
		return Blob{}, fmt.Errorf("store %q: %w", a.Title, err)
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
		return Blob{}, fmt.Errorf("store %q: %w", a.Title, err)
	}
	if len(data) > maxStored {
		return Blob{}, fmt.Errorf("store %q: it takes %d bytes, and an article may take %d", a.Title, len(data), maxStored)
	}
	return Blob{Name: path.Join(articlesDir, a.Scope, a.ID[:2], name), Data: data}, nil
}

// Get returns the article with the ID, or ErrNotFound, also when it was
// removed. A damaged blob is an error that names it.
func (s *Store) Get(ctx context.Context, id string) (*Article, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !validID(id) {
		return nil, fmt.Errorf("article %q: %w", id, ErrNotFound)
	}
	a, err := s.get(ctx, id)
	if err != nil {
		return nil, err
	}
	gone, err := s.removed(ctx, a.Scope, id)
	switch {
	case err != nil:
		return nil, err
	case gone:
		return nil, fmt.Errorf("article %s was removed: %w", id, ErrNotFound)
	}
	return a, nil
}

// Has reports whether Get would find the article; it doesn't read it. When that
// can't be told it is false.
func (s *Store) Has(ctx context.Context, id string) bool {
	if ctx.Err() != nil || !validID(id) {
		return false
	}
	s.mu.Lock()
	name, known := s.names[id]
	s.mu.Unlock()
	if known {
		_, err := s.blobs.Size(ctx, name)
		known = err == nil
	}
	if !known {
		var err error
		if name, err = s.find(ctx, id); err != nil {
			return false
		}
	}
	gone, err := s.removed(ctx, path.Base(path.Dir(path.Dir(name))), id)
	return err == nil && !gone
}

// get is Get without a look at what was removed.
func (s *Store) get(ctx context.Context, id string) (*Article, error) {
	s.mu.Lock()
	name, known := s.names[id]
	s.mu.Unlock()
	if known {
		// The blob may have been moved or deleted since: then look again.
		if a, err := s.load(ctx, name); !errors.Is(err, fs.ErrNotExist) {
			return a, err
		}
	}
	name, err := s.find(ctx, id)
	if err != nil {
		return nil, err
	}
	a, err := s.load(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("article %s: %w", id, ErrNotFound)
	}
	return a, err
}

// find looks for the ID's blob in the folders it can be in, one a scope.
func (s *Store) find(ctx context.Context, id string) (string, error) {
	scopes, err := s.articleScopes(ctx)
	if err != nil {
		return "", err
	}
	for _, scope := range scopes {
		files, err := s.list(ctx, path.Join(articlesDir, scope, id[:2]))
		if err != nil {
			return "", err
		}
		for _, f := range files {
			if f.id == id {
				return f.name, nil
			}
		}
	}
	return "", fmt.Errorf("article %s: %w", id, ErrNotFound)
}

// IDs lists the IDs of all articles that answer, sorted: those that were not
// removed, and of several versions the newest. It reads folders, not files.
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

// Len counts the articles that answer.
func (s *Store) Len(ctx context.Context) (int, error) {
	files, err := s.files(ctx)
	return len(files), err
}

// Bytes is the size of the blobs of all articles that answer.
func (s *Store) Bytes(ctx context.Context) (int64, error) {
	files, err := s.files(ctx)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, f := range files {
		switch n, err := s.blobs.Size(ctx, f.name); {
		case err == nil:
			sum += n
		case !errors.Is(err, fs.ErrNotExist):
			return 0, err
		}
	}
	return sum, nil
}

// All yields every article that answers, by ID. A blob that can't be read yields an error
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
			a, err := s.load(ctx, f.name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// InScope lists the IDs of a scope's articles that answer, sorted.
func (s *Store) InScope(ctx context.Context, scope string) ([]string, error) {
	if err := checkScope(scope); err != nil {
		return nil, err
	}
	files, err := s.answering(ctx, scope)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(files, func(a, b storedFile) int { return strings.Compare(a.id, b.id) })
	ids := make([]string, len(files))
	for i, f := range files {
		ids[i] = f.id
	}
	return slices.Compact(ids), nil
}

// storedFile is a blob of an article, known by its name.
type storedFile struct{ id, name string }

// files lists the blobs of the articles that answer by ID. Two blobs can't have one ID, save by a
// person's copying; the first by name counts then.
func (s *Store) files(ctx context.Context) ([]storedFile, error) {
	scopes, err := s.articleScopes(ctx)
	if err != nil {
		return nil, err
	}
	var all []storedFile
	for _, scope := range scopes {
		files, err := s.answering(ctx, scope)
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	slices.SortStableFunc(all, func(a, b storedFile) int { return strings.Compare(a.id, b.id) })
	return slices.CompactFunc(all, func(a, b storedFile) bool { return a.id == b.id }), nil
}

// answering lists the blobs of one scope's articles that answer.
func (s *Store) answering(ctx context.Context, scope string) ([]storedFile, error) {
	state, err := s.State(ctx, scope)
	if err != nil {
		return nil, err
	}
	files, err := s.filesOf(ctx, scope)
	return slices.DeleteFunc(files, func(f storedFile) bool { return !state.Answers(f.id) }), err
}

// filesOf lists the blobs of all of one scope's articles.
func (s *Store) filesOf(ctx context.Context, scope string) ([]storedFile, error) {
	shards, err := s.blobs.List(ctx, path.Join(articlesDir, scope))
	if err != nil {
		return nil, err
	}
	var all []storedFile
	for _, shard := range shards {
		if !shard.Folder || len(shard.Name) != 2 {
			continue
		}
		files, err := s.list(ctx, path.Join(articlesDir, scope, shard.Name))
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	return all, nil
}

// articleScopes lists the scopes that have articles, sorted.
func (s *Store) articleScopes(ctx context.Context) ([]string, error) {
	return s.scopesIn(ctx, articlesDir)
}

// scopesIn lists the scopes' folders in a folder.
func (s *Store) scopesIn(ctx context.Context, folder string) ([]string, error) {
	entries, err := s.blobs.List(ctx, folder)
	if err != nil {
		return nil, err
	}
	var scopes []string
	for _, e := range entries {
		if e.Folder && checkScope(e.Name) == nil {
			scopes = append(scopes, e.Name)
		}
	}
	return scopes, nil
}

// list lists the articles' blobs in one folder and remembers where they are.
func (s *Store) list(ctx context.Context, folder string) ([]storedFile, error) {
	entries, err := s.blobs.List(ctx, folder)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	files := make([]storedFile, 0, len(entries))
	for _, e := range entries {
		id, ok := idOfFile(e.Name)
		if !ok || e.Folder {
			continue
		}
		f := storedFile{id: id, name: path.Join(folder, e.Name)}
		files = append(files, f)
		s.names[id] = f.name
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
