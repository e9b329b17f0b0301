package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares what Discord would be sent with testdata/NAME.json.
func golden(t *testing.T, name string, m Message) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(budget(m)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update if that is meant:\n%s", path, diff)
	}
}

// TestMessages shows every message that a member can get, as Discord is sent it.
func TestMessages(t *testing.T) {
	opts := func(kv ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	best := func(v answer.Verdict, diff ...answer.DiffPart) answer.Check {
		a := halden()
		return answer.Check{Verdict: v, Best: &a, Diff: diff}
	}
	words := []answer.DiffPart{
		{Op: answer.Same, Text: "The"}, {Op: answer.Dropped, Text: "lighthouse"}, {Op: answer.Added, Text: "*harbour*"},
		{Op: answer.Same, Text: "stays open"}, {Op: answer.Dropped, Text: "all winter"},
	}
	many := answer.Reply{Answers: slices.Repeat([]answer.Answer{halden()}, 7)}
	for i := range many.Answers {
		many.Answers[i].Passage = strings.Replace(many.Answers[i].Passage, "q4", "q"+string(rune('1'+i)), 1)
	}
	built := time.Date(2024, 5, 3, 12, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		backend *fakeBackend
		request Request
	}{
		"who":               {&fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}, member(SlashCommand, "who", opts("words", "the lighthouse stays *open*"))},
		"ask_mixed_answers": {&fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden(), unknownSpeaker(), bare()}}}, member(SlashCommand, "ask", opts("question", "What about the boats?"))},
		"ask_nothing":       {&fakeBackend{}, member(SlashCommand, "ask", opts("question", "Who shot the moon?"))},
		"quotes_first_page": {&fakeBackend{reply: many}, member(SlashCommand, "quotes", opts("speaker", "Mira Halden", "about", "lights", "publisher", "The Tarn Gazette", "from", "2024", "to", "2024-02"))},
		"quotes_last_page":  {&fakeBackend{reply: many}, member(Click, "more", nil)},
		"quotes_nothing":    {&fakeBackend{}, member(SlashCommand, "quotes", opts("speaker", "Nobody"))},
		"verify_verbatim":   {&fakeBackend{check: best(answer.Verbatim)}, member(SlashCommand, "verify", opts("claim", "The lighthouse stays open all winter", "speaker", "Halden"))},
		"verify_partial":    {&fakeBackend{check: best(answer.Partial)}, member(SlashCommand, "verify", opts("claim", "stays open all winter"))},
		"verify_altered":    {&fakeBackend{check: best(answer.Altered, words...)}, member(SlashCommand, "verify", opts("claim", "The *harbour* stays open"))},
		"verify_wrong":      {&fakeBackend{check: best(answer.Misattributed)}, member(SlashCommand, "verify", opts("claim", "The lighthouse stays open all winter", "speaker", "Mirko Ostrander"))},
		"verify_not_found":  {&fakeBackend{check: answer.Check{Verdict: answer.NotFound}}, member(SlashCommand, "verify", opts("claim", "The moon is a door", "speaker", "Mira Halden"))},
		"context":           {&fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}, Request{Kind: Click, Name: "context", Arg: "a1b2c3.q4", GuildID: "77"}},
		"about":             {&fakeBackend{status: Status{Articles: 1234, Quotes: 56789, Speakers: 321}}, member(SlashCommand, "about", nil)},
		"corpus_status":     {&fakeBackend{status: Status{1234, 56789, 321, "gen-7", 12_345_678, built}}, mod(SlashCommand, "corpus status")},
		"corpus_no_index":   {&fakeBackend{}, mod(SlashCommand, "corpus status")},
		"corpus_reindex":    {&fakeBackend{status: Status{Articles: 1234}}, mod(SlashCommand, "corpus reindex")},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.request.Name == actionMore {
				tc.request.Arg = "6:" + listing{Command: cmdQuotes, Speaker: "Mira Halden"}.encode()
			}
			resp, err := newHandlers(t, tc.backend).routes().serve(t.Context(), tc.request)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, resp.Message)
		})
	}
	t.Run("reindex_progress", func(t *testing.T) {
		golden(t, "reindex_progress", reindexProgress(speaks(nil), "JOB", 450, 1234, 30*time.Second))
	})
}

