package bot

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// listSize is how many articles, reports or changes one message lists.
const listSize = 10

// articleID is the form of an article's ID.
var articleID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// list lists the articles.
func (h *handlers) list(ctx context.Context, r Request) (Response, error) {
	words, err := option(r, optWords, 0, maxName)
	if err != nil {
		return Response{}, err
	}
	return h.listPage(ctx, r, words, 0)
}

// turnList turns to another page of the list.
func (h *handlers) turnList(ctx context.Context, r Request) (Response, error) {
	at, words, found := strings.Cut(r.Arg, ":")
	offset, err := strconv.Atoi(at)
	if !found || err != nil || offset < 0 || offset > maxOffset {
		return Response{}, errForged
	}
	resp, err := h.listPage(ctx, r, words, offset)
	resp.Update = true
	return resp, err
}

func (h *handlers) listPage(ctx context.Context, r Request, words string, offset int) (Response, error) {
	lines, total, err := h.curator.Articles(ctx, h.own(r.GuildID), words, offset, listSize)
	if err != nil {
		return Response{}, err
	}
	in, m := r.own(), Message{Ephemeral: true}
	if len(lines) == 0 {
		m.Content = in.say("articles.none")
		if words != "" || offset > 0 {
			m.Content = in.say("articles.unfound")
		}
		return Response{Message: m}, nil
	}
	text := "**" + in.say("articles.range", "from", in.count(offset+1), "to", in.count(offset+len(lines)), "total", in.count(total)) + "**"
	for i, l := range lines {
		text += Markdown(fmt.Sprintf("\n%d. ", offset+i+1)) + articleLine(in, l)
	}
	m.Frames = []Frame{{Description: text, Color: blurple}}
	m.Rows = turnButtons(in, func(to int) string {
		return fmt.Sprintf("%s:%d:%s", actionList, to, shortWords(words))
	}, offset, listSize, total)
	return Response{Message: m}, nil
}

// shortWords are words that fit into a custom_id.
func shortWords(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 40)])
}

// turnButtons lead to the page before and the page after.
func turnButtons(in voice, id func(offset int) string, offset, size, total int) [][]Button {
	var row []Button
	if offset > 0 {
		row = append(row, Button{Label: in.label("button.list.back"), ID: id(max(0, offset-size))})
	}
	if offset+size < total && offset+size <= maxOffset {
		row = append(row, Button{Label: in.label("button.list.more"), ID: id(offset + size)})
	}
	if row == nil {
		return nil
	}
	return [][]Button{row}
}

func articleLine(in voice, l ArticleLine) Markdown {
	line := "**" + Escape(cmp.Or(l.Title, in.Get("answer.untitled")), 150) + "**"
	for _, s := range []string{l.Publisher, in.day(l.Date)} {
		if s != "" {
			line += " · " + Escape(s, 60)
		}
	}
	return line
}

// completeArticle suggests articles by words of their titles.
func (h *handlers) completeArticle(ctx context.Context, r Request) (Response, error) {
	words := r.Options[r.Focused]
	if r.Focused != optArticle || len(words) > 4*maxName {
		return Response{}, nil
	}
	lines, _, err := h.curator.Articles(ctx, h.own(r.GuildID), words, 0, maxChoices)
	if err != nil {
		return Response{}, err
	}
	var out []Choice
	for _, l := range lines {
		out = append(out, Choice{strings.TrimSuffix(cmp.Or(l.Title, r.own().Get("answer.untitled"))+" · "+l.Date, " · "), l.ID})
	}
	return Response{Choices: out}, nil
}

// article is the ID of the article that an option names: by the ID that a
// suggestion stands for, or by a title that only one article has.
func (h *handlers) article(ctx context.Context, r Request) (string, error) {
	given, err := option(r, optArticle, 1, maxName)
	if err != nil || articleID.MatchString(given) {
		return given, err
	}
	lines, total, err := h.curator.Articles(ctx, h.own(r.GuildID), given, 0, 2)
	if err != nil {
		return "", err
	}
	if total != 1 {
		return "", r.own().refuse("title", "n", r.own().count(total))
	}
	return lines[0].ID, nil
}

// show shows an article with its quotes.
func (h *handlers) show(ctx context.Context, r Request) (Response, error) {
	id, err := h.article(ctx, r)
	if err != nil {
		return Response{}, err
	}
	return h.showArticle(ctx, r, id)
}

func (h *handlers) showClicked(ctx context.Context, r Request) (Response, error) {
	if !articleID.MatchString(r.Arg) {
		return Response{}, errForged
	}
	return h.showArticle(ctx, r, r.Arg)
}

func (h *handlers) showArticle(ctx context.Context, r Request, id string) (Response, error) {
	a, quotes, err := h.curator.Article(ctx, h.own(r.GuildID), id)
	if err != nil {
		return Response{}, err
	}
	state, err := h.curator.State(ctx, h.own(r.GuildID))
	if err != nil {
		return Response{}, err
	}
	m := articleView(r.own(), a, quotes)
	if err := h.addVersions(ctx, r, &m, a, state.Versions(a.ID)); err != nil {
		return Response{}, err
	}
	return Response{Message: m}, nil
}

