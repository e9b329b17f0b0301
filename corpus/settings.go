package corpus

import (
	"fmt"
	"strings"
)

// Settings are what a server's moderators decided about its corpus.
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
}

// The names of the settings, in a [Change].
const (
	SettingShared         = "shared"
	SettingModeratorRole  = "moderator_role"
	SettingReportsChannel = "reports_channel"
)

// field is the setting of that name, nil for none.
func (s *Settings) field(name string) *string {
	return map[string]*string{
		SettingShared: &s.Shared, SettingModeratorRole: &s.ModeratorRole, SettingReportsChannel: &s.ReportsChannel,
	}[name]
}

func checkSetting(name, value string) error {
	var s Settings
	switch {
	case s.field(name) == nil:
		return fmt.Errorf("%w: there is no setting %q", errChange, name)
	case name == SettingShared && value != "" && value != "on" && value != "off":
		return fmt.Errorf("%w: %s is on or off, not %q", errChange, name, value)
	case name != SettingShared && strings.Trim(value, "0123456789") != "":
		return fmt.Errorf("%w: %s is a Discord id, not %q", errChange, name, value)
	}
	return nil
}
