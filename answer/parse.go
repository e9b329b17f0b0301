package answer

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/whosaid/whosaid/quote"
)

// parser reads one question. It needs the directory of speakers to tell where
// a name ends ("the Okafor campaign", "Okafor on the campaign").
type parser struct {
	speakers   *speakers
	publishers func(prefix string, limit int) []string
	today      time.Time
}

// reading is one way to understand a question, and whom it may ask about.
type reading struct {
	Query
	// named are the entries of the directory that fit the speaker, best first.
	named []candidate
	// nameParts are the words of the speaker as typed, as nameParts gives them.
	nameParts []string
	// dated tells that From and To come from words that may as well be part of
	// the topic ("in 2012"); undated is the topic with them.
	dated   bool
	undated string
	// question is all that was asked; verbs are the verbs it asks with, but
	// for those of speaking in general.
	question string
	verbs    []string
	// ofPerson tells that it begins with who, and not with "which paper".
	ofPerson bool
}

var (
	operatorForm = regexp.MustCompile(`(?i)(?:^|\s)(speaker|publisher|source|before|after):\s*(?:"([^"]*)"|(\S+))`)
	minusForm    = regexp.MustCompile(`(?:^|\s)-([\pL\pN][\pL\pN'’]*)`)
	phraseForm   = regexp.MustCompile(`"([^"]{2,})"`)
	straighten   = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`)
)

// parse understands a question typed by a person. It never fails: what it
// can't place becomes the topic.
func (p *parser) parse(question string) reading {
	var r reading
	s := straighten.Replace(clip(strings.TrimSpace(question), maxInput))
	r.question = s
	r.noteVerbs()
	s = r.aim(strings.TrimSpace(p.operators(s, &r)))
	natural := asks(splitWords(s))
	if !natural {
		s = phraseForm.ReplaceAllStringFunc(s, func(m string) string {
			r.Phrases = append(r.Phrases, strings.Trim(m, `"`))
			return " "
		})
	}
	full := s
	if d, ok := findPeriod(s, p.today); ok && r.From == "" && r.To == "" {
		r.From, r.To, r.dated = d.from, d.to, true
		s = s[:d.start] + " " + s[d.end:]
	}
	s = p.inPublisher(s, &r)
	p.shape(s, splitWords(s), &r)
	if r.dated {
		whole := reading{Query: Query{Speaker: r.Speaker}}
		p.shape(full, splitWords(full), &whole)
		r.undated = whole.Topic
	}
	return r
}

// noteVerbs sets the verbs of the question.
func (r *reading) noteVerbs() {
	for _, w := range splitWords(r.question) {
		if verbs[w.norm] && !askWords[w.norm] {
			r.verbs = append(r.verbs, w.norm)
		}
	}
}

// operators takes out the parts in query syntax.
func (p *parser) operators(s string, r *reading) string {
	s = operatorForm.ReplaceAllStringFunc(s, func(m string) string {
		g := operatorForm.FindStringSubmatch(m)
		value := g[2] + g[3]
		switch strings.ToLower(g[1]) {
		case "speaker":
			p.setSpeaker(r, splitWords(value), value)
		case "publisher", "source":
			r.Publisher = p.publisher(value)
		case "before":
			if _, to, ok := days(value, p.today); ok {
				r.To = day(to)
			}
		case "after":
			if from, _, ok := days(value, p.today); ok {
				r.From = day(from)
			}
		}
		return " "
	})
	return minusForm.ReplaceAllStringFunc(s, func(m string) string {
		r.Not = append(r.Not, minusForm.FindStringSubmatch(m)[1])
		return " "
	})
}

// publisher is the publisher of the directory that value begins, or value.
func (p *parser) publisher(value string) string {
	if found := p.publishers(value, 1); len(found) == 1 {
		return found[0]
	}
	return value
}

var inForm = regexp.MustCompile(`\b(?:in|by|on|from) (?:the |The )?(\p{Lu}[\pL\pN.&'-]*(?: \p{Lu}[\pL\pN.&'-]*)*)`)

// inPublisher takes out "in the Example Times" when that is a publisher.
func (p *parser) inPublisher(s string, r *reading) string {
	if r.Publisher != "" {
		return s
	}
	for _, m := range inForm.FindAllStringSubmatchIndex(s, 8) {
		name := s[m[2]:m[3]]
		for _, known := range p.publishers(name, 3) {
			if strings.EqualFold(known, name) || strings.EqualFold(known, "the "+name) {
				r.Publisher = known
				return s[:m[0]] + " " + s[m[1]:]
			}
		}
	}
	return s
}

// asks reports whether the words are a question rather than a search.
func asks(words []word) bool {
	ws := skip(words, politeness)
	return len(ws) > 0 && (whWords[ws[0].norm] || whWords[strings.ToLower(ws[0].text)] || auxiliaries[ws[0].norm])
}

func skip(words []word, set map[string]bool) []word {
	for len(words) > 0 && set[words[0].norm] && !auxiliaryQuestion(words) {
		words = words[1:]
	}
	return words
}

