package sandbox

import (
	"fmt"
	"slices"
)

// componentUse is a press of a button or a choice in a menu.
type componentUse struct {
	Channel  string   `json:"channel"`
	Message  string   `json:"message"`
	CustomID string   `json:"custom_id"`
	Values   []string `json:"values"`
	by       viewer
	locale   string
}

// use sends the use of a component to the bot.
func (s *Server) use(u componentUse) (*interaction, error) {
	u.by.user = orMember(u.by.user)
	user, ok := s.world.user(u.by.user)
	if !ok {
		return nil, fmt.Errorf("no user %q", u.by.user)
	}
	s.mu.Lock()
	p := s.find(u.Channel, u.Message)
	if p == nil || !u.by.sees(p.audience) {
		s.mu.Unlock()
		return nil, fmt.Errorf("%w: the message is gone", ErrNoComponent)
	}
	c := findComponent(p.Components, u.CustomID)
	guild := p.GuildID
	s.mu.Unlock()
	if c == nil || c.Disabled {
		return nil, fmt.Errorf("%w: %q", ErrNoComponent, u.CustomID)
	}
	data := map[string]any{"custom_id": c.CustomID, "component_type": c.Type, "id": c.ID}
	if c.Type != ComponentButton {
		if err := s.chosen(c, u.Values, data); err != nil {
			return nil, err
		}
	}
	it := &interaction{kind: interactionComponent, guild: guild, channel: u.Channel, source: p, by: u.by}
	return s.begin(it, user, u.locale, data), nil
}

func orMember(user string) string {
	if user == "" {
		return UserMember
	}
	return user
}

// findComponent returns a copy of the component with the custom id, however
// deep it stands, or nil.
func findComponent(components []Component, customID string) *Component {
	for _, c := range components {
		if c.CustomID == customID && customID != "" {
			return &c
		}
		inside := c.Components
		if c.Accessory != nil {
			inside = append(slices.Clone(inside), *c.Accessory)
		}
		if found := findComponent(inside, customID); found != nil {
			return found
		}
	}
	return nil
}

// chosen checks a menu's values and adds them to the interaction's data.
func (s *Server) chosen(c *Component, values []string, data map[string]any) error {
	if n := len(values); n < *c.MinValues || n > *c.MaxValues {
		return fmt.Errorf("%w: choose %d to %d", ErrBadOption, *c.MinValues, *c.MaxValues)
	}
	found := newResolved()
	for _, v := range values {
		switch c.Type {
		case ComponentStringSelect:
			if !slices.ContainsFunc(c.Options, func(o SelectOption) bool { return o.Value == v }) {
				return fmt.Errorf("%w: %q is not in the menu", ErrBadOption, v)
			}
		case ComponentUserSelect, ComponentMentionableSelect:
			u, ok := s.world.user(v)
			if !ok {
				return fmt.Errorf("%w: no user %q", ErrBadOption, v)
			}
			s.resolveUser(u, found)
		case ComponentChannelSelect:
			ch, ok := s.world.channel(v)
			if !ok {
				return fmt.Errorf("%w: no channel %q", ErrBadOption, v)
			}
			found.Channels[ch.ID] = s.channelSummary(ch, UserMember)
		}
	}
	data["values"] = append([]string{}, values...)
	if c.Type != ComponentStringSelect {
		data["resolved"] = found
	}
	return nil
}

// submit sends a filled-in form to the bot.
func (s *Server) submit(opened *interaction, values map[string]string) (*interaction, error) {
	s.mu.Lock()
	modal := opened.modal
	s.mu.Unlock()
	if modal == nil {
		return nil, fmt.Errorf("%w: no form is open", ErrNoComponent)
	}
	rows := []map[string]any{}
	for _, row := range modal.Components {
		for _, input := range row.Components {
			value := values[input.CustomID]
			if value == "" && (input.Required == nil || *input.Required) {
				return nil, fmt.Errorf("%w: %q is required", ErrBadOption, input.Label)
			}
			if n := runes(value); n > maxInputLength || input.MaxLength != nil && n > *input.MaxLength || input.MinLength != nil && n < *input.MinLength && n > 0 {
				return nil, fmt.Errorf("%w: %q has the wrong length", ErrBadOption, input.Label)
			}
			rows = append(rows, map[string]any{"type": ComponentActionRow, "id": row.ID, "components": []any{
				map[string]any{"type": ComponentTextInput, "id": input.ID, "custom_id": input.CustomID, "value": value}}})
		}
	}
	user, _ := s.world.user(opened.by.user)
	it := &interaction{kind: interactionModal, guild: opened.guild, channel: opened.channel, source: opened.source, by: opened.by}
	return s.begin(it, user, "", map[string]any{"custom_id": modal.CustomID, "components": rows}), nil
}
