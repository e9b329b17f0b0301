package cmd_test

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/whosaid/whosaid/cmd"
)

// TestMain lets the scripts call whosaid as a program.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"whosaid": func() {
			os.Exit(cmd.Main(context.Background(), os.Args[1:], cmd.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
		},
	})
}

// TestScripts runs testdata/script: whole command lines as users type them.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			// Each script has a home of its own, and nothing of the user's.
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("WHOSAID_DATA", e.WorkDir+"/data")
			return nil
		},
	})
}
