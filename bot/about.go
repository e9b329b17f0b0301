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
	return Response{Message: aboutView(r.own(), s, h.version)}, nil
}

func aboutView(in voice, s Status, version string) Message {
	field := func(name string, n int) Field {
		return Field{Name: in.say("corpus." + name), Value: in.count(n), Inline: true}
	}
	return Message{Ephemeral: true, Frames: []Frame{{
		Title: "whosaid", Color: blurple,
		Description: in.say("about.text") + "\n" + in.say("about.try"),
		Fields: []Field{
			field("articles", s.Articles), field("quotes", s.Quotes), field("speakers", s.Speakers),
			{Name: in.say("about.privacy"), Value: in.say("about.kept")},
		},
		Footer: in.label("about.version", "version", Plain(cmp.Or(version, in.Get("about.unknown")), 60)),
	}}}
}
