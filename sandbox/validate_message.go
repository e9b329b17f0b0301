package sandbox

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Limits of messages, from Discord's documentation; lengths in runes.
const (
	maxContent          = 2000
	maxEmbeds           = 10
	maxEmbedTitle       = 256
	maxEmbedDescription = 4096
	maxEmbedFields      = 25
	maxFieldName        = 256
	maxFieldValue       = 1024
	maxEmbedFooter      = 2048
	maxEmbedAuthor      = 256
	maxEmbedsTotal      = 6000
	maxRows             = 5
	maxComponents       = 40
	maxTextDisplays     = 4000
	maxButtons          = 5
	maxButtonLabel      = 80
	maxCustomID         = 100
	maxSelectOptions    = 25
	maxPlaceholder      = 150
	maxModalTitle       = 45
	maxModalLabel       = 45
	maxInputLength      = 4000
	maxFiles            = 10
	maxFileSize         = 10 << 20
)

// checkMessage returns the error that Discord gives for a message, or nil.
func checkMessage(m Message) error {
	t := errorTree{}
	if m.Flags&FlagComponentsV2 != 0 {
		if m.Content != "" {
			t.add("content", codeFieldV2, "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
		}
		if len(m.Embeds) > 0 {
			t.add("embeds", codeFieldV2, "The 'embeds' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
		}
	}
	t.length("content", m.Content, 0, maxContent)
	checkEmbeds(t, m.Embeds)
	checkComponents(t, "components", m.Components, m.Flags&FlagComponentsV2 != 0)
	if err := t.err(); err != nil {
		return err
	}
	if m.empty() {
		return badRequest(codeEmptyMessage, "Cannot send an empty message")
	}
	return nil
}

func (m Message) empty() bool {
	return !printable(m.Content) && len(m.Embeds) == 0 && len(m.Components) == 0 && len(m.Attachments) == 0
}

func checkEmbeds(t errorTree, embeds []Embed) {
	t.count("embeds", len(embeds), 0, maxEmbeds)
	total := 0
	for i, e := range embeds {
		at := fmt.Sprintf("embeds.%d", i)
		t.length(at+".title", e.Title, 0, maxEmbedTitle)
		t.length(at+".description", e.Description, 0, maxEmbedDescription)
		t.count(at+".fields", len(e.Fields), 0, maxEmbedFields)
		total += runes(e.Title) + runes(e.Description)
		checkURL(t, at+".url", e.URL)
		for j, f := range e.Fields {
			t.length(fmt.Sprintf("%s.fields.%d.name", at, j), f.Name, 1, maxFieldName)
			t.length(fmt.Sprintf("%s.fields.%d.value", at, j), f.Value, 1, maxFieldValue)
			total += runes(f.Name) + runes(f.Value)
		}
		if e.Footer != nil {
			t.length(at+".footer.text", e.Footer.Text, 0, maxEmbedFooter)
			total += runes(e.Footer.Text)
		}
		if e.Author != nil {
			t.length(at+".author.name", e.Author.Name, 0, maxEmbedAuthor)
			checkURL(t, at+".author.url", e.Author.URL)
			total += runes(e.Author.Name)
		}
		for name, image := range map[string]*EmbedImage{"image": e.Image, "thumbnail": e.Thumbnail} {
			if image != nil {
				checkURL(t, at+"."+name+".url", image.URL)
			}
		}
	}
	if total > maxEmbedsTotal {
		t.add("embeds", codeFieldEmbedsTooLarge, "Embed size exceeds maximum size of %d", maxEmbedsTotal)
	}
}

func runes(s string) int { return len([]rune(s)) }

func checkURL(t errorTree, path, raw string) {
	if raw == "" {
		return
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "attachment" {
		t.add(path, codeFieldURL, "Not a well formed URL.")
	}
}

// componentCheck walks a message's components and keeps what counts over all.
type componentCheck struct {
	errorTree
	v2     bool
	ids    map[string]bool
	number int
	text   int
}

func checkComponents(t errorTree, path string, components []Component, v2 bool) {
	c := componentCheck{errorTree: t, v2: v2, ids: map[string]bool{}}
	if !v2 {
		t.count(path, len(components), 0, maxRows)
	}
	for i, component := range components {
		at := fmt.Sprintf("%s.%d", path, i)
		if !v2 && component.Type != ComponentActionRow {
			t.add(at+".type", codeFieldChoice, "Value of field \"type\" must be one of (1,).")
			continue
		}
		c.check(at, component)
	}
	if c.number > maxComponents {
		t.add(path, codeFieldLength, "The total number of components must not exceed %d", maxComponents)
	}
	if c.text > maxTextDisplays {
		t.add(path, codeFieldMax, "The total length of text must not exceed %d", maxTextDisplays)
	}
}

// children says which types may stand directly inside which; a section's
// accessory is checked apart.
var children = map[int][]int{
	ComponentActionRow: {ComponentButton, ComponentStringSelect, ComponentUserSelect, ComponentRoleSelect, ComponentMentionableSelect, ComponentChannelSelect},
	ComponentSection:   {ComponentTextDisplay},
	ComponentContainer: {ComponentActionRow, ComponentTextDisplay, ComponentSection, ComponentMediaGallery, ComponentSeparator, ComponentFile},
}

func (c *componentCheck) check(at string, component Component) {
	c.number++
	switch component.Type {
	case ComponentActionRow:
		c.row(at, component)
	case ComponentButton:
		c.button(at, component)
	case ComponentStringSelect, ComponentUserSelect, ComponentRoleSelect, ComponentMentionableSelect, ComponentChannelSelect:
		c.menu(at, component)
	case ComponentTextDisplay:
		c.length(at+".content", component.Content, 1, maxTextDisplays)
		c.text += runes(component.Content)
	case ComponentSection:
		c.count(at+".components", len(component.Components), 1, 3)
		if a := component.Accessory; a == nil {
			c.add(at+".accessory", codeFieldRequired, "This field is required")
		} else {
			c.check(at+".accessory", *a)
		}
	case ComponentContainer:
		c.count(at+".components", len(component.Components), 1, maxComponents)
	case ComponentMediaGallery:
		c.count(at+".items", len(component.Items), 1, 10)
	case ComponentThumbnail, ComponentFile, ComponentSeparator:
	default:
		c.add(at+".type", codeFieldChoice, "Value of field \"type\" is not a component type.")
	}
	for i, child := range component.Components {
		inside := fmt.Sprintf("%s.components.%d", at, i)
		if !slices.Contains(children[component.Type], child.Type) {
			c.add(inside+".type", codeFieldChoice, "A component of this type cannot stand here.")
			continue
		}
		c.check(inside, child)
	}
}

func (c *componentCheck) row(at string, row Component) {
	c.count(at+".components", len(row.Components), 1, maxButtons)
	for i, child := range row.Components {
		if child.Type != ComponentButton && len(row.Components) > 1 {
			c.add(fmt.Sprintf("%s.components.%d", at, i), codeFieldComponent, "A menu must stand alone in its row.")
		}
	}
}

func (c *componentCheck) button(at string, b Component) {
	const link, premium = 5, 6
	switch {
	case b.Style < 1 || b.Style > premium:
		c.add(at+".style", codeFieldChoice, "Value must be one of {1, 2, 3, 4, 5, 6}.")
	case b.Style == link:
		if b.URL == "" {
			c.add(at+".url", codeFieldRequired, "A url is required")
		}
		if b.CustomID != "" {
			c.add(at, codeFieldComponent, "A custom id and url cannot both be specified")
		}
		if len(b.URL) > 512 {
			c.add(at+".url", codeFieldLength, "Must be 512 or fewer in length.")
		}
		checkURL(c.errorTree, at+".url", b.URL)
	case b.Style != premium:
		c.customID(at, b.CustomID)
		if b.URL != "" {
			c.add(at, codeFieldComponent, "A custom id and url cannot both be specified")
		}
	}
	c.length(at+".label", b.Label, 0, maxButtonLabel)
	if b.Style != premium && !printable(b.Label) && b.Emoji == nil {
		c.add(at, codeFieldComponent, "A button needs a label or an emoji")
	}
}

func (c *componentCheck) customID(at, id string) {
	c.length(at+".custom_id", id, 1, maxCustomID)
	if id != "" && c.ids[id] {
		c.add(at+".custom_id", codeFieldDuplicateID, "Component custom id cannot be duplicated")
	}
	c.ids[id] = true
}

func (c *componentCheck) menu(at string, m Component) {
	c.customID(at, m.CustomID)
	c.length(at+".placeholder", m.Placeholder, 0, maxPlaceholder)
	if m.Type != ComponentStringSelect {
		return
	}
	c.count(at+".options", len(m.Options), 1, maxSelectOptions)
	values := map[string]bool{}
	for i, o := range m.Options {
		option := fmt.Sprintf("%s.options.%d", at, i)
		c.length(option+".label", o.Label, 1, maxChoiceLength)
		c.length(option+".value", o.Value, 1, maxChoiceLength)
		c.length(option+".description", o.Description, 0, maxChoiceLength)
		if values[o.Value] {
			c.add(option+".value", codeFieldDuplicateID, "The specified option value is already used")
		}
		values[o.Value] = true
	}
}

// checkModal returns the error that Discord gives for a form, or nil.
func checkModal(m Modal) error {
	t := errorTree{}
	t.length("data.title", m.Title, 1, maxModalTitle)
	t.length("data.custom_id", m.CustomID, 1, maxCustomID)
	t.count("data.components", len(m.Components), 1, maxRows)
	for i, row := range m.Components {
		at := fmt.Sprintf("data.components.%d", i)
		if row.Type != ComponentActionRow || len(row.Components) != 1 || row.Components[0].Type != ComponentTextInput {
			t.add(at, codeFieldComponent, "A form's row holds one text input.")
			continue
		}
		input := row.Components[0]
		t.length(at+".components.0.label", input.Label, 1, maxModalLabel)
		t.length(at+".components.0.custom_id", input.CustomID, 1, maxCustomID)
		t.length(at+".components.0.value", input.Value, 0, maxInputLength)
	}
	return t.err()
}

// checkAutocomplete returns the error that Discord gives for suggestions, or nil.
func checkAutocomplete(choices []Choice, kind int) error {
	t := errorTree{}
	checkChoices(t, "data.choices", CommandOption{Type: kind, Choices: choices})
	return t.err()
}

// complete fills in what Discord adds to components: numbers, and the values
// that hold when a field is left out. files gives the address of an attachment
// by its name.
func complete(components []Component, files map[string]string) []Component {
	next := 1
	return completeFrom(components, files, &next)
}

func completeFrom(components []Component, files map[string]string, next *int) []Component {
	out := make([]Component, len(components))
	for i, c := range components {
		if c.ID == 0 {
			c.ID = *next
		}
		*next = max(*next, c.ID) + 1
		c = withDefaults(c)
		c.Media, c.File = resolved(c.Media, files), resolved(c.File, files)
		c.Items = slices.Clone(c.Items)
		for j := range c.Items {
			c.Items[j].Media = *resolved(&c.Items[j].Media, files)
		}
		if c.Accessory != nil {
			c.Accessory = &completeFrom([]Component{*c.Accessory}, files, next)[0]
		}
		c.Components = completeFrom(c.Components, files, next)
		out[i] = c
	}
	return out
}

func withDefaults(c Component) Component {
	no, yes, one := false, true, 1
	switch c.Type {
	case ComponentStringSelect, ComponentUserSelect, ComponentRoleSelect, ComponentMentionableSelect, ComponentChannelSelect:
		if c.MinValues == nil {
			c.MinValues = &one
		}
		if c.MaxValues == nil {
			c.MaxValues = &one
		}
	case ComponentContainer, ComponentFile, ComponentThumbnail:
		if c.Spoiler == nil {
			c.Spoiler = &no
		}
	case ComponentSeparator:
		if c.Divider == nil {
			c.Divider = &yes
		}
		if c.Spacing == 0 {
			c.Spacing = 1
		}
	}
	return c
}

// resolved replaces attachment://name by the attachment's address.
func resolved(m *Media, files map[string]string) *Media {
	if m == nil {
		return nil
	}
	r := *m
	if name, ok := strings.CutPrefix(r.URL, "attachment://"); ok {
		r.URL = files[name]
	}
	r.ProxyURL = r.URL
	if r.ID == "" {
		r.ID = applicationID
	}
	return &r
}
