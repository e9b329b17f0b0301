package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/sync/errgroup"
)

// Sharding, as Discord recommends it: a bot in many servers receives them over
// several connections, each of which identifies as one shard.
// https://discord.com/developers/docs/events/gateway#sharding
const (
	identifyEvery = 5 * time.Second // each of Discord's identify buckets takes one in this time
	// maxShards is how many connections one process keeps. Who needs more, over
	// 60,000 servers, is better served by the interactions endpoint.
	maxShards = 64
)

// recommendation is Discord's answer to GET /gateway/bot.
type recommendation struct {
	Shards int `json:"shards"`
	Limit  struct {
		Total          int   `json:"total"`
		Remaining      int   `json:"remaining"`
		ResetAfter     int64 `json:"reset_after"` // milliseconds
		MaxConcurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// wait is how long the day's identifies are used up for; identifying all the same would
// have Discord revoke the token.
func (r recommendation) wait() time.Duration {
	if r.Limit.Total == 0 || r.Limit.Remaining >= r.Shards {
		return 0
	}
	return time.Duration(r.Limit.ResetAfter) * time.Millisecond
}

// recommend asks Discord how to connect.
func recommend(ctx context.Context, s *sender) (recommendation, error) {
	r := recommendation{}
	b, err := s.request(ctx, http.MethodGet, discordgo.EndpointGatewayBot, nil)
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		return r, fmt.Errorf("asking Discord how to connect: %w", err)
	}
	r.Shards, r.Limit.MaxConcurrency = max(r.Shards, 1), max(r.Limit.MaxConcurrency, 1)
	return r, nil
}

// runShards connects as many shards as Discord recommends, and stays connected
// until ctx ends or Discord refuses one of them for good.
func (b *Bot) runShards(ctx context.Context) error {
	r, err := b.recommended(ctx)
	if err != nil || ctx.Err() != nil {
		return err
	}
	if r.Shards > maxShards {
		return fmt.Errorf("connecting to Discord: it recommends %d shards and this process keeps at most %d; use the interactions endpoint (--http-addr)", r.Shards, maxShards)
	}
	if wait := r.wait(); wait > 0 {
		b.config.Logger.Error("Discord lets the bot start no more sessions for now. Does it restart again and again?", "wait", wait)
		if !sleep(ctx, wait) {
			return nil
		}
	}
	g := &gate{every: b.identifyEvery / time.Duration(r.Limit.MaxConcurrency)}
	shards := []*gateway{b.gateway}
	for i := 1; i < r.Shards; i++ {
		shards = append(shards, b.gateway.shardOf(i))
	}
	b.mu.Lock()
	b.shards = shards
	b.mu.Unlock()
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range shards {
		s.count, s.gate = r.Shards, g
		group.Go(func() error { return s.run(ctx) })
	}
	return group.Wait()
}

// recommended asks until Discord answers, refuses, or ctx ends.
func (b *Bot) recommended(ctx context.Context) (recommendation, error) {
	for failures := 1; ; failures++ {
		r, err := recommend(ctx, b.dispatcher.sender)
		switch f := fatal(err); {
		case err == nil || ctx.Err() != nil:
			return r, nil
		case f != nil:
			return r, f
		}
		b.config.Logger.Warn("Could not reach Discord", "err", err)
		if !sleep(ctx, b.gateway.pause(failures, err)) {
			return r, nil
		}
	}
}

// gate lets shards identify one after the other.
type gate struct {
	every time.Duration
	mu    sync.Mutex
	next  time.Time
}

// pass waits for a shard's turn, and reports false if ctx ended first.
func (g *gate) pass(ctx context.Context) bool {
	g.mu.Lock()
	wait := max(0, time.Until(g.next))
	g.next = time.Now().Add(wait + g.every)
	g.mu.Unlock()
	return wait == 0 || sleep(ctx, wait)
}

// Ready reports why the bot can't answer everybody now, or nil if it can.
func (b *Bot) Ready() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.registered {
		return errors.New("the commands are not registered yet")
	}
	for _, s := range b.shards {
		if !s.greeted.Load() {
			return fmt.Errorf("shard %d of %d is not connected to Discord", s.shard, len(b.shards))
		}
	}
	return nil
}
