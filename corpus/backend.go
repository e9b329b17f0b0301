package corpus

import (
	"context"
	"errors"
)

// Backend keeps what a [Store] knows as named blobs. The embedded one is a
// folder of files ([Open]); a bucket or a table of a database can stand behind
// the same six verbs, which ask for no more than S3 has: conditional creation,
// overwriting, and listing by a delimiter.
//
// A name is a path with slashes, "articles/shared/3f/harbour-3f….json". A blob appears whole or
// not at all, and what a call has acknowledged survives the machine's stopping
// at any instant. Errors say what was done to which blob and what helps. A
// Backend is safe for concurrent use by several goroutines and processes.
type Backend interface {
	// Create stores blobs whose names are free and reports which it stored;
	// a name that is taken, also within the call, keeps what it has. On an error, none of those
	// not yet created may be counted on, and creating them again is safe.
	Create(ctx context.Context, blobs []Blob) (created []bool, err error)
	// Replace stores a blob, whatever its name held before.
	Replace(ctx context.Context, b Blob) error
	// Read returns a blob's content, or an error that is fs.ErrNotExist. One of over limit
	// bytes is an error that is ErrTooLarge.
	Read(ctx context.Context, name string, limit int64) ([]byte, error)
	// Remove forgets a blob; one that is not there is no error.
	Remove(ctx context.Context, name string) error
	// List lists what lies directly in a folder, sorted by name; a missing folder is empty.
	List(ctx context.Context, folder string) ([]Entry, error)
	// Size is a blob's size in bytes, or an error that is fs.ErrNotExist.
	Size(ctx context.Context, name string) (int64, error)
	// Where names a blob for people: a path, a URL.
	Where(name string) string
}

// Blob is a name and what it holds.
type Blob struct {
	Name string
	Data []byte
}

// Entry is a blob or a folder in a listing.
type Entry struct {
	Name   string // within the folder listed
	Folder bool
}

// ErrTooLarge says that a blob is larger than any that was ever stored.
var ErrTooLarge = errors.New("it is too large to be what was stored")
