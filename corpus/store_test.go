package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sampleArticle is an article that differs from others by n.
func sampleArticle(n int) *Article {
	a := &Article{
		Scope: SharedScope, Title: fmt.Sprintf("The ferry, part %d", n), Authors: []string{"Ida Brock"}, Publisher: "The Harbour Post",
		File: fmt.Sprintf("ferry%d.txt", n), Date: "2021-03-03", Language: "en",
		Text: fmt.Sprintf("The ferry sails at %d.\n“It is late,” said Orla Finn.", n),
	}
	a.classify(splitParagraphs(a.Text))
	return a
}

func openStore(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t testing.TB, s *Store, a *Article) bool {
	t.Helper()
	added, err := s.Put(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func TestPutAndGet(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	want := sampleArticle(1)
	want.Origin = []Run{{Text: 0, Len: 5, Origin: 3, Size: 5}}
	if !put(t, s, want) {
		t.Error("a new article was not added")
	}
	if want.ID == "" || want.Imported.IsZero() {
		t.Errorf("Put set ID %q, Imported %v", want.ID, want.Imported)
	}
	for name, s := range map[string]*Store{"the same store": s, "another on the same folder": openStore(t, dir)} {
		got, err := s.Get(t.Context(), want.ID)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-put +got):\n%s", name, diff)
		}
	}
}

func TestIdentityIsTheContent(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Article)
		same   bool
	}{
		{"another file name", func(a *Article) { a.File = "copy.txt" }, true},
		{"another date of publication", func(a *Article) { a.Date = "2021-03-04" }, true},
		{"another text", func(a *Article) { a.Text += " " }, false},
		{"another title", func(a *Article) { a.Title += "!" }, false},
		{"another scope", func(a *Article) { a.Scope = "1234" }, false},
		{"another URL", func(a *Article) { a.URL = "https://harbour.example/" }, false},
		{"the title's end moved into the URL", func(a *Article) { a.Title, a.URL = a.Title[:5], a.Title[5:] }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			put(t, s, sampleArticle(1))
			a := sampleArticle(1)
			tt.change(a)
			if added := put(t, s, a); added == tt.same {
				t.Errorf("added = %v", added)
			}
			want := 2
			if tt.same {
				want = 1
			}
			if n, err := s.Len(t.Context()); n != want || err != nil {
				t.Errorf("Len = %d, %v, want %d", n, err, want)
			}
		})
	}
}

func TestTwoArticlesOfOneName(t *testing.T) {
	s := openStore(t, t.TempDir())
	a, b := sampleArticle(1), sampleArticle(2)
	b.Title, b.File = a.Title, a.File
	put(t, s, a)
	put(t, s, b)
	for _, want := range []*Article{a, b} {
		got, err := s.Get(t.Context(), want.ID)
		if err != nil || got.Text != want.Text {
			t.Errorf("Get(%s) = %v, %v", want.ID, got, err)
		}
	}
}

func TestPutAllCountsTwinsOnce(t *testing.T) {
	s := openStore(t, t.TempDir())
	put(t, s, sampleArticle(2))
	added, err := s.PutAll(t.Context(), []*Article{sampleArticle(1), sampleArticle(1), sampleArticle(2), sampleArticle(3)})
	if want := []bool{true, false, false, true}; err != nil || !slices.Equal(added, want) {
		t.Errorf("PutAll = %v, %v, want %v", added, err, want)
	}
}

func TestGetUnknown(t *testing.T) {
	s := openStore(t, t.TempDir())
	put(t, s, sampleArticle(1))
	for _, id := range []string{"", "../../../etc/passwd", "0123", strings.Repeat("0", idLength), strings.Repeat("G", idLength)} {
		if a, err := s.Get(t.Context(), id); !errors.Is(err, ErrNotFound) {
			t.Errorf("Get(%q) = %v, %v, want ErrNotFound", id, a, err)
		}
	}
}

