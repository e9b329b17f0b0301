package quote

import "testing"

func TestLexiconRoles(t *testing.T) {
	lex, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		word       string
		gender     gender
		plural, ok bool
	}{
		{"spokesman", male, false, true},
		{"spokeswoman", female, false, true},
		{"engineer", unknownGender, false, true},
		{"engineers", unknownGender, true, true},
		{"spokesmen", male, true, true},
		{"bridge", unknownGender, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.word, func(t *testing.T) {
			g, plural, ok := lex.role(tt.word)
			if g != tt.gender || plural != tt.plural || ok != tt.ok {
				t.Errorf("role(%q) = %v, %v, %v; want %v, %v, %v", tt.word, g, plural, ok, tt.gender, tt.plural, tt.ok)
			}
		})
	}
}

// TestPacks checks what every language file must have, and what is refused.
func TestPacks(t *testing.T) {
	lex, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	packs, err := loadPacks(lex)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"en", "de", "fr", "es", "uk", "ru"} {
		p := packs[code]
		if p == nil {
			t.Errorf("no pack for %q", code)
			continue
		}
		if len(p.cues) == 0 || len(p.classes) == 0 || len(p.pronouns) == 0 || p.name == "" {
			t.Errorf("the pack for %q lacks cues, words, pronouns or a name", code)
		}
	}
	for name, file := range map[string]string{
		"no code":     "name = \"Nowhere\"",
		"a long code": "code = \"nowhere\"",
		"no TOML":     "code = [",
	} {
		if _, err := parsePack([]byte(file), lex); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
