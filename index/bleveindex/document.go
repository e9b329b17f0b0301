package bleveindex

import (
	"encoding/binary"

	"github.com/blevesearch/bleve/v2/document"
	bleve "github.com/blevesearch/bleve_index_api"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/index/directory"
	"github.com/whosaid/whosaid/index/terms"
	"github.com/whosaid/whosaid/quote"
)

// The fields of a document. Nothing is stored, and no positions are kept:
// texts come from the corpus, phrases from pairs of words. Only text and
// context are scored, so only they have frequencies and lengths.
const (
	fieldText      = "text"      // stems of the passage's words
	fieldContext   = "context"   // stems of the words around a quote, without the quote's own
	fieldPairs     = "pairs"     // hashes of every two neighbouring words, stop words included
	fieldSketch    = "sketch"    // of a quote, what terms.Sketch gives
	fieldSpeaker   = "speaker"   // directory.Keys
	fieldPublisher = "publisher" // folded
	fieldDay       = "day"       // YYYY-MM-DD
	fieldLanguage  = "language"
	fieldScope     = "scope"
	fieldArticle   = "article" // the article's number in its part, as docID
)

const (
	scored  = bleve.IndexField
	keyword = bleve.IndexField | bleve.SkipFreqNorm
)

// docID is the document ID of row i, and likewise the term of article i.
func docID(i int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(i))) }

// rowOf is the row of a document ID.
func rowOf(id string) (int, bool) {
	if len(id) != 4 {
		return 0, false
	}
	return int(binary.BigEndian.Uint32([]byte(id))), true
}

// doc is a passage ready for Bleve: its fields are analysed before it is
// handed over, so that several goroutines can prepare what one writes.
type doc struct {
	id     string
	fields []bleve.Field

	textLen, contextLen int // words in the scored fields
}

// analyst makes documents; one goroutine's own.
type analyst struct{ terms.Analyzer }

// documents prepares the passages of one article. IDs and the article field
// are set when the rows are known: see [doc.place].
func (an *analyst) documents(a *corpus.Article, passages []index.Passage) []*doc {
	docs := make([]*doc, len(passages))
	for i := range passages {
		docs[i] = an.document(a, &passages[i])
	}
	return docs
}

func (an *analyst) document(a *corpus.Article, p *index.Passage) *doc {
	d := &doc{fields: make([]bleve.Field, 0, 12)}
	words := an.Analyze(p.Text)
	text := newField(fieldText, scored, len(words))
	pairs := newField(fieldPairs, keyword, len(words))
	for i, w := range words {
		if !w.Stop() {
			text.add(w.Stem)
		}
		if i > 0 {
			pairs.add(pair(words[i-1].Folded, w.Folded))
		}
	}
	d.textLen = text.length
	d.put(text)
	d.put(pairs)
	switch p.Kind {
	case index.KindParagraph:
	case index.KindWeak: // BM25 finds it by its own words, and it is never a print of another
	default:
		context := an.context(a, p.Content)
		d.contextLen = context.length
		d.put(context)
		d.put(newKeyword(fieldSketch, terms.Sketch(words)...))
	}
	if p.Speaker != nil {
		d.put(newKeyword(fieldSpeaker, directory.Keys(*p.Speaker)...))
	}
	d.put(newKeyword(fieldPublisher, terms.Key(p.Publisher)))
	d.put(newKeyword(fieldDay, p.Day))
	d.put(newKeyword(fieldLanguage, p.Language))
	d.put(newKeyword(fieldScope, p.Scope))
	return d
}

// context is the field of the words around the content, the content left out.
func (an *analyst) context(a *corpus.Article, content []quote.Span) *field {
	around := index.ContextSpan(a, content)
	f := newField(fieldContext, scored, around.Len()/6)
	at := around.Start
	for _, s := range append(content[:len(content):len(content)], quote.Span{Start: around.End, End: around.End}) {
		if s.Start > at {
			for _, w := range an.Analyze(a.Text[at:s.Start]) {
				if !w.Stop() {
					f.add(w.Stem)
				}
			}
		}
		at = max(at, s.End)
	}
	return f
}

// pair is the term of two neighbouring words: 4 bytes of FNV-1a. Two pairs in
// four billion share one, which costs a text looked at in vain.
func pair(a, b string) string {
	h := uint32(2166136261)
	for i := range len(a) {
		h = (h ^ uint32(a[i])) * 16777619
	}
	h = (h ^ ' ') * 16777619
	for i := range len(b) {
		h = (h ^ uint32(b[i])) * 16777619
	}
	return string(binary.BigEndian.AppendUint32(nil, h))
}

// put adds a field that has any terms.
func (d *doc) put(f *field) {
	if len(f.freqs) > 0 {
		d.fields = append(d.fields, f)
	}
}

// place gives the document its row and its article's number in the part.
func (d *doc) place(row, article int) {
	d.id = docID(row)
	d.put(newKeyword(fieldArticle, docID(article)))
}

// doc is a bleve.Document.

func (d *doc) ID() string { return d.id }
func (d *doc) AddIDField() {
	d.fields = append(d.fields, document.NewTextFieldCustom("_id", nil, []byte(d.id), bleve.IndexField|bleve.StoreField, nil))
}
func (d *doc) VisitFields(visit bleve.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}
func (d *doc) VisitComposite(bleve.CompositeFieldVisitor) {}
func (d *doc) HasComposite() bool                         { return false }
func (d *doc) NumPlainTextBytes() uint64                  { return 0 }
func (d *doc) StoredFieldsBytes() uint64                  { return 0 }
func (d *doc) Size() int                                  { return 0 }
func (d *doc) Indexed() bool                              { return true }

// field is a bleve.Field whose terms are known already.
type field struct {
	name    string
	options bleve.FieldIndexingOptions
	length  int // words, repetitions included
	freqs   bleve.TokenFrequencies
	slab    []bleve.TokenFreq
}

func newField(name string, options bleve.FieldIndexingOptions, size int) *field {
	return &field{name: name, options: options, freqs: make(bleve.TokenFrequencies, size), slab: make([]bleve.TokenFreq, size)}
}

func newKeyword(name string, terms ...string) *field {
	f := newField(name, keyword, len(terms))
	for _, t := range terms {
		f.add(t)
	}
	return f
}

// add counts one occurrence of term; the empty term is none.
func (f *field) add(term string) *field {
	if term == "" {
		return f
	}
	f.length++
	if tf := f.freqs[term]; tf != nil {
		tf.SetFrequency(tf.Frequency() + 1)
		return f
	}
	if len(f.slab) == 0 {
		f.slab = make([]bleve.TokenFreq, 8)
	}
	tf := &f.slab[0]
	f.slab = f.slab[1:]
	tf.Term = []byte(term)
	tf.SetFrequency(1)
	f.freqs[term] = tf
	return f
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return nil }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {}
func (f *field) Options() bleve.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return f.freqs }
func (f *field) NumPlainTextBytes() uint64                        { return 0 }
