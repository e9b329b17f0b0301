// Command train learns every weight of the quote engine from a corpus of
// annotated articles.
//
//	go run ./quote/train -data DIR -out quote/weights
//
// DIR holds train.jsonl, train.conll.gz, dev.jsonl and dev.conll.gz. Training
// is deterministic. The figures on dev go to standard output.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/whosaid/whosaid/quote/internal/ling"
	"github.com/whosaid/whosaid/quote/weights"
)

func main() {
	data := flag.String("data", "../shared/quotebench", "folder of the corpus")
	out := flag.String("out", "quote/weights", "folder to write the weights to")
	cache := flag.String("cache", "", "folder that keeps the linguistic base from one run to the next, to try out attribution models")
	flag.Parse()
	if err := run(*data, *out, *cache); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(data, out, cache string) error {
	began := time.Now()
	step := func(name string) { fmt.Printf("%6.1fs  %s\n", time.Since(began).Seconds(), name) }
	train, err := loadSplit(data, "train")
	if err != nil {
		return err
	}
	dev, err := loadSplit(data, "dev")
	if err != nil {
		return err
	}
	step("read the corpus")
	b, err := cachedBase(cache, train)
	if err != nil {
		return err
	}
	step("trained the linguistic base")
	reportBase(os.Stdout, b.full, dev)
	trainSet := examples(train, func(i int) *ling.Model { return b.fold[i%folds] })
	devSet := examples(dev, func(int) *ling.Model { return b.full })
	step("analysed the articles")
	model, encoded, err := trainAttribution(cache, trainSet, step)
	if err != nil {
		return err
	}
	s := newScores()
	var r reliability
	for i, e := range devSet {
		found := model.Attribute(e.Analysis)
		right := s.score(dev[i], found)
		for k, a := range found {
			r.add(a.Score, right[k])
		}
	}
	s.print(os.Stdout)
	r.print(os.Stdout)
	step("done")
	return weights.Write(filepath.Join(out, weights.File), b.encoded[folds], encoded)
}

// cachedBase reads the base from the cache folder, or trains it and writes it there.
func cachedBase(dir string, train []*article) (*base, error) {
	if dir == "" {
		return trainBase(train), nil
	}
	b := &base{}
	for k := range b.encoded {
		enc, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("base%d.bin", k)))
		if errors.Is(err, fs.ErrNotExist) {
			b = trainBase(train)
			return b, b.save(dir)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the cached base: %w", err)
		}
		m, err := ling.Read(bufio.NewReader(bytes.NewReader(enc)))
		if err != nil {
			return nil, fmt.Errorf("reading the cached base: %w", err)
		}
		b.encoded[k] = enc
		if k == folds {
			b.full = m
		} else {
			b.fold[k] = m
		}
	}
	return b, nil
}

func (b *base) save(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the cache: %w", err)
	}
	for k, enc := range b.encoded {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("base%d.bin", k)), enc, 0o644); err != nil {
			return fmt.Errorf("caching the base: %w", err)
		}
	}
	return nil
}
