package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// This file is what a person does: use a command, press a button, read. The
// page and end-to-end tests both go through it.

// Errors that a person at Discord would see as a message or not at all.
var (
	// ErrNoReply: the bot did not answer within the deadline.
	ErrNoReply = errors.New("the application did not respond")
	// ErrNotAllowed: the command isn't shown to this user.
	ErrNotAllowed = errors.New("this user may not use the command")
	// ErrUnknownCommand: no command of that name is registered here.
	ErrUnknownCommand = errors.New("unknown command")
	// ErrDeleted: the bot deleted its answer.
	ErrDeleted = errors.New("the answer was deleted")
	// ErrBadOption: Discord's client would not have sent the option.
	ErrBadOption = errors.New("option refused")
	// ErrNoComponent: the message has no such button or menu, or it is disabled.
	ErrNoComponent = errors.New("no such component")
)

// A ModalError says that the bot opened a form instead of answering with a
// message; [Server.Submit] fills it in.
type ModalError struct {
	Modal       Modal
	interaction *interaction
}

func (e *ModalError) Error() string { return fmt.Sprintf("the bot opened the form %q", e.Modal.Title) }

// An Invocation is the use of a command. Guild, Channel and User have defaults:
// the first server, its first channel, the member.
type Invocation struct {
	Guild   string
	Channel string
	User    string
	Locale  string         // of the user's client, "en-US" by default
	Command string         // "ask", or "corpus status" for a subcommand
	Options map[string]any // values by name, as typed: strings, numbers, booleans; a File for an attachment
	Target  string         // the message or user id that a context menu command is used on
	session string         // the browser that asks
}

// A File is what a person attaches to a command.
type File struct {
	Name        string
	ContentType string
	Data        []byte
}

func (inv Invocation) withDefaults(w world) (Invocation, error) {
	inv.User = cmp.Or(inv.User, UserMember)
	if inv.Guild == "" && inv.Channel == "" {
		inv.Guild = w.guilds[0].ID
	}
	if inv.Channel == "" {
		g, ok := w.guild(inv.Guild)
		if !ok {
			return inv, fmt.Errorf("no server %q", inv.Guild)
		}
		inv.Channel = g.Channels[0].ID
	}
	c, ok := w.channel(inv.Channel)
	if !ok || inv.Guild != "" && inv.Guild != c.GuildID {
		return inv, fmt.Errorf("no channel %q in server %q", inv.Channel, inv.Guild)
	}
	inv.Guild = c.GuildID
	if _, ok := w.user(inv.User); !ok {
		return inv, fmt.Errorf("no user %q", inv.User)
	}
	return inv, nil
}

// Invoke uses a command and waits for what the user ends up seeing: a deferred
// answer is waited for until ctx ends.
func (s *Server) Invoke(ctx context.Context, inv Invocation) (Message, error) {
	it, err := s.invoke(inv)
	if err != nil {
		return Message{}, err
	}
	return s.settled(ctx, it)
}

// invoke sends a command to the bot.
func (s *Server) invoke(inv Invocation) (*interaction, error) {
	inv, err := inv.withDefaults(s.world)
	if err != nil {
		return nil, err
	}
	data, _, err := s.commandData(inv, "")
	if err != nil {
		return nil, err
	}
	user, _ := s.world.user(inv.User)
	it := &interaction{kind: interactionCommand, name: inv.Command, guild: inv.Guild, channel: inv.Channel,
		target: data.TargetID, by: viewer{session: inv.session}}
	return s.begin(it, user, inv.Locale, data), nil
}

// Autocomplete returns what the bot suggests for an option of the invocation,
// of which the text so far is in inv.Options.
func (s *Server) Autocomplete(ctx context.Context, inv Invocation, option string) ([]Choice, error) {
	inv, err := inv.withDefaults(s.world)
	if err != nil {
		return nil, err
	}
	data, def, err := s.commandData(inv, option)
	if err != nil {
		return nil, err
	}
	if !def.Autocomplete {
		return nil, fmt.Errorf("%w: %q has no autocomplete", ErrBadOption, option)
	}
	user, _ := s.world.user(inv.User)
	it := s.begin(&interaction{kind: interactionAutocomplete, optType: def.Type, guild: inv.Guild, channel: inv.Channel,
		by: viewer{session: inv.session}}, user, inv.Locale, data)
	err = s.wait(ctx, it, func() bool { return it.callback != 0 })
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return it.choices, nil
}

// Click presses the button that has the custom id, and waits like Invoke: for
// the new message, or for the changed one.
func (s *Server) Click(ctx context.Context, m Message, customID, user string) (Message, error) {
	it, err := s.use(componentUse{Channel: m.ChannelID, Message: m.ID, CustomID: customID, by: viewer{user: user}})
	if err != nil {
		return Message{}, err
	}
	return s.settled(ctx, it)
}

