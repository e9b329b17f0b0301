package sandbox

import (
	"encoding/json"
	"net/http"
)

// Endpoints by which a bot answers an interaction: the callback first, then
// edits and follow-ups under the interaction's token.

// callback is the body of an answer to an interaction.
type callback struct {
	Type int             `json:"type"`
	Data json.RawMessage `json:"data"`
}

// answersTo says which kinds of interaction a callback type may answer.
var answersTo = map[int][]int{
	callbackMessage:        {interactionCommand, interactionComponent, interactionModal},
	callbackDeferred:       {interactionCommand, interactionComponent, interactionModal},
	callbackDeferredUpdate: {interactionComponent, interactionModal},
	callbackUpdate:         {interactionComponent, interactionModal},
	callbackAutocomplete:   {interactionAutocomplete},
	callbackModal:          {interactionCommand, interactionComponent},
}

func (s *Server) postCallback(r *http.Request, body []byte) (int, any, error) {
	var cb callback
	files, err := decode(r, body, &cb)
	if err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.interactions[r.PathValue("token")]
	switch {
	case it == nil || it.id != r.PathValue("id") || it.failed:
		return 0, nil, notFound(codeUnknownInteraction, "Unknown interaction")
	case it.callback != 0:
		return 0, nil, badRequest(codeAlreadyAcknowledged, "Interaction has already been acknowledged.")
	case !it.accepts(cb.Type):
		t := errorTree{}
		t.add("type", codeFieldChoice, "Interaction callback type is invalid for this interaction type.")
		return 0, nil, t.err()
	}
	m, err := s.answer(it, cb, files)
	if err != nil {
		return 0, nil, err
	}
	it.callback = cb.Type
	it.deadline.Stop()
	it.ended(stateAnswered)
	it.notify()
	s.announce(it)
	if r.URL.Query().Get("with_response") != "true" {
		return http.StatusNoContent, nil, nil
	}
	return http.StatusOK, callbackReply(it, cb.Type, m), nil
}

func (it *interaction) accepts(callbackType int) bool {
	for _, kind := range answersTo[callbackType] {
		if kind == it.kind {
			update := callbackType == callbackUpdate || callbackType == callbackDeferredUpdate
			return !update || it.source != nil
		}
	}
	return false
}

// answer carries out a callback and returns the message it made or changed, if
// any. The caller holds the lock.
func (s *Server) answer(it *interaction, cb callback, files []upload) (*posted, error) {
	switch cb.Type {
	case callbackMessage, callbackDeferred:
		return s.answerWithMessage(it, cb, files)
	case callbackUpdate:
		p, err := messagePayload(cb.Data, files)
		if err != nil {
			return nil, err
		}
		m, err := s.apply(p, it.source.Message)
		if err != nil {
			return nil, underData(err)
		}
		s.edit(it.source, m)
		it.original, it.last = it.source.ID, it.source.ID
		return it.source, nil
	case callbackDeferredUpdate:
		it.original = it.source.ID
		return it.source, nil
	case callbackAutocomplete:
		return nil, s.answerWithChoices(it, cb.Data)
	default:
		return nil, s.answerWithModal(it, cb.Data)
	}
}

func (s *Server) answerWithMessage(it *interaction, cb callback, files []upload) (*posted, error) {
	p, err := messagePayload(cb.Data, files)
	if err != nil {
		return nil, err
	}
	m := s.reply(it)
	m.Flags = p.Flags.Value & FlagEphemeral
	if cb.Type == callbackDeferred {
		m.Flags |= FlagLoading
	} else if m, err = s.apply(p, m); err != nil {
		return nil, underData(err)
	}
	it.original, it.last = m.ID, m.ID
	return s.post(m, audienceOf(m, it)), nil
}

func (s *Server) answerWithChoices(it *interaction, data json.RawMessage) error {
	var reply struct {
		Choices []Choice `json:"choices"`
	}
	if err := decodeJSON(orEmpty(data), &reply); err != nil {
		return err
	}
	if err := checkAutocomplete(reply.Choices, it.optType); err != nil {
		return err
	}
	it.choices = append([]Choice{}, reply.Choices...)
	return nil
}

func (s *Server) answerWithModal(it *interaction, data json.RawMessage) error {
	var modal Modal
	if err := decodeJSON(orEmpty(data), &modal); err != nil {
		return err
	}
	if err := checkModal(modal); err != nil {
		return err
	}
	modal.Components = complete(modal.Components, nil)
	it.modal = &modal
	return nil
}

// announce tells the page that an interaction was answered. The caller holds
// the lock.
func (s *Server) announce(it *interaction) {
	switch it.callback {
	case callbackAutocomplete:
	case callbackModal:
		s.events.publish(Event{Type: EventInteraction, ID: it.id, State: stateModal, Modal: it.modal}, it.by)
	default:
		s.events.publish(Event{Type: EventInteraction, ID: it.id, State: stateAnswered}, it.by)
	}
}

