package sandbox

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"slices"
	"time"
)

// Interaction types.
const (
	interactionCommand      = 2
	interactionComponent    = 3
	interactionAutocomplete = 4
	interactionModal        = 5
)

// Callback types: what a bot may answer an interaction with.
const (
	callbackMessage         = 4
	callbackDeferred        = 5
	callbackDeferredUpdate  = 6
	callbackUpdate          = 7
	callbackAutocomplete    = 8
	callbackModal           = 9
	interactionVersion      = 1
	defaultReplyDeadline    = 3 * time.Second
	interactionTokenLife    = 15 * time.Minute
	stateAnswered           = "answered"
	stateFailed             = "failed"
	stateModal              = "modal"
	integrationOwnerInGuild = "0"
)

// An interaction is one use of a command or a component, from the moment it is
// sent to the bot until its token is too old.
type interaction struct {
	id, token string
	kind      int
	name      string // of the command; "" for a click
	optType   int    // type of the option being completed
	by        viewer
	guild     string
	channel   string
	source    *posted // the message clicked on
	target    string  // the message that a message command was used on
	created   time.Time
	deadline  *time.Timer

	callback int // 0 until the bot answered
	failed   bool
	revision int    // grows with each reply and edit
	original string // id of the reply
	deleted  bool
	last     string // id of the message last posted or edited
	modal    *Modal
	choices  []Choice
	changed  chan struct{} // closed at the next change

	transcript *transcript // nil when no browser began it
}

// notify wakes those who wait for the interaction. The caller holds the lock.
func (it *interaction) notify() {
	it.revision++
	close(it.changed)
	it.changed = make(chan struct{})
}

// ended notes in the transcript how it ended. The caller holds the lock.
func (it *interaction) ended(how string) {
	if it.transcript != nil {
		it.transcript.State = how
	}
}

func (it *interaction) expired() bool { return time.Since(it.created) > interactionTokenLife }

// interactionEvent is what INTERACTION_CREATE carries.
type interactionEvent struct {
	ID             string            `json:"id"`
	ApplicationID  string            `json:"application_id"`
	Type           int               `json:"type"`
	Data           any               `json:"data"`
	GuildID        string            `json:"guild_id"`
	Guild          guildSummary      `json:"guild"`
	ChannelID      string            `json:"channel_id"`
	Channel        channelSummary    `json:"channel"`
	Member         member            `json:"member"`
	Message        *Message          `json:"message,omitempty"`
	Token          string            `json:"token"`
	Version        int               `json:"version"`
	AppPermissions string            `json:"app_permissions"`
	Locale         string            `json:"locale"`
	GuildLocale    string            `json:"guild_locale"`
	Entitlements   []json.RawMessage `json:"entitlements"`
	Owners         map[string]string `json:"authorizing_integration_owners"`
	Context        int               `json:"context"`
	AttachmentSize int               `json:"attachment_size_limit"`
}

type guildSummary struct {
	ID       string   `json:"id"`
	Locale   string   `json:"locale"`
	Features []string `json:"features"`
}

type channelSummary struct {
	ID          string `json:"id"`
	Type        int    `json:"type"`
	GuildID     string `json:"guild_id"`
	Name        string `json:"name"`
	Permissions string `json:"permissions"`
	NSFW        bool   `json:"nsfw"`
	Topic       string `json:"topic"`
}

// member is a user in a guild. User is left out where Discord does so.
type member struct {
	User         *User     `json:"user,omitempty"`
	Nick         *string   `json:"nick"`
	Avatar       *string   `json:"avatar"`
	Roles        []string  `json:"roles"`
	JoinedAt     time.Time `json:"joined_at"`
	PremiumSince *string   `json:"premium_since"`
	Deaf         bool      `json:"deaf"`
	Mute         bool      `json:"mute"`
	Pending      bool      `json:"pending"`
	Flags        int       `json:"flags"`
	Permissions  string    `json:"permissions,omitempty"`
	TimeoutUntil *string   `json:"communication_disabled_until"`
}

var memberSince = time.Date(2024, 5, 1, 9, 0, 0, 0, time.UTC)

func (w world) member(u User) member {
	m := member{User: &u, Roles: []string{}, JoinedAt: memberSince, Permissions: permissionString(w.permissions(u.ID))}
	if u.ID == UserModerator {
		m.Roles = append(m.Roles, roleModerator)
	}
	return m
}

func (w world) channelSummary(c Channel, user string) channelSummary {
	return channelSummary{ID: c.ID, Type: c.Type, GuildID: c.GuildID, Name: c.Name, Topic: c.Topic,
		Permissions: permissionString(w.permissions(user))}
}

