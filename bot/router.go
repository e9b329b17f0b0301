package bot

import (
	"context"
	"runtime/debug"
)

// Handler answers a request. It is a pure function of the request and of what
// it was made with, knows nothing of connections, and can be called by tests.
type Handler func(context.Context, Request) (Response, error)

// route is a handler with what the router must know before calling it.
type route struct {
	handle Handler
	// moderators keeps members out, however they got here; managers keeps out
	// those too who are moderators by their role alone.
	moderators, managers bool
	// updates says that the answer replaces the clicked message, and private that it is
	// ephemeral: a deferral has to say so before the answer is there.
	updates, private bool
	// answers says that the answer is ephemeral where the server has it so, and
	// where it goes on from a message that is.
	answers bool
}

// ephemeral tells whether the answer to a request is seen by who asked alone.
func (found route) ephemeral(r Request) bool {
	return found.private || found.answers && (r.Manners.Private || r.Alone)
}

// router finds the handler of a request. The same router stands behind every
// way in which interactions arrive.
type router struct {
	table routes
	// moderator tells whether who asks looks after the server's corpus; nil
	// goes by Discord's permissions alone.
	moderator func(context.Context, Request) (bool, error)
	// manners tells how the bot answers on the server; nil has none.
	manners func(context.Context, string) Manners
}

// routes are all routes, by kind and name.
type routes map[Kind]map[string]route

// find returns the route of a request.
func (rt router) find(r Request) (route, error) {
	found, ok := rt.table[r.Kind][r.Name]
	if !ok {
		return route{}, errUnknown
	}
	return found, nil
}

// serveTelling prepares a request, tells prepared how it is then, and runs its
// handler. It is the one place that recovers panics.
func (rt router) serveTelling(ctx context.Context, r Request, prepared func(Request)) (resp Response, err error) {
	defer func() {
		if v := recover(); v != nil {
			resp, err = Response{}, &panicError{v, debug.Stack()}
		}
	}()
	r = rt.prepare(ctx, r)
	prepared(r)
	return rt.run(ctx, r)
}

// serve prepares a request and runs its handler.
func (rt router) serve(ctx context.Context, r Request) (Response, error) {
	return rt.serveTelling(ctx, r, func(Request) {})
}

// prepare adds to a request what the server decided.
func (rt router) prepare(ctx context.Context, r Request) Request {
	if rt.manners != nil && r.GuildID != "" {
		r.Manners = rt.manners(ctx, r.GuildID)
	}
	return r
}

// run runs the handler of a request that is prepared. It is the one place that
// checks permissions.
func (rt router) run(ctx context.Context, r Request) (Response, error) {
	found, err := rt.find(r)
	if err != nil {
		return Response{}, err
	}
	if err := rt.permit(ctx, found, r); err != nil {
		return Response{}, err
	}
	resp, err := found.handle(ctx, r)
	if found.ephemeral(r) {
		resp.Message.Ephemeral = true
	}
	return resp, err
}

// permit refuses who may not use the route. It holds for commands, buttons,
// modals and suggestions alike: what Discord shows to whom is no protection, and a custom_id
// can be forged.
func (rt router) permit(ctx context.Context, found route, r Request) error {
	switch {
	case !found.moderators && !found.managers:
		return nil
	case r.GuildID == "":
		return errServersOnly
	case r.Manager():
		return nil
	case found.managers:
		return errManagersOnly
	case rt.moderator == nil:
		return errModeratorsOnly
	}
	ok, err := rt.moderator(ctx, r)
	if err == nil && !ok {
		err = errModeratorsOnly
	}
	return err
}
