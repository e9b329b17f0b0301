package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/whosaid/whosaid/internal/browser"
	"github.com/whosaid/whosaid/sandbox"
)

// rendered is what the page made of a text.
type rendered struct {
	HTML  string   `json:"html"`
	Bad   []string `json:"bad"`
	Milli float64  `json:"milli"`
}

// render lets the page's own module render texts, and lists what must never be
// in the result: unknown elements, handlers, addresses other than of the web.
const render = `(async (texts) => {
	const { markdown } = await import("/markdown.js");
	const known = new Set("DIV SPAN STRONG EM U S CODE PRE BLOCKQUOTE A UL OL LI TIME".split(" "));
	return texts.map((text) => {
		const begin = performance.now();
		const box = document.createElement("div");
		box.append(markdown(text, { user: () => "Robin Vale", everyone: false }));
		const milli = performance.now() - begin;
		document.getElementById("hero").replaceChildren(box);
		const bad = [];
		for (const node of box.querySelectorAll("*")) {
			if (!known.has(node.tagName)) bad.push(node.tagName);
			for (const a of node.attributes) if (/^on|^style$|^src/i.test(a.name)) bad.push(a.name);
			if (node.href && !/^https?:/.test(node.href)) bad.push(node.href);
		}
		if (window.pwned) bad.push("a script ran");
		return { html: box.innerHTML, bad, milli };
	});
})`

func renderAll(t *testing.T, texts []string) []rendered {
	t.Helper()
	srv, _ := start(t, sandbox.Options{})
	ctx := browser.Start(t, 800, 600, "light")
	browser.Do(t, ctx, "opening the page", chromedp.Navigate(srv.URL()), see(`document.querySelector("#status.online")`))
	list, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	wait := true
	out, err := chromedp.Run(ctx, chromedp.Evaluate[[]rendered](render+"("+string(list)+")", func(p *runtime.EvaluateParams) { p.AwaitPromise = &wait }))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestMarkdown(t *testing.T) {
	tests := []struct{ text, want string }{
		{"plain <b>text</b> & more", `<div class="p">plain &lt;b&gt;text&lt;/b&gt; &amp; more</div>`},
		{"**bold** *slanted* _too_ __under__ ~~gone~~", `<div class="p"><strong>bold</strong> <em>slanted</em> <em>too</em> <u>under</u> <s>gone</s></div>`},
		{"***both*** and **a *nested* one**", `<div class="p"><em><strong>both</strong></em> and <strong>a <em>nested</em> one</strong></div>`},
		{"`a *b* c` and snake_case_name", `<div class="p"><code>a *b* c</code> and snake_case_name</div>`},
		{`\*not\* \_this\_ 2\. a\\b`, `<div class="p">*not* _this_ 2. a\b</div>`},
		{"> quoted\n> twice\nafter", `<blockquote><div class="p">quoted
twice</div></blockquote><div class="p">after</div>`},
		{"- one\n- two", `<ul><li>one</li><li>two</li></ul>`},
		{"3. three\n4. four", `<ol start="3"><li>three</li><li>four</li></ol>`},
		{"## Title\n-# small", `<div class="h h2" role="heading" aria-level="4">Title</div><div class="subtext">small</div>`},
		{"```go\nx := 1\n```", `<pre><code>x := 1</code></pre>`},
		{"[a page](https://example.org/a_(b))", `<div class="p"><a href="https://example.org/a_(b)" target="_blank" rel="noopener noreferrer nofollow" title="https://example.org/a_(b)">a page</a></div>`},
		{"<@123456789012345678> @everyone", `<div class="p"><span class="mention">@Robin Vale</span> @everyone</div>`},
		{"[x](javascript:alert(1)) [y](data:text/html,z)", `<div class="p">[x](javascript:alert(1)) [y](data:text/html,z)</div>`},
	}
	texts := make([]string, len(tests))
	for i, tt := range tests {
		texts[i] = tt.text
	}
	for i, got := range renderAll(t, texts) {
		if diff := cmp.Diff(tests[i].want, got.HTML); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tests[i].text, diff)
		}
	}
}

// Hostile texts become text: no element, no handler, no script, and no long wait.
func TestMarkdownWithstandsHostileTexts(t *testing.T) {
	texts := []string{
		`<img src=x onerror="window.pwned=1">`, `<script>window.pwned=1</script>`, `<svg/onload=window.pwned=1>`,
		`**<img src=x onerror=window.pwned=1>**`, "```\n</code></pre><script>window.pwned=1</script>\n```", "`</code><img src=x onerror=window.pwned=1>`",
		`[<img src=x onerror=window.pwned=1>](https://example.org/"onmouseover="window.pwned=1)`, `[x](https://example.org/ "t" onclick="window.pwned=1")`,
		`[x](JaVaScRiPt:window.pwned=1)`, "[x](java\nscript:window.pwned=1)", `<javascript:window.pwned=1>`, `[x](https://java` + "\x00" + `script)`,
		`> <iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`, `||<a href=javascript:window.pwned=1>x</a>||`, `<t:99999999999999>`, `<t:9999999999999:R>`,
		"\u202e<b>\u2066</b>", "</div></body><script>window.pwned=1</script>", `<@900000000000000301"><img src=x>`,
		strings.Repeat("*", 4000), strings.Repeat("**a", 1300), strings.Repeat("||", 2000), strings.Repeat("[", 4000), strings.Repeat("[](", 1300),
		strings.Repeat("> ", 2000), strings.Repeat("`", 3999), strings.Repeat("_*~|", 1000), strings.Repeat("\\", 4000), strings.Repeat("- a\n", 1000),
		"[x](https://a" + strings.Repeat("(", 3900), strings.Repeat("http://a ", 440), strings.Repeat("__**", 1000) + "x" + strings.Repeat("**__", 1000),
	}
	for i, got := range renderAll(t, texts) {
		if len(got.Bad) > 0 {
			t.Errorf("%.60q: %q in %.200q", texts[i], got.Bad, got.HTML)
		}
		if got.Milli > 1000 {
			t.Errorf("%.20q took %.0f ms", texts[i], got.Milli)
		}
		t.Logf("%6.1f ms %.30q", got.Milli, texts[i])
	}
}
