package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/whosaid/whosaid/corpus"
)

func (a *app) exportCmd() *cobra.Command {
	var scopes []string
	c := &cobra.Command{
		Use:   "export [--scope SCOPE] FILE",
		Short: "Write all that is kept into one file, while whosaid runs",
		Long: `Writes the articles, the corrections, the settings, the feeds and the audit log
into one file, from which whosaid import makes them again. The bot may run
meanwhile. The index is not part of it; import builds it anew. - writes to standard output.`,
		Example: `  whosaid export backup.whosaid.tar.gz
  whosaid export --scope 900000000000000100 - | ssh backup 'cat > corpus.whosaid.tar.gz'`,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, to []string) error {
			store, err := corpus.Open(filepath.Join(a.settings.Data, "corpus"))
			if err != nil {
				return fmt.Errorf("opening the corpus: %w", err)
			}
			if to[0] == "-" {
				return store.Export(c.Context(), a.Out, scopes...)
			}
			return writeWhole(to[0], func(w io.Writer) error { return store.Export(c.Context(), w, scopes...) })
		},
	}
	c.Flags().StringSliceVar(&scopes, "scope", nil, "only this scope: shared, or a Discord server's id")
	return c
}

// writeWhole writes a file that is there whole or not at all.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".whosaid-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(f.Name()))
	}
	return nil
}

// restore takes in what exports hold, and returns the other arguments of an import.
func (a *app) restore(ctx context.Context, lib *library, from []string) (others []string, err error) {
	for _, path := range from {
		if !corpus.IsExport(path) {
			others = append(others, path)
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("opening the export: %w", err)
		}
		done, err := lib.store.Restore(ctx, f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("importing %s: %w", path, err)
		}
		fmt.Fprintf(a.Err, "restored %s and %s from %s; %d were there already\n",
			count(done.Articles, "article"), count(done.Changes, "change"), path, done.Known)
		if err := a.repair(ctx, lib); err != nil {
			return nil, err
		}
	}
	return others, nil
}
