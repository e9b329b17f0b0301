package bot

import (
	"context"
	"strconv"

	"github.com/bwmarrin/discordgo"

	"github.com/whosaid/whosaid/corpus"
)

// Actions of the moderators' buttons and modals.
const (
	actionList     = "list"    // another page of the articles: OFFSET:WORDS
	actionShow     = "show"    // an article: its ID
	actionRemove   = "remove"  // an article: its ID
	actionUndo     = "undo"    // a change: its number
	actionUnfeed   = "unfeed"  // a feed: the number of the change that added it
	actionPaste    = "paste"   // modal: a pasted article
	actionWrong    = "wrong"   // button and modal: the passage whose speaker is wrong
	actionAccept   = "accept"  // button and modal: a report's number
	actionDecline  = "decline" // a report's number
	actionReports  = "reports" // another page of the reports: OFFSET
	actionAudit    = "audit"   // an earlier page of the log: NUMBER of the change before which it ends
	fieldTitle     = "title"
	fieldSource    = "publisher"
	fieldDay       = "date"
	fieldAddress   = "url"
	fieldText      = "text"
	fieldWho       = "who"
	answerFieldMax = 200 // characters of a speaker's name in a form
)

// addCuration adds the moderators' routes. Each says who may use it; the
// router sees to that.
func (h *handlers) addCuration(t routes) {
	for sub, handle := range map[string]Handler{
		subAdd: h.add, subAddFeed: h.addFeed, subFeeds: h.feeds, subList: h.list, subShow: h.show, subRemove: h.remove,
		subExport: h.export, subReports: h.reports, subAudit: h.audit,
	} {
		t[SlashCommand][cmdCorpus+" "+sub] = route{handle: handle, moderators: true, private: true}
	}
	t[SlashCommand][cmdCorpus+" "+subSettings] = route{handle: h.settings, managers: true, private: true}
	for _, sub := range []string{subMerge, subRename, subAlias, subHide} {
		name := cmdCorpus + " " + groupSpeaker + " " + sub
		t[SlashCommand][name] = route{handle: h.correctSpeaker, moderators: true, private: true}
		t[Autocomplete][name] = route{handle: h.completeName, moderators: true}
	}
	for _, sub := range []string{subShow, subRemove} {
		t[Autocomplete][cmdCorpus+" "+sub] = route{handle: h.completeArticle, moderators: true}
	}
	for action, r := range map[string]route{
		actionPaste:  {handle: h.paste, moderators: true, private: true},
		actionWrong:  {handle: h.fileReport, private: true},
		actionAccept: {handle: h.accept, moderators: true, updates: true},
	} {
		t[ModalSubmit][action] = r
	}
	for action, r := range map[string]route{
		actionList:    {handle: h.turnList, moderators: true, updates: true},
		actionShow:    {handle: h.showClicked, moderators: true, private: true},
		actionRemove:  {handle: h.removeClicked, moderators: true, private: true},
		actionUndo:    {handle: h.undo, moderators: true, updates: true},
		actionUnfeed:  {handle: h.unfeed, moderators: true, updates: true},
		actionWrong:   {handle: h.askWrong, private: true},
		actionAccept:  {handle: h.askAccept, moderators: true, private: true},
		actionDecline: {handle: h.decline, moderators: true, updates: true},
		actionReports: {handle: h.turnReports, moderators: true, updates: true},
		actionAudit:   {handle: h.turnAudit, moderators: true, updates: true},
	} {
		t[Click][action] = r
	}
}

// number reads a change's number from a custom_id.
func number(arg string) (int, error) {
	n, err := strconv.Atoi(arg)
	if err != nil || n < 1 || strconv.Itoa(n) != arg {
		return 0, errForged
	}
	return n, nil
}

// undoButton takes a change back.
func undoButton(in voice, c corpus.Change) Button {
	return Button{Label: in.label("button.change.undo"), ID: actionUndo + ":" + strconv.Itoa(c.Seq), Emoji: "↩️"}
}

// done tells a moderator what was changed, with a button that takes it back.
func done(in voice, what Markdown, c corpus.Change) Message {
	return Message{Ephemeral: true, Content: "✅ " + what, Rows: [][]Button{{undoButton(in, c)}}}
}

// undo takes a change back, or takes that back again.
func (h *handlers) undo(ctx context.Context, r Request) (Response, error) {
	n, err := number(r.Arg)
	if err != nil {
		return Response{}, err
	}
	if err := h.mayUndo(ctx, r, n); err != nil {
		return Response{}, err
	}
	c, err := h.decide(ctx, r, corpus.Change{Action: corpus.ActUndo, Of: n})
	if err != nil {
		return Response{}, err
	}
	m := done(r.own(), r.own().say("audit.undid", "n", Markdown(r.Arg)), c)
	m.Rows[0][0].Label = r.own().label("button.change.redo")
	return Response{Message: m, Update: true}, nil
}

// mayUndo refuses to let a change of the settings be taken back, or back
// again, by who may not make one.
func (h *handlers) mayUndo(ctx context.Context, r Request, n int) error {
	if r.Manager() {
		return nil
	}
	changes, err := h.curator.Changes(ctx, h.own(r.GuildID), 0)
	if err != nil {
		return err
	}
	for _, c := range corpus.Concerned(corpus.Change{Seq: n + 1, Action: corpus.ActUndo, Of: n}, changes) {
		if c.Action == corpus.ActSet {
			return errManagersOnly
		}
	}
	return nil
}

// danger is a button that takes something away.
func danger(label, id string) Button {
	return Button{Label: label, ID: id, Style: discordgo.DangerButton}
}
