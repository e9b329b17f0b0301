package bleveindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
	mmap "github.com/blevesearch/mmap-go"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// format is the version of everything in a part: the files, the fields, the
// analysis. Raise it when any of them changes.
const format = 6

// The files of a part's folder.
const (
	storeDir      = "store" // the Bleve index; missing in a part without passages
	passagesName  = "passages.bin"
	summaryName   = "summary.bin"
	textsName     = "texts.bin"
	orderName     = "order.bin"     // missing in a part without passages
	manifestName  = "MANIFEST.json" // written last: without it, the part is half built
	boltName      = "root.bolt"
	boltTimeout   = "2s"
	builderBatch  = 2000 // documents a segment of a build; each takes some 30 kB while it is made
	builderMerges = 256  // segments merged at once at its end
)

// manifest describes a part and the files that make it.
type manifest struct {
	Format   int       `json:"format"`
	Engine   string    `json:"engine"` // the quote engine's version
	Built    time.Time `json:"built"`
	Articles int       `json:"articles"`
	Passages int       `json:"passages"`
	Quotes   int       `json:"quotes"`
	// TextLen and ContextLen are words in the scored fields, over all passages.
	TextLen    int `json:"text_len"`
	ContextLen int `json:"context_len"`
	// Scopes counts articles and quotes by scope.
	Scopes map[string]index.Totals `json:"scopes"`
	Files  map[string]file         `json:"files"` // by path in the part's folder
}

// file is what a file must be like.
type file struct {
	Size int64  `json:"size"` // bytes
	CRC  uint32 `json:"crc32c"`
}

func (m *manifest) bytes() int64 {
	var n int64
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

// holds reports whether there is anything of the scope.
func (m *manifest) holds(scope string) bool {
	_, ok := m.Scopes[scope]
	return ok
}

// within reports whether there is nothing but of these scopes.
func (m *manifest) within(scopes []string) bool {
	for s := range m.Scopes {
		if !slices.Contains(scopes, s) {
			return false
		}
	}
	return true
}

// part is one open part of the index, as one generation sees it. It is only
// ever read.
type part struct {
	name string
	manifest
	*table
	*files
	dead // articles that this generation no longer has here
}

// files are a part's open files, which generations that differ in what is dead share.
type files struct {
	copies *copies
	// openStore opens the Bleve index, once; nil when the part has no passages. Who reads
	// engine or reader has called it.
	openStore func() error
	engine    bleve.Index // nil when not open
	reader    bleve.IndexReader
	order     func() (order, error) // read when first needed: an import can do without
	mapped    []mmap.MMap
	refs      int // snapshots that use it; guarded by Index.mu
}

// openPart opens the part in dir read-only, after a cheap check: the sizes of
// all files, the checksums of those that are read whole. If lazy, the Bleve index is left
// to the first search.
func openPart(dir string, lazy bool) (*part, error) {
	p := &part{name: filepath.Base(dir), files: &files{}}
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &p.manifest); err != nil {
		return nil, &index.Problem{Kind: index.Corrupt, Part: p.name, Err: err}
	}
	if p.Format != format {
		return nil, &index.Problem{Kind: index.Format, Part: p.name, Err: fmt.Errorf("it has format %d, this is %d", p.Format, format)}
	}
	if err := p.open(dir); err != nil {
		return nil, &index.Problem{Kind: index.Corrupt, Part: p.name, Err: err}
	}
	if !lazy && p.openStore != nil {
		if err := p.openStore(); err != nil {
			return nil, errors.Join(err, p.files.close())
		}
	}
	return p, nil
}

func (p *part) open(dir string) error {
	for name, f := range p.Files {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if info.Size() != f.Size {
			return fmt.Errorf("%s has %d bytes instead of %d", name, info.Size(), f.Size)
		}
	}
	if err := p.openFiles(dir); err != nil {
		return errors.Join(err, p.files.close())
	}
	return nil
}

