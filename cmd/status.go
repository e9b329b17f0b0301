package cmd

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

// status is what `whosaid status --json` prints; sizes are in bytes.
type status struct {
	Data        string `json:"data"`
	Articles    int    `json:"articles"`
	Quotes      int    `json:"quotes"`
	Speakers    int    `json:"speakers"`
	Passages    int    `json:"passages"`
	Generation  string `json:"generation"`
	Reindexed   string `json:"reindexed"` // RFC 3339, "" when never
	CorpusBytes int64  `json:"corpus_bytes"`
	IndexBytes  int64  `json:"index_bytes"`
	// Unindexed are articles of the corpus that the index does not hold yet.
	Unindexed int `json:"unindexed"`
}

func (a *app) statusCmd() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "status [--json]",
		Short:   "Show what the corpus and the index hold",
		Example: "  whosaid status\n  whosaid status --json",
		Args:    args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			lib, err := a.openLibrary(c.Context())
			if err != nil {
				return err
			}
			defer lib.close()
			stored, err := lib.store.Len(c.Context())
			if err != nil {
				return fmt.Errorf("counting articles: %w", err)
			}
			size, err := lib.store.Bytes(c.Context())
			if err != nil {
				return fmt.Errorf("measuring the corpus: %w", err)
			}
			i := lib.idx.Stats()
			s := status{
				Data: a.settings.Data, Articles: stored, Quotes: i.Quotes, Speakers: i.Speakers, Passages: i.Passages,
				Generation: i.Generation, CorpusBytes: size, IndexBytes: i.Bytes, Unindexed: max(0, stored-i.Articles),
			}
			if !i.Built.IsZero() {
				s.Reindexed = i.Built.UTC().Format(time.RFC3339)
			}
			if asJSON {
				return printJSON(a.Out, s)
			}
			return s.print(a)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (s status) print(a *app) error {
	if s.Articles == 0 {
		_, err := fmt.Fprintf(a.Out, "%s is empty. Feed it with: whosaid import PATH_OR_URL...\n", s.Data)
		return err
	}
	_, err := fmt.Fprintf(a.Out, `data folder   %s
articles      %d
quotes        %d
speakers      %d
index         %s
on disk       %.1f MB corpus, %.1f MB index
`, s.Data, s.Articles, s.Quotes, s.Speakers, s.index(), float64(s.CorpusBytes)/1e6, float64(s.IndexBytes)/1e6)
	if err == nil && s.Unindexed > 0 {
		_, err = fmt.Fprintf(a.Out, "not indexed   %d; run: whosaid reindex\n", s.Unindexed)
	}
	return err
}

// index names the generation in use.
func (s status) index() string {
	if s.Generation == "" {
		return "none"
	}
	return s.Generation + ", built " + s.Reindexed
}
