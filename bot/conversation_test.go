package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/index"
)

// labels are the labels of a message's buttons.
func labels(t *testing.T, m Message) []string {
	var out []string
	for _, p := range wired(t, m).all() {
		if p.Label != "" {
			out = append(out, p.Label)
		}
	}
	return out
}

// clock is a time that a test sets.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// answered is a backend that understood a question about Mira Halden and boats.
func answered() *fakeBackend {
	printed := printed()
	printed.Also = []answer.Place{{Title: "The *light* stays", Source: "Evening Kite", Date: "2024-05-02", URL: "https://kite.example/1"}, {File: "b.txt"}}
	return &fakeBackend{reply: answer.Reply{
		Query: answer.Query{Intent: answer.What, Speaker: "Mira Halden", Known: true, Topic: "boats"}, Answers: []answer.Answer{printed, unknownSpeaker()},
	}}
}

// TestQuestionsGoOn: a question may go on from what the same member asked in the
// same channel or thread not long ago, and from nothing else.
func TestQuestionsGoOn(t *testing.T) {
	asks := func(question string) Request {
		return member(SlashCommand, "ask", map[string]string{"question": question})
	}
	elsewhere, another, who := asks("and about fares?"), asks("and about fares?"), member(SlashCommand, "who", map[string]string{"words": "and about fares?"})
	elsewhere.ChannelID, another.UserID = "89", "100"
	for name, tc := range map[string]struct {
		then  Request
		after time.Duration
		goes  bool
	}{
		"goes on":                     {asks("and about fares?"), time.Minute, true},
		"with a pronoun":              {asks("what else did she say?"), time.Minute, true},
		"a topic of its own":          {asks("ferry fares"), time.Minute, false},
		"a question of its own":       {asks("who said the bridge is not safe?"), time.Minute, false},
		"too late":                    {asks("and about fares?"), conversationLife + time.Second, false},
		"in another channel":          {elsewhere, time.Minute, false},
		"by another member":           {another, time.Minute, false},
		"words of which who is asked": {who, time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			f, c := answered(), &clock{time.Unix(1e9, 0)}
			h := newHandlers(t, f)
			h.talks.now = c.now
			talk := talk{t, h.routes()}
			talk.send(asks("what did Mira Halden say about boats?"))
			c.at = c.at.Add(tc.after)
			_, text := talk.send(tc.then)
			got := f.asked[len(f.asked)-1].Previous
			if (got != nil) != tc.goes {
				t.Fatalf("goes on from %v", got)
			}
			if tc.goes {
				if diff := cmp.Diff(f.reply.Query, *got); diff != "" {
					t.Errorf("goes on from another query (-want +got):\n%s", diff)
				}
				talk.has(text, "↳ **Mira Halden** about **boats**")
			}
		})
	}
}

// TestFollowButton asks on through the button and form below an answer, also
// after a restart, and turns the page of what comes.
func TestFollowButton(t *testing.T) {
	f := answered()
	f.reply.Answers = slices.Repeat([]answer.Answer{halden()}, 5)
	before := newHandlers(t, f)
	c := talk{t, before.routes()}
	resp, _ := c.send(member(SlashCommand, "ask", map[string]string{"question": "what did Mira Halden say about boats?"}))
	after := newHandlers(t, f)
	after.store.dir = before.store.dir
	c.rt = after.routes()
	arg := press(t, resp.Message, "Ask on")
	form, _ := c.send(withArg(member(Click, "follow", nil), arg))
	if form.Modal == nil || len(form.Modal.Fields) != 1 || units(form.Modal.ID) > maxCustomID {
		t.Fatalf("the button leads to %+v", form)
	}
	submit := withArg(member(ModalSubmit, "follow", map[string]string{"text": "and about fares?"}), arg)
	resp, text := c.send(submit)
	c.has(text, "“and about fares?”", "↳ **Mira Halden** about **boats**")
	want := answer.Request{Question: "and about fares?", Previous: &f.reply.Query, Scopes: []string{"77", "shared"}, Limit: pageSize}
	if diff := cmp.Diff(want, f.asked[len(f.asked)-1]); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	c.send(withArg(member(Click, "more", nil), press(t, resp.Message, "More ▶")))
	want.Offset = pageSize
	if diff := cmp.Diff(want, f.asked[len(f.asked)-1]); diff != "" {
		t.Errorf("the second page asks (-want +got):\n%s", diff)
	}
	if resp.Message.Ephemeral {
		t.Error("the answer is ephemeral")
	}
	submit.Alone = true // the form came from a message that the member alone sees
	if resp, _ := c.send(submit); !resp.Message.Ephemeral {
		t.Error("what goes on from a private answer is seen by all")
	}
	for _, arg := range []string{"", "c=ask&t=x&b=no", "#AAAAAAAAAAAAAAAAAAAAAAAAAA", "c=corpus&t=x", "#../commands"} {
		for _, kind := range []Kind{Click, ModalSubmit} {
			r := withArg(member(kind, "follow", map[string]string{"text": "and what?"}), arg)
			if _, err := c.rt.serve(t.Context(), r); !errors.Is(err, errForged) && !errors.Is(err, errExpired) {
				t.Errorf("%q: %v", arg, err)
			}
		}
	}
}

