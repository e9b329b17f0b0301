package answer

import (
	"regexp"
	"strings"
)

// Follow understands a question that goes on from an earlier one: "and about
// fares?", "and Reyes?", "what else did she say?", "when was that?". What the
// question leaves open is taken from prev, which [Reply.Asked] gives. A
// question that stands by itself is read by itself.
func (s *Service) Follow(scopes []string, prev Query, question string) Query {
	return s.parser(scopes).follow(prev, question).Query
}

// Asked is the reply's query for a follow-up: where the question named no
// speaker it is the best answer's, for "what else did she say?".
func (r Reply) Asked() Query {
	q := r.Query
	if q.Speaker == "" && len(r.Answers) > 0 && r.Answers[0].Speaker != nil {
		q.Speaker, q.Known = r.Answers[0].Speaker.Name, true
	}
	return q
}

var (
	goesOn       = regexp.MustCompile(`(?i)^\s*(?:(?:ok|okay|so|and|but|also|then)[ ,]+)*(?:(what|how) about\s+|(about|on|regarding)\s+|and\s+)?`)
	conjunctions = regexp.MustCompile(`(?i)^\s*(?:(?:ok|okay|so|and|but|also|then)\b[ ,]*)+`)
	pronounForm  = regexp.MustCompile(`(?i)\b(?:did|does|do|has|have|is|was|would|will|can) (he|she|they)\b|\b(his|her|their)\b`)
	thatForm     = regexp.MustCompile(`(?i)^(when|where|who|how often)\b[^?]*\b(?:that|this|it)\b(?: (?:printed|published|said|reported))?\s*\??\s*$`)
	elseForm     = regexp.MustCompile(`(?i)^(what|who|anything|where) else\b\s*(?:did (?:he|she|they) (?:say|mention)|said (?:that|this|it|so)|say)?\s*`)
	bareTopic    = regexp.MustCompile(`(?i)^(?:about|on|regarding)\s+`)
)

// follow is Follow for a parser that knows the speakers.
func (p *parser) follow(prev Query, question string) reading {
	s := strings.TrimSpace(straighten.Replace(clip(question, maxInput)))
	m := goesOn.FindStringSubmatch(s)
	about := m[1] != "" || m[2] != ""
	rest := strings.TrimSpace(s[len(m[0]):])
	trimmed := strings.TrimSpace(conjunctions.ReplaceAllString(s, ""))
	switch {
	case rest == "" || prev.Intent == "":
		return p.parse(question)
	case elseForm.MatchString(trimmed):
		return p.somethingElse(prev, trimmed)
	case thatForm.MatchString(trimmed):
		return p.sameAgain(prev, strings.ToLower(thatForm.FindStringSubmatch(trimmed)[1]))
	case asks(splitWords(trimmed)) && !about:
		return p.withPronoun(prev, trimmed)
	case m[0] == "" && len(splitWords(s)) > 3:
		return p.parse(question) // a search of its own
	}
	return p.instead(prev, rest, m[2] != "")
}

// somethingElse reads "what else did she say?" and "who else said that?".
func (p *parser) somethingElse(prev Query, s string) reading {
	q := prev
	left := elseForm.ReplaceAllString(s, "")
	about := topic(left, splitWords(left))
	if strings.EqualFold(elseForm.FindStringSubmatch(s)[1], "who") {
		q.Intent, q.Speaker, q.Known = Who, "", false
		if about != "" {
			q.Topic = about
		}
		return p.reread(q)
	}
	q.Intent, q.Topic, q.Phrases = What, about, nil
	return p.reread(q)
}

// sameAgain asks another thing about the same words: "when was that?".
func (p *parser) sameAgain(prev Query, word string) reading {
	q := prev
	switch word {
	case "when":
		q.Intent = When
	case "where":
		q.Aim = Where
	case "how often":
		q.Aim = Count
	default:
		q.Intent, q.Speaker, q.Known = Who, "", false
	}
	return p.reread(q)
}

// withPronoun reads a whole question, with "she" for the earlier speaker. What
// it says nothing about, dates and publisher, stays as it was.
func (p *parser) withPronoun(prev Query, s string) reading {
	m := pronounForm.FindStringSubmatchIndex(s)
	if m == nil || prev.Speaker == "" {
		return p.parse(s)
	}
	at, end, name := m[2], m[3], prev.Speaker
	if at < 0 {
		at, end, name = m[4], m[5], name+"'s"
	}
	r := p.parse(s[:at] + name + s[end:])
	if r.Publisher == "" {
		r.Publisher = prev.Publisher
	}
	if r.From == "" && r.To == "" {
		r.From, r.To = prev.From, prev.To
	}
	return r
}

// instead puts what the words name into the earlier query: dates, a publisher,
// a speaker or another topic. After "about" they are always a topic.
func (p *parser) instead(prev Query, s string, isTopic bool) reading {
	var fresh reading
	s = p.operators(s, &fresh)
	q := prev
	if d, ok := findPeriod(s, p.today); ok && fresh.From == "" && fresh.To == "" {
		fresh.From, fresh.To = d.from, d.to
		s = s[:d.start] + " " + s[d.end:]
	}
	s = p.inPublisher(s, &fresh)
	if fresh.Publisher != "" {
		q.Publisher = fresh.Publisher
	}
	if fresh.From != "" || fresh.To != "" {
		q.From, q.To = fresh.From, fresh.To
	}
	ws := splitWords(s)
	var named reading
	end, ok := 0, false
	if !isTopic {
		end, ok = p.subject(ws, &named)
	}
	switch {
	case ok && (end == len(ws) || bareTopic.MatchString(ws[end].norm+" ")):
		q.Speaker, q.Known = named.Speaker, true
		if q.Intent == Who || q.Intent == Search {
			q.Intent = What
		}
		if t := topic(s, ws[end:]); t != "" {
			q.Topic = t
		}
	default:
		if t := topic(s, ws); t != "" {
			q.Topic, q.Phrases = t, nil
		}
	}
	return p.reread(q)
}

// reread makes a reading of a query.
func (p *parser) reread(q Query) reading {
	r := reading{Query: q, question: q.Topic}
	if q.Speaker != "" {
		p.setSpeaker(&r, splitWords(q.Speaker), q.Speaker)
	}
	r.noteVerbs()
	return r
}

// goOn are words that a question begins with, or holds, when it goes on from another.
var (
	goOnWords = regexp.MustCompile(`(?i)^\s*(?:ok|okay|so|and|but|also|then|(?:what|how) about)\b`)
	backWords = regexp.MustCompile(`(?i)\b(?:he|she|they|his|her|their|else)\b`)
	// What follows these is what somebody said: "his" in it is nobody's whom the
	// member asked about before.
	sayings = regexp.MustCompile(`(?i)"[^"]*"?|^\s*who (?:said|says|told|claims|claimed|thinks|thought|wrote|called|warned|promised|denied)\b.*`)
)

// GoesOn tells whether a question says by itself that it goes on from an
// earlier one. Others, like a bare topic, do so only where somebody was asked
// to go on: to Follow them unasked would give them a speaker that nobody meant.
func GoesOn(question string) bool {
	question = strings.TrimSpace(straighten.Replace(clip(question, maxInput)))
	return goOnWords.MatchString(question) || backWords.MatchString(sayings.ReplaceAllString(question, "")) || thatForm.MatchString(question)
}
