// Whosaid answers who said what, and where it is written.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/whosaid/whosaid/cmd"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cmd.Main(ctx, os.Args[1:], cmd.IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
