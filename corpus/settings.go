package corpus

import (
	"fmt"
	"regexp"
	"strings"
)

// Settings are what a server's moderators decided about the bot there and its
// corpus.
type Settings struct {
	// Shared is "on" or "off": whether the server sees the shared corpus; ""
	// leaves it to the operator's default.
	Shared string `json:"shared"`
	// ModeratorRole is the id of the Discord role whose members are
	// moderators too, or "".
	ModeratorRole string `json:"moderator_role"`
	// ReportsChannel is the id of the channel that members' reports are
	// posted to, or "" when they only wait in the list.
	ReportsChannel string `json:"reports_channel"`
	// Language is the ISO 639 code of the language that answers are framed
	// in, LanguageMember, or LanguageServer, which is also what "" means.
	Language string `json:"language"`
	// Answers is AnswersPrivate, or AnswersPublic, which is also what "" means.
	Answers string `json:"answers"`
}

// The names of the settings, in a [Change].
const (
	SettingShared         = "shared"
	SettingModeratorRole  = "moderator_role"
	SettingReportsChannel = "reports_channel"
	SettingLanguage       = "language"
	SettingAnswers        = "answers"
)

// Values of settings.
const (
	LanguageServer = "server" // as the server's own
	LanguageMember = "member" // as each member's own
	AnswersPublic  = "public"
	AnswersPrivate = "private" // seen by who asked alone
)

// field is the setting of that name, nil for none.
func (s *Settings) field(name string) *string {
	return map[string]*string{
		SettingShared: &s.Shared, SettingModeratorRole: &s.ModeratorRole, SettingReportsChannel: &s.ReportsChannel,
		SettingLanguage: &s.Language, SettingAnswers: &s.Answers,
	}[name]
}

// isoLanguage is the form of a language's code. Which ones are spoken is not
// known here.
var isoLanguage = regexp.MustCompile(`^[a-z]{2,3}$`)

func checkSetting(name, value string) error {
	var s Settings
	switch {
	case s.field(name) == nil:
		return fmt.Errorf("%w: there is no setting %q", errChange, name)
	case value == "":
		return nil
	case name == SettingShared && value != "on" && value != "off":
		return fmt.Errorf("%w: %s is on or off, not %q", errChange, name, value)
	case name == SettingLanguage && value != LanguageServer && value != LanguageMember && !isoLanguage.MatchString(value):
		return fmt.Errorf("%w: %s is server, member or a language's code, not %q", errChange, name, value)
	case name == SettingAnswers && value != AnswersPublic && value != AnswersPrivate:
		return fmt.Errorf("%w: %s are public or private, not %q", errChange, name, value)
	case (name == SettingModeratorRole || name == SettingReportsChannel) && strings.Trim(value, "0123456789") != "":
		return fmt.Errorf("%w: %s is a Discord id, not %q", errChange, name, value)
	}
	return nil
}
