package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/whosaid/whosaid/index"
)

func (a *app) reindexCmd() *cobra.Command {
	var scope string
	c := &cobra.Command{
		Use:   "reindex [--scope SCOPE]",
		Short: "Rebuild the index from the corpus and swap it in",
		Long: `Reads every article of the corpus anew and builds a new index beside the one in
use, which goes on answering; then swaps them. Needed after an update of whosaid
that understands articles better; the bot does it by itself when it must.`,
		Example: `  whosaid reindex
  whosaid reindex --scope 900000000000000100`,
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			defer boundMemory()()
			lib, err := a.openToWrite(c.Context(), unsearched)
			if err != nil {
				return err
			}
			defer lib.close()
			bar := newProgress(a.Err, "reindexing", -1)
			show := func(p index.Progress) { bar.set(p.Done, p.Total) }
			if scope == "" {
				err = lib.idx.Reindex(c.Context(), show)
			} else {
				err = lib.idx.ReindexScope(c.Context(), scope, show)
			}
			bar.finish()
			if err != nil {
				return fmt.Errorf("rebuilding the index: %w", err)
			}
			s := lib.idx.Stats()
			fmt.Fprintf(a.Err, "indexed %s, %s\n", count(s.Articles, "article"), count(s.Quotes, "quote"))
			return nil
		},
	}
	c.Flags().StringVar(&scope, "scope", "", "only this scope: shared, or a Discord server's id")
	return c
}
