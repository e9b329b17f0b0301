package locale

import (
	"slices"
	"testing"
	"time"
)

// TestNumbers: how many, and how they are written.
func TestNumbers(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]struct {
		forms           []string
		thousand, small string
		day             string
	}{
		"en": {[]string{"other", "one"}, "1,234,567", "1.5", "3 May 2024"},
		"de": {[]string{"other", "one"}, "1.234.567", "1,5", "3. Mai 2024"},
		"fr": {[]string{"one", "other"}, "1\u00a0234\u00a0567", "1,5", "3 mai 2024"},
		"es": {[]string{"other", "one"}, "1.234.567", "1,5", "3 de mayo de 2024"},
		"uk": {[]string{"many", "one", "few"}, "1\u00a0234\u00a0567", "1,5", "3 травня 2024"},
	} {
		in := c.For(language)
		if got := in.Forms(); !slices.Equal(got, want.forms) {
			t.Errorf("%s: forms %q, want %q", language, got, want.forms)
		}
		if got := in.Number(1234567); got != want.thousand {
			t.Errorf("%s: %q, want %q", language, got, want.thousand)
		}
		if got := in.Tenths(1.5); got != want.small {
			t.Errorf("%s: %q, want %q", language, got, want.small)
		}
		if got := in.Day(time.Date(2024, 5, 3, 0, 0, 0, 0, time.UTC)); got != want.day {
			t.Errorf("%s: %q, want %q", language, got, want.day)
		}
	}
	if got := c.For("fr").Day(time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC)); got != "1er avril 2024" {
		t.Errorf("the first of April is %q in French", got)
	}
}

// TestForms: the form that goes with a number.
func TestForms(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]map[int]string{
		"en": {0: "other", 1: "one", 2: "other", 21: "other"},
		"fr": {0: "one", 1: "one", 2: "other"},
		"uk": {0: "many", 1: "one", 2: "few", 5: "many", 11: "many", 21: "one", 22: "few", 112: "many", -1: "one"},
	} {
		in := c.For(language)
		for n, form := range want {
			if got := in.Form("count.quotes", n); got != "count.quotes."+form {
				t.Errorf("%s: %d quotes take the form %q, want %q", language, n, got, form)
			}
		}
	}
	if got := (Texts{}).Form("a", 1); got != "a.other" {
		t.Errorf("without texts: %q", got)
	}
}
