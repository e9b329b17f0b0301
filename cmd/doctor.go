package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/whosaid/whosaid/bot"
)

// doctorWithin bounds how long the doctor waits for Discord.
const doctorWithin = time.Minute

// lowDisk is the free space, in bytes, below which an import or a reindex may fail.
const lowDisk = 1 << 30

func (a *app) doctorCmd() *cobra.Command {
	var offline, asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check the setup, and say what to do about what is wrong",
		Long: `Looks at the data folder, the disk, the corpus and the index, and asks Discord
about the token, intents, permissions and the connection. It changes nothing.
The exit status is 1 when something is wrong that keeps the bot from working.`,
		Example: `  DISCORD_TOKEN=... whosaid doctor
  whosaid doctor --offline`,
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(c.Context(), doctorWithin)
			defer cancel()
			findings := a.examineData(ctx)
			if !offline {
				findings = append(findings, a.examineDiscord(ctx)...)
			}
			return a.report(findings, asJSON)
		},
	}
	c.Flags().BoolVar(&offline, "offline", false, "leave Discord out")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON lines")
	c.Flags().String("token-file", "", "file that holds the bot's token")
	c.Flags().String("http-addr", "", "address for interactions over HTTP, if serve has one")
	c.Flags().String("public-key", "", "the application's public key, if serve has one")
	return c
}

// report prints findings, and fails if one of them does.
func (a *app) report(findings []bot.Finding, asJSON bool) error {
	failed := false
	for _, f := range findings {
		failed = failed || f.Level == bot.Fail
		if asJSON {
			line := map[string]string{"check": f.Check, "level": string(f.Level), "detail": f.Detail, "hint": f.Hint}
			if err := json.NewEncoder(a.Out).Encode(line); err != nil {
				return fmt.Errorf("printing a finding: %w", err)
			}
			continue
		}
		fmt.Fprintf(a.Out, "%-8s %s: %s\n", f.Level, f.Check, f.Detail)
		if f.Hint != "" {
			fmt.Fprintf(a.Out, "         → %s\n", f.Hint)
		}
	}
	if failed {
		return errReported
	}
	return nil
}

// examineDiscord asks Discord, if there is a token.
func (a *app) examineDiscord(ctx context.Context) []bot.Finding {
	token, err := a.token()
	if err != nil {
		return []bot.Finding{{Check: "token", Level: bot.Fail, Detail: "there is none that can be read", Hint: err.Error()}}
	}
	return bot.Diagnose(ctx, bot.Config{Token: token, PublicKey: a.settings.PublicKey, HTTPClient: a.discord})
}

// examineData looks at the data folder and what is in it.
func (a *app) examineData(ctx context.Context) []bot.Finding {
	findings := []bot.Finding{a.examineFolder()}
	if findings[0].Level == bot.Fail {
		return findings
	}
	if free, ok := freeSpace(a.settings.Data); ok {
		f := bot.Finding{Check: "disk", Level: bot.OK, Detail: fmt.Sprintf("%.1f GB are free", float64(free)/1e9)}
		if free < lowDisk {
			f.Level, f.Hint = bot.Warn, "A reindex needs room for a second index. Free some, or name another folder with --data."
		}
		findings = append(findings, f)
	}
	return append(findings, a.examineLibrary(ctx)...)
}

// examineFolder tries whether the data folder can be written to.
func (a *app) examineFolder() bot.Finding {
	f := bot.Finding{Check: "data folder", Level: bot.OK, Detail: a.settings.Data}
	err := os.MkdirAll(a.settings.Data, 0o700)
	if err == nil {
		probe := filepath.Join(a.settings.Data, ".doctor")
		err = errors.Join(os.WriteFile(probe, nil, 0o600), os.Remove(probe))
	}
	if err != nil {
		f.Level, f.Detail, f.Hint = bot.Fail, err.Error(), "Give the user that runs whosaid the right to write there, or name another folder with --data."
	}
	return f
}

// examineLibrary opens corpus and index.
func (a *app) examineLibrary(ctx context.Context) []bot.Finding {
	lib, err := a.openLibrary(ctx)
	if err != nil {
		return []bot.Finding{{Check: "corpus", Level: bot.Fail, Detail: err.Error(), Hint: "If the index is damaged, delete the folder index in the data folder and run: whosaid reindex"}}
	}
	defer lib.close()
	var findings []bot.Finding
	s := lib.idx.Stats()
	f := bot.Finding{Check: "corpus", Level: bot.OK, Detail: fmt.Sprintf("%d articles with %d quotes", s.Articles, s.Quotes)}
	if s.Articles == 0 {
		f.Level, f.Hint = bot.Warn, "Import some: whosaid import PATH_OR_URL"
	}
	findings = append(findings, f)
	for _, p := range lib.idx.Problems() {
		findings = append(findings, bot.Finding{Check: "index", Level: bot.Warn, Detail: p.Error(), Hint: "Run: whosaid reindex (serve does it by itself)"})
	}
	if len(findings) == 1 && s.Generation != "" {
		findings = append(findings, bot.Finding{Check: "index", Level: bot.OK, Detail: "it is whole (" + s.Generation + ")"})
	}
	return findings
}
