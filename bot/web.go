package bot

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Interactions over HTTP, for operators who run many instances behind one
// address: Discord posts each interaction, signed, instead of sending it over the gateway.
// https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint
const (
	// maxInteraction bounds a request's body, in bytes.
	maxInteraction = 1 << 20
	// signedWithin is how old, or how far ahead, a signature's time may be. Within
	// it, a request that is sent again is recognised by its interaction's ID.
	signedWithin = 5 * time.Minute

	kindPing Kind = 1
)

// publicKey reads an application's public key as the developer portal shows it.
func publicKey(s string) (ed25519.PublicKey, error) {
	key, err := hex.DecodeString(s)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("the public key must be 64 hexadecimal digits; copy it from the developer portal (General Information)")
	}
	return key, nil
}

// Interactions is the endpoint for interactions over HTTP; it refuses
// everything unless the Config has a PublicKey.
func (b *Bot) Interactions() http.Handler { return http.HandlerFunc(b.serveInteraction) }

func (b *Bot) serveInteraction(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxInteraction))
	if err != nil {
		http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err := b.verify(r.Header, body); err != nil {
		b.config.Metrics.unsigned.Inc()
		b.config.Logger.Debug("Refusing an interaction", "err", err)
		http.Error(w, "invalid request signature", http.StatusUnauthorized)
		return
	}
	var head struct {
		Type Kind `json:"type"`
	}
	if err := json.Unmarshal(body, &head); err != nil {
		http.Error(w, "the body is no interaction", http.StatusBadRequest)
		return
	}
	if head.Type == kindPing {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"type":1}`) // Discord asks again if it doesn't get it
		return
	}
	// The answer goes by the callback, as for interactions of the gateway.
	b.dispatcher.accept(body)
	w.WriteHeader(http.StatusAccepted)
}

// verify checks that Discord signed a request, and lately.
func (b *Bot) verify(h http.Header, body []byte) error {
	stamp := h.Get("X-Signature-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return errors.New("there is no timestamp")
	}
	if age := b.config.Now().Sub(time.Unix(seconds, 0)); age > signedWithin || age < -signedWithin {
		return fmt.Errorf("its timestamp is %v off", age)
	}
	signature, err := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	if err != nil || len(b.key) == 0 || !ed25519.Verify(b.key, append([]byte(stamp), body...), signature) {
		return errors.New("its signature is wrong")
	}
	return nil
}

// runEndpoint stands in for the gateway when interactions come over HTTP: it
// finds out the application's ID, so that the commands get registered, and
// waits for ctx to end.
func (b *Bot) runEndpoint(ctx context.Context) error {
	id := b.config.AppID
	for failures := 1; id == ""; failures++ {
		found, err := b.application(ctx)
		if f := fatal(err); f != nil {
			return f
		}
		if id = found; err != nil && !sleep(ctx, b.gateway.pause(failures, err)) {
			return nil
		}
	}
	b.ready <- id
	<-ctx.Done()
	return nil
}

// application asks Discord which application the token is of.
func (b *Bot) application(ctx context.Context) (id string, err error) {
	body, err := b.dispatcher.sender.request(ctx, http.MethodGet, discordgo.EndpointAPI+"applications/@me", nil)
	var app struct {
		ID string `json:"id"`
	}
	if err == nil {
		err = json.Unmarshal(body, &app)
	}
	if err == nil && !snowflake.MatchString(app.ID) {
		err = errors.New("it has no usable id")
	}
	if err != nil {
		b.config.Logger.Warn("Could not ask Discord for the application", "err", err)
		return "", fmt.Errorf("asking for the application: %w", err)
	}
	return app.ID, nil
}
