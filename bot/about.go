package bot

import (
	"cmp"
	"context"
)

const cmdAbout = "about"

// about tells what the bot is, what it knows and what it keeps.
func (h *handlers) about(ctx context.Context, r Request) (Response, error) {
	s, err := h.backend.Status(ctx, h.scopes(ctx, r.GuildID))
	if err != nil {
		return Response{}, err
	}
	return Response{Message: aboutView(s, h.version)}, nil
}

func aboutView(s Status, version string) Message {
	field := func(name, value Markdown) Field { return Field{Name: name, Value: value, Inline: true} }
	return Message{Ephemeral: true, Embeds: []Embed{{
		Title: "whosaid", Color: blurple,
		Description: "I find out who said what, and show where it is written. Every answer is a sentence of an article; I write none myself.\n" +
			"Try `/who` with words that you remember, `/ask` with a question, `/quotes` with a name, or `/verify` with a quote that you doubt.",
		Fields: []Field{
			field("Articles", count(s.Articles)), field("Quotes", count(s.Quotes)), field("Speakers", count(s.Speakers)),
			{Name: "Privacy", Value: "I read no messages. What you ask me is answered and forgotten; only a question too long for its page buttons is kept, for 30 days, and reports and moderators' changes, with who made them. I can be wrong about who said something: the *Context* button shows the paragraph."},
		},
		Footer: "Version " + Plain(cmp.Or(version, "unknown"), 60) + " · free software under the MIT licence",
	}}}
}
