package corpus

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/whosaid/whosaid/quote"
)

// State is what people decided about a scope, made of its changes in order.
// It is shared: callers don't change it.
type State struct {
	Scope string
	// Seq is that of the last change that is part of it; 0 for none.
	Seq      int
	Settings Settings
	// Fixes are the corrected quotes, by article.
	Fixes map[string][]Fix
	// Names are the rules for speakers' names, to be applied in order.
	Names []NameRule
	// Removed has, for each article that was removed, the change that did it.
	Removed map[string]int
	// Replaced has, for each article of which a newer version answers, which that is.
	Replaced map[string]Replacement
	Feeds    []Feed   // in the order they were added
	Reports  []Report // that wait for a moderator, oldest first
	// Undone are the changes that do not count.
	Undone map[int]bool
}

// Replacement is the newer version of an article, and the change that says so.
type Replacement struct {
	Change int
	By     string
}

// Fix says whose a quote is.
type Fix struct {
	Change  int
	Content []quote.Span
	Kind    quote.Kind
	Speaker string // "" for nobody that could be told
}

// NameRule is a decision about a speaker's name.
type NameRule struct {
	Change int
	Action Action // ActMerge, ActRename, ActAlias or ActHide
	Name   string
	To     string // "" for ActHide
}

// Feed is a feed that is watched.
type Feed struct {
	Change int
	URL    string
	By     string
	Since  time.Time
}

// Report is a member's word that a quote has the wrong speaker. Its number is
// the Seq of the change that filed it.
type Report struct {
	Change
	Number int
}

// stateOf makes the state of changes that ascend by Seq.
func stateOf(scope string, changes []Change) *State {
	s := &State{Scope: scope, Fixes: map[string][]Fix{}, Removed: map[string]int{}, Replaced: map[string]Replacement{}, Undone: undone(changes)}
	withdrawn := map[string]bool{} // articles that were never to be added
	for _, c := range changes {
		s.Seq = c.Seq
		if c.Action == ActAdd {
			if withdrawn[c.Article] = s.Undone[c.Seq]; s.Undone[c.Seq] {
				s.Removed[c.Article] = c.Seq
			}
		}
		if !s.Undone[c.Seq] {
			s.apply(c)
		}
	}
	// Who takes the adding of an article back has what it replaced back. One that is removed
	// takes its older versions with it.
	maps.DeleteFunc(s.Replaced, func(_ string, r Replacement) bool { return withdrawn[r.By] && s.Removed[r.By] > 0 })
	return s
}

// undone are the changes that a later one undoes, which is not undone itself.
func undone(changes []Change) map[int]bool {
	off := map[int]bool{}
	for _, c := range slices.Backward(changes) {
		if c.Action == ActUndo && !off[c.Seq] {
			off[c.Of] = true
		}
	}
	return off
}

func (s *State) apply(c Change) {
	switch c.Action {
	case ActAdd:
		delete(s.Removed, c.Article)
	case ActRemove:
		s.Removed[c.Article] = c.Seq
	case ActReplace:
		s.Replaced[c.Article] = Replacement{c.Seq, c.Newer}
	case ActSpeaker, ActAccept, ActClear:
		s.clear(c)
		if c.Action != ActClear {
			s.Fixes[c.Article] = append(s.Fixes[c.Article], Fix{c.Seq, c.Quote, c.Kind, c.To})
		}
		s.settleReport(c)
	case ActDecline:
		s.settleReport(c)
	case ActMerge, ActRename, ActAlias, ActHide:
		s.Names = append(s.Names, NameRule{c.Seq, c.Action, c.Name, c.To})
	case ActSet:
		if f := s.Settings.field(c.Setting); f != nil {
			*f = c.Value
		}
	case ActAddFeed, ActRemoveFeed:
		s.Feeds = slices.DeleteFunc(s.Feeds, func(f Feed) bool { return f.URL == c.URL })
		if c.Action == ActAddFeed {
			s.Feeds = append(s.Feeds, Feed{c.Seq, c.URL, c.By, c.Time})
		}
	case ActReport:
		s.Reports = append(s.Reports, Report{c, c.Seq})
	}
}

// maxVersions bounds what is followed of an article's versions: who writes the log by
// hand may have them replace one another in a circle.
const maxVersions = 1000

// Newest is the newest version of the article: the one that answers for it.
func (s *State) Newest(id string) string {
	for range maxVersions {
		r, replaced := s.Replaced[id]
		if !replaced {
			break
		}
		id = r.By
	}
	return id
}

// Version is one of the versions of an article.
type Version struct {
	ID string
	// Change is the one that put a newer version in its place; 0 for the newest.
	Change int
}

