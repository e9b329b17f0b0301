package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/corpus"
)

// TestLanguageOfAServer: what a server decides about languages holds for answers,
// errors, moderators' texts and the log of changes, and is taken back by an undo.
func TestLanguageOfAServer(t *testing.T) {
	h, _, _ := curated(t)
	h.backend = &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}
	c := talk{t, h.routes()}
	ask := func(server, client string) string {
		r := member(SlashCommand, "ask", map[string]string{"question": "what?"})
		r.GuildLocale, r.Locale = server, client
		_, text := c.send(r)
		return text
	}
	context := func(client string) string {
		r := withArg(member(Click, "context", nil), halden().Passage)
		r.GuildLocale, r.Locale = "es-ES", client
		_, text := c.send(r)
		return text
	}
	c.has(ask("de", "fr"), "1 Zitat", "3. Mai 2024", "wörtlich") // undecided: the server's, for what all read
	c.has(context("fr"), "mot pour mot")                         // and the member's, for what they alone read
	_, text := c.do(SlashCommand, "corpus settings", "", "language", "uk")
	c.has(text, "Налаштування", "українська", "видно всім")
	c.has(ask("de", "fr"), "1 цитата", "3 травня 2024", "дослівно")
	c.has(context("fr"), "дослівно")
	_, text = c.do(SlashCommand, "corpus settings", "", "language", "member")
	c.has(text, "Settings of this server", "as each member's Discord")
	c.has(ask("de", "fr"), "1 citation", "mot pour mot")
	c.do(SlashCommand, "corpus settings", "", "language", "es")
	log, text := c.do(SlashCommand, "corpus audit", "")
	c.has(text, "puso «Idioma» en español", "puso «Idioma» en ucraniano")
	c.do(Click, "undo", press(t, log.Message, "Deshacer 3"))
	c.has(ask("de", "fr"), "1 citation")
	c.do(SlashCommand, "corpus settings", "", "language", "server")
	c.has(ask("de", "fr"), "1 Zitat")
	c.do(SlashCommand, "corpus settings", "", "language", "fr")
	_, err := c.rt.serve(t.Context(), withArg(mod(Click, "undo"), "99"))
	if m, expected := explain(err, "1", "fr"); !expected || !strings.Contains(string(m.Content), "rien à annuler") {
		t.Errorf("%v is explained as %q", err, m.Content)
	}
	r := mod(SlashCommand, "corpus add-feed")
	r.Options = map[string]string{"url": "x"}
	_, err = c.rt.serve(t.Context(), r)
	if m, _ := explain(err, "1"); !strings.Contains(string(m.Content), "« adresse » est trop court") {
		t.Errorf("%v is explained as %q", err, m.Content)
	}
}

// TestPrivateAnswers: a server may have answers be seen by who asked alone, who
// can share each of them.
func TestPrivateAnswers(t *testing.T) {
	h, _, _ := curated(t)
	best := halden()
	h.backend = &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden(), unknownSpeaker()}}, check: answer.Check{Verdict: answer.Verbatim, Best: &best}}
	c := talk{t, h.routes()}
	commands := map[string]map[string]string{
		"ask": {"question": "what?"}, "who": {"words": "open"}, "quotes": {"speaker": "Halden"}, "verify": {"claim": "it stays open"},
	}
	for _, private := range []bool{false, true, false} {
		c.do(SlashCommand, "corpus settings", "", "answers", map[bool]string{false: "public", true: "private"}[private])
		for name, options := range commands {
			resp, _ := c.send(member(SlashCommand, name, options))
			if resp.Message.Ephemeral != private {
				t.Errorf("/%s is ephemeral: %v, want %v", name, resp.Message.Ephemeral, private)
			}
			if shares := slices.Contains(labels(t, resp.Message), "Share to channel"); shares != private {
				t.Errorf("/%s can be shared: %v, want %v", name, shares, private)
			}
		}
	}
	c.do(SlashCommand, "corpus settings", "", "answers", "private")
	asked, _ := c.send(member(SlashCommand, "ask", commands["ask"]))
	shared := withArg(member(Click, "post", nil), press(t, asked.Message, "Share to channel"))
	if resp, _ := c.send(shared); resp.Message.Ephemeral {
		t.Error("what is shared is seen by who shares it alone")
	}
	direct := member(SlashCommand, "ask", commands["ask"])
	direct.GuildID = ""
	if resp, _ := c.send(direct); resp.Message.Ephemeral {
		t.Error("a server's setting holds in direct messages")
	}
}

// TestSettingsRefused: a forged event changes nothing, not even what is right in it.
func TestSettingsRefused(t *testing.T) {
	h, f, _ := curated(t)
	for option, value := range map[string]string{"language": "../de", "answers": "nobody", "moderator-role": "<@1>", "reports-channel": "x"} {
		r := mod(SlashCommand, "corpus settings")
		r.Options = map[string]string{"shared": "true", option: value}
		if _, err := h.routes().serve(t.Context(), r); !errors.Is(err, errForged) {
			t.Errorf("%s %q: %v", option, value, err)
		}
	}
	if state, err := f.State(t.Context(), "77"); err != nil || state.Seq != 0 {
		t.Errorf("%d changes were made (%v)", state.Seq, err)
	}
}

// TestPrivateDeferral: an answer that takes long is announced to who asked
// alone, where the server has it so.
func TestPrivateDeferral(t *testing.T) {
	t.Parallel()
	for answers, flags := range map[string]int{"public": 0, "private": 64} {
		t.Run(answers, func(t *testing.T) {
			t.Parallel()
			f := newCurator(t)
			if _, err := f.Record(t.Context(), corpus.Change{Scope: "77", By: "1", Action: corpus.ActSet, Setting: corpus.SettingAnswers, Value: answers}); err != nil {
				t.Fatal(err)
			}
			s := newStandIn(t)
			launch(t, Config{Backend: &fakeBackend{delay: deferAfter + 500*time.Millisecond}, Curator: f, HTTPClient: s.client()})
			s.emit("INTERACTION_CREATE", command("1", "ask", "question", "What?"))
			if got := read[callback](t, s.next("/callback")); got.Type != 5 || got.Data.Flags != flags {
				t.Errorf("deferred with type %d and flags %d, want 5 and %d", got.Type, got.Data.Flags, flags)
			}
			s.next("/messages/@original")
		})
	}
}
