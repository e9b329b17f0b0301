package corpus

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// An export is a gzipped tar of a store's blobs under their names, begun by a
// file that says what it is. It is read and written as a stream.
const (
	exportHead   = "WHOSAID-EXPORT.json"
	exportFormat = 1
)

type exportHeader struct {
	Format int       `json:"format"`
	Made   time.Time `json:"made"`
	Scopes []string  `json:"scopes,omitempty"` // empty: all
}

// exported are the folders that an export holds, in its order. What people
// decided comes last, so that it is never older than the articles: an article
// that is removed meanwhile is in one of the first two, and the log tells.
var exported = []string{articlesDir, trashDir, articlesDir, feedsDir, changesDir}

// ErrOtherChanges says that a store has decisions of its own where the export has others.
var ErrOtherChanges = errors.New("the data folder has other changes of its own under the same numbers")

// Export writes all that the store holds of the scopes, or of all scopes when
// there are none: articles, trash, feeds, and the audit log with the corrections and
// settings that it holds. The store may be in use meanwhile.
func (s *Store) Export(ctx context.Context, w io.Writer, scopes ...string) error {
	zip := gzip.NewWriter(w)
	out := tar.NewWriter(zip)
	head, err := json.Marshal(exportHeader{exportFormat, time.Now().UTC().Truncate(time.Second), scopes})
	if err != nil {
		return fmt.Errorf("exporting the corpus: %w", err)
	}
	e := exporter{s, out, map[string]bool{}}
	err = e.write(exportHead, head)
	for _, folder := range exported {
		if err == nil {
			err = e.folder(ctx, folder, scopes)
		}
	}
	if err = errors.Join(err, out.Close(), zip.Close()); err != nil {
		return fmt.Errorf("exporting the corpus: %w", err)
	}
	return nil
}

type exporter struct {
	store *Store
	out   *tar.Writer
	seen  map[string]bool // base names of articles
}

// folder writes the blobs of the scopes below a folder.
func (e *exporter) folder(ctx context.Context, folder string, scopes []string) error {
	all, err := e.store.scopesIn(ctx, folder)
	if err != nil {
		return err
	}
	for _, scope := range all {
		if len(scopes) == 0 || slices.Contains(scopes, scope) {
			if err := e.below(ctx, path.Join(folder, scope)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *exporter) below(ctx context.Context, folder string) error {
	entries, err := e.store.blobs.List(ctx, folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := path.Join(folder, entry.Name)
		if entry.Folder {
			if err := e.below(ctx, name); err != nil {
				return err
			}
			continue
		}
		id, article := idOfFile(entry.Name)
		if article && e.seen[id] {
			continue
		}
		b, err := e.store.blobs.Read(ctx, name, maxStored)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it was moved meanwhile, and is met there
		}
		if err == nil {
			err = e.write(name, b)
		}
		if err != nil {
			return err
		}
		if article {
			e.seen[id] = true
		}
	}
	return nil
}

func (e *exporter) write(name string, b []byte) error {
	h := tar.Header{Name: name, Mode: 0o644, Size: int64(len(b)), ModTime: time.Now().Truncate(time.Second), Format: tar.FormatPAX}
	if err := e.out.WriteHeader(&h); err != nil {
		return err
	}
	_, err := e.out.Write(b)
	return err
}

// Restored counts what [Store.Restore] added.
type Restored struct{ Articles, Changes, Known int }

// Restore adds what an export holds and the store does not. What is there
// stays; only a scope that has other changes of its own is an error, before
// anything of its log is written.
func (s *Store) Restore(ctx context.Context, r io.Reader) (Restored, error) {
	var done Restored
	in, err := openExport(r)
	if err == nil {
		err = s.restore(ctx, in, &done)
	}
	if err != nil {
		return done, fmt.Errorf("restoring an export: %w", err)
	}
	s.journals.Lock()
	clear(s.journals.byScope) // numbers may have come in anywhere
	s.journals.Unlock()
	s.prints.Lock()
	clear(s.prints.byScope) // the articles that came have no fingerprints yet
	s.prints.Unlock()
	return done, s.settle(ctx)
}

// IsExport reports whether the file is an export of a store.
func IsExport(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = openExport(f)
	return err == nil
}

// openExport reads an export's beginning.
func openExport(r io.Reader) (*tar.Reader, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("it is no export: %w", err)
	}
	in := tar.NewReader(zip)
	h, err := in.Next()
	if err != nil || h.Name != exportHead {
		return nil, errors.Join(errors.New("it is no export of whosaid"), err)
	}
	var head exportHeader
	if err := json.NewDecoder(io.LimitReader(in, 1<<20)).Decode(&head); err != nil {
		return nil, fmt.Errorf("reading its head: %w", err)
	}
	if head.Format != exportFormat {
		return nil, fmt.Errorf("it has format %d, and this whosaid reads %d (use the whosaid that wrote it, or a newer one)", head.Format, exportFormat)
	}
	return in, nil
}

// Bounds of what is restored at one go.
const (
	restoreBlobs = 500
	restoreBytes = 32 << 20
)

func (s *Store) restore(ctx context.Context, in *tar.Reader, done *Restored) error {
	var batch []Blob
	size := 0
	flush := func() error {
		created, err := s.blobs.Create(ctx, batch)
		if err != nil {
			return err
		}
		for i, b := range batch {
			if err := s.restored(ctx, b, created[i], done); err != nil {
				return err
			}
		}
		batch, size = nil, 0
		return nil
	}
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return flush()
		}
		if err != nil {
			return fmt.Errorf("it is damaged: %w", err)
		}
		b, err := exportedBlob(h, in)
		if err != nil {
			return err
		}
		batch = append(batch, b)
		if size += len(b.Data); len(batch) == restoreBlobs || size > restoreBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
}

