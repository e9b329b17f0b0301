package bot

import (
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/bot/locale"
)

// slashName is Discord's form of the names of slash commands and options.
var slashName = regexp.MustCompile(`^[-_'\p{L}\p{N}]{1,32}$`)

// pluralForm ends the key of a text that is said of a number.
var pluralForm = regexp.MustCompile(`\.(one|few|many|other)$`)

// holes are the holes of a text, sorted, each once.
func holes(text string) []string {
	return slices.Compact(slices.Sorted(slices.Values(regexp.MustCompile(`\{\w+\}`).FindAllString(text, -1))))
}

// TestLanguages: every language has every key of English, no other, and no text
// that Discord would refuse.
func TestLanguages(t *testing.T) {
	if got, want := texts.Languages(), []string{"de", "en", "es", "fr", "uk"}; !slices.Equal(got, want) {
		t.Errorf("languages %v, want %v", got, want)
	}
	keysOf := func(language string) []string {
		var keys []string
		for _, key := range texts.Keys(language) {
			if key != "date.first" { // some languages have no word of its own for it
				keys = append(keys, pluralForm.ReplaceAllString(key, ".{form}"))
			}
		}
		return slices.Compact(slices.Sorted(slices.Values(keys)))
	}
	for _, language := range texts.Languages() {
		if diff := cmp.Diff(keysOf("en"), keysOf(language)); diff != "" {
			t.Errorf("%s has keys that English hasn't, or lacks some (-English +%s):\n%s", language, language, diff)
		}
		for _, key := range texts.Keys(language) {
			checkText(t, language, key)
		}
	}
}

// untranslated are texts that may be the same in English and another language.
var untranslated = regexp.MustCompile(`^(command\.|size\.|date\.|count\.(minutes|bytes)\.|added\.known\.|(form\.paste|list|corpus|report|answer)\.\w+$)`)

// checkText checks one text in one language.
func checkText(t *testing.T, language, key string) {
	english := texts.For("en").Get(key)
	if m := pluralForm.FindString(key); m != "" {
		english = texts.For("en").Get(strings.TrimSuffix(key, m) + ".other")
	}
	if key == "date.first" {
		return
	}
	text := texts.For(language).Get(key)
	if limit := lengthOf(key); utf8.RuneCountInString(text) > limit {
		t.Errorf("%s: %s has %d characters, over %d", language, key, utf8.RuneCountInString(text), limit)
	}
	switch {
	case text == "" || strings.TrimSpace(text) != text:
		t.Errorf("%s: %s is %q", language, key, text)
	case strings.HasPrefix(key, "command.") && strings.HasSuffix(key, ".name") && !strings.Contains(key, "who-said-this") && (!slashName.MatchString(text) || strings.ToLower(text) != text):
		t.Errorf("%s: %s is %q, which is no name for a command or option", language, key, text)
	case language != "en" && !untranslated.MatchString(key) && text == english:
		t.Errorf("%s: %s is not translated: %q", language, key, text)
	}
	got, want := holes(text), holes(english)
	if strings.HasPrefix(key, "added.articles.") { // the form for one has the title, but not where 21 is of that form too
		got, want = nil, nil
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: %s is %q, with the holes %v where English has %v", language, key, text, got, want)
	}
	// A command that a text names is one that the reader has.
	for _, m := range regexp.MustCompile("`/([^`]+)`").FindAllStringSubmatch(text, -1) {
		if !slices.Contains(commandNames(language), m[1]) {
			t.Errorf("%s: %s names the command /%s, which is none", language, key, m[1])
		}
	}
}

// lengthOf is the longest that Discord, or the place where it is shown, takes a
// text, in characters, with what fills its holes left out.
func lengthOf(key string) int {
	switch {
	case strings.HasPrefix(key, "command.") && strings.HasSuffix(key, ".name"):
		return 32
	case strings.HasPrefix(key, "command."):
		return 100
	case strings.HasPrefix(key, "settings.languages."), strings.HasPrefix(key, "settings.visible."), strings.HasSuffix(key, ".empty"):
		return 100 // choices, placeholders
	case strings.HasPrefix(key, "form."):
		return 45 // titles and labels
	case strings.HasPrefix(key, "button."):
		return 34 // so that several stand side by side
	}
	return 600
}

// commandNames are the commands and subcommands as members type them in a language.
func commandNames(language string) []string {
	in, names := texts.For(language), []string{}
	var walk func(key, before string, options []Option)
	walk = func(key, before string, options []Option) {
		name := before + in.Get(key+".name")
		names = append(names, name)
		for _, o := range options {
			walk(optionKey(key, o.Name), name+" ", o.Options)
		}
	}
	for _, c := range Commands() {
		walk(commandKey(c.Name), "", c.Options)
	}
	return names
}

