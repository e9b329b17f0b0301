package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"
)

// How a session begins: IDENTIFY for a new one, RESUME for one whose connection
// was lost.

// identify starts a session: READY, then the servers.
func (g *gateway) identify(c *conn, data json.RawMessage) int {
	var id struct {
		Token    string  `json:"token"`
		Intents  int     `json:"intents"`
		Compress bool    `json:"compress"`
		Shard    *[2]int `json:"shard"`
	}
	if json.Unmarshal(data, &id) != nil {
		return closeDecode
	}
	switch {
	case strings.TrimPrefix(id.Token, "Bot ") != g.srv.token:
		return closeBadToken
	case id.Intents < 0 || id.Intents&^knownIntents != 0:
		return closeBadIntents
	case id.Intents&privilegedIntents != 0:
		return closeRefusedIntents
	case id.Shard != nil && (id.Shard[1] < 1 || id.Shard[0] < 0 || id.Shard[0] >= id.Shard[1]):
		return closeBadShard
	}
	if !g.start(c, id.Intents, id.Compress, id.Shard) {
		return closeAlreadyIdentified
	}
	g.srv.log.Info("the bot connected")
	g.srv.events.publish(Event{Type: EventBot, Online: true}, viewer{})
	return 0
}

func (g *gateway) start(c *conn, intents int, compress bool, shard *[2]int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.session != nil {
		return false
	}
	s := &session{id: strings.ToLower(rand.Text()), intents: intents, conn: c, started: time.Now()}
	c.session, c.compress = s, compress
	g.dropOldest()
	g.sessions[s.id] = s
	g.deliver(s, "READY", mustJSON(g.ready(s, shard)))
	if intents&intentGuilds != 0 {
		for _, guild := range g.srv.guilds {
			g.deliver(s, "GUILD_CREATE", mustJSON(g.guildCreate(guild)))
		}
	}
	return true
}

// dropOldest keeps the number of sessions bounded. The caller holds the lock.
func (g *gateway) dropOldest() {
	if len(g.sessions) < maxSessions {
		return
	}
	var oldest *session
	for _, s := range g.sessions {
		if s.conn == nil && (oldest == nil || s.started.Before(oldest.started)) {
			oldest = s
		}
	}
	if oldest != nil {
		delete(g.sessions, oldest.id)
	}
}

func (g *gateway) ready(s *session, shard *[2]int) map[string]any {
	guilds := []map[string]any{}
	for _, guild := range g.srv.guilds {
		guilds = append(guilds, map[string]any{"id": guild.ID, "unavailable": true})
	}
	ready := map[string]any{
		"v": 10, "user": g.srv.bot, "guilds": guilds, "session_id": s.id, "resume_gateway_url": g.srv.gatewayURL(),
		"application": map[string]any{"id": applicationID, "flags": 0}, "private_channels": []any{}, "session_type": "normal",
	}
	if shard != nil {
		ready["shard"] = shard
	}
	return ready
}

func (g *gateway) guildCreate(guild Guild) map[string]any {
	event := g.srv.guildObject(guild)
	for key, value := range map[string]any{
		"joined_at": memberSince, "large": false, "unavailable": false, "member_count": len(g.srv.users) + 1,
		"members": []any{g.srv.memberObject(g.srv.bot)}, "channels": channelObjects(guild), "threads": []any{},
		"presences": []any{}, "voice_states": []any{}, "stage_instances": []any{}, "guild_scheduled_events": []any{},
	} {
		event[key] = value
	}
	return event
}

// resume takes a session up again: the events since the bot's last one, then
// RESUMED. A session that isn't there any more is refused with "invalid session".
func (g *gateway) resume(c *conn, data json.RawMessage) int {
	var r struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	if json.Unmarshal(data, &r) != nil {
		return closeDecode
	}
	if strings.TrimPrefix(r.Token, "Bot ") != g.srv.token {
		return closeBadToken
	}
	if !g.takeUp(c, r.SessionID, r.Seq) {
		g.send(c, frame{Op: opInvalidSession, Data: json.RawMessage("false")})
		return 0
	}
	g.srv.log.Info("the bot resumed its session")
	g.srv.events.publish(Event{Type: EventBot, Online: true}, viewer{})
	return 0
}

func (g *gateway) takeUp(c *conn, id string, seq int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.sessions[id]
	if s == nil || seq > s.seq || len(s.events) > 0 && seq < s.events[0].seq-1 {
		return false
	}
	if old := s.conn; old != nil && old != c {
		g.queue(old, outgoing{code: closeTimedOut})
		g.endOutput(old)
	}
	s.conn, c.session = c, s
	for _, e := range s.events {
		if e.seq > seq {
			g.queue(c, outgoing{data: e.data})
		}
	}
	g.deliver(s, "RESUMED", json.RawMessage("{}"))
	return true
}
