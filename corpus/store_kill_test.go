package corpus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tests here run this test binary again as a process that may be killed,
// which the environment tells the folder, the number that its articles begin with,
// and the most bytes that a file may have ("" for any).
const (
	moderatorDir   = "WHOSAID_TEST_MODERATOR_DIR"
	moderatorFirst = "WHOSAID_TEST_MODERATOR_FIRST"
	moderatorLimit = "WHOSAID_TEST_MODERATOR_LIMIT"
)

// moderateUntilKilled stores articles and changes of every kind, and prints what was acknowledged:
//
//	put ID           the article is there
//	gone ID          it was removed
//	back ID          it was brought back
//	change SEQ TO    the change of that number is this
//	feed ETAG        the feed's state is this
func moderateUntilKilled(dir string) error {
	if limit, err := strconv.ParseUint(os.Getenv(moderatorLimit), 10, 64); err == nil {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
	}
	first, err := strconv.Atoi(os.Getenv(moderatorFirst))
	if err != nil {
		return err
	}
	s, err := Open(dir)
	if err != nil {
		return err
	}
	for n := first; n < first+100_000; n += 3 {
		if err := moderate(s, n); err != nil {
			return err
		}
	}
	return nil
}

func moderate(s *Store, n int) error {
	ctx := context.Background()
	batch := []*Article{sampleArticle(n), sampleArticle(n + 1), sampleArticle(n + 2)}
	if _, err := s.PutAll(ctx, batch); err != nil {
		return err
	}
	for _, a := range batch {
		fmt.Println("put", a.ID)
	}
	c, err := s.Record(ctx, Change{By: "7", Action: ActSpeaker, Article: batch[0].ID, Quote: someQuote, To: fmt.Sprint("Speaker_", n)})
	if err != nil {
		return err
	}
	fmt.Println("change", c.Seq, c.To)
	for _, a := range batch[1:] {
		if c, err = s.Record(ctx, Change{By: "7", Action: ActRemove, Article: a.ID}); err != nil {
			return err
		}
		fmt.Println("gone", a.ID)
	}
	if _, err := s.Record(ctx, Change{By: "7", Action: ActUndo, Of: c.Seq}); err != nil {
		return err
	}
	fmt.Println("back", batch[2].ID)
	etag := strconv.Itoa(n)
	if err := s.SetFeedState(ctx, SharedScope, FeedState{URL: "https://a.example/", ETag: etag}); err != nil {
		return err
	}
	fmt.Println("feed", etag)
	return nil
}

// acknowledged is what a process said that was killed.
type acknowledged struct {
	there   map[string]bool // article → whether it is there
	changes map[int]string
	feed    int
}

func (a *acknowledged) take(line string) {
	f := strings.Fields(line)
	switch {
	case len(f) == 2 && len(f[1]) == idLength && (f[0] == "put" || f[0] == "back"):
		a.there[f[1]] = true
	case len(f) == 2 && len(f[1]) == idLength && f[0] == "gone":
		a.there[f[1]] = false
	case len(f) == 3 && f[0] == "change":
		seq, _ := strconv.Atoi(f[1])
		a.changes[seq] = f[2]
	case len(f) == 2 && f[0] == "feed":
		a.feed, _ = strconv.Atoi(f[1])
	}
}

// moderatorCommand is a process on the folder.
func moderatorCommand(t *testing.T, dir string, first int, limit string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), moderatorDir+"="+dir, fmt.Sprintf("%s=%d", moderatorFirst, first), moderatorLimit+"="+limit)
	return cmd
}

