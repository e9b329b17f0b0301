package corpus

import (
	"fmt"
	"slices"
	"strings"
)

// columnNames are the usual names of the columns of a table, or of the fields of
// JSON lines, by what they hold; the first that is not empty counts.
var columnNames = []struct {
	key   string
	names []string
}{
	{"title", []string{"title", "headline"}},
	{"author", []string{"authors", "author", "byline", "creator"}},
	{"publisher", []string{"publisher", "source", "publication", "outlet", "newspaper", "site"}},
	{"url", []string{"url", "link", "permalink"}},
	{"date", []string{"date", "published", "date_published", "published_at", "publication_date", "pubdate", "publish_date"}},
	{"language", []string{"language", "lang"}},
	{"text", []string{"text", "body", "content", "article", "full_text", "article_text"}},
}

// ColumnKeys are what Input.Columns can name a column for.
func ColumnKeys() []string {
	keys := make([]string, len(columnNames))
	for i, c := range columnNames {
		keys[i] = c.key
	}
	return keys
}

// ParseColumns reads "text=Wortlaut,date=Datum" for Input.Columns.
func ParseColumns(s string) (map[string]string, error) {
	columns := map[string]string{}
	for pair := range strings.SplitSeq(s, ",") {
		key, name, ok := strings.Cut(pair, "=")
		key, name = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(name)
		switch {
		case strings.TrimSpace(pair) == "":
		case !ok || name == "":
			return nil, fmt.Errorf("columns %q: write KEY=COLUMN, several with commas between", pair)
		case !slices.Contains(ColumnKeys(), key):
			return nil, fmt.Errorf("columns %q: there is no %q; there are %s", pair, key, strings.Join(ColumnKeys(), ", "))
		default:
			columns[key] = name
		}
	}
	return columns, nil
}

// columnName is a column's name for comparison: "Publish Date" is "publish_date".
func columnName(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(strings.TrimPrefix(s, byteOrderMark))))
}
