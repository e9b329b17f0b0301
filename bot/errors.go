package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/bwmarrin/discordgo"

	"github.com/whosaid/whosaid/index"
)

// Errors that handlers return and members read.
var (
	errModeratorsOnly = errors.New("moderators only")
	errServersOnly    = errors.New("servers only")
	errBusy           = errors.New("a reindex is already under way")
	errOver           = errors.New("that reindex is over")
	errTooBusy        = errors.New("too many questions at once")
	errUnknown        = errors.New("no handler has this name")
)

// errTaken says that somebody else answered an interaction.
var errTaken = errors.New("it was answered already, perhaps by another whosaid with the same token")

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

// explain turns an error into what the member reads: what happened, and what
// to do about it. expected is false for errors that the operator should see in the log.
func explain(err error, reference string) (m Message, expected bool) {
	say := func(what, hint Markdown) Message {
		return Message{Content: "**" + what + "**\n" + hint, Ephemeral: true}
	}
	var option *optionError
	switch {
	case errors.As(err, &option):
		return say(Escape(option.problem, 300), Escape(option.hint, 300)), true
	case errors.Is(err, errModeratorsOnly):
		return say("That is for moderators.", "You need the *Manage Server* permission for it. Ask someone who looks after this server."), true
	case errors.Is(err, errServersOnly):
		return say("That works in servers only.", "Type it in a channel of the server whose corpus you look after."), true
	case errors.Is(err, errBusy):
		return say("A reindex is already under way.", "Wait until it is done, or cancel it with its button. Answers go on meanwhile."), true
	case errors.Is(err, errOver):
		return say("That reindex is over.", "There is nothing left to cancel."), true
	case errors.Is(err, errTooBusy):
		return say("I have my hands full.", "Try again in a few seconds."), true
	case errors.Is(err, errExpired):
		return say("That button has expired.", "Ask again with the command to get fresh buttons."), true
	case errors.Is(err, errForged), errors.Is(err, errUnknown):
		return say("I don't know that button or command.", "It may be from an older version of me. Ask again with a command."), true
	case errors.Is(err, index.ErrNotFound):
		return say("That passage is no longer here.", "Its article may have been removed. Ask again with the command."), true
	case errors.Is(err, context.DeadlineExceeded):
		return say("That took too long.", "Try fewer or rarer words, or try again in a minute."), false
	case errors.Is(err, context.Canceled):
		return say("I am being restarted.", "Try again in a minute."), true
	}
	return say("Something went wrong on my side.", "Try again; if it stays, tell the operator the reference "+Escape(reference, 40)+"."), false
}
