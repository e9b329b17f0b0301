// Package sample holds the articles that the sandbox starts with and that the
// tests of the other rooms read.
//
// All of them were written for whosaid. The countries, towns, newspapers,
// companies and people in them are invented. They are not tidy on purpose:
// every form of quotation that the engine has to understand occurs in at least
// one of them.
package sample

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed articles
var articles embed.FS

//go:embed gold.jsonl
var goldLines []byte

//go:embed questions.jsonl
var questionLines []byte

// Files holds the articles, at its root, in the formats that whosaid imports.
func Files() fs.FS {
	f, err := fs.Sub(articles, "articles")
	if err != nil {
		panic("sample: the embedded folder has moved: " + err.Error())
	}
	return f
}

// GoldQuote is a direct or mixed quote of an English article, decided by hand.
type GoldQuote struct {
	// File names the article in [Files].
	File string `json:"file"`
	// Title tells the articles of a file with several apart; else "".
	Title string `json:"title,omitempty"`
	// Kind is direct or mixed; Type is person, org, document or unnamed. They
	// are strings so that the tests of every room, the engine's own too, can
	// import this package.
	Kind string `json:"kind"`
	Type string `json:"type"`
	// Speaker is the fullest name that the article gives, without title or
	// role; for an unnamed speaker or a document, a description.
	Speaker string `json:"speaker"`
	// Parts are the stretches of the quote with their quotation marks, as they
	// stand in the decoded article: several when a cue interrupts the quote or
	// when it runs over several paragraphs. For a mixed quote they are the
	// words in marks; where the words around them end is open to taste. The
	// answers of an interview have no marks.
	Parts []string `json:"parts"`
}

// Gold lists the direct and mixed quotes of the English articles, in order.
// It is complete but for an interview's answers, of which it gives a choice.
func Gold() []GoldQuote { return lines[GoldQuote](goldLines) }

// Question is a question about the articles and what is right to answer.
type Question struct {
	Question string `json:"question"`
	// Type is who, what, when, verify or unanswerable.
	Type string `json:"type"`
	// Verdict is the one expected of a claim to verify, else "".
	Verdict string `json:"verdict,omitempty"`
	// Speaker and File (in [Files]) are those of the answer, "" when there is none.
	Speaker string `json:"speaker"`
	File    string `json:"file"`
}

// ExpectedAnswers lists the questions of [Questions] with their answers.
func ExpectedAnswers() []Question { return lines[Question](questionLines) }

// Questions are examples to try, in the words of somebody who asks.
func Questions() []string {
	var qs []string
	for _, q := range ExpectedAnswers() {
		qs = append(qs, q.Question)
	}
	return qs
}

// lines decodes embedded JSON lines. They are part of the program, so a line
// that can't be decoded is a mistake in it.
func lines[T any](b []byte) []T {
	var out []T
	for line := range bytes.Lines(b) {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			panic(fmt.Sprintf("sample: embedded line %d: %v", len(out)+1, err))
		}
		out = append(out, v)
	}
	return out
}
