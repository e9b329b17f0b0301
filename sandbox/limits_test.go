package sandbox

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A message just within a limit is taken, one step beyond it is refused with
// the error at the right place.
func TestMessageLimits(t *testing.T) {
	t.Parallel()
	s := quiet(t)
	long := func(n int) string { return strings.Repeat("é", n) } // two bytes, one character
	many := func(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }
	row := func(inside string) string { return `{"components":[{"type":1,"components":[` + inside + `]}]}` }
	button := func(id, label string) string {
		return `{"type":2,"style":2,"custom_id":"` + id + `","label":"` + label + `"}`
	}
	fields := func(n int) string { return `{"embeds":[{"fields":[` + many(n, `{"name":"n","value":"v"}`) + `]}]}` }
	tests := []struct{ name, good, bad, at string }{
		{"content", `{"content":"` + long(2000) + `"}`, `{"content":"` + long(2001) + `"}`, "content"},
		{"embeds", `{"embeds":[` + many(10, `{"title":"t"}`) + `]}`, `{"embeds":[` + many(11, `{"title":"t"}`) + `]}`, "embeds"},
		{"title", `{"embeds":[{"title":"` + long(256) + `"}]}`, `{"embeds":[{"title":"` + long(257) + `"}]}`, "embeds.0.title"},
		{"description", `{"embeds":[{"description":"` + long(4096) + `"}]}`, `{"embeds":[{"description":"` + long(4097) + `"}]}`, "embeds.0.description"},
		{"all embeds", `{"embeds":[` + many(2, `{"description":"`+long(3000)+`"}`) + `]}`, `{"embeds":[` + many(2, `{"description":"`+long(3001)+`"}`) + `]}`, "embeds"},
		{"fields", fields(25), fields(26), "embeds.0.fields"},
		{"field value", `{"embeds":[{"fields":[{"name":"n","value":"` + long(1024) + `"}]}]}`, `{"embeds":[{"fields":[{"name":"n","value":""}]}]}`, "embeds.0.fields.0.value"},
		{"footer", `{"embeds":[{"footer":{"text":"` + long(2048) + `"}}]}`, `{"embeds":[{"footer":{"text":"` + long(2049) + `"}}]}`, "embeds.0.footer.text"},
		{"address", `{"embeds":[{"title":"t","url":"https://example.org"}]}`, `{"embeds":[{"title":"t","url":"javascript:x"}]}`, "embeds.0.url"},
		{"custom id", row(button(long(100), "x")), row(button(long(101), "x")), "components.0.components.0.custom_id"},
		{"label", row(button("a", long(80))), row(button("a", long(81))), "components.0.components.0.label"},
		{"a button without a label", row(button("a", "x")), row(button("a", " ")), "components.0.components.0"},
		{"two of one custom id", row(button("a", "x") + "," + button("b", "x")), row(button("a", "x") + "," + button("a", "x")), "components.0.components.1.custom_id"},
		{"a link with a custom id", row(`{"type":2,"style":5,"label":"x","url":"https://example.org"}`), row(`{"type":2,"style":5,"label":"x","url":"https://example.org","custom_id":"a"}`), "components.0.components.0"},
		{"a button outside a row", row(button("a", "x")), `{"components":[` + button("a", "x") + `]}`, "components.0.type"},
		{"layout with content", `{"flags":32768,"components":[{"type":10,"content":"x"}]}`, `{"flags":32768,"content":"y","components":[{"type":10,"content":"x"}]}`, "content"},
		{"layout texts", `{"flags":32768,"components":[{"type":10,"content":"` + long(4000) + `"}]}`, `{"flags":32768,"components":[{"type":10,"content":"` + long(4000) + `"},{"type":10,"content":"x"}]}`, "components"},
		{"a box in a box", `{"flags":32768,"components":[{"type":17,"components":[{"type":10,"content":"x"}]}]}`, `{"flags":32768,"components":[{"type":17,"components":[{"type":17}]}]}`, "components.0.components.0.type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := post(s, tt.good); err != nil {
				t.Errorf("within the limit: %v %v", err, fieldsOf(err))
			}
			if got := fieldsOf(post(s, tt.bad)); len(got) != 1 || got[0] != tt.at {
				t.Errorf("beyond the limit: errors at %q, want at %q", got, tt.at)
			}
		})
	}
}

func post(s *Server, body string) error {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.SetPathValue("channel", ChannelNewsroomGeneral)
	_, _, err := s.postMessage(r, []byte(body))
	return err
}

// fieldsOf returns the paths of an error's fields.
func fieldsOf(err error) []string {
	var refused *apiError
	if !errors.As(err, &refused) || refused.Errors == nil {
		return nil
	}
	var out []string
	var walk func(path string, node map[string]any)
	walk = func(path string, node map[string]any) {
		for key, value := range node {
			if key == "_errors" {
				out = append(out, strings.TrimPrefix(path, "."))
			} else {
				walk(path+"."+key, value.(map[string]any))
			}
		}
	}
	walk("", *refused.Errors)
	return out
}

