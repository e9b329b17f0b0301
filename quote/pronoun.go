package quote

// isPronoun reports whether an English word, in lower case, is a personal
// pronoun that can be a subject.
func isPronoun(w string) bool {
	switch w {
	case "he", "she", "they", "it", "i", "we", "you":
		return true
	}
	return false
}
