package discordspec

import (
	"os"
	"sync"
	"testing"

	"github.com/whosaid/whosaid/internal/shared"
)

// file is the description's name among what lies beside the repository.
const file = "discord/openapi.json"

// load reads the description once for all tests of a process.
var load = sync.OnceValues(func() (*Spec, error) {
	path, err := shared.Locate(file)
	if err != nil {
		return nil, err
	}
	return Load(path)
})

// ForTest returns the description. Where it is missing the test is skipped, or
// fails if the environment variable WHOSAID_REQUIRE_SHARED is 1.
func ForTest(tb testing.TB) *Spec {
	tb.Helper()
	shared.File(tb, file)
	s, err := load()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// Optional is [ForTest] for tests that are worth running without the
// description: it returns nil where it is missing.
func Optional(tb testing.TB) *Spec {
	tb.Helper()
	if path, err := shared.Locate(file); err == nil && os.Getenv("WHOSAID_REQUIRE_SHARED") != "1" {
		if _, err := os.Stat(path); err != nil {
			return nil
		}
	}
	return ForTest(tb)
}
