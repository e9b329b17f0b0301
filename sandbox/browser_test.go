package sandbox_test

import (
	"context"
	"fmt"
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
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/whosaid/whosaid/sandbox"
)

// step is something done in the browser.
type step = chromedp.Action[chromedp.Void]

// browser starts a fresh chromium with a window of the given size in pixels and
// returns a context for chromedp. Without a chromium the test is skipped, or
// fails when WHOSAID_REQUIRE_CHROMIUM is 1.
func browser(t *testing.T, width, height int) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("WHOSAID_REQUIRE_CHROMIUM") == "1" {
			t.Fatal("no chromium or google-chrome on PATH, and WHOSAID_REQUIRE_CHROMIUM=1 asks for one")
		}
		t.Skip("no chromium or google-chrome on PATH: the page is not tested")
	}
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.NoSandbox,
		chromedp.Headless, chromedp.DisableGPU, chromedp.WindowSize(width, height), chromedp.WSURLReadTimeout(60 * time.Second)}
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

// act runs browser actions and fails the test at the first that fails, naming
// the step.
func act(t *testing.T, ctx context.Context, what string, steps ...step) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		picture(t, ctx, "failed")
		t.Fatalf("%s: %v", what, err)
	}
}

// picture saves what the page looks like into the folder that
// WHOSAID_SCREENSHOTS names, if it names one.
func picture(t *testing.T, ctx context.Context, name string) {
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
	file := strings.NewReplacer("/", "-", " ", "_").Replace(t.Name() + "-" + name + ".png")
	if err := os.WriteFile(filepath.Join(dir, file), png, 0o600); err != nil {
		t.Error(err)
	}
}

// press presses and releases a key that types nothing, such as Enter.
func press(key string, code int64) step {
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

var (
	enter = press("Enter", 13)
	down  = press("ArrowDown", 40)
)

// see waits until an expression in the page is true.
func see(expression string) step {
	return chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(45*time.Second))
}

// shows waits until the last message contains the text.
func shows(text string) step {
	return see(fmt.Sprintf(`document.querySelector("#log > .message:last-child:not(.pending)")?.innerText.includes(%q)`, text))
}

// scheme lets the page believe in a light or dark system.
func scheme(name string) step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
		return err
	})
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
			ctx := browser(t, tt.width, tt.height)
			act(t, ctx, "opening the page",
				chromedp.EmulateViewport(int64(tt.width), int64(tt.height)),
				scheme(tt.scheme),
				chromedp.Navigate(srv.URL()),
				see(`document.querySelector("#status.online") && document.querySelector(".example")`))
			picture(t, ctx, "0-open")
			walk(t, ctx)
			act(t, ctx, "nothing sticks out sideways", see(`document.documentElement.scrollWidth <= innerWidth`))
		})
	}
}

