package sandbox_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/whosaid/whosaid/internal/browser"
	"github.com/whosaid/whosaid/sandbox"
)

// picture saves what the page looks like, if pictures are wanted.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	browser.Picture(t, ctx, t.Name()+"-"+name)
}

var (
	enter = browser.Enter()
	down  = browser.Press("ArrowDown", 40)
)

// see waits until an expression in the page is true.
func see(expression string) browser.Step {
	return chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(45*time.Second))
}

// shows waits until the last message contains the text.
func shows(text string) browser.Step {
	return see(fmt.Sprintf(`document.querySelector("#log > .message:last-child:not(.pending)")?.innerText.includes(%q)`, text))
}

// A person at a desktop and on a phone, in light and dark, walks through what
// the page offers with the keyboard.
func TestPage(t *testing.T) {
	for _, tt := range []struct {
		name          string
		width, height int
		scheme        string
	}{
		{"desktop light", 1280, 800, "light"},
		{"phone dark", 390, 844, "dark"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv, _ := start(t, sandbox.Options{
				Examples:      []sandbox.Example{{Label: "Try a ping", Command: "ping"}},
				ReplyDeadline: time.Minute, // a busy machine is no fault of the page
			})
			ctx := browser.Start(t, tt.width, tt.height, tt.scheme)
			browser.Do(t, ctx, "opening the page",
				chromedp.Navigate(srv.URL()),
				see(`document.querySelector("#status.online") && document.querySelector(".example")`))
			picture(t, ctx, "0-open")
			walk(t, ctx)
			browser.Do(t, ctx, "nothing sticks out sideways", see(`document.documentElement.scrollWidth <= innerWidth`))
		})
	}
}

