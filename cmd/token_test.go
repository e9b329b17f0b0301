package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestToken: the bot's token comes from the environment, else from a file, and whoever
// gave neither reads what to do. A message never holds a token.
func TestToken(t *testing.T) {
	file := func(content string) string {
		name := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for name, tc := range map[string]struct {
		env, file string
		want      string
		wrong     string // what the error says, "" for none
	}{
		"from the environment":          {env: " from-env\n", want: "from-env"},
		"from a file, as editors end":   {file: file("from-file\r\n"), want: "from-file"},
		"the environment goes first":    {env: "from-env", file: file("from-file"), want: "from-env"},
		"an empty variable is no token": {env: " ", file: file("from-file"), want: "from-file"},
		"neither":                       {wrong: "--token-file"},
		"an empty file":                 {file: file("\n"), wrong: "is empty"},
		"no such file":                  {file: filepath.Join(t.TempDir(), "none"), wrong: "reading the bot token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DISCORD_TOKEN", tc.env)
			a := &app{settings: settings{TokenFile: tc.file}}
			got, err := a.token()
			if got != tc.want || (err != nil) != (tc.wrong != "") || err != nil && !strings.Contains(err.Error(), tc.wrong) {
				t.Errorf("the token is %q, %v", got, err)
			}
		})
	}
}
