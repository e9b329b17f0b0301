package sandbox

import (
	"slices"
	"sync"
	"time"
)

// state is all that changes while the stand-in runs. One lock guards it: every
// step is short, and people type slowly.
type state struct {
	world
	ids snowflakes

	mu           sync.Mutex
	commands     map[string][]Command // by guild id; "" is global
	messages     map[string][]*posted // by channel id, oldest first
	interactions map[string]*interaction
	files        map[string]storedFile // by path below /attachments/
	fileOrder    []string
	transcripts  []*transcript // of browsers' interactions, oldest first

	events hub
}

// A viewer is who may see something: a user, in one browser (session ""
// stands for the Go API). The zero viewer is everybody.
type viewer struct{ user, session string }

// sees reports whether something meant for audience is shown to v.
func (v viewer) sees(audience viewer) bool { return audience == viewer{} || v == audience }

// posted is a message and who may see it.
type posted struct {
	Message
	audience viewer
}

// Bounds on what is kept, so that a busy bot can't fill the memory.
const (
	maxMessagesKept     = 500 // in a channel
	maxInteractionsKept = 2000
	maxFilesKept        = 100
)

type storedFile struct {
	name        string
	contentType string
	data        []byte
}

func newState(w world) *state {
	return &state{
		world:        w,
		commands:     map[string][]Command{},
		messages:     map[string][]*posted{},
		interactions: map[string]*interaction{},
		files:        map[string]storedFile{},
		events:       hub{subscribers: map[*subscriber]struct{}{}},
	}
}

// post adds a message to its channel and tells those who may see it. The oldest
// of too many goes; one that stands for an answer to come goes last, since its bot
// would have nothing to edit, and whoever asked would wait for ever. The caller
// holds the lock.
func (s *state) post(m Message, audience viewer) *posted {
	p := &posted{m, audience}
	list := append(s.messages[m.ChannelID], p)
	if len(list) > maxMessagesKept {
		i := max(0, slices.IndexFunc(list, func(p *posted) bool { return !p.Loading() }))
		list = slices.Delete(list, i, i+1)
	}
	s.messages[m.ChannelID] = list
	s.events.publish(Event{Type: EventMessage, Message: &m}, audience)
	return p
}

// edit replaces a message's content and tells those who may see it. The
// caller holds the lock.
func (s *state) edit(p *posted, m Message) {
	now := time.Now().UTC()
	m.EditedTimestamp = &now
	if p.Loading() { // the first edit of a deferred reply is its arrival
		m.EditedTimestamp = nil
		m.Flags &^= FlagLoading
	}
	p.Message = m
	s.events.publish(Event{Type: EventMessage, Message: &m}, p.audience)
}

// find returns a message of a channel. The caller holds the lock.
func (s *state) find(channel, id string) *posted {
	for _, p := range s.messages[channel] {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// remove deletes a message. The caller holds the lock.
func (s *state) remove(channel, id string) *posted {
	list := s.messages[channel]
	i := slices.IndexFunc(list, func(p *posted) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	p := list[i]
	s.messages[channel] = slices.Delete(list, i, i+1)
	s.events.publish(Event{Type: EventDelete, Channel: channel, ID: id}, p.audience)
	return p
}

// visible returns the messages of a channel that v sees, oldest first.
func (s *state) visible(channel string, v viewer) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Message{}
	for _, p := range s.messages[channel] {
		if v.sees(p.audience) {
			out = append(out, p.Message)
		}
	}
	return out
}

// available returns the commands that a user may use in a guild. A guild's own
// command doesn't hide the global one of its name: both show, as in Discord.
func (s *state) available(guild, user string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Command{}
	for _, scope := range []string{guild, ""} {
		for _, c := range s.commands[scope] {
			if s.mayUse(c, user) {
				out = append(out, c)
			}
		}
	}
	return out
}

// storeFile keeps a file's bytes, dropping the oldest when there are too many.
// The caller holds the lock.
func (s *state) storeFile(path string, f storedFile) {
	s.files[path] = f
	s.fileOrder = append(s.fileOrder, path)
	if len(s.fileOrder) > maxFilesKept {
		delete(s.files, s.fileOrder[0])
		s.fileOrder = s.fileOrder[1:]
	}
}
