package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/whosaid/whosaid/quote/internal/attrib"
	"github.com/whosaid/whosaid/quote/internal/ling"
)

// examples analyses the articles, each with a model that never saw it.
func examples(arts []*article, model func(i int) *ling.Model) []attrib.Example {
	out := make([]attrib.Example, len(arts))
	parallel(len(arts), func(i int) {
		a := arts[i]
		out[i].Analysis = model(i).Analyze(a.text, paragraphs(a.text))
		for _, g := range a.gold {
			out[i].Gold = append(out[i].Gold, attrib.Attribution{Content: g.content, Cue: g.cue, Source: g.source})
		}
	})
	return out
}

// trainAttribution trains the span model on everything and on each fold's
// rest, and the ranker on what the fold models propose.
func trainAttribution(cache string, set []attrib.Example, step func(string)) (*attrib.Model, []byte, error) {
	var models [folds + 1]*attrib.Model
	var encoded [folds + 1][]byte
	var failed [folds + 1]error
	parallel(folds+1, func(k int) {
		models[k], encoded[k], failed[k] = cachedStage(cache, fmt.Sprintf("stage%d.bin", k), func() (*attrib.Model, []byte) {
			var part []attrib.Example
			for i, e := range set {
				if k == folds || i%folds != k {
					part = append(part, e)
				}
			}
			return attrib.Train(part)
		})
	})
	if err := errors.Join(failed[:]...); err != nil {
		return nil, nil, err
	}
	step("trained the span models")
	stages := make([]attrib.Stage, folds)
	for k := range stages {
		stages[k].Model = models[k]
		for i, e := range set {
			if i%folds == k {
				stages[k].Examples = append(stages[k].Examples, e)
			}
		}
	}
	full := models[folds]
	enc := full.TrainRanker(stages)
	step("trained the ranker")
	return full, append(encoded[folds], enc...), nil
}

// cachedStage reads a span model from the cache folder, or trains it and writes it there.
func cachedStage(dir, name string, train func() (*attrib.Model, []byte)) (*attrib.Model, []byte, error) {
	if dir == "" {
		m, enc := train()
		return m, enc, nil
	}
	path := filepath.Join(dir, name)
	enc, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		m, enc := train()
		if err := os.WriteFile(path, enc, 0o644); err != nil {
			return nil, nil, fmt.Errorf("caching a span model: %w", err)
		}
		return m, enc, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading a cached span model: %w", err)
	}
	m, err := attrib.ReadStage(bufio.NewReader(bytes.NewReader(enc)))
	if err != nil {
		return nil, nil, fmt.Errorf("reading a cached span model: %w", err)
	}
	return m, enc, nil
}
