package quote

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// level is a quote with those inside it, as TestInner writes them.
type level struct {
	Outer said
	Inner []said
}

// TestInner shows what was said of what others said: both levels are kept, the
// outer one as the quote.
func TestInner(t *testing.T) {
	e := newEngine(t)
	tests := []struct {
		name, text string
		want       []level
	}{
		{
			"X told Y that Z said",
			"Orla Pennyfeather told Lucan Oakapple that Walter Quillfeather had said the bridge was unsafe.",
			[]level{{said{Indirect, "Orla Pennyfeather", "that Walter Quillfeather had said the bridge was unsafe"}, []said{{Indirect, "Walter Quillfeather", "the bridge was unsafe"}}}},
		}, {
			"a paper reports what somebody said",
			"The Courier reported that Orla Pennyfeather told the council that the bridge was not safe.",
			[]level{{said{Indirect, "Courier", "that Orla Pennyfeather told the council that the bridge was not safe"}, []said{{Indirect, "Orla Pennyfeather", "that the bridge was not safe"}}}},
		}, {
			"according to another, somebody said it",
			"According to Orla Pennyfeather, Walter Quillfeather said the bridge would open in spring.",
			[]level{{said{Indirect, "Orla Pennyfeather", "Walter Quillfeather said the bridge would open in spring"}, []said{{Indirect, "Walter Quillfeather", "the bridge would open in spring"}}}},
		}, {
			"within a quotation",
			"“Walter Quillfeather told me that the bridge was unsafe,” Orla Pennyfeather said.",
			[]level{{said{Direct, "Orla Pennyfeather", "“Walter Quillfeather told me that the bridge was unsafe,”"}, []said{{Indirect, "Walter Quillfeather", "that the bridge was unsafe"}}}},
		}, {
			"a quotation within a quotation",
			"“My father used to say, ‘Never trust a bridge that you have not crossed twice,’” Orla Pennyfeather said.",
			[]level{{said{Direct, "Orla Pennyfeather", "“My father used to say, ‘Never trust a bridge that you have not crossed twice,’”"}, []said{{Direct, "My father", "‘Never trust a bridge that you have not crossed twice,’"}}}},
		}, {
			"whom a pronoun in quotation marks means can't be told",
			"Walter Quillfeather built it. “He said, ‘The bridge is not safe for anybody,’” Orla Pennyfeather recalled.",
			[]level{{said{Direct, "Orla Pennyfeather", "“He said, ‘The bridge is not safe for anybody,’”"}, []said{{Direct, "", "‘The bridge is not safe for anybody,’"}}}},
		}, {
			"words that somebody is told",
			"Orla Pennyfeather said Walter Quillfeather told her, “The bridge is not safe for anybody.”",
			[]level{{said{Mixed, "Orla Pennyfeather", "Walter Quillfeather told her, “The bridge is not safe for anybody.”"}, []said{{Direct, "Walter Quillfeather", "“The bridge is not safe for anybody.”"}}}},
		}, {
			"partly in marks",
			"Orla Pennyfeather said on Monday that Walter Quillfeather had told her that the bridge was “a danger to everybody.”",
			[]level{{said{Mixed, "Orla Pennyfeather", "that Walter Quillfeather had told her that the bridge was “a danger to everybody.”"}, []said{{Mixed, "Walter Quillfeather", "that the bridge was “a danger to everybody.”"}}}},
		}, {
			"a report in what somebody said",
			"Orla Pennyfeather said that a report by the county found that the bridge was unsafe.",
			[]level{{said{Indirect, "Orla Pennyfeather", "that a report by the county found that the bridge was unsafe"}, []said{{Indirect, "a report by the county", "that the bridge was unsafe"}}}},
		}, {
			"somebody said it, according to another",
			"Walter Quillfeather said the bridge would open in spring, according to Orla Pennyfeather.",
			[]level{{said{Indirect, "Orla Pennyfeather", "Walter Quillfeather said the bridge would open in spring"}, []said{{Indirect, "Walter Quillfeather", "the bridge would open in spring"}}}},
		}, {
			"according to, in what somebody said",
			"Orla Pennyfeather said that according to Walter Quillfeather, the bridge would open in spring.",
			[]level{{said{Indirect, "Orla Pennyfeather", "that according to Walter Quillfeather, the bridge would open in spring"}, []said{{Indirect, "Walter Quillfeather", "the bridge would open in spring"}}}},
		}, {
			"what the speaker says of her own words is no level",
			"“I told them that the bridge was unsafe,” Orla Pennyfeather said.",
			[]level{{Outer: said{Direct, "Orla Pennyfeather", "“I told them that the bridge was unsafe,”"}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := Document{Text: tt.text, Language: "en"}
			quotes := extract(t, e, d)
			checkQuotes(t, d, quotes)
			var got []level
			for i, s := range saidOf(quotes) {
				got = append(got, level{s, saidOf(quotes[i].Inner)})
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("quotes (-want +got):\n%s", d)
			}
		})
	}
}
