package bot

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain words":                   "plain words",
		"  folded \n\t space ":          "folded space",
		"*bold* _it_ ~~no~~ `code`":     `\*bold\* \_it\_ \~\~no\~\~ \` + "`code\\`",
		"||spoiler||":                   `\|\|spoiler\|\|`,
		"[a](https://evil.example)":     `\[a\](https\://evil.example)`,
		"<https://evil.example>":        `\<https\://evil.example\>`,
		"@everyone and @here":           "@\u200beveryone and @\u200bhere",
		"<@1> <@!1> <@&1> <#1> </a:1>":  "\\<@\u200b1\\> \\<@\u200b!1\\> \\<@\u200b&1\\> \\<#1\\> \\</a:1\\>",
		"<:smile:123> <t:0:R>":          `\<:smile:123\> \<t:0:R\>`,
		"# heading":                     `\# heading`,
		"-# small":                      `\-# small`,
		"- item, 3-4 # 5":               `\- item, 3-4 # 5`,
		"12. item 13. more":             `12\. item 13. more`,
		"7) item":                       `7\) item`,
		"3.5 percent":                   `3\.5 percent`,
		"> quoted >> text":              `\> quoted \>\> text`,
		`back\slash`:                    `back\\slash`,
		"turned \u202eback\u202c again": "turned back again",
		"tag \U000E0041 and bell \a":    "tag and bell",
		"bad \xff byte":                 "bad \ufffd byte",
		"ratio 3:4":                     "ratio 3:4",
	} {
		if got := string(Escape(in, 200)); got != want {
			t.Errorf("Escape(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestQuoteSetsEveryLine(t *testing.T) {
	got := string(Quote("one\n# two\r\n1. three\u2028- four", 200))
	if want := "> one\n> \\# two\n> 1\\. three\n> \\- four"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCutting(t *testing.T) {
	for name, tc := range map[string]struct {
		got  string
		want string
	}{
		"at a space":                {string(Escape("the lighthouse stays open", 20)), "the lighthouse…"},
		"in a long word":            {string(Escape(strings.Repeat("x", 50), 10)), "xxxxxxxxx…"},
		"not inside an escape":      {string(Escape("****", 6)), `\*\*…`},
		"exactly fitting":           {string(Escape("****", 8)), `\*\*\*\*`},
		"not inside a grapheme":     {Plain("👩‍🚒👩‍🚒👩‍🚒", 12), "👩‍🚒👩‍🚒…"},
		"plain text keeps marks":    {Plain("a *b* <@1>", 20), "a *b* <@1>"},
		"no room":                   {string(Escape("word", 0)), ""},
		"our Markdown, last resort": {string(cutMarkdown(`ab\*cd`, 4)), "ab…"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %q, want %q", name, tc.got, tc.want)
		}
	}
}

// alive reports the Markdown or mention in escaped text that Discord would act
// on, "" if there is none.
func alive(escaped string) string {
	for line := range strings.SplitSeq(escaped, "\n") {
		line = strings.TrimLeft(line, " ")
		for _, mark := range []string{"#", "-", "+", ">"} {
			if strings.HasPrefix(line, mark) {
				return "line starts with " + mark
			}
		}
		if digits := strings.TrimLeft(line, "0123456789"); digits != line && (strings.HasPrefix(digits, ".") || strings.HasPrefix(digits, ")")) {
			return "line starts a numbered list"
		}
	}
	rs := []rune(escaped)
	for i := 0; i < len(rs); i++ {
		switch {
		case rs[i] == '\\':
			if i+1 == len(rs) {
				return "backslash at the end"
			}
			i++ // it makes the next character literal
		case strings.ContainsRune("*_~`|[]<>", rs[i]):
			return "a live " + string(rs[i])
		case rs[i] == '@' && (i+1 == len(rs) || rs[i+1] != '\u200b'):
			return "a live @"
		case rs[i] == ':' && strings.HasPrefix(string(rs[i:min(i+3, len(rs))]), "://"):
			return "a live URL"
		}
	}
	return ""
}

// hostile draws texts that are rich in what Discord would act on.
func hostile() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"*", "**", "_", "~~", "`", "```", "||", "\\", "[a](https://b.example)", "<@1>", "@everyone", "@here", "<#2>", "<:e:3>",
		"<t:1:R>", "\n", "\n# ", "\n- ", "\n1. ", "\n> ", "\r\n", " ", "word", "слово", "言葉", "👩‍🚒", "e\u0301", "\u202e", "https://x.example", "\x00",
		"\u2028", "a long row of words ",
	})
	return rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOfN(piece, 0, 60), func(p []string) string { return strings.Join(p, "") }))
}

func TestEscapeIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, limit := hostile().Draw(t, "text"), rapid.IntRange(0, 300).Draw(t, "limit")
		checkEscape(t, text, limit)
	})
}

type failer interface {
	Errorf(format string, args ...any)
}

// checkEscape holds Escape, Quote and Plain to their promises.
func checkEscape(t failer, text string, limit int) {
	for name, got := range map[string]string{
		"Escape": string(Escape(text, limit)), "Quote": string(Quote(text, limit)), "Plain": Plain(text, limit),
	} {
		if n := units(got); n > limit {
			t.Errorf("%s(%q, %d) is %d units long", name, text, limit, n)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%s(%q, %d) is invalid UTF-8", name, text, limit)
		}
		if name == "Quote" {
			got = strings.TrimPrefix(strings.ReplaceAll(got, "\n> ", "\n"), "> ")
		}
		if name != "Plain" && alive(got) != "" {
			t.Errorf("%s(%q, %d) = %q: %s", name, text, limit, got, alive(got))
		}
	}
}

// TestEscapeLosesNothing: taking the escapes out, and zero-width spaces, gives
// the text back.
func TestEscapeLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := hostile().Draw(t, "text")
		escaped := string(Escape(text, 1<<20))
		var back strings.Builder
		for rs := []rune(strings.ReplaceAll(escaped, zeroWidth, "")); len(rs) > 0; rs = rs[1:] {
			if rs[0] == '\\' {
				rs = rs[1:]
			}
			back.WriteRune(rs[0])
		}
		if want := strings.ReplaceAll(oneLine(text), zeroWidth, ""); back.String() != want {
			t.Errorf("back came %q, want %q", back.String(), want)
		}
	})
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "*a*", "@everyone", "<@1>", "1. a\n- b\n# c", "\\", "https://a.example", "👩‍🚒\u202e"} {
		f.Add(s, 10)
		f.Add(s, 2000)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		checkEscape(t, text, min(max(limit, 0), 5000))
	})
}

func BenchmarkEscape(b *testing.B) {
	for name, text := range map[string]string{
		"prose":   strings.Repeat("The lighthouse stays open all winter, she said. ", 20),
		"hostile": strings.Repeat("*<@1>* [x](https://y.example)\n", 30),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Escape(text, 1000)
			}
		})
	}
}
