package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/bot/card"
	"github.com/whosaid/whosaid/quote"
)

// painter draws quotes.
type painter interface {
	PNG(context.Context, card.Card) ([]byte, error)
	Chart(context.Context, card.Chart) ([]byte, error)
}

// What a tone or post button says before the passage's ID. One letter each, because a
// passage's ID may take all but a few characters of a custom_id.
const (
	toneDark, toneLight = "d", "l"
	postQuote           = "q" // besides the tones, which post the picture
)

// cardButton leads to a quote's picture. A paragraph has nobody who said it, and
// gets none.
func cardButton(in voice, a answer.Answer) []Button {
	if !passageID.MatchString(a.Passage) || a.Kind == string(answerParagraph) || a.Weak() {
		return nil
	}
	return []Button{{Label: in.label("button.picture"), ID: actionCard + ":" + a.Passage, Emoji: "🖼️"}}
}

// postButton shows the channel what only the member sees.
func postButton(in voice, what string, a answer.Answer) []Button {
	if !passageID.MatchString(a.Passage) {
		return nil
	}
	return []Button{{Label: in.label("button.answer.share"), ID: actionPost + ":" + what + ":" + a.Passage, Emoji: "📣"}}
}

// buttonRows puts groups of buttons into rows: each into one of its own if
// apart is set, else all into one.
func buttonRows(apart bool, groups ...[]Button) [][]Button {
	if !apart {
		groups = [][]Button{slices.Concat(groups...)}
	}
	var rows [][]Button
	for _, g := range groups {
		if len(g) > 0 {
			rows = append(rows, g)
		}
	}
	return rows
}

// splitPassage parts the argument of a tone or post button, which may be forged.
func splitPassage(arg string, known ...string) (what, passage string, err error) {
	what, passage, _ = strings.Cut(arg, ":")
	if !slices.Contains(known, what) {
		return "", "", errForged
	}
	return what, passage, nil
}

// card answers the button of a quote with its picture, for who clicked alone.
func (h *handlers) card(ctx context.Context, r Request) (Response, error) {
	return h.picture(ctx, r, toneDark, r.Arg)
}

// tone draws the picture again, light or dark.
func (h *handlers) tone(ctx context.Context, r Request) (Response, error) {
	tone, passage, err := splitPassage(r.Arg, toneDark, toneLight)
	if err != nil {
		return Response{}, err
	}
	resp, err := h.picture(ctx, r, tone, passage)
	resp.Update = true
	return resp, err
}

// post shows the channel a quote or its picture.
func (h *handlers) post(ctx context.Context, r Request) (Response, error) {
	what, passage, err := splitPassage(r.Arg, toneDark, toneLight, postQuote, profileDark, profileLight)
	if err != nil {
		return Response{}, err
	}
	var m Message
	switch what {
	case postQuote:
		s, err := h.passage(ctx, r, passage)
		if err != nil {
			return Response{}, err
		}
		m.Frames = []Frame{answerFrame(r.everybodys(), s.Answer, maxText-lenHeading)}
	case profileDark, profileLight:
		name, err := h.speakerOf(ctx, r, passage)
		if err != nil {
			return Response{}, err
		}
		resp, err := h.profile(ctx, r, r.everybodys(), name, what[len("p"):])
		if err != nil {
			return Response{}, err
		}
		m = resp.Message
	default:
		resp, err := h.picture(ctx, r, what, passage)
		if err != nil {
			return Response{}, err
		}
		m.Files = resp.Message.Files
		m.Rows = buttonRows(false, contextButton(r.everybodys(), answer.Answer{Passage: passage}))
	}
	if snowflake.MatchString(r.UserID) {
		m.Content = r.everybodys().say("answer.shared", "member", who(r.UserID)) // shown as a name; nobody is notified
	}
	return Response{Message: m}, nil
}

// passage finds a passage that the scopes of a request may see.
func (h *handlers) passage(ctx context.Context, r Request, id string) (answer.Surroundings, error) {
	if !passageID.MatchString(id) {
		return answer.Surroundings{}, errForged
	}
	return h.backend.Around(ctx, h.scopes(ctx, r.GuildID), id)
}

// picture draws a quote, with buttons to draw it in the other tone and to share it.
func (h *handlers) picture(ctx context.Context, r Request, tone, passage string) (Response, error) {
	s, err := h.passage(ctx, r, passage)
	if err != nil {
		return Response{}, err
	}
	in := r.own()
	c := cardOf(in, s.Answer)
	c.Dark = tone == toneDark
	png, err := h.cards.PNG(ctx, c)
	if err != nil {
		return Response{}, err
	}
	other := toneButton(in, tone, actionTone+":"+otherTone(tone)+":"+passage)
	return Response{Message: Message{
		Ephemeral: true,
		Files:     []File{{Name: "quote.png", Alt: altText(c), PNG: png}},
		Rows:      buttonRows(false, []Button{other}, postButton(in, tone, s.Answer)),
	}}, nil
}

// cardOf is a quote as its picture shows it.
func cardOf(in voice, a answer.Answer) card.Card {
	c := card.Card{
		Words: a.Quote, Speaker: in.Get("answer.unknown"), Verbatim: a.Kind == string(quote.Direct),
		Source: cmp.Or(a.Source, a.Title), Date: in.day(a.Date),
	}
	if a.Speaker != nil && a.Speaker.Name != "" {
		c.Speaker = a.Speaker.Name
		if !strings.EqualFold(a.Speaker.Role, a.Speaker.Name) {
			c.Role = a.Speaker.Role
		}
	}
	return c
}

// altText says what a picture shows.
func altText(c card.Card) string {
	text := Plain(c.Words, maxAlt*3/4) + " — " + c.Speaker
	for _, s := range []string{c.Role, c.Source, c.Date} {
		if s != "" {
			text += ", " + s
		}
	}
	return text
}
