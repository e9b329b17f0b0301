package corpus

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

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

// Whatever a writer acknowledged before kill -9 is there, whole; what it did not
// is there whole or not at all; and nothing else is left.
func TestKilledWriterLosesNothingAcknowledged(t *testing.T) {
	rounds := 8
	if testing.Short() {
		rounds = 3
	}
	dir := t.TempDir()
	var acknowledged []string
	for round := range rounds {
		cmd, out := startWriter(t, dir, round*100_000, 100_000)
		if !out.Scan() {
			t.Fatalf("the writer said nothing: %v", out.Err())
		}
		acknowledged = append(acknowledged, out.Text())
		timer := time.AfterFunc(time.Duration(rand.IntN(60_000))*time.Microsecond, func() { cmd.Process.Kill() })
		for out.Scan() {
			if len(out.Text()) == idLength { // the kill may have cut a line
				acknowledged = append(acknowledged, out.Text())
			}
		}
		timer.Stop()
		if err := cmd.Wait(); err == nil {
			t.Fatal("the writer ended before it was killed")
		}

		s := openStore(t, dir)
		for _, id := range acknowledged {
			if _, err := s.Get(t.Context(), id); err != nil {
				t.Fatalf("round %d: acknowledged, but: %v", round, err)
			}
		}
		for _, err := range s.All(t.Context()) {
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
		}
	}
	t.Logf("%d acknowledged articles over %d kills", len(acknowledged), rounds)
	noTemporaryFiles(t, dir)
}

func noTemporaryFiles(t *testing.T, dir string) {
	t.Helper()
	s := openStore(t, dir)
	shards, err := s.shards()
	if err != nil {
		t.Fatal(err)
	}
	for _, shard := range shards {
		entries, err := os.ReadDir(shard)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), tempPrefix) {
				t.Errorf("left behind: %s/%s", shard, e.Name())
			}
		}
	}
}
