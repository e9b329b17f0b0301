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
	// moderators keeps members out, however they got here.
	moderators bool
	// updates says that the answer replaces the clicked message, and private that it is
	// ephemeral: a deferral has to say so before the answer is there.
	updates, private bool
}

// router finds the handler of a request. The same router stands behind every
// way in which interactions arrive.
type router map[Kind]map[string]route

// find returns the route of a request.
func (rt router) find(r Request) (route, error) {
	found, ok := rt[r.Kind][r.Name]
	if !ok {
		return route{}, errUnknown
	}
	return found, nil
}

// serve runs the handler of a request. It is the one place that checks
// permissions and recovers panics.
func (rt router) serve(ctx context.Context, r Request) (resp Response, err error) {
	defer func() {
		if v := recover(); v != nil {
			resp, err = Response{}, &panicError{v, debug.Stack()}
		}
	}()
	found, err := rt.find(r)
	switch {
	case err != nil:
		return Response{}, err
	case found.moderators && r.GuildID == "":
		return Response{}, errServersOnly
	case found.moderators && !r.Moderator():
		return Response{}, errModeratorsOnly
	}
	return found.handle(ctx, r)
}
