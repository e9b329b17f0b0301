package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
		return "the bot may not write there. Give it the Send Messages and Embed Links permissions in that channel", false
	}
	return "", false
}

// optionError says what is wrong with an option's value, in words for the
// member who typed it.
type optionError struct{ problem, hint string }

func (e *optionError) Error() string { return e.problem }

// panicError is a handler's panic.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// explain turns an error into what the member reads, in the language of the first of
// locales that is spoken: what happened, and what to do about it. expected is
// false for errors that the operator should see in the log.
func explain(err error, reference string, locales ...string) (m Message, expected bool) {
	say := func(what, hint Markdown) Message {
		return Message{Content: "**" + what + "**\n" + hint, Ephemeral: true}
	}
	in := texts.For(locales...)
	text := func(key string) Message {
		hint := strings.ReplaceAll(in.Get("error."+key+".hint"), "{reference}", string(Escape(reference, 40)))
		return say(Markdown(in.Get("error."+key+".what")), Markdown(hint))
	}
	var option *optionError
	switch {
	case errors.As(err, &option):
		return say(Escape(option.problem, 300), Escape(option.hint, 300)), true
	case errors.Is(err, corpus.ErrChange), errors.Is(err, corpus.ErrNotFound):
		return explainChange(err), true
	case errors.Is(err, errModeratorsOnly):
		return text("moderators"), true
	case errors.Is(err, errManagersOnly):
		return say("That is for those who manage this server.", "You need the *Manage Server* permission for it; the moderators' role is not enough."), true
	case errors.Is(err, errServersOnly):
		return text("servers"), true
	case errors.Is(err, errLateForm):
		return say("That took me too long.", "Try again: I can only show a form at once."), true
	case errors.Is(err, errBusy):
		return text("busy"), true
	case errors.Is(err, errOver):
		return text("over"), true
	case errors.Is(err, errTooBusy):
		return text("hands"), true
	case errors.Is(err, errExpired):
		return text("expired"), true
	case errors.Is(err, errForged), errors.Is(err, errUnknown):
		return text("unknown"), true
	case errors.Is(err, card.ErrNoFont):
		return text("font"), true
	case errors.Is(err, index.ErrNotFound):
		return text("gone"), true
	case errors.Is(err, context.DeadlineExceeded):
		return text("slow"), false
	case errors.Is(err, context.Canceled):
		return text("restart"), true
	}
	return text("failed"), false
}
