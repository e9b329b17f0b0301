package corpus

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"path"
	"slices"
	"sync"
)

// printsDir holds the fingerprints of a scope's articles, prints/SCOPE/NUMBER.bin, a
// blob for each lot of articles that was added. They are derived: those that are missing or
// damaged are made anew from the articles.
const (
	printsDir = "prints"
	// maxPrints bounds such a blob, in bytes; a lot is at most as large.
	maxPrints = 64 << 20
	printsLot = 500 // articles looked at in one go when their fingerprints are missing
)

// ByFeed is the By of changes that came of a feed's articles.
const ByFeed = "feed"

// prints is what is known of a scope to tell its articles' versions.
type prints struct {
	mu     sync.Mutex
	loaded bool
	last   int // the highest number that is taken
	known  versions
}

// Stored is what became of an article that was added.
type Stored struct {
	New bool // it was not there before
	// Replaces is the older version in whose place the article answers, and ReplacedBy a newer
	// one that was there already, as IDs; "" for none.
	Replaces, ReplacedBy string
}

// Add stores articles as PutAll does, and notes, in the name of by, which are versions
// of another of their scope ([ActReplace]): the newest answers, the older ones are
// kept. That is noted before Add returns, and can be undone like any change.
func (s *Store) Add(ctx context.Context, by string, articles []*Article) ([]Stored, error) {
	stored := make([]Stored, len(articles))
	added, err := s.PutAll(ctx, articles)
	if err != nil {
		return stored, err
	}
	byScope := map[string][]*Article{}
	at := map[string]int{}
	for i, a := range articles {
		if stored[i].New = added[i]; added[i] {
			byScope[a.Scope] = append(byScope[a.Scope], a)
			at[a.ID] = i
		}
	}
	for scope, list := range byScope {
		changes, err := s.recognise(ctx, scope, by, list)
		if err != nil {
			return stored, fmt.Errorf("telling versions of articles: %w", err)
		}
		for _, c := range changes {
			// Of two that came together, the later one is told of.
			older, oldCame := at[c.Article]
			newer, newCame := at[c.Newer]
			if newCame && (!oldCame || newer > older) {
				stored[newer].Replaces = c.Article
			} else {
				stored[older].ReplacedBy = c.Newer
			}
		}
	}
	return stored, nil
}

// recognise makes new articles of a scope known, and notes which are versions.
func (s *Store) recognise(ctx context.Context, scope, by string, articles []*Article) ([]Change, error) {
	p := s.printsOf(scope)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := s.refreshPrints(ctx, scope, by, p, articles); err != nil {
		return nil, err
	}
	return s.recogniseLocked(ctx, scope, by, p, articles)
}

// recogniseLocked is recognise for who holds p.mu.
func (s *Store) recogniseLocked(ctx context.Context, scope, by string, p *prints, articles []*Article) ([]Change, error) {
	state, err := s.State(ctx, scope)
	if err != nil {
		return nil, err
	}
	m := matcher{store: s, by: by, state: state, replaced: map[string]string{}, here: map[string]*Article{}}
	var data []byte
	for _, a := range articles {
		f := fingerprintOf(a)
		if err := m.match(ctx, &p.known, a, &f); err != nil {
			return nil, err
		}
		m.here[a.ID] = a
		p.known.add(&f)
		data = f.append(data)
	}
	// The changes come first: what has no fingerprint is looked at again.
	if err := s.recordAll(ctx, scope, m.changes); err != nil {
		return nil, err
	}
	return m.changes, s.appendPrints(ctx, scope, p, data)
}

// matcher finds the versions among a lot of articles.
type matcher struct {
	store    *Store
	by       string
	state    *State
	replaced map[string]string   // what changes say, before they are in state
	here     map[string]*Article // the lot's own
	changes  []Change
}

// match notes it if the article is a version of a known one.
func (m *matcher) match(ctx context.Context, known *versions, a *Article, f *fingerprint) error {
	found, ok := known.match(a, f, func(id string) (*Article, error) { return m.load(ctx, id) })
	if err := ctx.Err(); err != nil || !ok {
		return err
	}
	newest := m.newest(found.of)
	if newest == a.ID || m.newest(a.ID) != a.ID {
		return nil // it was noted before, by a writer that was killed after that
	}
	older := found.older
	if newest != found.of {
		other, err := m.load(ctx, newest)
		if err != nil {
			return nil // the versions it belongs to were removed
		}
		g := fingerprintOf(other)
		older = f.olderThan(&g)
	}
	old, by := newest, a.ID
	if older {
		old, by = a.ID, newest
	}
	title := ""
	if o, err := m.load(ctx, old); err == nil {
		title = clip(o.Title, 500)
	} else if old == a.ID {
		title = clip(a.Title, 500)
	}
	m.replaced[old] = by
	m.changes = append(m.changes, Change{Scope: a.Scope, By: m.by, Action: ActReplace, Article: old, Newer: by, Title: title})
	return nil
}

