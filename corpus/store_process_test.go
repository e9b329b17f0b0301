package corpus

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// The tests here run this test binary again as a writer of its own, which the
// environment tells the folder and the first number of its articles.
const (
	writerDir   = "WHOSAID_TEST_WRITER_DIR"
	writerFirst = "WHOSAID_TEST_WRITER_FIRST"
	writerCount = "WHOSAID_TEST_WRITER_COUNT"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(moderatorDir); dir != "" {
		if err := moderateUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if dir := os.Getenv(writerDir); dir != "" {
		if err := writeUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// writeUntilKilled puts articles, singly and in batches, and prints each ID once its
// article is acknowledged.
func writeUntilKilled(dir string) error {
	var from, count int
	if _, err := fmt.Sscan(os.Getenv(writerFirst)+" "+os.Getenv(writerCount), &from, &count); err != nil {
		return err
	}
	s, err := Open(dir)
	if err != nil {
		return err
	}
	for n := from; n < from+count; n += 4 {
		batch := []*Article{sampleArticle(n), sampleArticle(n + 1), sampleArticle(n + 2)}
		if _, err := s.PutAll(context.Background(), batch); err != nil {
			return err
		}
		one := sampleArticle(n + 3)
		if _, err := s.Put(context.Background(), one); err != nil {
			return err
		}
		for _, a := range append(batch, one) {
			fmt.Println(a.ID)
		}
	}
	return nil
}

// startWriter starts a writer process.
func startWriter(t *testing.T, dir string, from, count int) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), writerDir+"="+dir, fmt.Sprintf("%s=%d", writerFirst, from), fmt.Sprintf("%s=%d", writerCount, count))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func TestTwoProcessesWriteAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir) // open before the others write, as the bot is
	const each = 100
	a, outA := startWriter(t, dir, 0, each)
	b, outB := startWriter(t, dir, each/2, each) // half of its articles are the other's
	for _, w := range []struct {
		cmd *exec.Cmd
		out *bufio.Scanner
	}{{a, outA}, {b, outB}} {
		for w.out.Scan() {
			if _, err := s.Get(t.Context(), w.out.Text()); err != nil {
				t.Errorf("acknowledged by another process: %v", err)
			}
		}
		if err := w.cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Len(t.Context()); n != each*3/2 || err != nil {
		t.Errorf("Len = %d, %v, want %d", n, err, each*3/2)
	}
}

func noTemporaryFiles(t *testing.T, dir string) {
	t.Helper()
	openStore(t, dir)
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(e.Name(), tempPrefix) {
			t.Errorf("left behind: %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
