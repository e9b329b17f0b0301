// Package quote is the attribution engine: article text in, quotes with
// their speakers out.
//
// It finds direct, mixed and reported speech, links each content span to its
// cue and source, and resolves every source mention to one speaker of the
// article. It knows nothing of files, networks, indexes or Discord.
//
// All offsets are half-open ranges of bytes into the UTF-8 text of the
// document handed to [Engine.Extract].
package quote

import (
	"encoding/json"
	"fmt"
)

// Span is a half-open range of bytes [Start, End) in a document's text. In
// JSON it is the pair [start,end].
type Span struct{ Start, End int }

// MarshalJSON writes the span as [start,end].
func (s Span) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "[%d,%d]", s.Start, s.End), nil
}

// UnmarshalJSON reads a span from [start,end].
func (s *Span) UnmarshalJSON(b []byte) error {
	var p [2]int
	if err := json.Unmarshal(b, &p); err != nil {
		return fmt.Errorf("quote: a span is a pair [start,end]: %w", err)
	}
	s.Start, s.End = p[0], p[1]
	return nil
}

// Len is the span's length in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Contains reports whether t lies wholly inside s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether s and t share at least one byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Kind tells how a quote is set: wholly in quotation marks, partly, or not.
type Kind string

// The kinds of quote.
const (
	Direct   Kind = "direct"
	Mixed    Kind = "mixed"
	Indirect Kind = "indirect"
)

// SpeakerType tells what sort of speaker a quote has.
type SpeakerType string

// The types of speaker.
const (
	TypePerson   SpeakerType = "person"
	TypeOrg      SpeakerType = "org"
	TypeGroup    SpeakerType = "group"    // several people: "officials", "the senators"
	TypeDocument SpeakerType = "document" // a letter, a report, a poll
	TypeUnnamed  SpeakerType = "unnamed"  // one person whose name is not given: "a person familiar with the talks"
)

// Speaker is whom the article makes the source of a quote.
type Speaker struct {
	// Name is the fullest form that the article gives, without title or role
	// ("Dmitri S. Peskov"). For an unnamed person or group it is the
	// description ("a senior official").
	Name string      `json:"name"`
	Type SpeakerType `json:"type"`
	// Role is the description the article gives ("Kremlin spokesman"), or "".
	Role string `json:"role"`
	// Aliases are other forms the article uses for the same speaker
	// ("Peskov", "Mr. Peskov"), without Name, in order of first use.
	Aliases []string `json:"aliases,omitempty"`
}

// Quote is one attribution: what was said, by whom, and the words that say so.
type Quote struct {
	Kind Kind `json:"kind"`
	// Content holds the spans of what was said, ascending and disjoint. A
	// quote that its cue interrupts has one span before and one after it.
	// Quotation marks are part of the span.
	Content []Span `json:"content"`
	// Cue holds the words that introduce it ("said", "according to"); may be empty.
	Cue []Span `json:"cue"`
	// Source holds the mention of the speaker next to the cue ("Mr. Peskov", "he"); may be empty.
	Source []Span `json:"source"`
	// Speaker is nil when it can't be told: unknown beats wrong.
	Speaker *Speaker `json:"speaker"`
	// Text is the content in reading order, its spans joined with " … ".
	Text string `json:"text"`
	// Paragraph is the index in Document.Paragraphs of the first content span.
	Paragraph int `json:"paragraph"`
	// Confidence is the calibrated probability that content and speaker are right.
	Confidence float64 `json:"confidence"`
	// Weak marks what is no quote for sure: a sentence that the speaker may be
	// the source of. Only ExtractAll gives such.
	Weak bool `json:"-"`
	// Inner holds what the content itself attributes, by the first byte of its
	// content: in "Ada told the board that Walter said it leaked" the quote is
	// Ada's, and Walter's is inside. Those have no inner quotes themselves.
	Inner []Quote `json:"inner,omitempty"`
}

// Document is what the engine reads.
type Document struct {
	// Text is valid UTF-8; spans point into it.
	Text string
	// Paragraphs are ascending, disjoint spans of Text that hold the article's
	// body. Text outside them (bylines, closing lines, biographies) is never
	// quoted. Empty: the whole of Text, split at line breaks.
	Paragraphs []Span
	// What is known of the article, each "" when unknown. The authors and the
	// publisher are never speakers of the article's own voice.
	Title, Publisher string
	Authors          []string
	// Language is an ISO 639-1 code ("en"), or "" to have it detected.
	Language string
}
