package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/whosaid/whosaid/answer"
)

// slashName is Discord's form of the names of slash commands and options.
var slashName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

// TestLanguages: every language has every key of English, no other, and no text
// that Discord would refuse.
func TestLanguages(t *testing.T) {
	if got, want := texts.Languages(), []string{"de", "en", "es", "fr", "uk"}; !slices.Equal(got, want) {
		t.Errorf("languages %v, want %v", got, want)
	}
	keys := texts.Keys("en")
	for _, language := range texts.Languages() {
		if got := texts.Keys(language); !slices.Equal(got, keys) {
			t.Errorf("%s has keys that English hasn't, or lacks some:\n%v\n%v", language, got, keys)
		}
		in := texts.For(language)
		for _, key := range keys {
			text := in.Get(key)
			switch n := utf8.RuneCountInString(text); {
			case n == 0 || strings.TrimSpace(text) != text:
				t.Errorf("%s: %s is %q", language, key, text)
			case strings.HasPrefix(key, "command.") && n > 100:
				t.Errorf("%s: %s has %d characters, over Discord's 100", language, key, n)
			case strings.HasSuffix(key, ".name") && !strings.Contains(key, "who-said-this") && (!slashName.MatchString(text) || strings.ToLower(text) != text):
				t.Errorf("%s: %s is %q, which is no name for a command or option", language, key, text)
			case strings.HasPrefix(key, "error.") && strings.Contains(text, "{reference}") != (key == "error.failed.hint"):
				t.Errorf("%s: %s is %q; {reference} belongs into error.failed.hint alone", language, key, text)
			}
			for _, hole := range []string{"{speaker}", "{claimed}"} {
				if strings.Contains(text, hole) != strings.Contains(texts.For("en").Get(key), hole) {
					t.Errorf("%s: %s is %q, and has %s where English hasn't, or lacks it", language, key, text, hole)
				}
			}
			if language != "en" && !strings.HasPrefix(key, "command.") && text == texts.For("en").Get(key) {
				t.Errorf("%s: %s is not translated", language, key)
			}
		}
	}
}

// TestCommandsAreTranslated: what members are offered has a name and description in every
// language, English texts are those of the definitions, and no two names clash.
func TestCommandsAreTranslated(t *testing.T) {
	english := texts.For("en")
	moderators := false // may read English where nobody has translated yet
	var walk func(key, name, description string, names, descriptions map[string]string, options []Option)
	walk = func(key, name, description string, names, descriptions map[string]string, options []Option) {
		if moderators && len(names) == 0 {
			t.Logf("%s is not translated", key)
			return
		}
		if len(names) < 5 || description != "" && len(descriptions) < 5 {
			t.Errorf("%s is translated into %d and %d languages, want 5", key, len(names), len(descriptions))
		}
		if got := english.Get(key + ".name"); got != name {
			t.Errorf("%s is called %q in the definition and %q in en.toml", key, name, got)
		}
		if got := english.Get(key + ".description"); description != "" && got != description {
			t.Errorf("%s is described as %q and as %q", key, description, got)
		}
		seen := map[string]bool{}
		for _, o := range options {
			for l, n := range o.NameLocal {
				if seen[l+n] {
					t.Errorf("%s: two options are called %s in %s", key, n, l)
				}
				seen[l+n] = true
			}
			walk(key+"."+o.Name, o.Name, o.Description, o.NameLocal, o.DescriptionLocal, o.Options)
		}
	}
	seen := map[string]bool{}
	for _, c := range localized(Commands()) {
		for l, n := range c.NameLocal {
			if seen[l+n] {
				t.Errorf("two commands are called %s in %s", n, l)
			}
			seen[l+n] = true
		}
		moderators = c.Permissions != 0
		walk(commandKey(c.Name), c.Name, c.Description, c.NameLocal, c.DescriptionLocal, c.Options)
	}
}

// TestErrorsInTheMembersLanguage: a member reads what went wrong in the
// language that their client is set to.
func TestErrorsInTheMembersLanguage(t *testing.T) {
	for client, want := range map[string]string{
		"de": "Das ist für Moderatoren", "fr": "réservé aux modérateurs", "es-419": "para moderadores", "es-ES": "para moderadores",
		"uk": "для модераторів", "en-GB": "That is for moderators", "ja": "That is for moderators", "": "That is for moderators",
		"../de": "That is for moderators",
	} {
		m, _ := explain(errModeratorsOnly, "1", client)
		if !strings.Contains(string(m.Content), want) {
			t.Errorf("%q reads %q", client, m.Content)
		}
	}
	for _, l := range texts.Languages() {
		if m, _ := explain(errBackend, "4711*", l); !strings.Contains(string(m.Content), `4711\*`) {
			t.Errorf("%s: the reference is missing in %q", l, m.Content)
		}
	}
	s := newStandIn(t)
	launch(t, Config{Backend: &fakeBackend{}, HTTPClient: s.client()})
	e := click("1", "card:forged")
	e["locale"] = "uk"
	s.emit("INTERACTION_CREATE", e)
	if got := read[callback](t, s.next("/callback")); !strings.Contains(got.Data.says(), "не знаю такої кнопки") {
		t.Errorf("a member is told %q", got.Data.says())
	}
	if s := fmt.Sprint(texts.For("de").Get("no.such.key")); s != "no.such.key" {
		t.Errorf("a key that is missing shows as %q", s)
	}
}

// TestVerdictsInTheServersLanguage: what everybody reads is in the server's
// language, or else in the member's.
func TestVerdictsInTheServersLanguage(t *testing.T) {
	best := halden()
	check := answer.Check{Verdict: answer.Misattributed, Best: &best, Claim: "x", ClaimedSpeaker: "Bo {speaker}"}
	for _, tc := range []struct{ server, client, want string }{
		{"de", "fr", "Es war **Mira Halden**, nicht **Bo {speaker}**."}, {"", "fr", "C’était **Mira Halden**"},
		{"ja", "uk", "Це **Mira Halden**, а не"}, {"en-US", "de", "It was **Mira Halden**"}, {"", "", "It was **Mira Halden**"},
	} {
		r := Request{GuildLocale: tc.server, Locale: tc.client}
		if m := verdictView(check, r.locales()...); !strings.Contains(string(m.Embeds[0].Description), tc.want) {
			t.Errorf("server %q, client %q: %q lacks %q", tc.server, tc.client, m.Embeds[0].Description, tc.want)
		}
	}
	for _, l := range texts.Languages() {
		for _, v := range []answer.Verdict{answer.Verbatim, answer.Partial, answer.Altered, answer.Misattributed, answer.NotFound, "unheard of"} {
			if style := styleOf(v, texts.For(l)); strings.HasPrefix(string(style.title), "verdict.") || style.meaning == "" {
				t.Errorf("%s: %s has no text", l, v)
			}
		}
	}
}
