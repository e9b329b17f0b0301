// Package browser lets tests look at a page through a real chromium. The program
// does not use it.
package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Step is something done in the browser.
type Step = chromedp.Action[chromedp.Void]

// patience is how long a step may take; a busy machine is no fault of a page.
const patience = 60 * time.Second

// Start starts a fresh chromium with a window of that size, in pixels, on a
// system that is light or dark, and returns a context for Do. Without a
// chromium the test is skipped, or fails when WHOSAID_REQUIRE_CHROMIUM is 1.
func Start(t *testing.T, width, height int, scheme string) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		if os.Getenv("WHOSAID_REQUIRE_CHROMIUM") == "1" {
			t.Fatal("no chromium or google-chrome on PATH, and WHOSAID_REQUIRE_CHROMIUM=1 asks for one")
		}
		t.Skip("no chromium or google-chrome on PATH: the page is not tested")
	}
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.NoSandbox,
		chromedp.Headless, chromedp.DisableGPU, chromedp.WindowSize(width, height), chromedp.WSURLReadTimeout(patience)}
	for _, name := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync"} {
		flags = append(flags, chromedp.Flag(name, true))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, flags...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	Do(t, ctx, "the window", chromedp.EmulateViewport(int64(width), int64(height)), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
	return ctx
}

// Do runs steps, and fails the test at the first that fails, naming what was
// being done.
func Do(t *testing.T, ctx context.Context, what string, steps ...Step) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		Picture(t, ctx, "failed")
		t.Fatalf("%s: %v", what, err)
	}
}

// See waits until an expression in the page is true.
func See(expression string) Step {
	return chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(patience))
}

// Run runs a script in the page.
func Run(script string) Step { return chromedp.Evaluate[chromedp.Void](script) }

// Enter presses Enter, which types nothing.
func Enter() Step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// violations are the rules of accessibility that a page breaks badly, as axe-core
// reports them.
const violations = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}).then((found) =>
	JSON.stringify(found.violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => [v.id, v.help, ...v.nodes.map((n) => n.html.slice(0, 200))])))`

// Accessible fails the test for every serious problem of accessibility on the page as it is,
// by axe-core. Without the script that WHOSAID_AXE names nothing is judged.
func Accessible(t *testing.T, ctx context.Context, place string) {
	t.Helper()
	path := os.Getenv("WHOSAID_AXE")
	if path == "" {
		return
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	Do(t, ctx, place, Run(string(script)+";0"))
	report, err := chromedp.Run(ctx, chromedp.Evaluate[string](violations, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	if report != "[]" {
		t.Errorf("%s is hard to use for some: %s", place, report)
	}
}

// Picture saves what the page looks like as NAME.png into the folder that
// WHOSAID_SCREENSHOTS names, if it names one.
func Picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("WHOSAID_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Logf("no picture %q: %v", name, err)
		return
	}
	file := strings.NewReplacer("/", "-", " ", "-").Replace(name) + ".png"
	if err := os.WriteFile(filepath.Join(dir, file), png, 0o600); err != nil {
		t.Error(err)
	}
}
