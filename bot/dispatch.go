package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Times of an interaction, from its arrival on.
const (
	deferAfter     = 1500 * time.Millisecond // then "thinking…" is shown
	completeWithin = 2 * time.Second         // suggestions later than this are of no use
	answerWithin   = time.Minute             // then a handler is told to stop
	deliverWithin  = 30 * time.Second
)

const (
	maxInFlight = 128 // handlers at once; the rest is asked to come back
	// rememberedFor is how long a second delivery of an interaction is recognised:
	// as long as its signature is taken, which may be dated ahead as well as back.
	rememberedFor = 2 * signedWithin
	rememberedIDs = 1 << 16 // at most; it lasts for 109 interactions a second
)

// dispatcher takes an interaction from its arrival to its answer.
type dispatcher struct {
	router router
	sender *sender
	log    *slog.Logger
	now    func() time.Time
	// metrics count what becomes of interactions.
	metrics *Metrics
	seen    *recent
	slots   chan struct{} // one for each handler that runs
	work    sync.WaitGroup
	mu      sync.RWMutex // guards closed: no work may begin while work is waited for
	closed  bool
	// handlers and follows bound what runs: at a shutdown, follow-ups are ended
	// at once, handlers a little later.
	handlers, follows context.Context
}

func newDispatcher(rt router, s *sender, log *slog.Logger, now func() time.Time, metrics *Metrics) *dispatcher {
	return &dispatcher{
		router: rt, sender: s, log: log, now: now, metrics: metrics,
		seen: newRecent(rememberedIDs, rememberedFor), slots: make(chan struct{}, maxInFlight),
	}
}

// accept takes in a raw event and returns at once; the work goes on in a
// goroutine that d.work counts.
func (d *dispatcher) accept(raw json.RawMessage) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return
	}
	it, err := decode(raw)
	if err != nil {
		d.metrics.undecoded.Inc()
	}
	if it == nil {
		d.log.Error("Dropping an interaction", "err", err)
		return
	}
	it.arrived = d.now()
	fresh, crowded := d.seen.add(it.ID, it.arrived)
	if crowded {
		d.log.Warn("More interactions come than can be remembered: one that is sent again may be answered again",
			"remembered", rememberedIDs, "within", rememberedFor)
	}
	if !fresh {
		d.metrics.twice.Inc()
		d.log.Debug("Dropping an interaction that came twice", "interaction", it.ID)
		return
	}
	if err == nil {
		select {
		case d.slots <- struct{}{}:
			d.metrics.running.Inc()
			d.start(it, func() {
				defer func() { <-d.slots; d.metrics.running.Dec() }()
				d.serve(it)
			})
			return
		default:
			err = errTooBusy
		}
	}
	d.start(it, func() { d.answer(it, outcome{err: err}, route{}) })
}

// start does a part of the work on an interaction in a goroutine of its own,
// where a panic ends that part and nothing else.
func (d *dispatcher) start(it *interaction, part func()) {
	d.work.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				d.log.Error("Answering failed", "err", &panicError{value: v}, "stack", string(debug.Stack()), "interaction", it.ID)
			}
		}()
		part()
	})
}

// finish takes in nothing more and waits for what is under way, but no longer
// than patience; it reports whether all was done.
func (d *dispatcher) finish(patience time.Duration) bool {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.work.Wait()
	}()
	select {
	case <-done:
		return true
	case <-time.After(patience):
		return false
	}
}

// outcome is what became of a request.
type outcome struct {
	Response
	err error
}

// serve runs the handler and delivers its answer: at once if it is quick, else
// after a deferral.
//
// It returns when the handler has, even one that is deaf to its context, so that
// what runs is bounded.
func (d *dispatcher) serve(it *interaction) {
	within := answerWithin
	if it.Request.Kind == Autocomplete {
		within = completeWithin
	}
	ctx, cancel := context.WithTimeout(d.handlers, within)
	defer cancel()
	done, ended := make(chan outcome, 1), make(chan struct{})
	request, prepared := it.Request, make(chan Request, 1)
	d.work.Go(func() {
		defer close(ended)
		resp, err := d.router.serveTelling(ctx, request, func(r Request) { prepared <- r })
		done <- outcome{resp, err}
	})
	// catchUp takes over what the server decided, if that is known by now.
	catchUp := func() {
		select {
		case it.Request = <-prepared:
		default:
		}
	}
	defer func() { <-ended }()
	if it.Request.Kind == Autocomplete {
		select {
		case o := <-done:
			d.suggest(it, o)
		case <-ctx.Done():
			d.suggest(it, outcome{err: ctx.Err()})
		}
		return
	}
	found, _ := d.router.find(it.Request)
	patience := time.NewTimer(deferAfter - d.now().Sub(it.arrived))
	defer patience.Stop()
	select {
	case o := <-done:
		catchUp()
		d.answer(it, o, found)
	case <-patience.C:
		catchUp()
		d.answerLater(ctx, cancel, it, done, found)
	}
	d.log.Debug("Answered", "interaction", it.ID, "command", d.nameOf(it), "took", d.now().Sub(it.arrived))
}

