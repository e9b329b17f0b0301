package answer

import (
	"fmt"
	"strings"
)

// Query is a question as it was understood.
type Query struct {
	Intent Intent
	// Aim is which of the quotes it wants, "" for the best.
	Aim Aim
	// Speaker is whom the question asks about, as the directory of speakers
	// names them, or as typed when Known is false; "" when it names nobody.
	Speaker string
	// Known tells that the directory holds Speaker.
	Known bool
	// Topic is what it asks about: the words left, in the asker's spelling.
	// For Verify it is the claim.
	Topic string
	// Phrases must stand in the answer word by word; Not are words that must not.
	Phrases, Not []string
	Publisher    string
	// From and To bound the day of publication, YYYY-MM-DD inclusive, or "".
	From, To string
}

// String writes the query in the syntax that the parser reads, after its intent.
func (q Query) String() string {
	var b strings.Builder
	b.WriteString(string(q.Intent))
	if q.Aim != "" {
		b.WriteString(" " + string(q.Aim))
	}
	if q.Speaker != "" {
		fmt.Fprintf(&b, " speaker:%q", q.Speaker)
		if !q.Known {
			b.WriteByte('?')
		}
	}
	for _, f := range []struct{ name, value string }{{"publisher", q.Publisher}, {"after", q.From}, {"before", q.To}} {
		if f.value != "" {
			fmt.Fprintf(&b, " %s:%q", f.name, f.value)
		}
	}
	for _, p := range q.Phrases {
		fmt.Fprintf(&b, " %q", p)
	}
	for _, n := range q.Not {
		fmt.Fprintf(&b, " -%s", n)
	}
	if q.Topic != "" {
		b.WriteString(" about: " + q.Topic)
	}
	return b.String()
}