// startModerator starts a process on the folder.
func startModerator(t *testing.T, dir string, first int) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := moderatorCommand(t, dir, first, "")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// TestKilledAHundredTimes kills a process that stores, corrects, removes and
// undoes, at random moments. What it acknowledged is there, whole; what it did not is
// there whole or not at all; and nothing else is left.
func TestKilledAHundredTimes(t *testing.T) {
	rounds, perFolder := 100, 10
	if testing.Short() {
		rounds = 10
	}
	var dir string
	var all acknowledged
	total := 0
	for round := range rounds {
		if round%perFolder == 0 {
			dir = t.TempDir()
			all = acknowledged{there: map[string]bool{}, changes: map[int]string{}}
		}
		cmd, out := startModerator(t, dir, round*100_000)
		if !out.Scan() {
			t.Fatalf("the process said nothing: %v", out.Err())
		}
		timer := time.AfterFunc(time.Duration(rand.IntN(50_000))*time.Microsecond, func() { cmd.Process.Kill() })
		lines := []string{out.Text()}
		for out.Scan() {
			lines = append(lines, out.Text())
		}
		timer.Stop()
		if err := cmd.Wait(); err == nil {
			t.Fatal("the process ended before it was killed")
		}
		for _, line := range lines {
			all.take(line)
		}
		total += len(lines)
		all.check(t, dir, lines)
		if t.Failed() {
			t.Fatalf("in round %d; the last it said was %q", round, lines[max(0, len(lines)-3):])
		}
	}
	t.Logf("%d acknowledged operations over %d kills", total, rounds)
	noTemporaryFiles(t, dir)
}

// check compares the folder with what was acknowledged. What the process was at
// when it was killed may have happened or not: an article that was put last may be gone already.
func (a *acknowledged) check(t *testing.T, dir string, lines []string) {
	t.Helper()
	s := openStore(t, dir)
	recent := strings.Join(lines[max(0, len(lines)-8):], " ")
	for id, want := range a.there {
		_, err := s.Get(t.Context(), id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			t.Error(err)
		}
		if strings.Contains(recent, id) {
			a.there[id] = err == nil
		} else if (err == nil) != want {
			t.Errorf("article %s is there: %v, but it was acknowledged as %v", id, err == nil, want)
		}
	}
	for _, err := range s.All(t.Context()) {
		if err != nil {
			t.Error(err)
		}
	}
	for _, err := range s.Damaged(t.Context()) {
		t.Error(err)
	}
	changes, err := s.Changes(t.Context(), SharedScope, 0)
	if err != nil {
		t.Fatal(err)
	}
	for seq, to := range a.changes {
		if i := slices.IndexFunc(changes, func(c Change) bool { return c.Seq == seq }); i < 0 || changes[i].To != to {
			t.Errorf("change %d (%s) is lost", seq, to)
		}
	}
	for i, c := range changes {
		if c.Seq != i+1 {
			t.Fatalf("change %d stands where %d should", c.Seq, i+1)
		}
	}
	feed, err := s.FeedState(t.Context(), SharedScope, "https://a.example/")
	if n, _ := strconv.Atoi(feed.ETag); err != nil || n < a.feed {
		t.Errorf("the feed's state is %q (%v), acknowledged was %d", feed.ETag, err, a.feed)
	}
}

// TestFullDisk: a file system that takes no more is told of clearly, and what
// is there stays, and works. The system's limit on the size of a file stands in for a full disk.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	a := sampleArticle(1)
	put(t, s, a)
	kept := record(t, s, Change{Action: ActSpeaker, Article: a.ID, Quote: someQuote, To: "Orla Finn"})
	before := filesOf(t, dir)
	cmd := moderatorCommand(t, dir, 10, "60")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "disk is full") || strings.Contains(string(out), "put ") {
		t.Errorf("it ended with %v and said %q", err, out)
	}
	s = openStore(t, dir)
	if _, err := s.Get(t.Context(), a.ID); err != nil {
		t.Error(err)
	}
	if fixes := state(t, s, SharedScope).Fixes[a.ID]; len(fixes) != 1 || fixes[0].Change != kept.Seq {
		t.Errorf("the correction is lost: %v", fixes)
	}
	if after := filesOf(t, dir); len(after) != len(before) {
		t.Errorf("%d files instead of %d", len(after), len(before))
	}
	put(t, s, sampleArticle(2)) // there is room again
}
