// Package cmd is the command line: flags, wiring and exit codes. It knows
// which rooms there are and how they fit together, and nothing of how they work.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// IO is where a command reads and writes.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
}

// Exit statuses, as docs/cli.md promises them.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a command line that can't be meant.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// errReported ends a command with status 1 after it has told why itself.
var errReported = errors.New("some of it failed")

// Main runs one command line and returns the exit status: 0 done, 1 failed,
// 2 wrong usage.
func Main(ctx context.Context, args []string, streams IO) int {
	root := newRoot(streams)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errReported):
		return exitFailed
	case errors.As(err, &usage) || strings.HasPrefix(err.Error(), "unknown command"):
		fmt.Fprintf(streams.Err, "whosaid: %v\nTry 'whosaid --help'.\n", err)
		return exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(streams.Err, "whosaid: stopped")
		return exitFailed
	}
	fmt.Fprintf(streams.Err, "whosaid: %v\n", err)
	return exitFailed
}

// app is what every command shares: the streams, and after flags are parsed
// the settings and the log.
type app struct {
	IO
	settings settings
	log      *slog.Logger
	discord  *http.Client // how to reach Discord; nil for the usual way
}

func newRoot(streams IO) *cobra.Command {
	a := &app{IO: streams}
	root := &cobra.Command{
		Use:   "whosaid",
		Short: "Who said what, and where is it written",
		Long: `whosaid reads articles, works out who said what in every paragraph, and answers
questions about it with the quotes and their sources: on the command line, and
as a Discord bot.

Settings come from flags, then from the environment (WHOSAID_DATA for --data,
and so on), then from the configuration file, in that order of precedence.`,
		Example: `  whosaid sandbox                             # try it: a chat page, no account needed
  whosaid import ~/articles https://example.org/news.xml
  whosaid ask "who said the clock is ticking?"
  whosaid verify --speaker "Ada Example" "we will build that bridge"
  DISCORD_TOKEN=... whosaid serve`,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			s, err := loadSettings(c.Flags())
			if err != nil {
				return err
			}
			a.settings = s
			a.log, err = newLogger(streams.Err, s)
			return err
		},
	}
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	addSettingsFlags(root.PersistentFlags())
	root.AddCommand(a.extractCmd(), a.importCmd(), a.exportCmd(), a.reindexCmd(), a.askCmd(), a.verifyCmd(),
		a.statusCmd(), a.serveCmd(), a.sandboxCmd(), a.doctorCmd())
	return root
}

// args wraps a positional-argument check so that its failure is wrong usage.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, a []string) error {
		if err := check(c, a); err != nil {
			return usageError{fmt.Errorf("%s: %w", c.CommandPath(), err)}
		}
		return nil
	}
}

func newLogger(w io.Writer, s settings) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return nil, usageError{fmt.Errorf("log-level %q: use debug, info, warn or error", s.LogLevel)}
	}
	switch s.LogFormat {
	case "json":
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})), nil
	case "text":
		return slog.New(tint.NewTextHandler(w, &tint.Options{Level: level, NoColor: !isTerminal(w)})), nil
	}
	return nil, usageError{fmt.Errorf("log-format %q: use text or json", s.LogFormat)}
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
