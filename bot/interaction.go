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
	// Target is the text of the message whose menu was used.
	Target string
	// Where and who. GuildID is also "" where the bot was brought along by a member who
	// installed it for themselves: there is no server that has it. GuildID is "" in direct messages; Permissions are the
	// member's in that channel, as Discord computed them, and 0 in direct messages.
	GuildID, ChannelID, UserID string
	Permissions                int64
	// Locale is what the member's client is set to, GuildLocale the server; both as Discord
	// writes them, "" where unknown.
	Locale, GuildLocale string
	// Alone says that the clicked message is one that the member alone sees.
	Alone bool
	// Manners are those of the server; the router sets them.
	Manners Manners
	// Roles are the ids of the member's roles.
	Roles []string
	// Attachments are the files that a command was given, by option name.
	Attachments map[string]Attachment
}

// moderator is the permission that the moderators' commands and buttons need.
const moderator = discordgo.PermissionManageGuild

// Attachment is a file that Discord keeps for a command. All of it comes from whoever sent it.
type Attachment struct {
	URL       string `json:"url"`
	Filename  string `json:"filename"`
	MediaType string `json:"content_type"`
	Size      int64  `json:"size"` // bytes
}

// Manager tells whether Discord says that the member manages this server.
func (r Request) Manager() bool {
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
		// Owners tell by kind of installation who authorized the bot here.
		Owners map[string]json.RawMessage `json:"authorizing_integration_owners"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", errUndecodable, err)
	}
	if !snowflake.MatchString(head.ID) || !snowflake.MatchString(head.AppID) || !token.MatchString(head.Token) {
		return nil, fmt.Errorf("%w: it has no usable id, application_id or token", errUndecodable)
	}
	it := &interaction{ID: head.ID, AppID: head.AppID, Token: head.Token}
	it.Request.Kind, it.Request.GuildID = head.Type, head.GuildID
	if _, byServer := head.Owners[strconv.Itoa(int(discordgo.ApplicationIntegrationGuildInstall))]; len(head.Owners) > 0 && !byServer {
		it.Request.GuildID = ""
	}
	var body struct {
		ChannelID string `json:"channel_id"`
		Locale    string `json:"locale"`
		Guild     string `json:"guild_locale"`
		User      *user  `json:"user"`
		Member    *struct {
			User        *user    `json:"user"`
			Permissions string   `json:"permissions"`
			Roles       []string `json:"roles"`
		} `json:"member"`
		Message struct {
			Flags discordgo.MessageFlags `json:"flags"`
		} `json:"message"`
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return it, fmt.Errorf("%w: %w", errUndecodable, err)
	}
	r := &it.Request
	r.Alone = body.Message.Flags&discordgo.MessageFlagsEphemeral != 0
	r.ChannelID, r.Locale, r.GuildLocale = body.ChannelID, body.Locale, body.Guild
	if body.User != nil {
		r.UserID = body.User.ID
	}
	if body.Member != nil {
		if body.Member.User != nil {
			r.UserID = body.Member.User.ID
		}
		r.Roles = body.Member.Roles
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
		Name    string          `json:"name"`
		Options []givenOption   `json:"options"`
		Target  string          `json:"target_id"`
		Found   json.RawMessage `json:"resolved"`
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		return err
	}
	r.Name = data.Name
	if data.Target != "" {
		r.Target = messageText(data.Found, data.Target)
	}
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
		if a, ok := attached(data.Found)[s]; ok && o.Type == int(discordgo.ApplicationCommandOptionAttachment) {
			if r.Attachments == nil {
				r.Attachments = map[string]Attachment{}
			}
			r.Attachments[o.Name] = a
		}
		if o.Focused {
			r.Focused = o.Name
		}
	}
	return nil
}

// attached are a command's resolved attachments, by id.
func attached(resolved json.RawMessage) map[string]Attachment {
	var found struct {
		Attachments map[string]Attachment `json:"attachments"`
	}
	if len(resolved) == 0 || json.Unmarshal(resolved, &found) != nil {
		return nil
	}
	return found.Attachments
}

func (r *Request) readCustomID(raw json.RawMessage) error {
	var data struct {
		CustomID   string      `json:"custom_id"`
		Components []component `json:"components"`
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		return err
	}
	if r.Kind == ModalSubmit {
		r.Options = map[string]string{}
		for _, c := range data.Components {
			c.read(r.Options)
		}
	}
	var err error
	r.Name, r.Arg, err = splitCustomID(data.CustomID)
	return err
}

// component is a field of a modal, or a row or label that holds some.
type component struct {
	CustomID   string      `json:"custom_id"`
	Value      string      `json:"value"`
	Components []component `json:"components"`
	Component  *component  `json:"component"`
}

// read collects the texts by field.
func (c component) read(into map[string]string) {
	if c.CustomID != "" {
		into[c.CustomID] = strings.TrimSpace(c.Value)
	}
	for _, inner := range c.Components {
		inner.read(into)
	}
	if c.Component != nil {
		c.Component.read(into)
	}
}
