package corpus

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// maxWARCHeader bounds the header of a record, in bytes.
const maxWARCHeader = 64 << 10

// readWARC reads the pages of a crawl (ISO 28500), record by record: the answers of
// servers, and resources. What is no page (pictures, scripts, answers that are errors)
// is left out. A packed crawl is unpacked by readGzip.
func readWARC(ctx context.Context, in Input) iter.Seq2[*Article, error] {
	return func(yield func(*Article, error) bool) {
		r := bufio.NewReaderSize(in.Data, 1<<16)
		for n := 1; ; n++ {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			rec, err := readWARCRecord(r)
			if err == io.EOF {
				return
			}
			if err == nil {
				err = in.within.entry()
			}
			if err != nil {
				yield(nil, in.fail(fmt.Errorf("record %d of the crawl: %w", n, err)))
				return
			}
			if !in.readWARCPage(ctx, rec, yield) {
				return
			}
			// The reader of the page may have left some of it.
			if _, err := io.Copy(io.Discard, rec.body); err != nil || rec.body.N > 0 {
				yield(nil, in.fail(fmt.Errorf("record %d of the crawl: %w", n, errors.Join(err, io.ErrUnexpectedEOF))))
				return
			}
		}
	}
}

// warcRecord is one record; its body must be read to the end before the next.
type warcRecord struct {
	header textproto.MIMEHeader
	body   *io.LimitedReader
}

// readWARCRecord reads up to a record's body; io.EOF is the end of the crawl.
func readWARCRecord(r *bufio.Reader) (*warcRecord, error) {
	block, err := readHeaderBlock(r)
	if err != nil {
		return nil, err
	}
	head := textproto.NewReader(bufio.NewReader(bytes.NewReader(block)))
	version, err := head.ReadLine()
	if err != nil || !strings.HasPrefix(version, "WARC/") {
		return nil, errors.New("it does not begin as a record does")
	}
	header, err := head.ReadMIMEHeader()
	if err != nil {
		return nil, fmt.Errorf("read its header: %w", err)
	}
	size, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
	if err != nil || size < 0 {
		return nil, errors.New("it has no valid Content-Length")
	}
	return &warcRecord{header: header, body: &io.LimitedReader{R: r, N: size}}, nil
}

// readHeaderBlock reads the lines up to and with the first empty one, without those that
// end the record before. It returns io.EOF where there is no more.
func readHeaderBlock(r *bufio.Reader) ([]byte, error) {
	var block []byte
	for {
		line, err := r.ReadSlice('\n')
		if err == io.EOF && len(block) == 0 && len(bytes.TrimSpace(line)) == 0 {
			return nil, io.EOF
		}
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		blank := len(bytes.TrimSpace(line)) == 0
		if blank && len(block) == 0 {
			continue
		}
		if block = append(block, line...); blank {
			return block, nil
		}
		if len(block) > maxWARCHeader {
			return nil, fmt.Errorf("its header has over %d bytes", maxWARCHeader)
		}
	}
}

// readWARCPage reads the page of a record if it has one, and reports whether to go on.
func (in Input) readWARCPage(ctx context.Context, rec *warcRecord, yield func(*Article, error) bool) bool {
	address := webURL(strings.Trim(rec.header.Get("WARC-Target-URI"), "<>"))
	page := in.inner(first(address, rec.header.Get("WARC-Record-ID")), rec.body)
	page.URL, page.path = address, ""
	switch rec.header.Get("WARC-Type") {
	case "response":
		if !strings.HasPrefix(rec.header.Get("Content-Type"), "application/http") {
			return true
		}
		resp, err := http.ReadResponse(bufio.NewReader(rec.body), nil)
		if err != nil {
			return yield(nil, page.fail(fmt.Errorf("read the server's answer: %w", err)))
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return true
		}
		page.MediaType, page.Data = resp.Header.Get("Content-Type"), resp.Body
		switch strings.ToLower(resp.Header.Get("Content-Encoding")) {
		case "", "identity":
		case "gzip", "x-gzip":
			z, err := gzip.NewReader(resp.Body)
			if err != nil {
				return yield(nil, page.fail(fmt.Errorf("unpack the server's answer: %w", err)))
			}
			page.Data = in.within.expand(z)
		default:
			return yield(nil, page.fail(fmt.Errorf("its encoding %q is not known", printable(resp.Header.Get("Content-Encoding")))))
		}
	case "resource", "conversion":
		page.MediaType = rec.header.Get("Content-Type")
	default: // requests, metadata, revisits
		return true
	}
	if !mayHoldArticle(page.MediaType) {
		return true
	}
	return page.readInner(ctx, yield)
}

// mayHoldArticle tells pages and documents from the pictures, styles and scripts of a crawl.
func mayHoldArticle(mediaType string) bool {
	mt, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return false
	}
	switch mt {
	case "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf", "application/epub+zip":
		return true
	}
	return false
}
