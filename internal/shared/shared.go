// Package shared gives tests what lies beside the repository, in ../shared: the
// benchmark, which can't be redistributed, and Discord's description of its
// API. A test that needs a file of it is skipped where it is missing, and fails
// where the environment variable WHOSAID_REQUIRE_SHARED is 1, as in .ci/run.
package shared

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// File is the path of a file, by its slash-separated name in ../shared.
func File(tb testing.TB, name string) string {
	tb.Helper()
	path, err := Locate(name)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("WHOSAID_REQUIRE_SHARED") == "1" {
			tb.Fatalf("WHOSAID_REQUIRE_SHARED is 1, but %v", err)
		}
		tb.Skipf("this test reads ../shared/%s, seen from the repository, which is not here", name)
	}
	return path
}

// Locate is where a file of ../shared would lie, by its slash-separated name.
func Locate(name string) (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	return filepath.Join(root, "..", "shared", filepath.FromSlash(name)), nil
}

// maxLine bounds a line of a file, in bytes.
const maxLine = 16 << 20

// Lines decodes a file of JSON lines.
func Lines[T any](tb testing.TB, name string) []T {
	tb.Helper()
	f, err := os.Open(File(tb, name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var out []T
	s := bufio.NewScanner(f)
	s.Buffer(nil, maxLine)
	for s.Scan() {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			tb.Fatalf("%s, line %d: %v", name, len(out)+1, err)
		}
		out = append(out, v)
	}
	if err := s.Err(); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return out
}

// Article is an article of the benchmark with what people marked in it. Spans
// are in code points of Text.
type Article struct {
	Article, Title, Author, Publisher, Date, Text string
	Attributions                                  []Attribution
}

// Attribution is one quote that people marked.
type Attribution struct {
	ID, Kind             string
	Source, Cue, Content [][2]int
	Speaker              string
	SpeakerType          string `json:"speaker_type"`
}

// Bytes turns spans of code points of text into spans of bytes.
func Bytes(text string, spans [][2]int) [][2]int {
	offsets := make([]int, 0, len(text)+1)
	for i := range text {
		offsets = append(offsets, i)
	}
	offsets = append(offsets, len(text))
	out := make([][2]int, len(spans))
	for i, s := range spans {
		out[i] = [2]int{offsets[s[0]], offsets[min(s[1], len(offsets)-1)]}
	}
	return out
}

// moduleRoot is the folder that holds go.mod, above the working directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = above
	}
}
