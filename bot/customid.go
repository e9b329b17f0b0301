package bot

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
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
	// Command is cmdWho, cmdAsk or cmdQuotes.
	Command string
	// Text is the question of ask and the words of who.
	Text string
	// The rest belongs to quotes.
	Speaker, About, Publisher, From, To string
}

// fields names the members of a listing in a custom_id, and bounds them in
// bytes (characters take at most four).
func (l *listing) fields() []listingField {
	return []listingField{
		{"c", &l.Command, 16}, {"t", &l.Text, 4 * maxQuestion}, {"s", &l.Speaker, 4 * maxName},
		{"a", &l.About, 4 * maxName}, {"p", &l.Publisher, 4 * maxName}, {"f", &l.From, maxDay}, {"u", &l.To, maxDay},
	}
}

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
	if !slices.Contains([]string{cmdWho, cmdAsk, cmdQuotes}, l.Command) || l.encode() != s {
		return listing{}, errForged
	}
	return l, nil
}

// maxOffset bounds how far a forged custom_id can make the index skip.
const maxOffset = 10_000

// pageID is the custom_id that leads to the page of a listing that starts at
// offset; store keeps the listings that don't fit.
func pageID(store *store, scope string, l listing, offset int) (string, error) {
	query := l.encode()
	id := fmt.Sprintf("%s:%d:%s", actionMore, offset, query)
	if units(id) <= maxCustomID {
		return id, nil
	}
	key, err := store.keep(scope, query)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s:%d:#%s", actionMore, offset, key), nil
}

// parsePage reads the argument of a pageID that was clicked in a scope.
func parsePage(store *store, scope, arg string) (l listing, offset int, err error) {
	number, query, found := strings.Cut(arg, ":")
	offset, err = strconv.Atoi(number)
	if !found || err != nil || offset < 0 || offset > maxOffset || strconv.Itoa(offset) != number {
		return listing{}, 0, errForged
	}
	if key, stored := strings.CutPrefix(query, "#"); stored {
		if query, err = store.find(scope, key); err != nil {
			return listing{}, 0, err
		}
	}
	l, err = parseListing(query)
	return l, offset, err
}
