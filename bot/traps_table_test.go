package bot

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTrapsAreTested: the tests that docs/traps.md names for each trap are there.
func TestTrapsAreTested(t *testing.T) {
	table, err := os.ReadFile("../docs/traps.md")
	if err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	for _, room := range []string{".", "../sandbox", "../internal/discordspec"} {
		files, err := filepath.Glob(filepath.Join(room, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources.Write(b)
		}
	}
	rows := 0
	for line := range strings.Lines(string(table)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| trap") {
			continue
		}
		rows++
		names := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(line, -1)
		if len(names) == 0 {
			t.Errorf("no test is named: %s", line)
		}
		for _, name := range names {
			if !strings.Contains(sources.String(), "func "+name[1]+"(t *testing.T)") {
				t.Errorf("there is no %s", name[1])
			}
		}
	}
	if rows < 20 {
		t.Errorf("%d traps are listed", rows)
	}
}