// TestRefusals shows what is refused, and with which error.
func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		request Request
		want    error // nil stands for an optionError
	}{
		"a command that is none":           {member(SlashCommand, "nonsense", nil), errUnknown},
		"a click on a command":             {member(Click, "who", nil), errUnknown},
		"a member asks for the status":     {member(SlashCommand, "corpus status", nil), errModeratorsOnly},
		"a member reindexes":               {member(SlashCommand, "corpus reindex", nil), errModeratorsOnly},
		"a member forges the start":        {Request{Kind: Click, Name: "reindex", Arg: "start", GuildID: "77"}, errModeratorsOnly},
		"a member forges the cancel":       {Request{Kind: Click, Name: "reindex", Arg: "stop:x", GuildID: "77"}, errModeratorsOnly},
		"nobody is moderator of a DM":      {Request{Kind: SlashCommand, Name: "corpus status", Permissions: moderator}, errServersOnly},
		"a reindex button that is none":    {withArg(mod(Click, "reindex"), "explode"), errForged},
		"cancelling what is over":          {withArg(mod(Click, "reindex"), "stop:x"), errOver},
		"a passage of another scope":       {withArg(member(Click, "context", nil), "0000.q1"), index.ErrNotFound},
		"a passage that is a path":         {withArg(member(Click, "context", nil), "../../etc.q1"), errForged},
		"a page before the first":          {withArg(member(Click, "more", nil), "-3:c=ask&t=x"), errForged},
		"a page without end":               {withArg(member(Click, "more", nil), "99999999:c=ask&t=x"), errForged},
		"a page of a command that is none": {withArg(member(Click, "more", nil), "3:c=corpus&t=x"), errForged},
		"a stored question that is none":   {withArg(member(Click, "more", nil), "3:#AAAAAAAAAAAAAAAAAAAAAAAAAA"), errExpired},
		"a stored question, badly keyed":   {withArg(member(Click, "more", nil), "3:#../commands"), errForged},
		"no words":                         {member(SlashCommand, "who", nil), nil},
		"words over the limit":             {member(SlashCommand, "ask", map[string]string{"question": strings.Repeat("ж", maxQuestion+1)}), nil},
		"no claim":                         {member(SlashCommand, "verify", map[string]string{"claim": "  "}), nil},
		"quotes of nothing":                {member(SlashCommand, "quotes", nil), nil},
		"a day that is none":               {member(SlashCommand, "quotes", map[string]string{"from": "2024-02-31"}), nil},
		"a day in words":                   {member(SlashCommand, "quotes", map[string]string{"from": "yesterday"}), nil},
		"days the wrong way round":         {member(SlashCommand, "quotes", map[string]string{"from": "2024-02", "to": "2023"}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newHandlers(t, &fakeBackend{}).routes().serve(t.Context(), tc.request)
			var option *optionError
			if tc.want == nil && !errors.As(err, &option) || tc.want != nil && !errors.Is(err, tc.want) {
				t.Fatalf("error %v, want %v", err, tc.want)
			}
			m, expected := explain(err, "1")
			if !expected || !m.Ephemeral || m.Content == "" {
				t.Errorf("explained as %+v (expected: %v), want a private explanation that isn't logged", m, expected)
			}
		})
	}
}

func withArg(r Request, arg string) Request { r.Arg = arg; return r }

