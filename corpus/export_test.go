package corpus

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// files are a folder's files and what they hold, save the lock.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == lockName {
			return err
		}
		b, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, dir)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// fullStore has something of everything, in two scopes.
func fullStore(t *testing.T, dir string) *Store {
	s := openStore(t, dir)
	for n := range 6 {
		put(t, s, sampleArticle(n))
	}
	private := sampleArticle(7)
	private.Scope = "77"
	put(t, s, private)
	record(t, s, Change{Action: ActRemove, Article: sampleArticle(2).Identity()})
	record(t, s, Change{Action: ActSpeaker, Article: sampleArticle(1).Identity(), Quote: someQuote, To: "Orla Finn"})
	record(t, s, Change{Scope: "77", Action: ActSet, Setting: SettingModeratorRole, Value: "12"})
	record(t, s, Change{Scope: "77", Action: ActSet, Setting: SettingLanguage, Value: "uk"})
	record(t, s, Change{Scope: "77", Action: ActSet, Setting: SettingAnswers, Value: AnswersPrivate})
	record(t, s, Change{Scope: "77", Action: ActAddFeed, URL: "https://a.example/feed"})
	if err := s.SetFeedState(t.Context(), "77", FeedState{URL: "https://a.example/feed", ETag: "x"}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestExportRoundTrips(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	var out bytes.Buffer
	if err := fullStore(t, from).Export(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, to)
	for range 2 { // the second time, all is known
		if _, err := s.Restore(t.Context(), bytes.NewReader(out.Bytes())); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(filesOf(t, from), filesOf(t, to)); diff != "" {
			t.Errorf("restored otherwise (-want +got):\n%s", diff)
		}
	}
	want := Settings{ModeratorRole: "12", Language: "uk", Answers: AnswersPrivate}
	if diff := cmp.Diff(want, state(t, s, "77").Settings); diff != "" {
		t.Errorf("the settings are not in use (-want +got):\n%s", diff)
	}
	record(t, s, Change{Scope: "77", Action: ActHide, Name: "A"})
	record(t, openStore(t, from), Change{Scope: "77", Action: ActHide, Name: "B"})
	out.Reset()
	if err := openStore(t, from).Export(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restore(t.Context(), &out); !errors.Is(err, ErrOtherChanges) {
		t.Errorf("restoring over other changes: %v", err)
	}
}

// TestExportOfOneScope holds nothing of another.
func TestExportOfOneScope(t *testing.T) {
	var out bytes.Buffer
	if err := fullStore(t, t.TempDir()).Export(t.Context(), &out, "77"); err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	if _, err := openStore(t, to).Restore(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	files := filesOf(t, to)
	if len(files) != 6 {
		t.Errorf("%d files, want an article, four changes and a feed's state", len(files))
	}
	for name := range files {
		if !strings.Contains(name, "/77/") {
			t.Errorf("%s is another scope's", name)
		}
	}
}

// TestHostileExports write nothing outside the store, nor anything unsound into it.
func TestHostileExports(t *testing.T) {
	var real bytes.Buffer
	if err := fullStore(t, t.TempDir()).Export(t.Context(), &real); err != nil {
		t.Fatal(err)
	}
	pack := func(name, body string, size int64) []byte {
		var b bytes.Buffer
		zip := gzip.NewWriter(&b)
		w := tar.NewWriter(zip)
		head := `{"format":1}`
		w.WriteHeader(&tar.Header{Name: exportHead, Size: int64(len(head))})
		w.Write([]byte(head))
		w.WriteHeader(&tar.Header{Name: name, Size: size})
		w.Write([]byte(body))
		w.Flush()
		zip.Close()
		return b.Bytes()
	}
	for name, export := range map[string][]byte{
		"no export":           []byte("hello"),
		"cut":                 real.Bytes()[:real.Len()/2],
		"out of the folder":   pack("../../x/y", "x", 1),
		"an absolute path":    pack("/articles/shared/x", "x", 1),
		"another folder":      pack("bin/shared/sh", "x", 1),
		"an article of lies":  pack("articles/shared/aa/"+strings.Repeat("a", idLength)+".json", "{}", 2),
		"a change of lies":    pack("changes/shared/00000001.json", "{}", 2),
		"a claim of ten gigs": pack("changes/shared/00000001.json", "", 10<<30),
	} {
		t.Run(name, func(t *testing.T) {
			around := t.TempDir()
			s := openStore(t, filepath.Join(around, "corpus"))
			if _, err := s.Restore(t.Context(), bytes.NewReader(export)); err == nil {
				t.Error("restored")
			}
			if name != "cut" && len(filesOf(t, around)) > 0 {
				t.Errorf("it left %v", filesOf(t, around))
			}
			if errs := s.Damaged(t.Context()); len(errs) > 0 {
				t.Error(errs)
			}
		})
	}
}

func FuzzRestore(f *testing.F) {
	var real bytes.Buffer
	s, err := Open(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	put(f, s, sampleArticle(1))
	record(f, s, Change{Action: ActHide, Name: "A"})
	if err := s.Export(f.Context(), &real); err != nil {
		f.Fatal(err)
	}
	f.Add(real.Bytes())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, export []byte) {
		dir := t.TempDir()
		s := openStore(t, dir)
		_, _ = s.Restore(t.Context(), bytes.NewReader(export))
		if errs := s.Damaged(t.Context()); len(errs) > 0 {
			t.Error(errs)
		}
		for _, err := range s.All(t.Context()) {
			if err != nil {
				t.Error(err)
			}
		}
	})
}
