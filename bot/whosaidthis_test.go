package bot

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/corpus"
)

// TestClaimIn: what a message claims somebody said.
func TestClaimIn(t *testing.T) {
	for name, tc := range map[string]struct{ message, words, speaker string }{
		"bare words":                {"the lighthouse stays open all winter", "the lighthouse stays open all winter", ""},
		"a quote in talk":           {"lol did you see “the lighthouse stays open all winter”?", "the lighthouse stays open all winter", ""},
		"straight marks":            {`he said "the lighthouse stays open" yesterday`, "the lighthouse stays open", ""},
		"german marks":              {"„Der Leuchtturm bleibt offen“ – Mira Halden", "Der Leuchtturm bleibt offen", "Mira Halden"},
		"french marks":              {"« le phare reste ouvert » — Mira Halden, hier", "le phare reste ouvert", "Mira Halden"},
		"a name after a dash":       {"> “The lighthouse stays open”\n— Mira Halden", "The lighthouse stays open", "Mira Halden"},
		"a name before a colon":     {"Mira Halden: “The lighthouse stays open”", "The lighthouse stays open", "Mira Halden"},
		"the longest of several":    {`"short one here" and "the much longer one of the two" — Bo`, "the much longer one of the two", "Bo"},
		"scare quotes are no claim": {`that "expert" says the lighthouse stays open`, `that "expert" says the lighthouse stays open`, ""},
		"a mark that never closes":  {"“the lighthouse stays open", "“the lighthouse stays open", ""},
		"Markdown, links, mentions": {"**the** ~~light~~ <@123> ||house|| [stays](https://x.example) <:lamp:99> https://y.example/a_b open", "the light house stays open", ""},
		"escaped marks":             {`the \*lighthouse\* stays \_open\_`, "the *lighthouse* stays _open_", ""},
		"a block quote":             {"> the lighthouse\n> stays open", "the lighthouse stays open", ""},
		"snake_case and lists":      {"- the light_house stays\n- open", "the light_house stays open", ""},
		"nothing but a picture":     {"<:lamp:99> https://y.example/a.png", "", ""},
		"japanese":                  {"彼女は「灯台は冬の間ずっと開いています」と言った", "灯台は冬の間ずっと開いています", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := claimIn(tc.message)
			if got.Text != tc.words || got.Speaker != tc.speaker {
				t.Errorf("claimIn(%q) = %q by %q, want %q by %q", tc.message, got.Text, got.Speaker, tc.words, tc.speaker)
			}
		})
	}
	if got := claimIn(strings.Repeat("й", 5000)); utf8.RuneCountInString(got.Text) != maxClaim {
		t.Errorf("a long message claims %d characters", utf8.RuneCountInString(got.Text))
	}
}

func FuzzClaimIn(f *testing.F) {
	for _, s := range []string{"“a” — B", "Mira Halden: «x", `\“\*\`, "> \"q\"\n<@1>", "\ue000\\\ue000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := claimIn(text)
		if n := utf8.RuneCountInString(got.Text); n > maxClaim || utf8.ValidString(text) && !utf8.ValidString(got.Text) {
			t.Errorf("%d characters in %q", n, got.Text)
		}
	})
}

// TestWhoSaidThis uses the menu command on messages, and looks at what the
// member and the backend get.
func TestWhoSaidThis(t *testing.T) {
	best := halden()
	f := &fakeBackend{check: answer.Check{Verdict: answer.Altered, Best: &best}}
	rt := newHandlers(t, f).routes()
	use := func(change func(data map[string]any), message any) (Response, error) {
		t.Helper()
		data := map[string]any{"type": 3, "name": msgWhoSaid, "target_id": "9", "resolved": map[string]any{"messages": map[string]any{"9": message}}}
		e := event("1", 2, data)
		change(e)
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		it, err := decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		return rt.serve(t.Context(), it.Request)
	}
	same := func(map[string]any) {}
	content := func(s string) map[string]any {
		return map[string]any{"content": s, "components": []any{map[string]any{"type": 99}}}
	}
	resp, err := use(same, content("“never open all winter” — Mira Halden"))
	if err != nil || !resp.Message.Ephemeral || resp.Verdict != answer.Altered {
		t.Fatalf("%+v, %v", resp, err)
	}
	wired(t, resp.Message).button(t, "Share to channel")
	for _, message := range []any{
		content("“never open all winter” — Nobody Known"),
		map[string]any{"content": "", "embeds": []any{map[string]any{"description": "“never open all winter”"}}},
		map[string]any{"content": "", "flags": 1 << 15, "components": []any{map[string]any{"type": 17, "components": []any{map[string]any{"type": 10, "content": "> “never open all winter”"}}}}},
		map[string]any{"content": "", "message_snapshots": []any{map[string]any{"message": content("“never open all winter”")}}},
	} {
		if _, err := use(same, message); err != nil {
			t.Errorf("%v: %v", message, err)
		}
	}
	both, shared := []string{"77", corpus.SharedScope}, []string{corpus.SharedScope}
	want := []answer.Claim{
		{Text: "never open all winter", Speaker: "Mira Halden", Scopes: both}, {Text: "never open all winter", Scopes: both},
		{Text: "never open all winter", Scopes: both}, {Text: "never open all winter", Scopes: both}, {Text: "never open all winter", Scopes: both},
	}
	if diff := cmp.Diff(want, f.claimed); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	for _, message := range []any{content(""), content("https://x.example/a.png"), nil, "text", []int{1}} {
		var option *optionError
		if _, err := use(same, message); !errors.As(err, &option) {
			t.Errorf("%v: error %v, want an explanation", message, err)
		}
	}
	// Brought along by a member, the bot sees nothing of the server's own.
	f.claimed = nil
	for owners, want := range map[string][]string{`{"1":"99"}`: shared, `{"0":"77"}`: both, `{"0":"77","1":"99"}`: both, `{}`: both} {
		if _, err := use(func(e map[string]any) { e["authorizing_integration_owners"] = json.RawMessage(owners) }, content("never open")); err != nil {
			t.Fatal(err)
		}
		if got := f.claimed[len(f.claimed)-1].Scopes; !slices.Equal(got, want) {
			t.Errorf("owners %s: scopes %v, want %v", owners, got, want)
		}
	}
}

// TestWhereCommandsWork: members' commands work everywhere, moderators' in servers that
// have the bot.
func TestWhereCommandsWork(t *testing.T) {
	for _, c := range Commands() {
		contexts, installs := []int{0, 1, 2}, []int{0, 1}
		if c.Permissions != 0 {
			contexts, installs = []int{0}, []int{0}
		}
		if !slices.Equal(c.Contexts, contexts) || !slices.Equal(c.Installs, installs) {
			t.Errorf("%s: contexts %v, installations %v", c.Name, c.Contexts, c.Installs)
		}
	}
}
