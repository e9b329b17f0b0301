package bot

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/bot/card"
	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

// haldensProfile is a profile with everything known.
func haldensProfile() answer.Profile {
	widely := halden()
	widely.AlsoIn = 4
	other := unknownSpeaker()
	other.Speaker = halden().Speaker
	return answer.Profile{
		Name: "Mira Halden", Type: quote.TypePerson, Quotes: 1234, First: "2022-01-03", Last: "2024-05-03",
		Roles: []index.Role{
			{Name: "deputy *harbour* master", Quotes: 3, First: "2022-01-03", Last: "2022-12-24"},
			{Name: "harbour master of Tarn", Quotes: 9, First: "2023-02-01", Last: "2024-05-03"},
		},
		Periods: []answer.Period{
			{Label: "2022", From: "2022-01-01", To: "2022-12-31", Quotes: 34}, {Label: "2023", From: "2023-01-01", To: "2023-12-31"},
			{Label: "2024", From: "2024-01-01", To: "2024-12-31", Quotes: 1200},
		},
		Quoted: []answer.Answer{widely, other, halden()},
	}
}

func lights() answer.Topic {
	return answer.Topic{
		Quotes: 12, First: "2024-05-03", Last: "2024-05-04",
		Speakers: []answer.Share{{Speaker: *halden().Speaker, Quotes: 11}, {Speaker: quote.Speaker{Name: "@everyone *Board*", Type: quote.TypeOrg}, Quotes: 1}},
		Periods:  []answer.Period{{Label: "2024-05-03", From: "2024-05-03", To: "2024-05-03", Quotes: 11}, {Label: "2024-05-04", From: "2024-05-04", To: "2024-05-04", Quotes: 1}},
		Quoted:   []answer.Answer{halden()},
	}
}

// TestProfiles shows what members get to know of speakers and topics, as Discord is sent it.
func TestProfiles(t *testing.T) {
	for name, tc := range map[string]struct {
		backend *fakeBackend
		request Request
	}{
		"speaker":        {&fakeBackend{profile: haldensProfile()}, member(SlashCommand, "speaker", map[string]string{"name": "halden"})},
		"speaker_nobody": {&fakeBackend{profile: answer.Profile{Near: []string{"Mira Halden", "Mirko *Ostrander*"}}}, member(SlashCommand, "speaker", map[string]string{"name": "Hal*den"})},
		"topic":          {&fakeBackend{topic: lights()}, member(SlashCommand, "topic", map[string]string{"about": "the *lights*"})},
		"topic_nothing":  {&fakeBackend{}, member(SlashCommand, "topic", map[string]string{"about": "whales"})},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := newHandlers(t, tc.backend).routes().serve(t.Context(), tc.request)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, resp.Message)
			checkWire(t, budget(resp.Message))
		})
	}
}

// TestProfileFromAnAnswer goes from an answer to a profile, turns its chart
// light, and shares it.
func TestProfileFromAnAnswer(t *testing.T) {
	rt := newHandlers(t, &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}, profile: haldensProfile()}).routes()
	click := func(m Message, label string, alone bool) Response {
		t.Helper()
		r := member(Click, "", nil)
		r.Alone = alone
		var err error
		if r.Name, r.Arg, err = splitCustomID(wired(t, m).button(t, label)); err != nil {
			t.Fatal(err)
		}
		resp, err := rt.serve(t.Context(), r)
		if err != nil {
			t.Fatalf("%s: %v", label, err)
		}
		return resp
	}
	asked, err := rt.serve(t.Context(), member(SlashCommand, "ask", map[string]string{"question": "What?"}))
	if err != nil {
		t.Fatal(err)
	}
	dark := click(asked.Message, "Profile", false)
	if !dark.Message.Ephemeral || dark.Update || len(dark.Message.Files) != 1 {
		t.Fatalf("the profile is %+v", dark)
	}
	light := click(dark.Message, "Light", true)
	if !light.Update || bytes.Equal(light.Message.Files[0].PNG, dark.Message.Files[0].PNG) {
		t.Error("the light profile is not another picture in the same place")
	}
	for _, f := range []File{dark.Message.Files[0], light.Message.Files[0]} {
		if _, err := png.Decode(bytes.NewReader(f.PNG)); err != nil || !strings.Contains(f.Alt, "Mira Halden, 1,234 quotes") || !strings.Contains(f.Alt, "2024: 1,200") {
			t.Errorf("the chart %q: %v", f.Alt, err)
		}
	}
	shared := click(light.Message, "Share to channel", true)
	if shared.Message.Ephemeral || !bytes.Equal(shared.Message.Files[0].PNG, light.Message.Files[0].PNG) || !strings.Contains(wired(t, shared.Message).says(), "<@99>") {
		t.Errorf("shared as %+v", wired(t, shared.Message))
	}
	if quotes := click(dark.Message, "More by them", true); !quotes.Message.Ephemeral || !strings.Contains(wired(t, quotes.Message).says(), "lighthouse stays open") {
		t.Errorf("their quotes are %+v", quotes.Message)
	}
}