// answer delivers an outcome as the first answer.
func (d *dispatcher) answer(it *interaction, o outcome, found route) {
	if it.Request.Kind == Autocomplete {
		d.suggest(it, o)
		return
	}
	if o.err == nil && o.Modal != nil {
		d.count(it, o, d.ask(it, *o.Modal))
		return
	}
	typ := discordgo.InteractionResponseChannelMessageWithSource
	if o.err == nil && found.updates && o.Update {
		typ = discordgo.InteractionResponseUpdateMessage
	}
	if o.err != nil {
		o.Message = d.explain(it, o.err)
	}
	w := budget(o.Message)
	first := wireResponse{Type: typ, Data: w}
	if typ == discordgo.InteractionResponseUpdateMessage {
		first.Data = w.edit()
	}
	lost := d.deliver(it, func(ctx context.Context) error {
		err := d.sender.respond(ctx, it, first)
		if typ == discordgo.InteractionResponseUpdateMessage && code(err) == discordgo.ErrCodeUnknownMessage {
			// The message went while its button was pressed: tell the member alone.
			o.Message.Ephemeral = true
			err = d.sender.respond(ctx, it, wireResponse{
				Type: discordgo.InteractionResponseChannelMessageWithSource, Data: budget(o.Message),
			})
		}
		return err
	})
	d.count(it, o, lost)
	d.follow(it, o)
}

// answerLater shows that the bot is thinking, waits for the outcome, and
// delivers it in place of that. It cancels the handler when nobody waits any more.
func (d *dispatcher) answerLater(ctx context.Context, cancel context.CancelFunc, it *interaction, done <-chan outcome, found route) {
	deferral := wireResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource}
	switch {
	case found.updates:
		deferral.Type = discordgo.InteractionResponseDeferredMessageUpdate
	case found.ephemeral(it.Request):
		deferral.Data = map[string]any{"flags": discordgo.MessageFlagsEphemeral}
	}
	try := atOnce
	if d.deliver(it, func(ctx context.Context) error {
		err := d.sender.respond(ctx, it, deferral)
		if errors.Is(err, errUnsure) {
			try = untilKnown
		}
		return err
	}) {
		cancel()
		o := <-done
		d.count(it, o, true)
		d.follow(it, o) // it was begun, and has to be ended
		return
	}
	var o outcome
	select {
	case o = <-done:
	case <-ctx.Done():
		o.err = ctx.Err()
	}
	if o.err == nil && o.Modal != nil {
		o.err = errLateForm
	}
	lost := d.deliver(it, func(ctx context.Context) error { return d.settle(ctx, it, &o, found, try) })
	d.count(it, o, lost)
	d.follow(it, o)
}

// settle puts the outcome in the place of a deferral. What needs the deferral to be
// there is sent by try.
func (d *dispatcher) settle(ctx context.Context, it *interaction, o *outcome, found route, try trying) error {
	edit := func(m Message) error {
		return try(ctx, func(ctx context.Context) error { return d.sender.edit(ctx, it, m) })
	}
	switch {
	case o.err == nil:
		err := edit(o.Message)
		if found.updates && code(err) == discordgo.ErrCodeUnknownMessage {
			o.Message.Ephemeral = true
			err = d.sender.followUp(ctx, it, o.Message)
		}
		return err
	case found.updates: // leave the clicked message as it is
		m := d.explain(it, o.err)
		return try(ctx, func(ctx context.Context) error { return d.sender.followUp(ctx, it, m) })
	case found.ephemeral(it.Request):
		return edit(d.explain(it, o.err))
	}
	return d.sender.replace(ctx, it, d.explain(it, o.err), try)
}

// trying is a way to send a request, once or more often.
type trying func(ctx context.Context, send func(context.Context) error) error

// atOnce is for a request that Discord can carry out now or never.
func atOnce(ctx context.Context, send func(context.Context) error) error { return send(ctx) }

// lateKnown is how long a deferral is waited for whose fate is unknown. Discord takes
// none that begins later than 3 s after the interaction.
const lateKnown = 4 * time.Second

