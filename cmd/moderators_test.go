package cmd

import (
	"errors"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/internal/discordspec"
	"github.com/whosaid/whosaid/sandbox"
)

// in uses a command in a server and returns what the user sees.
func (s *stage) in(guild, user, command string, options map[string]any) sandbox.Message {
	s.t.Helper()
	m, err := s.Invoke(s.ctx, sandbox.Invocation{Guild: guild, User: user, Command: command, Options: options})
	if err != nil {
		s.t.Fatalf("/%s %v: %v", command, options, err)
	}
	return m
}

// fill fills in the form that err holds.
func (s *stage) fill(err error, values map[string]string) sandbox.Message {
	s.t.Helper()
	var form *sandbox.ModalError
	if !errors.As(err, &form) {
		s.t.Fatalf("no form is shown, but: %v", err)
	}
	m, err := s.Submit(s.ctx, form, values)
	if err != nil {
		s.t.Fatalf("filling in the form: %v", err)
	}
	return m
}

// lacks fails the test if the user sees any of the parts.
func lacks(t *testing.T, m sandbox.Message, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(seen(m), p) {
			t.Errorf("the user sees %q in:\n%s", p, seen(m))
		}
	}
}

// TestModerators has the moderators of two servers look after their corpora,
// through Discord's client and on the real corpus, engine and index.
func TestModerators(t *testing.T) {
	s := newStage(t)
	member, moderator := sandbox.UserMember, sandbox.UserModerator
	here, there := sandbox.GuildNewsroom, sandbox.GuildLibrary
	ask := func(guild string) sandbox.Message {
		t.Helper()
		return s.in(guild, member, "who", map[string]any{"words": "the walnut orchard will not be sold"})
	}
	lacks(t, ask(here), "Walnut Weekly")

	_, err := s.Invoke(s.ctx, sandbox.Invocation{Guild: here, User: moderator, Command: "corpus add"})
	m := s.fill(err, map[string]string{
		"title": "The orchard stays", "publisher": "Walnut Weekly", "date": "2025-03-04", "url": "https://walnut.example/orchard",
		"text": "The council met on Monday.\n\n“The walnut orchard will not be sold,” said Tilda Brenwick, the treasurer.\n\n“We shall see,” said Osric Vane, a farmer.",
	})
	wants(t, m, "Added **The orchard stays**")

	t.Run("what was added answers at once", func(t *testing.T) {
		wants(t, ask(here), "The walnut orchard will not be sold", "Tilda Brenwick", "Walnut Weekly")
	})

	t.Run("the other server neither sees, finds, completes nor lists it", func(t *testing.T) {
		lacks(t, ask(there), "Walnut Weekly", "Brenwick")
		lacks(t, s.in(there, member, "quotes", map[string]any{"speaker": "Tilda Brenwick"}), "orchard", "Walnut")
		lacks(t, s.in(there, member, "verify", map[string]any{"claim": "The walnut orchard will not be sold"}), "Tilda", "Weekly")
		lacks(t, s.in(there, moderator, "corpus list", nil), "orchard")
		lacks(t, s.in(there, moderator, "corpus audit", nil), "orchard")
		lacks(t, s.in(there, moderator, "corpus show", map[string]any{"article": "orchard"}), "orchard stays")
		for _, inv := range []sandbox.Invocation{
			{Guild: there, Command: "quotes", Options: map[string]any{"speaker": "Tilda"}},
			{Guild: there, User: moderator, Command: "corpus speaker merge", Options: map[string]any{"name": "Tilda"}},
			{Guild: there, User: moderator, Command: "corpus remove", Options: map[string]any{"article": "orchard"}},
		} {
			option := "speaker"
			for name := range inv.Options {
				option = name
			}
			choices, err := s.Autocomplete(s.ctx, inv, option)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range choices {
				if strings.Contains(c.Name, "Tilda") || strings.Contains(c.Name, "orchard") {
					t.Errorf("/%s completes to %s", inv.Command, c.Name)
				}
			}
		}
		choices, err := s.Autocomplete(s.ctx, sandbox.Invocation{Guild: here, Command: "quotes", Options: map[string]any{"speaker": "Tilda"}}, "speaker")
		if err != nil || len(choices) != 1 {
			t.Errorf("in its own server the speaker completes to %v, %v", choices, err)
		}
	})

	t.Run("a member's report is decided, and stays decided", func(t *testing.T) {
		m := ask(here)
		label := "Wrong speaker?"
		if buttons(m)[label] == "" {
			label = "Wrong speaker of 1?"
		}
		_, err := s.Click(s.ctx, m, buttons(m)[label], member)
		wants(t, s.fill(err, map[string]string{"who": "Osric Vane"}), "Thank you")
		list := s.in(here, moderator, "corpus reports", nil)
		wants(t, list, "Tilda Brenwick", "Osric Vane")
		_, err = s.Click(s.ctx, list, buttons(list)["Accept"], moderator)
		wants(t, s.fill(err, map[string]string{"who": "Osric Vane"}), "Decided")
		wants(t, ask(here), "**Osric Vane** · farmer")
		s.restartBot()
		done := s.click(s.in(here, moderator, "corpus reindex", nil), "Rebuild", moderator)
		if _, err := s.WaitMessage(s.ctx, done.ChannelID, moderator, func(m sandbox.Message) bool {
			return m.ID == done.ID && strings.Contains(seen(m), "rebuilt")
		}); err != nil {
			t.Fatal(err)
		}
		wants(t, ask(here), "Osric Vane")
	})

	t.Run("speakers are renamed", func(t *testing.T) {
		wants(t, s.in(here, moderator, "corpus speaker rename", map[string]any{"name": "Osric Vane", "new": "Osric Vanegard"}), "Osric Vanegard")
		wants(t, s.in(here, member, "quotes", map[string]any{"speaker": "Osric Vanegard"}), "We shall see")
		wants(t, s.in(here, member, "quotes", map[string]any{"speaker": "Osric Vane"}), "We shall see")
	})

	t.Run("an attached file", func(t *testing.T) {
		file := sandbox.File{Name: "pears.txt", ContentType: "text/plain", Data: []byte("Pears\n\n“The pear is a winter fruit,” said Lene Dorrit, a gardener.\n")}
		wants(t, s.in(here, moderator, "corpus add", map[string]any{"file": file}), "Added")
		wants(t, s.in(here, member, "who", map[string]any{"words": "the pear is a winter fruit"}), "Lene Dorrit")
	})

	t.Run("the newest version of an article answers", func(t *testing.T) {
		report := func(day, text string) map[string]string {
			return map[string]string{"title": "The mill", "publisher": "Walnut Weekly", "date": day, "url": "https://walnut.example/mill", "text": text}
		}
		const text = "The mill by the river was built three hundred years ago and has stood empty since the last miller left for the city.\n\n" +
			"“We will open the mill in spring,” said Signe Tamm, the owner."
		add := func(fields map[string]string) sandbox.Message {
			_, err := s.Invoke(s.ctx, sandbox.Invocation{Guild: here, User: moderator, Command: "corpus add"})
			return s.fill(err, fields)
		}
		tamm := func() sandbox.Message {
			return s.in(here, member, "quotes", map[string]any{"speaker": "Signe Tamm"})
		}
		add(report("2025-03-04", text))
		s.restartBot()
		added := add(report("2025-03-06", text+"\n\n“There will be bread,” Ms. Tamm said on Thursday."))
		wants(t, added, "takes the place of an older version")
		wants(t, tamm(), "There will be bread")
		wants(t, s.in(here, moderator, "corpus list", map[string]any{"words": "mill"}), "Articles 1–1 of 1")
		shown := s.in(here, moderator, "corpus show", map[string]any{"article": "The mill"})
		wants(t, shown, "Versions", "4 March 2025", "6 March 2025")
		older := s.click(shown, "Version 1", moderator)
		wants(t, older, "An older version")
		lacks(t, older, "There will be bread")
		s.click(added, "Undo", moderator)
		wants(t, tamm(), "We will open the mill", "4 March 2025")
		lacks(t, tamm(), "There will be bread")
	})

	t.Run("an address on this machine is not fetched", func(t *testing.T) {
		m := s.in(here, moderator, "corpus add", map[string]any{"url": s.URL()})
		wants(t, m, "Nothing could be added")
	})

	t.Run("removed, and brought back", func(t *testing.T) {
		removed := s.in(here, moderator, "corpus remove", map[string]any{"article": "orchard"})
		wants(t, removed, "Removed")
		lacks(t, ask(here), "Walnut Weekly")
		s.click(removed, "Undo", moderator)
		wants(t, ask(here), "The walnut orchard will not be sold")
	})

	t.Run("feeds, settings, log, and a copy of it all", func(t *testing.T) {
		wants(t, s.in(here, moderator, "corpus add-feed", map[string]any{"url": "https://walnut.example/feed"}), "I watch")
		s.click(s.in(here, moderator, "corpus feeds", nil), "Stop 1", moderator)
		wants(t, s.in(here, moderator, "corpus settings", map[string]any{"shared": false}), "off")
		lacks(t, s.in(here, member, "who", map[string]any{"words": "a hanger does not warn you"}), "Ostergrave")
		wants(t, s.in(there, member, "who", map[string]any{"words": "a hanger does not warn you"}), "Ostergrave")
		wants(t, s.in(here, moderator, "corpus audit", nil), "stopped the feed", "undid change")
		if m := s.in(here, moderator, "corpus export", nil); len(m.Attachments) != 1 || m.Attachments[0].Size < 1000 {
			t.Errorf("the copy has the files %+v", m.Attachments)
		}
	})

	t.Run("no request breaks a rule of Discord", func(t *testing.T) {
		for _, r := range s.sent() {
			if err := discordspec.Lint(r.Request, r.body); err != nil {
				t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
			}
		}
	})
	t.Run("every request fits Discord's own description", func(t *testing.T) {
		spec := discordspec.ForTest(t)
		for _, r := range s.sent() {
			if err := spec.Request(r.Request, r.body); err != nil {
				t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
			}
		}
	})
}
