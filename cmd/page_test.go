package cmd

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/whosaid/whosaid/internal/browser"
	"github.com/whosaid/whosaid/sandbox"
)

// TestPageWithTheBot looks at the whole product as a newcomer does: the real bot on the
// sample articles, on the sandbox's page, as a member and as a moderator, on
// a desktop and on a phone. The pictures of the documentation are made here:
//
//	WHOSAID_SCREENSHOTS=$PWD/docs/images go test -run TestPageWithTheBot ./cmd
func TestPageWithTheBot(t *testing.T) {
	for name, tc := range map[string]struct {
		width, height int
		scheme        string
	}{
		"desktop": {1280, 860, "light"},
		"phone":   {390, 844, "dark"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			ctx := browser.Start(t, tc.width, tc.height, tc.scheme)
			last := `document.querySelector("#log > .message:last-child:not(.pending)")`
			shows := func(text string) browser.Step {
				return browser.See(fmt.Sprintf(`%s?.innerText.includes(%q)`, last, text))
			}
			press := func(label string) browser.Step {
				return browser.Run(fmt.Sprintf(`[...%s.querySelectorAll("button")].find((b) => b.innerText.includes(%q)).click()`, last, label))
			}
			use := func(command, focus, value string) []browser.Step {
				return []browser.Step{
					chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/" + command), browser.See(`document.querySelectorAll("#popup .item").length > 0`),
					browser.Enter(), browser.See(fmt.Sprintf(`document.activeElement.id === "option-%s"`, focus)), chromedp.KeyEvent(value), browser.Enter(),
				}
			}
			picture := func(what string) { browser.Picture(t, ctx, "sandbox-"+name+"-"+what) }
			browser.Do(t, ctx, "the page", chromedp.Navigate(s.URL()), browser.See(`document.querySelector("#status.online")`))
			browser.Do(t, ctx, "a question", append(use("who", "words", "a light that nobody needs is a lamp"), shows("Edda Marrowby"))...)
			picture("answer")
			browser.Do(t, ctx, "who the speaker is", append(use("speaker", "name", "Edda Marrowby"), browser.See(last+`?.querySelector("img.picture")?.naturalWidth === 1200`))...)
			picture("speaker")
			browser.Do(t, ctx, "who speaks about something", append(use("topic", "about", "light"), shows("Amara Tewinde"), browser.See(last+`?.querySelector("img.picture")?.naturalWidth === 1200`))...)
			picture("topic")
			browser.Do(t, ctx, "a question again", append(use("who", "words", "a light that nobody needs is a lamp"), shows("Edda Marrowby"))...)
			browser.Do(t, ctx, "its picture", press("Picture"), shows("Only you can see this"), browser.See(last+`?.querySelector("img.picture")?.naturalWidth === 1200`))
			picture("picture")
			browser.Do(t, ctx, "sharing it", press("Share to channel"), shows("Shared by"))
			browser.Do(t, ctx, "a quote that was altered", append(use("verify", "claim", "A light that everybody needs is no lamp"), shows("Altered"))...)
			picture("verdict")
			browser.Do(t, ctx, "as moderator", browser.Run(`document.querySelector('[name=user][value="`+sandbox.UserModerator+`"]').click()`),
				browser.See(`document.querySelector("#status.online") && document.querySelectorAll("#log .message").length > 1`),
				chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/corpus status"), browser.See(`document.querySelectorAll("#popup .item").length > 0`),
				browser.Enter(), browser.Enter(), shows("Articles"))
			picture("moderator")
			browser.Do(t, ctx, "nothing sticks out sideways", browser.See(`document.documentElement.scrollWidth <= innerWidth`))
		})
	}
}

// TestGuidedQuestions: a newcomer finds at least ten things to click.
func TestGuidedQuestions(t *testing.T) {
	var labels []string
	for _, e := range examples() {
		labels = append(labels, e.Label)
	}
	if len(labels) < 10 {
		t.Errorf("there are %d: %s", len(labels), strings.Join(labels, ", "))
	}
}
