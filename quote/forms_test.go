package quote

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said is a quote as the tests below write it.
type said struct {
	Kind    Kind
	Speaker string
	Text    string
}

func saidOf(quotes []Quote) []said {
	var out []said
	for _, q := range quotes {
		out = append(out, said{q.Kind, speakerName(q), q.Text})
	}
	return out
}

// TestForms shows the forms in which articles report speech, one by one.
func TestForms(t *testing.T) {
	e := newEngine(t)
	tests := []struct {
		name, text string
		want       []said
	}{
		{
			"said X, after the quotation",
			"“The bridge will open in spring,” said Orla Pennyfeather.",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge will open in spring,”"}},
		}, {
			"X said, after the quotation",
			"“The bridge will open in spring,” Orla Pennyfeather said on Monday.",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge will open in spring,”"}},
		}, {
			"X said, before the quotation",
			"Orla Pennyfeather told reporters, “The bridge will open in spring.”",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge will open in spring.”"}},
		}, {
			"interrupted: one quote with two spans",
			"“The bridge,” Orla Pennyfeather said, “will open in the spring of next year.”",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge,” … “will open in the spring of next year.”"}},
		}, {
			"interrupted by a long apposition",
			"“My shift starts at six,” said Orla Pennyfeather, a nurse at the hospital on the western shore, who had been in line for an hour, “and the boat left before that.”",
			[]said{{Direct, "Orla Pennyfeather", "“My shift starts at six,” … “and the boat left before that.”"}},
		}, {
			"a participle of saying between two quotations: two quotes",
			"“The bridge will open in spring,” Orla Pennyfeather said, adding later, “The paint was never the trouble with it.”",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge will open in spring,”"}, {Direct, "Orla Pennyfeather", "“The paint was never the trouble with it.”"}},
		}, {
			"a participle of saying in front, with its subject behind",
			"Praising the boatmen as “quiet heroes,” Orla Pennyfeather accused Nils Hathersage of sleep, though a review of the log shows that he was awake.",
			[]said{
				{Mixed, "Orla Pennyfeather", "the boatmen as “quiet heroes,”"},
				{Indirect, "Orla Pennyfeather", "Nils Hathersage of sleep"},
				{Indirect, "a review of the log", "that he was awake"},
			},
		}, {
			"a participle of saying behind a clause that somebody said",
			"Orla Pennyfeather told the meeting that she believes we must keep the bridge, saying that paint “still hides too much” of it.",
			[]said{{Indirect, "Orla Pennyfeather", "that she believes we must keep the bridge"}, {Mixed, "Orla Pennyfeather", "that paint “still hides too much” of it"}},
		}, {
			"a clause, the cue, and the quotation that ends the clause",
			"When the committee signed the plan, Orla Pennyfeather said, “we were asleep in the harbour.”",
			[]said{{Mixed, "Orla Pennyfeather", "When the committee signed the plan … “we were asleep in the harbour.”"}},
		}, {
			"he, behind a subject described and named",
			"Nils Hathersage said the bridge was safe.\nA spokesman for the port, Lucan Oakapple, disputed that. “They asked for paint,” he said.",
			[]said{{Indirect, "Nils Hathersage", "the bridge was safe"}, {Indirect, "Lucan Oakapple", "that"}, {Direct, "Lucan Oakapple", "“They asked for paint,”"}},
		}, {
			"a letter over paragraphs, signed",
			"The Courier prints the letter in full.\n“Dear passenger,\n“You waited for nine days.\n“Yours on the water, Orla Pennyfeather”",
			[]said{{Direct, "Orla Pennyfeather", "“Dear passenger, … “You waited for nine days. … “Yours on the water, Orla Pennyfeather”"}},
		}, {
			"labels in bold",
			"**COURIER:** Was that luck?\n**PENNYFEATHER:** It was a loose screw.",
			[]said{{Indirect, "Courier", "Was that luck?"}, {Indirect, "Pennyfeather", "It was a loose screw."}},
		}, {
			"going on after the cue's sentence",
			"“The bridge will open in spring,” Orla Pennyfeather said. “We have waited long enough for it.”",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge will open in spring,” … “We have waited long enough for it.”"}},
		}, {
			"introduced by a colon",
			"Orla Pennyfeather opened the meeting. She added: “We have waited long enough for this bridge.”",
			[]said{{Direct, "Orla Pennyfeather", "“We have waited long enough for this bridge.”"}},
		}, {
			"reported with that",
			"Orla Pennyfeather said that the bridge would open in spring.",
			[]said{{Indirect, "Orla Pennyfeather", "that the bridge would open in spring"}},
		}, {
			"reported, the cue at the end",
			"The bridge will open in spring, Orla Pennyfeather said.",
			[]said{{Indirect, "Orla Pennyfeather", "The bridge will open in spring"}},
		}, {
			"a reported clause that the cue interrupts right behind its subject",
			"Orla Pennyfeather spoke on Monday. Gullhaven, she said, has waited long enough for the bridge.",
			[]said{{Indirect, "Orla Pennyfeather", "Gullhaven … has waited long enough for the bridge"}},
		}, {
			"the same with a subject of several words",
			"The old bridge over the Oar, Orla Pennyfeather said, is a danger to everybody who crosses it.",
			[]said{{Indirect, "Orla Pennyfeather", "The old bridge over the Oar … is a danger to everybody who crosses it"}},
		}, {
			"a word that only links sentences is not said",
			"Orla Pennyfeather spoke on Monday. Still, she said, the bridge is safe.",
			[]said{{Indirect, "Orla Pennyfeather", "the bridge is safe"}},
		}, {
			"a clause that goes on behind a participle between commas",
			"The board declined to say whether Ms. Pennyfeather would take the ferrymen up on their offer, made last week, to repair the pier in winter, and did not answer letters.",
			[]said{{Indirect, "The board", "whether Ms. Pennyfeather would take the ferrymen up on their offer, made last week, to repair the pier in winter"}},
		}, {
			"a dialogue whose last turns have no cue",
			"“Who paid for it?” asked Walter Quillfeather.\n\n“The town did,” said Orla Pennyfeather.\n\n“All of it?”\n\n“Every penny of it.”",
			[]said{{Direct, "Walter Quillfeather", "“Who paid for it?”"}, {Direct, "Orla Pennyfeather", "“The town did,”"}, {Direct, "Walter Quillfeather", "“All of it?”"}, {Direct, "Orla Pennyfeather", "“Every penny of it.”"}},
		}, {
			"a quotation in a quotation",
			"“You told me ‘never again,’ and I believed it,” Orla Pennyfeather said.",
			[]said{{Direct, "Orla Pennyfeather", "“You told me ‘never again,’ and I believed it,”"}},
		}, {
			"all in capitals",
			"ORLA PENNYFEATHER, MAYOR OF GULLHAVEN, SAID ON MONDAY: “THE BRIDGE WILL OPEN IN SPRING.”",
			[]said{{Direct, "ORLA PENNYFEATHER", "“THE BRIDGE WILL OPEN IN SPRING.”"}},
		}, {
			"a post",
			"Orla Pennyfeather wrote on Twitter: “The bridge is open! #gullhaven”",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge is open! #gullhaven”"}},
		}, {
			"a list of reactions",
			"The town reacted at once:\n\n• Orla Pennyfeather, mayor: “We have waited long enough for this bridge.”\n\n• Walter Quillfeather, engineer: “It was built in a year, which is a record.”",
			[]said{{Direct, "Orla Pennyfeather", "“We have waited long enough for this bridge.”"}, {Direct, "Walter Quillfeather", "“It was built in a year, which is a record.”"}},
		}, {
			"questions and answers by letters, which name nobody",
			"Q: Is the bridge safe?\n\nA: It is as safe as any other bridge in the county.",
			[]said{{Indirect, "", "Is the bridge safe?"}, {Indirect, "", "It is as safe as any other bridge in the county."}},
		}, {
			"a closing mark forgotten before another's quotation",
			"“It is a warning to us all,” Orla Pennyfeather said. “If the bridge is not safe, nobody in the town is safe from it.\n\n“I have thought about it for years,” Walter Quillfeather added.",
			[]said{{Direct, "Orla Pennyfeather", "“It is a warning to us all,” … “If the bridge is not safe, nobody in the town is safe from it."}, {Direct, "Walter Quillfeather", "“I have thought about it for years,”"}},
		}, {
			"a closing mark forgotten before the words of saying",
			"“The bridge will open in spring, Orla Pennyfeather said.\n\nNobody answered her.",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge will open in spring,"}},
		}, {
			"no paragraph breaks",
			"“The bridge is falling,” Walter Quillfeather said. Nobody answered. “It is not,” Orla Pennyfeather replied.",
			[]said{{Direct, "Walter Quillfeather", "“The bridge is falling,”"}, {Direct, "Orla Pennyfeather", "“It is not,”"}},
		}, {
			"partly in marks",
			"Orla Pennyfeather said that the old bridge was “a danger to everybody who crosses it.”",
			[]said{{Mixed, "Orla Pennyfeather", "that the old bridge was “a danger to everybody who crosses it.”"}},
		}, {
			"according to, in front",
			"According to Orla Pennyfeather, the bridge will open in the spring of next year.",
			[]said{{Indirect, "Orla Pennyfeather", "the bridge will open in the spring of next year"}},
		}, {
			"according to, behind",
			"The bridge will open in the spring of next year, according to Orla Pennyfeather.",
			[]said{{Indirect, "Orla Pennyfeather", "The bridge will open in the spring of next year"}},
		}, {
			"over several paragraphs",
			"“The bridge will open in spring,” said Orla Pennyfeather. “We have waited long enough.\n\n“Now it is here, and we shall cross it.”",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge will open in spring,” … “We have waited long enough. … “Now it is here, and we shall cross it.”"}},
		}, {
			"over several paragraphs, behind the cue",
			"Orla Pennyfeather had one answer: “The bridge is ready, and we are glad of it.\n\n“We have waited for it since the flood.\n\n“Now come and cross it.”",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge is ready, and we are glad of it. … “We have waited for it since the flood. … “Now come and cross it.”"}},
		}, {
			"floating, behind a sentence that says that somebody speaks",
			"Orla Pennyfeather spoke for an hour.\n\n“We have waited long enough for this bridge, and we shall not wait any longer.”\n\n“It opens in spring, and that is that.”\n\nWalter Quillfeather shook his head.",
			[]said{{Direct, "Orla Pennyfeather", "“We have waited long enough for this bridge, and we shall not wait any longer.”"}, {Direct, "Orla Pennyfeather", "“It opens in spring, and that is that.”"}},
		}, {
			"a block with the marks of mail",
			"Orla Pennyfeather wrote to the council on Monday:\n\n> The bridge is not safe. It has not been safe since the flood.\n\n> Nobody has looked at it.\n\nThe council did not answer.",
			[]said{{Direct, "Orla Pennyfeather", "The bridge is not safe. It has not been safe since the flood. … Nobody has looked at it."}},
		}, {
			"a block with no marks",
			"Orla Pennyfeather wrote to the council on Monday:\n\nThe bridge is not safe. It has not been safe since the flood.\n\nThe council did not answer.",
			[]said{{Indirect, "Orla Pennyfeather", "The bridge is not safe. It has not been safe since the flood."}},
		}, {
			"a transcript",
			"COURIER: Is the bridge safe?\n\nORLA PENNYFEATHER: It is as safe as any other bridge.\n\nPENNYFEATHER: The town paid every penny of it.",
			[]said{{Indirect, "Courier", "Is the bridge safe?"}, {Indirect, "ORLA PENNYFEATHER", "It is as safe as any other bridge."}, {Indirect, "ORLA PENNYFEATHER", "The town paid every penny of it."}},
		}, {
			"signed with a dash, in a paragraph of its own",
			"“The bridge is the best thing that ever happened to this town.”\n\n— Orla Pennyfeather, Gullhaven",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge is the best thing that ever happened to this town.”"}},
		}, {
			"posts by handles",
			"@pennyfeather: The bridge is open! Come and see it all. #gullhaven\n\n@quillfeather: It will fall down within a year, mark my words.",
			[]said{{Indirect, "@pennyfeather", "The bridge is open! Come and see it all. #gullhaven"}, {Indirect, "@quillfeather", "It will fall down within a year, mark my words."}},
		}, {
			"a reply by a handle that the article explains",
			"Walter Quillfeather (@quillfeather) was first.\n\n“Not for long,” @quillfeather replied.",
			[]said{{Direct, "Walter Quillfeather", "“Not for long,”"}},
		}, {
			"a headline with a role, and one with a name",
			"Mayor: “The bridge will open in spring”\n\nPennyfeather: Bridge Is Not Safe for Anybody\n\nOrla Pennyfeather told the council on Monday that work had ended.",
			[]said{{Direct, "Mayor", "“The bridge will open in spring”"}, {Indirect, "Orla Pennyfeather", "Bridge Is Not Safe for Anybody"}, {Indirect, "Orla Pennyfeather", "that work had ended"}},
		}, {
			"reactions below the names",
			"The town reacted at once:\n\nOrla Pennyfeather, mayor of Gullhaven:\n\n“We have waited long enough for this bridge.”\n\nLucan Oakapple:\n\n“It was built in a year, which is a record.”",
			[]said{{Direct, "Orla Pennyfeather", "“We have waited long enough for this bridge.”"}, {Direct, "Lucan Oakapple", "“It was built in a year, which is a record.”"}},
		}, {
			"no opening mark",
			"The bridge will open in spring,” Orla Pennyfeather said on Monday. The council clapped.",
			[]said{{Direct, "Orla Pennyfeather", "The bridge will open in spring,”"}},
		}, {
			"no closing mark",
			"The council met on Monday.\n\n“The bridge will open in spring, and it will stay open, said Orla Pennyfeather, the mayor.\n\nThen everybody clapped.",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge will open in spring, and it will stay open"}},
		}, {
			"single marks",
			"Orla Pennyfeather began. 'The bridge is safe,' she said. 'We have looked at it.'",
			[]said{{Direct, "Orla Pennyfeather", "'The bridge is safe,' … 'We have looked at it.'"}},
		}, {
			"an article in capitals",
			"ORLA PENNYFEATHER SAID ON MONDAY THAT THE BRIDGE WOULD OPEN IN SPRING. “IT IS SAFE,” SHE TOLD THE COUNCIL.",
			[]said{{Indirect, "ORLA PENNYFEATHER", "THAT THE BRIDGE WOULD OPEN IN SPRING"}, {Direct, "ORLA PENNYFEATHER", "“IT IS SAFE,”"}},
		}, {
			"narration right behind a question",
			"Then Walter Quillfeather asked: “Have you looked?” She had, she said. Orla Pennyfeather replied: “Twice in a week.”",
			[]said{{Direct, "Walter Quillfeather", "“Have you looked?”"}, {Direct, "Orla Pennyfeather", "“Twice in a week.”"}},
		}, {
			"a show where it was said",
			"In an interview on Channel Four's “Harbour Talk,” Orla Pennyfeather said the bridge would open in spring.",
			[]said{{Indirect, "Orla Pennyfeather", "the bridge would open in spring"}},
		}, {
			"signed with a dash",
			"“The bridge is the best thing that ever happened to this town.” — Orla Pennyfeather, Gullhaven",
			[]said{{Direct, "Orla Pennyfeather", "“The bridge is the best thing that ever happened to this town.”"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := saidOf(extract(t, e, Document{Text: tt.text, Language: "en"}))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("quotes (-want +got):\n%s", d)
			}
		})
	}
}

