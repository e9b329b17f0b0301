// Package answer turns a question into a query and hits into an answer or a
// verdict. It knows nothing of Discord or of Bleve's types.
package answer

import (
	"github.com/whosaid/whosaid/quote"
)

// Intent is what a question wants.
type Intent string

// The intents.
const (
	Who    Intent = "who"    // who said these words, or something about this
	What   Intent = "what"   // what did this speaker say (about this)
	When   Intent = "when"   // when was it said
	Verify Intent = "verify" // did they say that
	Search Intent = "search" // anything else: matching quotes
)

// Answer is one quote that answers a question, with its evidence.
type Answer struct {
	// Passage is the id of the passage, for the buttons that lead back to it.
	Passage    string         `json:"-"`
	Speaker    *quote.Speaker `json:"speaker"`
	Quote      string         `json:"quote"`
	Kind       string         `json:"kind"` // direct, mixed, indirect, weak or paragraph
	Article    string         `json:"article"`
	File       string         `json:"file"`
	Title      string         `json:"title"`
	Source     string         `json:"source"` // the publisher
	URL        string         `json:"url"`
	Date       string         `json:"date"`
	Paragraph  int            `json:"paragraph"` // number, from 1
	Context    string         `json:"context"`   // the paragraph around the quote
	Score      float64        `json:"score"`     // 0 to 1
	Confidence float64        `json:"-"`         // the engine's, of quote and speaker
	// Prints is where else the quote was printed.
	Prints
}

// kindWeak is the kind of an answer that is no quote for sure.
const kindWeak = "weak"

// Weak reports whether the answer is only a sentence that its speaker may have
// said or meant. Whoever shows one has to say so.
func (a *Answer) Weak() bool { return a.Kind == kindWeak }

// Request is one question, asked within some corpora.
type Request struct {
	Question string
	// Previous is the query that the question goes on from, as Reply.Asked
	// gives it, or nil.
	Previous *Query
	// Scopes are the corpora to look in; empty means corpus.SharedScope alone.
	Scopes []string
	// Limit is the most answers returned (0 means 10); Offset skips, for paging.
	Limit, Offset int
}

// Filter lists quotes by their attributes, without a question.
type Filter struct {
	Scopes                    []string
	Speaker, About, Publisher string
	From, To                  string // days, YYYY-MM-DD inclusive, or ""
	Limit, Offset             int
}

// Claim is a quote that somebody ascribes to Speaker, or to nobody ("").
type Claim struct {
	Text, Speaker string
	Scopes        []string
}

// Reply answers one question; Answers is best first and empty when the corpus
// does not answer.
type Reply struct {
	Question string   `json:"question"`
	Intent   Intent   `json:"intent"`
	Speaker  string   `json:"speaker"`
	Topic    string   `json:"topic"`
	Answers  []Answer `json:"answers"`
	// Query is the question as it was understood; its String is for showing.
	Query Query `json:"-"`
	// Total is how many answers there are in all, for paging.
	Total int `json:"-"`
	// Near is what to ask instead when there are no answers.
	Near Near `json:"-"`
	// Check is the verdict on a quote that the question gives word for word
	// ("did she say “...”?"), when the corpus has words near enough; else nil.
	Check *Check `json:"-"`
}

// Near is what the corpus has near a question that it does not answer. None of
// it is an answer.
type Near struct {
	// Speakers have a name like the one asked for, or speak of the topic.
	Speakers []string
	// Topics are the titles of articles near the topic.
	Topics []string
}

// Verdict is what became of a claimed quote.
type Verdict string

// The verdicts.
const (
	Verbatim      Verdict = "verbatim"      // these words, whole
	Partial       Verdict = "partial"       // verbatim, but cut from a longer sentence
	Altered       Verdict = "altered"       // words changed, added or dropped
	Misattributed Verdict = "misattributed" // real words, another speaker
	NotFound      Verdict = "not_found"     // nothing in the corpus is close enough
)

// DiffOp says what happened to a stretch of words.
type DiffOp string

// Operations of a diff from the printed words to the claim.
const (
	Same    DiffOp = "same"
	Added   DiffOp = "added"   // in the claim only
	Dropped DiffOp = "dropped" // in print only
)

// Gap stands in a dropped text where print goes on elsewhere: the claim glues
// together what stands apart, or in another order.
const Gap = "[…]"

// DiffPart is a stretch of words that the claim and the printed quote share or not.
type DiffPart struct {
	Op   DiffOp `json:"op"`
	Text string `json:"text"`
}

// Check is the outcome of verifying a claim.
type Check struct {
	Claim          string     `json:"claim"`
	ClaimedSpeaker string     `json:"claimed_speaker"`
	Verdict        Verdict    `json:"verdict"`
	Best           *Answer    `json:"best"`
	Diff           []DiffPart `json:"diff"`
	// Also are the other articles that printed Best's words, or nearly them.
	Also []Answer `json:"-"`
	// Pieces is how many separate places of one article the claim was put
	// together from, in its order; 1 for a claim in one piece, 0 when not found.
	Pieces int `json:"-"`
}
