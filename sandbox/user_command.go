package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// commandData is the data of a command interaction.
type commandData struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Type     int           `json:"type"`
	GuildID  string        `json:"guild_id,omitempty"`
	Options  []optionValue `json:"options,omitempty"`
	Resolved *resolvedData `json:"resolved,omitempty"`
	TargetID string        `json:"target_id,omitempty"`
}

// optionValue is an option as filled in.
type optionValue struct {
	Name    string        `json:"name"`
	Type    int           `json:"type"`
	Value   any           `json:"value,omitempty"`
	Options []optionValue `json:"options,omitempty"`
	Focused bool          `json:"focused,omitempty"`
}

// resolvedData holds the objects behind the ids among the values.
type resolvedData struct {
	Users       map[string]User           `json:"users,omitempty"`
	Members     map[string]member         `json:"members,omitempty"`
	Channels    map[string]channelSummary `json:"channels,omitempty"`
	Messages    map[string]Message        `json:"messages,omitempty"`
	Attachments map[string]Attachment     `json:"attachments,omitempty"`
}

func newResolved() *resolvedData {
	return &resolvedData{map[string]User{}, map[string]member{}, map[string]channelSummary{}, map[string]Message{}, map[string]Attachment{}}
}

func (r *resolvedData) empty() bool {
	return len(r.Users)+len(r.Members)+len(r.Channels)+len(r.Messages)+len(r.Attachments) == 0
}

// commandData builds what the bot is sent, after the checks that Discord's
// client makes. focused names the option being completed: its value may be
// unfinished and required ones may be missing; its definition is returned.
func (s *Server) commandData(inv Invocation, focused string) (commandData, CommandOption, error) {
	path := strings.Fields(inv.Command)
	c, err := s.command(inv, path)
	if err != nil {
		return commandData{}, CommandOption{}, err
	}
	data := commandData{ID: c.ID, Name: c.Name, Type: c.Type, GuildID: c.GuildID}
	found := newResolved()
	if c.Type != CommandSlash {
		err = s.resolveTarget(c.Type, inv, &data, found)
		data.Resolved = found
		return data, CommandOption{}, err
	}
	options, groups, err := descend(c, path[1:])
	if err != nil {
		return commandData{}, CommandOption{}, err
	}
	values, def, err := s.fill(options, inv, focused, found)
	if err != nil {
		return commandData{}, CommandOption{}, fmt.Errorf("/%s: %w", inv.Command, err)
	}
	for _, g := range slices.Backward(groups) {
		values = []optionValue{{Name: g.Name, Type: g.Type, Options: values}}
	}
	data.Options = values
	if !found.empty() {
		data.Resolved = found
	}
	return data, def, nil
}

// command finds a registered command by its name, the server's own first. A
// context menu command is meant when there is a target.
func (s *Server) command(inv Invocation, path []string) (Command, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, scope := range []string{inv.Guild, ""} {
		for _, c := range s.commands[scope] {
			match := inv.Target != "" && c.Type != CommandSlash && c.Name == inv.Command ||
				inv.Target == "" && c.Type == CommandSlash && len(path) > 0 && c.Name == path[0]
			switch {
			case match && !s.mayUse(c, inv.User):
				return Command{}, fmt.Errorf("%w: /%s", ErrNotAllowed, c.Name)
			case match:
				return c, nil
			}
		}
	}
	return Command{}, fmt.Errorf("%w: %q", ErrUnknownCommand, inv.Command)
}

// descend follows the names of groups and subcommands and returns the options
// at the end of the way.
func descend(c Command, path []string) ([]CommandOption, []CommandOption, error) {
	options, groups := c.Options, []CommandOption(nil)
	for len(options) > 0 && isSub(options[0].Type) {
		if len(path) == 0 {
			return nil, nil, fmt.Errorf("%w: /%s needs a subcommand", ErrUnknownCommand, c.Name)
		}
		i := slices.IndexFunc(options, func(o CommandOption) bool { return o.Name == path[0] })
		if i < 0 {
			return nil, nil, fmt.Errorf("%w: /%s has no %q", ErrUnknownCommand, c.Name, path[0])
		}
		groups = append(groups, options[i])
		options, path = options[i].Options, path[1:]
	}
	if len(path) > 0 {
		return nil, nil, fmt.Errorf("%w: /%s has no %q", ErrUnknownCommand, c.Name, path[0])
	}
	return options, groups, nil
}

