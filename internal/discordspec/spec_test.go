package discordspec

import (
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	callback = "/api/v9/interactions/11/token/callback"
	commands = "/api/v9/applications/11/commands"
)

func TestLint(t *testing.T) {
	long := strings.Repeat("x", 3001)
	quiet := `"allowed_mentions":{"parse":[]}`
	for name, tc := range map[string]struct{ path, body, want string }{
		"a fair message":       {callback, `{"type":4,"data":{"content":"hello",` + quiet + `}}`, ""},
		"embeds over 6000":     {callback, `{"type":4,"data":{"embeds":[{"description":"` + long + `"},{"description":"` + long + `"}],` + quiet + `}}`, "6002 characters"},
		"mentions left open":   {callback, `{"type":4,"data":{"content":"hello"}}`, "allowed_mentions"},
		"custom_id twice":      {callback, `{"type":4,"data":{` + quiet + `,"components":[{"type":1,"components":[{"type":2,"style":1,"label":"a","custom_id":"a"},{"type":2,"style":1,"label":"a","custom_id":"a"}]}]}}`, "used twice"},
		"a button to nowhere":  {callback, `{"type":4,"data":{` + quiet + `,"components":[{"type":1,"components":[{"type":2,"style":1,"label":"a"}]}]}}`, "needs a custom_id"},
		"a link with an id":    {callback, `{"type":4,"data":{` + quiet + `,"components":[{"type":1,"components":[{"type":2,"style":5,"label":"a","url":"https://a.example","custom_id":"a"}]}]}}`, "no custom_id"},
		"a nameless button":    {callback, `{"type":4,"data":{` + quiet + `,"components":[{"type":1,"components":[{"type":2,"style":1,"custom_id":"a"}]}]}}`, "label"},
		"V2 without the flag":  {callback, `{"type":4,"data":{` + quiet + `,"components":[{"type":10,"content":"a"}]}}`, "V2 flag"},
		"V2 with content":      {callback, `{"type":4,"data":{"flags":32768,"content":"a",` + quiet + `}}`, "V2 message"},
		"V2 with too much":     {callback, `{"type":4,"data":{"flags":32768,"components":[{"type":10,"content":"` + strings.Repeat("x", 4001) + `"}],` + quiet + `}}`, "over 4000"},
		"V2 with too many":     {callback, `{"type":4,"data":{"flags":32768,"components":[{"type":17,"components":[` + strings.Repeat(`{"type":14},`, 39) + `{"type":14}]}],` + quiet + `}}`, "41 components"},
		"V2 with nothing":      {callback, `{"type":4,"data":{"flags":32768,"components":[],` + quiet + `}}`, "0 components"},
		"an empty text":        {callback, `{"type":4,"data":{"flags":32768,"components":[{"type":10,"content":""}],` + quiet + `}}`, "empty"},
		"a fair command":       {commands, `[{"name":"who","description":"Who said it"}]`, ""},
		"capitals in a name":   {commands, `[{"name":"Who","description":"Who said it"}]`, "capitals"},
		"no description":       {commands, `[{"name":"who","description":"Who said it","options":[{"type":3,"name":"words"}]}]`, "no description"},
		"required after free":  {commands, `[{"name":"who","description":"d","options":[{"type":3,"name":"a","description":"d"},{"type":3,"name":"b","description":"d","required":true}]}]`, "comes after"},
		"two commands of name": {commands, `[{"name":"who","description":"d"},{"name":"who","description":"d"}]`, "twice"},
		"not JSON":             {callback, `{`, "no message"},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, Lint(httptest.NewRequest("POST", tc.path, nil), []byte(tc.body)), tc.want)
		})
	}
}

func TestRequest(t *testing.T) {
	spec := ForTest(t)
	quiet := `"allowed_mentions":{"parse":[]}`
	for name, tc := range map[string]struct{ method, path, body, want string }{
		"a fair message":         {"POST", callback, `{"type":4,"data":{"content":"hello",` + quiet + `}}`, ""},
		"a fair edit":            {"PATCH", "/api/v9/webhooks/11/token/messages/@original", `{"content":"hello",` + quiet + `}`, ""},
		"a fair command":         {"PUT", commands, `[{"name":"who","description":"Who said it","options":[{"type":3,"name":"words","description":"d"}]}]`, ""},
		"content over 2000":      {"POST", callback, `{"type":4,"data":{"content":"` + strings.Repeat("x", 2001) + `",` + quiet + `}}`, "2000"},
		"an unknown member":      {"POST", callback, `{"type":4,"data":{"contents":"hello"}}`, `unknown member "contents"`},
		"an unknown member deep": {"PUT", commands, `[{"name":"who","description":"d","options":[{"type":3,"name":"words","description":"d","min":2}]}]`, `unknown member "min"`},
		"no such path":           {"POST", "/api/v9/nowhere", `{}`, "not described"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(tc.method, tc.path, nil)
			r.Header.Set("Content-Type", "application/json")
			check(t, spec.Request(r, []byte(tc.body)), tc.want)
		})
	}
}

func TestResponse(t *testing.T) {
	spec := ForTest(t)
	r := httptest.NewRequest("GET", "/api/v9/gateway", nil)
	header := map[string][]string{"Content-Type": {"application/json"}}
	check(t, spec.Response(r, 200, header, []byte(`{"url":"wss://gateway.example"}`)), "")
	check(t, spec.Response(r, 200, header, []byte(`{"link":"wss://gateway.example"}`)), "url")
}

func check(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("unexpected complaint: %v", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("complaint %v, want one about %q", err, want)
	}
}
