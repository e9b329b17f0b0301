package bot

import (
	"fmt"

	"github.com/whosaid/whosaid/bot/locale"
)

// texts are what the bot says, in each language. They are part of the binary,
// and tests read them all.
var texts = func() *locale.Catalogue {
	c, err := locale.Load()
	if err != nil {
		panic(fmt.Sprintf("bot: %v", err))
	}
	return c
}()

// localized adds to commands their names and descriptions in every language.
func localized(commands []Command) []Command {
	for i := range commands {
		c := &commands[i]
		key := commandKey(c.Name)
		c.NameLocal = texts.Localizations(key + ".name")
		if c.Description != "" {
			c.DescriptionLocal = texts.Localizations(key + ".description")
		}
		localizedOptions(key, c.Options)
	}
	return commands
}

func localizedOptions(key string, options []Option) {
	for i := range options {
		o := &options[i]
		at := optionKey(key, o.Name)
		o.NameLocal, o.DescriptionLocal = texts.Localizations(at+".name"), texts.Localizations(at+".description")
		for j := range o.Choices {
			c := &o.Choices[j]
			c.NameLocal = texts.Localizations(c.key)
		}
		localizedOptions(at, o.Options)
	}
}

// optionKey is where the texts of an option are found, below a command's or
// subcommand's. There, "name" is taken.
func optionKey(key, option string) string {
	if option == "name" {
		option = "called"
	}
	return key + "." + option
}

// commandKey is where a command's texts are found; menu commands have names
// that are no keys.
func commandKey(name string) string {
	if name == msgWhoSaid {
		name = "who-said-this"
	}
	return "command." + name
}
