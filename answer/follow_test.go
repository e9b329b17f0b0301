package answer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFollow(t *testing.T) {
	s := harbour(t)
	ask := func(q string) Query { return s.parser(nil).parse(q).Query }
	for _, c := range []struct{ name, first, then, want string }{
		{"another topic", "what did Ines Okafor say about ferries?", "and about the bridge?", `what speaker:"Ines Okafor" about: bridge`},
		{"what about a topic", "what did Ines Okafor say about ferries?", "what about fares?", `what speaker:"Ines Okafor" about: fares`},
		{"a topic alone", "what did Ines Okafor say about ferries?", "and the bridge?", `what speaker:"Ines Okafor" about: bridge`},
		{"another speaker", "what did Ines Okafor say about ferries?", "and Reyes?", `what speaker:"Tomas Reyes" about: ferries`},
		{"another speaker and topic", "what did Ines Okafor say about ferries?", "and Reyes on the closure?", `what speaker:"Tomas Reyes" about: closure`},
		{"after about a name is a topic", "what did Ines Okafor say about ferries?", "and about Reyes?", `what speaker:"Ines Okafor" about: Reyes`},
		{"a speaker after who", "who spoke about the bridge?", "and Lena Okafor?", `what speaker:"Lena Okafor" about: bridge`},
		{"what else", "what did Ines Okafor say about ferries?", "what else did she say?", `what speaker:"Ines Okafor"`},
		{"what else about", "what did Ines Okafor say about ferries?", "what else did she say about the bridge?", `what speaker:"Ines Okafor" about: bridge`},
		{"who else", "what did Ines Okafor say about ferries?", "who else said that?", `who about: ferries`},
		{"she", "what did Ines Okafor say about ferries?", "did she say that nobody should drive?", `verify speaker:"Ines Okafor" about: nobody should drive`},
		{"her", "what did Ines Okafor say about ferries?", "what was her promise about 2031?", `what speaker:"Ines Okafor" about: promise about 2031`},
		{"when", "what did Ines Okafor say about ferries?", "when did she say that?", `when speaker:"Ines Okafor" about: ferries`},
		{"where", "what did Ines Okafor say about ferries?", "where was that printed?", `what where speaker:"Ines Okafor" about: ferries`},
		{"dates", "what did Ines Okafor say about ferries?", "and last month?", `what speaker:"Ines Okafor" after:"2026-05-01" before:"2026-05-31" about: ferries`},
		{"publisher", "what did Ines Okafor say about ferries?", "and in the Daily Gull?", `what speaker:"Ines Okafor" publisher:"Daily Gull" about: ferries`},
		{"operators", "what did Ines Okafor say about ferries?", "and before:2026-04-01", `what speaker:"Ines Okafor" before:"2026-04-01" about: ferries`},
		{"dates stay", "what did Ines Okafor say about ferries last month?", "and about fares?", `what speaker:"Ines Okafor" after:"2026-05-01" before:"2026-05-31" about: fares`},
		{"a question of its own", "what did Ines Okafor say about ferries?", "who said the bridge is not safe?", `who about: bridge is not safe`},
		{"a search of its own", "what did Ines Okafor say about ferries?", "small businesses before the summer", `search about: small businesses before the summer`},
		{"nothing before", "", "and about fares?", `search about: fares`},
		{"nothing", "what did Ines Okafor say about ferries?", " ", `search`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var prev Query
			if c.first != "" {
				prev = ask(c.first)
			}
			if diff := cmp.Diff(c.want, s.Follow(nil, prev, c.then).String()); diff != "" {
				t.Errorf("after %q, %q (-want +got)\n%s", c.first, c.then, diff)
			}
		})
	}
}

// A conversation: who, then what else, of the one who was the answer.
func TestAskFollows(t *testing.T) {
	s := harbour(t)
	first, err := s.Ask(t.Context(), Request{Question: "who said the bridge is not safe?"})
	if err != nil {
		t.Fatal(err)
	}
	asked := first.Asked()
	then, err := s.Ask(t.Context(), Request{Question: "what else did she say about the ferry?", Previous: &asked})
	if err != nil {
		t.Fatal(err)
	}
	if len(then.Answers) == 0 || !strings.HasPrefix(then.Answers[0].Quote, "“I never promised") {
		t.Errorf("%s: %+v", then.Query, then.Answers)
	}
}

func TestGoesOn(t *testing.T) {
	for question, want := range map[string]bool{
		"and about the bridge?": true, "What about fares?": true, "And Reyes": true, "what else did she say?": true, "who else?": true,
		"when was that?": true, "did she say that fares rise?": true, "but why?": true, "okay, and in May?": true,
		"": false, "the bridge": false, "ferry fares": false, "Who said the bridge is not safe?": false,
		"what did Ines Okafor say about Andover?": false, "android phones": false, "soap and water": false, "the theory of hershey": false,
		"who said that nobody finds a man by his loyalty?": false, "did Ines Okafor say “she never promised it”?": false, "who said that?": true,
	} {
		if got := GoesOn(question); got != want {
			t.Errorf("%q goes on: %v, want %v", question, got, want)
		}
	}
}

func FuzzFollow(f *testing.F) {
	for _, q := range []string{"and about x?", "what else", "and", "when was that?", "did she", "\xff", "what about in May", "and before:2026-01-01"} {
		f.Add("what did Okafor say about ferries?", q)
	}
	s := harbour(f)
	f.Fuzz(func(t *testing.T, first, then string) {
		prev := s.parser(nil).parse(first).Query
		if q := s.Follow(nil, prev, then); q.Intent == "" {
			t.Errorf("%q after %q has no intent", then, first)
		}
	})
}