// TestTopicTurnsLight: the button says what it is about, however long that is.
func TestTopicTurnsLight(t *testing.T) {
	for _, about := range []string{"lights", strings.Repeat("кремезний ", 10)[:99]} {
		about = strings.ToValidUTF8(strings.TrimSpace(about), "")
		rt := newHandlers(t, &fakeBackend{topic: lights()}).routes()
		dark, err := rt.serve(t.Context(), member(SlashCommand, "topic", map[string]string{"about": about}))
		if err != nil {
			t.Fatal(err)
		}
		r := member(Click, "", nil)
		if r.Name, r.Arg, err = splitCustomID(wired(t, dark.Message).button(t, "Light")); err != nil {
			t.Fatal(err)
		}
		light, err := rt.serve(t.Context(), r)
		if err != nil || !light.Update || bytes.Equal(light.Message.Files[0].PNG, dark.Message.Files[0].PNG) {
			t.Fatalf("%q: %v", about, err)
		}
		if diff := cmp.Diff(wired(t, dark.Message).says(), wired(t, light.Message).says()); diff != "" {
			t.Errorf("it says something else (-dark +light):\n%s", diff)
		}
	}
}

// TestProfileRefusals: what forged buttons can't do, and a chart that can't be drawn.
func TestProfileRefusals(t *testing.T) {
	f := &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden(), unknownSpeaker(), bare()}}, profile: haldensProfile()}
	h := newHandlers(t, f)
	for id, want := range map[string]error{
		"about:ffff.q1": index.ErrNotFound, "about:a1b2c3.q5": errForged, "about:ffee00.p2": errForged, "about:x": errForged, "said:a1b2c3.q5": errForged,
		"profile:x:a1b2c3.q4": errForged, "profile:d:../..": errForged, "profile:d": errForged, "post:pd:a1b2c3.q5": errForged, "post:pd:ffff.q1": index.ErrNotFound,
		"topic:d:": errForged, "topic:x:c=topic&a=x": errForged, "topic:d:c=ask&t=x": errForged, "topic:l:c=topic&a=x&s=y": errForged, "topic:d:#nothing": errForged,
	} {
		r := member(Click, "", nil)
		r.Name, r.Arg, _ = splitCustomID(id)
		if _, err := h.routes().serve(t.Context(), r); !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", id, err, want)
		}
	}
	h.cards = noFont{}
	if _, err := h.routes().serve(t.Context(), member(SlashCommand, "speaker", map[string]string{"name": "x"})); !errors.Is(err, card.ErrNoFont) {
		t.Errorf("a chart that can't be drawn: %v", err)
	}
	h.cards = noData{}
	resp, err := h.routes().serve(t.Context(), member(SlashCommand, "speaker", map[string]string{"name": "x"}))
	if err != nil || len(resp.Message.Files) != 0 || strings.Contains(wired(t, resp.Message).says(), "chart") {
		t.Errorf("without data: %+v, %v", resp.Message, err)
	}
	for _, id := range []string{actionPost + ":" + profileLight, actionProfile + ":" + toneDark, actionAbout, actionQuotes} {
		if n := units(id + ":" + strings.Repeat("a", 80) + ".q99999999"); n > maxCustomID {
			t.Errorf("%s with the longest passage's ID takes %d", id, n)
		}
	}
}

type noData struct{ noFont }

func (noData) Chart(context.Context, card.Chart) ([]byte, error) { return nil, card.ErrNoData }
