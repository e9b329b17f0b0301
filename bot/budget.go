package bot

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// Discord's limits, in UTF-16 units where they count text. Every message passes
// here, so a length that a view got wrong costs words, never the answer.
const (
	maxText       = 4000 // of all texts of a message together
	maxComponents = 40   // of a message, those inside others counted too
	maxFooter     = 400  // ours
	maxButtons    = 5    // in a row
	maxLabel      = 80
	maxButtonURL  = 512
	maxChoices    = 25
	maxChoice     = 100
)

// wireMessage is a message's JSON: always one of Components V2, since a message
// can't become one of another kind when it is edited.
type wireMessage struct {
	Components      []discordgo.MessageComponent     `json:"components"`
	AllowedMentions discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Flags           discordgo.MessageFlags           `json:"flags"`
	Attachments     []wireAttachment                 `json:"attachments,omitempty"`
	files           []File                           // sent beside the JSON
}

// wireEdit is a message's JSON that replaces another's. What the other has and
// this one hasn't goes: pictures, and the text of a message that a version before
// Components V2 sent.
type wireEdit struct {
	wireMessage
	Content     *string          `json:"content"` // null
	Embeds      []struct{}       `json:"embeds"`  // null
	Attachments []wireAttachment `json:"attachments"`
}

// edit makes of a message what replaces another. Whether a message is ephemeral
// can't be changed any more.
func (w wireMessage) edit() wireEdit {
	w.Flags &^= discordgo.MessageFlagsEphemeral
	return wireEdit{wireMessage: w, Attachments: append([]wireAttachment{}, w.Attachments...)}
}

// budget renders a message within all limits. Nothing in it can mention anybody.
func budget(m Message) wireMessage {
	w := wireMessage{
		// Empty but not nil: nil would leave the member out, and fire every mention.
		AllowedMentions: discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
		Flags:           discordgo.MessageFlagsIsComponentsV2,
	}
	if m.Ephemeral {
		w.Flags |= discordgo.MessageFlagsEphemeral
	}
	w.files, w.Attachments = budgetFiles(m.Files)
	b := &budgeter{text: maxText, components: maxComponents, files: w.files, seen: map[string]bool{}}
	rows := b.rows(m.Rows)           // first, since they lead on to what has no room here
	b.components -= 2 * len(w.files) // a gallery each
	w.Components = b.display(m.Content)
	for _, e := range m.Frames {
		w.Components = append(w.Components, b.container(e)...)
	}
	for _, f := range b.files {
		w.Components = append(w.Components, b.attached(f)...)
	}
	w.Components = append(w.Components, rows...)
	if len(w.Components) == 0 {
		w.Components = []discordgo.MessageComponent{discordgo.TextDisplay{Content: zeroWidth}} // Discord refuses an empty message
	}
	return w
}

// budgeter renders the parts of a message, and knows how much of it Discord
// still takes.
type budgeter struct {
	text       int             // UTF-16 units
	components int             // those inside others counted too
	files      []File          // that no part shows yet
	seen       map[string]bool // custom_ids and URLs of buttons
}

// take takes components off what is left, if there are so many.
func (b *budgeter) take(n int) bool {
	if b.components < n {
		return false
	}
	b.components -= n
	return true
}

// cut takes a text off what is left, shortened if need be.
func (b *budgeter) cut(m Markdown) Markdown {
	m = cutMarkdown(m, b.text)
	b.text -= units(string(m))
	return m
}

// display is a text that stands by itself; none if there is no room.
func (b *budgeter) display(m Markdown) []discordgo.MessageComponent {
	if m == "" || b.text < 2 || !b.take(1) {
		return nil
	}
	return []discordgo.MessageComponent{discordgo.TextDisplay{Content: string(b.cut(m))}}
}

// container renders a frame. Its head and its footer, which are short and name
// speaker and source, go before the rest when there is little room.
func (b *budgeter) container(e Frame) []discordgo.MessageComponent {
	if !b.take(1) {
		return nil
	}
	rows := b.rows([][]Button{e.Buttons})
	inside := b.head(e)
	footer := e.Footer
	if footer != "" {
		footer = "-# " + string(Escape(footer, maxFooter))
	}
	below := b.display(lines(e.Source, Markdown(footer)))
	title := e.Title
	if title != "" {
		title = "### " + title
	}
	inside = append(inside, b.display(lines(title, e.Description))...)
	if i := slices.IndexFunc(b.files, func(f File) bool { return f.Name == e.Picture }); i >= 0 {
		inside = append(inside, b.attached(b.files[i])...)
		b.files = slices.Delete(slices.Clone(b.files), i, i+1)
	}
	for _, m := range fieldTexts(e.Fields) {
		inside = append(inside, b.display(m)...)
	}
	inside = slices.Concat(inside, below, rows)
	if len(inside) == 0 {
		b.components++
		return nil
	}
	c := discordgo.Container{Components: inside}
	if e.Color != 0 {
		colour := e.Color & 0xFFFFFF
		c.AccentColor = &colour
	}
	return []discordgo.MessageComponent{c}
}