// load reads an article, if it was not removed.
func (m *matcher) load(ctx context.Context, id string) (*Article, error) {
	if a := m.here[id]; a != nil {
		return a, nil
	}
	return m.store.Get(ctx, id)
}

// newest is the version that answers for the article.
func (m *matcher) newest(id string) string {
	for range maxVersions {
		id = m.state.Newest(id)
		next := m.replaced[id]
		if next == "" {
			break
		}
		id = next
	}
	return id
}

// clip is s on one line, in at most n bytes.
func clip(s string, n int) string {
	s = oneLine(s)
	for len(s) > n {
		r := []rune(s)
		s = string(r[:len(r)-1-len(r)/8])
	}
	return s
}

func (s *Store) printsOf(scope string) *prints {
	s.prints.Lock()
	defer s.prints.Unlock()
	p := s.prints.byScope[scope]
	if p == nil {
		p = &prints{}
		s.prints.byScope[scope] = p
	}
	return p
}

// refreshPrints reads what other processes added; the first time it makes what is
// missing, save for the articles that come. The caller holds p.mu.
func (s *Store) refreshPrints(ctx context.Context, scope, by string, p *prints, coming []*Article) error {
	if !p.loaded {
		// Numbers may be missing, where somebody deleted a blob.
		entries, err := s.blobs.List(ctx, path.Join(printsDir, scope))
		if err != nil {
			return err
		}
		for _, e := range entries {
			var n int
			if _, err := fmt.Sscanf(e.Name, "%08d.bin", &n); err == nil && n > p.last {
				if _, err := s.readPrints(ctx, scope, p, n); err != nil {
					return err
				}
			}
		}
	}
	for {
		found, err := s.readPrints(ctx, scope, p, p.last+1)
		if err != nil {
			return err
		}
		if !found {
			break
		}
	}
	if !p.loaded {
		if err := s.completePrints(ctx, scope, by, p, coming); err != nil {
			return err
		}
		p.loaded = true
	}
	return nil
}

func printsName(scope string, n int) string {
	return path.Join(printsDir, scope, fmt.Sprintf("%08d.bin", n))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// readPrints makes the fingerprints of one blob known, and reports whether there is
// one. A damaged one counts for nothing.
func (s *Store) readPrints(ctx context.Context, scope string, p *prints, n int) (found bool, err error) {
	b, err := s.blobs.Read(ctx, printsName(scope, n), maxPrints)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case errors.Is(err, ErrTooLarge):
		b = nil
	case err != nil:
		return false, err
	}
	p.last = n
	if len(b)%fingerprintSize != 4 || crc32.Checksum(b[4:], castagnoli) != binary.LittleEndian.Uint32(b) {
		return true, nil
	}
	for b = b[4:]; len(b) > 0; b = b[fingerprintSize:] {
		f := readFingerprint(b)
		p.known.add(&f)
	}
	return true, nil
}

// appendPrints stores encoded fingerprints, which are known already, under the next number.
func (s *Store) appendPrints(ctx context.Context, scope string, p *prints, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	b := append(binary.LittleEndian.AppendUint32(nil, crc32.Checksum(data, castagnoli)), data...)
	for {
		created, err := s.blobs.Create(ctx, []Blob{{printsName(scope, p.last+1), b}})
		if err != nil {
			return err
		}
		if created[0] {
			p.last++
			return nil
		}
		// Another process has taken the number: see what it added, and try the next one.
		if _, err := s.readPrints(ctx, scope, p, p.last+1); err != nil {
			return err
		}
	}
}

// completePrints looks at the articles that have no fingerprint: they were stored by a
// writer that was killed, restored from a copy, or are older than fingerprints.
// The order is that of their import.
func (s *Store) completePrints(ctx context.Context, scope, by string, p *prints, coming []*Article) error {
	files, err := s.filesOf(ctx, scope)
	if err != nil {
		return err
	}
	have := make(map[string]bool, len(p.known.known)+len(coming))
	for _, a := range coming {
		have[a.ID] = true
	}
	for i := range p.known.known {
		have[hex.EncodeToString(p.known.known[i].id[:])] = true
	}
	files = slices.DeleteFunc(files, func(f storedFile) bool { return have[f.id] })
	for lot := range slices.Chunk(files, printsLot) {
		var articles []*Article
		for _, f := range lot {
			a, err := s.load(ctx, f.name)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err == nil { // what is damaged has no versions
				articles = append(articles, a)
			}
		}
		slices.SortStableFunc(articles, func(a, b *Article) int {
			return cmp.Or(a.Imported.Compare(b.Imported), cmp.Compare(a.ID, b.ID))
		})
		if _, err := s.recogniseLocked(ctx, scope, by, p, articles); err != nil {
			return err
		}
	}
	return nil
}