func (p *part) openFiles(dir string) error {
	passages, err := p.mapChecked(dir, passagesName)
	if err != nil {
		return err
	}
	summary, err := p.mapChecked(dir, summaryName)
	if err != nil {
		return err
	}
	if p.table, err = readTable(passages, summary); err != nil {
		return err
	}
	if p.table.len() != p.Passages || len(p.articles) != p.Articles {
		return errors.New("the table does not hold what the manifest says")
	}
	if p.copies, err = openCopies(dir, p.Articles); err != nil || p.Passages == 0 {
		return err
	}
	numbers, err := p.mapChecked(dir, orderName)
	if err != nil {
		return err
	}
	p.order = sync.OnceValues(func() (order, error) {
		o, err := readOrder(numbers, p.table)
		if err != nil {
			err = &index.Problem{Kind: index.Corrupt, Part: p.name, Err: err}
		}
		return o, err
	})
	p.openStore = sync.OnceValue(func() error {
		if err := p.openBleve(filepath.Join(dir, storeDir)); err != nil {
			return &index.Problem{Kind: index.Corrupt, Part: p.name, Err: err}
		}
		return nil
	})
	return nil
}

// mapChecked compares a file's checksum and maps it into memory, of which it takes only as
// much as is looked at.
func (p *part) mapChecked(dir, name string) ([]byte, error) {
	path := filepath.Join(dir, name)
	got, err := checksum(path, false)
	if err != nil {
		return nil, err
	}
	if got.CRC != p.Files[name].CRC || got.Size == 0 {
		return nil, fmt.Errorf("%s has been altered", name)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", name, err)
	}
	p.mapped = append(p.mapped, m)
	return m, nil
}

// openBleve opens the Bleve index and compares how many documents it holds.
func (p *part) openBleve(dir string) error {
	engine, reader, err := openBleve(dir)
	if err != nil {
		return err
	}
	if n, err := reader.DocCount(); err != nil || int(n) != p.Passages {
		return errors.Join(fmt.Errorf("it holds %d documents instead of %d", n, p.Passages), err, reader.Close(), engine.Close())
	}
	p.engine, p.reader = engine, reader
	return nil
}

// openBleve opens a Bleve index read-only. Bleve may panic on damaged files.
func openBleve(dir string) (engine bleve.Index, reader bleve.IndexReader, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("bleve: %v", r)
		}
	}()
	// Bleve would make a new, empty index where root.bolt is missing.
	if _, err := os.Stat(filepath.Join(dir, boltName)); err != nil {
		return nil, nil, err
	}
	engine, err = scorch.NewScorch(scorch.Name, map[string]any{"path": dir, "read_only": true, "bolt_timeout": boltTimeout}, nil)
	if err != nil {
		return nil, nil, err
	}
	if err := engine.Open(); err != nil {
		return nil, nil, errors.Join(err, engine.Close())
	}
	if reader, err = engine.Reader(); err != nil {
		return nil, nil, errors.Join(err, engine.Close())
	}
	return engine, reader, nil
}

func (p *files) close() error {
	var errs []error
	if p.copies != nil {
		errs = append(errs, p.copies.close())
	}
	if p.engine != nil {
		errs = append(errs, p.reader.Close(), p.engine.Close())
	}
	for _, m := range p.mapped {
		errs = append(errs, m.Unmap())
	}
	return errors.Join(errs...)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// verify reads every file of the part and compares its checksum.
func (p *part) verify(ctx context.Context, dir string) error {
	for name, want := range p.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		got, err := checksum(filepath.Join(dir, filepath.FromSlash(name)), false)
		if err == nil && got != want {
			err = fmt.Errorf("%s has been altered", name)
		}
		if err != nil {
			return &index.Problem{Kind: index.Corrupt, Part: p.name, Err: err}
		}
	}
	return nil
}

