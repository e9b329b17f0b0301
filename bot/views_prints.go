package bot

import (
	"fmt"
	"strings"

	"github.com/whosaid/whosaid/answer"
)

// Lengths of what is shown of a quote's other prints.
const (
	maxConflicts       = 2 // of an answer
	maxConflictSources = 2 // of a conflict
	lenSource          = 40
)

// printsLines tell where else a quote was printed and who else is named for
// it, each line after a line break; "" when there is nothing to tell.
func printsLines(a answer.Answer) Markdown {
	var out strings.Builder
	if a.AlsoIn > 0 {
		articles := "1 other article"
		if a.AlsoIn > 1 {
			articles = string(count(a.AlsoIn)) + " other articles"
		}
		fmt.Fprintf(&out, "\nAlso in %s", articles)
		if day := dayWords(a.FirstPrinted); day != "" {
			out.WriteString(" · first printed " + day)
		}
		if a.Longest != "" {
			out.WriteString(" · a longer version exists")
		}
	}
	for _, c := range a.Conflicts[:min(len(a.Conflicts), maxConflicts)] {
		if c.Speaker == nil {
			continue
		}
		fmt.Fprintf(&out, "\n⚠️ Elsewhere said to be **%s**’s", Escape(c.Speaker.Name, lenName))
		for i, s := range c.Sources[:min(len(c.Sources), maxConflictSources)] {
			out.WriteString([]string{": ", ", "}[min(i, 1)] + string(Escape(s, lenSource)))
		}
		if len(c.Sources) > maxConflictSources {
			out.WriteString(" " + ellipsis)
		}
	}
	return Markdown(out.String())
}