func TestScopes(t *testing.T) {
	f := &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{halden()}}}
	rt := newHandlers(t, f).routes()
	for guild, want := range map[string][]string{"": {corpus.SharedScope}, "77": {"77", corpus.SharedScope}} {
		f.asked, f.around = nil, nil
		r := Request{Kind: SlashCommand, Name: "ask", Options: map[string]string{"question": "who?"}, GuildID: guild}
		if _, err := rt.serve(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if _, err := rt.serve(t.Context(), Request{Kind: Click, Name: "context", Arg: "a1b2c3.q4", GuildID: guild}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([][]string{want, want}, [][]string{f.asked[0].Scopes, f.around[0]}); diff != "" {
			t.Errorf("scopes in guild %q (-want +got):\n%s", guild, diff)
		}
	}
}

func TestWhoAsksAQuestion(t *testing.T) {
	for words, want := range map[string]string{
		"open all winter":          "Who said open all winter?",
		"“open all winter”":        "Who said “open all winter”?",
		"Who closed the harbour??": "Who closed the harbour?",
	} {
		if got := whoQuestion(words); got != want {
			t.Errorf("whoQuestion(%q) = %q, want %q", words, got, want)
		}
	}
}

func TestDay(t *testing.T) {
	for in, want := range map[string][2]string{
		"":           {"", ""},
		"2024":       {"2024-01-01", "2024-12-31"},
		"2024-02":    {"2024-02-01", "2024-02-29"},
		"2024-12-05": {"2024-12-05", "2024-12-05"},
	} {
		first, err1 := day(Request{}, "from", in, false)
		last, err2 := day(Request{}, "to", in, true)
		if err := errors.Join(err1, err2); err != nil || first != want[0] || last != want[1] {
			t.Errorf("day(%q) = %q to %q (%v), want %v", in, first, last, err, want)
		}
	}
}

func TestComplete(t *testing.T) {
	rt := newHandlers(t, &fakeBackend{}).routes()
	for name, tc := range map[string]struct {
		focused, typed string
		want           []wireChoice
	}{
		"speakers, but none that can't be picked": {"speaker", "M", []wireChoice{{"Mira Halden · harbour master · 12 quotes", "Mira Halden"}, {"Mirko Ostrander · 3 quotes", "Mirko Ostrander"}}},
		"publishers":                 {"publisher", "The", []wireChoice{{"The Tarn Gazette", "The Tarn Gazette"}}},
		"an option without":          {"about", "x", []wireChoice{}},
		"a prefix beyond all reason": {"speaker", strings.Repeat("M", 5000), []wireChoice{}},
	} {
		t.Run(name, func(t *testing.T) {
			r := member(Autocomplete, "quotes", map[string]string{tc.focused: tc.typed})
			r.Focused = tc.focused
			resp, err := rt.serve(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, budgetChoices(resp.Choices)); diff != "" {
				t.Errorf("suggestions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPagingSurvivesARestart clicks a button that another run of the bot made.
func TestPagingSurvivesARestart(t *testing.T) {
	for name, question := range map[string]string{
		"short": "Who lit the lamp?",
		"long":  "Who said that " + strings.Repeat("the lamp and ", 20) + "the bell would be кремезний?",
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeBackend{reply: answer.Reply{Answers: slices.Repeat([]answer.Answer{halden()}, 5)}}
			before := newHandlers(t, f)
			resp, err := before.routes().serve(t.Context(), member(SlashCommand, "ask", map[string]string{"question": question}))
			if err != nil {
				t.Fatal(err)
			}
			next := resp.Message.Rows[len(resp.Message.Rows)-1][0]
			after := newHandlers(t, f)
			after.store.dir = before.store.dir
			click := member(Click, "", nil)
			if click.Name, click.Arg, err = splitCustomID(next.ID); err != nil {
				t.Fatal(err)
			}
			resp, err = after.routes().serve(t.Context(), click)
			if err != nil {
				t.Fatal(err)
			}
			if !resp.Update {
				t.Error("the page does not replace the one before")
			}
			got := f.asked[len(f.asked)-1]
			if want := (answer.Request{Question: question, Scopes: []string{"77", corpus.SharedScope}, Limit: pageSize, Offset: pageSize}); !cmp.Equal(want, got) {
				t.Errorf("asked %+v, want %+v", got, want)
			}
			if name == "long" {
				click.GuildID = "78"
				if _, err := after.routes().serve(t.Context(), click); !errors.Is(err, errExpired) {
					t.Errorf("another server gets the stored question (error %v)", err)
				}
			}
		})
	}
}

func TestErrorsAreExplained(t *testing.T) {
	for name, tc := range map[string]struct {
		backend  *fakeBackend
		says     string
		expected bool
	}{
		"a failing backend": {&fakeBackend{err: errBackend}, "reference 4711", false},
		"a panic":           {&fakeBackend{panics: true}, "reference 4711", false},
		"too slow":          {&fakeBackend{err: context.DeadlineExceeded}, "took too long", false},
		"a shutdown":        {&fakeBackend{err: context.Canceled}, "restarted", true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newHandlers(t, tc.backend).routes().serve(t.Context(), member(SlashCommand, "ask", map[string]string{"question": "who?"}))
			m, expected := explain(err, "4711")
			if !strings.Contains(string(m.Content), tc.says) || expected != tc.expected {
				t.Errorf("%v is explained as %q (expected: %v)", err, m.Content, expected)
			}
			if strings.Contains(string(m.Content), "fire") || strings.Contains(string(m.Content), "bug") {
				t.Errorf("the message gives the inside away: %q", m.Content)
			}
		})
	}
}
