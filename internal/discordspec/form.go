package discordspec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
)

// Payload parts the body of a request that brings files, a form, into its JSON
// and the files by the name of their field; the body of any other request is
// returned as it is.
func Payload(r *http.Request, body []byte) (payload []byte, files map[string][]byte, err error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return body, nil, nil
	}
	form := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	files = map[string][]byte{}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return payload, files, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("reading a form: %w", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, fmt.Errorf("reading a form: %w", err)
		}
		if part.FormName() == "payload_json" {
			payload = data
		} else {
			files[part.FormName()] = data
		}
	}
}

// unformed is a request with the JSON of its form as its body. Discord describes
// the JSON in detail, and of the form only that there is one.
func unformed(r *http.Request, body []byte) (*http.Request, []byte, error) {
	payload, files, err := Payload(r, body)
	if err != nil || files == nil {
		return r, body, err
	}
	for name := range files {
		var number int
		if n, err := fmt.Sscanf(name, "files[%d]", &number); n != 1 || err != nil || number >= len(files) {
			return nil, nil, fmt.Errorf("the form has a field %q, which Discord ignores", name)
		}
	}
	c := r.Clone(r.Context())
	c.Header.Set("Content-Type", "application/json")
	return c, payload, nil
}