func articleView(in voice, a *corpus.Article, quotes []index.Passage) Message {
	m := Message{Ephemeral: true}
	head := answer.Answer{Title: a.Title, URL: a.URL, File: a.File}
	e := Frame{
		Color:       blurple,
		Description: titleLink(in, head) + "\n" + Escape(strings.Join(a.Authors, ", "), 200),
		Footer: strings.Join([]string{cmp.Or(Plain(a.Publisher, lenPublisher), in.Get("answer.publisher")), cmp.Or(in.day(a.Date), in.Get("answer.date")),
			string(in.several("count.quotes", len(quotes))), in.label("articles.added", "day", in.Day(a.Imported))}, " · "),
	}
	var wrong []Button
	for i, q := range quotes[:min(len(quotes), 8)] {
		who := in.Get("answer.unknown")
		if q.Speaker != nil {
			who = q.Speaker.Name
		}
		e.Fields = append(e.Fields, Field{Name: Markdown(fmt.Sprintf("%d. ", i+1)) + Escape(who, lenName), Value: Escape(q.Text, 240)})
		if len(wrong) < maxButtons {
			for _, b := range wrongButton(in, answer.Answer{Passage: q.ID, Kind: string(q.Kind)}) {
				b.Label = in.label("button.answer.wrong-of", "n", strconv.Itoa(i+1))
				wrong = append(wrong, b)
			}
		}
	}
	if n := len(quotes) - 8; n > 0 {
		e.Fields = append(e.Fields, Field{Name: zeroWidth, Value: in.several("count.more", n)})
	}
	m.Frames = []Frame{e}
	m.Rows = buttonRows(true, wrong, []Button{danger(in.label("button.change.remove"), actionRemove+":"+a.ID)})
	return m
}

// maxVersionsShown is how many older versions one message offers.
const maxVersionsShown = 4

// addVersions lists the versions of an article, if there is another, with buttons that show them.
func (h *handlers) addVersions(ctx context.Context, r Request, m *Message, a *corpus.Article, versions []corpus.Version) error {
	if len(versions) < 2 {
		return nil
	}
	in, text := r.own(), Markdown("")
	var show []Button
	for i, v := range versions {
		if i > maxVersionsShown && v.ID != a.ID {
			continue
		}
		other, _, err := h.curator.Article(ctx, h.own(r.GuildID), v.ID)
		if errors.Is(err, corpus.ErrNotFound) {
			continue // it was removed
		}
		if err != nil {
			return err
		}
		line := cmp.Or(Escape(in.day(other.Date), 40), in.say("answer.date")) + " · " +
			in.say("articles.added", "day", Markdown(in.Day(other.Imported)))
		if v.Change == 0 {
			line += " · " + in.say("versions.answers")
		}
		if v.ID == a.ID {
			line = "**" + line + "** ◀"
		} else if len(show) < maxButtons {
			show = append(show, Button{Label: in.label("button.version", "n", strconv.Itoa(len(versions)-i)), ID: actionShow + ":" + v.ID})
		}
		text += Markdown(fmt.Sprintf("%d. ", len(versions)-i)) + line + "\n"
		if v.ID == a.ID && v.Change > 0 {
			m.Frames[0].Description += "\n*" + in.say("versions.older") + "*"
			show = append([]Button{{Label: in.label("button.change.differ"), ID: actionUndo + ":" + strconv.Itoa(v.Change)}}, show...)
		}
	}
	m.Frames[0].Fields = append([]Field{{Name: in.say("versions.heading"), Value: text}}, m.Frames[0].Fields...)
	m.Rows = append(buttonRows(true, show[:min(len(show), maxButtons)]), m.Rows...)
	return nil
}

// remove removes an article.
func (h *handlers) remove(ctx context.Context, r Request) (Response, error) {
	id, err := h.article(ctx, r)
	if err != nil {
		return Response{}, err
	}
	return h.removeArticle(ctx, r, id)
}

func (h *handlers) removeClicked(ctx context.Context, r Request) (Response, error) {
	if !articleID.MatchString(r.Arg) {
		return Response{}, errForged
	}
	return h.removeArticle(ctx, r, r.Arg)
}

func (h *handlers) removeArticle(ctx context.Context, r Request, id string) (Response, error) {
	a, _, err := h.curator.Article(ctx, h.own(r.GuildID), id)
	if err != nil {
		return Response{}, err
	}
	c, err := h.decide(ctx, r, corpus.Change{Action: corpus.ActRemove, Article: a.ID, Title: cut(a.Title, 500)})
	if err != nil {
		return Response{}, err
	}
	return Response{Message: done(r.own(), r.own().say("articles.removed", "title", "**"+Escape(cmp.Or(a.Title, r.own().Get("answer.untitled")), lenTitle)+"**"), c)}, nil
}

// cut is s in at most n bytes, on one line.
func cut(s string, n int) string {
	s = Plain(s, n)
	for len(s) > n {
		r := []rune(s)
		s = string(r[:len(r)-1])
	}
	return s
}

// maxExport bounds a copy that is sent as a file, in bytes.
const maxExport = maxFileSize

// errExportSize says that a copy is too large to be sent.
var errExportSize = errors.New("the export is too large for a message")

// export sends all that is kept of the server's corpus.
func (h *handlers) export(ctx context.Context, r Request) (Response, error) {
	var b bytes.Buffer
	if err := h.curator.Export(ctx, h.own(r.GuildID), &limitedWriter{&b, maxExport}); err != nil {
		if errors.Is(err, errExportSize) {
			return Response{}, r.own().refuse("export")
		}
		return Response{}, err
	}
	return Response{Message: Message{
		Ephemeral: true,
		Content:   r.own().say("export.what"),
		Files:     []File{{Name: "corpus.whosaid.tar.gz", Type: "application/gzip", PNG: b.Bytes(), Alt: r.own().label("export.alt")}},
	}}, nil
}

type limitedWriter struct {
	b     *bytes.Buffer
	limit int
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if w.b.Len()+len(p) > w.limit {
		return 0, errExportSize
	}
	return w.b.Write(p)
}