// fill turns typed values into option values, in the order of the definition.
func (s *Server) fill(options []CommandOption, inv Invocation, focused string, found *resolvedData) ([]optionValue, CommandOption, error) {
	var out []optionValue
	var def CommandOption
	known := map[string]bool{}
	for _, o := range options {
		known[o.Name] = true
		value, given := inv.Options[o.Name]
		if o.Name == focused {
			def = o
			out = append(out, optionValue{Name: o.Name, Type: o.Type, Value: fmt.Sprint(orBlank(value)), Focused: true})
			continue
		}
		if !given {
			if o.Required && focused == "" {
				return nil, def, fmt.Errorf("%w: %q is required", ErrBadOption, o.Name)
			}
			continue
		}
		v, err := s.optionValue(inv.Channel, o, value, found)
		if err != nil && focused == "" {
			return nil, def, err
		}
		if err == nil {
			out = append(out, optionValue{Name: o.Name, Type: o.Type, Value: v})
		}
	}
	for name := range inv.Options {
		if !known[name] {
			return nil, def, fmt.Errorf("%w: there is no %q", ErrBadOption, name)
		}
	}
	return out, def, nil
}

func orBlank(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// optionValue converts and checks one value; a file is left in the channel.
func (s *Server) optionValue(channel string, o CommandOption, value any, found *resolvedData) (any, error) {
	text := fmt.Sprint(orBlank(value))
	bad := func(why string, args ...any) error {
		return fmt.Errorf("%w: %s: %s", ErrBadOption, o.Name, fmt.Sprintf(why, args...))
	}
	if len(o.Choices) > 0 && !slices.ContainsFunc(o.Choices, func(c Choice) bool { return fmt.Sprint(c.Value) == text }) {
		return nil, bad("%q is not one of the choices", text)
	}
	switch o.Type {
	case OptionString:
		least, most := 1, 6000
		if o.MinLength != nil {
			least = max(least, *o.MinLength)
		}
		if o.MaxLength != nil {
			most = *o.MaxLength
		}
		if n := runes(text); n < least || n > most {
			return nil, bad("must be %d to %d characters long", least, most)
		}
		return text, nil
	case OptionInteger, OptionNumber:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || o.Type == OptionInteger && n != float64(int64(n)) {
			return nil, bad("%q is not a number that fits", text)
		}
		if o.MinValue != nil && n < *o.MinValue || o.MaxValue != nil && n > *o.MaxValue {
			return nil, bad("%s is outside the range", text)
		}
		return n, nil
	case OptionBoolean:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, bad("%q is neither true nor false", text)
		}
		return b, nil
	case OptionUser, OptionMentionable:
		u, ok := s.world.user(text)
		if !ok {
			return nil, bad("no such user")
		}
		s.resolveUser(u, found)
		return u.ID, nil
	case OptionChannel:
		c, ok := s.world.channel(text)
		if !ok {
			return nil, bad("no such channel")
		}
		found.Channels[c.ID] = s.channelSummary(c, UserMember)
		return c.ID, nil
	case OptionAttachment:
		f, ok := value.(File)
		if !ok || f.Name == "" || len(f.Data) > maxFileSize {
			return nil, bad("must be a file of at most %d bytes", maxFileSize)
		}
		a := s.upload(channel, f)
		found.Attachments[a.ID] = a
		return a.ID, nil
	default:
		return nil, bad("options of type %d can't be filled in here", o.Type)
	}
}

// resolveUser adds a user and their membership, which Discord sends without
// the user in it.
func (s *Server) resolveUser(u User, found *resolvedData) {
	m := s.member(u)
	m.User = nil
	found.Users[u.ID], found.Members[u.ID] = u, m
}

// resolveTarget adds the message or user that a context menu command is used on.
func (s *Server) resolveTarget(kind int, inv Invocation, data *commandData, found *resolvedData) error {
	data.TargetID = inv.Target
	if kind == CommandUser {
		u, ok := s.world.user(inv.Target)
		if !ok {
			return fmt.Errorf("no user %q", inv.Target)
		}
		s.resolveUser(u, found)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.find(inv.Channel, inv.Target)
	if p == nil || !(viewer{inv.User, inv.session}).sees(p.audience) {
		return fmt.Errorf("no message %q in this channel", inv.Target)
	}
	found.Messages[p.ID] = p.Message
	return nil
}
