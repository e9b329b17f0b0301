// Package browser lets tests look at a page through a real chromium. The program
// does not use it.
package browser

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Step is something done in the browser.
type Step = chromedp.Action[chromedp.Void]

// patience is how long a step may take; a busy machine is no fault of a page.
const patience = 60 * time.Second

// Start starts a fresh chromium with a window of that size, in pixels, on a
// system that is light or dark, and returns a context for Do. Without a
// chromium the test is skipped, or fails when WHOSAID_REQUIRE_CHROMIUM is 1. It fails
// for what the page complains of.
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
	watch(t, ctx)
	Do(t, ctx, "the window", chromedp.EmulateViewport(int64(width), int64(height)), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
	return ctx
}

// watch fails the test for every exception in the page and every error in its
// console, such as a breach of its content security policy.
func watch(t *testing.T, ctx context.Context) {
	t.Helper()
	var mu sync.Mutex
	var complaints []string
	err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			text := e.ExceptionDetails.Text
			if e.ExceptionDetails.Exception != nil {
				text += " " + e.ExceptionDetails.Exception.Description
			}
			complaints = append(complaints, text)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError {
				complaints = append(complaints, e.Entry.Text+" "+e.Entry.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		if len(complaints) > 0 {
			t.Errorf("the page complained:\n%s", strings.Join(complaints, "\n"))
		}
	})
}

// Do runs steps, and fails the test at the first that fails, naming what was
// being done.
func Do(t *testing.T, ctx context.Context, what string, steps ...Step) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		Picture(t, ctx, t.Name()+" failed")
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
func Enter() Step { return Press("Enter", 13) }

// Press presses and releases a key that types nothing.
func Press(key string, code int64) Step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: key, Code: key, WindowsVirtualKeyCode: code})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// violations are the rules of accessibility that a page breaks, as axe-core reports them.
const violations = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}).then((found) =>
	JSON.stringify(found.violations.map((v) => ({Impact: v.impact, Rule: v.id, Help: v.help, Nodes: v.nodes.map((n) => n.html.slice(0, 200))}))))`

// Axe is the script of axe-core, which judges a page by the rules of accessibility
// (WCAG), from the file that WHOSAID_AXE names: package/axe.min.js of the npm package
// axe-core. It is "" when nothing is named.
func Axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("WHOSAID_AXE")
	if path == "" {
		return ""
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// Accessible fails the test for every serious or critical problem of accessibility on
// the page as it is, by axe-core, and logs the others. Without the script nothing is judged.
func Accessible(t *testing.T, ctx context.Context, place string) {
	t.Helper()
	script := Axe(t)
	if script == "" {
		return
	}
	Do(t, ctx, place, Run(script+";0"))
	report, err := chromedp.Run(ctx, chromedp.Evaluate[string](violations, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	var found []struct {
		Impact, Rule, Help string
		Nodes              []string
	}
	if err := json.Unmarshal([]byte(report), &found); err != nil {
		t.Fatalf("%s: %v in %q", place, err, report)
	}
	for _, v := range found {
		if v.Impact == "serious" || v.Impact == "critical" {
			t.Errorf("%s: %s: %s (%s): %q", place, v.Impact, v.Rule, v.Help, v.Nodes)
		} else {
			t.Logf("%s: %s: %s (%s): %q", place, v.Impact, v.Rule, v.Help, v.Nodes)
		}
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
