package corpus

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// file is a file in an archive that a test makes.
type file struct{ name, data string }

// zipOf makes a zip archive; a name that begins with "=" is not packed.
func zipOf(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: strings.TrimPrefix(f.name, "="), Method: zip.Deflate}
		if h.Name != f.name {
			h.Method = zip.Store
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readAll lists the articles and errors of an input: "TITLE | AUTHORS | DATE | FILE | URL", then a
// line a paragraph with its kind's first letter, or "ERROR ...".
func readAll(t testing.TB, in Input) []string {
	t.Helper()
	var got []string
	for a, err := range Read(t.Context(), in) {
		if err != nil {
			got = append(got, "ERROR "+err.Error())
			continue
		}
		if err := a.check(); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join([]string{a.Title, strings.Join(a.Authors, "; "), a.Date, a.File, a.URL}, " | "))
		for _, p := range a.Paragraphs {
			got = append(got, fmt.Sprintf("%.1s %s", p.Kind, a.Text[p.Span.Start:p.Span.End]))
		}
	}
	return got
}

func docxOf(t testing.TB, body string) []byte {
	const ns = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`
	return zipOf(t,
		file{"[Content_Types].xml", `<?xml version="1.0"?><Types/>`},
		file{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document ` + ns + `><w:body>` + body + `</w:body></w:document>`},
		file{"docProps/core.xml", `<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Ferry to stop</dc:title><dc:creator>Ida Brock; Jon Petrel</dc:creator></cp:coreProperties>`})
}

