package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/whosaid/whosaid/bot"
)

func (a *app) serveCmd() *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the Discord bot",
		Long: `Connects to Discord and answers slash commands until it is stopped. The bot's
token comes from DISCORD_TOKEN, or from the file that --token-file names.

Articles that another whosaid imports into the same data folder are answered
from at once, without a restart.

With --metrics-addr it serves /metrics for Prometheus, /healthz and /readyz. With
--http-addr and --public-key, interactions come over HTTP instead of the
gateway: enter the address at which Discord reaches it in the developer portal.`,
		Example: `  DISCORD_TOKEN=... whosaid serve
  whosaid serve --token-file /run/secrets/discord-token --log-format json`,
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			token, err := a.token()
			if err != nil {
				return err
			}
			lib, err := a.openToWrite(c.Context())
			if err != nil {
				return err
			}
			defer lib.close()
			if (a.settings.HTTPAddr == "") != (a.settings.PublicKey == "") {
				return usageError{errors.New("--http-addr and --public-key go together")}
			}
			return a.serve(c.Context(), lib, bot.Config{
				Token: token, PublicKey: a.settings.PublicKey,
				SharedByDefault: a.settings.SharedByDefault, OperatorGuild: a.settings.OperatorServer,
			})
		},
	}
	c.Flags().String("token-file", "", "file that holds the bot's token")
	c.Flags().Bool("shared-by-default", false, "servers see the shared corpus unless they switch it off")
	c.Flags().String("operator-server", "", "id of your own Discord server, whose moderators look after the shared corpus")
	c.Flags().String("metrics-addr", "", "address for /metrics, /healthz and /readyz, like 127.0.0.1:9090")
	c.Flags().String("http-addr", "", "address for interactions over HTTP, like 127.0.0.1:8080")
	c.Flags().String("public-key", "", "the application's public key, for --http-addr")
	return c
}

// token is the bot's token from the environment or from its file.
func (a *app) token() (string, error) {
	if t := strings.TrimSpace(os.Getenv("DISCORD_TOKEN")); t != "" {
		return t, nil
	}
	if a.settings.TokenFile == "" {
		return "", errors.New("no bot token: set DISCORD_TOKEN, or name a file that holds it with --token-file (to try whosaid without one, run: whosaid sandbox)")
	}
	b, err := os.ReadFile(a.settings.TokenFile)
	if err != nil {
		return "", fmt.Errorf("reading the bot token: %w", err)
	}
	if t := strings.TrimSpace(string(b)); t != "" {
		return t, nil
	}
	return "", fmt.Errorf("the token file %s is empty", a.settings.TokenFile)
}

// serve runs the bot over the library until ctx ends. Meanwhile it brings the
// index up to the corpus; what is sound of it answers already.
func (a *app) serve(ctx context.Context, lib *library, config bot.Config) error {
	config.Backend = backend{lib.answers, lib}
	config.Logger = a.log
	curator := newCurator(lib, a.log)
	defer curator.close()
	config.Curator = curator
	if config.StateDir == "" {
		config.StateDir = filepath.Join(a.settings.Data, "bot")
	}
	reg, metrics := newRegistry(config.Backend)
	config.Metrics, config.Version = metrics, version()
	b, err := bot.New(config)
	if err != nil {
		return err
	}
	ops, err := listen(ctx, "metrics-addr", a.settings.MetricsAddr)
	if err != nil {
		return err
	}
	endpoint, err := listen(ctx, "http-addr", a.settings.HTTPAddr)
	if err != nil {
		closeAll(ops)
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := a.repair(ctx, lib); err != nil && ctx.Err() == nil {
			// The bot can still answer from what is indexed.
			a.log.Error("the index could not be brought up to the corpus", "err", err)
		}
		return nil
	})
	group.Go(func() error { return serveHTTP(ctx, ops, opsHandler(reg, b.Ready), a.log) })
	group.Go(func() error { return serveHTTP(ctx, endpoint, b.Interactions(), a.log) })
	group.Go(func() error {
		_ = curator.watcher(b.TellOfFeed).Run(ctx) // it ends with ctx alone
		return nil
	})
	group.Go(func() error { return b.Run(ctx) })
	return group.Wait()
}
