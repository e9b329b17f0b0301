package bot

import (
	"context"
	"strings"

	"github.com/whosaid/whosaid/corpus"
)

// correctSpeaker answers /corpus speaker merge, rename, alias and hide.
func (h *handlers) correctSpeaker(ctx context.Context, r Request) (Response, error) {
	name, err := option(r, optName, 1, maxName)
	if err != nil {
		return Response{}, err
	}
	c := corpus.Change{Name: name}
	from := "**" + Escape(name, lenName) + "**"
	var what Markdown
	to := func(opt string) Markdown {
		if err == nil {
			c.To, err = option(r, opt, 1, maxName)
		}
		return "**" + Escape(c.To, lenName) + "**"
	}
	switch r.Name[strings.LastIndexByte(r.Name, ' ')+1:] {
	case subMerge:
		c.Action = corpus.ActMerge
		what = r.own().say("speaker.merged", "name", from, "to", to(optInto))
	case subRename:
		c.Action = corpus.ActRename
		what = r.own().say("speaker.renamed", "name", from, "to", to(optNew))
	case subAlias:
		c.Action = corpus.ActAlias
		what = r.own().say("speaker.alias", "name", from, "to", to(optNew))
	case subHide:
		c.Action = corpus.ActHide
		what = r.own().say("speaker.hidden", "name", from)
	}
	if err != nil {
		return Response{}, err
	}
	if c, err = h.decide(ctx, r, c); err != nil {
		return Response{}, err
	}
	return Response{Message: done(r.own(), what, c)}, nil
}

// completeName suggests speakers of the corpus that the moderators look after.
func (h *handlers) completeName(_ context.Context, r Request) (Response, error) {
	prefix := r.Options[r.Focused]
	if len(prefix) > 4*maxName || r.Focused != optName && r.Focused != optInto {
		return Response{}, nil
	}
	var out []Choice
	for _, s := range h.backend.Speakers([]string{h.own(r.GuildID)}, prefix, maxChoices) {
		out = append(out, Choice{speakerChoice(r.own(), s), s.Name})
	}
	return Response{Choices: out}, nil
}
