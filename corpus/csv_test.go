package corpus

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestCSV(t *testing.T) {
	const quoted = `"` + tinyArticle + `"`
	const row = " |  |  | a.csv | "
	encoded := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	utf16 := encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("text\n" + quoted + "\n"))
	german := encoded(charmap.Windows1252.NewEncoder().String("text;titel\n„Es wird spät für die Fähre“, sagte Jörg Müller. Größe und Übermut täten gut, hörte man.;x\n"))
	for _, tt := range []struct {
		name, data, columns string
		want                []string
	}{
		{"columns by their names", "\uFEFFHeadline,Author,Publish-Date,URL,Full Text\nFerry,By Ida Brock,2021-03-05,https://x.example/a,\"“It was\n\ntime,” he said.\"\n", "",
			[]string{"Ferry | Ida Brock | 2021-03-05 | a.csv | https://x.example/a", "b “It was", "b time,” he said."}},
		{"semicolons", "title;text\nA;" + tinyArticle + "\n", "", []string{"A" + row[0:], "b " + tinyArticle}},
		{"tabs", "title\ttext\nA\t" + tinyArticle + "\n", "", []string{"A" + row, "b " + tinyArticle}},
		{"columns that are named", "text,wortlaut,titel\nnot this," + quoted + ",A\n", "text=Wortlaut, title=titel", []string{"A" + row, "b " + tinyArticle}},
		{"rows that are wrong", "title,text\nA," + quoted + "\nB\nC, \nD," + quoted + ",more\n", "", []string{
			"A" + row, "b " + tinyArticle,
			"ERROR a.csv:3: the row has no text (correct or delete this row; the other rows don't depend on it)",
			"ERROR a.csv:4: the row has no text (correct or delete this row; the other rows don't depend on it)",
			"D" + row, "b " + tinyArticle}},
		{"bytes that are no UTF-8", "title,text\nA" + strings.Repeat("é", 10) + "\xff," + quoted, "", []string{"A" + strings.Repeat("é", 10) + "\uFFFD" + row, "b " + tinyArticle}},
		{"UTF-16", utf16, "", []string{row, "b " + tinyArticle}},
		{"Windows-1252", german, "", []string{row, "b „Es wird spät für die Fähre“, sagte Jörg Müller. Größe und Übermut täten gut, hörte man."}},
		{"no column for the text", "a,b\n1,2\n", "", []string{`ERROR a.csv: no column "text", "body" or "content" in the first row (a, b); name one with --columns text=COLUMN`}},
		{"a column that is not there", "a,b\n1,2\n", "text=c", []string{`ERROR a.csv: there is no column "c"; there are a, b`}},
		{"nothing", "", "", []string{"ERROR a.csv: it has no row"}},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", "", []string{"ERROR a.csv: this is no text"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			columns, err := ParseColumns(tt.columns)
			if err != nil {
				t.Fatal(err)
			}
			got := readAll(t, Input{Name: "a.csv", Data: strings.NewReader(tt.data), Columns: columns})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A quotation mark that is never closed does not draw the file into memory.
func TestCSVRowsAreBounded(t *testing.T) {
	in := Input{Name: "a.csv", Data: io.MultiReader(strings.NewReader("title,text\nA,x\nB,\""), &meteredLines{line: []byte("\n" + strings.Repeat("x", 1000)), left: 100_000})}
	got := readAll(t, in)
	if len(got) != 3 || !strings.Contains(got[2], "a quotation mark is not closed") || !strings.HasPrefix(got[2], "ERROR a.csv:") {
		t.Errorf("%.200q", got)
	}
}

func TestJSONLinesWithNamedFields(t *testing.T) {
	columns := map[string]string{"text": "wortlaut", "title": "Kopf", "author": "by"}
	got := readAll(t, Input{Name: "a.jsonl", Columns: columns, Data: strings.NewReader(
		`{"Kopf":"A","title":"wrong","Body":"wrong","wortlaut":"` + tinyArticle + `","by":["Ida Brock"],"date":"2021-03-05"}` + "\n[]\n")})
	if len(got) != 3 || got[0] != "A | Ida Brock | 2021-03-05 | a.jsonl | " || got[1] != "b "+tinyArticle || !strings.HasPrefix(got[2], "ERROR a.jsonl:2:") {
		t.Errorf("%q", got)
	}
}

func TestParseColumns(t *testing.T) {
	for s, want := range map[string]string{"text": "write KEY=COLUMN", "text=": "write KEY=COLUMN", "body=x": `there is no "body"`, "text=a,,date=b": "", "": ""} {
		if _, err := ParseColumns(s); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", s, err, want)
		}
	}
}

func TestFeedsAndSitemapsInFiles(t *testing.T) {
	const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>Coast Wire</title>
<item><title>Mill closes</title><link>https://coast.example/mill</link><author>x@x.example (Ida Brock)</author><pubDate>Tue, 09 Mar 2021 08:00:00 GMT</pubDate>
<description>&lt;p&gt;` + tinyArticle + `&lt;/p&gt;</description></item>
<item><title>No text</title></item></channel></rss>`
	const jsonFeed = `{
 "version": "https://jsonfeed.org/version/1.1", "title": "Coast Wire",
 "items": [{"id": "1", "title": "Mill closes", "content_html": "<p>` + tinyArticle + `</p>"}]}`
	for _, tt := range []struct {
		name, data string
		want       []string
	}{
		{"news.xml", rss, []string{"Mill closes | Ida Brock | 2021-03-09 | news.xml | https://coast.example/mill", "b " + tinyArticle,
			"ERROR news.xml!/No text: the feed has no text of this item (import the address of its page, or of the feed)"}},
		{"feed.json", jsonFeed, []string{"Mill closes |  |  | feed.json | ", "b " + tinyArticle}},
		{"sitemap.xml", `<?xml version="1.0"?><urlset><url><loc>https://x.example/</loc></url></urlset>`,
			[]string{"ERROR sitemap.xml: a sitemap names pages and holds none (import the sitemap by its address)"}},
		{"broken.rss", `<rss><channel><item>`, []string{"ERROR broken.rss: read the feed"}},
	} {
		got := readAll(t, Input{Name: tt.name, Data: strings.NewReader(tt.data)})
		if strings.HasPrefix(tt.name, "broken") && len(got) == 1 {
			got[0], _, _ = strings.Cut(got[0], " feed: ")
			got[0] = strings.TrimSuffix(got[0], " feed") + " feed"
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
