package bot

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecode(t *testing.T) {
	const address = `"id":"1","application_id":"11","token":"tok"`
	for name, tc := range map[string]struct {
		event string
		want  Request
	}{
		"a command in a server": {
			`{` + address + `,"type":2,"guild_id":"77","channel_id":"88","locale":"uk","member":{"user":{"id":"99"},"permissions":"32"},
			  "data":{"name":"quotes","options":[{"name":"speaker","type":3,"value":" Halden "},{"name":"about","type":3,"value":"boats"}]}}`,
			Request{
				Kind: SlashCommand, Name: "quotes", Options: map[string]string{"speaker": "Halden", "about": "boats"},
				GuildID: "77", ChannelID: "88", UserID: "99", Permissions: 32, Locale: "uk",
			},
		},
		"a subcommand": {
			`{` + address + `,"type":2,"data":{"name":"corpus","options":[{"name":"status","type":1}]}}`,
			Request{Kind: SlashCommand, Name: "corpus status", Options: map[string]string{}},
		},
		"a subcommand of a group, with a number": {
			`{` + address + `,"type":2,"data":{"name":"a","options":[{"name":"b","type":2,"options":[{"name":"c","type":1,"options":[{"name":"n","type":4,"value":3}]}]}]}}`,
			Request{Kind: SlashCommand, Name: "a b c", Options: map[string]string{"n": "3"}},
		},
		"typing in a direct message": {
			`{` + address + `,"type":4,"user":{"id":"99"},"data":{"name":"verify","options":[{"name":"claim","type":3,"value":"x"},{"name":"speaker","type":3,"value":"Ha","focused":true}]}}`,
			Request{Kind: Autocomplete, Name: "verify", Options: map[string]string{"claim": "x", "speaker": "Ha"}, Focused: "speaker", UserID: "99"},
		},
		"a click": {
			`{` + address + `,"type":3,"data":{"component_type":2,"custom_id":"more:3:c=ask&t=x"}}`,
			Request{Kind: Click, Name: "more", Arg: "3:c=ask&t=x"},
		},
		"permissions that can't be read": {
			`{` + address + `,"type":3,"member":{"permissions":"all"},"data":{"custom_id":"reindex:start"}}`,
			Request{Kind: Click, Name: "reindex", Arg: "start"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			it, err := decode([]byte(tc.event))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, it.Request); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		event   string
		address bool // whether the member can be told
	}{
		"nothing":              {``, false},
		"no object":            {`[]`, false},
		"an id that is a path": {`{"id":"1/../2","application_id":"11","token":"tok","type":2}`, false},
		"a token that is one":  {`{"id":"1","application_id":"11","token":"a/b","type":2}`, false},
		"no data":              {`{"id":"1","application_id":"11","token":"tok","type":2}`, true},
		"null for data":        {`{"id":"1","application_id":"11","token":"tok","type":2,"data":null}`, true},
		"a type that is new":   {`{"id":"1","application_id":"11","token":"tok","type":12,"data":{}}`, true},
		"a member that is odd": {`{"id":"1","application_id":"11","token":"tok","type":2,"member":3,"data":{}}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			it, err := decode([]byte(tc.event))
			if err == nil || (it != nil) != tc.address {
				t.Errorf("decoded as %+v with error %v", it, err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id":"1","application_id":"11","token":"tok","type":2,"data":{"name":"ask","options":[{"name":"question","value":"x"}]}}`))
	f.Add([]byte(`{"id":"1","application_id":"11","token":"tok","type":3,"data":{"custom_id":"context:a.q1"}}`))
	f.Add([]byte(`{"id":"1","application_id":"11","token":"tok","type":2,"data":{"name":"a","options":[{"options":[{"options":[]}]}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		it, err := decode(raw)
		if err != nil && !errors.Is(err, errUndecodable) && !errors.Is(err, errForged) {
			t.Errorf("an error of an unknown kind: %v", err)
		}
		if it != nil && strings.ContainsAny(it.ID+it.AppID+it.Token, "/?#%") {
			t.Errorf("an address that changes the URL: %+v", it)
		}
	})
}
