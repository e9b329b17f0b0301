package bleveindex

import (
	"github.com/whosaid/whosaid/corpus"
	"github.com/whosaid/whosaid/index"
)

// Speakers completes a name; see [index.Index].
func (x *Index) Speakers(scopes []string, prefix string, limit int) []index.SpeakerEntry {
	x.look()
	s, err := x.acquire()
	if err != nil {
		return nil
	}
	defer x.done(s)
	return s.directory().Speakers(scopesOrShared(scopes), prefix, limitOrDefault(limit))
}

// Publishers completes a publisher; see [index.Index].
func (x *Index) Publishers(scopes []string, prefix string, limit int) []string {
	x.look()
	s, err := x.acquire()
	if err != nil {
		return nil
	}
	defer x.done(s)
	return s.directory().Publishers(scopesOrShared(scopes), prefix, limitOrDefault(limit))
}

func scopesOrShared(scopes []string) []string {
	if len(scopes) == 0 {
		return []string{corpus.SharedScope}
	}
	return scopes
}

func limitOrDefault(n int) int {
	if n <= 0 {
		return defaultLimit
	}
	return n
}
