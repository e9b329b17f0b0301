package sandbox

import (
	"net/http"
	"slices"
)

// Endpoints by which a bot writes plain messages into a channel.

func (s *Server) pathChannel(r *http.Request) (Channel, error) {
	c, ok := s.world.channel(r.PathValue("channel"))
	if !ok {
		return Channel{}, notFound(codeUnknownChannel, "Unknown Channel")
	}
	return c, nil
}

// getMessages returns the newest public messages, newest first.
func (s *Server) getMessages(r *http.Request, _ []byte) (int, any, error) {
	c, err := s.pathChannel(r)
	if err != nil {
		return 0, nil, err
	}
	const most = 50
	list := s.visible(c.ID, viewer{})
	slices.Reverse(list)
	return http.StatusOK, list[:min(len(list), most)], nil
}

func (s *Server) postMessage(r *http.Request, body []byte) (int, any, error) {
	c, err := s.pathChannel(r)
	if err != nil {
		return 0, nil, err
	}
	p, err := decodePayload(r, body)
	if err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.blank(c.ID)
	if p.Reference != nil {
		if s.find(c.ID, p.Reference.MessageID) == nil {
			t := errorTree{}
			t.add("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
			return 0, nil, t.err()
		}
		m.Type = messageReply
		m.Reference = &MessageReference{MessageID: p.Reference.MessageID, ChannelID: c.ID, GuildID: c.GuildID}
	}
	if m, err = s.apply(p, m); err != nil {
		return 0, nil, err
	}
	s.post(m, viewer{})
	s.gateway.dispatch("MESSAGE_CREATE", intentGuildMessages, m)
	return http.StatusOK, m, nil
}

// channelMessage returns the public message that the path names. The caller
// holds the lock.
func (s *Server) channelMessage(r *http.Request) (*posted, error) {
	c, err := s.pathChannel(r)
	if err != nil {
		return nil, err
	}
	p := s.find(c.ID, r.PathValue("message"))
	if p == nil || p.Ephemeral() {
		return nil, notFound(codeUnknownMessage, "Unknown Message")
	}
	return p, nil
}

func (s *Server) getMessage(r *http.Request, _ []byte) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.channelMessage(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, p.Message, nil
}

func (s *Server) patchMessage(r *http.Request, body []byte) (int, any, error) {
	p, err := decodePayload(r, body)
	if err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	target, err := s.channelMessage(r)
	if err != nil {
		return 0, nil, err
	}
	if target.Author.ID != s.bot.ID {
		return 0, nil, failure(http.StatusForbidden, codeEditOthersMessage, "Cannot edit a message authored by another user")
	}
	m, err := s.apply(p, target.Message)
	if err != nil {
		return 0, nil, err
	}
	s.edit(target, m)
	s.gateway.dispatch("MESSAGE_UPDATE", intentGuildMessages, target.Message)
	return http.StatusOK, target.Message, nil
}

func (s *Server) deleteMessage(r *http.Request, _ []byte) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.channelMessage(r)
	if err != nil {
		return 0, nil, err
	}
	if p.Author.ID != s.bot.ID {
		return 0, nil, failure(http.StatusForbidden, 50013, "Missing Permissions")
	}
	s.remove(p.ChannelID, p.ID)
	s.gateway.dispatch("MESSAGE_DELETE", intentGuildMessages, map[string]string{"id": p.ID, "channel_id": p.ChannelID, "guild_id": p.GuildID})
	return http.StatusNoContent, nil, nil
}

func (s *Server) postTyping(r *http.Request, _ []byte) (int, any, error) {
	if _, err := s.pathChannel(r); err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, nil
}
