package directory

import (
	"slices"

	"github.com/whosaid/whosaid/index/terms"
	"github.com/whosaid/whosaid/quote"
)

// Same reports whether a rule about this name is about the speaker: their full
// names agree as [New] merges speakers, or the speaker has the very name. A
// surname alone is nobody but who has no more of a name.
func Same(name string, s *quote.Speaker) bool {
	key := terms.Key(name)
	if s == nil || key == "" {
		return false
	}
	if terms.Key(s.Name) == key {
		return true
	}
	asked, askedInitials := identity(newForm(Count{Speaker: &quote.Speaker{Name: name, Type: s.Type}}))
	has, hasInitials := identity(newForm(Count{Speaker: s}))
	if asked != has || asked == "" {
		return false
	}
	return askedInitials == hasInitials || askedInitials == "" || hasInitials == ""
}

// WithAlias is the speaker with one more form to be found by.
func WithAlias(s quote.Speaker, alias string) quote.Speaker {
	if alias == s.Name || slices.Contains(s.Aliases, alias) {
		return s
	}
	s.Aliases = append(slices.Clone(s.Aliases), alias)
	return s
}
