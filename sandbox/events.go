package sandbox

import "sync"

// Types of events that the page and waiting tests are told.
const (
	EventMessage     = "message"     // a message came or changed
	EventDelete      = "delete"      // a message went
	EventInteraction = "interaction" // a command or click was answered, or failed
	EventCommands    = "commands"    // the bot registered commands
	EventBot         = "bot"         // the bot came or went
)

// An Event is one change that a viewer sees.
type Event struct {
	Type    string   `json:"type"`
	Channel string   `json:"channel,omitempty"`
	ID      string   `json:"id,omitempty"`
	Message *Message `json:"message,omitempty"`
	State   string   `json:"state,omitempty"`
	Modal   *Modal   `json:"modal,omitempty"`
	Online  bool     `json:"online,omitempty"`
}

// hub passes events on to those who watch. A watcher too slow to keep up is
// cut off; the page then connects again and reads everything afresh.
type hub struct {
	mu          sync.Mutex
	subscribers map[*subscriber]struct{}
}

type subscriber struct {
	viewer viewer
	events chan Event
}

const subscriberBuffer = 256

func (h *hub) subscribe(v viewer) (*subscriber, func()) {
	sub := &subscriber{v, make(chan Event, subscriberBuffer)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subscribers[sub] = struct{}{}
	return sub, func() { h.drop(sub) }
}

func (h *hub) drop(sub *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dropLocked(sub)
}

func (h *hub) dropLocked(sub *subscriber) {
	if _, ok := h.subscribers[sub]; ok {
		delete(h.subscribers, sub)
		close(sub.events)
	}
}

func (h *hub) publish(e Event, audience viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for sub := range h.subscribers {
		if !sub.viewer.sees(audience) {
			continue
		}
		select {
		case sub.events <- e:
		default:
			h.dropLocked(sub)
		}
	}
}