// begin registers an interaction and sends it to the bot. It fails by itself
// when the bot has not answered before the deadline.
func (s *Server) begin(it *interaction, user User, locale string, data any) *interaction {
	it.id, it.token = s.ids.next(), rand.Text()+rand.Text()
	it.by.user = user.ID
	it.created = time.Now()
	it.changed = make(chan struct{})

	guild, _ := s.world.guild(it.guild)
	channel, _ := s.world.channel(it.channel)
	event := interactionEvent{
		ID: it.id, ApplicationID: applicationID, Type: it.kind, Data: data,
		GuildID: guild.ID, Guild: guildSummary{guild.ID, guild.Locale, []string{}},
		ChannelID: channel.ID, Channel: s.channelSummary(channel, user.ID),
		Member: s.member(user), Token: it.token, Version: interactionVersion,
		AppPermissions: permissionString(permissionsOfMembers),
		Locale:         cmp.Or(locale, "en-US"), GuildLocale: guild.Locale,
		Entitlements:   []json.RawMessage{},
		Owners:         map[string]string{integrationOwnerInGuild: guild.ID},
		AttachmentSize: maxFileSize,
	}

	s.mu.Lock()
	if it.source != nil {
		m := it.source.Message
		event.Message = &m
	}
	s.interactions[it.token] = it
	s.transcribe(it, event)
	s.forgetOldInteractions()
	it.deadline = time.AfterFunc(s.opts.ReplyDeadline, func() { s.expire(it) })
	s.mu.Unlock()

	s.gateway.dispatch("INTERACTION_CREATE", 0, event)
	if s.opts.Twice != nil && s.opts.Twice(it.id) {
		s.gateway.dispatch("INTERACTION_CREATE", 0, event)
	}
	return it
}

// expire fails an interaction that was not answered in time.
func (s *Server) expire(it *interaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail(it)
}

// fail ends an interaction that nobody answered. The caller holds the lock.
func (s *Server) fail(it *interaction) {
	if it.callback != 0 || it.failed {
		return
	}
	it.failed = true
	it.notify()
	it.ended(stateFailed)
	if it.kind != interactionAutocomplete {
		s.events.publish(Event{Type: EventInteraction, ID: it.id, State: stateFailed}, it.by)
	}
}

// forgetOldInteractions drops those whose token is too old, and the oldest of
// too many, but none that may still be answered in time: its bot would be told
// that there is no such interaction, and whoever began it would wait for ever.
// The caller holds the lock.
func (s *Server) forgetOldInteractions() {
	if len(s.interactions) <= maxInteractionsKept {
		return
	}
	all := make([]*interaction, 0, len(s.interactions))
	for _, it := range s.interactions {
		all = append(all, it)
	}
	slices.SortFunc(all, func(a, b *interaction) int { return a.created.Compare(b.created) })
	for i, it := range all {
		if i < len(all)-maxInteractionsKept && time.Since(it.created) > s.opts.ReplyDeadline || it.expired() {
			it.deadline.Stop()
			s.fail(it) // if the timer had no turn yet
			delete(s.interactions, it.token)
		}
	}
}

// reply makes the message that answers an interaction, still empty.
func (s *Server) reply(it *interaction) Message {
	user, _ := s.world.user(it.by.user)
	m := s.blank(it.channel)
	m.WebhookID, m.ApplicationID = applicationID, applicationID
	m.Metadata = &InteractionMetadata{ID: it.id, Type: it.kind, User: user,
		Owners: map[string]string{integrationOwnerInGuild: it.guild}, TargetMessageID: it.target}
	switch {
	case it.kind == interactionCommand && it.target != "":
		m.Type = messageContextMenu
	case it.kind == interactionCommand:
		m.Type = messageSlash
	case it.source != nil:
		m.Type = messageReply
		m.Reference = &MessageReference{MessageID: it.source.ID, ChannelID: it.channel, GuildID: it.guild}
	}
	if it.name != "" {
		m.Interaction = &InteractionSummary{ID: it.id, Type: it.kind, Name: it.name, User: user}
	}
	return m
}

// blank makes an empty message of the bot.
func (s *Server) blank(channel string) Message {
	c, _ := s.world.channel(channel)
	return Message{ID: s.ids.next(), ChannelID: channel, GuildID: c.GuildID, Author: s.bot, Timestamp: time.Now().UTC(),
		Mentions: []User{}, MentionRoles: []string{}, Attachments: []Attachment{}, Embeds: []Embed{}, Components: []Component{}}
}