// lines puts texts below each other.
func lines(texts ...Markdown) Markdown {
	var out Markdown
	for _, m := range texts {
		if out != "" && m != "" {
			out += "\n"
		}
		out += m
	}
	return out
}

// head is a frame's first line, with a button beside it if it has one.
func (b *budgeter) head(e Frame) []discordgo.MessageComponent {
	if e.Author == "" || e.Beside == nil {
		return b.display(e.Author)
	}
	button, ok := b.button(*e.Beside)
	text := b.display(e.Author)
	if !ok || text == nil || !b.take(2) {
		return text
	}
	return []discordgo.MessageComponent{discordgo.Section{Components: text, Accessory: button}}
}

// fieldTexts are the texts of fields: those that are inline share one.
func fieldTexts(fields []Field) []Markdown {
	var out []Markdown
	inline := false
	for _, f := range fields {
		switch {
		case f.Name == "" || f.Value == "":
			continue
		case f.Inline && inline:
			out[len(out)-1] += " · **" + f.Name + "**\u00a0" + f.Value
		case f.Inline:
			out = append(out, "**"+f.Name+"**\u00a0"+f.Value)
		default:
			out = append(out, "-# "+f.Name+"\n"+f.Value)
		}
		inline = f.Inline
	}
	return out
}

// attached shows a file that goes with the message: a picture, or what can be
// saved.
func (*budgeter) attached(f File) []discordgo.MessageComponent {
	media := discordgo.UnfurledMediaItem{URL: "attachment://" + f.Name}
	if f.Type != "" {
		return []discordgo.MessageComponent{discordgo.FileComponent{File: media}}
	}
	item := discordgo.MediaGalleryItem{Media: media}
	if alt := Plain(f.Alt, maxAlt); alt != "" {
		item.Description = &alt
	}
	return []discordgo.MessageComponent{discordgo.MediaGallery{Items: []discordgo.MediaGalleryItem{item}}}
}

// rows drops the buttons that Discord would refuse the message for: those
// that lead nowhere, show nothing, repeat a custom_id or are too many.
func (b *budgeter) rows(rows [][]Button) []discordgo.MessageComponent {
	var out []discordgo.MessageComponent
	for _, row := range rows {
		var buttons []discordgo.MessageComponent
		if b.components < 2 {
			break
		}
		for _, button := range row {
			if len(buttons) == maxButtons || b.components < 2 { // one for the row
				break
			}
			if d, ok := b.button(button); ok && b.take(1) {
				buttons = append(buttons, d)
			}
		}
		if len(buttons) > 0 && b.take(1) {
			out = append(out, discordgo.ActionsRow{Components: buttons})
		}
	}
	return out
}

// button renders a button unless Discord would refuse it or it is there already.
func (b *budgeter) button(from Button) (discordgo.Button, bool) {
	d, ok := budgetButton(from)
	if !ok || b.seen[d.CustomID+d.URL] {
		return d, false
	}
	b.seen[d.CustomID+d.URL] = true
	return d, true
}

func budgetButton(b Button) (discordgo.Button, bool) {
	d := discordgo.Button{Label: Plain(b.Label, maxLabel), Style: b.Style, CustomID: b.ID}
	if b.Emoji != "" {
		d.Emoji = &discordgo.ComponentEmoji{Name: b.Emoji}
	}
	if b.URL != "" {
		d.URL, d.CustomID, d.Style = webURL(b.URL, maxButtonURL), "", discordgo.LinkButton
		return d, d.URL != "" && d.Label != ""
	}
	if d.Style == 0 || d.Style == discordgo.LinkButton {
		d.Style = discordgo.SecondaryButton
	}
	return d, d.Label != "" && d.CustomID != "" && units(d.CustomID) <= maxCustomID
}

// wireChoice is a suggestion's JSON.
type wireChoice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// budgetChoices renders suggestions; a value that is too long for Discord is
// dropped, since a cut one would name nobody.
func budgetChoices(choices []Choice) []wireChoice {
	out := []wireChoice{}
	for _, c := range choices {
		name := Plain(c.Name, maxChoice)
		if name == "" || c.Value == "" || units(c.Value) > maxChoice || len(out) == maxChoices ||
			slices.ContainsFunc(out, func(w wireChoice) bool { return w.Value == c.Value }) {
			continue
		}
		out = append(out, wireChoice{name, c.Value})
	}
	return out
}

// linkEscaper hides from Markdown, and from whoever looks for mentions, what a URL may
// contain unescaped.
var linkEscaper = strings.NewReplacer(
	"(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "[", "%5B", "]", "%5D", "\\", "%5C",
	" ", "%20", "\"", "%22", "`", "%60", "|", "%7C", "*", "%2A", "@", "%40", "\n", "",
)

// host is a host's name, in any script, or number, with or without a port.
var host = regexp.MustCompile(`^[\pL\pM\pN._-]+(:\d+)?$`)

// webURL is raw in a form that is safe inside Markdown's link parentheses, or
// "" if it is no http or https URL with a host or is longer than limit.
func webURL(raw string, limit int) string {
	u, err := url.Parse(clean(raw))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !host.MatchString(u.Host) {
		return ""
	}
	s := linkEscaper.Replace(u.String())
	if units(s) > limit {
		return ""
	}
	return s
}