func walk(t *testing.T, ctx context.Context) {
	t.Helper()
	act(t, ctx, "the list of commands", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/"), see(`document.querySelectorAll("#popup .item").length > 5`))
	picture(t, ctx, "1-commands")
	act(t, ctx, "no moderator's command for a member", see(`!document.querySelector("#popup").innerText.includes("tidy")`))
	act(t, ctx, "a command by its name", chromedp.KeyEvent("pag"), enter, enter, shows("Page 1 of 3"))
	act(t, ctx, "a button", chromedp.Click(chromedp.CSS(`[data-custom-id="page:2"]`)), shows("Page 2 of 3"), shows("(edited)"))
	picture(t, ctx, "2-embed")

	act(t, ctx, "autocomplete", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/city"), enter, see(`document.activeElement.id === "option-name"`),
		chromedp.KeyEvent("ald"), see(`document.querySelectorAll("#popup .item").length === 2`))
	picture(t, ctx, "3-autocomplete")
	act(t, ctx, "a suggestion, an optional choice, and the answer", down, down, enter,
		see(`document.querySelector("#option-name")?.value === "Aldwick"`),
		chromedp.Click(chromedp.CSS(".add-option")), see(`document.activeElement.id === "option-season"`), chromedp.KeyEvent("win"), enter,
		enter, shows("name=aldwick season=winter"))

	act(t, ctx, "an ephemeral answer", chromedp.KeyEvent("/secret"), enter, enter, shows("Only you can see this"))
	picture(t, ctx, "4-ephemeral")
	act(t, ctx, "dismissing it", chromedp.Click(chromedp.CSS(".only-you .textlink")), see(`!document.querySelector(".ephemeral")`))

	act(t, ctx, "a deferred answer", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/slow"), enter, chromedp.KeyEvent("700"), enter, shows("is thinking"), shows("thought it over"))
	act(t, ctx, "a form", chromedp.KeyEvent("/form"), enter, enter, see(`document.querySelector("dialog[open] input")`))
	picture(t, ctx, "5-form")
	act(t, ctx, "filling it in", chromedp.SendKeys(chromedp.CSS("dialog input"), "by hand"), chromedp.Click(chromedp.CSS("dialog .primary")), shows("You wrote: by hand"), see(`!document.querySelector("dialog[open]")`))
	act(t, ctx, "a menu", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/menu"), enter, enter, shows("Choose:"),
		chromedp.Evaluate[chromedp.Void](`{ const menu = document.querySelector("select"); menu.value = "green"; menu.dispatchEvent(new Event("change")); }`), shows("You chose green"))
	act(t, ctx, "layout components", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/layout"), enter, enter, shows("with a button"))
	act(t, ctx, "a file", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/file"), enter, enter, shows("notes.txt"))
	picture(t, ctx, "6-layout")
	act(t, ctx, "a file for a command", chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/weigh"), enter, see(`document.activeElement.id === "option-file"`),
		chromedp.SetUploadFiles(chromedp.CSS("#option-file"), []string{note(t)}), enter, shows("note.txt has 12 of 12 bytes: twelve bytes"))
	wires(t, ctx)
	act(t, ctx, "an example", chromedp.Click(chromedp.CSS(".example")), shows("pong for Robin Vale"))
	act(t, ctx, "as moderator", chromedp.Evaluate[chromedp.Void](`document.querySelector('[name=user][value="`+sandbox.UserModerator+`"]').click()`),
		see(`document.querySelector("#status.online") && document.querySelectorAll("#log .message").length > 3`),
		chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/tidy"), see(`document.querySelector("#popup").innerText.includes("/tidy up")`),
		enter, enter, shows("tidied down"))
	act(t, ctx, "the other server", chromedp.Evaluate[chromedp.Void](`document.querySelectorAll(".guild")[1].click()`),
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
	act(t, ctx, "what went over the wire", chromedp.Click(chromedp.CSS("#wires")),
		see(`document.querySelector("#transcripts details[open] summary")?.innerText.startsWith("/weigh")`),
		see(`document.querySelector("#transcripts details[open]").innerText.includes("twelve bytes")`))
	picture(t, ctx, "8-wire")
	act(t, ctx, "closing it", chromedp.Click(chromedp.CSS("#unwire")), see(`document.querySelector("#wire").hidden && document.activeElement.id === "wires"`))
}

// Who types faster than the commands load doesn't send one as a message.
func TestPageWaitsForCommands(t *testing.T) {
	srv, _ := start(t, sandbox.Options{})
	ctx := browser(t, 1000, 700)
	late := `{ const now = window.fetch; let open; const gate = new Promise((done) => { open = done; }); window.letThrough = open;
		window.fetch = async (url, options) => { if (String(url).includes("/app/commands")) await gate; return now(url, options); }; }`
	act(t, ctx, "a command typed before the commands are known", before(late), chromedp.Navigate(srv.URL()),
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
func before(script string) step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	})
}

// A bot that doesn't answer is seen not to.
func TestPageShowsSilence(t *testing.T) {
	srv, _ := start(t, sandbox.Options{ReplyDeadline: 300 * time.Millisecond})
	ctx := browser(t, 1000, 700)
	act(t, ctx, "a command without an answer", chromedp.Navigate(srv.URL()), see(`document.querySelector("#status.online")`),
		chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/never"), enter, enter, shows("The application did not respond"))
}
