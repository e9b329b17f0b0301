package bot

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// talk is a conversation with handlers that have a curator.
type talk struct {
	t  *testing.T
	rt router
}

// do serves a moderator's request of server 77 and returns the message's text.
func (c talk) do(kind Kind, name, arg string, options ...string) (Response, string) {
	c.t.Helper()
	r := mod(kind, name)
	r.Arg, r.Options = arg, map[string]string{}
	for i := 0; i < len(options); i += 2 {
		r.Options[options[i]] = options[i+1]
	}
	return c.send(r)
}

func (c talk) send(r Request) (Response, string) {
	c.t.Helper()
	resp, err := c.rt.serve(c.t.Context(), r)
	if err != nil {
		c.t.Fatalf("%s %s: %v", r.Name, r.Arg, err)
	}
	return resp, wired(c.t, resp.Message).says()
}

func (c talk) has(text string, want ...string) {
	c.t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			c.t.Errorf("it says %q, which lacks %q", text, w)
		}
	}
}

// press is the argument of the button with that label.
func press(t *testing.T, m Message, label string) string {
	t.Helper()
	_, arg, err := splitCustomID(wired(t, m).button(t, label))
	if err != nil {
		t.Fatal(err)
	}
	return arg
}

// TestShowListsVersions: an article's versions are a click away, and a moderator can
// say that they are articles of their own.
func TestShowListsVersions(t *testing.T) {
	h, f, _ := curated(t)
	c := talk{t, h.routes()}
	old, young := f.put(t, "77", "Tarn keeps its light on"), f.put(t, "77", "Tarn keeps its light on all winter")
	if _, err := f.Record(t.Context(), corpus.Change{Scope: "77", By: "7", Action: corpus.ActReplace, Article: old.ID, Newer: young.ID, Title: old.Title}); err != nil {
		t.Fatal(err)
	}
	_, text := c.do(SlashCommand, "corpus list", "")
	c.has(text, "Articles 1–1 of 1", "all winter")
	resp, text := c.do(SlashCommand, "corpus show", "", "article", "all winter")
	c.has(text, "Versions", "this one answers")
	resp, text = c.do(Click, "show", press(t, resp.Message, "Version 1"))
	c.has(text, "An older version")
	c.do(Click, "undo", press(t, resp.Message, "They differ: both answer"))
	_, text = c.do(SlashCommand, "corpus list", "")
	c.has(text, "Articles 1–2 of 2")
	_, text = c.do(SlashCommand, "corpus audit", "")
	c.has(text, "put a newer version in the place of **Tarn keeps its light on**")
}

// TestModeratorsDay goes through all that a moderator does with articles.
func TestModeratorsDay(t *testing.T) {
	h, f, _ := curated(t)
	c := talk{t, h.routes()}
	a := f.put(t, "77", "Tarn keeps its light on")

	_, text := c.do(SlashCommand, "corpus list", "")
	c.has(text, "Articles 1–1 of 1", "Tarn keeps")
	resp, text := c.do(SlashCommand, "corpus show", "", "article", "Tarn keeps")
	c.has(text, "lighthouse stays open", "Mira Halden")

	removed, text := c.do(Click, "remove", press(t, resp.Message, "Remove article"))
	c.has(text, "Removed **Tarn keeps")
	if _, err := f.Get(t.Context(), a.ID); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("the article is still there: %v", err)
	}
	_, text = c.do(SlashCommand, "corpus list", "")
	c.has(text, "No articles")
	resp, text = c.do(Click, "undo", press(t, removed.Message, "Undo"))
	c.has(text, "is undone")
	if _, err := f.Get(t.Context(), a.ID); err != nil {
		t.Errorf("the article did not come back: %v", err)
	}
	c.do(Click, "undo", press(t, resp.Message, "Redo"))
	if _, err := f.Get(t.Context(), a.ID); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("it was not removed again: %v", err)
	}

	resp, _ = c.do(SlashCommand, "corpus add", "")
	if resp.Modal == nil || resp.Modal.ID != "paste:" {
		t.Errorf("without an option, no form is shown: %+v", resp)
	}
	c.do(ModalSubmit, "paste", "", "title", "A letter", "text", "“We will not move,” said Ada Moor.")
	c.do(SlashCommand, "corpus add", "", "url", "https://news.example/story")
	file := mod(SlashCommand, "corpus add")
	file.Options = map[string]string{"file": "5"}
	file.Attachments = map[string]Attachment{"file": {URL: "https://cdn.discordapp.com/x", Filename: "a.txt", MediaType: "text/plain", Size: 5}}
	_, text = c.send(file)
	c.has(text, "line 3")
	want := []string{"77 A letter", "77 https://news.example/story", "77 a.txt text/plain fetched from https://cdn.discordapp.com/x"}
	if strings.Join(f.added, "\n") != strings.Join(want, "\n") {
		t.Errorf("added %q, want %q", f.added, want)
	}

	c.do(SlashCommand, "corpus add-feed", "", "url", "https://news.example/feed")
	resp, text = c.do(SlashCommand, "corpus feeds", "")
	c.has(text, "news.example/feed")
	c.do(Click, "unfeed", press(t, resp.Message, "Stop 1"))
	_, text = c.do(SlashCommand, "corpus feeds", "")
	c.has(text, "No feed is watched")

	for sub, option := range map[string]string{"merge": "into", "rename": "new", "alias": "new", "hide": ""} {
		_, text = c.do(SlashCommand, "corpus speaker "+sub, "", "name", "M. Halden", option, "Mira *Halden*")
		c.has(text, "M. Halden")
	}
	_, text = c.do(SlashCommand, "corpus settings", "", "shared", "true", "moderator-role", "4242", "reports-channel", "99")
	c.has(text, "on", "<@&4242>", "<#99>")
	log, text := c.do(SlashCommand, "corpus audit", "")
	c.has(text, "<@99>", "gave **M. Halden** the alias **Mira \\*Halden\\***")
	_, text = c.do(Click, "audit", press(t, log.Message, "Earlier ▶"))
	c.has(text, "removed **Tarn keeps", "undid change 1")
	resp, _ = c.do(SlashCommand, "corpus export", "")
	if len(resp.Message.Files) != 1 || len(resp.Message.Files[0].PNG) < 100 {
		t.Errorf("the export has no file: %+v", resp.Message.Files)
	}
}

