package quote

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestQuotationMarks shows which stretches of a text count as quoted: the
// outermost ones, marks included.
func TestQuotationMarks(t *testing.T) {
	e := newEngine(t)
	tests := []struct {
		name, text string
		want       []string
	}{
		{"curly", `She said “yes” and “no”.`, []string{"“yes”", "“no”"}},
		{"straight", `She said "yes" and "no".`, []string{`"yes"`, `"no"`}},
		{"two single marks for a double one", `She said ''yes'' at once.`, []string{`''yes''`}},
		{"grave accents open", "She said ``yes'' at once.", []string{"``yes''"}},
		{"low and high", `Sie sagte: „Ja.“`, []string{"„Ja.“"}},
		{"guillemets", `Elle a dit « oui ».`, []string{"« oui »"}},
		{"guillemets turned inward", `Sie sagte: »Ja.«`, []string{"»Ja.«"}},
		{"single marks", `She called it ‘a farce’ and left.`, []string{"‘a farce’"}},
		{"single marks nested in double ones", `“He told me, ‘Wait here,’ and left,” she said.`, []string{"“He told me, ‘Wait here,’ and left,”"}},
		{"double marks nested in straight ones", `"He called it “a farce” twice," she said.`, []string{`"He called it “a farce” twice,"`}},
		{"apostrophes are no marks", `The voters’ choice wasn’t the Finches’.`, nil},
		{"straight apostrophes are no marks", `The voters' choice wasn't 'em.`, nil},
		{"a possessive within single marks", `She wrote of ‘the voters’ choice’ again.`, []string{"‘the voters’ choice’"}},
		{"feet and inches are no marks", `The statue is 5'10" tall and 6" wide.`, nil},
		{"an opening mark set against the wrong side", `”We won today. Nobody lost,” she said.`, []string{"”We won today. Nobody lost,”"}},
		{"a closing mark without its partner", `We won today, and nobody lost,” she said.`, []string{"We won today, and nobody lost,”"}},
		{"an opening mark without its partner goes to the paragraph's end", "She said: “We won today.\n\nThe rain set in.", []string{"“We won today."}},
		{"a stray mark within a sentence is ignored", `The sign “ was crooked and the door was shut.`, nil},
		{"each paragraph of a long quote opens with a mark", "“We won.\n\n“Nobody lost.\n\n“We go home,” she said.", []string{"“We won.", "“Nobody lost.", "“We go home,”"}},
		{"marks with nothing in them", `"" “” ''`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := analyse(&Document{Text: tt.text}, e.packs["en"])
			var got []string
			for _, r := range a.regions {
				if !r.nested {
					s := a.span(r.first, r.end)
					got = append(got, a.text[s.Start:s.End])
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("quoted (-want +got):\n%s", d)
			}
		})
	}
}
