package corpus

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/quote"
)

var someQuote = []quote.Span{{Start: 0, End: 30}}

// record makes a change as the moderator "7".
func record(t testing.TB, s *Store, c Change) Change {
	t.Helper()
	if c.By == "" {
		c.By = "7"
	}
	c, err := s.Record(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func state(t testing.TB, s *Store, scope string) *State {
	t.Helper()
	st, err := s.State(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// TestStateOfChanges shows what becomes of each kind of change, and of undoing it.
func TestStateOfChanges(t *testing.T) {
	id := sampleArticle(1).Identity()
	otherQuote := []quote.Span{{Start: 40, End: 50}}
	for name, tc := range map[string]struct {
		changes []Change
		want    State
	}{
		"nothing": {nil, State{}},
		"a speaker": {
			[]Change{{Action: ActSpeaker, Article: id, Quote: someQuote, To: "Orla Finn"}},
			State{Fixes: map[string][]Fix{id: {{1, someQuote, "", "Orla Finn"}}}},
		},
		"the last word on a quote counts": {
			[]Change{
				{Action: ActSpeaker, Article: id, Quote: someQuote, To: "Orla Finn"},
				{Action: ActSpeaker, Article: id, Quote: otherQuote, To: ""},
				{Action: ActSpeaker, Article: id, Quote: someQuote, To: "Bela Ruud"},
			},
			State{Fixes: map[string][]Fix{id: {{2, otherQuote, "", ""}, {3, someQuote, "", "Bela Ruud"}}}},
		},
		"undone, the word before it counts": {
			[]Change{
				{Action: ActSpeaker, Article: id, Quote: someQuote, To: "Orla Finn"},
				{Action: ActSpeaker, Article: id, Quote: someQuote, To: "Bela Ruud"},
				{Action: ActUndo, Of: 2},
			},
			State{Fixes: map[string][]Fix{id: {{1, someQuote, "", "Orla Finn"}}}, Undone: map[int]bool{2: true}},
		},
		"cleared": {
			[]Change{
				{Action: ActSpeaker, Article: id, Quote: someQuote, To: "Orla Finn"},
				{Action: ActClear, Article: id, Quote: someQuote},
			},
			State{},
		},
		"an undo undone": {
			[]Change{{Action: ActHide, Name: "The Post"}, {Action: ActUndo, Of: 1}, {Action: ActUndo, Of: 2}},
			State{Names: []NameRule{{1, ActHide, "The Post", ""}}, Undone: map[int]bool{2: true}},
		},
		"names": {
			[]Change{{Action: ActMerge, Name: "O. Finn", To: "Orla Finn"}, {Action: ActAlias, Name: "Orla Finn", To: "the ferryman"}, {Action: ActRename, Name: "Bela", To: "Bela Ruud"}},
			State{Names: []NameRule{{1, ActMerge, "O. Finn", "Orla Finn"}, {2, ActAlias, "Orla Finn", "the ferryman"}, {3, ActRename, "Bela", "Bela Ruud"}}},
		},
		"settings": {
			[]Change{{Action: ActSet, Setting: SettingShared, Value: "on"}, {Action: ActSet, Setting: SettingModeratorRole, Value: "123"}, {Action: ActSet, Setting: SettingShared, Value: "off"}},
			State{Settings: Settings{Shared: "off", ModeratorRole: "123"}},
		},
		"a feed that is removed": {
			[]Change{{Action: ActAddFeed, URL: "https://a.example/feed"}, {Action: ActAddFeed, URL: "https://b.example/feed"}, {Action: ActRemoveFeed, URL: "https://a.example/feed"}},
			State{Feeds: []Feed{{Change: 2, URL: "https://b.example/feed", By: "7"}}},
		},
		"removed and brought back": {
			[]Change{{Action: ActRemove, Article: id}, {Action: ActUndo, Of: 1}},
			State{Undone: map[int]bool{1: true}},
		},
		"an undone addition": {
			[]Change{{Action: ActAdd, Article: id}, {Action: ActUndo, Of: 1}},
			State{Removed: map[string]int{id: 1}, Undone: map[int]bool{1: true}},
		},
		"a report that is right": {
			[]Change{
				{Action: ActReport, Article: id, Quote: someQuote, By: "9"},
				{Action: ActAccept, Article: id, Quote: someQuote, Of: 1, To: "Orla Finn"},
			},
			State{Fixes: map[string][]Fix{id: {{2, someQuote, "", "Orla Finn"}}}},
		},
		"a report that is not": {
			[]Change{{Action: ActReport, Article: id, Quote: someQuote, By: "9"}, {Action: ActDecline, Of: 1}},
			State{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := openStore(t, dir)
			for _, c := range tc.changes {
				record(t, s, c)
			}
			tc.want.Scope, tc.want.Seq = SharedScope, len(tc.changes)
			for what, got := range map[string]*State{"at once": state(t, s, SharedScope), "after a restart": state(t, openStore(t, dir), SharedScope)} {
				if diff := cmp.Diff(&tc.want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Feed{}, "Since")); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
		})
	}
}

// TestChangesThatMakeNoSense are refused, and leave no trace.
func TestChangesThatMakeNoSense(t *testing.T) {
	id := sampleArticle(1).Identity()
	report := Change{Action: ActReport, Article: id, Quote: someQuote, By: "9"}
	for name, tc := range map[string]struct {
		before []Change
		change Change
		want   error
	}{
		"an action that is none":     {nil, Change{Action: "explode"}, ErrChange},
		"an article that is a path":  {nil, Change{Action: ActRemove, Article: "../../../../etc/passwd"}, ErrChange},
		"a scope that is a path":     {nil, Change{Action: ActHide, Name: "x", Scope: "../x"}, nil},
		"a quote without words":      {nil, Change{Action: ActSpeaker, Article: id}, ErrChange},
		"spans the wrong way round":  {nil, Change{Action: ActSpeaker, Article: id, Quote: []quote.Span{{Start: 9, End: 3}}}, ErrChange},
		"a name without end":         {nil, Change{Action: ActHide, Name: strings.Repeat("x", 500)}, ErrChange},
		"a merge with oneself":       {nil, Change{Action: ActMerge, Name: "A", To: "A"}, ErrChange},
		"a feed that is a file":      {nil, Change{Action: ActAddFeed, URL: "file:///etc/passwd"}, ErrChange},
		"a feed twice":               {[]Change{{Action: ActAddFeed, URL: "https://a.example/"}}, Change{Action: ActAddFeed, URL: "https://a.example/"}, ErrKnownFeed},
		"a feed that is not watched": {nil, Change{Action: ActRemoveFeed, URL: "https://a.example/"}, ErrNoSuchFeed},
		"a setting that is none":     {nil, Change{Action: ActSet, Setting: "colour", Value: "on"}, ErrChange},
		"a language that is a path":  {nil, Change{Action: ActSet, Setting: SettingLanguage, Value: "../de"}, ErrChange},
		"answers to nobody":          {nil, Change{Action: ActSet, Setting: SettingAnswers, Value: "nobody"}, ErrChange},
		"a role that is a mention":   {nil, Change{Action: ActSet, Setting: SettingModeratorRole, Value: "@everyone"}, ErrChange},
		"undoing nothing":            {nil, Change{Action: ActUndo, Of: 4}, ErrNothingToUndo},
		"undoing twice":              {[]Change{{Action: ActHide, Name: "A"}, {Action: ActUndo, Of: 1}}, Change{Action: ActUndo, Of: 1}, ErrNothingToUndo},
		"removing twice":             {[]Change{{Action: ActRemove, Article: id}}, Change{Action: ActRemove, Article: id}, ErrRemoved},
		"a report twice":             {[]Change{report}, report, ErrReported},
		"deciding twice":             {[]Change{report, {Action: ActDecline, Of: 1}}, Change{Action: ActDecline, Of: 1}, ErrDecided},
		"deciding what is no report": {[]Change{{Action: ActHide, Name: "A"}}, Change{Action: ActDecline, Of: 1}, ErrDecided},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			for _, c := range tc.before {
				record(t, s, c)
			}
			tc.change.By = "7"
			if _, err := s.Record(t.Context(), tc.change); err == nil || tc.want != nil && !errors.Is(err, tc.want) {
				t.Errorf("Record: %v, want %v", err, tc.want)
			}
			if got := state(t, s, SharedScope).Seq; got != len(tc.before) {
				t.Errorf("%d changes are kept, want %d", got, len(tc.before))
			}
		})
	}
}

// TestOneMembersReportsAreBounded: they can't fill the moderators' list.
func TestOneMembersReportsAreBounded(t *testing.T) {
	s := openStore(t, t.TempDir())
	id := sampleArticle(1).Identity()
	var err error
	for n := range maxReportsPerOne + 1 {
		if err != nil {
			t.Fatalf("report %d: %v", n, err)
		}
		_, err = s.Record(t.Context(), Change{Action: ActReport, Article: id, Quote: []quote.Span{{Start: n, End: n + 1}}, By: "9"})
	}
	if !errors.Is(err, ErrTooManyReports) {
		t.Errorf("the last one: %v", err)
	}
}

// TestRemovedArticle: it is out of sight at once, in every open store, and comes back whole.
func TestRemovedArticle(t *testing.T) {
	dir := t.TempDir()
	s, other := openStore(t, dir), openStore(t, dir)
	a, b := sampleArticle(1), sampleArticle(2)
	put(t, s, a)
	put(t, s, b)
	seen := func(want bool) {
		t.Helper()
		for name, s := range map[string]*Store{"this store": s, "another process's": other, "a new one": openStore(t, dir)} {
			_, err := s.Get(t.Context(), a.ID)
			if got := err == nil; got != want || !got && !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: Get: %v", name, err)
			}
			if ids, err := s.IDs(t.Context()); err != nil || (len(ids) == 2) != want {
				t.Errorf("%s: IDs: %d, %v", name, len(ids), err)
			}
		}
	}
	seen(true)
	removal := record(t, s, Change{Action: ActRemove, Article: a.ID})
	seen(false)
	if added, err := s.Put(t.Context(), sampleArticle(1)); added || err != nil {
		t.Errorf("a removed article was added again: %v, %v", added, err)
	}
	seen(false)
	record(t, other, Change{Action: ActUndo, Of: removal.Seq})
	seen(true)
	got, err := s.Get(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("it came back otherwise (-want +got):\n%s", diff)
	}
}

// TestRemovalThatWasKilled: whatever the kill left where, the log decides.
func TestRemovalThatWasKilled(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	a := sampleArticle(1)
	put(t, s, a)
	file := s.blobs.Where(s.names[a.ID])
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	removal := record(t, s, Change{Action: ActRemove, Article: a.ID})
	if err := os.WriteFile(file, whole, 0o644); err != nil { // as if it had not come to the moving
		t.Fatal(err)
	}
	s = openStore(t, dir)
	if _, err := s.Get(t.Context(), a.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("after a kill in a removal: %v", err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file still lies with the articles: %v", err)
	}
	record(t, s, Change{Action: ActUndo, Of: removal.Seq})
	trash := filepath.Join(dir, trashDir, SharedScope, filepath.Base(file))
	if err := os.Rename(file, trash); err != nil {
		t.Fatal(err)
	}
	if _, err := openStore(t, dir).Get(t.Context(), a.ID); err != nil {
		t.Errorf("after a kill in an undo: %v", err)
	}
}

// TestDamagedChange: one that can't be read is named, and the rest counts.
func TestDamagedChange(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	for n := range 3 {
		record(t, s, Change{Action: ActHide, Name: fmt.Sprint("Speaker ", n)})
	}
	if err := os.WriteFile(s.blobs.Where(changeName(SharedScope, 2)), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir)
	if names := state(t, s, SharedScope).Names; len(names) != 2 {
		t.Errorf("%d of the 2 sound changes count", len(names))
	}
	damaged := s.Damaged(t.Context())
	if len(damaged) != 1 || !strings.Contains(damaged[0].Error(), "00000002.json") {
		t.Errorf("damaged: %v", damaged)
	}
	if c := record(t, s, Change{Action: ActHide, Name: "Another"}); c.Seq != 4 {
		t.Errorf("the next change has number %d", c.Seq)
	}
}

// TestManyModeratorsAtOnce: no number is given twice, and none is lost.
func TestManyModeratorsAtOnce(t *testing.T) {
	dir := t.TempDir()
	stores := []*Store{openStore(t, dir), openStore(t, dir)}
	const each = 10
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			for n := range each {
				if _, err := stores[w%2].Record(t.Context(), Change{Action: ActHide, Name: fmt.Sprintf("%d of %d", n, w), By: "7"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, s := range stores {
		if st := state(t, s, SharedScope); len(st.Names) != 6*each || st.Seq != 6*each {
			t.Errorf("%d changes up to %d, want %d", len(st.Names), st.Seq, 6*each)
		}
	}
}

// TestUndoIsExact: whatever is done, undoing all of it, in any order, gives the state
// before, and so does undoing the undos the state after.
func TestUndoIsExact(t *testing.T) {
	ids := []string{sampleArticle(1).Identity(), sampleArticle(2).Identity()}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"A", "B", "C"})
		some := rapid.Custom(func(t *rapid.T) Change {
			return Change{
				Action:  rapid.SampledFrom([]Action{ActSpeaker, ActMerge, ActHide, ActAlias, ActSet, ActRemove, ActClear}).Draw(t, "action"),
				Article: rapid.SampledFrom(ids).Draw(t, "article"), Quote: someQuote,
				Name: name.Draw(t, "name"), To: "new " + name.Draw(t, "to"), Setting: SettingShared, Value: "on",
			}
		})
		changes := rapid.SliceOfN(some, 1, 10).Draw(t, "changes")
		number := func() {
			for i := range changes {
				changes[i].Seq = i + 1
			}
		}
		number()
		after := stateOf("s", changes)
		n := len(changes)
		for _, i := range rapid.Permutation(indexes(n)).Draw(t, "order") {
			changes = append(changes, Change{Action: ActUndo, Of: i + 1})
		}
		number()
		ignore := cmpopts.IgnoreFields(State{}, "Seq", "Undone")
		if diff := cmp.Diff(stateOf("s", nil), stateOf("s", changes), ignore, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("all is undone, but (-want +got):\n%s", diff)
		}
		for i := n; i < 2*n; i++ {
			changes = append(changes, Change{Action: ActUndo, Of: i + 1})
		}
		number()
		if diff := cmp.Diff(after, stateOf("s", changes), ignore, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("all undos are undone, but (-want +got):\n%s", diff)
		}
	})
}

func indexes(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
