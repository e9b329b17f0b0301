package corpus

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// report makes an article of the Coast Courier, not yet stored; the day is in its text too.
func report(scope, date, text string) *Article {
	text += "\nThis was set on " + date + ".\n"
	a := &Article{Scope: scope, Title: "The ferry", Publisher: "Coast Courier", Date: date, Text: text}
	a.classify(splitParagraphs(text))
	return a
}

// add adds one article and returns what became of it.
func add(t *testing.T, s *Store, a *Article) Stored {
	t.Helper()
	all, err := s.Add(t.Context(), "7", []*Article{a})
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

func answering(t *testing.T, s *Store, scope string) []string {
	t.Helper()
	ids, err := s.InScope(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// TestNewestVersionAnswers adds three versions of an article, in each order, with
// the store opened anew between them or not: the newest answers, all are kept.
func TestNewestVersionAnswers(t *testing.T) {
	text := story(1, 30)
	days := []string{"2021-03-08", "2021-03-09", "2021-03-10"}
	make := func(i int) *Article { return report("", days[i], text+strings.Repeat("And again.\n", i)) }
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		for _, restart := range []bool{false, true} {
			dir := t.TempDir()
			s := openStore(t, dir)
			for _, i := range order {
				if restart {
					s = openStore(t, dir)
				}
				if st := add(t, s, make(i)); !st.New {
					t.Errorf("%v: version %d is not new", order, i)
				}
			}
			var want []string
			for i := range days {
				a := make(2 - i)
				a.Scope = SharedScope
				want = append(want, a.Identity())
			}
			if got := answering(t, s, SharedScope); !slices.Equal(got, want[:1]) {
				t.Errorf("%v: %v answer, want the newest, %v", order, got, want[:1])
			}
			var all []string
			for _, v := range state(t, s, SharedScope).Versions(want[1]) {
				all = append(all, v.ID)
				if _, err := s.Get(t.Context(), v.ID); err != nil {
					t.Errorf("%v: a version is gone: %v", order, err)
				}
			}
			slices.Sort(all)
			slices.Sort(want)
			if !slices.Equal(all, want) {
				t.Errorf("%v: the versions are %v, want %v", order, all, want)
			}
		}
	}
}

func TestVersionsAreAScopesOwn(t *testing.T) {
	s := openStore(t, t.TempDir())
	add(t, s, report("100", "2021-03-08", story(1, 30)))
	if st := add(t, s, report("200", "2021-03-09", story(1, 30))); st.Replaces != "" {
		t.Error("an article replaces one of another server")
	}
	if len(answering(t, s, "100")) != 1 || len(answering(t, s, "200")) != 1 {
		t.Error("each server has its article no longer")
	}
}

// TestVersionsUndone: a moderator who takes it back has both articles.
func TestVersionsUndone(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	add(t, s, report("", "2021-03-08", story(1, 30)))
	st := add(t, s, report("", "2021-03-09", story(1, 30)))
	change := state(t, s, SharedScope).Replaced[st.Replaces].Change
	record(t, s, Change{Action: ActUndo, Of: change})
	if n := len(answering(t, s, SharedScope)); n != 2 {
		t.Errorf("%d articles answer", n)
	}
	if s = openStore(t, dir); len(answering(t, s, SharedScope)) != 2 {
		t.Error("after a restart they are versions again")
	}
	// The same article once more changes nothing.
	if st := add(t, s, report("", "2021-03-09", story(1, 30))); st != (Stored{}) {
		t.Errorf("it counts as %+v", st)
	}
}

// TestAddingAVersionUndone: the article whose place it took answers again.
func TestAddingAVersionUndone(t *testing.T) {
	s := openStore(t, t.TempDir())
	add(t, s, report("", "2021-03-08", story(1, 30)))
	a := report("", "2021-03-09", story(1, 30))
	old := add(t, s, a).Replaces
	c := record(t, s, Change{Action: ActAdd, Article: a.ID})
	undo := record(t, s, Change{Action: ActUndo, Of: c.Seq})
	if got := answering(t, s, SharedScope); !slices.Equal(got, []string{old}) {
		t.Errorf("%v answer, want %s", got, old)
	}
	record(t, s, Change{Action: ActUndo, Of: undo.Seq})
	if got := answering(t, s, SharedScope); !slices.Equal(got, []string{a.ID}) {
		t.Errorf("%v answer after the redo, want %s", got, a.ID)
	}
}

// TestRemovedVersionStaysRemoved: what a moderator removed neither comes back nor
// hides a newer report.
func TestRemovedVersionStaysRemoved(t *testing.T) {
	s := openStore(t, t.TempDir())
	a := report("", "2021-03-08", story(1, 30))
	add(t, s, a)
	record(t, s, Change{Action: ActRemove, Article: a.ID})
	if st := add(t, s, report("", "2021-03-09", story(1, 30))); !st.New || st.Replaces != "" {
		t.Errorf("%+v", st)
	}
}

// TestFingerprintsAreMadeAnew: lost or damaged ones, and those of articles that were put
// without, are made when they are needed; then their versions are found too.
func TestFingerprintsAreMadeAnew(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"none were made": func(*testing.T, string) {},
		"lost": func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, printsDir)); err != nil {
				t.Fatal(err)
			}
		},
		"damaged": func(t *testing.T, dir string) {
			path := filepath.Join(dir, printsDir, SharedScope, "00000001.bin")
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b[40] ^= 1
			if err := os.WriteFile(path, b[:len(b)-len(b)/3], 0o644); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := openStore(t, dir)
			old := report("", "2021-03-08", story(1, 30))
			if name == "none were made" {
				if _, err := s.Put(t.Context(), old); err != nil {
					t.Fatal(err)
				}
			} else {
				add(t, s, old)
			}
			spoil(t, dir)
			s = openStore(t, dir)
			if st := add(t, s, report("", "2021-03-09", story(1, 30))); st.Replaces != old.ID {
				t.Errorf("%+v, want it to replace %s", st, old.ID)
			}
			// And they are kept now.
			s = openStore(t, dir)
			if st := add(t, s, report("", "2021-03-07", story(1, 30))); st.ReplacedBy == "" {
				t.Errorf("%+v, want it replaced", st)
			}
		})
	}
}

// TestTwoStoresShareVersions: what one process adds, another's additions are
// compared with.
func TestTwoStoresShareVersions(t *testing.T) {
	dir := t.TempDir()
	one, two := openStore(t, dir), openStore(t, dir)
	add(t, one, report("", "2021-03-01", story(9, 20)))
	add(t, two, report("", "2021-03-02", story(8, 20)))
	for i, s := range []*Store{two, one, two} {
		st := add(t, s, report("", "2021-03-05", story(9, 20)+strings.Repeat("And again.\n", i)))
		if st.Replaces == "" {
			t.Errorf("addition %d replaces nothing", i)
		}
	}
	if n := len(answering(t, two, SharedScope)); n != 2 {
		t.Errorf("%d articles answer", n)
	}
}

// A circle of replacements, which only a forged log has, ends.
func TestReplacementsInACircle(t *testing.T) {
	s := openStore(t, t.TempDir())
	a, b := sampleArticle(1).Identity(), sampleArticle(2).Identity()
	record(t, s, Change{Action: ActReplace, Article: a, Newer: b})
	record(t, s, Change{Action: ActReplace, Article: b, Newer: a})
	if st := state(t, s, SharedScope); len(st.Versions(a)) > 2 {
		t.Errorf("%v", st.Versions(a))
	}
}
