package word

import (
	"testing"

	"github.com/whosaid/whosaid/quote/internal/tok"
)

func look(s string) Word { return Look(s, tok.Span{End: len(s)}) }

func TestClass(t *testing.T) {
	for s, want := range map[string]Class{
		"mayor": Lower, "Mayor": Title, "A": Title, "NATO": Upper, "U.S.": Upper, "30-year-old": Number, "“": Open, "„": Open, "”": Close,
		"\"": Straight, "''": Straight, "’": Single, "?": Stop, "…": Stop, ";": Comma, ":": Colon, "—": Dash, "--": Dash, "[": Bracket, "%": Other,
		"'s": Lower, "n’t": Lower, "київ": Lower, "Київ": Title,
	} {
		if got := look(s).Class; got != want {
			t.Errorf("%q is of class %d, want %d", s, got, want)
		}
	}
}

func TestFormsThatAreTheSame(t *testing.T) {
	for a, b := range map[string]string{"Said": "said", "don’t": "don't", "1999": "2016", "“": "„", "—": "--"} {
		if look(a).Form != look(b).Form {
			t.Errorf("%q and %q have different forms", a, b)
		}
	}
	if look("said").Form == look("told").Form {
		t.Error("said and told have one form")
	}
}

func TestStemsMeet(t *testing.T) {
	for _, forms := range [][]string{
		{"explain", "explains", "explained", "explaining"}, {"argue", "argues", "argued", "arguing"},
		{"deny", "denies", "denied"}, {"quip", "quipped", "quipping"}, {"yell", "yells", "yelled", "yelling"},
	} {
		for _, f := range forms[1:] {
			if look(f).Stem != look(forms[0]).Stem {
				t.Errorf("%q and %q have different stems", f, forms[0])
			}
		}
	}
}

func FuzzLook(f *testing.F) {
	f.Add("word")
	f.Add("ß’\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if w := look(s); w.Form == 0 || w.Class >= Classes {
			t.Errorf("%q: %+v", s, w)
		}
	})
}
