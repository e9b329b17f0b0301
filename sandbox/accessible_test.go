package sandbox_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/whosaid/whosaid/internal/browser"
	"github.com/whosaid/whosaid/sandbox"
)

// axe-core finds no serious problem in what a person passes through, in light
// and dark, on a desktop and on a phone.
func TestPageIsAccessible(t *testing.T) {
	if browser.Axe(t) == "" {
		t.Skip("WHOSAID_AXE names no axe.min.js: whether the page is accessible is not tested")
	}
	for _, tt := range []struct {
		scheme        string
		width, height int
	}{{"light", 1280, 800}, {"dark", 390, 844}} {
		t.Run(fmt.Sprintf("%s %d", tt.scheme, tt.width), func(t *testing.T) {
			srv, _ := start(t, sandbox.Options{Examples: []sandbox.Example{{Label: "Try a ping", Command: "ping"}}, ReplyDeadline: time.Minute})
			ctx := browser.Start(t, tt.width, tt.height, tt.scheme)
			browser.Do(t, ctx, "opening the page", chromedp.Navigate(srv.URL()), see(`document.querySelector("#status.online")`))
			for _, place := range []struct {
				name  string
				steps []browser.Step
			}{
				{"the page", nil},
				{"the list of commands", []browser.Step{chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/"), see(`document.querySelectorAll("#popup .item").length > 5`)}},
				{"an option", []browser.Step{chromedp.KeyEvent("city"), enter, see(`document.activeElement.id === "option-name"`), chromedp.KeyEvent("ald"), see(`document.querySelectorAll("#popup .item").length === 2`)}},
				{"an embed", []browser.Step{chromedp.Click(chromedp.CSS(".cancel")), chromedp.KeyEvent("/pages"), enter, enter, shows("Page 1 of 3")}},
				{"layout components", []browser.Step{chromedp.KeyEvent("/layout"), enter, enter, shows("with a button")}},
				{"an ephemeral answer and a menu", []browser.Step{chromedp.KeyEvent("/secret"), enter, enter, shows("Only you can see this"), chromedp.KeyEvent("/menu"), enter, enter, shows("Choose:")}},
				{"the wire", []browser.Step{chromedp.Click(chromedp.CSS("#wires")), see(`document.querySelector("#transcripts details[open]")`)}},
				{"a form", []browser.Step{chromedp.Click(chromedp.CSS("#unwire")), chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/form"), enter, enter, see(`document.querySelector("dialog[open] input")`)}},
			} {
				if len(place.steps) > 0 {
					browser.Do(t, ctx, place.name, place.steps...)
				}
				browser.Accessible(t, ctx, place.name)
			}
		})
	}
}