// TestReports: a member's report reaches the moderators, who decide it.
func TestReports(t *testing.T) {
	h, f, posted := curated(t)
	c := talk{t, h.routes()}
	a := f.put(t, "77", "Tarn keeps its light on")
	c.do(SlashCommand, "corpus settings", "", "reports-channel", "555")
	passage := index.QuoteID(a.ID, 1)

	file := func(who, user string) error {
		r := member(ModalSubmit, "wrong", map[string]string{"who": who})
		r.Arg, r.UserID = passage, user
		resp, err := c.rt.serve(t.Context(), r)
		if err == nil && resp.Follow != nil {
			resp.Follow(t.Context(), nil)
		}
		return err
	}
	ask := member(Click, "wrong", nil)
	ask.Arg = passage
	if resp, err := c.rt.serve(t.Context(), ask); err != nil || resp.Modal == nil || resp.Modal.ID != "wrong:"+passage {
		t.Fatalf("the button leads to %+v, %v", resp, err)
	}
	if err := file("Mirko @everyone Ostrander", "12"); err != nil {
		t.Fatal(err)
	}
	if len(*posted) != 1 || !strings.HasPrefix((*posted)[0], "555 ### Report 2") {
		t.Errorf("posted %q", *posted)
	}
	if err := file("somebody", "13"); !errors.Is(err, corpus.ErrReported) {
		t.Errorf("reported twice: %v", err)
	}
	list, text := c.do(SlashCommand, "corpus reports", "")
	c.has(text, "1 of 1", "Mira Halden", "<@12>", "lighthouse")
	number := press(t, list.Message, "Accept")
	form, _ := c.do(Click, "accept", number)
	if form.Modal == nil || !strings.Contains(form.Modal.Fields[0].Value, "Ostrander") {
		t.Fatalf("accepting asks with %+v", form.Modal)
	}
	accepted, text := c.do(ModalSubmit, "accept", number, "who", "Mirko Ostrander")
	c.has(text, "Decided", "Mirko Ostrander")
	fixes := func() []corpus.Fix {
		state, err := f.State(t.Context(), "77")
		if err != nil {
			t.Fatal(err)
		}
		return state.Fixes[a.ID]
	}
	if got := fixes(); len(got) != 1 || got[0].Speaker != "Mirko Ostrander" {
		t.Errorf("corrections %+v", got)
	}
	_, err := c.rt.serve(t.Context(), withArg(mod(Click, "decline"), number))
	if !errors.Is(err, corpus.ErrDecided) {
		t.Errorf("decided twice: %v", err)
	}
	c.do(Click, "undo", press(t, accepted.Message, "Undo"))
	if got := fixes(); len(got) != 0 {
		t.Errorf("undone, but: %+v", got)
	}
	list, _ = c.do(SlashCommand, "corpus reports", "") // it is open again
	c.do(Click, "decline", press(t, list.Message, "Decline"))
	_, text = c.do(SlashCommand, "corpus reports", "")
	c.has(text, "No report is waiting")
}

