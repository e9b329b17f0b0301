package corpus

import (
	"compress/gzip"
	"context"
	"fmt"
	"iter"
	"path"
	"strings"
)

// readGzip reads what a gzip file holds, which may be anything: a tar archive, a
// crawl, one article. Members one after another are one stream.
func readGzip(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		z, err := gzip.NewReader(in.Data)
		if err != nil {
			yield(nil, in.fail(fmt.Errorf("open the gzip file: %w", err)))
			return
		}
		inner := in.inner("", in.within.expand(z))
		// The articles' file is the one that was imported.
		inner.Name, inner.path = in.Name, gunzippedName(in)
		inner.readInner(ctx, yield)
	}
}

// gunzippedName is the name without the extension that gzip gave it.
func gunzippedName(in Input) string {
	ext := in.extension()
	base := strings.TrimSuffix(strings.ToLower(path.Base(in.formatName())), ext)
	if ext == ".tgz" {
		return base + ".tar"
	}
	return base
}
