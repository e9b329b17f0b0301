package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/whosaid/whosaid/corpus"
)

// maxUpload bounds a file that is attached to a command, in bytes.
const maxUpload = 25 << 20

// add takes in a page, a file, or shows the form for a pasted text.
func (h *handlers) add(ctx context.Context, r Request) (Response, error) {
	address, err := option(r, optURL, 0, maxURL)
	if err != nil {
		return Response{}, err
	}
	file, attached := r.Attachments[optFile]
	switch {
	case address != "" && attached:
		return Response{}, r.own().refuse("both")
	case address != "":
		if address, err = pageURL(r, address); err != nil {
			return Response{}, err
		}
		added, err := h.curator.AddPage(ctx, h.own(r.GuildID), r.UserID, address)
		return addedResponse(r.own(), added, err)
	case attached:
		return h.addFile(ctx, r, file)
	case r.Options[optFile] != "":
		return Response{}, r.own().refuse("attachment")
	}
	return Response{Modal: pasteForm(r.own())}, nil
}

// pageURL checks an address that a member gave; whether it may be fetched is
// decided where it is fetched, after the name is resolved.
func pageURL(r Request, s string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", r.own().refuse("address")
	}
	return u.String(), nil
}

func (h *handlers) addFile(ctx context.Context, r Request, file Attachment) (Response, error) {
	if file.Size > maxUpload {
		return Response{}, r.own().refuse("size", "size", Markdown(r.own().size(maxUpload)))
	}
	body, err := h.download(ctx, file.URL, maxUpload)
	if err != nil {
		return Response{}, err
	}
	defer body.Close()
	added, err := h.curator.AddFile(ctx, h.own(r.GuildID), r.UserID, Upload{Name: file.Filename, MediaType: file.MediaType, Data: body})
	return addedResponse(r.own(), added, err)
}

// attachmentHosts are where Discord keeps attachments. Nothing else is fetched for one,
// whatever an event says.
var attachmentHosts = []string{"cdn.discordapp.com", "media.discordapp.net"}

// errAttachment says that an attachment could not be had.
var errAttachment = errors.New("the attachment could not be fetched")

// downloader fetches attachments through the transport, without following
// redirects, and cuts what is longer than it may be.
func downloader(transport http.RoundTripper) func(context.Context, string, int64) (io.ReadCloser, error) {
	client := &http.Client{
		Transport:     transport,
		Timeout:       45 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return func(ctx context.Context, address string, limit int64) (io.ReadCloser, error) {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.User != nil || !slices.Contains(attachmentHosts, u.Host) {
			return nil, errForged
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errAttachment, err)
		}
		resp, err := client.Do(req)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errAttachment, redact(err))
		}
		if resp.StatusCode != http.StatusOK || resp.ContentLength > limit {
			resp.Body.Close()
			return nil, fmt.Errorf("%w: status %d, %d bytes", errAttachment, resp.StatusCode, resp.ContentLength)
		}
		return struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, limit), resp.Body}, nil
	}
}

// pasteForm asks for an article.
func pasteForm(in voice) *Modal {
	label := func(field string) string { return in.label("form.paste." + field) }
	return &Modal{ID: actionPaste + ":", Title: label("form"), Fields: []TextField{
		{ID: fieldTitle, Label: label(fieldTitle), Required: true, MaxLength: 300},
		{ID: fieldSource, Label: label(fieldSource), MaxLength: 100},
		{ID: fieldDay, Label: label(fieldDay), Placeholder: "2024-05-31", MaxLength: maxDay},
		{ID: fieldAddress, Label: label(fieldAddress), Placeholder: "https://…", MaxLength: maxURL},
		{ID: fieldText, Label: label(fieldText), Long: true, Required: true, MaxLength: maxTextField},
	}}
}

// paste takes in a pasted article.
func (h *handlers) paste(ctx context.Context, r Request) (Response, error) {
	p := Pasted{URL: r.Options[fieldAddress]}
	var err error
	for _, f := range []struct {
		name     string
		min, max int
		to       *string
	}{{fieldTitle, 1, 300, &p.Title}, {fieldSource, 0, 100, &p.Publisher}, {fieldText, 20, maxTextField, &p.Text}, {fieldDay, 0, maxDay, &p.Date}} {
		if *f.to, err = option(r, f.name, f.min, f.max); err != nil {
			return Response{}, err
		}
	}
	if p.URL != "" {
		if p.URL, err = pageURL(r, p.URL); err != nil {
			return Response{}, err
		}
	}
	if p.Date != "" {
		if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
			return Response{}, r.own().refuse("date")
		}
	}
	added, err := h.curator.AddText(ctx, h.own(r.GuildID), r.UserID, p)
	return addedResponse(r.own(), added, err)
}

// addedResponse tells what came of adding.
func addedResponse(in voice, a Added, err error) (Response, error) {
	if err != nil {
		return Response{}, err
	}
	var what Markdown
	switch n := len(a.Articles); {
	case n > 0:
		// A language's form for one may be that for 21 too; it has the number then.
		title := "**" + Escape(a.Articles[0].Title, lenTitle) + "**"
		if n > 1 {
			title = in.count(n)
		}
		what = "✅ " + in.several("added.articles", n, "title", title)
	case a.Known > 0 && len(a.Failed) == 0:
		return Response{Message: Message{Ephemeral: true, Content: in.say("added.nothing")}}, nil
	default:
		what = "**" + in.say("added.failed") + "**"
	}
	switch {
	case len(a.Articles) == 1 && a.Updates == 1:
		what += "\n" + in.say("added.update")
	case len(a.Articles) == 1 && a.Older == 1:
		what = "✅ **" + Escape(a.Articles[0].Title, lenTitle) + "**\n" + in.say("added.older")
	case a.Updates+a.Older > 0:
		what += "\n" + in.say("added.versions", "updates", in.count(a.Updates), "older", in.count(a.Older))
	}
	if a.Known > 0 {
		what += "\n" + in.several("added.known", a.Known)
	}
	for _, f := range a.Failed[:min(len(a.Failed), 5)] {
		what += "\n• " + Escape(f, 250)
	}
	if n := len(a.Failed) - 5; n > 0 {
		what += "\n• " + in.several("count.more", n)
	}
	m := Message{Ephemeral: true, Content: what}
	if len(a.Articles) == 1 {
		m.Rows = [][]Button{{{Label: in.label("button.change.show"), ID: actionShow + ":" + a.Articles[0].ID}}}
		if a.Last > 0 {
			m.Rows[0] = append(m.Rows[0], undoButton(in, corpus.Change{Seq: a.Last}))
		}
	}
	return Response{Message: m}, nil
}
