package bleveindex

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"unique"
	"unsafe"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/directory"
	"github.com/whosaid/whosaid/quote"
)

// table holds all of a part's passages except their texts, a row each; the
// number of a row is the passage's document ID in the Bleve index. Rows of one
// article follow each other: paragraphs, then quotes.
type table struct {
	articles []articleRow

	rows    string // encoded
	offsets string // of each row in rows, and their end; 4 bytes each, little-endian

	known int                     // speakers
	names func() *named           // decoded when first needed: an import can do without
	byID  func() map[string]int32 // articles by ID, made when first needed
}

// named are the names in a part.
type named struct {
	speakers []quote.Speaker
	counts   []speakerCount
	// publishers counts articles by scope and name.
	publishers map[string]map[string]int
}

type articleRow struct {
	id, scope, day string
	first          int // its first row
}

// speakerCount says how many quotes of a scope have the speaker, and the days
// of the first and the last, "" when unknown.
type speakerCount struct {
	scope       string
	speaker     int
	quotes      int
	first, last string
}

var kinds = []index.PassageKind{index.KindParagraph, index.KindDirect, index.KindMixed, index.KindIndirect, index.KindWeak}

// len is the number of rows.
func (t *table) len() int { return max(0, len(t.offsets)/4-1) }

func (t *table) offset(i int) int {
	return int(binary.LittleEndian.Uint32([]byte(t.offsets[4*i : 4*i+4])))
}

// row begins to decode row i: its kind, as a number in kinds, and its article
// are read, and what d reads next is its paragraph.
func (t *table) row(i int) (d decoder, kind, article int, ok bool) {
	if i < 0 || i >= t.len() {
		return d, 0, 0, false
	}
	from, to := t.offset(i), t.offset(i+1)
	if from > to || to > len(t.rows) {
		return d, 0, 0, false
	}
	d.s = t.rows[from:to]
	kind, article = d.uint(), d.uint()
	return d, kind, article, d.err == nil && kind < len(kinds) && article < len(t.articles)
}

// kindOf is a row's kind, as a number in kinds, and its article.
func (t *table) kindOf(row int) (kind, article int, ok bool) {
	_, kind, article, ok = t.row(row)
	return kind, article, ok
}

// passage is row i without its texts; the article is t.articles[article].
func (t *table) passage(i int) (p index.Passage, article int, err error) {
	d, kind, article, ok := t.row(i)
	p.Paragraph = d.uint()
	if !ok || d.err != nil {
		return p, 0, fmt.Errorf("passage %d of %d: %w", i, t.len(), errCut)
	}
	p.Kind = kinds[kind]
	p.ArticleID = t.articles[article].id
	if p.Kind == index.KindParagraph {
		p.ID = index.ParagraphID(p.ArticleID, p.Paragraph)
		return p, article, nil
	}
	p.ID = index.QuoteID(p.ArticleID, d.uint())
	speaker, found := d.uint(), d.uint()
	p.Confidence = float64(d.uint()) / confidenceUnit
	p.Content, p.Cue, p.Source = d.spans(), d.spans(), d.spans()
	if d.err != nil || speaker > t.known || found > t.known {
		return p, 0, errCut
	}
	p.Speaker, p.Found = t.speaker(speaker), t.speaker(found)
	return p, article, nil
}

// speaker is a copy of the speaker of that number, counted from 1; nil for 0.
func (t *table) speaker(n int) *quote.Speaker {
	if n == 0 {
		return nil
	}
	s := t.names().speakers[n-1]
	s.Aliases = slices.Clone(s.Aliases) // the hit is the caller's, the table is not
	return &s
}

// confidenceUnit is the fineness that confidences are kept in.
const confidenceUnit = 10000

// find is the row of a passage ID, or false.
func (t *table) find(id string) (int, bool) {
	article, _, _, ok := index.SplitID(id)
	if !ok {
		return 0, false
	}
	n, ok := t.byID()[article]
	if !ok {
		return 0, false
	}
	for row := t.articles[n].first; row < t.end(int(n)); row++ {
		if p, _, err := t.passage(row); err == nil && p.ID == id {
			return row, true
		}
	}
	return 0, false
}