// checksum reads a file and, if asked, makes sure that the disk has it.
func checksum(path string, sync bool) (f file, err error) {
	h, err := os.Open(path)
	if err != nil {
		return f, err
	}
	defer h.Close()
	crc := crc32.New(castagnoli)
	if f.Size, err = io.Copy(crc, h); err != nil {
		return f, err
	}
	f.CRC = crc.Sum32()
	if sync {
		err = h.Sync()
	}
	return f, err
}

// partWriter builds a part in a folder of its own. Nothing uses the folder
// before it is finished and named in CURRENT.
type partWriter struct {
	dir     string
	m       manifest
	table   *tableWriter
	copies  *copyWriter
	builder *scorch.Builder // made with the first document
}

func newPartWriter(dir, engine string) (*partWriter, error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	copies, err := newCopyWriter(dir)
	if err != nil {
		return nil, err
	}
	return &partWriter{dir: dir, table: newTableWriter(), copies: copies, m: manifest{
		Format: format, Engine: engine, Files: map[string]file{}, Scopes: map[string]index.Totals{},
	}}, nil
}

// add appends an article: its passages and their documents.
func (w *partWriter) add(a *corpus.Article, passages []index.Passage, docs []*doc) error {
	article := len(w.table.articles)
	row, err := w.table.add(a, passages)
	if err != nil {
		return err
	}
	if err := w.copies.add(a); err != nil {
		return err
	}
	totals := w.m.Scopes[a.Scope]
	totals.Articles++
	for _, p := range passages {
		if p.Kind.Quote() {
			totals.Quotes++
		}
	}
	w.m.Scopes[a.Scope] = totals
	if w.builder == nil && len(docs) > 0 {
		if w.builder, err = w.newBuilder(); err != nil {
			return err
		}
	}
	for i, d := range docs {
		d.place(row+i, article)
		w.m.TextLen += d.textLen
		w.m.ContextLen += d.contextLen
		if err := w.builder.Index(d); err != nil {
			return err
		}
	}
	return nil
}

func (w *partWriter) newBuilder() (*scorch.Builder, error) {
	return scorch.NewBuilder(map[string]any{
		"path": filepath.Join(w.dir, storeDir), "buildPathPrefix": w.dir,
		"batchSize": builderBatch, "mergeMax": builderMerges,
	})
}

// finish writes what is left, makes sure that the disk has all of it, and
// writes the manifest last.
func (w *partWriter) finish() error {
	if w.builder != nil {
		if err := w.builder.Close(); err != nil {
			return err
		}
		if err := writeOrder(w.dir); err != nil {
			return err
		}
	}
	if err := w.copies.close(); err != nil {
		return err
	}
	w.m.Built = time.Now().UTC().Truncate(time.Second)
	w.m.Articles, w.m.Passages, w.m.Quotes = len(w.table.articles), len(w.table.offsets)/4, w.table.quotes
	if err := os.WriteFile(filepath.Join(w.dir, passagesName), w.table.passagesFile(), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, summaryName), w.table.summaryFile(), 0o644); err != nil {
		return err
	}
	if err := w.sealFiles(); err != nil {
		return err
	}
	b, err := json.MarshalIndent(w.m, "", "\t")
	if err != nil {
		return err
	}
	return writeFileAtomic(filepath.Join(w.dir, manifestName), append(b, '\n'))
}

// sealFiles notes each file's size and checksum and syncs files and folders.
func (w *partWriter) sealFiles() error {
	return filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return syncDir(path)
		}
		f, err := checksum(path, true)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(w.dir, path)
		w.m.Files[filepath.ToSlash(rel)] = f
		return err
	})
}

// discard removes what was written.
func (w *partWriter) discard() error {
	_ = w.copies.file.Close() // it is closed already when finish failed
	return os.RemoveAll(w.dir)
}

// isPart reports whether a name in the index folder is a part's.
func isPart(name string) bool { return strings.HasPrefix(name, partPrefix) }
