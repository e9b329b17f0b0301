package cmd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// whosaid is the program, run as a process of its own on a data folder.
type whosaid struct {
	t    *testing.T
	path string
	data string
}

func newWhosaid(t *testing.T) whosaid {
	t.Helper()
	// The test binary is whosaid when it is called so; see TestMain.
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "whosaid")
	if err := os.Symlink(self, path); err != nil {
		t.Skipf("this system makes no symbolic link to the test binary: %v", err)
	}
	return whosaid{t, path, filepath.Join(t.TempDir(), "data")}
}

func (w whosaid) command(args ...string) *exec.Cmd {
	c := exec.Command(w.path, args...)
	c.Env = append(os.Environ(), "WHOSAID_DATA="+w.data, "HOME="+w.t.TempDir())
	return c
}

// run runs a command to its end and returns standard output.
func (w whosaid) run(args ...string) string {
	w.t.Helper()
	var out, errs bytes.Buffer
	c := w.command(args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		w.t.Fatalf("whosaid %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out.String()
}

// killed starts a command and kills it, unless it ends before.
func (w whosaid) killed(after time.Duration, args ...string) {
	w.t.Helper()
	c := w.command(args...)
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = c.Process.Kill() })
	defer timer.Stop()
	_ = c.Wait() // whichever way it ended
}

// answers fails the test unless every article's quote is found with its
// speaker.
func (w whosaid) answers(articles []testArticle) {
	w.t.Helper()
	var claims bytes.Buffer
	for _, a := range articles {
		fmt.Fprintf(&claims, "{\"claim\":%q,\"speaker\":%q}\n", a.words, a.speaker)
	}
	c := w.command("verify", "--json", "--batch")
	c.Stdin = &claims
	out, err := c.Output()
	if err != nil {
		w.t.Fatalf("verify after a kill: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(articles) {
		w.t.Fatalf("%d verdicts for %d claims", len(lines), len(articles))
	}
	for i, line := range lines {
		var check struct{ Verdict string }
		if err := json.Unmarshal([]byte(line), &check); err != nil {
			w.t.Fatal(err)
		}
		if check.Verdict != "verbatim" {
			w.t.Errorf("%s: %q by %s is %s, want verbatim", articles[i].file, articles[i].words, articles[i].speaker, check.Verdict)
		}
	}
}

// testArticle is a file with one quote.
type testArticle struct{ file, words, speaker string }

// writeArticles writes n articles that differ in speaker and words.
func writeArticles(t *testing.T, dir string, from, n int) []testArticle {
	t.Helper()
	first := []string{"Alma", "Bruno", "Clara", "Dario", "Edda", "Falk", "Greta", "Hanno"}
	last := []string{"Quillfeather", "Rostavan", "Selmore", "Tarnbeck", "Umberlin", "Vossgard", "Wexholm"}
	thing := []string{"lantern", "tunnel", "orchard", "turbine", "archive", "harvest", "lagoon", "signal", "carousel", "glacier", "pipeline"}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	articles := make([]testArticle, n)
	for i := range articles {
		k := from + i
		a := testArticle{
			file:    fmt.Sprintf("article-%03d.txt", k),
			speaker: first[k%len(first)] + " " + last[k%len(last)],
			words:   fmt.Sprintf("the %s needs %d more %ss before winter", thing[k%len(thing)], 100+k, thing[(k/len(thing)+k+1)%len(thing)]),
		}
		text := fmt.Sprintf("PORT SELM — The council met again on Monday.\n\n“%s,” said %s, an engineer.\n", a.words, a.speaker)
		if err := os.WriteFile(filepath.Join(dir, a.file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		articles[i] = a
	}
	return articles
}

// TestKill kills whosaid in the middle of imports and reindexes: what was
// reported as imported answers afterwards, and what was not can be imported again.
func TestKill(t *testing.T) {
	w := newWhosaid(t)
	before := filepath.Join(t.TempDir(), "before")
	later := filepath.Join(t.TempDir(), "later")
	reported := writeArticles(t, before, 0, 40)
	all := append(reported, writeArticles(t, later, 40, 200)...)
	start := time.Now()
	w.run("import", before)
	took := time.Since(start)
	w.answers(reported)

	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	for range rounds {
		w.killed(rand.N(3*took), "import", later)
		w.answers(reported)
	}
	w.run("import", later)
	w.answers(all)
	for range rounds {
		w.killed(rand.N(3*took), "reindex")
		w.answers(all)
	}
	w.run("reindex")
	w.answers(all)

	var s struct{ Articles, Unindexed int }
	if err := json.Unmarshal([]byte(w.run("status", "--json")), &s); err != nil {
		t.Fatal(err)
	}
	if s.Articles != len(all) || s.Unindexed != 0 {
		t.Errorf("%d articles, %d of them not indexed; want %d and 0", s.Articles, s.Unindexed, len(all))
	}
}
