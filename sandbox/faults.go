package sandbox

import (
	"net/http"
	"time"
)

// A Fault is what goes wrong with a request of the bot. The zero value is
// nothing.
type Fault struct {
	// Delay is how long the answer takes.
	Delay time.Duration
	// Status, if not 0, is answered instead of carrying the request out, with
	// Discord's JSON code Code.
	Status, Code int
	// RetryAfter and Global describe the limit of a Status 429.
	RetryAfter time.Duration
	Global     bool
	// Lost has the request carried out all the same, so that only its answer is lost.
	Lost bool
	// Late has the request carried out only after Delay, though the bot has given it up by then.
	Late bool
	// Expired ends the interaction that the request answers first.
	Expired bool
}

// strike brings the fault of a request about and reports whether its answer was
// written.
func (s *Server) strike(w http.ResponseWriter, r *http.Request, body []byte, h restHandler) bool {
	if s.opts.Fault == nil {
		return false
	}
	f := s.opts.Fault(r)
	if f.Delay > 0 {
		given := r.Context().Done()
		if f.Late {
			given = nil
		}
		select {
		case <-s.done:
		case <-given:
		case <-time.After(f.Delay):
		}
	}
	if f.Expired {
		s.expireToken(r.PathValue("token"))
	}
	if f.Status == 0 {
		return false
	}
	if f.Lost {
		_, _, _ = h(r, body) // what it would have answered is lost
	}
	reply := map[string]any{"code": f.Code, "message": http.StatusText(f.Status)}
	if f.Status == http.StatusTooManyRequests {
		reply["retry_after"], reply["global"] = f.RetryAfter.Seconds(), f.Global
	}
	writeJSON(w, f.Status, reply)
	return true
}

// expireToken fails the interaction of a token as if it had not been answered in time.
func (s *Server) expireToken(token string) {
	s.mu.Lock()
	it := s.interactions[token]
	s.mu.Unlock()
	if it != nil {
		s.expire(it)
	}
}
