package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// What went over the wire, for those who write bots: the page shows, of each
// interaction of its own, the event as the bot got it and what the bot sent.

const (
	maxTranscripts   = 30        // interactions shown to a browser
	maxTranscripted  = 300       // interactions kept, of all browsers
	maxSentKept      = 10        // requests of the bot kept of an interaction
	maxTranscriptLen = 256 << 10 // bytes of one body
)

// A transcript is one interaction in the raw.
type transcript struct {
	ID    string          `json:"id"`
	Kind  int             `json:"kind"`
	Name  string          `json:"name"`
	State string          `json:"state"`
	Event json.RawMessage `json:"event"`
	Sent  []sent          `json:"sent"`
	by    viewer
	begun time.Time
}

// sent is a request that the bot made under an interaction's token. After is
// in milliseconds since the interaction was sent to the bot.
type sent struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Status int             `json:"status"`
	After  float64         `json:"after"`
	Body   json.RawMessage `json:"body,omitempty"`
	Files  []string        `json:"files,omitempty"`
}

// transcribe begins the transcript of an interaction. Those begun by a program
// have none: nobody could look at them. The caller holds the lock.
func (s *state) transcribe(it *interaction, event interactionEvent) {
	if it.by.session == "" {
		return
	}
	event.Token = "…"
	it.transcript = &transcript{ID: it.id, Kind: it.kind, Name: it.name, Event: mustJSON(event), Sent: []sent{}, by: it.by, begun: it.created}
	s.transcripts = append(s.transcripts, it.transcript)
	if over := len(s.transcripts) - maxTranscripted; over > 0 {
		s.transcripts = slices.Delete(s.transcripts, 0, over)
	}
}

// noteSent adds a request of the bot to the transcript of its interaction.
func (s *Server) noteSent(r *http.Request, body []byte, status int) {
	token := r.PathValue("token")
	if token == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.interactions[token]
	if it == nil || it.transcript == nil || len(it.transcript.Sent) == maxSentKept {
		return
	}
	entry := sent{Method: r.Method, Path: redact(r.URL.Path), Status: status, After: float64(time.Since(it.created).Microseconds()) / 1000}
	var raw json.RawMessage
	if files, err := decode(r, body, &raw); err == nil && len(raw) <= maxTranscriptLen {
		entry.Body = raw
		for _, f := range files {
			entry.Files = append(entry.Files, f.name)
		}
	}
	it.transcript.Sent = append(it.transcript.Sent, entry)
}

// appTranscripts returns the newest interactions of a browser's user, newest
// first.
func (s *Server) appTranscripts(_ *http.Request, v viewer, _ []byte) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []transcript{}
	for _, t := range slices.Backward(s.transcripts) {
		if t.by != v {
			continue
		}
		if out = append(out, *t); len(out) == maxTranscripts {
			break
		}
	}
	return out, nil
}
