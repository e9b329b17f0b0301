package bot

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// Names of the commands and their options, as members type them.
const (
	cmdWho    = "who"
	cmdQuotes = "quotes"
	cmdAsk    = "ask"
	cmdVerify = "verify"
	cmdCorpus = "corpus"

	subStatus  = "status"
	subReindex = "reindex"

	optWords     = "words"
	optSpeaker   = "speaker"
	optAbout     = "about"
	optPublisher = "publisher"
	optFrom      = "from"
	optTo        = "to"
	optQuestion  = "question"
	optClaim     = "claim"
)

// Longest option values, in characters. Discord enforces them, and so do the
// handlers.
const (
	maxQuestion = 500
	maxClaim    = 1500
	maxName     = 100
	maxDay      = 10
)

// Command is a slash command as Discord stores it. The package has its own
// type because discordgo's can't be compared with what Discord returns: it
// sends permissions as text and nulls for everything that is unset.
type Command struct {
	Name        string   `json:"name"`
	Type        int      `json:"type"`
	Description string   `json:"description,omitempty"` // of slash commands alone
	Options     []Option `json:"options,omitempty"`
	// The names and descriptions by Discord's locale.
	NameLocal        map[string]string `json:"name_localizations,omitempty"`
	DescriptionLocal map[string]string `json:"description_localizations,omitempty"`
	Permissions      permissions       `json:"default_member_permissions"`
	Contexts         []int             `json:"contexts"`
	Installs         []int             `json:"integration_types"`
}

// Option is an option or a subcommand.
type Option struct {
	Type             int               `json:"type"`
	Name             string            `json:"name"`
	Description      string            `json:"description"`
	Required         bool              `json:"required,omitempty"`
	Autocomplete     bool              `json:"autocomplete,omitempty"`
	MinLength        int               `json:"min_length,omitempty"` // characters
	MaxLength        int               `json:"max_length,omitempty"`
	Options          []Option          `json:"options,omitempty"`
	Choices          []OptionChoice    `json:"choices,omitempty"`
	NameLocal        map[string]string `json:"name_localizations,omitempty"`
	DescriptionLocal map[string]string `json:"description_localizations,omitempty"`
}

// OptionChoice is a value that an option can have, when it can't have any other.
type OptionChoice struct {
	Name      string            `json:"name"`
	Value     string            `json:"value"`
	NameLocal map[string]string `json:"name_localizations,omitempty"`
	key       string            // of the name in the catalogue
}

// permissions is a set of permission bits; 0 stands for null, "everybody".
type permissions int64

// MarshalJSON writes a number, or null for everybody.
func (p permissions) MarshalJSON() ([]byte, error) {
	if p == 0 {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, int64(p), 10), nil
}

// UnmarshalJSON reads a number, null, or the decimal text that Discord returns.
func (p *permissions) UnmarshalJSON(b []byte) error {
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("reading permissions: %w", err)
	}
	*p = 0
	if n == "" {
		return nil
	}
	v, err := strconv.ParseInt(n.String(), 10, 64)
	*p = permissions(v)
	return err
}

// Commands are the definitions that the bot registers.
func Commands() []Command {
	anywhere := []int{int(discordgo.InteractionContextGuild), int(discordgo.InteractionContextBotDM)}
	servers := anywhere[:1]
	// What needs no server works wherever somebody who installed the bot for
	// themselves is.
	everywhere := append(anywhere[:2:2], int(discordgo.InteractionContextPrivateChannel))
	toAll := []int{int(discordgo.ApplicationIntegrationGuildInstall), int(discordgo.ApplicationIntegrationUserInstall)}
	toGuilds := toAll[:1]
	slash := int(discordgo.ChatApplicationCommand)
	return []Command{
		{Name: msgWhoSaid, Type: int(discordgo.MessageApplicationCommand), Contexts: everywhere, Installs: toAll},
		{
			Name: cmdWho, Type: slash, Contexts: everywhere, Installs: toAll,
			Description: "Find out who said something, and where it is written",
			Options: []Option{
				text(optWords, "The words, as well as you remember them", 2, maxQuestion).required(),
			},
		},
		{
			Name: cmdQuotes, Type: slash, Contexts: everywhere, Installs: toAll,
			Description: "List what somebody said, or what was said about something",
			Options: []Option{
				text(optSpeaker, "Who said it: a person, an office, an organisation", 1, maxName).completed(),
				text(optAbout, "What it is about", 2, maxName),
				text(optPublisher, "Which newspaper or site printed it", 1, maxName).completed(),
				text(optFrom, "From this day, month or year on, like 2024-05-31, 2024-05 or 2024", 4, maxDay),
				text(optTo, "Up to this day, month or year, like 2024-05-31, 2024-05 or 2024", 4, maxDay),
			},
		},
		{
			Name: cmdAsk, Type: slash, Contexts: everywhere, Installs: toAll,
			Description: "Ask a question about who said what",
			Options: []Option{
				text(optQuestion, "Your question, in a sentence", 3, maxQuestion).required(),
			},
		},
		{
			Name: cmdVerify, Type: slash, Contexts: everywhere, Installs: toAll,
			Description: "Check whether a quote is real, and whose it is",
			Options: []Option{
				text(optClaim, "The quote to check", 3, maxClaim).required(),
				text(optSpeaker, "Who is said to have said it", 1, maxName).completed(),
			},
		},
		{
			Name: cmdSpeaker, Type: slash, Contexts: everywhere, Installs: toAll,
			Description: "Get to know a speaker: roles, most quoted words, a chart over time",
			Options: []Option{
				text(optName, "Who: a person, an office, an organisation", 1, maxName).completed().required(),
			},
		},
		{
			Name: cmdTopic, Type: slash, Contexts: everywhere, Installs: toAll,
			Description: "See who speaks about something, and when",
			Options: []Option{
				text(optAbout, "What it is about, in a word or a few", 2, maxName).required(),
			},
		},
		{
			Name: cmdAbout, Type: slash, Contexts: everywhere, Installs: toAll,
			Description: "What this bot is, what it knows, and what it keeps",
		},
		{
			Name: cmdCorpus, Type: slash, Contexts: servers, Installs: toGuilds, Permissions: moderator,
			Description: "Look after the articles that answers come from",
			Options: append([]Option{
				subcommand(subStatus, "What the corpus holds and how the index is"),
				subcommand(subReindex, "Rebuild the index from the stored articles"),
			}, append(curationOptions(), speakerGroup())...),
		},
	}
}

// text is an optional text option of minLen to maxLen characters.
func text(name, description string, minLen, maxLen int) Option {
	return Option{
		Type: int(discordgo.ApplicationCommandOptionString), Name: name, Description: description,
		MinLength: minLen, MaxLength: maxLen,
	}
}

// chosen is an option with a value out of a few, whose names are under key in
// the catalogue.
func chosen(name, description, key string, values ...string) Option {
	o := Option{Type: int(discordgo.ApplicationCommandOptionString), Name: name, Description: description}
	for _, v := range values {
		at := key + "." + v
		o.Choices = append(o.Choices, OptionChoice{Name: texts.For("en").Get(at), Value: v, key: at})
	}
	return o
}

func subcommand(name, description string) Option {
	return Option{Type: int(discordgo.ApplicationCommandOptionSubCommand), Name: name, Description: description}
}

// required makes the option one that must be given.
func (o Option) required() Option { o.Required = true; return o }

// completed has Discord ask for suggestions while a member types.
func (o Option) completed() Option { o.Autocomplete = true; return o }
