package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/whosaid/whosaid/answer"
)

func (a *app) askCmd() *cobra.Command {
	var asJSON, isBatch, explain bool
	var limit int
	c := &cobra.Command{
		Use:   "ask [--json] [--batch] [QUESTION]",
		Short: "Answer a question with quotes and their sources",
		Long: `Answers one question from the corpus, best quote first; says so when the corpus
does not answer. With --batch, one question a line from standard input and one
JSON line each, in order.`,
		Example: `  whosaid ask "who said the clock is ticking?"
  whosaid ask --json "what did Ada Example say about the bridge?"
  whosaid ask --json --batch < questions.txt > answers.jsonl`,
		Args: args(oneUnless(&isBatch)),
		RunE: func(c *cobra.Command, words []string) error {
			lib, err := a.openToAnswer(c.Context())
			if err != nil {
				return err
			}
			defer lib.close()
			ask := func(question string) (answer.Reply, error) {
				reply, err := lib.answers.Ask(c.Context(), answer.Request{Question: question, Limit: limit})
				if err == nil && explain {
					_, err = fmt.Fprintln(a.Err, "understood as:", oneLine(reply.Query.String()))
				}
				return reply, err
			}
			if isBatch {
				return batch(c.Context(), a.In, a.Out, func(line []byte) (any, error) { return ask(string(line)) })
			}
			reply, err := ask(words[0])
			switch {
			case err != nil:
				return err
			case asJSON:
				return printJSON(a.Out, reply)
			}
			return printReply(a.Out, reply)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON lines")
	c.Flags().BoolVar(&isBatch, "batch", false, "read questions from standard input, one a line; implies --json")
	c.Flags().BoolVar(&explain, "explain", false, "say on standard error how the question was understood")
	c.Flags().IntVar(&limit, "limit", 10, "most answers to a question")
	return c
}

// oneUnless wants exactly one argument, or none when the flag is set.
func oneUnless(batch *bool) cobra.PositionalArgs {
	return func(_ *cobra.Command, words []string) error {
		switch {
		case *batch && len(words) > 0:
			return fmt.Errorf("--batch reads standard input; leave %q out", words[0])
		case !*batch && len(words) != 1:
			return fmt.Errorf("give one text in quotation marks (got %d), or --batch", len(words))
		}
		return nil
	}
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func printReply(w io.Writer, r answer.Reply) error {
	if r.Check != nil {
		return printCheck(w, *r.Check)
	}
	if len(r.Answers) == 0 {
		return printNothing(w, r.Near)
	}
	if r.Query.Aim == answer.Count {
		fmt.Fprintf(w, "%d in all.\n\n", r.Total)
	}
	for i, x := range r.Answers {
		fmt.Fprintf(w, "%d. ", i+1)
		if err := printAnswer(w, x); err != nil {
			return err
		}
	}
	return nil
}

// printNothing says so, and what the corpus has near the question.
func printNothing(w io.Writer, near answer.Near) error {
	fmt.Fprintln(w, "Nothing found: the corpus does not answer that.")
	for _, c := range []struct {
		what string
		have []string
	}{{"Speakers near it", near.Speakers}, {"Articles near it", near.Topics}} {
		if len(c.have) > 0 {
			fmt.Fprintf(w, "  %s: %s\n", c.what, oneLine(strings.Join(c.have, "; ")))
		}
	}
	return nil
}

// printAnswer shows a quote with the evidence for it.
func printAnswer(w io.Writer, x answer.Answer) error {
	perhaps := ""
	if x.Weak() {
		perhaps = "perhaps "
	}
	fmt.Fprintf(w, "%s%s\n   %s\n", perhaps, oneLine(speakerLine(x.Speaker)), oneLine(x.Quote))
	_, err := fmt.Fprintf(w, "   %s\n%s\n", strings.Join(placeOf(x), " · "), prints(x))
	return err
}

// placeOf is where an answer stands in print, as far as it is known.
func placeOf(x answer.Answer) []string {
	var place []string
	for _, s := range []string{x.Source, x.Title, x.Date, x.URL, x.File} {
		if s != "" {
			place = append(place, oneLine(s))
		}
	}
	return append(place, fmt.Sprintf("paragraph %d", x.Paragraph))
}

// prints are lines on where else the quote was printed, "" when nowhere.
func prints(x answer.Answer) string {
	var out strings.Builder
	switch {
	case x.AlsoIn == 1:
		out.WriteString("   also in 1 other article")
	case x.AlsoIn > 1:
		fmt.Fprintf(&out, "   also in %d other articles", x.AlsoIn)
	default:
		return ""
	}
	if x.FirstPrinted != "" {
		out.WriteString(", first printed " + x.FirstPrinted)
	}
	out.WriteString("\n")
	for _, c := range x.Conflicts {
		fmt.Fprintf(&out, "   elsewhere said to be %s's: %s\n", oneLine(speakerLine(c.Speaker)), oneLine(strings.Join(c.Sources, ", ")))
	}
	return out.String()
}
