package bot

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawListing draws what a member can ask for.
func drawListing(t *rapid.T) listing {
	value := func(name string, most int) string {
		return rapid.StringN(0, most, -1).Draw(t, name)
	}
	l := listing{Command: rapid.SampledFrom([]string{cmdWho, cmdAsk, cmdQuotes}).Draw(t, "command")}
	if l.Command != cmdQuotes {
		l.Text = value("text", maxQuestion)
		return l
	}
	l.Speaker, l.About, l.Publisher = value("speaker", maxName), value("about", maxName), value("publisher", maxName)
	l.From = rapid.SampledFrom([]string{"", "2024-01-01"}).Draw(t, "from")
	return l
}

// TestPageIDsLeadBack: what a page button carries is what a click on it finds.
func TestPageIDsLeadBack(t *testing.T) {
	store, err := newStore(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		l, offset := drawListing(t), rapid.IntRange(0, maxOffset).Draw(t, "offset")
		id, err := pageID(store, "77", l, offset)
		if err != nil {
			t.Fatal(err)
		}
		if units(id) > maxCustomID {
			t.Fatalf("%q is over %d units", id, maxCustomID)
		}
		action, arg, err := splitCustomID(id)
		if err != nil || action != actionMore {
			t.Fatalf("%q splits into %q (%v)", id, action, err)
		}
		got, at, err := parsePage(store, "77", arg)
		if err != nil || got != l || at != offset {
			t.Fatalf("%q leads to %+v at %d (%v), want %+v at %d", id, got, at, err, l, offset)
		}
	})
}

func FuzzCustomID(f *testing.F) {
	for _, id := range []string{
		"more:3:c=ask&t=who", "more:0:#AAAAAAAAAAAAAAAAAAAAAAAAAA", "more:03:c=ask&t=x", "context:a.q1", "reindex:stop:X", ":", "", "more:3:c=ask&c=who&t=x",
	} {
		f.Add(id)
	}
	store, err := newStore(f.TempDir(), time.Now)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, id string) {
		action, arg, err := splitCustomID(id)
		if err != nil {
			return
		}
		if action+":"+arg != id {
			t.Errorf("%q splits into %q and %q", id, action, arg)
		}
		l, offset, err := parsePage(store, "77", arg)
		if err != nil {
			if !errors.Is(err, errForged) && !errors.Is(err, errExpired) {
				t.Errorf("parsing %q: %v", arg, err)
			}
			return
		}
		// Whatever is taken is something that the bot itself writes.
		if again, err := pageID(store, "77", l, offset); err != nil || again != actionMore+":"+arg {
			t.Errorf("%q was taken, but is written %q (%v)", arg, again, err)
		}
	})
}

func TestStoreForgets(t *testing.T) {
	now := time.Date(2024, 5, 3, 12, 0, 0, 0, time.UTC)
	store, err := newStore(t.TempDir(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	first, err := store.keep("77", "the first")
	if err != nil {
		t.Fatal(err)
	}
	find := func(key string, want error) {
		t.Helper()
		if _, err := store.find("77", key); !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
	find(first, nil)
	now = now.Add(maxStoredAge - time.Hour)
	if _, err := store.keep("77", "the first"); err != nil { // asked again: its age starts anew
		t.Fatal(err)
	}
	now = now.Add(2 * time.Hour)
	find(first, nil)
	now = now.Add(maxStoredAge)
	find(first, errExpired)
	var key string
	store.limit = 20
	for i := range store.limit + 5 {
		now = now.Add(time.Second)
		if key, err = store.keep("77", strings.Repeat("x", i)); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = key
		}
	}
	find(first, errExpired) // crowded out
	find(key, nil)
}