// end is the row after the last of article n.
func (t *table) end(n int) int {
	if n+1 < len(t.articles) {
		return t.articles[n+1].first
	}
	return t.len()
}

// directoryCounts are the part's speakers as the directory takes them.
func (p *part) directoryCounts() []directory.Count {
	names := p.names()
	list := make([]directory.Count, 0, len(names.counts))
	for _, c := range names.counts {
		if n := c.quotes - p.lost[c.scope].speakers[c.speaker]; n > 0 {
			list = append(list, directory.Count{Scope: c.scope, Speaker: &names.speakers[c.speaker], Quotes: n, First: c.first, Last: c.last})
		}
	}
	return list
}

// inScope is a speaker of a scope.
type inScope struct {
	scope   string
	speaker int
}

// tableWriter gathers the table of a new part.
type tableWriter struct {
	table
	named
	rows    encoder
	offsets []byte
	numbers map[string]int // of speakers, by their encoded form
	tally   map[inScope]*speakerCount
	quotes  int
}

func newTableWriter() *tableWriter {
	w := &tableWriter{numbers: map[string]int{}, tally: map[inScope]*speakerCount{}}
	w.publishers = map[string]map[string]int{}
	return w
}

// add appends an article with its passages and returns the first one's row.
func (w *tableWriter) add(a *corpus.Article, passages []index.Passage) (first int, err error) {
	first = len(w.offsets) / 4
	for _, p := range passages {
		if len(w.rows.b) > math.MaxUint32-1<<20 {
			return 0, errors.New("a part of the index can't hold this many passages")
		}
		w.offsets = binary.LittleEndian.AppendUint32(w.offsets, uint32(len(w.rows.b)))
		w.row(a, p)
	}
	w.articles = append(w.articles, articleRow{id: a.ID, scope: a.Scope, day: a.Date, first: first})
	if a.Publisher != "" {
		if w.publishers[a.Scope] == nil {
			w.publishers[a.Scope] = map[string]int{}
		}
		w.publishers[a.Scope][a.Publisher]++
	}
	return first, nil
}

func (w *tableWriter) row(a *corpus.Article, p index.Passage) {
	e := &w.rows
	e.uint(slices.Index(kinds, p.Kind))
	e.uint(len(w.articles))
	e.uint(p.Paragraph)
	if p.Kind == index.KindParagraph {
		return
	}
	if p.Kind.Quote() {
		w.quotes++
	}
	_, _, n, _ := index.SplitID(p.ID)
	e.uint(n)
	speaker := w.number(p.Speaker)
	if p.Kind.Quote() {
		w.count(a, speaker)
	}
	e.uint(speaker)
	e.uint(w.number(p.Found))
	e.uint(int(math.Round(min(max(p.Confidence, 0), 1) * confidenceUnit)))
	e.spans(p.Content)
	e.spans(p.Cue)
	e.spans(p.Source)
}

// number is the speaker's number, counted from 1; 0 for nil.
func (w *tableWriter) number(s *quote.Speaker) int {
	if s == nil {
		return 0
	}
	var e encoder
	encodeSpeaker(&e, s)
	n, ok := w.numbers[string(e.b)]
	if !ok {
		n = len(w.speakers)
		w.speakers = append(w.speakers, *s)
		w.numbers[string(e.b)] = n
	}
	return n + 1
}

// count counts a quote of the article's speaker, by number; 0 is none.
func (w *tableWriter) count(a *corpus.Article, number int) {
	if number == 0 {
		return
	}
	n := number - 1
	c := w.tally[inScope{a.Scope, n}]
	if c == nil {
		c = &speakerCount{scope: a.Scope, speaker: n, first: a.Date}
		w.tally[inScope{a.Scope, n}] = c
	}
	c.quotes++
	if c.first == "" || a.Date != "" && a.Date < c.first {
		c.first = a.Date
	}
	c.last = max(c.last, a.Date)
}

func encodeSpeaker(e *encoder, s *quote.Speaker) {
	e.str(s.Name)
	e.str(string(s.Type))
	e.str(s.Role)
	e.strs(s.Aliases)
}