// auxiliaryQuestion tells "do you know" from "do fishermen think".
func auxiliaryQuestion(words []word) bool {
	return auxiliaries[words[0].norm] && len(words) > 1 && !politeness[words[1].norm]
}

// shape finds what the question wants, of whom, and about what.
func (p *parser) shape(s string, words []word, r *reading) {
	ws := skip(words, politeness)
	if len(ws) == 0 {
		r.Intent = Search
		return
	}
	first := strings.TrimSuffix(ws[0].norm, "'s")
	switch {
	case auxiliaries[first] && p.verifies(s, ws, r):
	case first == "who" || first == "whos" || first == "whom":
		p.who(s, ws, r)
	case first == "whose":
		r.Intent, r.Topic = Who, topic(s, ws[1:])
	case first == "which" || first == "what" || first == "whats":
		p.what(s, ws, r)
	case first == "when" || first == "how" || first == "hows" || first == "where" || first == "why":
		p.what(s, ws, r)
		if first == "when" {
			r.Intent = When
		}
	default:
		p.search(s, ws, r)
	}
}

// who reads "who said T", and "whom did S blame for T" as a question about S.
func (p *parser) who(s string, ws []word, r *reading) {
	r.Intent = Who
	rest := ws[1:]
	if len(rest) > 1 && asksOf(rest[0]) {
		if end, ok := p.subject(rest[1:], r); ok {
			r.Intent, r.Topic = What, topic(s, rest[1+end:])
			return
		}
	}
	r.Topic, r.ofPerson = topic(s, rest), true
}

// what reads "what did S say about T", "what was S's answer to T", "how many Ts
// did S report" and "what S said about T"; "which N said T" asks who.
func (p *parser) what(s string, ws []word, r *reading) {
	r.Intent = What
	aux := 0 // "what's"
	if ws[0].norm == strings.ToLower(ws[0].text) && !strings.HasSuffix(ws[0].norm, "s") {
		for aux = 1; aux < len(ws) && aux <= 6 && !auxiliaries[ws[aux].norm]; aux++ {
		}
	}
	if aux < len(ws) && aux <= 6 {
		rest := ws[aux+1:]
		for len(rest) > 1 && fillers[rest[0].norm] {
			rest = rest[1:]
		}
		trial := *r
		end, ok := p.subject(rest, &trial)
		if ok && aux > 1 && ws[0].norm != "how" && !asksOf(ws[aux]) { // "which poll had S ahead" asks who
			ok = end < len(rest) && verbs[rest[end].norm]
		}
		if ok || unknownSubject(ws, aux, rest) {
			if !ok {
				trial = *r
				end = p.unknown(rest, &trial)
			}
			*r = trial
			r.Topic = strings.TrimSpace(topic(s, ws[1:max(aux, 1)]) + " " + topic(s, rest[end:]))
			return
		}
	}
	trial := *r
	if end, ok := p.subject(ws[1:], &trial); ok && ws[0].norm != "which" && end+1 < len(ws) && verbs[ws[1+end].norm] {
		*r = trial
		r.Topic = topic(s, ws[1+end:])
		return
	}
	r.Intent = Who
	if ws[0].norm == "how" || ws[0].norm == "why" || ws[0].norm == "where" {
		r.Intent = Search
	}
	r.Topic = topic(s, ws[1:])
}

// unknownSubject reports whether a question asks what somebody said whom the
// directory doesn't know: "what did N say" or "what has N said", with a verb after N.
func unknownSubject(ws []word, aux int, rest []word) bool {
	if aux == 0 || len(rest) == 0 || auxiliaries[rest[0].norm] {
		return false
	}
	return asksOf(ws[aux]) || perfect[ws[aux].norm] && slices.ContainsFunc(rest[1:], func(w word) bool { return verbs[w.norm] })
}

// asksOf reports whether the word is an auxiliary that only a subject follows.
func asksOf(w word) bool { return w.norm == "did" || w.norm == "does" || w.norm == "do" }

// verifies reads "did S say that C" and "is it true that S said C".
func (p *parser) verifies(s string, ws []word, r *reading) bool {
	rest := ws[1:]
	for len(rest) > 1 && (fillers[rest[0].norm] || rest[0].norm == "true") {
		rest = rest[1:]
	}
	if len(rest) < 2 {
		return false
	}
	trial := *r
	end, ok := p.subject(rest, &trial)
	if !ok {
		end = p.unknown(rest, &trial)
	}
	for end < len(rest) && (fillers[rest[end].norm] || rest[end].norm == "who" || auxiliaries[rest[end].norm]) {
		end++
	}
	if end >= len(rest)-1 || !verbs[rest[end].norm] {
		return false
	}
	about := rest[end+1:]
	if about[0].norm == "that" {
		about = about[1:]
	}
	if len(about) == 0 {
		return false
	}
	*r = trial
	r.Intent = Verify
	if len(about) > 1 && (about[0].norm == "about" || about[0].norm == "anything" || about[0].norm == "something") {
		r.Intent, r.Topic = What, topic(s, about)
		return true
	}
	r.Topic = strings.TrimRight(strings.TrimSpace(s[about[0].start:]), `?"' `)
	return true
}

