package quote

import "testing"

// A title and a surname mean the head of state whom everybody knows, unless the
// article speaks of another president with that name.
func TestHeadsOfState(t *testing.T) {
	e := newEngine(t)
	for _, tt := range []struct{ what, text, want string }{
		{"by title and surname", "President Obama opened the bridge. “It is a fine bridge,” Mr. Obama said.", "Barack Obama"},
		{"with the country", "French President Macron opened the bridge. “It is a fine bridge,” Mr. Macron said.", "Emmanuel Macron"},
		{"of a college", "President Kennedy of Skarn College opened the bridge. “It is a fine bridge,” President Kennedy said.", "Kennedy"},
		{"of a club, by apposition", "The club’s president, Mr. Ford, opened the bridge. “It is a fine bridge,” President Ford said.", "Ford"},
		{"of a club, in front", "Club president Ford was late. The bridge was open. “It is a fine bridge,” said company President Ford.", "Ford"},
		{"of a chamber, behind", "Mr. Carter, president of the Merrin Chamber of Commerce, was late. “It is a fine bridge,” President Carter said.", "Carter"},
		{"of another country", "Canadian President Ford opened the bridge. “It is a fine bridge,” President Ford said.", "Ford"},
		{"of a family", "President Clinton spoke after his wife, Hillary Clinton. “It is a fine bridge,” President Clinton said.", "Bill Clinton"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			qs, err := e.Extract(t.Context(), Document{Text: tt.text, Language: "en"})
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range qs {
				if q.Kind != Direct {
					continue
				}
				got := ""
				if q.Speaker != nil {
					got = q.Speaker.Name
				}
				if got != tt.want {
					t.Errorf("%q is said by %q, not %q", q.Text, got, tt.want)
				}
				return
			}
			t.Errorf("no quote in %q", tt.text)
		})
	}
}
