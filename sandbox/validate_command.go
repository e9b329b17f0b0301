package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Limits of application commands, from Discord's documentation.
const (
	maxSlashCommands   = 100
	maxContextCommands = 15
	maxOptions         = 25
	maxChoices         = 25
	maxNameLength      = 32
	maxDescription     = 100
	maxChoiceLength    = 100
	maxCommandSize     = 8000
)

// slashName is the pattern of slash command and option names; capitals are
// refused apart, since the pattern can't say it.
var slashName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// checkCommand notes in t what is wrong with a command at path ("" or its
// number in a bulk request).
func checkCommand(t errorTree, path string, c Command) {
	at := func(field string) string { return strings.TrimPrefix(path+"."+field, ".") }
	if c.Type == CommandSlash {
		checkName(t, at("name"), c.Name)
		t.length(at("description"), c.Description, 1, maxDescription)
		checkOptions(t, at("options"), c.Options, 0)
	} else {
		t.length(at("name"), c.Name, 1, maxNameLength)
		if c.Description != "" {
			t.add(at("description"), codeFieldChoice, "Context menu commands cannot have description")
		}
		t.count(at("options"), len(c.Options), 0, 0)
	}
	if c.Type < CommandSlash || c.Type > CommandMessage {
		t.add(at("type"), codeFieldChoice, "Value must be one of {1, 2, 3}.")
	}
	if p := c.DefaultMemberPermissions; p != nil {
		if _, err := strconv.ParseUint(string(*p), 10, 64); err != nil {
			t.add(at("default_member_permissions"), codeFieldChoice, "Value is not a permission set.")
		}
	}
	checkLocalizations(t, at("name_localizations"), c.NameLocalizations, maxNameLength)
	checkLocalizations(t, at("description_localizations"), c.DescriptionLocalizations, maxDescription)
	if size := commandSize(c); size > maxCommandSize {
		t.add(strings.TrimPrefix(path, "."), codeFieldCommandTooLarge, "Command exceeds maximum size (%d)", maxCommandSize)
	}
}

func checkName(t errorTree, path, name string) {
	if name == "" {
		t.add(path, codeFieldRequired, "This field is required")
		return
	}
	if !slashName.MatchString(name) || strings.ToLower(name) != name {
		t.add(path, codeFieldName, "Command name is invalid")
	}
}

func checkLocalizations(t errorTree, path string, texts map[string]string, most int) {
	for locale, text := range texts {
		if !knownLocale(locale) {
			t.add(path, codeFieldChoice, "Value %q is not a locale.", locale)
			continue
		}
		t.length(path+"."+locale, text, 1, most)
	}
}

// locales are those that Discord's own clients can be set to.
var locales = strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko ar he")

func knownLocale(locale string) bool { return slices.Contains(locales, locale) }

// checkOptions checks a list of options; depth is 0 for a command's own, 1
// inside a subcommand or group, 2 inside a subcommand of a group.
func checkOptions(t errorTree, path string, options []CommandOption, depth int) {
	t.count(path, len(options), 0, maxOptions)
	names := map[string]bool{}
	optional := false
	for i, o := range options {
		at := fmt.Sprintf("%s.%d", path, i)
		checkName(t, at+".name", o.Name)
		t.length(at+".description", o.Description, 1, maxDescription)
		checkLocalizations(t, at+".name_localizations", o.NameLocalizations, maxNameLength)
		checkLocalizations(t, at+".description_localizations", o.DescriptionLocalizations, maxDescription)
		if names[o.Name] {
			t.add(at, codeFieldDuplicateName, "Option name already exists")
		}
		names[o.Name] = true
		if o.Required && optional {
			t.add(at, codeFieldOrder, "Required options must be placed before non-required options")
		}
		optional = optional || !o.Required
		checkOption(t, at, o, depth, len(options) > 0 && isSub(options[0].Type))
	}
}

