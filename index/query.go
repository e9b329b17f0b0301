package index

import (
	"fmt"
	"strconv"
	"strings"
)

// String is the query as text, for logs and for people: its fields in a fixed
// order, those that are not set left out.
func (q Query) String() string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, key+":"+strconv.Quote(value))
		}
	}
	if q.Text != "" {
		parts = append(parts, strconv.Quote(q.Text))
	}
	for _, p := range q.Phrases {
		add("phrase", p)
	}
	for _, w := range q.Not {
		add("-", w)
	}
	add("speaker", q.Speaker)
	add("boost", q.BoostSpeaker)
	add("like", q.Like)
	for _, k := range q.Kinds {
		add("kind", string(k))
	}
	add("publisher", q.Publisher)
	add("language", q.Language)
	add("article", q.Article)
	add("from", q.From)
	add("to", q.To)
	for _, s := range q.Scopes {
		add("scope", s)
	}
	if q.MinShould > 1 {
		parts = append(parts, fmt.Sprintf("min:%d", q.MinShould))
	}
	if q.Uncounted {
		parts = append(parts, "uncounted")
	}
	if q.Limit != 0 || q.Offset != 0 {
		parts = append(parts, fmt.Sprintf("hits:%d+%d", q.Offset, q.Limit))
	}
	return strings.Join(parts, " ")
}
