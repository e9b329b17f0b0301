package bot

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestDiagnose shows what the doctor sees in setups that are well and ill.
func TestDiagnose(t *testing.T) {
	t.Parallel()
	type reply = map[string]any
	key := strings.Repeat("ab", 32)
	limit := func(remaining int) reply {
		return reply{"total": 1000, "remaining": remaining, "reset_after": 3600_000, "max_concurrency": 1}
	}
	well := func() map[string]any {
		return map[string]any{
			"/users/@me":                reply{"username": "whosaid"},
			"/applications/@me":         reply{"id": "11", "flags": 0, "verify_key": key, "interactions_endpoint_url": nil},
			"/applications/11/commands": []reply{{"name": "ask", "default_member_permissions": nil}},
			"/gateway/bot":              reply{"shards": 1, "session_start_limit": limit(999)},
			"/users/@me/guilds":         []reply{{"name": "Tarn", "permissions": "35840"}},
		}
	}
	for name, tc := range map[string]struct {
		config Config
		change func(map[string]any)
		want   string // LEVEL CHECK of what is not ok
		hint   string
	}{
		"all is well": {Config{}, func(map[string]any) {}, "", ""},
		"all is well, HTTP": {Config{PublicKey: strings.ToUpper(key)}, func(m map[string]any) {
			m["/applications/@me"].(reply)["interactions_endpoint_url"] = "https://x.example"
		}, "", ""},
		"a refused token": {Config{}, func(m map[string]any) { delete(m, "/users/@me") }, "failed token", "Reset Token"},
		"another's key":   {Config{PublicKey: strings.Repeat("00", 32)}, func(map[string]any) {}, "failed public key", "Public Key"},
		"no endpoint":     {Config{PublicKey: key}, func(map[string]any) {}, "failed interactions", "--http-addr"},
		"a stray endpoint": {Config{}, func(m map[string]any) {
			m["/applications/@me"].(reply)["interactions_endpoint_url"] = "https://x.example"
		}, "failed interactions", "empty the field"},
		"no sessions left":   {Config{}, func(m map[string]any) { m["/gateway/bot"].(reply)["session_start_limit"] = limit(0) }, "failed gateway", "restarts so often"},
		"very many servers":  {Config{}, func(m map[string]any) { m["/gateway/bot"].(reply)["shards"] = 100 }, "failed gateway", "--http-addr"},
		"no commands yet":    {Config{}, func(m map[string]any) { m["/applications/11/commands"] = []reply{} }, "warning commands", "whosaid serve"},
		"no servers yet":     {Config{}, func(m map[string]any) { m["/users/@me/guilds"] = []reply{} }, "warning servers", "client_id=11"},
		"few permissions":    {Config{}, func(m map[string]any) { m["/users/@me/guilds"] = []reply{{"name": "Tarn", "permissions": "3072"}} }, "warning permissions", "the bot's role"},
		"an administrator":   {Config{}, func(m map[string]any) { m["/users/@me/guilds"] = []reply{{"name": "Tarn", "permissions": "8"}} }, "", ""},
		"intents are on too": {Config{}, func(m map[string]any) { m["/applications/@me"].(reply)["flags"] = 1 << 18 }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStandIn(t)
			replies := well()
			tc.change(replies)
			s.reply = func(w http.ResponseWriter, r *http.Request) bool {
				found, ok := replies[strings.TrimPrefix(r.URL.Path, "/api/v9")]
				if !ok {
					w.WriteHeader(http.StatusUnauthorized)
					return true
				}
				json.NewEncoder(w).Encode(found)
				return true
			}
			tc.config.Token, tc.config.HTTPClient = "token", s.client()
			var bad []string
			hints := ""
			for _, f := range Diagnose(t.Context(), tc.config) {
				if f.Detail == "" {
					t.Errorf("%s: no detail", f.Check)
				}
				if f.Level != OK {
					bad = append(bad, string(f.Level)+" "+f.Check)
					hints += f.Hint
				}
			}
			if got := strings.Join(bad, ", "); got != tc.want || !strings.Contains(hints, tc.hint) {
				t.Errorf("found %q with the hint %q, want %q and %q", got, hints, tc.want, tc.hint)
			}
			for _, r := range s.requests {
				if r.Method != http.MethodGet {
					t.Errorf("it sent %s %s", r.Method, r.Path)
				}
			}
		})
	}
}
