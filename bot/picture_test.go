package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"strings"
	"testing"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/bot/card"
	"github.com/whosaid/whosaid/index"
)

// TestPictures clicks through a quote's picture as Discord would see it: drawn for one
// member, turned light, shared with the channel.
func TestPictures(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	start(t, s, &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}, t.TempDir())
	id := 0
	press := func(customID string) (sent, callback) {
		t.Helper()
		id++
		s.emit("INTERACTION_CREATE", click(fmt.Sprint(id), customID))
		got := s.next("/callback")
		first := read[callback](t, got)
		if first.Type == 5 || first.Type == 6 { // a busy machine draws for longer than a member waits
			got = s.next("/messages/@original")
			flags := first.Data.Flags
			first.Type, first.Data = map[int]int{5: 4, 6: 7}[first.Type], read[received](t, got)
			first.Data.Flags = flags
		}
		return got, first
	}
	drawn := func(got sent) {
		t.Helper()
		if _, err := png.Decode(bytes.NewReader(got.Files["files[0]"])); err != nil || len(got.Files) != 1 {
			t.Errorf("%d files came, the first no picture: %v", len(got.Files), err)
		}
		if !strings.Contains(string(got.Body), "Mira Halden, harbour master of Tarn, The Tarn Gazette, 3 May 2024") {
			t.Errorf("the picture is not described in %s", got.Body)
		}
	}
	s.emit("INTERACTION_CREATE", command("900", "ask", "question", "What?"))
	asked := read[callback](t, s.next("/callback"))
	got, dark := press(asked.Data.button(t, "Picture"))
	drawn(got)
	if dark.Type != 4 || !dark.Data.private() {
		t.Errorf("the picture is sent as %+v, want a message for the member alone", dark)
	}
	got, light := press(dark.Data.button(t, "Light"))
	drawn(got)
	if light.Type != 7 {
		t.Errorf("the light picture has type %d, want an update of the dark one", light.Type)
	}
	got, shared := press(light.Data.button(t, "Share to channel"))
	drawn(got)
	if shared.Type != 4 || shared.Data.private() || !strings.Contains(shared.Data.says(), "<@99>") {
		t.Errorf("shared as %+v, want a message for all that names who shared it", shared)
	}
	_, context := press(asked.Data.button(t, "Context"))
	_, shared = press(context.Data.button(t, "Share to channel"))
	if shared.Data.private() || !strings.Contains(shared.Data.says(), "lighthouse stays open") {
		t.Errorf("a quote is shared as %+v", shared)
	}
}

// TestPictureRefusals: what a forged button can't do.
func TestPictureRefusals(t *testing.T) {
	rt := newHandlers(t, &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}).routes()
	for id, want := range map[string]error{
		"card:../../etc.q1": errForged, "card:ffff.q1": index.ErrNotFound, "tone:x:a1b2c3.q4": errForged, "tone:d": errForged,
		"post:x:a1b2c3.q4": errForged, "post:q:ffff.q1": index.ErrNotFound, "post:l:ffff.q1": index.ErrNotFound, "tone:q:a1b2c3.q4": errForged,
	} {
		r := member(Click, "", nil)
		r.Name, r.Arg, _ = splitCustomID(id)
		if _, err := rt.serve(t.Context(), r); !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", id, err, want)
		}
	}
}

// TestPictureThatCantBeDrawn: the member is told why.
func TestPictureThatCantBeDrawn(t *testing.T) {
	h := newHandlers(t, &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}})
	h.cards = noFont{}
	_, err := h.routes().serve(t.Context(), Request{Kind: Click, Name: actionCard, Arg: "a1b2c3.q4", GuildID: "77"})
	if m, expected := explain(err, "1"); !expected || !strings.Contains(string(m.Content), "can't draw") {
		t.Errorf("%v is explained as %q", err, m.Content)
	}
}

type noFont struct{}

func (noFont) Chart(context.Context, card.Chart) ([]byte, error) { return nil, card.ErrNoFont }

func (noFont) PNG(context.Context, card.Card) ([]byte, error) { return nil, card.ErrNoFont }

// TestCardOf: a picture says no more than is known, and calls verbatim only what is.
func TestCardOf(t *testing.T) {
	if c := cardOf(speaks(nil), halden()); !c.Verbatim || c.Speaker != "Mira Halden" || c.Date != "3 May 2024" {
		t.Errorf("%+v", c)
	}
	if c := cardOf(speaks(nil), unknownSpeaker()); c.Verbatim || c.Speaker != "Speaker unknown" || c.Role != "" {
		t.Errorf("%+v", c)
	}
	if len(cardButton(speaks(nil), bare())) != 0 {
		t.Error("a paragraph has a picture")
	}
	long := halden()
	long.Passage = strings.Repeat("a", 80) + ".q99999999"
	for _, b := range append(cardButton(speaks(nil), long), postButton(speaks(nil), toneDark, long)...) {
		if units(b.ID) > maxCustomID {
			t.Errorf("%s is too long for a button", b.ID)
		}
	}
}