func TestHostileScopesAndTitlesStayInTheFolder(t *testing.T) {
	for _, scope := range []string{"..", "../x", "a/b", `a\b`, ".", ".hidden", "a\x00b", strings.Repeat("a", 65), "ä"} {
		s := openStore(t, t.TempDir())
		a := sampleArticle(1)
		a.Scope = scope
		if _, err := s.Put(t.Context(), a); err == nil {
			t.Errorf("scope %q was accepted", scope)
		}
	}
	for _, title := range []string{"../../etc/passwd", "/", `C:\x`, "a\x00b\n", strings.Repeat("long ", 1000), "…", "", "Ünïcode’s naïve", "日本語"} {
		dir := t.TempDir()
		s := openStore(t, filepath.Join(dir, "data"))
		a := sampleArticle(1)
		a.Title = title
		put(t, s, a)
		if got, err := s.Get(t.Context(), a.ID); err != nil || got.Title != title {
			t.Errorf("title %q: %v, %v", title, got, err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("title %q: beside the folder: %v, %v", title, entries, err)
		}
	}
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"The Ferry Is Late!":         "the-ferry-is-late",
		"  Café’s “new” owner — 2nd": "cafes-new-owner-2nd",
		"../../x":                    "x",
		"日本":                         "",
		strings.Repeat("ab ", 50):    strings.TrimSuffix(strings.Repeat("ab-", 20), "-"),
	} {
		if got := slug(title); got != want {
			t.Errorf("slug(%q) = %q, want %q", title, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.String().Draw(t, "title")
		if s := slug(title); len(s) > slugLength || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Fatalf("slug(%q) = %q", title, s)
		}
	})
}

func TestStoredFileIsForPeople(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	a := sampleArticle(7)
	a.Text += "\n<b>\"paragraphs\": null</b> & more"
	put(t, s, a)
	path := filepath.Join(dir, "articles", "shared", a.ID[:2], "the-ferry-part-7-"+a.ID+".json")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n  \"title\": \"The ferry, part 7\",\n", "“It is late,” said Orla Finn.", "<b>", "\n    {\"n\":2,\"span\":["} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("the file has no %q:\n%s", want, b)
		}
	}
	if got, err := s.Get(t.Context(), a.ID); err != nil || got.Text != a.Text {
		t.Errorf("Get = %v, %v", got, err)
	}
}

func TestAllGoesOnAfterADamagedFile(t *testing.T) {
	damages := map[string]func(b []byte) []byte{
		"cut short":       func(b []byte) []byte { return b[:len(b)/2] },
		"empty":           func([]byte) []byte { return nil },
		"another text":    func(b []byte) []byte { return bytes.Replace(b, []byte("late"), []byte("fine"), 1) },
		"a span too long": func(b []byte) []byte { return bytes.Replace(b, []byte(`"span":[0,`), []byte(`"span":[0,99`), 1) },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			var all []*Article
			for n := range 5 {
				all = append(all, sampleArticle(n))
				put(t, s, all[n])
			}
			path := s.blobs.Where(s.names[all[2].ID])
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(b), 0o644); err != nil {
				t.Fatal(err)
			}
			var good, bad int
			for a, err := range s.All(t.Context()) {
				switch {
				case err == nil:
					good++
					if a.ID == all[2].ID {
						t.Error("the damaged article was returned")
					}
				case strings.Contains(err.Error(), path):
					bad++
				default:
					t.Error(err)
				}
			}
			if good != 4 || bad != 1 {
				t.Errorf("%d articles and %d errors", good, bad)
			}
		})
	}
}

