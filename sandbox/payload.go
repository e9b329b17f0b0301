package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// maxBody is the most that a request of the bot may carry, in bytes: Discord's
// 25 MiB and some room for the form around it.
const maxBody = 26 << 20

// optional is a JSON field of which it matters whether it was there.
type optional[T any] struct {
	Set   bool
	Value T
}

// UnmarshalJSON notes that the field was there; null gives the zero value.
func (o *optional[T]) UnmarshalJSON(data []byte) error {
	o.Set = true
	return json.Unmarshal(data, &o.Value)
}

// payload is a message as a bot sends it: new, or as an edit where fields left
// out stay as they are.
type payload struct {
	Content         optional[string]           `json:"content"`
	Embeds          optional[[]Embed]          `json:"embeds"`
	Components      optional[[]Component]      `json:"components"`
	Attachments     optional[[]attachmentSpec] `json:"attachments"`
	Flags           optional[int]              `json:"flags"`
	AllowedMentions *allowedMentions           `json:"allowed_mentions"`
	TTS             bool                       `json:"tts"`
	Reference       *MessageReference          `json:"message_reference"`
	files           []upload
}

// attachmentSpec names a file that stays (by its id) or describes a new one
// (by its number in the form).
type attachmentSpec struct {
	ID          json.RawMessage `json:"id"`
	Filename    string          `json:"filename"`
	Description string          `json:"description"`
}

func (a attachmentSpec) id() string { return strings.Trim(string(a.ID), `"`) }

type allowedMentions struct {
	Parse       []string `json:"parse"`
	Users       []string `json:"users"`
	Roles       []string `json:"roles"`
	RepliedUser bool     `json:"replied_user"`
}

// upload is a file in a multipart body.
type upload struct {
	index       string
	name        string
	contentType string
	data        []byte
}

// decode reads a request's body, JSON or a form with files, into v, and
// returns the files.
func decode(r *http.Request, body []byte, v any) ([]upload, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, decodeJSON(body, v)
	}
	return decodeForm(multipart.NewReader(bytes.NewReader(body), params["boundary"]), v)
}

// decodePayload reads a message with its files from a request's body.
func decodePayload(r *http.Request, body []byte) (payload, error) {
	var p payload
	files, err := decode(r, body, &p)
	p.files = files
	return p, err
}

func decodeJSON(body []byte, v any) error {
	err := json.Unmarshal(body, v)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrongType) && wrongType.Field != "":
		t := errorTree{}
		t.add(wrongType.Field, codeFieldComponent, "Could not interpret %s as %s.", wrongType.Value, wrongType.Type)
		return t.err()
	default:
		return badRequest(codeInvalidJSON, "The request body contains invalid JSON.")
	}
}

var fileField = regexp.MustCompile(`^files?\[?(\d{1,2})\]?$`)

func decodeForm(form *multipart.Reader, v any) ([]upload, error) {
	var files []upload
	sawPayload := false
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badRequest(codeInvalidJSON, "The form cannot be read.")
		}
		data, err := io.ReadAll(io.LimitReader(part, maxBody))
		if err != nil {
			return nil, badRequest(codeInvalidJSON, "The form cannot be read.")
		}
		switch name := part.FormName(); {
		case name == "payload_json":
			sawPayload = true
			if err := decodeJSON(data, v); err != nil {
				return nil, err
			}
		case fileField.MatchString(name):
			if len(data) > maxFileSize || len(files) == maxFiles {
				return nil, failure(http.StatusRequestEntityTooLarge, codeRequestTooLarge, "Request entity too large")
			}
			files = append(files, upload{fileField.FindStringSubmatch(name)[1], safeName(part.FileName()), part.Header.Get("Content-Type"), data})
		}
	}
	if !sawPayload && len(files) == 0 {
		return nil, badRequest(codeEmptyMessage, "Cannot send an empty message")
	}
	return files, nil
}

// safeName keeps the letters of a file name that can stand in an address.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		default:
			return '_'
		}
	}, name)
	if len(name) > 100 {
		name = name[len(name)-100:]
	}
	if strings.Trim(name, ".") == "" {
		return "unknown"
	}
	return name
}

// Flags that a bot may set on a message.
const settableFlags = FlagSuppressEmbeds | FlagSuppressNotifications | FlagComponentsV2

