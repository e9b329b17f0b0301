package bot

import (
	"context"
	"sync/atomic"
	"time"
)

// Follow is work that goes on after an answer was delivered. It reports through
// out until ctx ends, and once more after that if it likes.
type Follow func(ctx context.Context, out Messenger)

// tokenLife is how long an interaction's answer can be edited: Discord's 15
// minutes less some for the way.
const tokenLife = 14*time.Minute + 30*time.Second

// Messenger carries the reports of a Follow.
type Messenger interface {
	// Edit replaces the answer that the work followed. It fails once the
	// interaction's 15 minutes are over or the answer was deleted.
	Edit(context.Context, Message) error
	// Post sends a plain message to the channel.
	Post(context.Context, Message) error
}

// follow runs an outcome's follow-up work, if it has any.
func (d *dispatcher) follow(it *interaction, o outcome) {
	if o.err != nil || o.Follow == nil {
		return
	}
	d.start(it, func() {
		o.Follow(d.follows, &messenger{sender: d.sender, it: it, now: d.now, expires: d.now().Add(tokenLife)})
	})
}

// messenger is the Messenger of one interaction.
type messenger struct {
	sender  *sender
	it      *interaction
	now     func() time.Time
	expires time.Time
	gone    atomic.Bool // Discord said that there is nothing left to edit
}

// Edit implements Messenger.
func (m *messenger) Edit(ctx context.Context, msg Message) error {
	if m.gone.Load() || m.now().After(m.expires) {
		return errExpired
	}
	err := m.sender.edit(ctx, m.it, msg)
	if _, gone := trouble(err); gone {
		m.gone.Store(true)
	}
	return err
}

// Post implements Messenger.
func (m *messenger) Post(ctx context.Context, msg Message) error {
	return m.sender.post(ctx, m.it.Request.ChannelID, msg)
}
