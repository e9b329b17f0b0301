package discordspec

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// file is where the description lies, seen from the repository's root.
const file = "../shared/discord/openapi.json"

// load reads the description once for all tests of a process.
var load = sync.OnceValues(func() (*Spec, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	return Load(filepath.Join(root, file))
})

// ForTest returns the description. Where it is missing the test is skipped, or
// fails if the environment variable WHOSAID_REQUIRE_SHARED is 1.
func ForTest(tb testing.TB) *Spec {
	tb.Helper()
	s, err := load()
	switch {
	case err == nil:
		return s
	case errors.Is(err, fs.ErrNotExist) && os.Getenv("WHOSAID_REQUIRE_SHARED") != "1":
		tb.Skipf("Discord's API description is not at %s (from the repository's root); skipping the check against it", file)
	default:
		tb.Fatal(err)
	}
	return nil
}

// moduleRoot is the folder that holds go.mod, above the working directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", os.ErrNotExist
		}
		dir = parent
	}
}
