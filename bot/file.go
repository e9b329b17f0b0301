package bot

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/bwmarrin/discordgo"
)

// File is a picture, or another file, that goes with a message.
type File struct {
	Name string // letters, digits and a dot
	Alt  string // what it shows, for those who can't see it
	PNG  []byte
	Type string // media type of what PNG holds if it is no picture, "" for a PNG
}

// Discord's bounds of files.
const (
	maxFiles    = 10
	maxAlt      = 1024
	maxFileSize = 8 << 20 // bytes; Discord takes a little more
)

// wireAttachment describes a file in a message's JSON; its ID is the file's
// number in the form, written as text since it is described as a snowflake.
type wireAttachment struct {
	ID          int    `json:"id,string"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// budgetFiles keeps the files that Discord takes, and describes them.
func budgetFiles(files []File) (kept []File, described []wireAttachment) {
	for _, f := range files {
		if len(f.PNG) == 0 || len(f.PNG) > maxFileSize || len(kept) == maxFiles {
			continue
		}
		described = append(described, wireAttachment{len(kept), f.Name, Plain(f.Alt, maxAlt)})
		kept = append(kept, f)
	}
	return kept, described
}

// filesOf are the files that a request's body brings along.
func filesOf(body any) []File {
	switch b := body.(type) {
	case wireMessage:
		return b.files
	case wireEdit:
		return b.files
	case wireResponse:
		return filesOf(b.Data)
	}
	return nil
}

// encode writes a request's body: as JSON, or with files as a form.
func encode(body any) (contentType string, b []byte, err error) {
	files := filesOf(body)
	if len(files) > 0 {
		form := make([]*discordgo.File, len(files))
		for i, f := range files {
			form[i] = &discordgo.File{Name: f.Name, ContentType: cmp.Or(f.Type, "image/png"), Reader: bytes.NewReader(f.PNG)}
		}
		contentType, b, err = discordgo.MultipartBodyWithJSON(body, form)
	} else if contentType = "application/json"; body != nil {
		b, err = json.Marshal(body)
	}
	if err != nil {
		return "", nil, fmt.Errorf("writing a request: %w", err)
	}
	return contentType, b, nil
}