// TestNoQuotes shows words in marks that nobody is quoted with.
func TestNoQuotes(t *testing.T) {
	e := rulesOnly(t)
	for name, text := range map[string]string{
		"words held up to doubt":                      "The so-called “bridge” is a plank over a ditch.",
		"the title of a work":                         "The choir rehearsed “The Bridge at Gullhaven” before lunch.",
		"feet and inches":                             `The bridge is 5'10" wide, Orla Pennyfeather found.`,
		"a sentence of its own with nobody to say it": "The old sign is still there. “No fishing from the bridge.”",
	} {
		t.Run(name, func(t *testing.T) {
			for _, q := range extract(t, e, Document{Text: text, Language: "en"}) {
				if q.Kind != Indirect {
					t.Errorf("got the quote %q", q.Text)
				}
			}
		})
	}
}

// TestSpeakers shows how the sources of quotes become speakers: each text is
// about the speaker of its last quote.
func TestSpeakers(t *testing.T) {
	e := newEngine(t)
	tests := []struct {
		name, text string
		want       string
		typ        SpeakerType
		role       string
	}{
		{"a surname", "Orla Pennyfeather visited the bridge on Monday. “It is ready,” Pennyfeather said.", "Orla Pennyfeather", TypePerson, ""},
		{"a title and surname", "Orla Pennyfeather visited the bridge on Monday. “It is ready,” Ms. Pennyfeather said.", "Orla Pennyfeather", TypePerson, ""},
		{"a title is no part of the name", "“It is ready,” said Gov. Orla Pennyfeather.", "Orla Pennyfeather", TypePerson, "Gov."},
		{"a role before the name", "“It is ready,” said the bridge company's spokeswoman, Orla Pennyfeather.", "Orla Pennyfeather", TypePerson, "bridge company's spokeswoman"},
		{"a role after the name", "Orla Pennyfeather, the mayor of Gullhaven, said, “The bridge is ready at last.”", "Orla Pennyfeather", TypePerson, "mayor of Gullhaven"},
		{"a role with a possessor", "“It is ready,” Orla Pennyfeather, Mr. Quillfeather's chief of staff, said on Monday.", "Orla Pennyfeather", TypePerson, "Mr. Quillfeather's chief of staff"},
		{"of two with one surname, the one of the title's gender", "Orla Pennyfeather and Walter Pennyfeather opened the bridge. “It is ready,” Mr. Pennyfeather said.", "Walter Pennyfeather", TypePerson, ""},
		{"she is the woman of the last sentence", "Walter Quillfeather built the bridge. Orla Pennyfeather paid for it. “It is ready,” she said.", "Orla Pennyfeather", TypePerson, ""},
		{"he is the man, though a woman was named last", "Walter Quillfeather built the bridge for Orla Pennyfeather. “It is ready,” he said.", "Walter Quillfeather", TypePerson, ""},
		{"he is who the sentence before the quotation brings in", "Lucan Oakapple built the bridge, and many towns on the river praised him for it. The ferrymen praised him too, which is something that worries Walter Quillfeather, president of the ferry society.\n\n“Nobody is singing about our boats,” he said.", "Walter Quillfeather", TypePerson, "president of the ferry society"},
		{"the speaker of the last quote goes on", "“It is ready,” Orla Pennyfeather said.\n\n“I have told Martha Teasel so,” she added.", "Orla Pennyfeather", TypePerson, ""},
		{"a noun for a role given before", "Orla Pennyfeather, the mayor of Gullhaven, met Walter Quillfeather, an engineer. “It is ready,” the engineer said.", "Walter Quillfeather", TypePerson, "engineer"},
		{"another country's spokesman is not meant", "“We are ready,” said the Danish government spokesman, Walter Quillfeather. “We are not,” the Norwegian spokesman said.", "the Norwegian spokesman", TypeUnnamed, ""},
		{"but the one named later is", "Walter Quillfeather, the Danish government spokesman, smiled. “We are not ready,” the Norwegian spokesman said.\n\nThe Norwegian government's spokesman, Lucan Oakapple, told reporters, “We are ready now.” “So it is,” the Norwegian spokesman said.", "Lucan Oakapple", TypePerson, ""},
		{"a country by its capital", "Walter Quillfeather, the Danish government spokesman, met Lucan Oakapple, a Norwegian diplomat. “We are ready,” the Copenhagen spokesman said.", "Walter Quillfeather", TypePerson, ""},
		{"a person without a name", "“It is not ready at all,” a person familiar with the plans said.", "a person familiar with the plans", TypeUnnamed, ""},
		{"a person without a name, according to", "The bridge is not ready at all, according to a person familiar with the plans.", "a person familiar with the plans", TypeUnnamed, ""},
		{"a person with no name behind a participle", "“It is not ready at all,” an engineer working for the port said.", "an engineer working for the port", TypeUnnamed, ""},
		{"a person close to something", "The council met on Monday. “It is not ready at all,” a source close to the company said.", "a source close to the company", TypeUnnamed, ""},
		{"a description behind who an according to names is not the next one's", "According to Walter Quillfeather, the mayor, Orla Pennyfeather said the bridge would open in spring.", "Walter Quillfeather", TypePerson, "mayor"},
		{"people with knowledge of something", "The ferry will stop in May, according to people familiar with the talks.", "people familiar with the talks", TypeGroup, ""},
		{"a poll", "The council met on Monday. A Courier poll found that the bridge was the town's first concern.", "Courier poll", TypeDocument, ""},
		{"a report, according to", "The council met on Monday. The bridge is not safe, according to a report by the county engineers.", "a report by the county engineers", TypeDocument, ""},
		{"papers of a court", "The council met on Monday. The court papers say the ferry lost money every year.", "The court papers", TypeDocument, ""},
		{"it is the report that spoke last", "The report says that the bridge is not safe. It adds that nobody has looked at it since May.", "The report", TypeDocument, ""},
		{"a share of people", "“It is ready,” 63 percent of voters said.", "63 percent of voters", TypeGroup, ""},
		{"a statement speaks for who issued it", "Orla Pennyfeather issued a statement on Monday calling the bridge “a danger to everybody.” The statement said the town had been “warned for years.”", "Orla Pennyfeather", TypePerson, ""},
		{"a letter speaks for who wrote it", "Walter Quillfeather read it. A letter from Orla Pennyfeather said the bridge was “a danger to everybody who crosses it.”", "Orla Pennyfeather", TypePerson, ""},
		{"between dashes, behind a name", "Many engineers agree, including the former mayor Orla Pennyfeather -- “It is absurd to build a bridge without a plan for the floods” -- and her deputy.", "Orla Pennyfeather", TypePerson, "former mayor"},
		{"behind a colon with no word of saying", "On Monday, Orla Pennyfeather made this remark:\n\n“The bridge is falling down and nobody in the council will say so.”", "Orla Pennyfeather", TypePerson, ""},
		{"a firm by its first word", "Harrow Coal bought the pits in 1998. In a statement, Harrow said: “The pits were safe when we sold them.”", "Harrow Coal", TypeOrg, ""},
		{"several people", "“It is not ready at all,” officials said.", "officials", TypeGroup, ""},
		{"two speakers", "“It is ready,” Orla Pennyfeather and Walter Quillfeather said.", "Orla Pennyfeather and Walter Quillfeather", TypeGroup, ""},
		{"an organisation", "The Gullhaven Bridge Company opened its doors. “It is ready,” the company said in a statement.", "Gullhaven Bridge Company", TypeOrg, ""},
		{"an organisation by its letters", "The Gullhaven Bridge Authority (GBA) met on Monday. “It is ready,” the GBA said.", "Gullhaven Bridge Authority", TypeOrg, ""},
		{"a campaign by its candidate", "Orla Pennyfeather is running for mayor. “It is ready,” the Pennyfeather campaign said.", "Pennyfeather campaign", TypeOrg, ""},
		{"a surname that comes first", "Park Seo-yeon opened the bridge. “It is ready,” Ms. Park said.", "Park Seo-yeon", TypePerson, ""},
		{"a name with initials and a suffix", "Walter B. Quillfeather Jr. opened the bridge. “It is ready,” Mr. Quillfeather said.", "Walter B. Quillfeather Jr.", TypePerson, ""},
		{"a place is not a person", "Geneva Pennyfeather lives in Geneva. “It is ready,” Pennyfeather said.", "Geneva Pennyfeather", TypePerson, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			quotes := extract(t, e, Document{Text: tt.text, Language: "en"})
			if len(quotes) == 0 {
				t.Fatal("no quote found")
			}
			q := quotes[len(quotes)-1]
			if q.Speaker == nil {
				t.Fatalf("no speaker; source %v", q.Source)
			}
			if d := cmp.Diff(said{Speaker: tt.want}, said{Speaker: q.Speaker.Name}); d != "" || q.Speaker.Type != tt.typ {
				t.Errorf("speaker %q (%s), want %q (%s)", q.Speaker.Name, q.Speaker.Type, tt.want, tt.typ)
			}
			if tt.role != "" && q.Speaker.Role != tt.role {
				t.Errorf("role %q, want %q", q.Speaker.Role, tt.role)
			}
		})
	}
}

