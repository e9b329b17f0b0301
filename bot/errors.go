package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/bwmarrin/discordgo"

	"github.com/whosaid/whosaid/bot/card"
	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// Errors that handlers return and members read.
var (
	errModeratorsOnly = errors.New("moderators only")
	errManagersOnly   = errors.New("managers only")
	errServersOnly    = errors.New("servers only")
	errBusy           = errors.New("a reindex is already under way")
	errOver           = errors.New("that reindex is over")
	errTooBusy        = errors.New("too many questions at once")
	errUnknown        = errors.New("no handler has this name")
)

// errTaken says that somebody else answered an interaction.
var errTaken = errors.New("it was answered already, perhaps by another whosaid with the same token")

// errUnsure says that an answer may have arrived, or still arrive.
var errUnsure = errors.New("it is not known whether Discord has it")

// errLost says that nobody waits for an answer any more.
var errLost = errors.New("the interaction is lost")

// code is Discord's JSON code in an error, or 0.
func code(err error) int {
	var rest *discordgo.RESTError
	if errors.As(err, &rest) && rest.Message != nil {
		return rest.Message.Code
	}
	return 0
}

// trouble tells of an error of Discord's what the operator can do about it; ""
// when it has no code that is known. gone says that nothing can: what the
// request was about is no more, which members bring about every day.
func trouble(err error) (hint string, gone bool) {
	switch code(err) {
	case discordgo.ErrCodeUnknownInteraction:
		return "the interaction expired before it was answered. If it happens often, the machine or its connection is too slow", true
	case discordgo.ErrCodeUnknownMessage:
		return "somebody deleted the message", true
	case discordgo.ErrCodeUnknownChannel, discordgo.ErrCodeUnknownGuild:
		return "the channel or server was deleted, or the bot removed from it", true
	case discordgo.ErrCodeInvalidWebhookTokenProvided, discordgo.ErrCodeUnknownWebhook:
		return "the interaction's 15 minutes are over", true
	case discordgo.ErrCodeMissingAccess:
		return "the bot can't see the channel. Give it the View Channel permission there, or invite it again", false
	case discordgo.ErrCodeMissingPermissions:
		return "the bot may not write there. Give it the Send Messages and Attach Files permissions in that channel", false
	}
	return "", false
}

// optionError says what is wrong with an option's value, in words for the
// member who typed it.
type optionError struct{ problem, hint Markdown }

func (e *optionError) Error() string { return string(e.problem) }

// panicError is a handler's panic.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// explained says under which key the catalogue has what a member reads of an error.
var explained = []struct {
	err error
	key string
}{
	{errModeratorsOnly, "moderators"}, {errManagersOnly, "managers"}, {errServersOnly, "servers"}, {errLateForm, "late"},
	{errBusy, "busy"}, {errOver, "over"}, {errTooBusy, "hands"}, {errExpired, "expired"}, {errForged, "unknown"},
	{errUnknown, "unknown"}, {card.ErrNoFont, "font"}, {index.ErrNotFound, "gone"}, {context.Canceled, "restart"},
}

// unchangeable says the same of changes that can't be made.
var unchangeable = []struct {
	err error
	key string
}{
	{corpus.ErrNotFound, "gone"}, {corpus.ErrNothingToUndo, "undone"}, {corpus.ErrDecided, "decided"},
	{corpus.ErrReported, "reported"}, {corpus.ErrTooManyReports, "reports"}, {corpus.ErrNoSuchFeed, "unwatched"},
	{corpus.ErrKnownFeed, "watched"}, {corpus.ErrTooManyFeeds, "feeds"}, {corpus.ErrRemoved, "removed"},
	{corpus.ErrSameName, "same"}, {corpus.ErrChange, "made"},
}

// explain turns an error into what the member reads, in the language of the first
// of locales that is spoken: what happened, and what to do about it. expected is
// false for errors that the operator should see in the log.
func explain(err error, reference string, locales ...string) (m Message, expected bool) {
	in := speaks(locales)
	say := func(what, hint Markdown) Message {
		return Message{Content: "**" + what + "**\n" + hint, Ephemeral: true}
	}
	text := func(key string) Message { return say(in.say("error."+key+".what"), in.say("error."+key+".hint")) }
	var option *optionError
	if errors.As(err, &option) {
		return say(option.problem, option.hint), true
	}
	for _, e := range unchangeable {
		if errors.Is(err, e.err) {
			return say(in.say("error.change.what"), in.say("error.change."+e.key)), true
		}
	}
	for _, e := range explained {
		if errors.Is(err, e.err) {
			return text(e.key), true
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return text("slow"), false
	}
	return say(in.say("error.failed.what"), in.say("error.failed.hint", "reference", Escape(reference, 40))), false
}