func walk(t *testing.T, ctx context.Context) {
	t.Helper()
	browser.Do(t, ctx, "the list of commands", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/"), see(`document.querySelectorAll("#popup .item").length > 5`))
	picture(t, ctx, "1-commands")
	browser.Do(t, ctx, "no moderator's command for a member", see(`!document.querySelector("#popup").innerText.includes("tidy")`))
	browser.Do(t, ctx, "a command by its name", chromedp.KeyEvent("pag"), enter, enter, shows("Page 1 of 3"))
	browser.Do(t, ctx, "a button", chromedp.Click(chromedp.CSS(`[data-custom-id="page:2"]`)), shows("Page 2 of 3"), shows("(edited)"))
	picture(t, ctx, "2-embed")

	browser.Do(t, ctx, "autocomplete", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/city"), enter, see(`document.activeElement.id === "option-name"`),
		chromedp.KeyEvent("ald"), see(`document.querySelectorAll("#popup .item").length === 2`))
	picture(t, ctx, "3-autocomplete")
	browser.Do(t, ctx, "a suggestion, an optional choice, and the answer", down, down, enter,
		see(`document.querySelector("#option-name")?.value === "Aldwick"`),
		chromedp.Click(chromedp.CSS(".add-option")), see(`document.activeElement.id === "option-season"`), chromedp.KeyEvent("win"), enter,
		enter, shows("name=aldwick season=winter"))

	browser.Do(t, ctx, "an ephemeral answer", chromedp.KeyEvent("/secret"), enter, enter, shows("Only you can see this"))
	picture(t, ctx, "4-ephemeral")
	browser.Do(t, ctx, "dismissing it", chromedp.Click(chromedp.CSS(".only-you .textlink")), see(`!document.querySelector(".ephemeral")`))

	browser.Do(t, ctx, "a deferred answer", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/slow"), enter, chromedp.KeyEvent("700"), enter, shows("is thinking"), shows("thought it over"))
	browser.Do(t, ctx, "a form", chromedp.KeyEvent("/form"), enter, enter, see(`document.querySelector("dialog[open] input")`))
	picture(t, ctx, "5-form")
	browser.Do(t, ctx, "filling it in", chromedp.SendKeys(chromedp.CSS("dialog input"), "by hand"), chromedp.Click(chromedp.CSS("dialog .primary")), shows("You wrote: by hand"), see(`!document.querySelector("dialog[open]")`))
	browser.Do(t, ctx, "a menu", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/menu"), enter, enter, shows("Choose:"),
		chromedp.Evaluate[chromedp.Void](`{ const menu = document.querySelector("select"); menu.value = "green"; menu.dispatchEvent(new Event("change")); }`), shows("You chose green"))
	browser.Do(t, ctx, "layout components", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/layout"), enter, enter, shows("with a button"))
	browser.Do(t, ctx, "a file", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/file"), enter, enter, shows("notes.txt"))
	picture(t, ctx, "6-layout")
	browser.Do(t, ctx, "a file for a command", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/weigh"), enter, see(`document.activeElement.id === "option-file"`),
		chromedp.SetUploadFiles(chromedp.CSS("#option-file"), []string{note(t)}), enter, shows("note.txt has 12 of 12 bytes: twelve bytes"))
	wires(t, ctx)
	browser.Do(t, ctx, "an example", chromedp.Click(chromedp.CSS(".example")), shows("pong for Robin Vale"))
	browser.Do(t, ctx, "as moderator", chromedp.Evaluate[chromedp.Void](`document.querySelector('[name=user][value="`+sandbox.UserModerator+`"]').click()`),
		see(`document.querySelector("#status.online") && document.querySelectorAll("#log .message").length > 3`),
		chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/tidy"), see(`document.querySelector("#popup").innerText.includes("/tidy up")`),
		enter, enter, shows("tidied down"))
	browser.Do(t, ctx, "the other server", chromedp.Evaluate[chromedp.Void](`document.querySelectorAll(".guild")[1].click()`),
		see(`document.querySelector("#guild-name").textContent === "Reading Room" && document.querySelectorAll("#log .message").length === 0`))
	picture(t, ctx, "7-other-server")
}

// note is a small file to attach.
func note(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(path, []byte("twelve bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// wires looks at the interaction before it in the raw.
func wires(t *testing.T, ctx context.Context) {
	t.Helper()
	browser.Do(t, ctx, "what went over the wire", chromedp.Click(chromedp.CSS("#wires")),
		see(`document.querySelector("#transcripts details[open] summary")?.innerText.startsWith("/weigh")`),
		see(`document.querySelector("#transcripts details[open]").innerText.includes("twelve bytes")`))
	picture(t, ctx, "8-wire")
	browser.Do(t, ctx, "closing it", chromedp.Click(chromedp.CSS("#unwire")), see(`document.querySelector("#wire").hidden && document.activeElement.id === "wires"`))
}

// Who types faster than the commands load doesn't send one as a message.
func TestPageWaitsForCommands(t *testing.T) {
	srv, _ := start(t, sandbox.Options{})
	ctx := browser.Start(t, 1000, 700, "light")
	late := `{ const now = window.fetch; let open; const gate = new Promise((done) => { open = done; }); window.letThrough = open;
		window.fetch = async (url, options) => { if (String(url).includes("/app/commands")) await gate; return now(url, options); }; }`
	browser.Do(t, ctx, "a command typed before the commands are known", before(late), chromedp.Navigate(srv.URL()),
		see(`document.activeElement?.id === "text"`), chromedp.KeyEvent("/ping"), enter,
		see(`document.querySelector("#popup").innerText.includes("still loading")`),
		chromedp.Evaluate[chromedp.Void](`window.letThrough()`), see(`document.querySelector("#status.online")`),
		enter, enter, shows("pong for"))
	for _, m := range srv.Messages(sandbox.ChannelNewsroomGeneral, sandbox.UserMember) {
		if strings.Contains(m.Content, "/ping") {
			t.Errorf("the command went out as a message: %q", m.Content)
		}
	}
}

// before runs a script in every page before its own.
func before(script string) browser.Step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	})
}

// A bot that doesn't answer is seen not to.
func TestPageShowsSilence(t *testing.T) {
	srv, _ := start(t, sandbox.Options{ReplyDeadline: 300 * time.Millisecond})
	ctx := browser.Start(t, 1000, 700, "light")
	browser.Do(t, ctx, "a command without an answer", chromedp.Navigate(srv.URL()), see(`document.querySelector("#status.online")`),
		chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/never"), enter, enter, shows("The application did not respond"))
}