func audienceOf(m Message, it *interaction) viewer {
	if m.Ephemeral() {
		return it.by
	}
	return viewer{}
}

func orEmpty(data json.RawMessage) []byte {
	if len(data) == 0 {
		return []byte("{}")
	}
	return data
}

func messagePayload(data json.RawMessage, files []upload) (payload, error) {
	p := payload{files: files}
	return p, decodeJSON(orEmpty(data), &p)
}

// underData moves the errors of a message to where it stands in a callback.
func underData(err error) error {
	if e, ok := err.(*apiError); ok && e.Errors != nil {
		moved := errorTree{"data": map[string]any(*e.Errors)}
		e.Errors = &moved
	}
	return err
}

func callbackReply(it *interaction, kind int, m *posted) map[string]any {
	summary := map[string]any{"id": it.id, "type": it.kind, "channel_id": it.channel, "guild_id": it.guild}
	reply := map[string]any{"interaction": summary}
	if m != nil {
		summary["response_message_id"] = m.ID
		summary["response_message_loading"] = m.Loading()
		summary["response_message_ephemeral"] = m.Ephemeral()
		if kind == callbackMessage || kind == callbackUpdate || kind == callbackDeferred {
			reply["resource"] = map[string]any{"type": kind, "message": m.Message}
		}
	}
	return reply
}

// byToken returns the answered interaction whose token the path carries. The
// caller holds the lock.
func (s *Server) byToken(r *http.Request) (*interaction, error) {
	it := s.interactions[r.PathValue("token")]
	switch {
	case it == nil || r.PathValue("app") != applicationID || it.callback == 0:
		return nil, notFound(codeUnknownWebhook, "Unknown Webhook")
	case it.expired():
		return nil, failure(http.StatusUnauthorized, codeInvalidWebhookToken, "Invalid Webhook Token")
	}
	return it, nil
}

// webhookMessage returns the message that the path names under a token:
// "@original" is the first reply. The caller holds the lock.
func (s *Server) webhookMessage(r *http.Request) (*interaction, *posted, error) {
	it, err := s.byToken(r)
	if err != nil {
		return nil, nil, err
	}
	id := r.PathValue("message")
	if id == "@original" {
		id = it.original
	}
	p := s.find(it.channel, id)
	if p == nil || p.WebhookID != applicationID {
		return nil, nil, notFound(codeUnknownMessage, "Unknown Message")
	}
	return it, p, nil
}

func (s *Server) getWebhookMessage(r *http.Request, _ []byte) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, p, err := s.webhookMessage(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, p.Message, nil
}

func (s *Server) patchWebhookMessage(r *http.Request, body []byte) (int, any, error) {
	p, err := decodePayload(r, body)
	if err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it, target, err := s.webhookMessage(r)
	if err != nil {
		return 0, nil, err
	}
	return s.editUnder(it, target, p)
}

func (s *Server) editUnder(it *interaction, target *posted, p payload) (int, any, error) {
	current := target.Message
	current.Flags &^= FlagLoading
	m, err := s.apply(p, current)
	if err != nil {
		return 0, nil, err
	}
	s.edit(target, m)
	it.last = target.ID
	it.notify()
	return http.StatusOK, target.Message, nil
}

func (s *Server) deleteWebhookMessage(r *http.Request, _ []byte) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, p, err := s.webhookMessage(r)
	if err != nil {
		return 0, nil, err
	}
	s.remove(it.channel, p.ID)
	it.deleted = it.deleted || p.ID == it.original
	it.notify()
	return http.StatusNoContent, nil, nil
}

// postFollowup adds a message to an interaction. The first one after a deferral
// takes the place of the "thinking" message.
func (s *Server) postFollowup(r *http.Request, body []byte) (int, any, error) {
	p, err := decodePayload(r, body)
	if err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it, err := s.byToken(r)
	if err != nil {
		return 0, nil, err
	}
	if original := s.find(it.channel, it.original); original != nil && original.Loading() {
		return s.editUnder(it, original, p)
	}
	m := s.reply(it)
	m.Type = messageReply
	if it.original != "" {
		m.Reference = &MessageReference{MessageID: it.original, ChannelID: it.channel, GuildID: it.guild}
	}
	m.Flags = p.Flags.Value & FlagEphemeral
	if m, err = s.apply(p, m); err != nil {
		return 0, nil, err
	}
	posted := s.post(m, audienceOf(m, it))
	it.last = posted.ID
	it.notify()
	return http.StatusOK, posted.Message, nil
}
