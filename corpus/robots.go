package corpus

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/temoto/robotstxt"
)

// How long a robots.txt counts (RFC 9309, section 2.4: a day at most), and a
// server's failure to give one.
const (
	robotsAge     = 24 * time.Hour
	robotsRetry   = 10 * time.Minute
	maxCrawlDelay = 10 * time.Second
)

// robotsFile is what a site allows, for a time.
type robotsFile struct {
	rules *robotstxt.RobotsData
	until time.Time
}

// errRobots says that the site wants no robot at an address.
var errRobots = errors.New("the site's robots.txt asks programs not to read this address")

// obeyRobots asks the site's robots.txt whether the address may be read.
func (f *Fetcher) obeyRobots(ctx context.Context, u *url.URL) error {
	site := u.Scheme + "://" + u.Host
	f.mu.Lock()
	file, known := f.robots[site]
	f.mu.Unlock()
	if !known || time.Now().After(file.until) {
		var err error
		if file, err = f.fetchRobots(ctx, site); err != nil {
			return err
		}
		f.mu.Lock()
		if len(f.robots) >= maxHosts {
			clear(f.robots)
		}
		f.robots[site] = file
		f.mu.Unlock()
	}
	if !file.rules.TestAgent(u.RequestURI(), robotName) {
		return errRobots
	}
	f.pace.slow(u.Host, min(file.rules.FindGroup(robotName).CrawlDelay, maxCrawlDelay))
	return nil
}

// fetchRobots reads a site's robots.txt. As RFC 9309 has it, all is allowed
// where there is none, and nothing where the server fails.
func (f *Fetcher) fetchRobots(ctx context.Context, site string) (robotsFile, error) {
	always := func(context.Context, *url.URL) error { return nil }
	p, err := f.follow(ctx, site+"/robots.txt", request{limit: maxRobots, allowed: always})
	var status *statusError
	file := robotsFile{until: time.Now().Add(robotsAge)}
	switch {
	case errors.As(err, &status):
		file.until = time.Now().Add(robotsRetry)
		file.rules, err = robotstxt.FromStatusAndBytes(status.code, nil)
		return file, err
	case err != nil:
		return robotsFile{}, err
	}
	if file.rules, err = robotstxt.FromBytes(p.body); err != nil {
		// A file that can't be understood forbids nothing.
		file.rules, err = robotstxt.FromStatusAndBytes(http.StatusNotFound, nil)
	}
	return file, err
}