func TestDOCX(t *testing.T) {
	p := func(style, runs string) string {
		if style != "" {
			style = `<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`
		}
		return "<w:p>" + style + runs + "</w:p>"
	}
	r := func(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }
	doc := docxOf(t, p("Title", r("Ferry to stop"))+
		p("", r("“It was ")+`<w:ins><w:r><w:t>time</w:t></w:r></w:ins><w:del><w:r><w:delText>late</w:delText></w:r></w:del>`+r(",” said&#160;Odile Marrant."))+
		p("Heading2", r("What is next"))+
		`<w:tbl><w:tr><w:tc>`+p("", r("A cell")+`<w:r><w:br/></w:r>`+r("of two lines."))+`</w:tc></w:tr></w:tbl>`+
		p("Caption", r("The quay."))+
		p("", `<mc:AlternateContent><mc:Choice>`+r("Shown once.")+`</mc:Choice><mc:Fallback>`+r("Shown twice.")+`</mc:Fallback></mc:AlternateContent>`)+
		p("", ""))
	want := []string{
		"Ferry to stop | Ida Brock; Jon Petrel |  | a.docx | ",
		"h Ferry to stop", "b “It was time,” said Odile Marrant.", "h What is next", "b A cell of two lines.", "f The quay.", "b Shown once.",
	}
	if diff := cmp.Diff(want, readAll(t, Input{Name: "dir/a.docx", Data: bytes.NewReader(doc)})); diff != "" {
		t.Error(diff)
	}
	// Its name tells it from other archives, else its first files do.
	if diff := cmp.Diff(strings.Replace(want[0], "a.docx", "upload", 1), readAll(t, Input{Name: "upload", Data: bytes.NewReader(doc)})[0]); diff != "" {
		t.Error(diff)
	}
	for name, b := range map[string][]byte{
		"no document": zipOf(t, file{"[Content_Types].xml", ""}, file{"word/other.xml", ""}),
		"broken XML":  docxOf(t, "<w:p>"),
		"no text":     docxOf(t, "<w:p/>"),
		"half a file": doc[:len(doc)/2],
	} {
		got := readAll(t, Input{Name: "a.docx", Data: bytes.NewReader(b)})
		if len(got) != 1 || !strings.HasPrefix(got[0], "ERROR a.docx: read the document: ") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// epubOf makes a book of chapters; the first and the last are no part of its reading order.
func epubOf(t testing.TB, chapters ...file) []byte {
	files := []file{
		{"=mimetype", "application/epub+zip"},
		{"META-INF/container.xml", `<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>`},
	}
	var manifest, spine strings.Builder
	for i, c := range chapters {
		fmt.Fprintf(&manifest, `<item id="c%d" href="%s" media-type="application/xhtml+xml"/>`, i, c.name)
		fmt.Fprintf(&spine, `<itemref idref="c%d"/>`, i)
		files = append(files, file{"OEBPS/" + c.name, c.data})
	}
	return zipOf(t, append(files, file{"OEBPS/book.opf", `<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The Selm Quarterly</dc:title><dc:creator>Ida Brock</dc:creator><dc:publisher>Quay Press</dc:publisher><dc:date>2021-03-05</dc:date><dc:language>en</dc:language></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>` + manifest.String() + `</manifest><spine><itemref idref="nav"/>` + spine.String() + `</spine></package>`})...)
}

func TestEPUB(t *testing.T) {
	long := "“It was time,” said Odile Marrant. " + strings.Repeat("The quay is old. ", 30)
	book := epubOf(t,
		file{"cover.xhtml", `<html><head><title/></head><body><h1>The Selm Quarterly</h1></body></html>`},
		file{"a%20b.xhtml", `<html/>`}, // named in percent-encoding, and missing under that name
		file{"two.xhtml", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><h2>The last ferry</h2><p><a id="p2"/>` + long + `</p></body></html>`},
		file{"three.xhtml", `<html><head><title>x</title></head><body><p>` + long + `</p></body></html>`})
	want := []string{
		"ERROR b.epub!/OEBPS/a b.xhtml: open OEBPS/a b.xhtml: file does not exist",
		"The Selm Quarterly: The last ferry | Ida Brock | 2021-03-05 | b.epub | ",
		"h The last ferry", "b " + strings.TrimSpace(long),
		"The Selm Quarterly | Ida Brock | 2021-03-05 | b.epub | ",
		"b " + strings.TrimSpace(long),
	}
	for _, name := range []string{"b.epub", "b.zip"} { // a wrong name gives way to what the archive says
		got := readAll(t, Input{Name: name, Data: bytes.NewReader(book)})
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], name, "b.epub")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, b := range map[string][]byte{
		"no container": zipOf(t, file{"=mimetype", "application/epub+zip"}),
		"no package":   zipOf(t, file{"=mimetype", "application/epub+zip"}, file{"META-INF/container.xml", `<container><rootfiles><rootfile full-path="../../etc/passwd"/></rootfiles></container>`}),
		"no chapters":  epubOf(t),
		"half a file":  book[:len(book)/2],
	} {
		got := readAll(t, Input{Name: "b.epub", Data: bytes.NewReader(b)})
		if len(got) != 1 || !strings.HasPrefix(got[0], "ERROR b.epub: ") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// pdfText is a line of text at a place of a page, in points from below.
type pdfText struct {
	x, y, size float64
	text       string
}

// pdfOf makes a PDF file of pages in Helvetica.
func pdfOf(pages ...[]pdfText) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(offsets)}, args...)...)
	}
	b.WriteString("%PDF-1.4\n")
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 5+2*i)
	}
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), kids)
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	object("<</Title(Ferry to stop in March)/Author(Ida Brock)>>")
	for i, lines := range pages {
		var s strings.Builder
		for _, l := range lines {
			fmt.Fprintf(&s, "BT /F1 %g Tf %g %g Td (%s) Tj ET\n", l.size, l.x, l.y, strings.NewReplacer("(", `\(`, ")", `\)`).Replace(l.text))
		}
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", 6+2*i)
		object("<</Length %d>>stream\n%sendstream", s.Len(), s.String())
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)
	return b.Bytes()
}

// column places lines below one another.
func column(x, y float64, lines ...string) []pdfText {
	var out []pdfText
	for i, l := range lines {
		out = append(out, pdfText{x, y - 14*float64(i), 11, l})
	}
	return out
}

func TestPDF(t *testing.T) {
	margins := func(n int) []pdfText {
		return []pdfText{{72, 770, 8, "The Selm Quarterly, spring"}, {300, 20, 8, fmt.Sprintf("Page %d of 3", n)}}
	}
	one := append(margins(1), pdfText{72, 720, 24, "Ferry to stop in March"})
	one = append(one, column(72, 680,
		"The last ferry from Port Selm will sail in March, its harbour master said on Monday. There is",
		"no money left for the quay, and there will be none next year, she told the town's coun-",
		"cil in a letter.")...)
	one = append(one, column(72, 616, // an empty line above
		"\"It was time,\" said Odile Marrant, who has run the harbour since 2004, and who remembers",
		"the days when six ships a day tied up here.",
		"A new paragraph needs no empty line when the last one ended early, as this one does not: it")...)
	two := append(margins(2), column(72, 720,
		"goes on over the page, and ends with it.")...)
	two = append(two, column(90, 706, "An indent begins another, which is short.")...)
	three := append(margins(3), column(72, 720, "The end of the matter.")...)
	want := []string{
		"Ferry to stop in March | Ida Brock |  | a.pdf | ",
		"h Ferry to stop in March",
		"b The last ferry from Port Selm will sail in March, its harbour master said on Monday. There is no money left for the quay, and there will be none next year, she told the town's council in a letter.",
		`b "It was time," said Odile Marrant, who has run the harbour since 2004, and who remembers the days when six ships a day tied up here.`,
		"b A new paragraph needs no empty line when the last one ended early, as this one does not: it goes on over the page, and ends with it.",
		"b An indent begins another, which is short.",
		"b The end of the matter.",
	}
	good := pdfOf(one, two, three)
	for _, name := range []string{"a.pdf", "a.html"} {
		got := readAll(t, Input{Name: name, Data: bytes.NewReader(good)})
		if diff := cmp.Diff(want, strings.Split(strings.ReplaceAll(strings.Join(got, "\n"), name, "a.pdf"), "\n")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"pictures of text": {pdfOf(nil), "a.pdf: the PDF file has pages but no text (run it through"},
		"half a file":      {good[:60], "a.pdf: read the PDF file: "},
		"no PDF":           {[]byte("%PDF-1.4\n%%EOF"), "a.pdf: read the PDF file: "},
	} {
		got := readAll(t, Input{Name: "a.pdf", Data: bytes.NewReader(tt.file)})
		if len(got) != 1 || !strings.HasPrefix(got[0], "ERROR "+tt.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
