package corpus

import "time"

// FeedState is what a watcher remembers of a feed between two visits. It is no
// decision of anybody's, so it is kept beside the log: feeds/SCOPE/HASH.json.
type FeedState struct {
	URL string `json:"url"`
	// Checked is when the feed was last asked for, Found when it last had something new.
	Checked time.Time `json:"checked"`
	Found   time.Time `json:"found"`
	// Next is when to ask again.
	Next time.Time `json:"next"`
	// ETag and Modified are what the server said of the version last seen.
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	// Failures counts those in a row, Error is the last one, and Told says
	// that the moderators know.
	Failures int    `json:"failures,omitempty"`
	Error    string `json:"error,omitempty"`
	Told     bool   `json:"told,omitempty"`
	// Seen are hashes of the items met, the newest last.
	Seen []string `json:"seen,omitempty"`
	// Articles counts what came from the feed.
	Articles int `json:"articles,omitempty"`
}
