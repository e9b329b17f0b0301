package bot

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/whosaid/whosaid/answer"
)

// msgWhoSaid is the command in a message's menu, as members read it.
const msgWhoSaid = "Who said this?"

// Bounds of what is read of a message. Discord's own are lower; the message may be forged.
const (
	maxMessageText = 16 << 10 // bytes
	maxMessageTry  = 8        // quotes in a message that are considered
	minQuote       = 12       // runes of the shortest quote that is checked by itself
)

// messageText is the text of the message with that ID among resolved objects: what
// was written, what was forwarded, and what stands in embeds and text displays.
// Whatever else it has is ignored, so that a message of a kind newer than this program
// is no obstacle.
func messageText(resolved json.RawMessage, id string) string {
	type body struct {
		Content string `json:"content"`
		Embeds  []struct {
			Title       string `json:"title"`
			Description string `json:"description"`
		} `json:"embeds"`
		Components []textPart `json:"components"`
	}
	var m struct {
		body
		Forwarded []struct {
			Message body `json:"message"`
		} `json:"message_snapshots"`
	}
	var found struct {
		Messages map[string]json.RawMessage `json:"messages"`
	}
	if json.Unmarshal(resolved, &found) != nil || json.Unmarshal(found.Messages[id], &m) != nil {
		return ""
	}
	bodies := []body{m.body}
	for _, f := range m.Forwarded {
		bodies = append(bodies, f.Message)
	}
	var parts []string
	for _, b := range bodies {
		parts = append(parts, b.Content)
		for _, e := range b.Embeds {
			parts = append(parts, e.Title, e.Description)
		}
		for _, c := range b.Components {
			parts = c.texts(parts)
		}
	}
	text := strings.TrimSpace(strings.Join(parts, "\n"))
	if len(text) > maxMessageText {
		text = strings.ToValidUTF8(text[:maxMessageText], "")
	}
	return text
}

// textPart is a component of a message, as far as it holds text.
type textPart struct {
	Content    string     `json:"content"`
	Components []textPart `json:"components"`
}

// texts adds the texts of a component, and of those inside it, to parts.
func (c textPart) texts(parts []string) []string {
	if c.Content != "" {
		parts = append(parts, c.Content)
	}
	for _, inner := range c.Components {
		parts = inner.texts(parts)
	}
	return parts
}

// whoSaidThis answers the menu command: it checks the quote in a message, or all of its
// text, for who asked alone. Whether to confront the author is the member's to decide.
func (h *handlers) whoSaidThis(ctx context.Context, r Request) (Response, error) {
	claim := claimIn(r.Target)
	if utf8.RuneCountInString(claim.Text) < 3 {
		return Response{}, r.own().refuse("message")
	}
	claim.Scopes = h.scopes(ctx, r.GuildID)
	// A name beside a quote is taken for its speaker's only if the corpus knows it:
	// “Edit: …” accuses nobody.
	if claim.Speaker != "" && len(h.backend.Speakers(claim.Scopes, claim.Speaker, 1)) == 0 {
		claim.Speaker = ""
	}
	check, err := h.backend.Verify(ctx, claim)
	if err != nil {
		return Response{}, err
	}
	m := verdictView(r.own(), check)
	m.Ephemeral = true
	return Response{Message: m, Verdict: check.Verdict}, nil
}

// claimIn finds what a message claims: the longest quote in it with the name beside it,
// or else all its words.
func claimIn(text string) answer.Claim {
	text = unmarked(text)
	var best answer.Claim
	rest, before := text, ""
	for range maxMessageTry {
		start, end, after := nextQuote(rest)
		if end < 0 {
			break
		}
		words := strings.TrimSpace(rest[start:end])
		before += rest[:start]
		if n := utf8.RuneCountInString(words); n >= minQuote && n > utf8.RuneCountInString(best.Text) {
			best = answer.Claim{Text: words, Speaker: nameBeside(before, rest[after:])}
		}
		before, rest = before+rest[start:after], rest[after:]
	}
	if best.Text == "" {
		best.Text = text
	}
	if runes := []rune(oneLine(best.Text)); len(runes) > maxClaim {
		best.Text = string(runes[:maxClaim])
	} else {
		best.Text = string(runes)
	}
	return best
}

// closers are the marks that end a quote that a mark begins.
var closers = map[rune]string{
	'“': "”", '"': "\"", '„': "“”", '«': "»", '»': "«", '「': "」", '『': "』", '‹': "›", '‘': "’",
}

// nextQuote finds the next words in quotation marks: they are text[start:end], and what
// follows the mark begins at after. end is -1 if there are none.
func nextQuote(text string) (start, end, after int) {
	for i, r := range text {
		close, ok := closers[r]
		if !ok {
			continue
		}
		from := i + utf8.RuneLen(r)
		if j := strings.IndexAny(text[from:], close); j >= 0 {
			_, size := utf8.DecodeRuneInString(text[from+j:])
			return from, from + j, from + j + size
		}
	}
	return 0, -1, 0
}

// nameWords is a name as it stands beside quotes: one to five words, the first with a capital.
const nameWords = `(\p{Lu}[\p{L}\p{M}'’.-]*(?: [\p{L}\p{M}'’.-]+){0,4})`

var (
	nameAfter  = regexp.MustCompile(`^[\s,.]*[—–―~-]{1,2}\s*` + nameWords)
	nameBefore = regexp.MustCompile(`(?:^|\n)\s*` + nameWords + `\s*:\s*[“"„«»「『‹‘]?$`)
)

// nameBeside is the name that a message gives to a quote, like “— Ada Example”
// after it or “Ada Example:” before it, or "".
func nameBeside(before, after string) string {
	m := nameAfter.FindStringSubmatch(after)
	if m == nil {
		m = nameBefore.FindStringSubmatch(before)
	}
	if m == nil || utf8.RuneCountInString(m[1]) > maxName {
		return ""
	}
	return strings.TrimRight(m[1], ".-")
}

// Discord's Markdown, as far as it stands between a message's words.
var (
	customMarks = regexp.MustCompile(`<(?:a?:\w+:\d+|@[!&]?\d+|#\d+|t:-?\d+(?::\w)?|/[^<>]*:\d+|id:\w+)>`)
	links       = regexp.MustCompile(`\[([^\[\]\n]*)\]\([^()\s]*\)`)
	addresses   = regexp.MustCompile(`<?https?://[^\s<>]+>?`)
	lineMarks   = regexp.MustCompile(`(?m)^[ \t]*(?:>>>|>|-#|#{1,3}|[-*+])[ \t]+`)
	emphasis    = regexp.MustCompile("\\*{1,3}|_{2,3}|~~|\\|\\||`{1,3}")
	escapes     = regexp.MustCompile(`\\([^\p{L}\p{N}\s])`)
)

// unmarked is a message's text without Markdown, mentions, emoji of Discord's
// and links. What was escaped stays.
func unmarked(text string) string {
	const kept = "\ue000" // stands for an escaped character meanwhile
	text = strings.ReplaceAll(text, kept, "")
	var escaped []string
	text = escapes.ReplaceAllStringFunc(text, func(s string) string {
		escaped = append(escaped, s[1:])
		return kept
	})
	for _, re := range []*regexp.Regexp{customMarks, addresses, lineMarks, emphasis} {
		if re == addresses {
			text = links.ReplaceAllString(text, "$1")
		}
		text = re.ReplaceAllString(text, "")
	}
	for _, s := range escaped {
		text = strings.Replace(text, kept, s, 1)
	}
	text = strings.ReplaceAll(text, zeroWidth, "")
	return strings.TrimSpace(clean(text))
}
