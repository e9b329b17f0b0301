package cmd

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/whosaid/whosaid/bot"
	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/sample"
	"github.com/whosaid/whosaid/sandbox"
)

func (a *app) sandboxCmd() *cobra.Command {
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Try the bot on a chat page in the browser: no account, no token",
		Long: `Runs the same bot against a stand-in for Discord on this machine, with a corpus
of sample articles, and serves a chat page. Nothing leaves the machine, and
nothing is kept unless --data names a folder.`,
		Example: `  whosaid sandbox
  whosaid sandbox --addr 127.0.0.1:9000 --data ./try`,
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if !c.Flags().Changed("data") {
				dir, err := os.MkdirTemp("", "whosaid-sandbox-")
				if err != nil {
					return fmt.Errorf("making a folder for the sandbox: %w", err)
				}
				defer os.RemoveAll(dir)
				a.settings.Data = dir
			}
			return a.sandbox(c.Context())
		},
	}
	c.Flags().String("addr", "127.0.0.1:8765", "address of the chat page; port 0 takes any free one")
	return c
}

func (a *app) sandbox(ctx context.Context) error {
	lib, err := a.openToWrite(ctx)
	if err != nil {
		return err
	}
	defer lib.close()
	if err := lib.importSample(ctx); err != nil {
		return err
	}
	server, err := sandbox.New(sandbox.Options{Addr: a.settings.Addr, Examples: examples(), Logger: a.log})
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return server.Run(ctx) })
	group.Go(func() error {
		return a.serve(ctx, lib, bot.Config{
			Token:      server.Token(),
			HTTPClient: server.Client(),
			// The sample articles are in the shared corpus, and its moderators are to be tried.
			SharedByDefault: true,
			OperatorGuild:   sandbox.GuildNewsroom,
			OnReady:         func() { fmt.Fprintf(a.Out, "The sandbox is open at %s (end it with Ctrl-C)\n", server.URL()) },
		})
	})
	return group.Wait()
}

// importSample puts the sample articles into the corpus and its index.
func (l *library) importSample(ctx context.Context) error {
	var articles []*corpus.Article
	err := fs.WalkDir(sample.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := sample.Files().Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		for article, err := range corpus.Read(ctx, corpus.Input{Name: d.Name(), Data: f}) {
			if err != nil {
				return err
			}
			articles = append(articles, article)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the sample articles: %w", err)
	}
	if _, err := l.store.PutAll(ctx, articles); err != nil {
		return fmt.Errorf("storing the sample articles: %w", err)
	}
	if err := l.idx.CatchUp(ctx, nil); err != nil {
		return fmt.Errorf("indexing the sample articles: %w", err)
	}
	return nil
}

// examples are commands to click: questions about the sample articles, and one
// of each other command.
func examples() []sandbox.Example {
	var list []sandbox.Example
	for _, q := range sample.ExpectedAnswers() {
		list = append(list, sandbox.Example{Label: q.Question, Command: "ask", Options: map[string]string{"question": q.Question}})
	}
	first := sample.Gold()[0]
	return append(list,
		sandbox.Example{Label: "who is Edda Marrowby?", Command: "speaker", Options: map[string]string{"name": "Edda Marrowby"}},
		sandbox.Example{Label: "who speaks about the light?", Command: "topic", Options: map[string]string{"about": "light"}},
		sandbox.Example{Label: "quotes by " + first.Speaker, Command: "quotes", Options: map[string]string{"speaker": first.Speaker}},
		sandbox.Example{Label: "check a quote of " + first.Speaker, Command: "verify", Options: map[string]string{"claim": first.Parts[0], "speaker": first.Speaker}},
	)
}