// Select chooses values in a menu, and waits like Click.
func (s *Server) Select(ctx context.Context, m Message, customID string, values []string, user string) (Message, error) {
	it, err := s.use(componentUse{Channel: m.ChannelID, Message: m.ID, CustomID: customID, Values: values, by: viewer{user: user}})
	if err != nil {
		return Message{}, err
	}
	return s.settled(ctx, it)
}

// Submit fills in the form of a [ModalError] and waits like Click. Values are
// by the custom id of the input.
func (s *Server) Submit(ctx context.Context, form *ModalError, values map[string]string) (Message, error) {
	it, err := s.submit(form.interaction, values)
	if err != nil {
		return Message{}, err
	}
	return s.settled(ctx, it)
}

// Messages returns what a user sees in a channel, oldest first.
func (s *Server) Messages(channel, user string) []Message {
	return s.visible(channel, viewer{user: user})
}

// WaitMessage waits until a channel holds a message, visible to the user, that
// fits, and returns it.
func (s *Server) WaitMessage(ctx context.Context, channel, user string, fits func(Message) bool) (Message, error) {
	sub, cancel := s.events.subscribe(viewer{user: user})
	defer cancel()
	for {
		list := s.Messages(channel, user)
		if i := slices.IndexFunc(list, fits); i >= 0 {
			return list[i], nil
		}
		if err := next(ctx, sub); err != nil {
			return Message{}, fmt.Errorf("waiting for a message: %w", err)
		}
	}
}

// WaitForBot waits until the bot is connected and has registered the commands.
func (s *Server) WaitForBot(ctx context.Context, commands ...string) error {
	sub, cancel := s.events.subscribe(viewer{})
	defer cancel()
	for {
		missing := s.missing(commands)
		if len(missing) == 0 && s.gateway.online() {
			return nil
		}
		if err := next(ctx, sub); err != nil {
			return fmt.Errorf("waiting for the bot (connected: %t, commands missing: %q): %w", s.gateway.online(), missing, err)
		}
	}
}

// next waits for any event.
func next(ctx context.Context, sub *subscriber) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case _, ok := <-sub.events:
		if !ok {
			return errors.New("too many events at once")
		}
		return nil
	}
}

func (s *Server) missing(commands []string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(commands), func(name string) bool {
		named := func(c Command) bool { return c.Name == name }
		for _, list := range s.commands {
			if slices.ContainsFunc(list, named) {
				return true
			}
		}
		return false
	})
}

// Commands returns the commands that a user is offered in a server.
func (s *Server) Commands(guild, user string) []Command { return s.available(guild, user) }

// Post writes a plain message as a user. The bot is told of it, without its
// text: it has not been granted the intent to read it.
func (s *Server) Post(channel, user, content string) (Message, error) {
	u, ok := s.world.user(user)
	c, found := s.world.channel(channel)
	content = strings.TrimSpace(content)
	if !ok || !found || !printable(content) || runes(content) > maxContent {
		return Message{}, fmt.Errorf("a message needs a user, a channel and 1 to %d characters", maxContent)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.blank(c.ID)
	m.Author, m.Content = u, content
	s.mention(&m, nil)
	s.post(m, viewer{})
	unread := m
	unread.Content = ""
	s.gateway.dispatch("MESSAGE_CREATE", intentGuildMessages, unread)
	return m, nil
}

// Dismiss takes an ephemeral message off its user's screen.
func (s *Server) Dismiss(m Message, user string) error {
	return s.dismiss(m.ChannelID, m.ID, viewer{user: user})
}

func (s *Server) dismiss(channel, id string, by viewer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.find(channel, id)
	if p == nil || !p.Ephemeral() || !by.sees(p.audience) {
		return errors.New("no such ephemeral message")
	}
	s.remove(channel, id)
	return nil
}

// settled waits until the user sees the end of an interaction.
func (s *Server) settled(ctx context.Context, it *interaction) (Message, error) {
	if err := s.wait(ctx, it, func() bool { return s.answered(it) }); err != nil {
		return Message{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if it.modal != nil {
		return Message{}, &ModalError{*it.modal, it}
	}
	p := s.find(it.channel, it.last)
	if p == nil {
		return Message{}, ErrDeleted
	}
	return p.Message, nil
}

// answered reports whether an interaction has its answer: not while it is only
// deferred. The caller holds the lock.
func (s *Server) answered(it *interaction) bool {
	switch it.callback {
	case 0:
		return false
	case callbackDeferred:
		p := s.find(it.channel, it.original)
		return p == nil || !p.Loading()
	case callbackDeferredUpdate:
		return it.revision > 1
	default:
		return true
	}
}

// wait waits until the condition, which is asked with the lock held, is true.
func (s *Server) wait(ctx context.Context, it *interaction, reached func() bool) error {
	for {
		s.mu.Lock()
		failed, ok, changed := it.failed, reached(), it.changed
		s.mu.Unlock()
		switch {
		case failed:
			return ErrNoReply
		case ok:
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the bot's answer, %s after it was asked: %w", time.Since(it.created).Round(time.Millisecond), context.Cause(ctx))
		case <-changed:
		}
	}
}
