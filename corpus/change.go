package corpus

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/whosaid/whosaid/quote"
)

// A Change is one decision of a person about a scope's corpus: an entry of the
// audit log, which is never altered, and of which all that people decided
// ([State]) is made. Which fields an action needs is told by [Action].
type Change struct {
	// Seq counts the scope's changes from 1; the store sets it, Scope and Time.
	Seq   int       `json:"seq"`
	Scope string    `json:"scope"`
	Time  time.Time `json:"time"`
	// By is who decided: a Discord user's id, or [Operator].
	By     string `json:"by"`
	Action Action `json:"action"`

	// Article and Title name the article concerned.
	Article string `json:"article,omitempty"`
	Title   string `json:"title,omitempty"`
	// Quote is the quote concerned, as spans of its content in Article.Text;
	// Words is its text and Kind its kind, so that a person can read the log, and Was its speaker before.
	Quote []quote.Span `json:"quote,omitempty"`
	Words string       `json:"words,omitempty"`
	Kind  quote.Kind   `json:"kind,omitempty"`
	Was   string       `json:"was,omitempty"`
	// Name and To are speakers' names. To is the new one.
	Name string `json:"name,omitempty"`
	To   string `json:"to,omitempty"`
	// URL is a feed's.
	URL string `json:"url,omitempty"`
	// Setting and Value; Was is the value before.
	Setting string `json:"setting,omitempty"`
	Value   string `json:"value,omitempty"`
	// Newer is the ID of the version of Article that answers in its place.
	Newer string `json:"newer,omitempty"`
	// Of is the Seq of the change that this one undoes, or of the report that it decides.
	Of int `json:"of,omitempty"`
}

// Operator is the By of whoever has the command line.
const Operator = "operator"

// Action tells what a change does.
type Action string

// The actions, with the fields that each needs.
const (
	ActAdd        Action = "add"         // Article was added by hand; undoing it removes the article
	ActRemove     Action = "remove"      // Article is gone, until this is undone
	ActReplace    Action = "replace"     // Article is an older version of Newer, which answers in its place
	ActSpeaker    Action = "speaker"     // Quote of Article is To's; To "" is nobody that could be told
	ActClear      Action = "clear"       // Quote of Article is whose the engine says
	ActMerge      Action = "merge"       // all that Name said is To's, who is somebody known already
	ActRename     Action = "rename"      // Name is called To
	ActAlias      Action = "alias"       // Name is also known as To
	ActHide       Action = "hide"        // nothing is attributed to Name any more
	ActSet        Action = "set"         // Setting becomes Value
	ActAddFeed    Action = "add-feed"    // URL is watched
	ActRemoveFeed Action = "remove-feed" // URL is watched no more
	ActReport     Action = "report"      // a member says that Quote of Article is not Was's, perhaps To's
	ActAccept     Action = "accept"      // report Of is right: Quote of Article is To's
	ActDecline    Action = "decline"     // report Of is not
	ActReindex    Action = "reindex"     // the index was rebuilt; for the log only
	ActUndo       Action = "undo"        // change Of counts as if it had not been made
)

// Bounds of a change's fields, in bytes.
const (
	maxChangeName  = 400
	maxChangeWords = 2000
	maxChangeURL   = 2000
)

// errChange says what of a change can't be meant; users read it.
var errChange = errors.New("that change can't be made")

// check reports what makes the change one that can't be meant, whatever the state.
func (c *Change) check() error {
	wrong := func(what string) error { return fmt.Errorf("%w: %s", errChange, what) }
	for _, s := range []struct {
		text string
		max  int
	}{
		{c.By, 64}, {c.Name, maxChangeName}, {c.To, maxChangeName}, {c.Was, maxChangeName}, {c.Title, maxChangeWords},
		{c.Words, maxChangeWords}, {c.URL, maxChangeURL}, {c.Setting, 64}, {c.Value, 64}, {string(c.Kind), 16},
	} {
		if len(s.text) > s.max || !utf8.ValidString(s.text) || strings.ContainsFunc(s.text, func(r rune) bool { return r < ' ' && r != '\n' }) {
			return wrong("a text in it is too long or no text")
		}
	}
	if c.By == "" {
		return wrong("nobody makes it")
	}
	if len(c.Quote) > 100 {
		return wrong("a quote has too many parts")
	}
	needs, known := needsOf[c.Action]
	switch {
	case !known:
		return wrong(fmt.Sprintf("%q is no action", c.Action))
	case needs.article && !validID(c.Article):
		return wrong("it names no article")
	case needs.newer && (!validID(c.Newer) || c.Newer == c.Article):
		return wrong("it names no newer version")
	case needs.quote && !ascending(c.Quote):
		return wrong("it names no quote")
	case needs.name && strings.TrimSpace(c.Name) == "", needs.to && strings.TrimSpace(c.To) == "":
		return wrong("it names no speaker")
	case needs.to && c.Name == c.To:
		return ErrSameName
	case needs.url && webURL(c.URL) == "":
		return wrong("it names no http or https address")
	case needs.of && c.Of < 1:
		return wrong("it names no earlier change")
	}
	if c.Action == ActSet {
		return checkSetting(c.Setting, c.Value)
	}
	return nil
}

// needs are the fields that an action can't do without.
type needs struct{ article, newer, quote, name, to, url, of bool }

var needsOf = map[Action]needs{
	ActAdd: {article: true}, ActRemove: {article: true}, ActReplace: {article: true, newer: true},
	ActSpeaker: {article: true, quote: true}, ActClear: {article: true, quote: true},
	ActMerge: {name: true, to: true}, ActRename: {name: true, to: true}, ActAlias: {name: true, to: true}, ActHide: {name: true},
	ActSet: {}, ActAddFeed: {url: true}, ActRemoveFeed: {url: true},
	ActReport: {article: true, quote: true}, ActAccept: {article: true, quote: true, of: true}, ActDecline: {of: true},
	ActReindex: {}, ActUndo: {of: true},
}

// ascending reports whether there are spans, ascending and disjoint.
func ascending(spans []quote.Span) bool {
	end := 0
	for _, s := range spans {
		if s.Start < end || s.End <= s.Start {
			return false
		}
		end = s.End
	}
	return len(spans) > 0
}
