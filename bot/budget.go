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
	maxContent     = 2000
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxAuthor      = 256
	maxEmbedSum    = 6000 // over all embeds of a message
	maxEmbeds      = 10
	maxRows        = 5
	maxButtons     = 5 // in a row
	maxLabel       = 80
	maxButtonURL   = 512
	maxChoices     = 25
	maxChoice      = 100
)

// wireMessage is a message's JSON. Content, embeds and components are always
// sent, so that an edit removes what the new version hasn't.
type wireMessage struct {
	Content         string                           `json:"content"`
	Embeds          []*discordgo.MessageEmbed        `json:"embeds"`
	Components      []wireRow                        `json:"components"`
	AllowedMentions discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Flags           discordgo.MessageFlags           `json:"flags,omitempty"`
	Attachments     []wireAttachment                 `json:"attachments,omitempty"`
	files           []File                           // sent beside the JSON
}

type wireRow struct {
	Type       discordgo.ComponentType `json:"type"`
	Components []discordgo.Button      `json:"components"`
}

// budget renders a message within all limits. Nothing in it can mention anybody.
func budget(m Message) wireMessage {
	w := wireMessage{
		Content:    string(cutMarkdown(m.Content, maxContent)),
		Embeds:     budgetEmbeds(m.Embeds),
		Components: budgetRows(m.Rows),
		// Empty but not nil: nil would leave the member out, and fire every mention.
		AllowedMentions: discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
	}
	if m.Ephemeral {
		w.Flags |= discordgo.MessageFlagsEphemeral
	}
	w.files, w.Attachments = budgetFiles(m.Files)
	if w.Content == "" && len(w.Embeds) == 0 && len(w.files) == 0 {
		w.Content = zeroWidth // Discord refuses an empty message
	}
	return w
}

// budgetEmbeds bounds each embed, and all together: what is over in sum is
// taken from the last ones.
func budgetEmbeds(embeds []Embed) []*discordgo.MessageEmbed {
	out := []*discordgo.MessageEmbed{}
	left := maxEmbedSum
	for _, e := range embeds[:min(len(embeds), maxEmbeds)] {
		if w := budgetEmbed(e, &left); w != nil {
			out = append(out, w)
		}
	}
	return out
}

// budgetEmbed renders an embed and takes its length off left; nil when nothing of it
// remains.
func budgetEmbed(e Embed, left *int) *discordgo.MessageEmbed {
	take := func(m Markdown, limit int) string {
		m = cutMarkdown(m, min(limit, *left))
		*left -= units(string(m))
		return string(m)
	}
	plain := func(s string, limit int) string {
		s = Plain(s, min(limit, *left))
		*left -= units(s)
		return s
	}
	w := &discordgo.MessageEmbed{Color: e.Color & 0xFFFFFF, Title: take(e.Title, maxTitle)}
	if author := plain(e.Author, maxAuthor); author != "" {
		w.Author = &discordgo.MessageEmbedAuthor{Name: author}
	}
	// The footer is short and names the source, so it goes before the description.
	if footer := plain(e.Footer, maxFooter); footer != "" {
		w.Footer = &discordgo.MessageEmbedFooter{Text: footer}
	}
	w.Description = take(e.Description, maxDescription)
	for _, f := range e.Fields[:min(len(e.Fields), maxFields)] {
		if f.Name == "" || f.Value == "" || *left < 2 {
			continue
		}
		name := take(f.Name, min(maxFieldName, *left-1)) // leave something for the value
		w.Fields = append(w.Fields, &discordgo.MessageEmbedField{
			Name: name, Value: take(f.Value, maxFieldValue), Inline: f.Inline,
		})
	}
	if w.Title == "" && w.Description == "" && w.Author == nil && w.Footer == nil && len(w.Fields) == 0 {
		return nil
	}
	return w
}

// budgetRows drops the buttons that Discord would refuse the message for: those
// that lead nowhere, show nothing, repeat a custom_id or are too many.
func budgetRows(rows [][]Button) []wireRow {
	out := []wireRow{}
	var seen []string
	for _, row := range rows {
		w := wireRow{Type: discordgo.ActionsRowComponent}
		for _, b := range row {
			if len(w.Components) == maxButtons {
				break
			}
			if d, ok := budgetButton(b); ok && !slices.Contains(seen, d.CustomID+d.URL) {
				w.Components = append(w.Components, d)
				seen = append(seen, d.CustomID+d.URL)
			}
		}
		if len(w.Components) > 0 && len(out) < maxRows {
			out = append(out, w)
		}
	}
	return out
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
