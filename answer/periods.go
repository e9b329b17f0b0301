package answer

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/whosaid/whosaid/index"
)

// Period is a stretch of days, and how many quotes were printed in it.
type Period struct {
	// Label is the period in digits, for any language: 2024-05-03, 2024-05,
	// 2024, or the first year of several.
	Label    string
	From, To string // days, YYYY-MM-DD inclusive
	Quotes   int
}

const (
	maxPeriods  = 36 // that days are parted into
	countAtOnce = 4  // searches
)

// units are the lengths of periods, shortest first: the first of them that needs no
// more than maxPeriods is taken. Years are four digits, so millennia always do.
var units = []struct {
	years, months, days int
	layout              string
}{
	{0, 0, 1, time.DateOnly}, {0, 1, 0, "2006-01"}, {1, 0, 0, "2006"}, {10, 0, 0, "2006"}, {100, 0, 0, "2006"}, {1000, 0, 0, "2006"},
}

// parted parts the days from first to last into periods of one length, none
// if either is no day.
func parted(first, last string) []Period {
	from, err := time.Parse(time.DateOnly, first)
	to, err2 := time.Parse(time.DateOnly, last)
	if err != nil || err2 != nil || to.Before(from) {
		return nil
	}
	for _, u := range units {
		begin := from
		switch {
		case u.years > 0:
			begin = time.Date(from.Year()/u.years*u.years, 1, 1, 0, 0, 0, 0, time.UTC)
		case u.months > 0:
			begin = time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
		}
		var out []Period
		for !begin.After(to) && len(out) <= maxPeriods {
			next := begin.AddDate(u.years, u.months, u.days)
			end := next.AddDate(0, 0, -1)
			if end.Year() > 9999 {
				end = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
			}
			out = append(out, Period{Label: begin.Format(u.layout), From: begin.Format(time.DateOnly), To: end.Format(time.DateOnly)})
			begin = next
		}
		if len(out) <= maxPeriods {
			return out
		}
	}
	return nil
}

// timeline counts the passages that match q by the time of their publication, from
// the day of the first to that of the last.
func (s *Service) timeline(ctx context.Context, q index.Query, first, last string) ([]Period, error) {
	out := parted(first, last)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(countAtOnce)
	for i := range out {
		group.Go(func() error {
			var err error
			out[i].Quotes, err = s.count(ctx, q, out[i].From, out[i].To)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return out, nil
}

// count is how many passages match q that were published between two days, of which
// either may be "".
func (s *Service) count(ctx context.Context, q index.Query, from, to string) (int, error) {
	q.From, q.To, q.Limit = from, to, 1
	res, err := s.idx.Search(ctx, q)
	if err != nil {
		return 0, fmt.Errorf("counting quotes from %s to %s: %w", from, to, err)
	}
	return res.Total, nil
}

// bounds are the first and the last day of what matches q, given those of some of
// it; to the year where there is more beyond.
func (s *Service) bounds(ctx context.Context, q index.Query, first, last string) (string, string, error) {
	begin, err1 := time.Parse(time.DateOnly, first)
	end, err2 := time.Parse(time.DateOnly, last)
	if err1 != nil || err2 != nil {
		return "", "", nil
	}
	var err error
	beyond := func(from, to time.Time) bool {
		if err != nil || from.After(to) {
			return false
		}
		var n int
		n, err = s.count(ctx, q, from.Format(time.DateOnly), to.Format(time.DateOnly))
		return n > 0
	}
	newYear := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	const firstYear, lastYear = 1, 9999
	if beyond(newYear(firstYear), begin.AddDate(0, 0, -1)) {
		low, high := firstYear, begin.Year() // the last year before which there is nothing
		for low < high {
			if mid := (low + high + 1) / 2; beyond(newYear(firstYear), newYear(mid).AddDate(0, 0, -1)) {
				high = mid - 1
			} else {
				low = mid
			}
		}
		begin = newYear(low)
	}
	if beyond(end.AddDate(0, 0, 1), newYear(lastYear+1).AddDate(0, 0, -1)) {
		low, high := end.Year(), lastYear // the first year after which there is nothing
		for low < high {
			if mid := (low + high) / 2; beyond(newYear(mid+1), newYear(lastYear+1).AddDate(0, 0, -1)) {
				low = mid + 1
			} else {
				high = mid
			}
		}
		end = newYear(low+1).AddDate(0, 0, -1)
	}
	return begin.Format(time.DateOnly), end.Format(time.DateOnly), err
}
