package bot

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/internal/discordspec"
	"github.com/whosaid/whosaid/quote"
)

// drawAnswer draws an answer of which nothing can be trusted.
func drawAnswer(t *rapid.T) answer.Answer {
	text := func(name string) string { return hostile().Draw(t, name) }
	a := answer.Answer{
		Passage: rapid.OneOf(rapid.Just("a1b2c3.q4"), hostile()).Draw(t, "passage"),
		Quote:   strings.Repeat(text("quote"), rapid.IntRange(0, 40).Draw(t, "times")),
		Kind:    rapid.SampledFrom([]string{"direct", "mixed", "indirect", "paragraph", ""}).Draw(t, "kind"),
		Title:   text("title"), Source: text("source"), Date: rapid.SampledFrom([]string{"", "2024-05-03", "@everyone"}).Draw(t, "date"),
		URL:       rapid.OneOf(rapid.SampledFrom([]string{"https://a.example/x", "javascript:x", "http://a.example/)[x](http://b.example"}), hostile()).Draw(t, "url"),
		Paragraph: rapid.IntRange(-1, 1e9).Draw(t, "paragraph"),
	}
	a.Context = text("before") + a.Quote + text("after")
	if rapid.Bool().Draw(t, "known") {
		a.Speaker = &quote.Speaker{Name: text("name"), Role: text("role")}
	}
	return a
}

// drawMessage draws a message as a handler might make it of hostile input.
func drawMessage(t *rapid.T) Message {
	answers := rapid.SliceOfN(rapid.Custom(drawAnswer), 1, 5).Draw(t, "answers")
	claim := hostile().Draw(t, "claim")
	in := speaks([]string{rapid.SampledFrom(texts.Languages()).Draw(t, "language")})
	switch rapid.SampledFrom([]string{"list", "nothing", "verdict", "context", "raw"}).Draw(t, "view") {
	case "list":
		return listView(in, listing{Command: cmdAsk, Text: claim}, answer.Reply{Answers: answers, Total: 9}, 0)
	case "nothing":
		return listView(in, listing{Command: cmdQuotes, Speaker: claim, About: claim, Publisher: claim}, answer.Reply{}, 0)
	case "verdict":
		diff := rapid.SliceOf(rapid.Custom(func(t *rapid.T) answer.DiffPart {
			return answer.DiffPart{
				Op:   rapid.SampledFrom([]answer.DiffOp{answer.Same, answer.Added, answer.Dropped}).Draw(t, "op"),
				Text: hostile().Draw(t, "text"),
			}
		})).Draw(t, "diff")
		return verdictView(in, answer.Check{Claim: claim, ClaimedSpeaker: claim, Best: &answers[0], Diff: diff,
			Verdict: rapid.SampledFrom([]answer.Verdict{answer.Verbatim, answer.Altered, answer.Misattributed}).Draw(t, "verdict")})
	case "context":
		return contextView(in, answer.Surroundings{Answer: answers[0], Before: claim, Of: answers[0].Context, After: claim})
	}
	long := Markdown(strings.Repeat(string(Escape(claim, 500)), 20))
	e := Frame{Author: Escape(claim, 500), Beside: &Button{Label: claim, ID: "x:1"}, Buttons: []Button{{Label: claim, ID: "x:2"}}, Title: long, Description: long, Footer: claim, Color: rapid.Int().Draw(t, "colour")}
	for range rapid.IntRange(0, 30).Draw(t, "fields") {
		e.Fields = append(e.Fields, Field{Name: long, Value: long})
	}
	var row []Button
	for range rapid.IntRange(0, 8).Draw(t, "buttons") {
		row = append(row, Button{Label: hostile().Draw(t, "label"), ID: hostile().Draw(t, "id"), URL: answers[0].URL})
	}
	m := Message{Content: long, Ephemeral: true}
	for range rapid.IntRange(0, 12).Draw(t, "repeats") {
		m.Frames, m.Rows = append(m.Frames, e), append(m.Rows, row)
	}
	return m
}

// TestNoMessageBreaksALimit: whatever goes in, Discord takes what comes out,
// and nobody is mentioned.
func TestNoMessageBreaksALimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkWire(t, budget(drawMessage(t))) })
}

// mention is what Discord takes for one.
var mention = regexp.MustCompile(`@everyone|@here|<@[!&]?\d`)

