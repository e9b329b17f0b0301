package main

import (
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
