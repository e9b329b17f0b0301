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
		what = "All that " + from + " said is " + to(optInto) + "’s now."
	case subRename:
		c.Action = corpus.ActRename
		what = from + " is called " + to(optNew) + " now. The old name still finds them."
	case subAlias:
		c.Action = corpus.ActAlias
		what = from + " is also found as " + to(optNew) + " now."
	case subHide:
		c.Action = corpus.ActHide
		what = "Nothing is attributed to " + from + " any more."
	}
	if err != nil {
		return Response{}, err
	}
	if c, err = h.decide(ctx, r, c); err != nil {
		return Response{}, err
	}
	return Response{Message: done(what, c)}, nil
}

// completeName suggests speakers of the corpus that the moderators look after.
func (h *handlers) completeName(_ context.Context, r Request) (Response, error) {
	prefix := r.Options[r.Focused]
	if len(prefix) > 4*maxName || r.Focused != optName && r.Focused != optInto {
		return Response{}, nil
	}
	var out []Choice
	for _, s := range h.backend.Speakers([]string{h.own(r.GuildID)}, prefix, maxChoices) {
		out = append(out, Choice{speakerChoice(s), s.Name})
	}
	return Response{Choices: out}, nil
}
