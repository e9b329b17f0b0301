package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/whosaid/whosaid/corpus"
)

// decidable are the settings: the option that changes each, its name in a
// change, and where the catalogue has what moderators call it.
var decidable = []struct{ option, setting, key string }{
	{optLanguage, corpus.SettingLanguage, "settings.language"},
	{optAnswers, corpus.SettingAnswers, "settings.answers"},
	{optShared, corpus.SettingShared, "settings.shared"},
	{optRole, corpus.SettingModeratorRole, "settings.role"},
	{optChannel, corpus.SettingReportsChannel, "settings.channel"},
}

// settings shows what the server decided, after changing what was given.
func (h *handlers) settings(ctx context.Context, r Request) (Response, error) {
	values := make([]string, len(decidable)) // all are checked before one is changed
	for i, s := range decidable {
		given, ok := r.Options[s.option]
		if !ok {
			continue
		}
		var err error
		if values[i], err = settingValue(r, s.option, given); err != nil {
			return Response{}, err
		}
	}
	for i, s := range decidable {
		if values[i] == "" {
			continue
		}
		if _, err := h.decide(ctx, r, corpus.Change{Action: corpus.ActSet, Setting: s.setting, Value: values[i]}); err != nil {
			return Response{}, err
		}
	}
	state, err := h.curator.State(ctx, h.own(r.GuildID))
	if err != nil {
		return Response{}, err
	}
	r.Manners = h.manners(ctx, r.GuildID) // the answer has the new ones already
	return Response{Message: h.settingsView(r.own(), state)}, nil
}

// settingValue is the value that an option gives a setting. Discord offers
// nothing else, but an event may be forged.
func settingValue(r Request, option, given string) (string, error) {
	switch {
	case option == optShared && given == "true":
		return "on", nil
	case option == optShared:
		return "off", nil
	case option == optLanguage && (given == corpus.LanguageServer || given == corpus.LanguageMember || slices.Contains(texts.Languages(), given)):
		return given, nil
	case option == optAnswers && (given == corpus.AnswersPublic || given == corpus.AnswersPrivate):
		return given, nil
	case option == optLanguage, option == optAnswers, !snowflake.MatchString(given):
		return "", errForged
	case option == optRole && given == r.GuildID: // the id of @everyone is the server's
		return "", r.own().refuse("everybody")
	}
	return given, nil
}

// settingWords is the value of a setting as moderators read it; "" for one
// that was not decided.
func settingWords(in voice, setting, value string) Markdown {
	switch {
	case value == "":
		return ""
	case setting == corpus.SettingModeratorRole && snowflake.MatchString(value):
		return Markdown("<@&" + value + ">")
	case setting == corpus.SettingReportsChannel && snowflake.MatchString(value):
		return Markdown("<#" + value + ">")
	}
	prefix := map[string]string{
		corpus.SettingShared: "settings.", corpus.SettingLanguage: "settings.languages.", corpus.SettingAnswers: "settings.visible.",
	}[setting]
	if prefix != "" && in.Has(prefix+value) {
		return in.say(prefix + value)
	}
	return Escape(value, 40) // of another version
}

func (h *handlers) settingsView(in voice, state *corpus.State) Message {
	s := state.Settings
	shared := "off"
	if s.Shared == "on" || s.Shared == "" && h.sharedByDefault {
		shared = "on"
	}
	corpora := in.say("settings." + shared)
	if state.Scope == corpus.SharedScope {
		corpora = in.say("settings.own")
	}
	value := func(setting, value string, otherwise Markdown) Markdown {
		return cmp.Or(settingWords(in, setting, value), otherwise)
	}
	return Message{Ephemeral: true, Frames: []Frame{{Title: in.say("settings.title"), Color: blurple, Fields: []Field{
		{Name: in.say("settings.language"), Value: value(corpus.SettingLanguage, s.Language, in.say("settings.languages.server"))},
		{Name: in.say("settings.answers"), Value: value(corpus.SettingAnswers, s.Answers, in.say("settings.visible.public"))},
		{Name: in.say("settings.shared"), Value: corpora},
		{Name: in.say("settings.role"), Value: value(corpus.SettingModeratorRole, s.ModeratorRole, in.say("settings.none"))},
		{Name: in.say("settings.channel"), Value: value(corpus.SettingReportsChannel, s.ReportsChannel, in.say("settings.waiting"))},
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
	in, scope := r.own(), h.own(r.GuildID)
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
		return Response{Message: Message{Ephemeral: true, Content: in.say("audit.none")}}, nil
	}
	shown := changes[max(0, len(changes)-listSize):]
	text := "**" + in.say("audit.heading") + "**"
	var undo, undo2 []Button
	for i := len(shown) - 1; i >= 0; i-- {
		c := shown[i]
		line := changeWords(in, c)
		if state.Undone[c.Seq] {
			line = "~~" + line + "~~ " + in.say("audit.undone")
		} else if c.Action != corpus.ActReport && c.Action != corpus.ActReindex {
			b := Button{Label: in.label("button.change.undo-of", "n", strconv.Itoa(c.Seq)), ID: actionUndo + ":" + strconv.Itoa(c.Seq)}
			if len(undo) < maxButtons {
				undo = append(undo, b)
			} else {
				undo2 = append(undo2, b)
			}
		}
		text += Markdown(fmt.Sprintf("\n`%d` ", c.Seq)) + ago(c.Time) + " " + who(c.By) + " " + line
	}
	m := Message{Ephemeral: true, Frames: []Frame{{Description: text, Color: blurple}}}
	var earlier []Button
	if len(changes) > len(shown) {
		earlier = []Button{{Label: in.label("button.list.earlier"), ID: actionAudit + ":" + strconv.Itoa(shown[0].Seq)}}
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
func changeWords(in voice, c corpus.Change) Markdown {
	bold := func(s string) Markdown { return "**" + Escape(s, 80) + "**" }
	say := func(pairs ...Markdown) Markdown { return in.say("change."+string(c.Action), pairs...) }
	title, words, url := in.say("change.article"), "“"+Escape(c.Words, 80)+"”", "`"+Code(c.URL, 80)+"`"
	if c.Title != "" {
		title = bold(c.Title)
	}
	switch c.Action {
	case corpus.ActAdd, corpus.ActRemove, corpus.ActReplace:
		return say("title", title)
	case corpus.ActSpeaker, corpus.ActAccept:
		if c.To == "" {
			return in.say("change.unattributed", "words", words)
		}
		return in.say("change.speaker", "words", words, "to", bold(c.To))
	case corpus.ActClear, corpus.ActReport:
		return say("words", words)
	case corpus.ActMerge, corpus.ActRename, corpus.ActAlias:
		return say("name", bold(c.Name), "to", bold(c.To))
	case corpus.ActHide:
		return say("name", bold(c.Name))
	case corpus.ActSet:
		return say("setting", settingName(in, c.Setting), "value", cmp.Or(settingWords(in, c.Setting, c.Value), in.say("settings.none")))
	case corpus.ActAddFeed, corpus.ActRemoveFeed:
		return say("url", url)
	case corpus.ActDecline, corpus.ActUndo:
		return say("n", Markdown(strconv.Itoa(c.Of)))
	case corpus.ActReindex:
		return say()
	}
	return Escape(string(c.Action), 40)
}

// settingName is what moderators call a setting.
func settingName(in voice, setting string) Markdown {
	for _, s := range decidable {
		if s.setting == setting {
			return in.say(s.key)
		}
	}
	return Escape(setting, 40)
}