// What Discord refuses in the definition of a command.
func TestCommandRules(t *testing.T) {
	t.Parallel()
	option := func(name, more string) string {
		return `{"type":3,"name":"` + name + `","description":"d"` + more + `}`
	}
	with := func(options ...string) string {
		return `[{"name":"ask","description":"Asks","options":[` + strings.Join(options, ",") + `]}]`
	}
	tests := []struct{ name, body, at string }{
		{"capitals", `[{"name":"Ask","description":"d"}]`, "0.name"},
		{"a space", `[{"name":"ask me","description":"d"}]`, "0.name"},
		{"no description", `[{"name":"ask"}]`, "0.description"},
		{"a long description", `[{"name":"ask","description":"` + strings.Repeat("x", 101) + `"}]`, "0.description"},
		{"the same name twice", `[{"name":"ask","description":"d"},{"name":"ask","description":"d"}]`, "1.name"},
		{"an unknown locale", `[{"name":"ask","description":"d","name_localizations":{"xx":"y"}}]`, "0.name_localizations"},
		{"required after optional", with(option("a", ""), option("b", `,"required":true`)), "0.options.1"},
		{"autocomplete with choices", with(option("a", `,"autocomplete":true,"choices":[{"name":"x","value":"y"}]`)), "0.options.0.autocomplete"},
		{"a choice of the wrong type", with(option("a", `,"choices":[{"name":"x","value":1}]`)), "0.options.0.choices.0.value"},
		{"a subcommand beside an option", with(option("a", ""), `{"type":1,"name":"s","description":"d"}`), "0.options.1"},
		{"a context menu with a description", `[{"type":3,"name":"Check this","description":"d"}]`, "0.description"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := quiet(t).putCommands(httptest.NewRequest(http.MethodPut, "/", nil), []byte(tt.body))
			if got := fieldsOf(err); len(got) != 1 || got[0] != tt.at {
				t.Errorf("errors at %q (%v), want at %q", got, err, tt.at)
			}
		})
	}
}

// Registering the same commands again changes nothing, so a bot can tell.
func TestRegisteringAgainKeepsIDsAndVersions(t *testing.T) {
	t.Parallel()
	s := quiet(t)
	put := func(body string) Command {
		_, reply, err := s.putCommands(httptest.NewRequest(http.MethodPut, "/", nil), []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return reply.([]Command)[0]
	}
	first := put(`[{"name":"ask","description":"Asks"}]`)
	again := put(`[{"name":"ask","description":"Asks"}]`)
	changed := put(`[{"name":"ask","description":"Asks more"}]`)
	if again.ID != first.ID || again.Version != first.Version {
		t.Errorf("unchanged: %s/%s became %s/%s", first.ID, first.Version, again.ID, again.Version)
	}
	if changed.ID != first.ID || changed.Version == first.Version {
		t.Errorf("changed: %s/%s became %s/%s", first.ID, first.Version, changed.ID, changed.Version)
	}
}

// Whatever the times of the requests, a window never lets more through than its
// quota, and a new window starts full.
func TestRateLimitKeepsItsQuota(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := rateLimits{buckets: map[string]*bucket{}}
		q := quota{limit: rapid.IntRange(1, 5).Draw(t, "limit"), window: time.Second}
		now := time.Unix(0, 0)
		windowEnd, passed := now, 0
		for _, pause := range rapid.SliceOfN(rapid.IntRange(0, 700), 1, 50).Draw(t, "pauses") {
			now = now.Add(time.Duration(pause) * time.Millisecond)
			if !now.Before(windowEnd) {
				windowEnd, passed = now.Add(q.window), 0
			}
			left, wait := l.take("k", q, now)
			if left >= 0 {
				passed++
			}
			if passed > q.limit || left >= 0 && left != q.limit-passed || wait != windowEnd.Sub(now) {
				t.Fatalf("passed %d of %d, left %d, wait %s of %s", passed, q.limit, left, wait, windowEnd.Sub(now))
			}
		}
	})
}

// A bot that writes too fast into a channel gets 429 in Discord's form.
func TestTooManyRequests(t *testing.T) {
	t.Parallel()
	s := quiet(t)
	for i := range 6 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://discord.com/api/v10/channels/"+ChannelNewsroomGeneral+"/messages", strings.NewReader(`{"content":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bot "+s.Token())
		req.Header.Set("Content-Type", "application/json")
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			RetryAfter float64 `json:"retry_after"`
		}
		err = json.NewDecoder(resp.Body).Decode(&body)
		resp.Body.Close()
		switch {
		case err != nil:
			t.Fatal(err)
		case i < 5 && (resp.StatusCode != http.StatusOK || resp.Header.Get("X-RateLimit-Remaining") != strconv.Itoa(4-i)):
			t.Errorf("message %d: %s, remaining %s", i, resp.Status, resp.Header.Get("X-RateLimit-Remaining"))
		case i == 5 && (resp.StatusCode != http.StatusTooManyRequests || body.RetryAfter <= 0 || body.RetryAfter > 5):
			t.Errorf("message %d: %s, retry after %g s", i, resp.Status, body.RetryAfter)
		}
	}
}

// A token that is over 15 minutes old is refused, as a job that took too long
// finds out.
func TestOldInteractionTokens(t *testing.T) {
	t.Parallel()
	s := quiet(t)
	it := s.begin(&interaction{kind: interactionCommand, guild: GuildNewsroom, channel: ChannelNewsroomGeneral}, s.users[0], "", nil)
	s.mu.Lock()
	it.callback, it.created = callbackDeferred, time.Now().Add(-interactionTokenLife-time.Second)
	s.mu.Unlock()
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.SetPathValue("app", applicationID)
	r.SetPathValue("token", it.token)
	_, _, err := s.postFollowup(r, []byte(`{"content":"late"}`))
	var refused *apiError
	if !errors.As(err, &refused) || refused.status != http.StatusUnauthorized || refused.Code != codeInvalidWebhookToken {
		t.Errorf("got %v, want 401 with code %d", err, codeInvalidWebhookToken)
	}
}
