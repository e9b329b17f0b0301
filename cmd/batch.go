package cmd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds a line of batch input, in bytes.
const maxLine = 1 << 20

// batch calls each with every line of in, and writes what it returns to out as
// JSON lines in order. Every line has its answer at once, so that a program
// that asks one question after the other is served.
func batch(ctx context.Context, in io.Reader, out io.Writer, each func(line []byte) (any, error)) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	n := 0
	for lines.Scan() {
		n++
		if err := ctx.Err(); err != nil {
			return err
		}
		v, err := each(lines.Bytes())
		if err != nil {
			return fmt.Errorf("standard input, line %d: %w", n, err)
		}
		if err := enc.Encode(v); err != nil {
			return fmt.Errorf("writing an answer: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("standard input, line %d: over %d bytes; split it", n+1, maxLine)
		}
		return fmt.Errorf("reading standard input: %w", err)
	}
	return nil
}