// passagesFile is the content of passages.bin: the rows, their offsets, and
// how many there are.
func (w *tableWriter) passagesFile() []byte {
	b := slices.Concat(w.rows.b, w.offsets)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(w.rows.b)))
	return binary.LittleEndian.AppendUint32(b, uint32(len(w.offsets)/4))
}

// summaryFile is the content of summary.bin: articles, speakers, counts, publishers.
func (w *tableWriter) summaryFile() []byte {
	var e encoder
	e.uint(len(w.articles))
	for _, a := range w.articles {
		e.str(a.id)
		e.str(a.scope)
		e.str(a.day)
		e.uint(a.first)
	}
	e.uint(len(w.speakers))
	for i := range w.speakers {
		encodeSpeaker(&e, &w.speakers[i])
	}
	counts := slices.SortedFunc(maps.Values(w.tally), func(a, b *speakerCount) int {
		return cmp.Or(strings.Compare(a.scope, b.scope), cmp.Compare(a.speaker, b.speaker))
	})
	e.uint(len(counts))
	for _, c := range counts {
		e.str(c.scope)
		e.uint(c.speaker)
		e.uint(c.quotes)
		e.str(c.first)
		e.str(c.last)
	}
	e.uint(len(w.publishers))
	for _, scope := range slices.Sorted(maps.Keys(w.publishers)) {
		names := w.publishers[scope]
		e.str(scope)
		e.uint(len(names))
		for _, name := range slices.Sorted(maps.Keys(names)) {
			e.str(name)
			e.uint(names[name])
		}
	}
	return e.b
}

// readTable reads the two files that a tableWriter made. They are used for as long as
// the table is, and stay as they are until then.
func readTable(passages, summary []byte) (*table, error) {
	t := &table{}
	t.byID = sync.OnceValue(t.indexArticles)
	if len(passages) < 8 {
		return nil, errCut
	}
	tail := passages[len(passages)-8:]
	size, n := int(binary.LittleEndian.Uint32(tail)), int(binary.LittleEndian.Uint32(tail[4:]))
	if len(passages) != size+4*n+8 {
		return nil, errCut
	}
	s := stringOf(passages)                          // its rows are numbers: nothing that is made of them points there
	t.rows, t.offsets = s[:size], s[size:size+4*n+4] // the rows' size, which follows, is the last row's end
	return t, t.readSummary(summary)
}

// stringOf is b as it stands, not a copy.
func stringOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func (t *table) readSummary(summary []byte) error {
	d := decoder{s: stringOf(summary)}
	t.articles = make([]articleRow, d.count())
	for i := range t.articles {
		// Of scopes and days there are few.
		t.articles[i] = articleRow{id: strings.Clone(d.str()), scope: unique.Make(d.str()).Value(), day: unique.Make(d.str()).Value(), first: d.uint()}
		if first := t.articles[i].first; first > t.len() || i > 0 && first < t.articles[i-1].first {
			return errCut
		}
	}
	rest := d.s
	n, err := readNames(d)
	t.known = len(n.speakers)
	t.names = sync.OnceValue(func() *named {
		n, _ := readNames(decoder{s: strings.Clone(rest)}) // it could be read before
		return n
	})
	return err
}

// readNames reads what follows the articles.
func readNames(d decoder) (*named, error) {
	t := &named{publishers: map[string]map[string]int{}}
	t.speakers = make([]quote.Speaker, d.count())
	for i := range t.speakers {
		t.speakers[i] = quote.Speaker{Name: d.str(), Type: quote.SpeakerType(d.str()), Role: d.str(), Aliases: d.strs()}
	}
	t.counts = make([]speakerCount, d.count())
	for i := range t.counts {
		t.counts[i] = speakerCount{scope: d.str(), speaker: d.uint(), quotes: d.uint(), first: d.str(), last: d.str()}
		if t.counts[i].speaker >= len(t.speakers) {
			return t, errCut
		}
	}
	for range d.count() {
		names := map[string]int{}
		t.publishers[d.str()] = names
		for range d.count() {
			name := d.str()
			names[name] = d.uint()
		}
	}
	return t, d.err
}

func (t *table) indexArticles() map[string]int32 {
	m := make(map[string]int32, len(t.articles))
	for i, a := range t.articles {
		m[a.id] = int32(i)
	}
	return m
}
