package bot

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// statusView describes the corpus to a moderator.
func statusView(s Status, reindexing bool) Message {
	field := func(name, value Markdown) Field { return Field{Name: name, Value: value, Inline: true} }
	built := Markdown("never")
	if !s.Built.IsZero() {
		built = Markdown(fmt.Sprintf("<t:%d:R>", s.Built.Unix())) // Discord shows it in the member's time
	}
	e := Embed{
		Title: "Corpus", Color: blurple,
		Fields: []Field{
			field("Articles", count(s.Articles)), field("Quotes", count(s.Quotes)), field("Speakers", count(s.Speakers)),
			field("Index", Escape(cmp.Or(s.Generation, "none yet"), 100)), field("On disk", Markdown(bytesWords(s.Bytes))), field("Built", built),
		},
	}
	if s.Generation == "" {
		e.Description = "There is no index yet. `/corpus reindex` builds it."
	}
	if reindexing {
		e.Description = "A reindex is under way; answers come from the index below meanwhile."
	}
	return Message{Embeds: []Embed{e}, Ephemeral: true}
}

// count writes a number with its thousands apart.
func count(n int) Markdown {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return Markdown(s)
}

// bytesWords writes a size in the unit that fits.
func bytesWords(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// reindexQuestion asks a moderator whether they mean it.
func reindexQuestion(s Status) Message {
	return Message{
		Ephemeral: true,
		Content: "**Rebuild the index of " + count(s.Articles) + " articles?**\n" +
			"Answers go on from the present index until the new one takes its place. No article is changed.",
		Rows: [][]Button{{
			{Label: "Rebuild", ID: actionReindex + ":start", Style: discordgo.PrimaryButton},
			{Label: "Leave it", ID: actionReindex + ":dismiss"},
		}},
	}
}

// barLength is the length of a progress bar, in characters.
const barLength = 20

// reindexProgress shows how far a reindex is; total is 0 while that is unknown.
func reindexProgress(job string, done, total int64, took time.Duration) Message {
	m := Message{
		Content: "**Rebuilding the index…**",
		Rows:    [][]Button{{{Label: "Cancel", ID: actionReindex + ":stop:" + job, Style: discordgo.DangerButton}}},
	}
	if total <= 0 {
		return m
	}
	done = min(max(done, 0), total)
	filled := int(done * barLength / total)
	m.Content += Markdown(fmt.Sprintf("\n`%s%s` %d %%\n%s of %s articles",
		strings.Repeat("█", filled), strings.Repeat("░", barLength-filled), done*100/total,
		count(int(done)), count(int(total))))
	if seconds := took.Seconds(); done > 0 && seconds >= 1 {
		m.Content += Markdown(fmt.Sprintf(", %.0f a second", float64(done)/seconds))
	}
	if left := time.Duration(float64(took) / float64(max(done, 1)) * float64(total-done)); done > 0 && left > 0 {
		m.Content += Markdown(fmt.Sprintf(", about %s to go", durationWords(left)))
	}
	return m
}

// reindexDone tells how a reindex ended.
func reindexDone(err, cause error, took time.Duration) Message {
	switch {
	case err == nil:
		return Message{Content: Markdown(fmt.Sprintf("**The index is rebuilt.** It took %s, and answers come from it now.", durationWords(took)))}
	case cause == errCancelled:
		return Message{Content: "**The reindex was cancelled.** The old index is still in use."}
	case cause != nil:
		return Message{Content: "**The reindex was interrupted by a restart.** The old index is still in use; start it again with `/corpus reindex`."}
	}
	return Message{Content: "**The reindex failed.** The old index is still in use; the reason is in the operator's log."}
}

// durationWords writes a duration to the second, or to the minute when it is long.
func durationWords(d time.Duration) string {
	switch d = d.Round(time.Second); {
	case d < 2*time.Second:
		return "a second"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d seconds", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	}
	return fmt.Sprintf("%d hours", int(d.Hours()))
}
