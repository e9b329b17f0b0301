package bot

import (
	"context"
	"fmt"
	"strconv"

	"github.com/whosaid/whosaid/corpus"
)

// settings shows what the server decided, after changing what was given.
func (h *handlers) settings(ctx context.Context, r Request) (Response, error) {
	for _, s := range []struct{ option, setting string }{
		{optShared, corpus.SettingShared}, {optRole, corpus.SettingModeratorRole}, {optChannel, corpus.SettingReportsChannel},
	} {
		value, given := r.Options[s.option]
		if !given {
			continue
		}
		switch {
		case s.option == optShared && value == "true":
			value = "on"
		case s.option == optShared:
			value = "off"
		case !snowflake.MatchString(value):
			return Response{}, errForged
		case s.option == optRole && value == r.GuildID:
			// The id of @everyone is the server's.
			return Response{}, &optionError{"Everybody can't be a moderator.", "Choose a role that only moderators have."}
		}
		if _, err := h.decide(ctx, r, corpus.Change{Action: corpus.ActSet, Setting: s.setting, Value: value}); err != nil {
			return Response{}, err
		}
	}
	state, err := h.curator.State(ctx, h.own(r.GuildID))
	if err != nil {
		return Response{}, err
	}
	return Response{Message: h.settingsView(state)}, nil
}

func (h *handlers) settingsView(state *corpus.State) Message {
	s := state.Settings
	shared, role, channel := Markdown("off"), Markdown("none"), Markdown("none; `/corpus reports` lists them")
	switch {
	case state.Scope == corpus.SharedScope:
		shared = "this server's corpus *is* the shared one"
	case s.Shared == "on", s.Shared == "" && h.sharedByDefault:
		shared = "on"
	}
	if s.ModeratorRole != "" {
		role = Markdown("<@&" + s.ModeratorRole + ">")
	}
	if s.ReportsChannel != "" {
		channel = Markdown("<#" + s.ReportsChannel + ">")
	}
	return Message{Ephemeral: true, Embeds: []Embed{{Title: "Settings of this server's corpus", Color: blurple, Fields: []Field{
		{Name: "Shared corpus", Value: shared}, {Name: "Moderators' role", Value: role}, {Name: "Reports go to", Value: channel},
	}}}}
}

// audit shows who changed what, the newest first.
func (h *handlers) audit(ctx context.Context, r Request) (Response, error) {
	return h.auditPage(ctx, r, 0)
}

// turnAudit turns to earlier changes.
func (h *handlers) turnAudit(ctx context.Context, r Request) (Response, error) {
	before, err := number(r.Arg)
	if err != nil {
		return Response{}, err
	}
	resp, err := h.auditPage(ctx, r, before)
	resp.Update = true
	return resp, err
}

// auditPage shows the changes before a number, 0 for the last ones.
func (h *handlers) auditPage(ctx context.Context, r Request, before int) (Response, error) {
	scope := h.own(r.GuildID)
	changes, err := h.curator.Changes(ctx, scope, 0)
	if err != nil {
		return Response{}, err
	}
	state, err := h.curator.State(ctx, scope)
	if err != nil {
		return Response{}, err
	}
	for before > 0 && len(changes) > 0 && changes[len(changes)-1].Seq >= before {
		changes = changes[:len(changes)-1]
	}
	if len(changes) == 0 {
		return Response{Message: Message{Ephemeral: true, Content: "**Nothing was changed yet.**"}}, nil
	}
	shown := changes[max(0, len(changes)-listSize):]
	text := Markdown("**Changes, the newest first**")
	var undo, undo2 []Button
	for i := len(shown) - 1; i >= 0; i-- {
		c := shown[i]
		line := changeWords(c)
		if state.Undone[c.Seq] {
			line = "~~" + line + "~~ (undone)"
		} else if c.Action != corpus.ActReport && c.Action != corpus.ActReindex {
			b := Button{Label: fmt.Sprintf("Undo %d", c.Seq), ID: actionUndo + ":" + strconv.Itoa(c.Seq)}
			if len(undo) < maxButtons {
				undo = append(undo, b)
			} else {
				undo2 = append(undo2, b)
			}
		}
		text += Markdown(fmt.Sprintf("\n`%d` <t:%d:R> ", c.Seq, c.Time.Unix())) + who(c.By) + " " + line
	}
	m := Message{Ephemeral: true, Embeds: []Embed{{Description: text, Color: blurple}}}
	var earlier []Button
	if len(changes) > len(shown) {
		earlier = []Button{{Label: "Earlier ▶", ID: actionAudit + ":" + strconv.Itoa(shown[0].Seq)}}
	}
	m.Rows = buttonRows(true, undo, undo2, earlier)
	return Response{Message: m}, nil
}

// who names a member; nobody is notified.
func who(id string) Markdown {
	if snowflake.MatchString(id) {
		return Markdown("<@" + id + ">")
	}
	return Escape(id, 40)
}

// changeWords says what a change did.
func changeWords(c corpus.Change) Markdown {
	bold := func(s string) Markdown { return "**" + Escape(s, 80) + "**" }
	title := func() Markdown {
		if c.Title == "" {
			return "an article"
		}
		return bold(c.Title)
	}
	whose := func() Markdown {
		if c.To == "" {
			return "nobody’s"
		}
		return bold(c.To) + "’s"
	}
	words := "“" + Escape(c.Words, 80) + "”"
	switch c.Action {
	case corpus.ActAdd:
		return "added " + title()
	case corpus.ActRemove:
		return "removed " + title()
	case corpus.ActReplace:
		return "put a newer version in the place of " + title()
	case corpus.ActSpeaker, corpus.ActAccept:
		return "made " + words + " " + whose()
	case corpus.ActClear:
		return "cleared the correction of " + words
	case corpus.ActMerge:
		return "merged " + bold(c.Name) + " into " + bold(c.To)
	case corpus.ActRename:
		return "renamed " + bold(c.Name) + " to " + bold(c.To)
	case corpus.ActAlias:
		return "gave " + bold(c.Name) + " the alias " + bold(c.To)
	case corpus.ActHide:
		return "hid " + bold(c.Name)
	case corpus.ActSet:
		return "set " + Escape(c.Setting, 40) + " to " + Escape(c.Value, 40)
	case corpus.ActAddFeed:
		return "added the feed `" + Code(c.URL, 80) + "`"
	case corpus.ActRemoveFeed:
		return "stopped the feed `" + Code(c.URL, 80) + "`"
	case corpus.ActReport:
		return "reported " + words
	case corpus.ActDecline:
		return Markdown(fmt.Sprintf("declined report %d", c.Of))
	case corpus.ActReindex:
		return "rebuilt the index"
	case corpus.ActUndo:
		return Markdown(fmt.Sprintf("undid change %d", c.Of))
	}
	return Escape(string(c.Action), 40)
}
