package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
)

// maxStored bounds the size in bytes of a stored file that is read back: text,
// its JSON escapes, and the offsets.
const maxStored = 16 * MaxText

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
				err = os.Rename(f.temp, f.path)
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

// sweep removes the temporary files of writers that were killed. Whoever holds
// the writers' lock knows that nobody is writing; without it the sweep is left to
// the next opening, as it is when the folder is read-only.
func (s *Store) sweep() {
	if ok, err := s.lock.TryLock(); !ok || err != nil {
		return
	}
	defer func() { _ = s.lock.Unlock() }()
	dirs, err := s.shards()
	if err != nil {
		return
	}
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if e.Type().IsRegular() && strings.HasPrefix(e.Name(), tempPrefix) {
				_ = os.Remove(filepath.Join(dir, e.Name()))
			}
		}
	}
}

// loadArticle reads a stored file and checks that it is what was once written.
func loadArticle(path string) (*Article, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, storeError("read", path, err)
	}
	if info.Size() > maxStored {
		return nil, damaged(path, fmt.Errorf("it has %d bytes, and no article has over %d", info.Size(), maxStored))
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, storeError("read", path, err)
	}
	var a Article
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, damaged(path, err)
	}
	if err := a.check(); err != nil {
		return nil, damaged(path, err)
	}
	want, _ := idOfFile(filepath.Base(path))
	if got := a.Identity(); got != a.ID || got != want {
		return nil, damaged(path, errors.New("its content does not fit its ID"))
	}
	return &a, nil
}

func damaged(path string, err error) error {
	return fmt.Errorf("%s is damaged: %w (restore it from a backup, or delete it and import the article again)", path, err)
}

// check reports what makes the article one that must not be stored or used.
func (a *Article) check() error {
	if !utf8.ValidString(a.Text) {
		return errors.New("the text is not valid UTF-8")
	}
	end := 0
	for _, p := range a.Paragraphs {
		if p.Span.Start < end || p.Span.End < p.Span.Start || p.Span.End > len(a.Text) {
			return fmt.Errorf("paragraph %d lies outside the text or over another", p.Number)
		}
		end = p.Span.End
	}
	end = 0
	for _, r := range a.Origin {
		if r.Text < end || r.Len < 0 || r.Text+r.Len > len(a.Text) || r.Origin < 0 || r.Size < 0 {
			return fmt.Errorf("the run at byte %d lies outside the text or over another", r.Text)
		}
		end = r.Text + r.Len
	}
	return nil
}

// encodeArticle is the article in JSON for a person's eyes: one line a field,
// one a paragraph, one a run.
func encodeArticle(a *Article) ([]byte, error) {
	head := *a
	head.Paragraphs, head.Origin = nil, nil
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(head); err != nil {
		return nil, err
	}
	// The text can't hold the mark: there, its quotation marks are escaped.
	before, after, _ := bytes.Cut(buf.Bytes(), []byte(`"paragraphs": null`))
	out := bytes.NewBuffer(before)
	after = bytes.Clone(after)
	if err := writeList(out, "paragraphs", a.Paragraphs); err != nil {
		return nil, err
	}
	if len(a.Origin) > 0 {
		out.WriteString(",\n  ")
		if err := writeList(out, "origin", a.Origin); err != nil {
			return nil, err
		}
	}
	out.Write(after)
	return out.Bytes(), nil
}

// writeList writes a member of an object whose value is a list, one element a line.
func writeList[T any](out *bytes.Buffer, name string, list []T) error {
	fmt.Fprintf(out, "%q: [", name)
	for i, e := range list {
		if i > 0 {
			out.WriteByte(',')
		}
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		out.WriteString("\n    ")
		out.Write(b)
	}
	out.WriteString("\n  ]")
	return nil
}

// storeError says what failed where, and what to do about the usual causes.
func storeError(op, path string, err error) error {
	hint := ""
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		hint = " (the disk is full: free some space; what was stored before is safe)"
	case errors.Is(err, syscall.EROFS):
		hint = " (the disk is read-only: choose another data folder)"
	case errors.Is(err, fs.ErrPermission):
		hint = " (check who owns the data folder and who may write to it)"
	}
	return fmt.Errorf("corpus: %s %s: %w%s", op, path, err, hint)
}
