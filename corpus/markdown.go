package corpus

import (
	"bytes"
	"context"
	"iter"
)

func sniffFrontMatter(head []byte) bool { return bytes.HasPrefix(head, []byte("---\n")) }
func readMarkdown(ctx context.Context, in Input) iter.Seq2[*Article, error] { return readText(ctx, in) }
