package bot

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"
)

// store keeps the little that must survive a restart, as files in one folder
// of its own: what the commands looked like when they were last registered, and the questions behind
// page buttons that are too long for a custom_id.
type store struct {
	dir   string
	now   func() time.Time
	limit int        // most questions kept
	mu    sync.Mutex // guards pruning and writing
}

// Bounds of the stored questions.
const (
	maxStored    = 2000
	maxStoredAge = 30 * 24 * time.Hour
	maxStoredLen = 64 << 10 // bytes of a file
	pagesDir     = "pages"
	commandsFile = "commands.json"
)

// errExpired says that the question behind a button is no longer kept.
var errExpired = errors.New("the question behind this button is no longer kept")

// newStore makes the folder if need be.
func newStore(dir string, now func() time.Time) (*store, error) {
	if dir == "" {
		return nil, errors.New("the bot needs a folder to keep its state in")
	}
	if err := os.MkdirAll(filepath.Join(dir, pagesDir), 0o700); err != nil {
		return nil, fmt.Errorf("making the bot's folder: %w", err)
	}
	return &store{dir: dir, now: now, limit: maxStored}, nil
}

// storedPage is the question behind a page button.
type storedPage struct {
	Scope string `json:"scope"` // where it was asked, and alone may be found again
	Query string `json:"query"`
}

// pageKey is the form of the keys that keep makes.
var pageKey = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// keep stores a question and returns its key. The key is a hash of scope and
// question, so that paging through one answer stores one file.
func (s *store) keep(scope, query string) (key string, err error) {
	b, err := json.Marshal(storedPage{scope, query})
	if err != nil {
		return "", fmt.Errorf("keeping a question: %w", err)
	}
	sum := sha256.Sum256(b)
	key = base32.StdEncoding.EncodeToString(sum[:])[:26]
	s.mu.Lock()
	defer s.mu.Unlock()
	name := s.page(key)
	if _, err := os.Stat(name); err == nil {
		// Still in use: its age counts from now.
		return key, os.Chtimes(name, s.now(), s.now())
	}
	if err := s.prune(); err != nil {
		return "", err
	}
	return key, s.write(name, b)
}

// find returns the question of a key, if it was asked in that scope.
func (s *store) find(scope, key string) (query string, err error) {
	if !pageKey.MatchString(key) {
		return "", errForged
	}
	info, err := os.Stat(s.page(key))
	if err != nil || info.Size() > maxStoredLen || s.now().Sub(info.ModTime()) > maxStoredAge {
		return "", errExpired
	}
	b, err := os.ReadFile(s.page(key))
	if err != nil {
		return "", fmt.Errorf("%w: %w", errExpired, err)
	}
	var p storedPage
	if err := json.Unmarshal(b, &p); err != nil || p.Scope != scope {
		return "", errExpired
	}
	return p.Query, nil
}

// prune removes questions that are too old, and the oldest of too many, to
// make room for one more.
func (s *store) prune() error {
	entries, err := os.ReadDir(filepath.Join(s.dir, pagesDir))
	if err != nil {
		return fmt.Errorf("tidying up stored questions: %w", err)
	}
	type file struct {
		name string
		at   time.Time
	}
	var kept []file
	for _, e := range entries {
		if info, err := e.Info(); err == nil && s.now().Sub(info.ModTime()) <= maxStoredAge {
			kept = append(kept, file{e.Name(), info.ModTime()})
		} else if err := s.remove(e.Name()); err != nil {
			return err
		}
	}
	slices.SortFunc(kept, func(a, b file) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.name, b.name)) })
	for len(kept) >= s.limit {
		if err := s.remove(kept[0].name); err != nil {
			return err
		}
		kept = kept[1:]
	}
	return nil
}

func (s *store) remove(page string) error {
	err := os.Remove(filepath.Join(s.dir, pagesDir, page))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("tidying up stored questions: %w", err)
	}
	return nil
}

func (s *store) page(key string) string { return filepath.Join(s.dir, pagesDir, key+".json") }

// write replaces a file in one step, so that a crash leaves the old or the new one.
func (s *store) write(name string, b []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return fmt.Errorf("writing the bot's state: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
			err = fmt.Errorf("writing the bot's state: %w", err)
		}
	}()
	_, err = tmp.Write(b)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Chtimes(tmp.Name(), s.now(), s.now()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

// registration remembers what was registered for which application.
type registration struct {
	AppID string `json:"app_id"`
	Hash  string `json:"hash"` // of the definitions
}

// registered returns the last registration, the zero one if there is none that
// can be read: registering once too often does no harm.
func (s *store) registered() registration {
	var r registration
	b, err := os.ReadFile(filepath.Join(s.dir, commandsFile))
	if err != nil || json.Unmarshal(b, &r) != nil {
		return registration{}
	}
	return r
}

// setRegistered remembers a registration.
func (s *store) setRegistered(r registration) error {
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("writing the bot's state: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(filepath.Join(s.dir, commandsFile), b)
}