var quotesOf = regexp.MustCompile(`(?i)^(?:quotes?|statements?|words?|comments?|remarks?|anything|everything|something)?\s*(?:by|from|of)\s+`)

// search reads everything else: "quotes by S about T", "S on T", plain words.
func (p *parser) search(s string, ws []word, r *reading) {
	r.Intent, r.Topic = Search, topic(s, ws)
	if r.Speaker != "" {
		r.Intent = What
		return
	}
	rest := ws
	lead := quotesOf.FindString(s[ws[0].start:])
	for len(rest) > 0 && rest[0].start < ws[0].start+len(lead) {
		rest = rest[1:]
	}
	trial := *r
	end, ok := p.subject(rest, &trial)
	if !ok {
		return
	}
	reports := end < len(rest) && (rest[end].norm == "on" || rest[end].norm == "about" || verbs[rest[end].norm])
	if lead == "" && !reports && end < len(rest) {
		return
	}
	*r = trial
	r.Intent, r.Topic = What, topic(s, rest[end:])
}

// surely is the fit from which a name is not a guess any more.
const surely = 0.92

// subject finds the speaker whom the words begin with, after a title or a
// description ("the spokeswoman"), and returns how many words it takes.
func (p *parser) subject(ws []word, r *reading) (end int, ok bool) {
	const longest = 9
	var best []candidate
	var from, to int
	for start := 0; start < min(4, len(ws)) && best == nil; start++ {
		if verbs[ws[start].norm] && !ws[start].capital() || start > 0 && (verbs[ws[start-1].norm] || stopWords[ws[start-1].norm] && !titles[ws[start-1].norm]) {
			break
		}
		if titles[ws[start].norm] || stopWords[ws[start].norm] {
			continue
		}
		for n := min(longest, nameEnd(ws[start:])); n > 0; n-- {
			if found := p.speakers.find(ws[start : start+n]); len(found) > 0 && (best == nil || found[0].fit > best[0].fit) {
				best, from, to = found, start, start+n
			}
		}
	}
	if best == nil {
		return 0, false
	}
	if to < len(ws) && to-from == 1 && best[0].Type == quote.TypePerson && goesOnWith(ws[to]) {
		return 0, false
	}
	if to < len(ws) && (heads[ws[to].norm] && best[0].fit < 0.99 || best[0].fit < surely && ws[to].capital()) {
		return 0, false // the name goes on, so it is another's
	}
	r.Speaker, r.Known, r.named = best[0].Name, true, best
	r.nameParts = parts(ws[from:to])
	return to, true
}

// goesOnWith reports whether a name of one word goes on with the next: "Tom
// Reyes" is no Tom Finch.
func goesOnWith(w word) bool {
	return w.capital() && !verbs[w.norm] && !stopWords[w.norm] && !auxiliaries[w.norm] && !heads[w.norm]
}

// nameEnd is how many of the words may be one name: no verb and no stop word
// but those of organisations' names.
func nameEnd(ws []word) int {
	for i, w := range ws {
		if i > 0 && (verbs[w.norm] && !w.capital() || auxiliaries[w.norm] || stopWords[w.norm] && !inNames[w.norm]) {
			return i
		}
	}
	return len(ws)
}

// unknown takes the words before the first verb as the name of a speaker.
func (p *parser) unknown(ws []word, r *reading) (end int) {
	for end < min(8, len(ws)) && (!verbs[ws[end].norm] || end == 0) {
		end++
	}
	name := ws[:end]
	for len(name) > 1 && titles[name[0].norm] && !strings.HasSuffix(name[0].text, "s") { // "the mayor's spokesman" has all of it
		name = name[1:]
	}
	r.nameParts = nil
	texts := make([]string, len(name))
	for i, w := range name {
		texts[i] = w.text
		if !stopWords[w.norm] {
			r.nameParts = append(r.nameParts, w.norm)
		}
	}
	r.Speaker, r.Known = strings.Join(texts, " "), false
	return end
}

// setSpeaker takes a speaker given by name alone.
func (p *parser) setSpeaker(r *reading, ws []word, typed string) {
	r.Speaker, r.nameParts = typed, parts(ws)
	if found := p.speakers.find(ws); len(found) > 0 {
		r.Speaker, r.Known, r.named = found[0].Name, true, found
	}
}

// topic is the text of the words without what only frames the question: "say
// about" at the front, "?" at the end.
func topic(s string, ws []word) string {
	frame := func(w word) bool { return stopWords[w.norm] || askWords[w.norm] || auxiliaries[w.norm] }
	for len(ws) > 0 && frame(ws[0]) {
		ws = ws[1:]
	}
	for len(ws) > 0 && (frame(ws[len(ws)-1]) && !askWords[ws[len(ws)-1].norm] || wordsSaid[ws[len(ws)-1].norm]) {
		ws = ws[:len(ws)-1]
	}
	if len(ws) == 0 {
		return ""
	}
	return s[ws[0].start:ws[len(ws)-1].end]
}

// parts are the words of a name that are compared.
func parts(ws []word) []string {
	var b strings.Builder
	for _, w := range ws {
		b.WriteString(w.text)
		b.WriteByte(' ')
	}
	return nameParts(b.String())
}
