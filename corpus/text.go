package corpus

import (
	"bytes"
	"context"
	"iter"
	"unicode/utf8"
)

// sniffText takes whatever is no binary file.
func sniffText(head []byte) bool { return utf16Of(head) != nil || !isBinary(head) }

// readText reads one article of plain text, as news sites' feeds and mail leave
// it. Text is the input byte for byte if that is UTF-8.
func readText(_ context.Context, in Input) iter.Seq2[*Article, error] {
	return one(in, func(text string) (*Article, error) {
		a := &Article{Text: text}
		a.classify(splitParagraphs(text))
		return a, nil
	})
}

// sniffHead makes a sniffer of a check of the first bytes without white space and
// byte order mark, in lower case.
func sniffHead(check func(head []byte) bool) func([]byte) bool {
	return func(head []byte) bool {
		if enc := utf16Of(head); enc != nil {
			if t, err := decodeWith(enc, head); err == nil {
				head = []byte(t)
			}
		}
		head = bytes.TrimLeft(head, " \t\r\n\f\v")
		head = bytes.TrimPrefix(head, []byte(byteOrderMark))
		head = bytes.TrimLeft(head, " \t\r\n\f\v")
		return !isBinary(head) && utf8.RuneCount(head) > 0 && check(bytes.ToLower(head))
	}
}
