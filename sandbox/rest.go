package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// A restHandler answers one endpoint: a status with a reply to be written as
// JSON (nil for none), or an error.
type restHandler func(r *http.Request, body []byte) (int, any, error)

// apiPath matches the versions of the API that Discord still serves.
var apiPath = regexp.MustCompile(`^/api/v(9|10)/`)

// restRoutes returns the REST API. Endpoints under a token of their own
// (interactions and webhooks) need no bot token; the others do.
func (s *Server) restRoutes() http.Handler {
	mux := http.NewServeMux()
	open := func(pattern string, h restHandler) { mux.Handle(onEveryVersion(pattern), s.rest(h)) }
	bot := func(pattern string, h restHandler) { mux.Handle(onEveryVersion(pattern), s.rest(s.authorized(h))) }

	open("GET /gateway", s.getGateway)
	bot("GET /gateway/bot", s.getGatewayBot)
	bot("GET /users/@me", s.getSelf)
	bot("GET /users/@me/guilds", s.getOwnGuilds)
	bot("GET /applications/@me", s.getApplication)
	bot("GET /oauth2/applications/@me", s.getApplication)
	bot("GET /guilds/{guild}", s.getGuild)
	bot("GET /guilds/{guild}/channels", s.getGuildChannels)
	bot("GET /guilds/{guild}/members/{user}", s.getMember)
	bot("GET /users/{user}", s.getUser)
	bot("GET /channels/{channel}", s.getChannel)

	for _, scope := range []string{"/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"} {
		bot("GET "+scope, s.getCommands)
		bot("PUT "+scope, s.putCommands)
		bot("POST "+scope, s.postCommand)
		bot("GET "+scope+"/{command}", s.getCommand)
		bot("PATCH "+scope+"/{command}", s.patchCommand)
		bot("DELETE "+scope+"/{command}", s.deleteCommand)
	}

	open("POST /interactions/{id}/{token}/callback", s.postCallback)
	open("POST /webhooks/{app}/{token}", s.postFollowup)
	open("GET /webhooks/{app}/{token}/messages/{message}", s.getWebhookMessage)
	open("PATCH /webhooks/{app}/{token}/messages/{message}", s.patchWebhookMessage)
	open("DELETE /webhooks/{app}/{token}/messages/{message}", s.deleteWebhookMessage)

	bot("GET /channels/{channel}/messages", s.getMessages)
	bot("POST /channels/{channel}/messages", s.postMessage)
	bot("GET /channels/{channel}/messages/{message}", s.getMessage)
	bot("PATCH /channels/{channel}/messages/{message}", s.patchMessage)
	bot("DELETE /channels/{channel}/messages/{message}", s.deleteMessage)
	bot("POST /channels/{channel}/typing", s.postTyping)

	mux.Handle("/", s.rest(func(*http.Request, []byte) (int, any, error) {
		return 0, nil, notFound(codeGeneral, "404: Not Found")
	}))
	return mux
}

func onEveryVersion(pattern string) string {
	method, path, _ := strings.Cut(pattern, " ")
	return method + " /api/{version}" + path
}

// rest wraps an endpoint: it reads the body, shows the request to the hook,
// keeps the rate limit, and writes the answer.
func (s *Server) rest(h restHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			s.writeError(w, r, failure(http.StatusRequestEntityTooLarge, codeRequestTooLarge, "Request entity too large"))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if s.opts.OnRequest != nil {
			s.opts.OnRequest(r, body)
		}
		if !apiPath.MatchString(r.URL.Path) {
			s.writeError(w, r, badRequest(50041, "Invalid API version"))
			return
		}
		if !s.limits.allow(w, r) || s.strike(w, r, body, h) {
			return
		}
		status, reply, err := h(r, body)
		s.noteSent(r, body, statusOf(status, err))
		if err != nil {
			s.writeError(w, r, err)
			return
		}
		s.log.Debug("bot request", "method", r.Method, "path", redact(r.URL.Path), "status", status)
		writeJSON(w, status, reply)
	})
}

// authorized asks for the bot's token.
func (s *Server) authorized(h restHandler) restHandler {
	return func(r *http.Request, body []byte) (int, any, error) {
		if r.Header.Get("Authorization") != "Bot "+s.token {
			return 0, nil, failure(http.StatusUnauthorized, codeGeneral, "401: Unauthorized")
		}
		if app := r.PathValue("app"); app != "" && app != applicationID {
			return 0, nil, failure(http.StatusForbidden, 20012, "You are not authorized to perform this action on this application")
		}
		return h(r, body)
	}
}

// statusOf is the status that an endpoint's result is answered with.
func statusOf(status int, err error) int {
	if err != nil {
		return refusal(err).status
	}
	return status
}

// refusal is an error as Discord would report it.
func refusal(err error) *apiError {
	var reply *apiError
	if !errors.As(err, &reply) {
		reply = failure(http.StatusInternalServerError, codeGeneral, "500: Internal Server Error")
	}
	return reply
}

func (s *Server) writeError(w http.ResponseWriter, r *http.Request, err error) {
	reply := refusal(err)
	s.log.Warn("bot request refused", "method", r.Method, "path", redact(r.URL.Path), "status", reply.status, "reason", reply.Message, "fields", reply.Errors)
	writeJSON(w, reply.status, reply)
}

// redact leaves interaction tokens out of the log.
func redact(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if len(p) > 40 {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "/")
}

func writeJSON(w http.ResponseWriter, status int, reply any) {
	if reply == nil {
		w.WriteHeader(status)
		return
	}
	data, err := json.Marshal(reply)
	if err != nil {
		http.Error(w, "cannot encode the reply", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data) // the reader may be gone: nobody is left to tell
}