// apply returns m changed by the payload, checked. The caller holds the lock.
func (s *Server) apply(p payload, m Message) (Message, error) {
	if p.Content.Set {
		m.Content = p.Content.Value
	}
	if p.Flags.Set {
		m.Flags |= p.Flags.Value & settableFlags
	}
	if p.Embeds.Set {
		m.Embeds = make([]Embed, 0, len(p.Embeds.Value))
		for _, e := range p.Embeds.Value {
			e.Type = "rich"
			m.Embeds = append(m.Embeds, e)
		}
	}
	m.TTS = p.TTS
	m.Attachments = s.attach(p, m)
	names := map[string]string{}
	for _, a := range m.Attachments {
		names[a.Filename] = a.URL
	}
	if p.Components.Set {
		m.Components = complete(p.Components.Value, names)
	}
	s.mention(&m, p.AllowedMentions)
	if err := checkMessage(m); err != nil {
		return Message{}, err
	}
	for i, e := range m.Embeds {
		m.Embeds[i].Image, m.Embeds[i].Thumbnail = attachedImage(e.Image, names), attachedImage(e.Thumbnail, names)
	}
	return m, nil
}

func attachedImage(image *EmbedImage, names map[string]string) *EmbedImage {
	if image == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(image.URL, "attachment://"); ok {
		return &EmbedImage{URL: names[name]}
	}
	return image
}

// attach stores the payload's files and returns the message's attachments:
// those that stay, then the new ones.
func (s *Server) attach(p payload, m Message) []Attachment {
	out := []Attachment{}
	for _, a := range m.Attachments {
		stays := func(spec attachmentSpec) bool { return spec.id() == a.ID }
		if !p.Attachments.Set || slices.ContainsFunc(p.Attachments.Value, stays) {
			out = append(out, a)
		}
	}
	for _, f := range p.files {
		a := Attachment{ID: s.ids.next(), Filename: f.name, ContentType: f.contentType, Size: len(f.data), Ephemeral: m.Ephemeral()}
		for _, spec := range p.Attachments.Value {
			if spec.id() == f.index {
				a.Description = spec.Description
			}
		}
		path := s.keep(m.ChannelID, a.ID, storedFile{f.name, f.contentType, f.data})
		a.URL = s.URL() + path
		a.ProxyURL = a.URL
		out = append(out, a)
	}
	return out
}

// keep stores a file, whose name is safe, and returns the path of its address. The caller holds the
// lock.
func (s *Server) keep(channel, id string, f storedFile) string {
	path := fmt.Sprintf("%s/%s/%s", channel, id, f.name)
	s.storeFile(path, f)
	return "attachments/" + path
}

// upload stores a file that a person attached to a command. The bot is given an
// address at Discord, as it would be there; [Server.Client] leads it here.
func (s *Server) upload(channel string, f File) Attachment {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Name = safeName(f.Name)
	a := Attachment{ID: s.ids.next(), Filename: f.Name, ContentType: f.ContentType, Size: len(f.Data), Ephemeral: true}
	a.URL = "https://cdn.discordapp.com/" + s.keep(channel, a.ID, storedFile{f.Name, f.ContentType, f.Data})
	a.ProxyURL = a.URL
	return a
}

var (
	userMention     = regexp.MustCompile(`<@!?(\d{15,20})>`)
	everyoneMention = regexp.MustCompile(`@(everyone|here)\b`)
)

// mention sets whom a message pings: those it names and is allowed to.
// Without allowed_mentions, all of them, which is how bots ping by accident.
func (s *Server) mention(m *Message, allowed *allowedMentions) {
	m.Mentions, m.MentionEveryone = []User{}, false
	may := func(kind string) bool { return allowed == nil || slices.Contains(allowed.Parse, kind) }
	text := m.Content + textOf(m.Components)
	m.MentionEveryone = may("everyone") && everyoneMention.MatchString(text)
	for _, match := range userMention.FindAllStringSubmatch(text, -1) {
		u, ok := s.world.user(match[1])
		listed := allowed != nil && slices.Contains(allowed.Users, u.ID)
		known := func(v User) bool { return v.ID == u.ID }
		if ok && (may("users") || listed) && !slices.ContainsFunc(m.Mentions, known) {
			m.Mentions = append(m.Mentions, u)
		}
	}
}

// textOf joins the texts of a message's components.
func textOf(components []Component) string {
	var b strings.Builder
	for _, c := range components {
		b.WriteString(" " + c.Content + textOf(c.Components))
	}
	return b.String()
}
