package corpus

import (
	"context"
	"iter"
)

// Limits of what is read, in bytes. Everything that comes in is hostile.
const (
	// MaxText bounds the UTF-8 text of one article.
	MaxText = 4 << 20
	// MaxInput bounds the raw bytes of an input that holds one article.
	MaxInput = 16 << 20
	// maxParagraphs bounds the paragraphs of one article.
	maxParagraphs = 100_000
	// maxRuns bounds the runs of Article.Origin; pages of articles have some hundreds.
	maxRuns = 200_000
	// sniffSize is how much of an input its format is told from.
	sniffSize = 4096
)

// Format is one kind of file that articles are read from. A new format is one
// file with its reader, and one entry in [Formats].
type Format struct {
	Name       string   // as messages name it: "HTML"
	Extensions []string // lower case, with the dot: ".html"
	MIMETypes  []string // lower case, without parameters: "text/html"
	// sniff reports whether the first bytes of an input (up to sniffSize) look
	// like this format; nil for a format that only its name gives away.
	sniff func(head []byte) bool
	// read yields the input's articles; [Read] completes them.
	read func(ctx context.Context, in Input) iter.Seq2[*Article, error]
}

// Formats are the formats that [Read] knows. The order is the order of
// sniffing, from the most telling signature to the least.
func Formats() []Format {
	return []Format{
		{
			Name:       "HTML",
			Extensions: []string{".html", ".htm", ".xhtml"},
			MIMETypes:  []string{"text/html", "application/xhtml+xml"},
			sniff:      sniffHTML,
			read:       readHTML,
		},
		{
			Name:       "JSON lines",
			Extensions: []string{".jsonl", ".ndjson", ".json"},
			MIMETypes:  []string{"application/jsonl", "application/x-ndjson", "application/json"},
			sniff:      sniffJSON,
			read:       readJSONLines,
		},
		{
			Name:       "Markdown",
			Extensions: []string{".md", ".markdown", ".mdown"},
			MIMETypes:  []string{"text/markdown"},
			sniff:      sniffFrontMatter,
			read:       readMarkdown,
		},
		{
			Name:       "plain text",
			Extensions: []string{".txt", ".text"},
			MIMETypes:  []string{"text/plain"},
			sniff:      sniffText,
			read:       readText,
		},
	}
}
