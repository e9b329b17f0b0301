package corpus

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const tinyArticle = "“It was time,” said its owner."

func tarOf(t testing.TB, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		data := ""
		if h.Typeflag == 0 {
			h.Typeflag, h.Size, data = tar.TypeReg, int64(len(tinyArticle)), tinyArticle
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever holds files yields what the files hold; what can't be read of it is
// named by its way through the archives, and the rest goes on.
func TestArchives(t *testing.T) {
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	inner := zipOf(t, file{"deep/c.md", "# Heading\n\n" + tinyArticle})
	all := zipOf(t, file{"a.txt", tinyArticle}, file{"pictures/b.png", png}, file{"empty/", ""}, file{"__MACOSX/._a.txt", "x"}, file{".git/config", "x"},
		file{"inner.zip", string(inner)}, file{"lines.jsonl", `{"title":"One","text":"` + tinyArticle + `"}` + "\n{\n" + `{"title":"Two","text":"` + tinyArticle + `"}` + "\n"},
		file{"z.html.gz", string(gzipOf(t, []byte("<p>"+tinyArticle)))})
	files := []tar.Header{{Name: "a.txt"}, {Name: "dir/b.txt"}, {Name: ".hidden"}, {Name: "dir", Typeflag: tar.TypeDir}}
	want := []string{" |  |  | a.txt | ", "b " + tinyArticle, " |  |  | b.txt | ", "b " + tinyArticle}
	for _, tt := range []struct {
		name string
		data []byte
		want []string
	}{
		{"all.zip", all, []string{
			" |  |  | a.txt | ", "b " + tinyArticle,
			"ERROR all.zip!/pictures/b.png: this is no text",
			"Heading |  |  | c.md | ", "h Heading", "b " + tinyArticle,
			"One |  |  | lines.jsonl | ", "b " + tinyArticle,
			"ERROR all.zip!/lines.jsonl:2: not an article in JSON",
			"Two |  |  | lines.jsonl | ", "b " + tinyArticle,
			" |  |  | z.html.gz | ", "b " + tinyArticle,
		}},
		{"a.tar", tarOf(t, files...), want},
		{"a.tar.gz", gzipOf(t, tarOf(t, files...)), want},
		{"a.tgz", gzipOf(t, tarOf(t, files...)), want},
		{"no-name", gzipOf(t, tarOf(t, files...)), want},
		{"a.txt.gz", append(gzipOf(t, []byte(tinyArticle[:20])), gzipOf(t, []byte(tinyArticle[20:]))...), []string{" |  |  | a.txt.gz | ", "b " + tinyArticle}},
		{"empty.zip", zipOf(t), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for kind, data := range map[string]io.Reader{"random access": bytes.NewReader(tt.data), "stream": io.MultiReader(bytes.NewReader(tt.data))} {
				got := readAll(t, Input{Name: tt.name, Data: data})
				for i := range got {
					got[i], _, _ = strings.Cut(got[i], " (formats that can")
					got[i], _, _ = strings.Cut(got[i], ": unexpected end of JSON")
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s: %s", kind, diff)
				}
			}
		})
	}
}

// manyBytes is a reader of n bytes.
func manyBytes(b byte, n int64) io.Reader { return io.LimitReader(endless(b), n) }

// deflated makes a zip archive of one file that is unpacked to n bytes.
func deflated(t testing.TB, name string, b byte, n int64) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.Copy(w, manyBytes(b, n))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// claim makes a zip archive say that its first file has n bytes.
func claim(t testing.TB, archive []byte, n uint32) []byte {
	at := bytes.Index(archive, []byte("PK\x01\x02"))
	if at < 0 {
		t.Fatal("no directory")
	}
	archive = bytes.Clone(archive)
	binary.LittleEndian.PutUint32(archive[at+24:], n)
	return archive
}

// zipOfLink makes a zip archive of one symbolic link.
func zipOfLink(t testing.TB, to string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "link.txt"}
	h.SetMode(os.ModeSymlink | 0o777)
	w, err := z.CreateHeader(h)
	if err == nil {
		_, err = io.WriteString(w, to)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// No archive makes the reader take much memory or time, or touch the disk outside
// its temporary files.
func TestHostileArchives(t *testing.T) {
	good := file{"good.txt", tinyArticle}
	nested := zipOf(t, good)
	for range maxDepth {
		nested = zipOf(t, file{"nested.zip", string(nested)})
	}
	many := make([]file, 0, 1000)
	for i := range cap(many) {
		many = append(many, file{fmt.Sprintf("=%d", i), ""})
	}
	var crowd bytes.Buffer // a directory of very many files in an archive that says it has few
	crowd.WriteString("PK\x03\x04")
	crowd.Write(bytes.Repeat(append([]byte("PK\x01\x02"), make([]byte, 42)...), maxEntries+1))
	size := crowd.Len() - 4
	crowd.WriteString("PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00")
	crowd.Write(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, uint32(size)), 4))
	crowd.Write([]byte{0, 0})
	traversal := []string{"../evil.txt", "/etc/evil.txt", "a/../../evil.txt", `..\evil.txt`, `C:\evil.txt`, "a/b/../../../x"}
	var evil []file
	for _, n := range traversal {
		evil = append(evil, file{n, tinyArticle})
	}
	tests := []struct {
		name string
		data []byte
		want []string // of what is read, in order: ERROR and what it must name, or the article's file
	}{
		{"bomb.zip", deflated(t, "bomb.txt", 'a', freeBytes-1), []string{"ERROR the input has over"}},
		{"lines.zip", deflated(t, "bomb.jsonl", ' ', freeBytes+freeBytes/2), []string{"ERROR expands"}},
		{"bomb.jsonl.gz", gzipOf(t, bytes.Repeat([]byte("          \n"), 3*freeBytes/11)), []string{"ERROR expands"}},
		{"claim.zip", claim(t, zipOf(t, file{"a.txt", tinyArticle}, good), 0xFFFFFFF0), []string{"ERROR a.txt: it expands", "good.txt"}},
		{"lie.zip", claim(t, zipOf(t, file{"a.txt", tinyArticle}, good), 1000), []string{"ERROR a.txt: ", "good.txt"}},
		{"nested.zip", nested, []string{"ERROR nested over"}},
		{"many.zip", crowd.Bytes(), []string{"ERROR it holds over"}},
		{"symlink.zip", zipOfLink(t, "/etc/passwd"), nil},
		{"traversal.zip", zipOf(t, append(evil, good)...), append(repeat("ERROR leads out of the archive", len(evil)), "good.txt")},
		{"traversal.tar", tarOf(t, tar.Header{Name: "../evil.txt"}, tar.Header{Name: "/etc/evil.txt"}, tar.Header{Name: "good.txt"}),
			[]string{"ERROR leads out", "ERROR leads out", "good.txt"}},
		{"links.tar", tarOf(t, tar.Header{Name: "a.txt", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, tar.Header{Name: "b.txt", Typeflag: tar.TypeLink, Linkname: "../x"},
			tar.Header{Name: "dev", Typeflag: tar.TypeChar}, tar.Header{Name: "pipe", Typeflag: tar.TypeFifo}, tar.Header{Name: "good.txt"}), []string{"good.txt"}},
		{"claim.tar", tarOf(t, tar.Header{Name: "a.txt"})[:520], []string{"ERROR a.txt", "ERROR claim.tar: read the tar archive"}},
		{"half.tar.gz", gzipOf(t, tarOf(t, tar.Header{Name: "good.txt"}, tar.Header{Name: "x.txt"}))[:80], []string{"ERROR half.tar.gz"}},
		{"control.zip", zipOf(t, file{"a\x1b[2Jb\u202e.txt", ""}), []string{"ERROR a\uFFFD[2Jb\uFFFD.txt: there is no article"}},
		{"half.zip", zipOf(t, good)[:40], []string{"ERROR half.zip: open the zip archive"}},
		{"many-files.zip", zipOf(t, append(many, good)...), append(repeat("ERROR there is no article text", len(many)), "good.txt")},
	}
	outside := t.TempDir()
	t.Chdir(outside)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var got []string
			for a, err := range Read(t.Context(), Input{Name: tt.name, Data: bytes.NewReader(tt.data)}) {
				if err != nil {
					got = append(got, "ERROR "+err.Error())
				} else {
					got = append(got, a.File)
				}
			}
			runtime.ReadMemStats(&after)
			if n := after.TotalAlloc - before.TotalAlloc; n > 400<<20 {
				t.Errorf("%d MB were allocated", n>>20)
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, w := range tt.want {
				isErr, what := strings.CutPrefix(w, "ERROR ")
				if !strings.Contains(got[i], isErr) || what != strings.HasPrefix(got[i], "ERROR ") {
					t.Errorf("got %q, want %q", got[i], w)
				}
			}
		})
	}
	if left, err := filepath.Glob(filepath.Join(outside, "..", "*evil*")); len(left) > 0 || err != nil {
		t.Errorf("files were written: %q %v", left, err)
	}
	if left, err := os.ReadDir("."); len(left) > 0 || err != nil {
		t.Errorf("files were written: %v %v", left, err)
	}
}

func repeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

// A large archive that comes as a stream takes a temporary file, which is gone afterwards.
func TestLargeStreamedArchives(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	z := zipOf(t, file{"=padding.png", "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01", memorySpool/2)}, file{"good.txt", tinyArticle})
	got := readAll(t, Input{Name: "big.zip", Data: io.MultiReader(bytes.NewReader(z))})
	if len(got) != 3 || !strings.Contains(got[1], "good.txt") {
		t.Errorf("%q", got)
	}
	if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// warcOf makes a crawl of records.
func warcOf(records ...[3]string) []byte {
	var b bytes.Buffer
	for _, r := range records { // type, target and content type, body
		fmt.Fprintf(&b, "WARC/1.0\r\nWARC-Type: %s\r\n%s\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", r[0], r[1], len(r[2]), r[2])
	}
	return b.Bytes()
}

func TestWARC(t *testing.T) {
	const http1 = "WARC-Target-URI: https://coast.example/%s\r\nContent-Type: application/http; msgtype=response"
	page := "<title>Ferry</title><p>" + tinyArticle
	answer := func(head, body string) string { return "HTTP/1.1 " + head + "\r\n\r\n" + body }
	records := [][3]string{
		{"warcinfo", "Content-Type: application/warc-fields", "software: x\r\n"},
		{"request", fmt.Sprintf(http1, "a"), "GET / HTTP/1.1\r\n\r\n"},
		{"response", fmt.Sprintf(http1, "a"), answer("200 OK\r\nContent-Type: text/html", page)},
		{"response", fmt.Sprintf(http1, "gone"), answer("404 Not Found\r\nContent-Type: text/html", page)},
		{"response", fmt.Sprintf(http1, "style.css"), answer("200 OK\r\nContent-Type: text/css", "p{}")},
		{"response", fmt.Sprintf(http1, "gz"), answer("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", string(gzipOf(t, []byte(page))))},
		{"response", fmt.Sprintf(http1, "chunks"), answer("200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(page), page))},
		{"response", fmt.Sprintf(http1, "br"), answer("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br", "?")},
		{"response", fmt.Sprintf(http1, "empty"), answer("200 OK\r\nContent-Type: text/html", "<nav>Home</nav>")},
		{"resource", "WARC-Target-URI: https://coast.example/b.txt\r\nContent-Type: text/plain", tinyArticle},
	}
	got := func(name string, data []byte) []string {
		return readAll(t, Input{Name: name, Data: bytes.NewReader(data)})
	}
	want := []string{
		"Ferry |  |  |  | https://coast.example/a", "b " + tinyArticle,
		"Ferry |  |  |  | https://coast.example/gz", "b " + tinyArticle,
		"Ferry |  |  |  | https://coast.example/chunks", "b " + tinyArticle,
		`ERROR c.warc!/https://coast.example/br: its encoding "br" is not known`,
		"ERROR c.warc!/https://coast.example/empty: there is no article text in it",
		" |  |  |  | https://coast.example/b.txt", "b " + tinyArticle,
	}
	crawl := warcOf(records...)
	if diff := cmp.Diff(want, got("c.warc", crawl)); diff != "" {
		t.Error(diff)
	}
	var packed []byte // each record a member, as crawlers write them
	for _, r := range records {
		packed = append(packed, gzipOf(t, warcOf(r))...)
	}
	if diff := cmp.Diff(want, strings.Split(strings.ReplaceAll(strings.Join(got("c.warc.gz", packed), "\n"), "c.warc.gz", "c.warc"), "\n")); diff != "" {
		t.Error(diff)
	}
	for name, data := range map[string][]byte{
		"no length":       []byte("WARC/1.0\r\nWARC-Type: response\r\n\r\n"),
		"no header's end": []byte("WARC/1.0\r\nWARC-Type: response"),
		"endless header":  append([]byte("WARC/1.0\r\n"), bytes.Repeat([]byte("A: b\r\n"), maxWARCHeader)...),
		"an endless line": append([]byte("WARC/1.0\r\n"), bytes.Repeat([]byte("a"), 1<<20)...),
		"half a record":   []byte("WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 1000\r\n\r\nabc"),
		"a huge record":   []byte("WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 99999999999999999999\r\n\r\nabc"),
	} {
		if g := got("c.warc", data); len(g) != 1 || !strings.HasPrefix(g[0], "ERROR c.warc: record 1 of the crawl: ") {
			t.Errorf("%s: %q", name, g)
		}
	}
}
