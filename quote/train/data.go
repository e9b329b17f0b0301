package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/whosaid/whosaid/quote/internal/tok"
)

// gold is one attribution of the corpus, its spans as bytes.
type gold struct {
	id, kind             string
	source, cue, content []tok.Span
}

// parsed is one token as the corpus's automatic parse has it. Head is the
// index in the sentence of the token's head, -1 for the root.
type parsed struct {
	tok.Span
	form, lemma, pos, ne string
	head                 int
	rel                  string
}

// article is one training or development article.
type article struct {
	name      string
	text      string
	gold      []gold
	sentences [][]parsed
}

// loadSplit reads split ("train", "dev") of the corpus in dir.
func loadSplit(dir, split string) ([]*article, error) {
	arts, err := loadGold(filepath.Join(dir, split+".jsonl"))
	if err != nil {
		return nil, err
	}
	if err := loadParses(filepath.Join(dir, split+".conll.gz"), arts); err != nil {
		return nil, err
	}
	return arts, nil
}

func loadGold(path string) ([]*article, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the corpus: %w", err)
	}
	defer f.Close()
	var arts []*article
	dec := json.NewDecoder(bufio.NewReader(f))
	for dec.More() {
		var line struct {
			Article, Text string
			Attributions  []struct {
				ID, Kind             string
				Source, Cue, Content [][2]int
			}
		}
		if err := dec.Decode(&line); err != nil {
			return nil, fmt.Errorf("reading %s: %w", path, err)
		}
		a := &article{name: line.Article, text: line.Text}
		offs := codePointOffsets(line.Text)
		spans := func(pairs [][2]int) (out []tok.Span) {
			for _, p := range pairs {
				out = append(out, tok.Span{Start: offs[p[0]], End: offs[p[1]]})
			}
			return out
		}
		for _, g := range line.Attributions {
			a.gold = append(a.gold, gold{g.ID, g.Kind, spans(g.Source), spans(g.Cue), spans(g.Content)})
		}
		arts = append(arts, a)
	}
	return arts, nil
}

// codePointOffsets maps each code point index of text, and its end, to bytes.
func codePointOffsets(text string) []int {
	offs := make([]int, 0, len(text)+1)
	for i := range text {
		offs = append(offs, i)
	}
	return append(offs, len(text))
}

func loadParses(path string, arts []*article) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading the parses: %w", err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	byName := make(map[string]*article, len(arts))
	for _, a := range arts {
		byName[a.name] = a
	}
	var a *article
	var offs []int
	var sent []parsed
	flush := func() {
		if len(sent) > 0 {
			a.sentences = append(a.sentences, sent)
			sent = nil
		}
	}
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		fields := strings.Split(line, "\t")
		switch {
		case strings.HasPrefix(line, "# article "):
			flush()
			if a = byName[strings.TrimPrefix(line, "# article ")]; a == nil {
				return fmt.Errorf("%s: %q is not in the corpus", path, line)
			}
			offs = codePointOffsets(a.text)
		case line == "":
			flush()
		case len(fields) >= 9:
			b, _ := strconv.Atoi(fields[1])
			e, _ := strconv.Atoi(fields[2])
			h, _ := strconv.Atoi(fields[7])
			if e >= len(offs) {
				return fmt.Errorf("%s: a token of %s ends beyond its text", path, a.name)
			}
			sent = append(sent, parsed{tok.Span{Start: offs[b], End: offs[e]}, fields[3], fields[4], fields[5], fields[6], h - 1, fields[8]})
		}
	}
	flush()
	return lines.Err()
}
