package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// statusView describes the corpus to a moderator.
func statusView(in voice, s Status, reindexing bool) Message {
	field := func(name string, value Markdown) Field {
		return Field{Name: in.say("corpus." + name), Value: value, Inline: true}
	}
	built, generation := in.say("corpus.never"), in.say("corpus.none")
	if !s.Built.IsZero() {
		built = ago(s.Built)
	}
	if s.Generation != "" {
		generation = Escape(s.Generation, 100)
	}
	e := Frame{
		Title: in.say("corpus.title"), Color: blurple,
		Fields: []Field{
			field("articles", in.count(s.Articles)), field("quotes", in.count(s.Quotes)), field("speakers", in.count(s.Speakers)),
			field("index", generation), field("disk", Markdown(in.size(s.Bytes))), field("built", built),
		},
	}
	if s.Generation == "" {
		e.Description = in.say("corpus.indexless")
	}
	if reindexing {
		e.Description = in.say("corpus.rebuilding")
	}
	return Message{Frames: []Frame{e}, Ephemeral: true}
}

// ago is a time as Discord shows it to each member: how long ago it was, in
// their language.
func ago(t time.Time) Markdown { return Markdown(fmt.Sprintf("<t:%d:R>", t.Unix())) }

// reindexQuestion asks a moderator whether they mean it.
func reindexQuestion(in voice, s Status) Message {
	return Message{
		Ephemeral: true,
		Content:   "**" + in.several("reindex.question", s.Articles) + "**\n" + in.say("reindex.meanwhile"),
		Rows: [][]Button{{
			{Label: in.label("button.index.rebuild"), ID: actionReindex + ":start", Style: discordgo.PrimaryButton},
			{Label: in.label("button.index.leave"), ID: actionReindex + ":dismiss"},
		}},
	}
}

// barLength is the length of a progress bar, in characters.
const barLength = 20

// reindexProgress shows how far a reindex is; total is 0 while that is unknown.
func reindexProgress(in voice, job string, done, total int64, took time.Duration) Message {
	m := Message{
		Content: "**" + in.say("reindex.progress") + "**",
		Rows:    [][]Button{{{Label: in.label("button.index.cancel"), ID: actionReindex + ":stop:" + job, Style: discordgo.DangerButton}}},
	}
	if total <= 0 {
		return m
	}
	done = min(max(done, 0), total)
	filled := int(done * barLength / total)
	m.Content += Markdown(fmt.Sprintf("\n`%s%s` %d %%\n", strings.Repeat("█", filled), strings.Repeat("░", barLength-filled), done*100/total)) +
		in.say("reindex.articles", "done", in.count(int(done)), "total", in.count(int(total)))
	if seconds := took.Seconds(); done > 0 && seconds >= 1 {
		m.Content += ", " + in.say("reindex.rate", "n", in.count(int(float64(done)/seconds)))
	}
	if left := time.Duration(float64(took) / float64(max(done, 1)) * float64(total-done)); done > 0 && left > 0 {
		m.Content += ", " + in.say("reindex.left", "time", in.span(left))
	}
	return m
}

// reindexDone tells how a reindex ended.
func reindexDone(in voice, err, cause error, took time.Duration) Message {
	switch {
	case err == nil:
		return Message{Content: in.say("reindex.done", "time", in.span(took))}
	case cause == errCancelled:
		return Message{Content: in.say("reindex.cancelled")}
	case cause != nil:
		return Message{Content: in.say("reindex.interrupted")}
	}
	return Message{Content: in.say("reindex.failed")}
}