// TestLeadingOn: from an answer, a member gets to what its speaker said, to its
// prints and to its paragraph; what can't be had has no button.
func TestLeadingOn(t *testing.T) {
	f := answered()
	c := talk{t, newHandlers(t, f).routes()}
	resp, _ := c.send(member(SlashCommand, "ask", map[string]string{"question": "what about boats?"}))
	want := []string{"Profile", "Context", "Picture", "Elsewhere", "Wrong speaker?", "Context", "Picture", "Wrong speaker?", "Ask on"}
	if diff := cmp.Diff(want, labels(t, resp.Message)); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	about, text := c.send(withArg(member(Click, "said", nil), press(t, resp.Message, "Profile")))
	c.has(text, "for **Mira Halden**")
	if got := f.filtered[len(f.filtered)-1]; got.Speaker != "Mira Halden" || !about.Message.Ephemeral {
		t.Errorf("asked for %+v, ephemeral: %v", got, about.Message.Ephemeral)
	}
	if !slices.Contains(labels(t, about.Message), "Share to channel") {
		t.Error("what the member alone sees can't be shared")
	}
	prints, text := c.send(withArg(member(Click, "prints", nil), press(t, resp.Message, "Elsewhere")))
	c.has(text, "[The \\*light\\* stays](https://kite.example/1) · Evening Kite · 2 May 2024", "• b.txt", "… and 1,232 more", "attributed to **\\*Piet")
	if !prints.Message.Ephemeral {
		t.Error("prints are shown to all")
	}
	for _, name := range []string{"about", "prints"} {
		for arg, want := range map[string]error{"": errForged, "../x.q1": errForged, "0000.q1": index.ErrNotFound} {
			if _, err := c.rt.serve(t.Context(), withArg(member(Click, name, nil), arg)); !errors.Is(err, want) {
				t.Errorf("%s %q: %v, want %v", name, arg, err, want)
			}
		}
	}
	if _, err := c.rt.serve(t.Context(), withArg(member(Click, "about", nil), unknownSpeaker().Passage)); !errors.Is(err, errForged) {
		t.Errorf("about nobody: %v", err)
	}
}

// TestFullPageHasAllItsButtons: a page of answers with all that there is to
// show stays within what Discord takes of components.
func TestFullPageHasAllItsButtons(t *testing.T) {
	f := answered()
	f.reply.Answers = nil
	for i := range 9 {
		a := printed()
		a.Passage = fmt.Sprintf("a1b2c3.q%d", i+1)
		f.reply.Answers = append(f.reply.Answers, a)
	}
	h := newHandlers(t, f)
	for _, alone := range []bool{false, true} {
		r := withArg(member(Click, "more", nil), "3:c=ask&t=boats")
		r.Alone = alone
		resp, err := h.routes().serve(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		each := 5
		if alone {
			each = 6
		}
		if got := len(labels(t, resp.Message)); got != 3*each+3 {
			t.Errorf("alone %v: %d buttons, want %d; %d components", alone, got, 3*each+3, len(wired(t, resp.Message).all()))
		}
	}
}

// TestConversationsAreBounded: too many, and those that are too old, are
// forgotten, the oldest first.
func TestConversationsAreBounded(t *testing.T) {
	c := &clock{time.Unix(1e9, 0)}
	talks := newConversations(c.now)
	talks.limit = 3
	ask := func(user int) Request { return Request{ChannelID: "1", UserID: fmt.Sprint(user)} }
	known := func() string {
		var out []string
		for user := range 9 {
			if q, ok := talks.previous(ask(user)); ok {
				out = append(out, q.Topic)
			}
		}
		return strings.Join(out, " ")
	}
	for user := range 5 {
		c.at = c.at.Add(time.Minute)
		talks.remember(ask(user), answer.Query{Topic: fmt.Sprint(user)})
	}
	if got := known(); got != "2 3 4" {
		t.Errorf("remembers %q", got)
	}
	c.at = c.at.Add(conversationLife - time.Minute)
	talks.remember(ask(5), answer.Query{Topic: "5"})
	if got := known(); got != "3 4 5" || len(talks.last) != 3 {
		t.Errorf("remembers %q and %d in all", got, len(talks.last))
	}
	talks.remember(Request{ChannelID: "1"}, answer.Query{})
	if len(talks.last) != 3 {
		t.Error("remembers a question of nobody")
	}
}
