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
	m := Message{Ephemeral: true}
	if len(lines) == 0 {
		m.Content = "**No articles.** Add some with `/corpus add`."
		if words != "" || offset > 0 {
			m.Content = "**No article** with these words in its title."
		}
		return Response{Message: m}, nil
	}
	text := Markdown(fmt.Sprintf("**Articles %d–%d of %s**", offset+1, offset+len(lines), count(total)))
	for i, l := range lines {
		text += Markdown(fmt.Sprintf("\n%d. ", offset+i+1)) + articleLine(l)
	}
	m.Embeds = []Embed{{Description: text, Color: blurple}}
	m.Rows = turnButtons(func(to int) string {
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
func turnButtons(id func(offset int) string, offset, size, total int) [][]Button {
	var row []Button
	if offset > 0 {
		row = append(row, Button{Label: "◀ Back", ID: id(max(0, offset-size))})
	}
	if offset+size < total && offset+size <= maxOffset {
		row = append(row, Button{Label: "More ▶", ID: id(offset + size)})
	}
	if row == nil {
		return nil
	}
	return [][]Button{row}
}

func articleLine(l ArticleLine) Markdown {
	line := "**" + Escape(cmp.Or(l.Title, "Untitled article"), 150) + "**"
	for _, s := range []string{l.Publisher, dayWords(l.Date)} {
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
		out = append(out, Choice{strings.TrimSuffix(cmp.Or(l.Title, "Untitled article")+" · "+l.Date, " · "), l.ID})
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
		return "", &optionError{fmt.Sprintf("%d articles have these words in their title.", total), "Pick the one you mean from the suggestions."}
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
	m := articleView(a, quotes)
	if err := h.addVersions(ctx, r, &m, a, state.Versions(a.ID)); err != nil {
		return Response{}, err
	}
	return Response{Message: m}, nil
}

func articleView(a *corpus.Article, quotes []index.Passage) Message {
	m := Message{Ephemeral: true}
	head := answer.Answer{Title: a.Title, URL: a.URL, File: a.File}
	e := Embed{
		Color:       blurple,
		Description: titleLink(head) + "\n" + Escape(strings.Join(a.Authors, ", "), 200),
		Footer: strings.Join([]string{cmp.Or(Plain(a.Publisher, lenPublisher), "Publisher unknown"), cmp.Or(dayWords(a.Date), "Date unknown"),
			string(count(len(quotes))) + " quotes", "added " + a.Imported.Format("2 January 2006")}, " · "),
	}
	var wrong []Button
	for i, q := range quotes[:min(len(quotes), 8)] {
		who := "Speaker unknown"
		if q.Speaker != nil {
			who = q.Speaker.Name
		}
		e.Fields = append(e.Fields, Field{Name: Markdown(fmt.Sprintf("%d. ", i+1)) + Escape(who, lenName), Value: Escape(q.Text, 300)})
		if len(wrong) < maxButtons {
			wrong = append(wrong, wrongButton(fmt.Sprintf("%d: wrong speaker?", i+1), answer.Answer{Passage: q.ID, Kind: string(q.Kind)})...)
		}
	}
	if n := len(quotes) - 8; n > 0 {
		e.Fields = append(e.Fields, Field{Name: "…", Value: "and " + count(n) + " more"})
	}
	m.Embeds = []Embed{e}
	m.Rows = buttonRows(true, wrong, []Button{danger("Remove article", actionRemove+":"+a.ID)})
	return m
}

// maxVersionsShown is how many older versions one message offers.
const maxVersionsShown = 4

// addVersions lists the versions of an article, if there is another, with buttons that show them.
func (h *handlers) addVersions(ctx context.Context, r Request, m *Message, a *corpus.Article, versions []corpus.Version) error {
	if len(versions) < 2 {
		return nil
	}
	text := Markdown("")
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
		line := cmp.Or(Escape(dayWords(other.Date), 40), "date unknown") + Markdown(", added "+other.Imported.Format("2 January 2006"))
		if v.Change == 0 {
			line += " (this one answers)"
		}
		if v.ID == a.ID {
			line = "**" + line + "** ◀"
		} else if len(show) < maxButtons {
			show = append(show, Button{Label: fmt.Sprintf("Version %d", len(versions)-i), ID: actionShow + ":" + v.ID})
		}
		text += Markdown(fmt.Sprintf("%d. ", len(versions)-i)) + line + "\n"
		if v.ID == a.ID && v.Change > 0 {
			m.Embeds[0].Description += "\n*An older version: a newer one answers in its place. If they are different articles, take that back.*"
			show = append([]Button{{Label: "They differ: both answer", ID: actionUndo + ":" + strconv.Itoa(v.Change)}}, show...)
		}
	}
	m.Embeds[0].Fields = append([]Field{{Name: "Versions", Value: text}}, m.Embeds[0].Fields...)
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
	return Response{Message: done("Removed **"+Escape(cmp.Or(a.Title, "Untitled article"), lenTitle)+"**. It answers no more.", c)}, nil
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
			return Response{}, &optionError{"The corpus is too large to send here.", "Ask the operator: `whosaid export` writes it to a file."}
		}
		return Response{}, err
	}
	return Response{Message: Message{
		Ephemeral: true,
		Content:   "**All that is kept for this server**: articles, corrections, settings and the audit log. `whosaid import` reads it.",
		Files:     []File{{Name: "corpus.whosaid.tar.gz", Type: "application/gzip", PNG: b.Bytes(), Alt: "export of the corpus"}},
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
