package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/whosaid/whosaid/answer"
)

func (a *app) verifyCmd() *cobra.Command {
	var asJSON, isBatch bool
	var speaker string
	c := &cobra.Command{
		Use:   "verify [--json] [--batch] [--speaker NAME] [CLAIM]",
		Short: "Check a claimed quote against the corpus",
		Long: `Says whether a quote is verbatim, partial, altered, misattributed or not found,
with the printed words and where they stand. With --batch, lines of JSON
{"claim":"...","speaker":"..."} from standard input, one JSON line each.`,
		Example: `  whosaid verify "we will build that bridge"
  whosaid verify --speaker "Ada Example" "we will never build that bridge"
  whosaid verify --json --batch < claims.jsonl`,
		Args: args(oneUnless(&isBatch)),
		RunE: func(c *cobra.Command, words []string) error {
			lib, err := a.openToAnswer(c.Context())
			if err != nil {
				return err
			}
			defer lib.close()
			if isBatch {
				return batch(c.Context(), a.In, a.Out, func(line []byte) (any, error) {
					var in struct{ Claim, Speaker string }
					if err := json.Unmarshal(line, &in); err != nil {
						return nil, fmt.Errorf(`want {"claim":"...","speaker":"..."}: %w`, err)
					}
					return lib.answers.Verify(c.Context(), answer.Claim{Text: in.Claim, Speaker: in.Speaker})
				})
			}
			check, err := lib.answers.Verify(c.Context(), answer.Claim{Text: words[0], Speaker: speaker})
			switch {
			case err != nil:
				return err
			case asJSON:
				return printJSON(a.Out, check)
			}
			return printCheck(a.Out, check)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON lines")
	c.Flags().BoolVar(&isBatch, "batch", false, "read claims from standard input, one JSON object a line; implies --json")
	c.Flags().StringVar(&speaker, "speaker", "", "who is said to have said it")
	return c
}

// verdictLine says what a verdict means.
func verdictLine(v answer.Verdict) string {
	switch v {
	case answer.Verbatim:
		return "Verbatim: these words stand in print."
	case answer.Partial:
		return "Partial: these words stand in print, cut from a longer sentence."
	case answer.Altered:
		return "Altered: the printed words differ."
	case answer.Misattributed:
		return "Misattributed: somebody else said it."
	}
	return "Not found: nothing in the corpus is close enough."
}

func printCheck(w io.Writer, c answer.Check) error {
	if _, err := fmt.Fprintln(w, verdictLine(c.Verdict)); err != nil || c.Best == nil {
		return err
	}
	if c.Verdict != answer.Verbatim {
		fmt.Fprint(w, "\n  ")
		for _, p := range c.Diff {
			switch p.Op {
			case answer.Added:
				fmt.Fprintf(w, "{+%s+} ", oneLine(p.Text))
			case answer.Dropped:
				fmt.Fprintf(w, "[-%s-] ", oneLine(p.Text))
			default:
				fmt.Fprintf(w, "%s ", oneLine(p.Text))
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, "\n   ")
	if err := printAnswer(w, *c.Best); err != nil {
		return err
	}
	for _, x := range c.Also {
		if _, err := fmt.Fprintf(w, "   also in: %s\n", oneLine(strings.Join(placeOf(x), " · "))); err != nil {
			return err
		}
	}
	return nil
}
