package sandbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/whosaid/whosaid/sandbox"
)

// axe loads axe-core, which judges a page by the rules of accessibility (WCAG),
// from the file that WHOSAID_AXE names: package/axe.min.js of the npm package
// axe-core.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("WHOSAID_AXE")
	if path == "" {
		t.Skip("WHOSAID_AXE names no axe.min.js: whether the page is accessible is not tested")
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// violations are the rules that a page breaks, as axe-core reports them.
const violations = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}).then((found) =>
	JSON.stringify(found.violations.map((v) => ({Impact: v.impact, Rule: v.id, Help: v.help, Nodes: v.nodes.map((n) => n.html.slice(0, 200))}))))`

type violation struct {
	Impact, Rule, Help string
	Nodes              []string
}

// axe-core finds no serious problem in what a person passes through, in light
// and dark, on a desktop and on a phone.
func TestPageIsAccessible(t *testing.T) {
	script := axe(t)
	for _, tt := range []struct {
		scheme        string
		width, height int
	}{{"light", 1280, 800}, {"dark", 390, 844}} {
		t.Run(fmt.Sprintf("%s %d", tt.scheme, tt.width), func(t *testing.T) {
			srv, _ := start(t, sandbox.Options{Examples: []sandbox.Example{{Label: "Try a ping", Command: "ping"}}, ReplyDeadline: time.Minute})
			ctx := browser(t, tt.width, tt.height)
			act(t, ctx, "opening the page", chromedp.EmulateViewport(int64(tt.width), int64(tt.height)), scheme(tt.scheme),
				chromedp.Navigate(srv.URL()), see(`document.querySelector("#status.online")`), chromedp.Evaluate[chromedp.Void](script+";0"))
			for _, place := range []struct {
				name  string
				steps []step
			}{
				{"the page", nil},
				{"the list of commands", []step{chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/"), see(`document.querySelectorAll("#popup .item").length > 5`)}},
				{"an option", []step{chromedp.KeyEvent("city"), enter, see(`document.activeElement.id === "option-name"`), chromedp.KeyEvent("ald"), see(`document.querySelectorAll("#popup .item").length === 2`)}},
				{"an embed", []step{chromedp.Click(chromedp.CSS(".cancel")), chromedp.KeyEvent("/pages"), enter, enter, shows("Page 1 of 3")}},
				{"layout components", []step{chromedp.KeyEvent("/layout"), enter, enter, shows("with a button")}},
				{"an ephemeral answer and a menu", []step{chromedp.KeyEvent("/secret"), enter, enter, shows("Only you can see this"), chromedp.KeyEvent("/menu"), enter, enter, shows("Choose:")}},
				{"the wire", []step{chromedp.Click(chromedp.CSS("#wires")), see(`document.querySelector("#transcripts details[open]")`)}},
				{"a form", []step{chromedp.Click(chromedp.CSS("#unwire")), chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/form"), enter, enter, see(`document.querySelector("dialog[open] input")`)}},
			} {
				if len(place.steps) > 0 {
					act(t, ctx, place.name, place.steps...)
				}
				judge(t, ctx, place.name)
			}
		})
	}
}

// judge fails the test for every serious or critical violation on the page as
// it is.
func judge(t *testing.T, ctx context.Context, place string) {
	t.Helper()
	report, err := chromedp.Run(ctx, chromedp.Evaluate[string](violations, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	var found []violation
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