// untilKnown repeats a request that Discord refuses because it knows nothing of the
// interaction's answer: it may carry out the deferral only after the reply to that
// was given up. The waits double, and together stay under lateKnown.
func untilKnown(ctx context.Context, send func(context.Context) error) error {
	for wait := lateKnown / 16; ; wait *= 2 {
		err := send(ctx)
		switch code(err) {
		case discordgo.ErrCodeUnknownMessage, discordgo.ErrCodeUnknownWebhook, discordgo.ErrCodeUnknownInteraction:
		default:
			return err
		}
		if wait > lateKnown/2 || !sleep(ctx, wait) {
			return err
		}
	}
}

// suggest answers Autocomplete; whatever went wrong, an empty list is better than an
// error, which Discord would show as a broken bot.
func (d *dispatcher) suggest(it *interaction, o outcome) {
	if o.err != nil {
		d.explain(it, o.err)
		o.Choices = nil
	}
	data := map[string]any{"choices": budgetChoices(o.Choices)}
	lost := d.deliver(it, func(ctx context.Context) error {
		return d.sender.respond(ctx, it, wireResponse{
			Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: data,
		})
	})
	d.count(it, o, lost)
}

// nameOf is a request's name for logs and metrics. One that the router doesn't
// know may be anything that somebody wrote, and is not repeated.
func (d *dispatcher) nameOf(it *interaction) string {
	if _, err := d.router.find(it.Request); err != nil {
		return "unknown"
	}
	return it.Request.Name
}

// count tells the metrics what became of an interaction; lost is what deliver said.
func (d *dispatcher) count(it *interaction, o outcome, lost bool) {
	if lost {
		o.err = errLost
	}
	command := d.nameOf(it)
	if it.Request.Kind == Autocomplete {
		command += " (suggestions)"
	}
	d.metrics.answered(command, o, d.now().Sub(it.arrived))
}

// deliver sends, even while the bot is shutting down. It reports whether the
// interaction is lost: out of time, or answered by someone else.
func (d *dispatcher) deliver(it *interaction, send func(context.Context) error) (lost bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.handlers), deliverWithin)
	defer cancel()
	err := send(ctx)
	if err == nil {
		return false
	}
	hint, gone := trouble(err)
	level := slog.LevelError
	if gone || errors.Is(err, errTaken) {
		level = slog.LevelWarn
	}
	attrs := []any{"err", err, "interaction", it.ID, "command", d.nameOf(it)}
	if hint != "" {
		attrs = append(attrs, "hint", hint)
	}
	d.log.Log(ctx, level, "An answer could not be delivered", attrs...)
	return errors.Is(err, errTaken) || code(err) == discordgo.ErrCodeUnknownInteraction
}

// explain logs an error if the operator should know it, and puts it in words
// for the member.
func (d *dispatcher) explain(it *interaction, err error) Message {
	m, expected := explain(err, it.ID, it.Request.ownLocales()...)
	if !expected {
		attrs := []any{"err", err, "interaction", it.ID, "command", d.nameOf(it)}
		if p := (*panicError)(nil); errors.As(err, &p) {
			attrs = append(attrs, "stack", string(p.stack))
		}
		d.log.Error("A handler failed", attrs...)
	}
	return m
}

// recent remembers ids for some time.
type recent struct {
	mu     sync.Mutex
	size   int // how many ids at most
	within time.Duration
	ids    map[string]struct{}
	queue  []arrival // of the ids, the oldest first
	warned time.Time // when add last said that there are too many
}

type arrival struct {
	id string
	at time.Time
}

func newRecent(size int, within time.Duration) *recent {
	return &recent{size: size, within: within, ids: map[string]struct{}{}}
}

// add remembers an id and reports whether it is new. When there are too many, the
// oldest is forgotten before its time; crowded says so, once in that time.
func (r *recent) add(id string, now time.Time) (fresh, crowded bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.queue) > 0 && now.Sub(r.queue[0].at) > r.within {
		r.forget()
	}
	if _, ok := r.ids[id]; ok {
		return false, false
	}
	if len(r.queue) == r.size {
		r.forget()
		if crowded = r.warned.IsZero() || now.Sub(r.warned) > r.within; crowded {
			r.warned = now
		}
	}
	r.ids[id] = struct{}{}
	r.queue = append(r.queue, arrival{id, now})
	return true, crowded
}

// forget drops the oldest id.
func (r *recent) forget() {
	delete(r.ids, r.queue[0].id)
	r.queue[0] = arrival{}
	r.queue = r.queue[1:]
}
