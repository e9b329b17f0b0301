// Scale measures whosaid on a made-up corpus of a million quotes and
// paragraphs, beside SQLite's FTS5 on the same corpus in the same run: how
// fast an index is built and how big it is, and how long asking, verifying and
// completing a name take.
//
//	go run . -articles 17400
//	go run . -write 2000000000 >articles.jsonl
//
// With -write it only writes so many bytes of articles as JSON lines, to try an import with.
//
// Searches run one at a time. FTS5 is asked what a search box would ask it:
// any of the topic's words, the best 100 by BM25, which it does not read. It
// neither ranks by meaning nor aligns words: its times are the floor of
// searching, not of answering. Beside the time that passed stands the processor
// time of the searching thread, which a busy machine does not lengthen.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	var o options
	flag.IntVar(&o.articles, "articles", 17400, "articles to make up, of some 58 passages each")
	flag.Uint64Var(&o.seed, "seed", 1, "of the corpus and the questions")
	flag.IntVar(&o.queries, "queries", 1000, "questions, claims and prefixes to try")
	flag.StringVar(&o.dir, "dir", "", "folder for corpus and indexes, kept; an index found there is used again (default: a temporary one)")
	flag.StringVar(&o.engines, "engines", "whosaid,fts5", "what to measure")
	flag.Int64Var(&o.write, "write", 0, "write so many bytes of articles as JSON lines to standard output, and do nothing else")
	flag.StringVar(&o.profile, "profile", "", "write a CPU profile of asking and verifying to this file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

type options struct {
	articles, queries int
	seed              uint64
	dir, profile      string
	engines           string
	write             int64
}

func run(ctx context.Context, o options) (err error) {
	if o.write > 0 {
		return writeArticles(os.Stdout, o.seed, o.write)
	}
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "whosaid-scale-"); err != nil {
			return err
		}
		defer os.RemoveAll(o.dir)
	}
	c, err := makeCorpus(ctx, filepath.Join(o.dir, "corpus"), o)
	if err != nil {
		return fmt.Errorf("making the corpus: %w", err)
	}
	var engines []engine
	var w *whosaid
	if strings.Contains(o.engines, "whosaid") {
		if w, err = openWhosaid(ctx, filepath.Join(o.dir, "index"), c); err != nil {
			return err
		}
		defer w.index.Close()
		engines = append(engines, w)
	}
	if strings.Contains(o.engines, "fts5") {
		f, err := openFTS5(ctx, filepath.Join(o.dir, "fts5.db"), c)
		if err != nil {
			return fmt.Errorf("FTS5: %w", err)
		}
		defer f.db.Close()
		engines = append(engines, f)
	}
	fmt.Printf("%d articles, %d passages, %d questions of each sort\n\n", len(c.articles), c.passages, o.queries)
	printBuilds(engines, c.passages)
	if o.profile != "" {
		f, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if err := printSearches(ctx, engines, c.tasks(o.seed, o.queries)); err != nil {
		return err
	}
	if w == nil {
		return nil
	}
	return w.printAdd(ctx, c)
}

// engine is what is measured.
type engine interface {
	name() string
	// built is how long the index took to build, 0 when it was found, and its size.
	built() (time.Duration, int64)
	// do performs one task and reports whether the right thing came first.
	do(ctx context.Context, t task) (right bool, err error)
}

func printBuilds(engines []engine, passages int) {
	fmt.Printf("%-10s %14s %12s %10s\n", "build", "passages/s", "B/passage", "MB")
	for _, e := range engines {
		took, size := e.built()
		rate := "(found)"
		if took > 0 {
			rate = fmt.Sprintf("%.0f", float64(passages)/took.Seconds())
		}
		fmt.Printf("%-10s %14s %12.0f %10.1f\n", e.name(), rate, float64(size)/float64(passages), float64(size)/1e6)
	}
	fmt.Println()
}

func printSearches(ctx context.Context, engines []engine, tasks map[string][]task) error {
	runtime.LockOSThread() // for threadTime
	defer runtime.UnlockOSThread()
	fmt.Printf("%-20s %-8s %9s %9s %9s %9s %8s\n", "", "", "p50 ms", "p99 ms", "p50 CPU", "p99 CPU", "right %")
	for _, kind := range []string{taskWho, taskWhat, taskVerify, taskComplete, taskTypo} {
		for _, e := range engines {
			var times, busy []time.Duration
			right := 0
			for i, t := range tasks[kind] {
				start, used := time.Now(), threadTime()
				ok, err := e.do(ctx, t)
				took, worked := time.Since(start), threadTime()-used
				if err != nil {
					return fmt.Errorf("%s: %s %q: %w", e.name(), kind, t.text, err)
				}
				if i < len(tasks[kind])/10 { // to warm up
					continue
				}
				times, busy = append(times, took), append(busy, worked)
				if ok {
					right++
				}
			}
			fmt.Printf("%-20s %-8s %9.3f %9.3f %9.3f %9.3f %8.1f\n", kind, e.name(), quantile(times, .5), quantile(times, .99),
				quantile(busy, .5), quantile(busy, .99), 100*float64(right)/float64(len(times)))
		}
	}
	fmt.Println()
	return nil
}

// quantile is the time, in milliseconds, that a share of them stays below.
func quantile(times []time.Duration, share float64) float64 {
	slices.Sort(times)
	return float64(times[int(share*float64(len(times)-1))].Microseconds()) / 1000
}

// anyOf joins words for FTS5: one of them has to match.
func anyOf(words []string) string { return `"` + strings.Join(words, `" OR "`) + `"` }
