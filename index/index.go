// Package index finds passages: the paragraphs of the articles and the quotes
// in them, full-text, by speaker, publisher, day, language, kind and scope.
//
// The index is a disposable cache of the corpus. [Index] is what the rooms
// above use; package bleveindex is the first implementation, opened with
// bleveindex.Open over the corpus ([Texts]) and the quote engine
// ([Extractor]). Beside searching it has Add and CatchUp, which index new
// articles, Reindex, which builds all anew, Repair, which does what is needed,
// and Problems, which tells why. Packages terms and directory are what any
// engine shares: words to terms, and speakers in memory.
//
// The package knows nothing of questions or of Discord.
package index

import (
	"context"
	"time"

	"github.com/whosaid/whosaid/quote"
)

// PassageKind tells a paragraph from the kinds of quote.
type PassageKind string

// The kinds of passage. The quote kinds equal quote.Kind.
const (
	KindParagraph PassageKind = "paragraph"
	KindDirect    PassageKind = "direct"
	KindMixed     PassageKind = "mixed"
	KindIndirect  PassageKind = "indirect"
	// KindWeak is no quote for sure: a sentence that the speaker may be the
	// source of. It is found by who asks for it, and counted nowhere.
	KindWeak PassageKind = "weak"
)

// Quote reports whether it is a kind of quote: neither a paragraph nor weak.
func (k PassageKind) Quote() bool {
	return k == KindDirect || k == KindMixed || k == KindIndirect
}

// Passage is what is indexed: one paragraph, or one quote.
type Passage struct {
	// ID is ARTICLE.pN for a paragraph and ARTICLE.qN for a quote, N from 1.
	ID        string
	ArticleID string
	Scope     string
	Kind      PassageKind
	// Paragraph is the number of the (first) paragraph, as corpus.Paragraph.Number.
	Paragraph int
	// Text is the paragraph, or the quote's content joined with " … ".
	Text string
	// Context is, for a quote, the text of its paragraph(s), to be searched
	// with less weight; "" for a paragraph.
	Context string
	// Before is, for a quote, the text of the body paragraph before Context, which often
	// leads up to it; "" where there is none.
	Before string
	// Speaker is nil for a paragraph and for a quote whose speaker is unknown.
	Speaker *quote.Speaker
	// Found is who it was before the rules for names, if they make somebody else or nobody
	// of them; nil else.
	Found *quote.Speaker
	// Content, Cue and Source are spans of Article.Text, in bytes; nil for a paragraph.
	Content, Cue, Source []quote.Span
	Confidence           float64
	// Of the article:
	Title, Publisher, URL, Day, Language, File string
}

// Query is what to look for. The zero value matches nothing; every field that
// is set narrows, except Text, which ranks.
type Query struct {
	// Scopes are the corpora to look in; empty means corpus.SharedScope alone.
	Scopes []string
	// Text is ranked with BM25 over the passages' words (and, less, their
	// context); "" with a Speaker lists that speaker's quotes, newest first.
	Text string
	// Phrases must stand in the passage, word by word.
	Phrases []string
	// Not are words that must not stand in it.
	Not []string
	// Speaker filters by a speaker: name, surname or alias, case- and
	// accent-blind. See also BoostSpeaker.
	Speaker string
	// BoostSpeaker ranks passages of this speaker higher instead of filtering.
	BoostSpeaker string
	// Like finds quotes that may be another print of this one: that share one
	// of its rarest runs of four words. Compare the texts; one in a few hundred is
	// missed. A quote of fewer words is like none.
	Like string
	// Kinds to return; empty means all but KindWeak.
	Kinds []PassageKind
	// Publisher, Language and Article (an ID) filter when set.
	Publisher, Language, Article string
	// From and To bound the day of publication, YYYY-MM-DD inclusive.
	From, To string
	// MinShould is the least number of Text's words that must match; 0 means one.
	MinShould int
	// Uncounted allows a big index to leave passages out that hold only the
	// most common of Text's words, and Results.Total to be less than what
	// matches: for those who want the best hits and soon.
	Uncounted bool
	// Limit is the most hits returned (0 means 10); Offset skips.
	Limit, Offset int
}

// Hit is a passage that matched, its text fetched from the corpus.
type Hit struct {
	Passage
	Score float64 // BM25, higher is better; comparable within one search only
}

// Results are the hits of one search, best first.
type Results struct {
	Hits  []Hit
	Total int // how many matched in all
}

// SpeakerEntry is a line of the directory of speakers.
type SpeakerEntry struct {
	Name    string
	Type    quote.SpeakerType
	Role    string // the most frequent one
	Aliases []string
	Quotes  int // direct, mixed and indirect together
	// First and Last are the days of the earliest and the latest quote,
	// YYYY-MM-DD, "" when unknown.
	First, Last string
	// Roles are the most frequent ones, the earliest first.
	Roles []Role
}

// Role is what a speaker was called, and when.
type Role struct {
	Name        string
	Quotes      int
	First, Last string // days as in SpeakerEntry
}

// Stats describes the index.
type Stats struct {
	Articles, Passages, Quotes, Speakers int
	Generation                           string    // name of the generation in use, "" when there is none
	Built                                time.Time // when that generation was built
	Bytes                                int64     // on disk
}

// Totals counts what some scopes hold.
type Totals struct {
	Articles int `json:"articles"`
	Quotes   int `json:"quotes"`
	Speakers int `json:"-"` // not kept: it depends on which scopes are taken together
}

// Index is a searchable set of passages. It is safe for concurrent use.
type Index interface {
	// Search returns the best passages for q.
	Search(ctx context.Context, q Query) (Results, error)
	// Passage returns one passage by its ID if it lies in one of the scopes, or ErrNotFound.
	Passage(ctx context.Context, scopes []string, id string) (Passage, error)
	// Rarity is the share of passages, 0 to 1, that hold each word (after the
	// index's own analysis), in the order given; 0 for a word that none holds.
	Rarity(ctx context.Context, words []string) ([]float64, error)
	// Speakers completes a name from memory: entries with a name part or alias
	// that starts with prefix, most quoted first; when there is none, those of
	// which one nearly does. "" gives the most quoted.
	Speakers(scopes []string, prefix string, limit int) []SpeakerEntry
	// Publishers completes a publisher likewise.
	Publishers(scopes []string, prefix string, limit int) []string
	// Totals counts what the scopes hold.
	Totals(scopes []string) Totals
	// Stats describes the generation in use, over all scopes.
	Stats() Stats
	Close() error
}