func isSub(optionType int) bool { return optionType == OptionSubCommand || optionType == OptionGroup }

// checkOption checks what depends on an option's type. subs says that the list
// it stands in began with a subcommand: then all of it must be subcommands.
func checkOption(t errorTree, at string, o CommandOption, depth int, subs bool) {
	switch {
	case o.Type < OptionSubCommand || o.Type > OptionAttachment:
		t.add(at+".type", codeFieldChoice, "Value must be one of {1, ..., 11}.")
		return
	case isSub(o.Type) != subs:
		t.add(at, codeFieldOptionType, "Sub-command and sub-command group option types are mutually exclusive to all other types")
	case o.Type == OptionGroup && depth > 0, o.Type == OptionSubCommand && depth > 1:
		t.add(at, codeFieldOptionType, "Subcommands cannot be nested here")
		return
	}
	if isSub(o.Type) {
		checkOptions(t, at+".options", o.Options, depth+1)
		return
	}
	t.count(at+".options", len(o.Options), 0, 0)
	textual := o.Type == OptionString || o.Type == OptionInteger || o.Type == OptionNumber
	if o.Autocomplete && (!textual || len(o.Choices) > 0) {
		t.add(at+".autocomplete", codeFieldChoice, "Autocomplete needs a string or number option without choices.")
	}
	checkChoices(t, at+".choices", o)
}

func checkChoices(t errorTree, path string, o CommandOption) {
	t.count(path, len(o.Choices), 0, maxChoices)
	for i, c := range o.Choices {
		at := fmt.Sprintf("%s.%d", path, i)
		t.length(at+".name", c.Name, 1, maxChoiceLength)
		switch v := c.Value.(type) {
		case string:
			t.length(at+".value", v, 1, maxChoiceLength)
			if o.Type != OptionString {
				t.add(at+".value", codeFieldChoice, "Value is not a number.")
			}
		case float64:
			if o.Type == OptionString {
				t.add(at+".value", codeFieldChoice, "Could not interpret %v as string.", v)
			}
		default:
			t.add(at+".value", codeFieldRequired, "This field is required")
		}
	}
}

// commandSize is what Discord counts against a command's 8,000 characters:
// its names, descriptions and values, in their longest localization.
func commandSize(c Command) int {
	size := longest(c.Name, c.NameLocalizations) + longest(c.Description, c.DescriptionLocalizations)
	return size + optionsSize(c.Options)
}

func optionsSize(options []CommandOption) int {
	size := 0
	for _, o := range options {
		size += longest(o.Name, o.NameLocalizations) + longest(o.Description, o.DescriptionLocalizations)
		for _, c := range o.Choices {
			size += longest(c.Name, c.NameLocalizations)
			if s, ok := c.Value.(string); ok {
				size += len([]rune(s))
			}
		}
		size += optionsSize(o.Options)
	}
	return size
}

func longest(text string, localized map[string]string) int {
	n := len([]rune(text))
	for _, l := range localized {
		n = max(n, len([]rune(l)))
	}
	return n
}

// checkCommandSet checks the commands of one scope together.
func checkCommandSet(t errorTree, commands []Command) error {
	type key struct {
		kind int
		name string
	}
	seen, counts := map[key]bool{}, map[int]int{}
	for i, c := range commands {
		k := key{c.Type, c.Name}
		if seen[k] {
			t.add(strconv.Itoa(i)+".name", codeFieldDuplicateName, "Application command names must be unique")
		}
		seen[k] = true
		counts[c.Type]++
	}
	if counts[CommandSlash] > maxSlashCommands || counts[CommandUser] > maxContextCommands || counts[CommandMessage] > maxContextCommands {
		return badRequest(codeTooManyCommands, fmt.Sprintf("Maximum number of application commands reached (%d)", maxSlashCommands))
	}
	return t.err()
}

// printable reports whether s has a visible character, which Discord asks of
// labels and contents.
func printable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}
