package bot

import (
	"testing"

	"github.com/whosaid/whosaid/answer"
	"github.com/whosaid/whosaid/quote"
)

// printed is a quote that stands in many articles, one of which contradicts.
func printed() answer.Answer {
	a := halden()
	a.Prints = answer.Prints{
		AlsoIn: 1234, FirstPrinted: "2024-05-02", Longest: "“The lighthouse stays open all winter and all spring”",
		Conflicts: []answer.Conflict{
			{Speaker: &quote.Speaker{Name: "*Piet* Ostrander", Type: quote.TypePerson}, Sources: []string{"Evening Kite", "[Harbour](https://x.example) Watch", "Third"}},
			{Speaker: &quote.Speaker{Name: "Olga Prum", Type: quote.TypePerson}},
		},
	}
	return a
}

// TestPrintsMessages shows what a member gets of a quote that was printed more than once.
func TestPrintsMessages(t *testing.T) {
	once := halden()
	once.Prints = answer.Prints{AlsoIn: 1}
	f := &fakeBackend{reply: answer.Reply{Answers: []answer.Answer{printed(), once}}}
	resp, err := newHandlers(t, f).routes().serve(t.Context(), member(SlashCommand, "ask", map[string]string{"question": "Will the lighthouse stay open?"}))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "ask_prints", resp.Message)

	a := printed()
	f = &fakeBackend{check: answer.Check{Verdict: answer.Verbatim, Best: &a}}
	resp, err = newHandlers(t, f).routes().serve(t.Context(), member(SlashCommand, "verify", map[string]string{"claim": "The lighthouse stays open all winter"}))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "verify_prints", resp.Message)
}
