package cmd

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/whosaid/whosaid/internal/browser"
	"github.com/whosaid/whosaid/sample"
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
			picture := func(what string) {
				browser.Accessible(t, ctx, what)
				browser.Picture(t, ctx, "sandbox-"+name+"-"+what)
			}
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

// TestGuidedQuestions clicks what a newcomer is offered: at least ten things,
// and each is answered well.
func TestGuidedQuestions(t *testing.T) {
	s := newStage(t)
	offered := examples()
	if len(offered) < 10 {
		t.Errorf("there are only %d", len(offered))
	}
	wanted := map[string][]string{ // but for the sample's questions, whose answers are listed with them
		"speaker": {"council member", "9 May 2025"},
		"topic":   {"quotes", "May 2025"},
		"quotes":  {"**" + sample.Gold()[0].Speaker + "**"},
		"verify":  {"Verbatim", sample.Gold()[0].Speaker},
	}
	for _, q := range sample.ExpectedAnswers() {
		switch q.Type {
		case "unanswerable":
			wanted[q.Question] = []string{"Nothing found"}
		case "verify":
			wanted[q.Question] = []string{map[string]string{"verbatim": "Verbatim", "misattributed": "Wrong speaker"}[q.Verdict], "**" + q.Speaker + "**"}
		default:
			wanted[q.Question] = []string{"**" + q.Speaker + "**"}
		}
	}
	for _, e := range offered {
		t.Run(e.Label, func(t *testing.T) {
			options := map[string]any{}
			for name, value := range e.Options {
				options[name] = value
			}
			m := s.use(sandbox.UserMember, e.Command, options)
			want, ok := wanted[e.Options["question"]]
			if !ok {
				want = wanted[e.Command]
			}
			if len(m.Components) > 2 && e.Command == "ask" {
				m.Components = m.Components[:2] // the heading and the best answer
			}
			if wants(t, m, want...); len(want) == 0 {
				t.Error("nobody said what the answer is")
			}
		})
	}
}
