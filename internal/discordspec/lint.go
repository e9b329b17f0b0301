package discordspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf16"
)

// Limits and types that Discord documents in words only.
const (
	maxEmbeds     = 6000 // characters of all embeds of a message together
	maxText       = 4000 // characters of all texts of a Components V2 message
	maxComponents = 40   // of a Components V2 message, those inside others too
	typeText      = 10
	typeActionRow = 1
	typeButton    = 2
	styleLink     = 5
	stylePremium  = 6
	flagV2        = 1 << 15 // IS_COMPONENTS_V2
	callbackModal = 9
)

// Lint reports what Discord refuses although its description allows it: embeds
// that are too long together, a Components V2 message that is too long or
// has too many components, a custom_id used twice, buttons that lead
// nowhere, classic content in a Components V2 message, and commands or options
// with capitals in their name or without a description.
func Lint(r *http.Request, body []byte) error {
	r, body, err := unformed(r, body)
	if err != nil || len(body) == 0 {
		return err
	}
	if strings.HasSuffix(r.URL.Path, "/commands") {
		return lintCommands(body)
	}
	m := struct {
		message
		Type int      `json:"type"`
		Data *message `json:"data"` // of an interaction's callback
	}{}
	if err := json.Unmarshal(body, &m); err != nil {
		return fmt.Errorf("the body is no message: %w", err)
	}
	if m.Data != nil {
		if m.Type == callbackModal { // a form mentions nobody
			m.Data.AllowedMentions = &mentions{Parse: []string{}}
		}
		return m.Data.lint()
	}
	return m.lint()
}

// message is the part of a message's JSON that the lint looks at.
type message struct {
	Content string  `json:"content"`
	Flags   int     `json:"flags"`
	Embeds  []embed `json:"embeds"`
	// Components are objects of many types, so they are walked undecoded.
	Components []map[string]any `json:"components"`
	// AllowedMentions must be set: without it Discord fires every mention.
	AllowedMentions *mentions `json:"allowed_mentions"`
}

type mentions struct {
	Parse []string `json:"parse"`
}