// TestTitleSuppliesName shows that the document's title can give the full name
// of someone whom the text calls by surname only.
func TestTitleSuppliesName(t *testing.T) {
	e := newEngine(t)
	quotes := extract(t, e, Document{
		Title:    "Orla Pennyfeather Opens a Bridge",
		Text:     "“It is ready,” Pennyfeather said on Monday in Gullhaven.",
		Language: "en",
	})
	if d := cmp.Diff([]said{{Direct, "Orla Pennyfeather", "“It is ready,”"}}, saidOf(quotes)); d != "" {
		t.Errorf("quotes (-want +got):\n%s", d)
	}
}

// TestOnlyParagraphs shows that text outside the document's paragraphs is never quoted.
func TestOnlyParagraphs(t *testing.T) {
	e := newEngine(t)
	byline := "“Skip this,” said Nobody Atall.\n\n"
	body := "“It is ready,” Orla Pennyfeather said."
	quotes := extract(t, e, Document{
		Text:       byline + body,
		Paragraphs: []Span{{len(byline), len(byline) + len(body)}},
		Language:   "en",
	})
	if d := cmp.Diff([]said{{Direct, "Orla Pennyfeather", "“It is ready,”"}}, saidOf(quotes)); d != "" {
		t.Errorf("quotes (-want +got):\n%s", d)
	}
}