// restored counts a blob, and compares one that was there before.
func (s *Store) restored(ctx context.Context, b Blob, created bool, done *Restored) error {
	change := strings.HasPrefix(b.Name, changesDir+"/")
	switch {
	case created && change:
		done.Changes++
	case created && strings.HasPrefix(b.Name, articlesDir+"/"):
		done.Articles++
	case !created && change:
		have, err := s.blobs.Read(ctx, b.Name, maxChange)
		if err != nil {
			return err
		}
		if string(have) != string(b.Data) {
			return fmt.Errorf("%s: %w (import into an empty data folder, with --data)", b.Name, ErrOtherChanges)
		}
		done.Known++
	case !created:
		done.Known++
	}
	return nil
}

// exportedBlob reads a member of an export: only what a store may hold, under
// its right name, gets in.
func exportedBlob(h *tar.Header, r io.Reader) (Blob, error) {
	wrong := func(why string) (Blob, error) { return Blob{}, fmt.Errorf("its member %q is %s", h.Name, why) }
	parts := strings.Split(h.Name, "/")
	if h.Typeflag != tar.TypeReg || path.Clean(h.Name) != h.Name || len(parts) < 3 || !slices.Contains(exported, parts[0]) || checkScope(parts[1]) != nil {
		return wrong("none of a corpus")
	}
	if h.Size > maxStored {
		return wrong("too large")
	}
	b := make([]byte, h.Size)
	if _, err := io.ReadFull(r, b); err != nil {
		return Blob{}, fmt.Errorf("reading its member %q: %w", h.Name, err)
	}
	base := parts[len(parts)-1]
	switch parts[0] {
	case articlesDir, trashDir:
		var a Article
		id, ok := idOfFile(base)
		if err := json.Unmarshal(b, &a); err != nil || !ok || a.check() != nil || a.Scope != parts[1] || a.Identity() != id || a.ID != id {
			return wrong("no sound article")
		}
		if parts[0] == articlesDir && (len(parts) != 4 || parts[2] != id[:2]) || parts[0] == trashDir && len(parts) != 3 {
			return wrong("in the wrong folder")
		}
	case changesDir:
		var c Change
		if err := json.Unmarshal(b, &c); err != nil || c.check() != nil || c.Seq < 1 || changeName(parts[1], c.Seq) != h.Name || c.Scope != parts[1] {
			return wrong("no sound change")
		}
	case feedsDir:
		if len(parts) != 3 || !validID(strings.TrimSuffix(base, ".json")) || len(b) > maxFeedState || !json.Valid(b) {
			return wrong("no feed's state")
		}
	}
	return Blob{h.Name, b}, nil
}
