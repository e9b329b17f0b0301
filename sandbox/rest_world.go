package sandbox

import "net/http"

// Endpoints that tell a bot about itself and its servers.

func (s *Server) getGateway(*http.Request, []byte) (int, any, error) {
	return http.StatusOK, map[string]any{"url": s.gatewayURL()}, nil
}

func (s *Server) getGatewayBot(*http.Request, []byte) (int, any, error) {
	return http.StatusOK, map[string]any{
		"url": s.gatewayURL(), "shards": 1,
		"session_start_limit": map[string]any{"total": 1000, "remaining": 999, "reset_after": 86400000, "max_concurrency": 1},
	}, nil
}

// selfUser is the bot as it sees itself.
type selfUser struct {
	User
	MFAEnabled bool   `json:"mfa_enabled"`
	Locale     string `json:"locale"`
	Verified   bool   `json:"verified"`
}

func (s *Server) getSelf(*http.Request, []byte) (int, any, error) {
	return http.StatusOK, selfUser{s.bot, true, "en-US", true}, nil
}

func (s *Server) getUser(r *http.Request, _ []byte) (int, any, error) {
	u, ok := s.world.user(r.PathValue("user"))
	if !ok {
		return 0, nil, notFound(10013, "Unknown User")
	}
	return http.StatusOK, u, nil
}

func (s *Server) getApplication(*http.Request, []byte) (int, any, error) {
	owner, _ := s.world.user(UserModerator)
	return http.StatusOK, map[string]any{
		"id": applicationID, "name": s.bot.Username, "icon": nil, "description": "", "type": nil,
		"bot": s.bot, "bot_public": false, "bot_require_code_grant": false,
		"verify_key": "0000000000000000000000000000000000000000000000000000000000000000",
		"flags":      0, "flags_new": "0", "redirect_uris": []string{}, "interactions_endpoint_url": nil,
		"role_connections_verification_url": nil, "owner": owner, "approximate_guild_count": len(s.guilds),
		"approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "team": nil, "eligible_oauth2_scopes": []string{},
	}, nil
}

func (s *Server) getOwnGuilds(*http.Request, []byte) (int, any, error) {
	out := []map[string]any{}
	for _, g := range s.guilds {
		out = append(out, map[string]any{"id": g.ID, "name": g.Name, "icon": nil, "banner": nil, "owner": false,
			"permissions": permissionString(permissionsOfMembers), "features": []string{}})
	}
	return http.StatusOK, out, nil
}

func (s *Server) getGuild(r *http.Request, _ []byte) (int, any, error) {
	g, ok := s.world.guild(r.PathValue("guild"))
	if !ok {
		return 0, nil, notFound(codeUnknownGuild, "Unknown Guild")
	}
	return http.StatusOK, s.guildObject(g), nil
}

func (s *Server) getGuildChannels(r *http.Request, _ []byte) (int, any, error) {
	g, ok := s.world.guild(r.PathValue("guild"))
	if !ok {
		return 0, nil, notFound(codeUnknownGuild, "Unknown Guild")
	}
	return http.StatusOK, channelObjects(g), nil
}

func (s *Server) getMember(r *http.Request, _ []byte) (int, any, error) {
	u, ok := s.world.user(r.PathValue("user"))
	if !ok {
		return 0, nil, notFound(10007, "Unknown Member")
	}
	return http.StatusOK, s.memberObject(u), nil
}

func (s *Server) getChannel(r *http.Request, _ []byte) (int, any, error) {
	c, ok := s.world.channel(r.PathValue("channel"))
	if !ok {
		return 0, nil, notFound(codeUnknownChannel, "Unknown Channel")
	}
	return http.StatusOK, channelObject(c, 0), nil
}

// guildObject is a server as REST and GUILD_CREATE give it.
func (s *Server) guildObject(g Guild) map[string]any {
	return map[string]any{
		"id": g.ID, "name": g.Name, "icon": nil, "splash": nil, "discovery_splash": nil, "home_header": nil, "banner": nil,
		"description": nil, "owner_id": UserModerator, "application_id": nil, "region": "us-west", "features": []string{},
		"afk_channel_id": nil, "afk_timeout": 300, "system_channel_id": nil, "system_channel_flags": 0,
		"widget_enabled": false, "widget_channel_id": nil, "verification_level": 1, "default_message_notifications": 1,
		"mfa_level": 0, "explicit_content_filter": 2, "max_presences": nil, "max_members": 500000,
		"max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": nil,
		"premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": g.Locale, "rules_channel_id": nil,
		"safety_alerts_channel_id": nil, "public_updates_channel_id": nil, "premium_progress_bar_enabled": false,
		"nsfw": false, "nsfw_level": 0, "incidents_data": nil, "emojis": []any{}, "stickers": []any{},
		"roles": []any{
			roleObject(g.ID, "@everyone", 0, permissionsOfMembers),
			roleObject(roleModerator, "Moderator", 1, permissionsOfModerators),
		},
	}
}

func roleObject(id, name string, position int, permissions uint64) map[string]any {
	return map[string]any{"id": id, "name": name, "position": position, "permissions": permissionString(permissions),
		"color": 0, "colors": map[string]any{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist": false, "managed": false, "mentionable": false, "icon": nil, "unicode_emoji": nil, "flags": 0, "description": nil}
}

func channelObjects(g Guild) []map[string]any {
	out := []map[string]any{}
	for i, c := range g.Channels {
		out = append(out, channelObject(c, i))
	}
	return out
}

func channelObject(c Channel, position int) map[string]any {
	return map[string]any{"id": c.ID, "type": c.Type, "guild_id": c.GuildID, "name": c.Name, "topic": c.Topic, "position": position,
		"permission_overwrites": []any{}, "parent_id": nil, "nsfw": false, "rate_limit_per_user": 0, "last_message_id": nil, "flags": 0}
}

// memberObject is a member as REST and GUILD_CREATE give it, with banner and
// without permissions.
func (s *Server) memberObject(u User) map[string]any {
	m := s.member(u)
	return map[string]any{"user": u, "nick": nil, "avatar": nil, "banner": nil, "roles": m.Roles, "joined_at": m.JoinedAt,
		"premium_since": nil, "deaf": false, "mute": false, "pending": false, "flags": 0, "communication_disabled_until": nil}
}
