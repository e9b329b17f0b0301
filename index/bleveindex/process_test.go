package bleveindex

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// helperEnv makes the test binary act as a second process: "add FOLDER" or
// "reindex FOLDER".
const helperEnv = "WHOSAID_TEST_INDEX_HELPER"

func TestMain(m *testing.M) {
	if job := os.Getenv(helperEnv); job != "" {
		if err := help(job); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// openFolder opens the corpus and the index below folder.
func openFolder(ctx context.Context, folder string) (*corpus.Store, *Index, error) {
	store, err := corpus.Open(filepath.Join(folder, "corpus"))
	if err != nil {
		return nil, nil, err
	}
	x, err := Open(ctx, Options{Dir: filepath.Join(folder, "index"), Store: store, Engine: sayings{"1"}, MaxParts: 4})
	return store, x, err
}

// help does a job until it is killed, and prints a line for whatever it has
// acknowledged.
func help(job string) error {
	ctx := context.Background()
	what, folder, _ := strings.Cut(job, " ")
	store, x, err := openFolder(ctx, folder)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		switch what {
		case "add":
			a := numbered(fmt.Sprintf("%d-%d", os.Getpid(), i))
			if _, err := store.Put(ctx, a); err != nil {
				return err
			}
			if err := x.Add(ctx, []string{a.ID}, nil); err != nil {
				return err
			}
			fmt.Println(a.ID)
		case "reindex":
			if err := x.Reindex(ctx, nil); err != nil {
				return err
			}
			fmt.Println("reindexed")
		}
	}
}

// numbered is an article of its own for each number.
func numbered(n string) *corpus.Article {
	return article(corpus.SharedScope, "Report "+n, "The Harbour Post", "2031-05-01",
		"“The lantern number "+n+" is lit,” said Ada Quill, the lamplighter.")
}

// helper starts a second process on folder; lines is what it acknowledged.
func helper(t *testing.T, job, folder string) (cmd *exec.Cmd, lines *bufio.Scanner) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), helperEnv+"="+job+" "+folder)
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

// A process that is killed in the middle of adding or reindexing loses
// nothing that it has acknowledged, and the next one works on.
func TestKill(t *testing.T) {
	folder := t.TempDir()
	rounds := 12
	if testing.Short() {
		rounds = 4
	}
	var acknowledged []string
	for round := range rounds {
		job := []string{"add", "reindex"}[round%2]
		cmd, lines := helper(t, job, folder)
		kill := sync.OnceFunc(func() {
			time.AfterFunc(time.Duration(rand.IntN(200))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		})
		if round%3 == 0 {
			kill() // while it opens, or in its first step
		}
		for lines.Scan() {
			kill()
			if job == "add" {
				acknowledged = append(acknowledged, lines.Text())
			}
		}
		_ = cmd.Wait() // killed
		checkAll(t, folder, acknowledged)
	}
	if len(acknowledged) == 0 {
		t.Fatal("no article was ever acknowledged")
	}
	t.Logf("%d articles acknowledged in %d rounds", len(acknowledged), rounds)
}

// checkAll opens the folder and asks for every acknowledged article; what was
// stored and not indexed comes with the next catch-up.
func checkAll(t *testing.T, folder string, acknowledged []string) {
	t.Helper()
	store, x, err := openFolder(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if p := x.Problems(); len(p) > 0 {
		t.Fatalf("problems after a kill: %v", p)
	}
	for _, id := range acknowledged {
		if _, err := x.Passage(t.Context(), nil, index.QuoteID(id, 1)); err != nil {
			t.Fatalf("an acknowledged article does not answer: %v", err)
		}
	}
	if err := x.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	n, err := store.Len(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if st := x.Stats(); st.Articles != n {
		t.Fatalf("after catching up the index has %d articles of %d", st.Articles, n)
	}
	parts, err := filepath.Glob(filepath.Join(folder, "index", partPrefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) > 2*4+1 {
		t.Fatalf("old parts pile up: %q", parts)
	}
}

// What another process adds is found within two seconds by one that is open.
func TestOtherProcessAdds(t *testing.T) {
	folder := t.TempDir()
	_, x, err := openFolder(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	cmd, lines := helper(t, "add", folder)
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	for range 3 {
		if !lines.Scan() {
			t.Fatal("the other process acknowledged nothing")
		}
		id, deadline := lines.Text(), time.Now().Add(10*time.Second)
		for {
			r, err := x.Search(t.Context(), index.Query{Speaker: "Ada Quill", Article: id})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Hits) == 1 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("article %s was not found in time", id)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}