// TestPluralsAreWhole: a text that is said of a number has every form that its
// language has, and "other" besides.
func TestPluralsAreWhole(t *testing.T) {
	for _, language := range texts.Languages() {
		in := texts.For(language)
		keys := texts.Keys(language)
		for _, key := range keys {
			form := pluralForm.FindString(key)
			if form == "" {
				continue
			}
			for _, f := range append(in.Forms(), "other") {
				if want := strings.TrimSuffix(key, form) + "." + f; !slices.Contains(keys, want) {
					t.Errorf("%s: %s is missing", language, want)
				}
			}
		}
	}
}

// TestTextsInUse reads the sources of the package: every key that they name is
// in the catalogue, its holes are filled, and no text of the catalogue is one
// that nothing says.
func TestTextsInUse(t *testing.T) {
	in := texts.For("en")
	said := map[string]bool{}
	prefixes := []string{"command.", "date.month.", "error.", "verdict."} // made up from parts
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := gotoken.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "doctor.go" { // which speaks to the operator
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == gotoken.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					said[s] = true
					if strings.HasSuffix(s, ".") {
						prefixes = append(prefixes, s)
					}
				}
			}
			if call, ok := n.(*ast.CallExpr); ok {
				checkSaid(t, set, in, call)
			}
			return true
		})
	}
	said["date.day"], said["date.first"] = true, true // said by the catalogue itself
	for _, key := range texts.Keys("en") {
		key := pluralForm.ReplaceAllString(key, "")
		parts := strings.Split(key, ".")
		refused := parts[0] == "refused" && said[parts[1]]
		if !said[key] && !refused && !slices.ContainsFunc(prefixes, func(p string) bool { return len(p) > 1 && strings.HasPrefix(key, p) }) {
			t.Errorf("nothing says %s", key)
		}
	}
}

// checkSaid checks a call of say, several, label or refuse with a key that is
// written out.
func checkSaid(t *testing.T, set *gotoken.FileSet, in locale.Texts, call *ast.CallExpr) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || !slices.Contains([]string{"say", "several", "label", "refuse"}, f.Sel.Name) {
		return
	}
	literal := func(e ast.Expr) string {
		lit, ok := e.(*ast.BasicLit)
		if !ok {
			return ""
		}
		s, _ := strconv.Unquote(lit.Value)
		return s
	}
	key, pairs, given := literal(call.Args[0]), call.Args[1:], []string{}
	if key == "" || call.Ellipsis.IsValid() {
		return
	}
	keys := []string{key}
	switch f.Sel.Name {
	case "several":
		keys, pairs, given = []string{key + ".other"}, pairs[1:], append(given, "{n}")
	case "refuse":
		keys = []string{"refused." + key + ".what", "refused." + key + ".hint"}
	}
	for i := 0; i < len(pairs); i += 2 {
		given = append(given, "{"+literal(pairs[i])+"}")
	}
	want := ""
	for _, key := range keys {
		if !in.Has(key) {
			t.Errorf("%s: the catalogue has no %s", set.Position(call.Pos()), key)
		}
		want += in.Get(key)
	}
	if key == "added.articles" {
		want += "{title}" // in the form for one
	}
	slices.Sort(given)
	if len(pairs)%2 != 0 || !slices.Equal(slices.Compact(given), holes(want)) {
		t.Errorf("%s: %s is filled with %v, but has %v", set.Position(call.Pos()), key, given, holes(want))
	}
}

// TestCommandsAreTranslated: what members are offered has a name and description in every
// language, English texts are those of the definitions, and no two names clash.
func TestCommandsAreTranslated(t *testing.T) {
	english := texts.For("en")
	var walk func(key, name, description string, names, descriptions map[string]string, options []Option)
	walk = func(key, name, description string, names, descriptions map[string]string, options []Option) {
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
			for _, c := range o.Choices {
				if len(c.NameLocal) < 5 || c.Name == c.key {
					t.Errorf("%s: the choice %s has %d translations, want 5", key, c.Name, len(c.NameLocal))
				}
			}
			walk(optionKey(key, o.Name), o.Name, o.Description, o.NameLocal, o.DescriptionLocal, o.Options)
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
		if m := verdictView(r.everybodys(), check); !strings.Contains(string(m.Frames[0].Description), tc.want) {
			t.Errorf("server %q, client %q: %q lacks %q", tc.server, tc.client, m.Frames[0].Description, tc.want)
		}
	}
	for _, l := range texts.Languages() {
		for _, v := range []answer.Verdict{answer.Verbatim, answer.Partial, answer.Altered, answer.Misattributed, answer.NotFound, "unheard of"} {
			if style := styleOf(speaks([]string{l}), v); strings.HasPrefix(string(style.title), "verdict.") || style.meaning == "" {
				t.Errorf("%s: %s has no text", l, v)
			}
		}
	}
}
