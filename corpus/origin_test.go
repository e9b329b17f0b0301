package corpus

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/quote"
)

func TestOriginSpan(t *testing.T) {
	//        0123456789012345678901
	source := `<p>A &amp; <b>B</b>c</p>`
	a := &Article{Text: "A & Bc", Origin: []Run{
		{Text: 0, Len: 2, Origin: 3, Size: 2},  // "A "
		{Text: 2, Len: 1, Origin: 5, Size: 5},  // "&amp;"
		{Text: 3, Len: 1, Origin: 10, Size: 4}, // " <b>"
		{Text: 4, Len: 1, Origin: 14, Size: 1}, // "B"
		{Text: 5, Len: 1, Origin: 19, Size: 1}, // "c"
	}}
	for _, tt := range []struct {
		span quote.Span
		want string
	}{
		{quote.Span{Start: 0, End: 1}, "A"},
		{quote.Span{Start: 1, End: 2}, " "},
		{quote.Span{Start: 2, End: 3}, "&amp;"},
		{quote.Span{Start: 0, End: 3}, "A &amp;"},
		{quote.Span{Start: 4, End: 5}, "B"},
		{quote.Span{Start: 4, End: 6}, "B</b>c"},
		{quote.Span{Start: 0, End: 6}, "A &amp; <b>B</b>c"},
		{quote.Span{Start: 5, End: 5}, ""},
	} {
		o := a.OriginSpan(tt.span)
		if got := source[o.Start:o.End]; got != tt.want {
			t.Errorf("OriginSpan(%v) = %v %q, want %q", tt.span, o, got, tt.want)
		}
	}
	plain := &Article{Text: "abc"}
	if got := plain.OriginSpan(quote.Span{Start: 1, End: 2}); got != (quote.Span{Start: 1, End: 2}) {
		t.Errorf("without Origin: %v", got)
	}
}

// pageOf draws a page of a few paragraphs, with the words set in all the ways that
// pages have: entities, tags inside words, line breaks, hard spaces.
func pageOf(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("<html><body><article>")
	for range rapid.IntRange(1, 5).Draw(t, "paragraphs") {
		b.WriteString("<p>")
		for range rapid.IntRange(5, 60).Draw(t, "words") {
			word := rapid.StringMatching(`[a-zA-Zäéß“”’«»&<>—,.]{1,9}`).Draw(t, "word")
			word = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&#62;", "—", "&mdash;", "é", "&eacute;").Replace(word)
			open, end := "", ""
			switch rapid.IntRange(0, 5).Draw(t, "tag") {
			case 0:
				open, end = "<em>", "</em>"
			case 1:
				open, end = `<a href="x?a=1&amp;b=2">`, "</a>"
			case 2:
				open, end = "<!-- & -->", "<b>s</b>"
			}
			b.WriteString(open + word + end + rapid.SampledFrom([]string{" ", "\n", "\r\n  ", "&nbsp;", "\u00a0", "<br>"}).Draw(t, "space"))
		}
		b.WriteString("</p>\n")
	}
	return b.String() + "</article></body></html>"
}

// Text that was copied maps to the same bytes of the page, white space aside, and a
// paragraph maps to source that reads as the paragraph.
func TestOriginRunsMapToTheSameText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := pageOf(t)
		a, err := parseHTML(source, "")
		if err != nil {
			t.Fatal(err)
		}
		checkOrigin(t, a, source)
		for _, p := range a.Paragraphs {
			o := a.OriginSpan(p.Span)
			text, read := a.Text[p.Span.Start:p.Span.End], flattenHTML(source[o.Start:o.End])
			if string(read.text) != string(squeeze(text)) {
				t.Fatalf("paragraph %q comes from %q", text, source[o.Start:o.End])
			}
		}
	})
}

// Zeros past the beginning, which a text file should not have, are left out like spaces.
func TestZerosAreBlanks(t *testing.T) {
	filler := strings.Repeat("Nobody spoke, and the river was loud.\n\n", 300)
	for _, ext := range []string{".md", ".html"} {
		a := mustRead(t, Input{Name: "a" + ext, Data: strings.NewReader("<p>" + filler + "</p>\n\n\x00a\x00b\x00\n\n*\x00*")})
		if strings.ContainsRune(a.Text, 0) {
			t.Errorf("%s: a zero was kept", ext)
		}
	}
}

// checkOrigin checks what holds for the origin of every article.
func checkOrigin(t rapid.TB, a *Article, source string) {
	t.Helper()
	for _, r := range a.Origin {
		if r.Origin+r.Size > len(source) {
			t.Fatalf("run %+v lies outside the source's %d bytes", r, len(source))
		}
		text, from := a.Text[r.Text:r.Text+r.Len], source[r.Origin:r.Origin+r.Size]
		if r.Len == r.Size && text != from && !sameButSpaces(text, from) && html.UnescapeString(from) == from {
			t.Fatalf("run %+v: %q was copied from %q", r, text, from)
		}
	}
}

// sameButSpaces reports whether two texts of one length differ only in white space.
func sameButSpaces(a, b string) bool {
	for i := range len(a) {
		if a[i] != b[i] && (a[i] != ' ' || !strings.ContainsRune(" \t\r\n\f\v", rune(b[i]))) {
			return false
		}
	}
	return true
}

// checkArticle checks what holds for every article that a reader yields.
func checkArticle(t testing.TB, a *Article, source string) {
	t.Helper()
	if err := a.check(); err != nil {
		t.Fatal(err)
	}
	for i, p := range a.Paragraphs {
		text := a.Text[p.Span.Start:p.Span.End]
		if p.Number != i+1 || text == "" || !utf8.ValidString(text) {
			t.Fatalf("paragraph %d has number %d and text %q", i, p.Number, text)
		}
		if o := a.OriginSpan(p.Span); o.Start < 0 || o.End < o.Start || o.End > max(len(source), len(a.Text)) {
			t.Fatalf("paragraph %d comes from %v", i, o)
		}
	}
	for _, s := range append([]string{a.Title, a.Publisher, a.URL, a.Date, a.Language}, a.Authors...) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\n\r") {
			t.Fatalf("metadata %q", s)
		}
	}
}
