package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Times of the sender.
const (
	// callbackWithin lies under the 3 s that Discord waits for a first answer, from
	// the interaction's arrival on; callbackAtLeast is given to one that is late,
	// since Discord's clock may have started later than it seems.
	callbackWithin  = 2800 * time.Millisecond
	callbackAtLeast = time.Second
	requestTimeout  = 15 * time.Second
	// maxRetryWait is the longest wait after a 429 that is sat out.
	maxRetryWait = 20 * time.Second
	maxAttempts  = 4
	// lanes is how many requests are under way at once that are no first answers.
	// discordgo locks a bucket while a request of it is under way and keeps
	// buckets for ever, so the sender uses a fixed set of bucket names, each by one
	// request at a time.
	lanes = 32
)

// sender delivers messages. It is safe for concurrent use.
type sender struct {
	session *discordgo.Session
	client  *http.Client
	log     *slog.Logger
	metrics *Metrics
	free    chan string // names of buckets that no request uses
	global  pause
}

// newSender sends through transport (nil means http.DefaultTransport) in the
// name of the session's token.
func newSender(session *discordgo.Session, transport http.RoundTripper, log *slog.Logger, metrics *Metrics) *sender {
	if transport == nil {
		transport = http.DefaultTransport
	}
	s := &sender{
		session: session,
		log:     log,
		metrics: metrics,
		free:    make(chan string, lanes),
	}
	s.client = &http.Client{Transport: &quietTransport{transport, &s.global}, Timeout: requestTimeout}
	for i := range lanes {
		s.free <- "whosaid-" + strconv.Itoa(i)
	}
	return s
}

// wireResponse is an interaction callback's JSON.
type wireResponse struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`
}

// respond sends the first answer to an interaction, again and again until it is
// taken or Discord has stopped waiting for it. It returns errTaken when the
// interaction was answered by someone else, and errUnsure when Discord may have the
// answer all the same, or still get it.
func (s *sender) respond(ctx context.Context, it *interaction, r wireResponse) error {
	by := it.arrived.Add(callbackWithin)
	if least := time.Now().Add(callbackAtLeast); by.Before(least) {
		by = least
	}
	ctx, cancel := context.WithDeadline(ctx, by)
	defer cancel()
	endpoint := discordgo.EndpointInteractionResponse(it.ID, it.Token)
	unsure := false
	for attempt := 1; ; attempt++ {
		_, err := s.urgent(ctx, http.MethodPost, endpoint, r)
		unsure = unsure || err != nil && !refused(err)
		if code(err) == discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged {
			if attempt > 1 {
				return nil // an attempt that looked lost had arrived
			}
			return fmt.Errorf("answering interaction %s: %w", it.ID, errTaken)
		}
		// A first answer that arrives twice is refused, so it may be sent again
		// whatever became of the last attempt.
		wait, again := retryAfter(http.MethodPut, err, attempt)
		if !again || time.Now().Add(wait).After(by) || !sleep(ctx, wait) {
			switch {
			case err == nil:
				return nil
			case unsure:
				return fmt.Errorf("answering interaction %s: %w: %w", it.ID, errUnsure, err)
			}
			return fmt.Errorf("answering interaction %s: %w", it.ID, err)
		}
	}
}

// edit replaces an interaction's first answer.
func (s *sender) edit(ctx context.Context, it *interaction, m Message) error {
	endpoint := discordgo.EndpointWebhookMessage(it.AppID, it.Token, "@original")
	if _, err := s.request(ctx, http.MethodPatch, endpoint, budget(m).edit()); err != nil {
		return fmt.Errorf("editing the answer to interaction %s: %w", it.ID, err)
	}
	return nil
}

// replace takes back a deferred answer, by try, and tells the member alone instead.
func (s *sender) replace(ctx context.Context, it *interaction, m Message, try trying) error {
	err := try(ctx, func(ctx context.Context) error {
		_, err := s.request(ctx, http.MethodDelete, discordgo.EndpointWebhookMessage(it.AppID, it.Token, "@original"), nil)
		return err
	})
	// It may be gone already: an attempt that looked lost had arrived, or
	// somebody deleted it. The member is to be told all the same.
	if err != nil && code(err) != discordgo.ErrCodeUnknownMessage {
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
		if err := s.global.wait(ctx); err != nil {
			return nil, err
		}
		b, err := s.inLane(ctx, method, endpoint, body)
		wait, again := retryAfter(method, err, attempt)
		if !again || attempt == maxAttempts || ctx.Err() != nil {
			return b, err
		}
		s.log.DebugContext(ctx, "Discord asks to wait", "wait", wait, "attempt", attempt)
		if !sleep(ctx, wait) {
			return nil, errors.Join(context.Cause(ctx), err)
		}
	}
}

// inLane sends one request, in a lane of its own.
func (s *sender) inLane(ctx context.Context, method, endpoint string, body any) ([]byte, error) {
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case lane := <-s.free:
		defer func() { s.free <- lane }()
		return s.once(ctx, s.session.Ratelimiter.LockBucket(lane), method, endpoint, body)
	}
}

// urgent sends one request at once. Those that Discord is slow to reply to hold no
// other back: the bucket is this one's alone, of a limiter that goes with it.
func (s *sender) urgent(ctx context.Context, method, endpoint string, body any) ([]byte, error) {
	return s.once(ctx, discordgo.NewRatelimiter().LockBucket("whosaid-first"), method, endpoint, body)
}

// once sends one request, and frees the bucket.
func (s *sender) once(ctx context.Context, locked *discordgo.Bucket, method, endpoint string, body any) ([]byte, error) {
	kind, encoded, err := encode(body)
	if err != nil {
		return nil, errors.Join(err, locked.Release(nil))
	}
	b, err := s.session.RequestWithLockedBucket(method, endpoint, kind, encoded, locked, 0,
		discordgo.WithContext(ctx), discordgo.WithClient(s.client), discordgo.WithRetryOnRatelimit(false))
	s.metrics.requested(method, err)
	return b, redact(err)
}

// retryAfter tells whether and when to send a failed request again.
func retryAfter(method string, err error, attempt int) (wait time.Duration, again bool) {
	wait = time.Duration(attempt) * 250 * time.Millisecond
	var limited *discordgo.RateLimitError
	var rest *discordgo.RESTError
	switch {
	case err == nil:
		return 0, false
	case errors.As(err, &limited):
		return limited.RetryAfter, limited.RetryAfter <= maxRetryWait
	case errors.As(err, &rest):
		return wait, rest.Response.StatusCode >= http.StatusInternalServerError
	}
	// It was lost on the way, there or back. What adds a message isn't sent twice.
	return wait, method != http.MethodPost
}

// refused tells whether Discord said that it does not carry a request out.
func refused(err error) bool {
	var rest *discordgo.RESTError
	return errors.As(err, new(*discordgo.RateLimitError)) ||
		errors.As(err, &rest) && rest.Response.StatusCode < http.StatusInternalServerError
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