// Versions are those of the article, itself included, the newest first.
func (s *State) Versions(id string) []Version {
	newest := s.Newest(id)
	all := []Version{{ID: newest}}
	for old, r := range s.Replaced {
		if old != newest && s.Newest(old) == newest {
			all = append(all, Version{old, r.Change})
		}
	}
	slices.SortFunc(all[1:], func(a, b Version) int { return b.Change - a.Change })
	return all
}

// Answers reports whether the article answers: it was neither removed nor is
// there a newer version of it.
func (s *State) Answers(id string) bool {
	_, replaced := s.Replaced[id]
	return !replaced && s.Removed[id] == 0
}

// clear drops the fix of the same quote.
func (s *State) clear(c Change) {
	s.Fixes[c.Article] = slices.DeleteFunc(s.Fixes[c.Article], func(f Fix) bool { return slices.Equal(f.Content, c.Quote) })
	if len(s.Fixes[c.Article]) == 0 {
		delete(s.Fixes, c.Article)
	}
}

// settleReport takes the report that the change decides off the list, and
// those of the same quote, which a moderator saw to at once.
func (s *State) settleReport(c Change) {
	s.Reports = slices.DeleteFunc(s.Reports, func(r Report) bool {
		return r.Number == c.Of && c.Of > 0 || c.Action != ActDecline && r.Article == c.Article && slices.Equal(r.Quote, c.Quote)
	})
}

// Report is the open report of that number, or false.
func (s *State) Report(number int) (Report, bool) {
	i := slices.IndexFunc(s.Reports, func(r Report) bool { return r.Number == number })
	if i < 0 {
		return Report{}, false
	}
	return s.Reports[i], true
}

// Bounds of a scope's open reports: one member, or a raid of many, must not
// keep the moderators from theirs.
const (
	maxReports       = 200
	maxReportsPerOne = 5
)

// Errors of changes, which users read.
var (
	// ErrNothingToUndo: the change is not there, or was undone before.
	ErrNothingToUndo = fmt.Errorf("%w: there is nothing to undo", errChange)
	// ErrDecided: the report is not open (any more).
	ErrDecided = fmt.Errorf("%w: that report is not open", errChange)
	// ErrReported: somebody has reported that quote already.
	ErrReported = fmt.Errorf("%w: that quote is reported already", errChange)
	// ErrTooManyReports: the member, or the server, has too many reports open.
	ErrTooManyReports = fmt.Errorf("%w: too many reports are waiting", errChange)
	// ErrNoSuchFeed: the feed is not watched. ErrKnownFeed: it is already.
	ErrNoSuchFeed = fmt.Errorf("%w: that feed is not watched", errChange)
	ErrKnownFeed  = fmt.Errorf("%w: that feed is watched already", errChange)
	// ErrTooManyFeeds: a scope watches no more.
	ErrTooManyFeeds = fmt.Errorf("%w: too many feeds are watched", errChange)
	// ErrSameName: a name can't become itself.
	ErrSameName = fmt.Errorf("%w: both names are the same", errChange)
	// ErrRemoved: the article was removed before.
	ErrRemoved = fmt.Errorf("%w: that article was removed", errChange)
)

// MaxFeeds is how many feeds a scope may watch.
const MaxFeeds = 100

// allows reports why the change makes no sense as things stand.
func (s *State) allows(c Change, changes []Change) error {
	switch c.Action {
	case ActUndo:
		i := slices.IndexFunc(changes, func(o Change) bool { return o.Seq == c.Of })
		if i < 0 || s.Undone[c.Of] || changes[i].Action == ActReindex || changes[i].Action == ActReport {
			return ErrNothingToUndo
		}
	case ActRemove:
		if s.Removed[c.Article] > 0 {
			return ErrRemoved
		}
	case ActAccept, ActDecline:
		if _, open := s.Report(c.Of); !open {
			return ErrDecided
		}
	case ActReport:
		return s.allowsReport(c)
	case ActAddFeed, ActRemoveFeed:
		watched := slices.ContainsFunc(s.Feeds, func(f Feed) bool { return f.URL == c.URL })
		switch {
		case c.Action == ActRemoveFeed && !watched:
			return ErrNoSuchFeed
		case c.Action == ActAddFeed && watched:
			return ErrKnownFeed
		case c.Action == ActAddFeed && len(s.Feeds) >= MaxFeeds:
			return ErrTooManyFeeds
		}
	}
	return nil
}

func (s *State) allowsReport(c Change) error {
	own := 0
	for _, r := range s.Reports {
		if r.Article == c.Article && slices.Equal(r.Quote, c.Quote) {
			return ErrReported
		}
		if r.By == c.By {
			own++
		}
	}
	if own >= maxReportsPerOne || len(s.Reports) >= maxReports {
		return ErrTooManyReports
	}
	return nil
}