// checkWire holds a message to the limits and to silence.
func checkWire(t failer, w wireMessage) {
	limit := func(what, s string, most int) {
		if n := units(s); n > most {
			t.Errorf("%s is %d units long, over %d", what, n, most)
		}
	}
	texts := textsOf(t, w)
	limit("all text", strings.Join(texts, ""), maxText)
	body, err := json.Marshal(w)
	if err != nil {
		t.Errorf("marshalling: %v", err)
	}
	if err := discordspec.Lint(httptest.NewRequest("POST", "/api/v9/channels/1/messages", nil), body); err != nil {
		t.Errorf("lint: %v", err)
	}
	for _, text := range texts {
		if mention.MatchString(text) {
			t.Errorf("a live mention in %q", text)
		}
	}
}

// textsOf are the parts of a message that Discord reads as Markdown.
func textsOf(t failer, w wireMessage) []string {
	body, err := json.Marshal(w)
	var r received
	if err == nil {
		err = json.Unmarshal(body, &r)
	}
	if err != nil {
		t.Errorf("reading a message again: %v", err)
	}
	var out []string
	for _, p := range r.all() {
		out = append(out, p.Content)
	}
	if len(out) > maxComponents || len(out) == 0 {
		t.Errorf("%d components", len(out))
	}
	return out
}

// TestMessagesFollowTheDescription checks drawn messages against Discord's own description.
func TestMessagesFollowTheDescription(t *testing.T) {
	spec := discordspec.ForTest(t)
	r := httptest.NewRequest("POST", "/api/v9/channels/1/messages", nil)
	r.Header.Set("Content-Type", "application/json")
	drawn := rapid.Custom(drawMessage)
	for seed := range 20 {
		body, err := json.Marshal(budget(drawn.Example(seed)))
		if err != nil {
			t.Fatal(err)
		}
		if err := spec.Request(r, body); err != nil {
			t.Errorf("%v in %s", err, body)
		}
	}
}

func TestWebURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/b?c=d#e":   "https://a.example/b?c=d#e",
		"http://a.example/x (1)":      "http://a.example/x%20%281%29",
		"https://a.example/)[b](c":    "https://a.example/%29%5Bb%5D%28c",
		"https://a.example/@everyone": "https://a.example/%40everyone",
		"https://a.example<b>/":       "",
		"https://a.example/новини":    "https://a.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8",
		"javascript:alert(1)":         "",
		"ftp://a.example":             "",
		"//a.example":                 "",
		"https://":                    "",
		"https://user:pw@a.example/":  "",
		"":                            "",
		"https://a.example/" + strings.Repeat("x", 600): "",
	} {
		got := webURL(in, 512)
		if got != want {
			t.Errorf("webURL(%q) = %q, want %q", in, got, want)
		}
		if _, err := url.Parse(got); err != nil {
			t.Errorf("webURL(%q) can't be parsed: %v", in, err)
		}
	}
}

func TestButtonsThatDiscordRefusesAreDropped(t *testing.T) {
	b := &budgeter{components: 5, seen: map[string]bool{}}
	rows := b.rows([][]Button{
		{{Label: "a", ID: "1"}, {Label: "twice", ID: "1"}, {Label: "nowhere"}, {ID: "2"}, {Label: "b", ID: strings.Repeat("x", 101)}},
		{{Label: "link", URL: "https://a.example"}, {Label: "bad", URL: "javascript:x"}},
		{},
		{{Label: "no room", ID: "3"}},
	})
	kept := func(buttons ...discordgo.MessageComponent) discordgo.MessageComponent {
		return discordgo.ActionsRow{Components: buttons}
	}
	want := []discordgo.MessageComponent{
		kept(discordgo.Button{Label: "a", CustomID: "1", Style: discordgo.SecondaryButton}),
		kept(discordgo.Button{Label: "link", URL: "https://a.example", Style: discordgo.LinkButton}),
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("buttons that stay (-want +got):\n%s", diff)
	}
}

func BenchmarkBudget(b *testing.B) {
	m := listView(speaks(nil), listing{Command: cmdAsk, Text: "boats?"}, answer.Reply{Answers: []answer.Answer{halden(), unknownSpeaker(), bare()}, Total: 9}, 0)
	b.ReportAllocs()
	for b.Loop() {
		budget(m)
	}
}

func BenchmarkListView(b *testing.B) {
	long := halden()
	long.Quote = strings.Repeat("The lighthouse stays open *all* winter. ", 40)
	reply := answer.Reply{Answers: []answer.Answer{long, long, long}, Total: 9}
	b.ReportAllocs()
	for b.Loop() {
		listView(speaks(nil), listing{Command: cmdAsk, Text: "boats?"}, reply, 0)
	}
}
