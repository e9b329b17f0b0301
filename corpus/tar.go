package corpus

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
)

func sniffTar(head []byte) bool { return len(head) >= 512 && string(head[257:262]) == "ustar" }

// readTar reads the files of a tar archive as it streams by. Links and hidden files
// are left out, as they are of folders.
func readTar(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		t := tar.NewReader(in.Data)
		for {
			h, err := t.Next()
			if err == io.EOF {
				return
			}
			if err == nil {
				err = in.within.entry()
			}
			// With GODEBUG=tarinsecurepath=0 the reader complains of names itself; ours is checked below.
			if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
				yield(nil, in.fail(fmt.Errorf("read the tar archive after %d files: %w", in.within.entries, err)))
				return
			}
			entry := in.inner(h.Name, t)
			switch {
			case h.Typeflag != tar.TypeReg || isHidden(h.Name) && !escapes(h.Name):
				continue
			case escapes(h.Name):
				if !yield(nil, entry.fail(errEscapes)) {
					return
				}
				continue
			}
			if !entry.readInner(ctx, yield) {
				return
			}
		}
	}
}
