package corpus

import (
	"bytes"
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
	// certain says that what sniff knows is this format, whatever its name.
	certain bool
	// zipped formats are zip archives inside, which only the name may tell from others.
	zipped bool
	// container formats hold inputs of other formats, whose articles are
	// complete when they are yielded.
	container bool
	// sniff reports whether the first bytes of an input (up to sniffSize) look
	// like this format; nil for a format that only its name gives away.
	sniff func(head []byte) bool
	// read yields the input's articles; [Read] completes them.
	read func(ctx context.Context, in Input) iter.Seq2[*Article, error]
}

// Formats are the formats that [Read] knows. The order is the order of
// sniffing, from the most telling signature to the least.
func Formats() []Format {
	return append(binaryFormats(), textFormats()...)
}

// binaryFormats are those that no text editor shows.
func binaryFormats() []Format {
	return []Format{
		{
			Name:       "PDF",
			Extensions: []string{".pdf"},
			MIMETypes:  []string{"application/pdf"},
			certain:    true,
			sniff:      signature("%PDF-"),
			read:       readPDF,
		},
		{
			Name:       "EPUB",
			Extensions: []string{".epub"},
			MIMETypes:  []string{"application/epub+zip"},
			certain:    true,
			zipped:     true,
			sniff:      sniffEPUB,
			read:       readEPUB,
		},
		{
			Name:       "DOCX",
			Extensions: []string{".docx"},
			MIMETypes:  []string{"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
			certain:    true,
			zipped:     true,
			sniff:      sniffDOCX,
			read:       readDOCX,
		},
		{
			Name:       "zip",
			Extensions: []string{".zip"},
			MIMETypes:  []string{"application/zip"},
			certain:    true,
			container:  true,
			sniff:      sniffZip,
			read:       readZip,
		},
		{
			Name:       "gzip",
			Extensions: []string{".gz", ".tgz"},
			MIMETypes:  []string{"application/gzip", "application/x-gzip"},
			certain:    true,
			container:  true,
			sniff:      signature("\x1f\x8b"),
			read:       readGzip,
		},
		{
			Name:       "tar",
			Extensions: []string{".tar"},
			MIMETypes:  []string{"application/x-tar"},
			certain:    true,
			container:  true,
			sniff:      sniffTar,
			read:       readTar,
		},
		{
			Name:       "WARC",
			Extensions: []string{".warc"},
			MIMETypes:  []string{"application/warc"},
			certain:    true,
			container:  true,
			sniff:      signature("WARC/"),
			read:       readWARC,
		},
	}
}

// textFormats are text in some encoding.
func textFormats() []Format {
	return []Format{
		{
			Name:       "feed",
			Extensions: []string{".rss", ".atom"},
			MIMETypes:  []string{"application/rss+xml", "application/atom+xml", "application/feed+json"},
			certain:    true,
			container:  true,
			sniff:      isFeed,
			read:       readFeed,
		},
		{
			Name:    "sitemap",
			certain: true,
			sniff:   isSitemap,
			read:    readSitemap,
		},
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
			Name:       "CSV",
			Extensions: []string{".csv", ".tsv"},
			MIMETypes:  []string{"text/csv", "text/tab-separated-values"},
			read:       readCSV,
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

// signature makes a sniffer of the bytes that a format begins with.
func signature(magic string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }
}
