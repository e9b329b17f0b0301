package sandbox

import (
	"slices"
	"strconv"
)

// Ids of the people and places of the sandbox. They are the same at every
// start, so that what a bot keeps by server survives a restart.
const (
	GuildNewsroom = "900000000000000100"
	GuildLibrary  = "900000000000000200"

	ChannelNewsroomGeneral = "900000000000000101"
	ChannelNewsroomDesk    = "900000000000000102"
	ChannelLibraryGeneral  = "900000000000000201"
	ChannelLibraryHelp     = "900000000000000202"

	UserMember    = "900000000000000301"
	UserModerator = "900000000000000302"

	roleModerator = "900000000000000401"
	applicationID = "900000000000000001"
)

// Permission bits that matter to commands.
const (
	permKickMembers         = 1 << 1
	permAdministrator       = 1 << 3
	permManageGuild         = 1 << 5
	permAddReactions        = 1 << 6
	permViewChannel         = 1 << 10
	permSendMessages        = 1 << 11
	permManageMessages      = 1 << 13
	permEmbedLinks          = 1 << 14
	permAttachFiles         = 1 << 15
	permReadHistory         = 1 << 16
	permUseCommands         = 1 << 31
	permModerateMembers     = 1 << 40
	permissionsOfMembers    = permAddReactions | permViewChannel | permSendMessages | permEmbedLinks | permAttachFiles | permReadHistory | permUseCommands
	permissionsOfModerators = permissionsOfMembers | permKickMembers | permManageGuild | permManageMessages | permModerateMembers
)

// world is what doesn't change while the stand-in runs.
type world struct {
	bot    User
	users  []User
	guilds []Guild
}

func newWorld(appName string) world {
	person := func(id, username, name string) User {
		return User{ID: id, Username: username, GlobalName: &name, Discriminator: "0"}
	}
	channel := func(guild, id, name, topic string) Channel {
		return Channel{ID: id, GuildID: guild, Name: name, Topic: topic}
	}
	return world{
		bot: User{ID: applicationID, Username: appName, Discriminator: "0000", Bot: true},
		users: []User{
			person(UserMember, "robin.vale", "Robin Vale"),
			person(UserModerator, "sam.harrow", "Sam Harrow"),
		},
		guilds: []Guild{
			{ID: GuildNewsroom, Name: "Newsroom", Locale: "en-US", Channels: []Channel{
				channel(GuildNewsroom, ChannelNewsroomGeneral, "general", "Ask who said what"),
				channel(GuildNewsroom, ChannelNewsroomDesk, "fact-desk", "Check a quote before it runs"),
			}},
			{ID: GuildLibrary, Name: "Reading Room", Locale: "en-US", Channels: []Channel{
				channel(GuildLibrary, ChannelLibraryGeneral, "general", "Another server, its own corpus"),
				channel(GuildLibrary, ChannelLibraryHelp, "help", "Try things here"),
			}},
		},
	}
}

func (w world) user(id string) (User, bool) {
	for _, u := range append(w.users[:len(w.users):len(w.users)], w.bot) {
		if u.ID == id {
			return u, true
		}
	}
	return User{}, false
}

func (w world) guild(id string) (Guild, bool) {
	for _, g := range w.guilds {
		if g.ID == id {
			return g, true
		}
	}
	return Guild{}, false
}

func (w world) channel(id string) (Channel, bool) {
	for _, g := range w.guilds {
		for _, c := range g.Channels {
			if c.ID == id {
				return c, true
			}
		}
	}
	return Channel{}, false
}

// permissions returns a user's permission bits, the same in every channel.
func (w world) permissions(user string) uint64 {
	if user == UserModerator {
		return permissionsOfModerators
	}
	return permissionsOfMembers
}

func permissionString(bits uint64) string { return strconv.FormatUint(bits, 10) }

// mayUse reports whether the command's default permissions let the user see
// and use it in a server. "0" is for administrators alone; there is none here.
func (w world) mayUse(c Command, user string) bool {
	if c.Contexts != nil && !slices.Contains(c.Contexts, 0) {
		return false
	}
	if c.DefaultMemberPermissions == nil {
		return true
	}
	need, err := strconv.ParseUint(string(*c.DefaultMemberPermissions), 10, 64)
	has := w.permissions(user)
	return err == nil && (has&permAdministrator != 0 || need != 0 && has&need == need)
}
