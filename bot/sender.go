package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Times of the sender.
const (
	// callbackTimeout lies under the 3 s that Discord waits for a callback.
	callbackTimeout = 2500 * time.Millisecond
	requestTimeout  = 15 * time.Second
	// maxRetryWait is the longest wait after a 429 that is sat out.
	maxRetryWait = 20 * time.Second
	maxAttempts  = 4
	// maxResponse bounds what is read of an answer from Discord, in bytes.
	maxResponse = 8 << 20
	// lanes is how many requests are under way at once. discordgo locks a
	// bucket while a request of it is under way and keeps buckets for ever, so
	// the sender uses a fixed set of bucket names, each by one request at a time.
	lanes = 32
)

// Codes of Discord's JSON errors.
const codeAlreadyAcknowledged = 40060

// sender delivers messages. It is safe for concurrent use.
type sender struct {
	session  *discordgo.Session
	lane     chan string // bucket names that are free
	callback *http.Client
	client   *http.Client
	log      *slog.Logger
	metrics  *Metrics
}

// newSender sends through transport (nil means http.DefaultTransport) in the
// name of the session's token.
func newSender(session *discordgo.Session, transport http.RoundTripper, log *slog.Logger, metrics *Metrics) *sender {
	if transport == nil {
		transport = http.DefaultTransport
	}
	transport = &quietTransport{transport}
	s := &sender{
		session:  session,
		lane:     make(chan string, lanes),
		callback: &http.Client{Transport: transport, Timeout: callbackTimeout},
		client:   &http.Client{Transport: transport, Timeout: requestTimeout},
		log:      log,
		metrics:  metrics,
	}
	for i := range lanes {
		s.lane <- "whosaid-" + strconv.Itoa(i)
	}
	return s
}

// wireResponse is an interaction callback's JSON.
type wireResponse struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`
}

// respond sends the first answer to an interaction. There is one attempt, for
// after a wait the 3 s would be over.
func (s *sender) respond(ctx context.Context, it *interaction, r wireResponse) error {
	endpoint := discordgo.EndpointInteractionResponse(it.ID, it.Token)
	_, err := s.once(ctx, s.callback, http.MethodPost, endpoint, r)
	var rest *discordgo.RESTError
	if errors.As(err, &rest) && rest.Message != nil && rest.Message.Code == codeAlreadyAcknowledged {
		return nil // an attempt that looked lost had arrived
	}
	if err != nil {
		return fmt.Errorf("answering interaction %s: %w", it.ID, err)
	}
	return nil
}

// edit replaces an interaction's first answer.
func (s *sender) edit(ctx context.Context, it *interaction, m Message) error {
	w := budget(m)
	w.Flags = 0 // an edit can't change whether a message is ephemeral
	endpoint := discordgo.EndpointWebhookMessage(it.AppID, it.Token, "@original")
	if _, err := s.request(ctx, http.MethodPatch, endpoint, w); err != nil {
		return fmt.Errorf("editing the answer to interaction %s: %w", it.ID, err)
	}
	return nil
}

// replace takes back a deferred answer and tells the member alone instead.
func (s *sender) replace(ctx context.Context, it *interaction, m Message) error {
	_, err := s.request(ctx, http.MethodDelete, discordgo.EndpointWebhookMessage(it.AppID, it.Token, "@original"), nil)
	if err != nil {
		return fmt.Errorf("taking back the answer to interaction %s: %w", it.ID, err)
	}
	return s.followUp(ctx, it, m)
}

// followUp adds a message to an interaction that was answered.
func (s *sender) followUp(ctx context.Context, it *interaction, m Message) error {
	if _, err := s.request(ctx, http.MethodPost, discordgo.EndpointWebhookToken(it.AppID, it.Token), budget(m)); err != nil {
		return fmt.Errorf("following up on interaction %s: %w", it.ID, err)
	}
	return nil
}

// post sends a plain message to a channel.
func (s *sender) post(ctx context.Context, channelID string, m Message) error {
	if !snowflake.MatchString(channelID) {
		return fmt.Errorf("posting to a channel: %q is no channel id", channelID)
	}
	if _, err := s.request(ctx, http.MethodPost, discordgo.EndpointChannelMessages(channelID), budget(m)); err != nil {
		return fmt.Errorf("posting to channel %s: %w", channelID, err)
	}
	return nil
}

// request sends one request, and again after a 429 or a failure of Discord's
// side, as long as ctx lasts.
func (s *sender) request(ctx context.Context, method, endpoint string, body any) ([]byte, error) {
	for attempt := 1; ; attempt++ {
		b, err := s.once(ctx, s.client, method, endpoint, body)
		wait, again := retryAfter(method, err, attempt)
		if !again || attempt == maxAttempts || ctx.Err() != nil {
			return b, err
		}
		s.log.DebugContext(ctx, "Discord asks to wait", "wait", wait, "attempt", attempt)
		select {
		case <-ctx.Done():
			return nil, errors.Join(context.Cause(ctx), err)
		case <-time.After(wait):
		}
	}
}

// once sends one request, in a lane of its own.
func (s *sender) once(ctx context.Context, client *http.Client, method, endpoint string, body any) ([]byte, error) {
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case lane := <-s.lane:
		defer func() { s.lane <- lane }()
		kind, encoded, err := encode(body)
		if err != nil {
			return nil, err
		}
		b, err := s.session.RequestRaw(method, endpoint, kind, encoded, lane, 0,
			discordgo.WithContext(ctx), discordgo.WithClient(client),
			discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(1)) // repeats a 502 at once
		s.metrics.requested(method, err)
		return b, redact(err)
	}
}

// retryAfter tells whether and when to send a failed request again.
func retryAfter(method string, err error, attempt int) (wait time.Duration, again bool) {
	wait = time.Duration(attempt) * 500 * time.Millisecond
	var limited *discordgo.RateLimitError
	var rest *discordgo.RESTError
	switch {
	case err == nil:
		return 0, false
	case errors.As(err, &limited):
		return limited.RetryAfter, limited.RetryAfter <= maxRetryWait
	case errors.As(err, &rest):
		return wait, rest.Response.StatusCode >= 500
	}
	// It was lost on the way, there or back. What adds a message isn't sent twice.
	return wait, method != http.MethodPost
}

// redact keeps the URL of a failed request out of the error, because it holds
// an interaction's token.
func redact(err error) error {
	var u *url.Error
	var limited *discordgo.RateLimitError
	switch {
	case errors.As(err, &u):
		return fmt.Errorf("%s: %w", u.Op, u.Err)
	case errors.As(err, &limited):
		limited.URL = "(a URL)"
	}
	return err
}

// quietTransport takes the rate-limit headers off the answers: discordgo would
// sleep by them, deaf to the context, and one member's limit would hold up
// whoever gets the same bucket next. The sender acts on 429s alone.
type quietTransport struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t *quietTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	for _, h := range []string{"Limit", "Remaining", "Reset", "Reset-After", "Bucket", "Global", "Scope"} {
		resp.Header.Del("X-Ratelimit-" + h)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxResponse), resp.Body}
	return resp, nil
}
