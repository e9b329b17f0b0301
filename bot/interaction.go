package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Kind tells the ways in which members turn to the bot.
type Kind int

// The kinds of request, with Discord's numbers of interaction types.
const (
	SlashCommand Kind = Kind(discordgo.InteractionApplicationCommand)
	Click        Kind = Kind(discordgo.InteractionMessageComponent)
	Autocomplete Kind = Kind(discordgo.InteractionApplicationCommandAutocomplete)
	ModalSubmit  Kind = Kind(discordgo.InteractionModalSubmit)
)

// Request is what a member wants of the bot, with all that a handler may know
// of them.
type Request struct {
	Kind Kind
	// Name finds the handler: the command with its subcommand ("corpus
	// reindex"), or the action of a clicked button's or a modal's custom_id.
	Name string
	// Options are the values a command was given, by option name; for a modal,
	// the texts by field.
	Options map[string]string
	// Focused is the option being typed, for Autocomplete.
	Focused string
	// Arg is what follows the action in a custom_id. It may be forged.
	Arg string
	// Where and who. GuildID is "" in direct messages; Permissions are the
	// member's in that channel, as Discord computed them, and 0 in direct messages.
	GuildID, ChannelID, UserID string
	Permissions                int64
	Locale                     string
}

// moderator is the permission that the moderators' commands and buttons need.
const moderator = discordgo.PermissionManageGuild

// Moderator tells whether the member may look after this server's corpus.
func (r Request) Moderator() bool {
	return r.GuildID != "" && r.Permissions&(moderator|discordgo.PermissionAdministrator) != 0
}

// interaction is a decoded event: the request, and the address that answers go to.
type interaction struct {
	ID, AppID, Token string
	Request          Request
	arrived          time.Time // Discord waits for an answer from then on
}

// Errors of decode.
var errUndecodable = errors.New("the event can't be read")

// snowflake is the form of Discord's ids, token that of interaction tokens;
// both become part of URLs.
var (
	snowflake = regexp.MustCompile(`^[0-9]{1,20}$`)
	token     = regexp.MustCompile(`^[\w.:~=+-]{1,512}$`)
)

// decode reads a raw INTERACTION_CREATE event. It reads the members that the
// bot needs and no other, so an event with a component or an option of a type that is newer
// than this program still works. When the event's address could be read but the
// rest could not, the interaction is returned along with the error, to be
// answered with it.
func decode(raw []byte) (*interaction, error) {
	var head struct {
		ID      string `json:"id"`
		AppID   string `json:"application_id"`
		Token   string `json:"token"`
		Type    Kind   `json:"type"`
		GuildID string `json:"guild_id"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", errUndecodable, err)
	}
	if !snowflake.MatchString(head.ID) || !snowflake.MatchString(head.AppID) || !token.MatchString(head.Token) {
		return nil, fmt.Errorf("%w: it has no usable id, application_id or token", errUndecodable)
	}
	it := &interaction{ID: head.ID, AppID: head.AppID, Token: head.Token}
	it.Request.Kind, it.Request.GuildID = head.Type, head.GuildID
	var body struct {
		ChannelID string `json:"channel_id"`
		Locale    string `json:"locale"`
		User      *user  `json:"user"`
		Member    *struct {
			User        *user  `json:"user"`
			Permissions string `json:"permissions"`
		} `json:"member"`
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return it, fmt.Errorf("%w: %w", errUndecodable, err)
	}
	r := &it.Request
	r.ChannelID, r.Locale = body.ChannelID, body.Locale
	if body.User != nil {
		r.UserID = body.User.ID
	}
	if body.Member != nil {
		if body.Member.User != nil {
			r.UserID = body.Member.User.ID
		}
		// Permissions that can't be read are none.
		r.Permissions, _ = strconv.ParseInt(body.Member.Permissions, 10, 64)
	}
	if err := r.readData(body.Data); err != nil {
		return it, fmt.Errorf("%w: %w", errUndecodable, err)
	}
	return it, nil
}

type user struct {
	ID string `json:"id"`
}

// readData reads what depends on the kind of interaction.
func (r *Request) readData(raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return errors.New("it has no data")
	}
	switch r.Kind {
	case SlashCommand, Autocomplete:
		return r.readCommand(raw)
	case Click, ModalSubmit:
		return r.readCustomID(raw)
	}
	return fmt.Errorf("interaction type %d is unknown", r.Kind)
}

// givenOption is an option's value, or a subcommand with its options.
type givenOption struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []givenOption   `json:"options"`
}

func (r *Request) readCommand(raw json.RawMessage) error {
	var data struct {
		Name    string        `json:"name"`
		Options []givenOption `json:"options"`
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		return err
	}
	r.Name = data.Name
	options := data.Options
	// A subcommand, or a group with one, is an only option without a value.
	for len(options) == 1 && len(options[0].Value) == 0 {
		r.Name += " " + options[0].Name
		options = options[0].Options
	}
	r.Options = make(map[string]string, len(options))
	for _, o := range options {
		var s string
		if json.Unmarshal(o.Value, &s) != nil {
			s = string(o.Value) // a number or a truth value
		}
		r.Options[o.Name] = strings.TrimSpace(s)
		if o.Focused {
			r.Focused = o.Name
		}
	}
	return nil
}

func (r *Request) readCustomID(raw json.RawMessage) error {
	var data struct {
		CustomID string `json:"custom_id"`
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		return err
	}
	var err error
	r.Name, r.Arg, err = splitCustomID(data.CustomID)
	return err
}
