package corpus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

const (
	feedsDir = "feeds"
	// maxFeedState bounds a feed's stored state, in bytes.
	maxFeedState = 4 << 20
)

func feedStateName(scope, url string) string {
	sum := sha256.Sum256([]byte(url))
	return path.Join(feedsDir, scope, hex.EncodeToString(sum[:idLength/2])+".json")
}

// FeedState is what is remembered of a feed; the zero state but for its URL
// when there is nothing, or nothing that can be read: then all items count as new.
func (s *Store) FeedState(ctx context.Context, scope, url string) (FeedState, error) {
	if err := checkScope(scope); err != nil {
		return FeedState{}, err
	}
	b, err := s.blobs.Read(ctx, feedStateName(scope, url), maxFeedState)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrTooLarge) {
		return FeedState{}, err
	}
	var f FeedState
	if err != nil || json.Unmarshal(b, &f) != nil || f.URL != url {
		return FeedState{URL: url}, nil
	}
	return f, nil
}

// SetFeedState remembers a feed's state, to last.
func (s *Store) SetFeedState(ctx context.Context, scope string, f FeedState) error {
	if err := checkScope(scope); err != nil {
		return err
	}
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("noting a feed's state: %w", err)
	}
	return s.blobs.Replace(ctx, Blob{feedStateName(scope, f.URL), append(b, '\n')})
}