type embed struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Footer      struct {
		Text string `json:"text"`
	} `json:"footer"`
	Author struct {
		Name string `json:"name"`
	} `json:"author"`
	Fields []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"fields"`
}

func (m message) lint() error {
	var errs []error
	sum := 0
	for _, e := range m.Embeds {
		sum += length(e.Title) + length(e.Description) + length(e.Footer.Text) + length(e.Author.Name)
		for _, f := range e.Fields {
			sum += length(f.Name) + length(f.Value)
		}
	}
	if sum > maxEmbeds {
		errs = append(errs, fmt.Errorf("the embeds are %d characters together, over %d", sum, maxEmbeds))
	}
	v2 := m.Flags&flagV2 != 0
	if v2 && (m.Content != "" || len(m.Embeds) > 0) {
		errs = append(errs, errors.New("a Components V2 message has content or embeds"))
	}
	says := m.Content != "" || len(m.Embeds) > 0 || len(m.Components) > 0
	if says && (m.AllowedMentions == nil || m.AllowedMentions.Parse == nil) {
		errs = append(errs, errors.New("allowed_mentions.parse is missing, so every mention fires"))
	}
	seen := map[string]bool{}
	if v2 {
		errs = append(errs, lintSize(m.Components)...)
	}
	for _, c := range m.Components {
		if typ, _ := c["type"].(float64); typ != typeActionRow && !v2 {
			errs = append(errs, fmt.Errorf("a component of type %v at the top needs the Components V2 flag", c["type"]))
		}
		errs = append(errs, lintComponent(c, seen)...)
	}
	return errors.Join(errs...)
}

// lintSize checks what Discord bounds over all components of a message.
func lintSize(components []map[string]any) []error {
	number, text := 0, 0
	for _, c := range components {
		n, t := size(c)
		number, text = number+n, text+t
	}
	var errs []error
	if number == 0 || number > maxComponents {
		errs = append(errs, fmt.Errorf("there are %d components, not 1 to %d", number, maxComponents))
	}
	if text > maxText {
		errs = append(errs, fmt.Errorf("the texts are %d characters together, over %d", text, maxText))
	}
	return errs
}

// size counts a component with those inside it, and the characters of their texts.
func size(c map[string]any) (number, text int) {
	number = 1
	if content, ok := c["content"].(string); ok {
		text = length(content)
	}
	for _, inner := range inside(c) {
		n, t := size(inner)
		number, text = number+n, text+t
	}
	return number, text
}

// inside are the components directly inside one.
func inside(c map[string]any) []map[string]any {
	var out []map[string]any
	for _, name := range []string{"components", "accessory", "component"} {
		switch v := c[name].(type) {
		case map[string]any:
			out = append(out, v)
		case []any:
			for _, e := range v {
				if m, ok := e.(map[string]any); ok {
					out = append(out, m)
				}
			}
		}
	}
	return out
}

// lintComponent checks one component and those inside it; seen collects the
// custom_ids of the whole message.
func lintComponent(c map[string]any, seen map[string]bool) []error {
	var errs []error
	id, _ := c["custom_id"].(string)
	if id != "" && seen[id] {
		errs = append(errs, fmt.Errorf("the custom_id %q is used twice", id))
	}
	seen[id] = true
	if typ, _ := c["type"].(float64); typ == typeButton {
		errs = append(errs, lintButton(c, id)...)
	}
	if content, _ := c["content"].(string); c["type"] == float64(typeText) && content == "" {
		errs = append(errs, errors.New("a text display is empty"))
	}
	for _, inner := range inside(c) {
		errs = append(errs, lintComponent(inner, seen)...)
	}
	return errs
}

// lintButton checks that a button leads to exactly one thing and shows something.
func lintButton(b map[string]any, id string) []error {
	var errs []error
	style, _ := b["style"].(float64)
	url, _ := b["url"].(string)
	switch {
	case style == stylePremium:
		return nil
	case style == styleLink && (url == "" || id != ""):
		errs = append(errs, errors.New("a link button needs a url and no custom_id"))
	case style != styleLink && (id == "" || url != ""):
		errs = append(errs, errors.New("a button needs a custom_id and no url"))
	}
	if label, _ := b["label"].(string); label == "" && b["emoji"] == nil {
		errs = append(errs, errors.New("a button needs a label or an emoji"))
	}
	return errs
}

// command is an application command or one of its options.
type command struct {
	Type         int       `json:"type"`
	Name         string    `json:"name"`
	Description  string    `json:"description"`
	Required     bool      `json:"required"`
	Autocomplete bool      `json:"autocomplete"`
	Choices      []any     `json:"choices"`
	Options      []command `json:"options"`
}

func lintCommands(body []byte) error {
	var commands []command
	if err := json.Unmarshal(body, &commands); err != nil {
		var one command
		if err := json.Unmarshal(body, &one); err != nil {
			return fmt.Errorf("the body is no command: %w", err)
		}
		commands = []command{one}
	}
	names := map[string]bool{}
	var errs []error
	for _, c := range commands {
		// Several types may share a name; only slash commands (1, the default) have options.
		key := fmt.Sprint(max(c.Type, 1), c.Name)
		if names[key] {
			errs = append(errs, fmt.Errorf("the command %q is defined twice", c.Name))
		}
		names[key] = true
		if c.Type <= 1 {
			errs = append(errs, lintOption("/"+c.Name, c)...)
		}
	}
	return errors.Join(errs...)
}

// lintOption checks a slash command or an option and the options inside it.
func lintOption(at string, c command) []error {
	var errs []error
	if c.Name != strings.ToLower(c.Name) || strings.ContainsAny(c.Name, " /") {
		errs = append(errs, fmt.Errorf("%s: the name has capitals or spaces", at))
	}
	if c.Description == "" {
		errs = append(errs, fmt.Errorf("%s has no description", at))
	}
	if c.Autocomplete && len(c.Choices) > 0 {
		errs = append(errs, fmt.Errorf("%s has both choices and autocomplete", at))
	}
	optional, names := false, map[string]bool{}
	for _, o := range c.Options {
		if names[o.Name] {
			errs = append(errs, fmt.Errorf("%s has the option %q twice", at, o.Name))
		}
		names[o.Name] = true
		if o.Required && optional {
			errs = append(errs, fmt.Errorf("%s: the required option %q comes after an optional one", at, o.Name))
		}
		optional = optional || !o.Required
		errs = append(errs, lintOption(at+" "+o.Name, o)...)
	}
	return errs
}

// length is how Discord's client counts a text: in UTF-16 units, never fewer
// than characters.
func length(s string) int { return len(utf16.Encode([]rune(s))) }