// TestServersAreApart: with every ID of another server's in hand, nothing of its corpus is
// seen, named, completed, paged to, reported, decided or undone.
func TestServersAreApart(t *testing.T) {
	h, f, _ := curated(t)
	rt := h.routes()
	a := f.put(t, "77", "Tarn keeps its light on")
	report, err := f.Record(t.Context(), corpus.Change{Scope: "77", By: "9", Action: corpus.ActReport, Article: a.ID, Quote: a.Document().Paragraphs[:1]})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := f.Record(t.Context(), corpus.Change{Scope: "77", By: "9", Action: corpus.ActAddFeed, URL: "https://secret.example/feed"})
	if err != nil {
		t.Fatal(err)
	}
	state, err := f.State(t.Context(), "77")
	if err != nil {
		t.Fatal(err)
	}
	before := state.Seq
	for kind, names := range allRoutes(t, rt) {
		for _, name := range names {
			for _, arg := range []string{"", "0", "0:", "0:Tarn", a.ID, index.QuoteID(a.ID, 1), strconv.Itoa(report.Seq), strconv.Itoa(feed.Seq)} {
				r := mod(kind, name)
				r.GuildID, r.Arg, r.Focused = "78", arg, "article"
				r.Options = map[string]string{"article": a.ID, "who": "me", "words": "", "name": "Tarn", "title": "x"}
				resp, err := rt.serve(t.Context(), r)
				if err != nil {
					continue
				}
				text := wired(t, resp.Message).says()
				for _, choice := range resp.Choices {
					text += choice.Name + choice.Value
				}
				for _, secret := range []string{"Tarn keeps", a.ID, "secret.example", "lighthouse"} {
					if strings.Contains(text, secret) {
						t.Errorf("%d %s %q gives %q away: %s", kind, name, arg, secret, text)
					}
				}
			}
		}
	}
	if state, err = f.State(t.Context(), "77"); err != nil || state.Seq != before {
		t.Errorf("the other server's corpus has %d changes instead of %d (%v)", state.Seq, before, err)
	}
}

// TestSharedCorpus: who sees it, and whose moderators look after it.
func TestSharedCorpus(t *testing.T) {
	h, f, _ := curated(t)
	set := func(value string) {
		if _, err := f.Record(t.Context(), corpus.Change{Scope: "77", By: "9", Action: corpus.ActSet, Setting: corpus.SettingShared, Value: value}); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		guild, set string
		byDefault  bool
		want       string
	}{
		{"77", "", false, "77"}, {"77", "", true, "77 shared"}, {"77", "on", false, "77 shared"}, {"77", "off", true, "77"},
		{"", "", false, "shared"}, {"1", "", false, "shared"},
	} {
		h.sharedByDefault = tc.byDefault
		set(tc.set)
		if got := strings.Join(h.scopes(t.Context(), tc.guild), " "); got != tc.want {
			t.Errorf("%+v: sees %q", tc, got)
		}
	}
	set("on")
	a := f.put(t, "shared", "For all")
	r := member(ModalSubmit, "wrong", nil)
	r.Arg = index.QuoteID(a.ID, 1)
	if _, err := h.routes().serve(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for guild, want := range map[string]int{"77": 0, "1": 1} {
		r := mod(SlashCommand, "corpus reports")
		r.GuildID = guild
		resp, err := h.routes().serve(t.Context(), r)
		if err != nil || len(resp.Message.Frames) != want {
			t.Errorf("server %s: %d reports on the shared corpus, %v", guild, len(resp.Message.Frames), err)
		}
	}
	if _, err := h.routes().serve(t.Context(), withArg(mod(Click, "remove"), a.ID)); !errors.Is(err, corpus.ErrNotFound) {
		t.Errorf("a server's moderator removes a shared article: %v", err)
	}
}

// TestAttachments: nothing but Discord's own hosts is asked for a file.
func TestAttachments(t *testing.T) {
	download := downloader(nil)
	for _, address := range []string{
		"http://cdn.discordapp.com/a", "https://127.0.0.1/a", "https://cdn.discordapp.com.evil.example/a",
		"https://cdn.discordapp.com@127.0.0.1/", "https://cdn.discordapp.com:8443/a", "file:///etc/passwd", "https://[::1]/", "",
	} {
		if _, err := download(t.Context(), address, 10); !errors.Is(err, errForged) {
			t.Errorf("%q: %v", address, err)
		}
	}
	h, _, _ := curated(t)
	r := mod(SlashCommand, "corpus add")
	r.Attachments = map[string]Attachment{"file": {URL: "https://cdn.discordapp.com/x", Size: maxUpload + 1}}
	var option *optionError
	if _, err := h.routes().serve(t.Context(), r); !errors.As(err, &option) {
		t.Errorf("a file that is too large: %v", err)
	}
}
