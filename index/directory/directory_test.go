package directory

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whosaid/whosaid/index"
	"github.com/whosaid/whosaid/quote"
)

func TestQueryMatchesSpeaker(t *testing.T) {
	orla := quote.Speaker{Name: "Orla B. Finnegan", Type: quote.TypePerson, Aliases: []string{"Ms. Finnegan", "she"}}
	berg := quote.Speaker{Name: "Joost van der Velde", Type: quote.TypePerson}
	junior := quote.Speaker{Name: "Emil Tarkov Jr.", Type: quote.TypePerson}
	union := quote.Speaker{Name: "The Ferry Workers' Union", Type: quote.TypeOrg, Aliases: []string{"F.W.U."}}
	tests := []struct {
		query   string
		speaker quote.Speaker
		want    bool
	}{
		{"Orla B. Finnegan", orla, true},
		{"orla finnegan", orla, true},
		{"ORLA BRIGID FINNEGAN", orla, true},
		{"Engineer Finnegan", orla, false},
		{"Mrs. Finnegan", orla, true},
		{"President Órla Finnegan", orla, true},
		{"Finnegan", orla, true},
		{"Dana Finnegan", orla, false},
		{"she", orla, false},
		{"Orla", orla, false},
		{"van der Velde", berg, true},
		{"Velde", berg, true},
		{"Joost Velde", berg, true},
		{"Emil Tarkov", junior, false},
		{"Emil Tarkov Jr", junior, true},
		{"Tarkov", junior, true},
		{"ferry workers union", union, true},
		{"the Ferry Workers’ Union", union, true},
		{"FWU", union, true},
		{"union", union, false},
	}
	for _, tt := range tests {
		keys := Keys(tt.speaker)
		got := slices.ContainsFunc(QueryKeys(tt.query), func(k string) bool { return slices.Contains(keys, k) })
		if got != tt.want {
			t.Errorf("%q finds %q: %t, want %t (keys %q, asked %q)", tt.query, tt.speaker.Name, got, tt.want, keys, QueryKeys(tt.query))
		}
	}
}

func said(scope, name, role string, quotes int, aliases ...string) Count {
	return Count{Scope: scope, Quotes: quotes, Speaker: &quote.Speaker{Name: name, Role: role, Type: quote.TypePerson, Aliases: aliases}}
}

func TestSpeakers(t *testing.T) {
	d := New([]Count{
		said("shared", "Emil J. Tarkov", "mayor", 5, "Mr. Tarkov"),
		said("shared", "EMIL TARKOV", "candidate", 2),
		said("shared", "Lena Tarkov", "baker", 4),
		said("shared", "Georg A. Wint", "duke", 2),
		said("shared", "Georg B. Wint", "duke", 1),
		said("shared", "Georg Wint", "", 3),
		said("guild", "Emil Tarkov", "smith", 9),
		said("guild", "Olga Prum", "", 1),
		{Scope: "shared", Quotes: 50, Speaker: &quote.Speaker{Name: "a person on the quay", Type: quote.TypeUnnamed}},
		{Scope: "shared", Quotes: 3, Speaker: &quote.Speaker{Name: "Harbour Watch", Type: quote.TypeOrg}},
	}, map[string]map[string]int{"shared": {"The Harbour Post": 3, "Valley Courier": 7}, "guild": {"Guild Gazette": 1}})

	tests := []struct {
		name   string
		scopes []string
		prefix string
		limit  int
		want   []index.SpeakerEntry
	}{
		{"forms of one speaker are one entry", []string{"shared"}, "emil", 5, []index.SpeakerEntry{
			{Name: "Emil J. Tarkov", Type: quote.TypePerson, Role: "mayor", Quotes: 7, Aliases: []string{"Mr. Tarkov", "EMIL TARKOV"},
				Roles: []index.Role{{Name: "mayor", Quotes: 5}, {Name: "candidate", Quotes: 2}}}}},
		{"scopes add up", []string{"shared", "guild"}, "emil t", 5, []index.SpeakerEntry{
			{Name: "Emil J. Tarkov", Type: quote.TypePerson, Role: "mayor", Quotes: 16, Aliases: []string{"Mr. Tarkov", "EMIL TARKOV"},
				Roles: []index.Role{{Name: "mayor", Quotes: 5}, {Name: "candidate", Quotes: 2}}}}},
		{"other initials, other people", []string{"shared"}, "wint", 5, []index.SpeakerEntry{
			{Name: "Georg Wint", Type: quote.TypePerson, Quotes: 3},
			{Name: "Georg A. Wint", Type: quote.TypePerson, Role: "duke", Quotes: 2, Roles: []index.Role{{Name: "duke", Quotes: 2}}},
			{Name: "Georg B. Wint", Type: quote.TypePerson, Role: "duke", Quotes: 1, Roles: []index.Role{{Name: "duke", Quotes: 1}}}}},
		{"an organisation", []string{"shared"}, "WATCH", 5, []index.SpeakerEntry{
			{Name: "Harbour Watch", Type: quote.TypeOrg, Quotes: 3}}},
		{"another scope's speaker", []string{"shared"}, "prum", 5, []index.SpeakerEntry{}},
		{"an unnamed one", []string{"shared"}, "person", 5, []index.SpeakerEntry{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, d.Speakers(tt.scopes, tt.prefix, tt.limit)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.prefix, diff)
			}
		})
	}

	var top []string
	for _, e := range d.Speakers([]string{"shared"}, "", 2) {
		top = append(top, e.Name)
	}
	if diff := cmp.Diff([]string{"Emil J. Tarkov", "Lena Tarkov"}, top); diff != "" {
		t.Errorf("the most quoted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"The Harbour Post"}, d.Publishers([]string{"shared"}, "harb", 5)); diff != "" {
		t.Errorf("publishers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Valley Courier", "The Harbour Post"}, d.Publishers([]string{"shared"}, "", 5)); diff != "" {
		t.Errorf("all publishers (-want +got):\n%s", diff)
	}
}

// Every part of every name completes to it, whatever the order of counting.
func TestSpeakersComplete(t *testing.T) {
	word := rapid.StringMatching(`[A-Z][a-zéü]{2,6}`)
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return word.Draw(t, "first") + " " + word.Draw(t, "last")
		}), 1, 20).Draw(t, "names")
		var counts []Count
		for _, n := range names {
			counts = append(counts, said("s", n, "", 1))
		}
		d := New(counts, nil)
		name := rapid.SampledFrom(names).Draw(t, "name")
		from := rapid.SampledFrom([]string{name, name[slices.Index([]byte(name), ' ')+1:]}).Draw(t, "part")
		found := d.Speakers([]string{"s"}, from, len(names))
		key, _ := identity(newForm(said("s", name, "", 1)))
		if !slices.ContainsFunc(found, func(e index.SpeakerEntry) bool {
			k, _ := identity(newForm(said("s", e.Name, "", 1)))
			return k == key
		}) {
			t.Fatalf("%q does not complete to %q: %v", from, name, found)
		}
	})
}
