package terms

import "strings"

// stopWords are the English words that carry no subject. "us" is not among
// them: "U.S." folds to it. Negations stay searchable.
var stopWords = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(`a an the and or but if then than as at by for from in into of off on onto
		out over to up down with about i you he she it we they me him her them my your his its our their this
		that these those is am are was were be been being do does did doing have has had having will would
		shall should can could may might must im youre hes shes theyre ive youve weve theyve ill youll
		theyll id youd hed theyd there here what which who whom whose when where why how so too very just
		also said says say`) {
		m[w] = true
	}
	return m
}()