func TestIDsAreSortedAndOtherFilesIgnored(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	var want []string
	for n := range 20 {
		a := sampleArticle(n)
		put(t, s, a)
		want = append(want, a.ID)
	}
	slices.Sort(want)
	shard := filepath.Dir(s.blobs.Where(s.names[want[0]]))
	for _, name := range []string{"notes.txt", ".DS_Store", "x.json", tempPrefix + "9"} {
		if err := os.WriteFile(filepath.Join(shard, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.IDs(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("IDs: %v\n%s", err, diff)
	}
	if n, err := s.Bytes(t.Context()); n < 20*300 || err != nil {
		t.Errorf("Bytes = %d, %v", n, err)
	}
}

func TestOpenSweepsWhatKilledWritersLeft(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	a := sampleArticle(1)
	put(t, s, a)
	left := filepath.Join(filepath.Dir(s.blobs.Where(s.names[a.ID])), tempPrefix+"123")
	if err := os.WriteFile(left, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	unlock, err := s.blobs.(*dirBackend).lockWriters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	openStore(t, dir)
	if _, err := os.Stat(left); err != nil {
		t.Errorf("a temporary file was swept while somebody writes: %v", err)
	}
	unlock()
	openStore(t, dir)
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the leftover is still there: %v", err)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("the superuser may write everywhere")
	}
	dir := t.TempDir()
	a := sampleArticle(1)
	put(t, openStore(t, dir), a)
	for _, d := range []string{filepath.Join(dir, "articles", "shared"), dir} {
		if err := os.Chmod(d, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(d, 0o755) })
	}
	s := openStore(t, dir)
	if _, err := s.Get(t.Context(), a.ID); err != nil {
		t.Errorf("reading: %v", err)
	}
	if _, err := s.Put(t.Context(), sampleArticle(2)); err == nil || !strings.Contains(err.Error(), "check who owns") {
		t.Errorf("writing: %v", err)
	}
}

func TestPutWithoutAPlaceToWrite(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	// A file where a folder should be stops everybody, the superuser too.
	if err := os.WriteFile(filepath.Join(dir, "articles", "shared"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if added, err := s.Put(t.Context(), sampleArticle(1)); err == nil || added || !strings.Contains(err.Error(), "shared") {
		t.Errorf("Put = %v, %v", added, err)
	}
}

func TestPutEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := openStore(t, t.TempDir())
	if added, err := s.Put(ctx, sampleArticle(1)); !errors.Is(err, context.Canceled) || added {
		t.Errorf("Put = %v, %v", added, err)
	}
	if n, err := s.Len(t.Context()); n != 0 || err != nil {
		t.Errorf("Len = %d, %v", n, err)
	}
}

func TestManyGoroutines(t *testing.T) {
	dir := t.TempDir()
	stores := []*Store{openStore(t, dir), openStore(t, dir)}
	var wg sync.WaitGroup
	var mu sync.Mutex
	added := 0
	for w := range 8 {
		wg.Go(func() {
			s := stores[w%2]
			for n := range 20 {
				a := sampleArticle(n)
				ok, err := s.Put(t.Context(), a)
				if err != nil {
					t.Error(err)
					return
				}
				if ok {
					mu.Lock()
					added++
					mu.Unlock()
				}
				if _, err := s.Get(t.Context(), a.ID); err != nil {
					t.Error(err)
				}
				if _, err := s.IDs(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if added != 20 {
		t.Errorf("20 articles were added %d times", added)
	}
}

func BenchmarkPutAll(b *testing.B) {
	s := openStore(b, b.TempDir())
	const batch = 64
	body := strings.Repeat("“The ferry is late again today,” said Orla Finn, who has waited for it since dawn.\n", 60)
	n := 0
	for b.Loop() {
		articles := make([]*Article, batch)
		for i := range articles {
			n++
			a := &Article{Title: fmt.Sprintf("Ferry %d", n), Text: body}
			a.classify(splitParagraphs(a.Text))
			articles[i] = a
		}
		if _, err := s.PutAll(b.Context(), articles); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkGet(b *testing.B) {
	dir := b.TempDir()
	s := openStore(b, dir)
	var ids []string
	for n := range 200 {
		a := sampleArticle(n)
		put(b, s, a)
		ids = append(ids, a.ID)
	}
	s = openStore(b, dir)
	i := 0
	for b.Loop() {
		if _, err := s.Get(b.Context(), ids[i%len(ids)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
