package bot

import (
	"context"
	"errors"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// Modal is a form that a member fills in.
type Modal struct {
	ID, Title string
	Fields    []TextField
}

// TextField is a text to fill in. Lengths are in characters.
type TextField struct {
	ID, Label, Value, Placeholder string
	Long, Required                bool
	MaxLength                     int
}

// Discord's limits of modals, in UTF-16 units.
const (
	maxModalTitle  = 45
	maxFieldLabel  = 45
	maxPlaceholder = 100
	maxModalFields = 5
	maxTextField   = 4000
)

// errLateForm says that a form could not be shown in time: after a deferral Discord takes none.
var errLateForm = errors.New("the form came too late")

// budgetModal renders a modal within all limits.
func budgetModal(m Modal) map[string]any {
	rows := []map[string]any{}
	for _, f := range m.Fields[:min(len(m.Fields), maxModalFields)] {
		style := discordgo.TextInputShort
		if f.Long {
			style = discordgo.TextInputParagraph
		}
		limit := f.MaxLength
		if limit <= 0 || limit > maxTextField {
			limit = maxTextField
		}
		input := map[string]any{
			"type": discordgo.TextInputComponent, "custom_id": f.ID, "style": style,
			"label": Plain(f.Label, maxFieldLabel), "required": f.Required, "max_length": limit,
		}
		if v := Plain(f.Value, limit); v != "" {
			input["value"] = v
		}
		if p := Plain(f.Placeholder, maxPlaceholder); p != "" {
			input["placeholder"] = p
		}
		rows = append(rows, map[string]any{"type": discordgo.ActionsRowComponent, "components": []any{input}})
	}
	return map[string]any{"custom_id": m.ID, "title": Plain(m.Title, maxModalTitle), "components": rows}
}

// ask shows a form, and reports whether the interaction is lost.
func (d *dispatcher) ask(it *interaction, m Modal) (lost bool) {
	return d.deliver(it, func(ctx context.Context) error {
		return d.sender.respond(ctx, it, wireResponse{Type: discordgo.InteractionResponseModal, Data: budgetModal(m)})
	})
}

// Code is text to be set between backticks, at most limit UTF-16 units.
func Code(s string, limit int) Markdown {
	return Markdown(strings.ReplaceAll(Plain(s, limit), "`", "'"))
}
