package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/whosaid/whosaid/answer"
)

// A custom_id is what a button carries and a click brings back: an action, a
// colon, and an argument. Anybody can forge one, so each part is parsed
// strictly, and nothing in it grants a permission.
const (
	maxCustomID = 100 // UTF-16 units

	actionMore    = "more"    // another page: OFFSET:QUERY or OFFSET:#ID of a stored query
	actionContext = "context" // the paragraphs around a passage: its ID
	actionCard    = "card"    // a quote as a picture: its passage's ID
	actionTone    = "tone"    // the same, light or dark: TONE:ID
	actionPost    = "post"    // show the channel what only the member saw: WHAT:ID
	actionAbout   = "about"   // the profile of a passage's speaker: its ID
	actionProfile = "profile" // the same, with its chart light or dark: TONE:ID
	actionQuotes  = "said"    // what the speaker of a passage said: its ID
	actionTopic   = "topic"   // who speaks about something: TONE:QUERY or TONE:#ID of a stored query
	actionPrints  = "prints"  // where else a passage was printed: its ID
	actionFollow  = "follow"  // button and modal: a question that goes on: QUERY or #ID of a stored query
	actionReindex = "reindex" // start, dismiss, or stop:JOB
)

// errForged says that a custom_id is none of this bot's.
var errForged = errors.New("the button is none of this bot's")

// splitCustomID parts a custom_id into its action and argument.
func splitCustomID(id string) (action, arg string, err error) {
	action, arg, found := strings.Cut(id, ":")
	if !found || len(id) > 4*maxCustomID || units(id) > maxCustomID || !utf8.ValidString(id) {
		return "", "", errForged
	}
	return action, arg, nil
}

// passageID is the form of an index.Passage.ID. Its upper bound leaves room
// for the action.
var passageID = regexp.MustCompile(`^[0-9A-Za-z_-]{1,80}\.[pq][1-9][0-9]{0,7}$`)

// listing is a question or filter whose answers fill several pages.
type listing struct {
	// Command is cmdWho, cmdAsk, cmdQuotes or cmdTopic.
	Command string
	// Text is the question of ask and the words of who.
	Text string
	// Before is the query that a question of ask goes on from, as JSON, or "".
	Before string
	// The rest belongs to quotes, and About to topic.
	Speaker, About, Publisher, From, To string
}

// fields names the members of a listing in a custom_id, and bounds them in
// bytes (characters take at most four).
func (l *listing) fields() []listingField {
	return []listingField{
		{"c", &l.Command, 16}, {"t", &l.Text, 4 * maxQuestion}, {"b", &l.Before, maxBefore}, {"s", &l.Speaker, 4 * maxName},
		{"a", &l.About, 4 * maxName}, {"p", &l.Publisher, 4 * maxName}, {"f", &l.From, maxDay}, {"u", &l.To, maxDay},
	}
}

// maxBefore bounds the earlier query, in bytes of JSON.
const maxBefore = 8 << 10

type listingField struct {
	key   string
	value *string
	max   int
}

// encode writes the listing as a URL query, without colons or white space.
func (l listing) encode() string {
	v := url.Values{}
	for _, f := range l.fields() {
		if *f.value != "" {
			v.Set(f.key, *f.value)
		}
	}
	return v.Encode()
}

// parseListing reads what encode wrote, and nothing else.
func parseListing(s string) (listing, error) {
	v, err := url.ParseQuery(s)
	if err != nil {
		return listing{}, fmt.Errorf("%w: %w", errForged, err)
	}
	var l listing
	for _, f := range l.fields() {
		*f.value = v.Get(f.key)
		if len(*f.value) > f.max || !utf8.ValidString(*f.value) {
			return listing{}, errForged
		}
	}
	if !slices.Contains([]string{cmdWho, cmdAsk, cmdQuotes, cmdTopic}, l.Command) || l.encode() != s {
		return listing{}, errForged
	}
	if _, err := l.previous(); err != nil {
		return listing{}, err
	}
	return l, nil
}

// previous is the query that the listing's question goes on from, or nil.
func (l listing) previous() (*answer.Query, error) {
	if l.Before == "" {
		return nil, nil
	}
	var q answer.Query
	if err := json.Unmarshal([]byte(l.Before), &q); err != nil {
		return nil, fmt.Errorf("%w: %w", errForged, err)
	}
	return &q, nil
}

// after makes the listing go on from a query, if that is not too long.
func (l listing) after(q answer.Query) (listing, error) {
	b, err := json.Marshal(q)
	if err != nil {
		return l, fmt.Errorf("keeping a question: %w", err)
	}
	if len(b) <= maxBefore {
		l.Before = string(b)
	}
	return l, nil
}

// maxOffset bounds how far a forged custom_id can make the index skip.
const maxOffset = 10_000

// pageID is the custom_id that leads to the page of a listing that starts at
// offset; store keeps the listings that don't fit.
func pageID(store *store, scope string, l listing, offset int) (string, error) {
	return listingID(store, scope, fmt.Sprintf("%s:%d:", actionMore, offset), l)
}

// listingID is a custom_id that ends in a listing; store keeps those that don't fit.
func listingID(store *store, scope, prefix string, l listing) (string, error) {
	query := l.encode()
	if id := prefix + query; units(id) <= maxCustomID {
		return id, nil
	}
	key, err := store.keep(scope, query)
	if err != nil {
		return "", err
	}
	return prefix + "#" + key, nil
}

// parsePage reads the argument of a pageID that was clicked in a scope.
func parsePage(store *store, scope, arg string) (l listing, offset int, err error) {
	number, query, found := strings.Cut(arg, ":")
	offset, err = strconv.Atoi(number)
	if !found || err != nil || offset < 0 || offset > maxOffset || strconv.Itoa(offset) != number {
		return listing{}, 0, errForged
	}
	l, err = findListing(store, scope, query)
	return l, offset, err
}

// findListing reads the end of a listingID.
func findListing(store *store, scope, query string) (l listing, err error) {
	if key, stored := strings.CutPrefix(query, "#"); stored {
		if query, err = store.find(scope, key); err != nil {
			return listing{}, err
		}
	}
	return parseListing(query)
}
