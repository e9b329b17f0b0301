package bot

import (
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/whosaid/whosaid/corpus"
)

// Names of the moderators' commands and their options, as they are typed.
const (
	groupSpeaker = "speaker"

	subAdd      = "add"
	subAddFeed  = "add-feed"
	subFeeds    = "feeds"
	subList     = "list"
	subShow     = "show"
	subRemove   = "remove"
	subExport   = "export"
	subReports  = "reports"
	subAudit    = "audit"
	subSettings = "settings"

	subMerge  = "merge"
	subRename = "rename"
	subAlias  = "alias"
	subHide   = "hide"

	optURL      = "url"
	optFile     = "file"
	optArticle  = "article"
	optName     = "name"
	optInto     = "into"
	optNew      = "new"
	optShared   = "shared"
	optRole     = "moderator-role"
	optChannel  = "reports-channel"
	optLanguage = "language"
	optAnswers  = "answers"
)

// maxURL is the longest address that is taken, in characters.
const maxURL = 1000

// curationOptions are the subcommands of /corpus beside status and reindex.
func curationOptions() []Option {
	article := text(optArticle, "The article; type a part of its title", 1, maxName).completed().required()
	sub := func(name, description string, options ...Option) Option {
		o := subcommand(name, description)
		o.Options = options
		return o
	}
	return []Option{
		sub(subAdd, "Add a page, a file, or (with neither) a text that you paste",
			text(optURL, "Address of a page or feed", 8, maxURL),
			Option{Type: int(discordgo.ApplicationCommandOptionAttachment), Name: optFile, Description: "A file with one or more articles"}),
		sub(subAddFeed, "Watch a feed: its new articles come by themselves", text(optURL, "Address of the feed", 8, maxURL).required()),
		sub(subFeeds, "The feeds that are watched"),
		sub(subList, "List the articles", text(optWords, "Words of the title", 1, maxName)),
		sub(subShow, "Show an article with its quotes", article),
		sub(subRemove, "Remove an article; it can be undone", article),
		sub(subExport, "Get a copy of all that is kept for this server"),
		sub(subReports, "Reports of wrong speakers that wait for a moderator"),
		sub(subAudit, "Who changed what, with undo"),
		sub(subSettings, "Show or change what this server decides: language, answers, corpus",
			chosen(optLanguage, "Which language I speak on this server", "settings.languages",
				slices.Concat([]string{corpus.LanguageServer, corpus.LanguageMember}, texts.Languages())...),
			chosen(optAnswers, "Who sees answers: everybody in the channel, or who asked alone", "settings.visible",
				corpus.AnswersPublic, corpus.AnswersPrivate),
			Option{Type: int(discordgo.ApplicationCommandOptionBoolean), Name: optShared, Description: "Whether answers also come from the operator's shared corpus"},
			Option{Type: int(discordgo.ApplicationCommandOptionRole), Name: optRole, Description: "Members with this role are moderators of the corpus too"},
			Option{Type: int(discordgo.ApplicationCommandOptionChannel), Name: optChannel, Description: "Where reports of wrong speakers are posted"}),
	}
}

// speakerGroup are the subcommands of /corpus that put right what speakers are
// called. /speaker itself is everybody's, and Discord hides whole commands only.
func speakerGroup() Option {
	name := func(what string) Option { return text(optName, what, 1, maxName).completed().required() }
	sub := func(sub, description string, options ...Option) Option {
		o := subcommand(sub, description)
		o.Options = options
		return o
	}
	return Option{
		Type: int(discordgo.ApplicationCommandOptionSubCommandGroup), Name: groupSpeaker, Description: "Put right what speakers are called",
		Options: []Option{
			sub(subMerge, "Two names are one speaker", name("The name that is to go"), text(optInto, "The speaker that it belongs to", 1, maxName).completed().required()),
			sub(subRename, "A speaker has another name", name("The name now"), text(optNew, "The right name", 1, maxName).required()),
			sub(subAlias, "A speaker is also known as something else", name("The speaker"), text(optNew, "The other name", 1, maxName).required()),
			sub(subHide, "Attribute nothing to this name any more", name("The name")),
		},
	}
}
