package corpus

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The kinds that a paragraph gets at the end of an article. What may hold a
// quotation or a report of speech stays in the body.
func TestKindsAtTheEnd(t *testing.T) {
	tests := []struct {
		last string
		want ParagraphKind
	}{
		{"Ida Brock contributed reporting.", Byline},
		{"Ida Brock, Petr Anders and Lise van der Holm contributed reporting from Sarn.", Byline},
		{"The Associated Press contributed to this report.", Byline},
		{"Ida Brock reported from Sarn, and Petr Anders from Port Ellery.", Byline},
		{"(Additional reporting by Lise Holm in Sarn; Editing by Mara Quill)", Byline},
		{"Mara Quill has been reporting from the islands for The Harbour Post since the bridge closed.", Bio},
		{"Mara Quill is a senior reporter at The Harbour Post, where she covers the sea.", Bio},
		{"Mara Quill covers the islands for The Harbour Post.", Bio},
		{"Follow Mara Quill on Twitter @quill.", Bio},
		{"Read more: how the ferry was saved", Furniture},
		{"Sign up for our newsletter", Furniture},
		{"© 2021 The Harbour Post", Furniture},
		{"Orla Finn at the quay. (Ann Poe/Coast Wire Photo)", Furniture},
		{"The post The Ferry appeared first on The Harbour Post.", Furniture},

		{"“I contributed reporting,” said Ida Brock.", Body},
		{"The islanders contributed to this report of losses, Ms. Finn said.", Body},
		{"Coast Wire reported from Sarn that the ferry would stay.", Body},
		{"Orla Finn is a carter who has crossed the river for thirty years.", Body},
		{"Orla Finn has been waiting since dawn.", Body},
		{"Mara Quill is a reporter, “and a good one,” said Ms. Finn.", Body},
		{"Read more slowly, the judge said, and ordered the clerk to begin again.", Body},
		{"Watch the harbour, the old people say, and you see the weather.", Body},
		{"The post of harbour master appeared first on the island in 1821.", Body},
	}
	for _, tt := range tests {
		a := &Article{Text: "The ferry stays, the council said.\nNobody was there to hear it.\n" + tt.last}
		a.classify(splitParagraphs(a.Text))
		if got := a.Paragraphs[2].Kind; got != tt.want {
			t.Errorf("%q is %s, want %s", tt.last, got, tt.want)
		}
	}
}

func TestBylines(t *testing.T) {
	for line, want := range map[string][]string{
		"By Ida Brock":                              {"Ida Brock"},
		"BY IDA BROCK AND PETR O'DALE":              {"Ida Brock", "Petr O'Dale"},
		"By Ida Brock, Petr Anders and Lise Holm":   {"Ida Brock", "Petr Anders", "Lise Holm"},
		"By Ida Brock, The Harbour Post":            {"Ida Brock"},
		"By J. P. van der Holm | Staff writer":      {"J. P. van der Holm"},
		"By Monday the ferry had gone.":             nil,
		"By all accounts, Ida Brock was not there.": nil,
		"By Ida Brock's own account it was late, and nobody on the quay had thought of asking why that was.": nil,
		"Ida Brock": nil,
	} {
		if diff := cmp.Diff(want, parseByline(line)); diff != "" {
			t.Errorf("%q:\n%s", line, diff)
		}
	}
}

func TestHeadlines(t *testing.T) {
	body := "\n\n“The old bridge over the Sarn is open,” said the mayor, Tomas Vell, on Monday to a crowd." +
		"\n\nThe work took a year and cost the town twice what the council had planned, said a clerk." +
		"\n\nIt was not the first time that it had been closed, and the people had their boats, he added."
	for text, want := range map[string]string{
		"Old Bridge Over the Sarn Reopens":              "Old Bridge Over the Sarn Reopens",
		"Old bridge reopens, at last.":                  "Old bridge reopens, at last",
		"Bridge reopens;\nmayor pleased.":               "Bridge reopens; mayor pleased",
		"“It Is Open”: A Bridge and Its People":         "",
		"SARN (Coast Wire) — The old bridge reopened.":  "",
		"The old bridge reopened. The mayor was there.": "",
		"LETTERS.": "",
		strings.Repeat("The old bridge has been opened again ", 6): "",
		"Published March 3, 2021":                                  "",
	} {
		a := &Article{Text: text + body}
		a.classify(splitParagraphs(a.Text))
		if a.Title != want {
			t.Errorf("%q: title %q, want %q", text, a.Title, want)
		}
		if kind := a.Paragraphs[0].Kind; (kind == Heading) != (want != "") {
			t.Errorf("%q is %s", text, kind)
		}
	}
}

func TestNormalDate(t *testing.T) {
	for in, want := range map[string]string{
		"2021-03-08":                      "2021-03-08",
		"2021-03-08T23:30:00-05:00":       "2021-03-08", // the writer's day
		"March 8, 2021":                   "2021-03-08",
		"Mon, 08 Mar 2021 22:15:00 +0100": "2021-03-08",
		"8 March 2021":                    "2021-03-08",
		"8 mars 2021":                     "2021-03-08",
		"8. März 2021":                    "2021-03-08",
		"lunes, 8 de marzo de 2021":       "2021-03-08",
		"8 березня 2021 року":             "2021-03-08",
		"31 июня 2021":                    "", // June has no 31st
		"20210308":                        "2021-03-08",
		"25/12/2020":                      "2020-12-25",
		"03/04/2020":                      "", // in March or in April?
		"yesterday":                       "",
		"March 8":                         "",
		"2021":                            "",
		"9999-12-31":                      "",
		"":                                "",
	} {
		if got := normalDate(in); got != want {
			t.Errorf("normalDate(%q) = %q, want %q", in, got, want)
		}
	}
}

// Paragraphs are ascending, disjoint, trimmed, and leave out nothing but white space.
func TestParagraphsCoverTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{
			"\n", "\n\n", "\r\n", "\r", "\u2028", " ", "\t", "\u00a0", byteOrderMark, "“It is late,” she said.", "word", "é",
			strings.Repeat("a line as mail has it ", 3),
		})).Draw(t, "parts"), "")
		var kept strings.Builder
		end := 0
		for _, s := range splitParagraphs(text) {
			if s.Start < end || s.Len() <= 0 || s.End > len(text) || trimSpan(text, s) != s {
				t.Fatalf("span %v of %q", s, text)
			}
			kept.WriteString(text[s.Start:s.End])
			end = s.End
		}
		without := func(s string) string { return strings.ReplaceAll(string(squeeze(s)), byteOrderMark, "") }
		if without(kept.String()) != without(text) {
			t.Fatalf("%q keeps only %q", text, kept.String())
		}
	})
}
