package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/corpus"
)

// Who may use a route.
type allowed int

const (
	everybody  allowed = iota // members too
	moderators                // by permission or by the role
	managers                  // by permission alone
)

// permitted lists who may use every route there is. A new route needs a row
// here: TestPermissions fails without one.
var permitted = map[Kind]map[string]allowed{
	SlashCommand: {
		"who": everybody, "ask": everybody, "quotes": everybody, "verify": everybody, "speaker": everybody, "topic": everybody, "about": everybody, "Who said this?": everybody,
		"corpus status": moderators, "corpus reindex": moderators, "corpus add": moderators, "corpus add-feed": moderators,
		"corpus feeds": moderators, "corpus list": moderators, "corpus show": moderators, "corpus remove": moderators,
		"corpus export": moderators, "corpus reports": moderators, "corpus audit": moderators, "corpus settings": managers,
		"corpus speaker merge": moderators, "corpus speaker rename": moderators, "corpus speaker alias": moderators, "corpus speaker hide": moderators,
	},
	Autocomplete: {
		"quotes": everybody, "verify": everybody, "speaker": everybody, "corpus show": moderators, "corpus remove": moderators,
		"corpus speaker merge": moderators, "corpus speaker rename": moderators, "corpus speaker alias": moderators, "corpus speaker hide": moderators,
	},
	Click: {
		"more": everybody, "context": everybody, "about": everybody, "profile": everybody, "said": everybody, "topic": everybody, "prints": everybody, "follow": everybody, "card": everybody, "tone": everybody, "post": everybody, "wrong": everybody,
		"reindex": moderators, "list": moderators, "show": moderators, "remove": moderators, "undo": moderators,
		"unfeed": moderators, "accept": moderators, "decline": moderators, "reports": moderators, "audit": moderators,
	},
	ModalSubmit: {"follow": everybody, "wrong": everybody, "paste": moderators, "accept": moderators},
}

// TestPermissions tries every command, suggestion, button and form as a
// member, with whatever custom_id, as a moderator by role, and as one who manages the server.
func TestPermissions(t *testing.T) {
	const role = "4242"
	h, f, _ := curated(t)
	rt := h.routes()
	for kind, names := range allRoutes(t, rt) {
		for _, name := range names {
			t.Run(fmt.Sprintf("%d %s", kind, name), func(t *testing.T) {
				who, listed := permitted[kind][name]
				if !listed {
					t.Fatal("this route has no row in the table of who may use it")
				}
				for _, arg := range []string{"", "1", "start", "stop:x", "0:", strings.Repeat("a", 32), "a1b2c3.q1"} {
					// What is tried may have taken the setting back.
					if _, err := f.Record(t.Context(), corpus.Change{Scope: "77", By: "1", Action: corpus.ActSet, Setting: corpus.SettingModeratorRole, Value: role}); err != nil {
						t.Fatal(err)
					}
					try := func(permissions int64, roles ...string) bool {
						r := member(kind, name, map[string]string{})
						r.Arg, r.Permissions, r.Roles = arg, permissions, roles
						_, err := rt.serve(t.Context(), r)
						// What a moderator may not take back of the settings is another test's.
						return !errors.Is(err, errModeratorsOnly) && (who != managers || !errors.Is(err, errManagersOnly))
					}
					got := []bool{try(1<<11, "1", "77"), try(1<<11, role), try(moderator), try(1 << 3)}
					want := map[allowed][]bool{everybody: {true, true, true, true}, moderators: {false, true, true, true}, managers: {false, false, true, true}}[who]
					if !slices.Equal(got, want) {
						t.Errorf("with %q, allowed to member, role, manager, administrator: %v, want %v", arg, got, want)
					}
					r := member(kind, name, map[string]string{})
					r.Arg, r.GuildID, r.Permissions = arg, "", -1
					if _, err := rt.serve(t.Context(), r); who != everybody && !errors.Is(err, errServersOnly) {
						t.Errorf("in a direct message: %v", err)
					}
				}
			})
		}
	}
}

// TestSettingsAreTheManagers: who is a moderator by role alone can't get at
// them by undoing either.
func TestSettingsAreTheManagers(t *testing.T) {
	h, f, _ := curated(t)
	rt := h.routes()
	for _, c := range []corpus.Change{
		{Action: corpus.ActSet, Setting: corpus.SettingModeratorRole, Value: "4242"},
		{Action: corpus.ActSet, Setting: corpus.SettingShared, Value: "off"},
		{Action: corpus.ActUndo, Of: 2},
	} {
		c.Scope, c.By = "77", "1"
		if _, err := f.Record(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []string{"1", "3"} {
		r := withArg(member(Click, "undo", nil), n)
		r.Roles = []string{"4242"}
		if _, err := rt.serve(t.Context(), r); !errors.Is(err, errManagersOnly) {
			t.Errorf("undoing change %s: %v", n, err)
		}
	}
	for _, n := range []string{"3", "1"} {
		if _, err := rt.serve(t.Context(), withArg(mod(Click, "undo"), n)); err != nil {
			t.Errorf("a manager undoes change %s: %v", n, err)
		}
	}
}

// allRoutes lists the names of all routes by kind.
func allRoutes(t *testing.T, rt router) map[Kind][]string {
	all := map[Kind][]string{}
	for kind, names := range rt.table {
		for name := range names {
			all[kind] = append(all[kind], name)
		}
	}
	for kind, names := range permitted {
		for name := range names {
			if !slices.Contains(all[kind], name) {
				t.Errorf("the table has a row for %d %s, which is no route", kind, name)
			}
		}
	}
	return all
}

// TestCommandsHaveRoutes: whatever is registered with Discord is answered, and
// the moderators' commands are hidden from members.
func TestCommandsHaveRoutes(t *testing.T) {
	h, _, _ := curated(t)
	table := h.routes().table
	for _, c := range Commands() {
		names := []string{c.Name}
		if len(c.Options) > 0 && c.Options[0].Type == 1 {
			names = nil
			for _, sub := range c.Options {
				if sub.Type == 1 {
					names = append(names, c.Name+" "+sub.Name)
					continue
				}
				for _, inGroup := range sub.Options {
					names = append(names, c.Name+" "+sub.Name+" "+inGroup.Name)
				}
			}
		}
		for _, name := range names {
			if _, ok := table[SlashCommand][name]; !ok {
				t.Errorf("/%s has no handler", name)
			}
			if hidden := c.Permissions == moderator; hidden != (permitted[SlashCommand][name] != everybody) {
				t.Errorf("/%s: hidden from members: %v", name, hidden)
			}
		}
	}
}
