package linear

// Tally counts decisions by what they were made on, to learn which need no classifier.
type Tally map[Hash]map[int]int

// Add counts a decision.
func (t Tally) Add(key Hash, decision int) {
	if t[key] == nil {
		t[key] = make(map[int]int)
	}
	t[key][decision]++
}

// sureShare is the share of a key's decisions that are the same when it is sure.
const sureShare = 0.99

// Sure makes a table of the keys that were nearly always decided the same way, and so at
// least least times; Decided reads it. Decisions are 0 to 126.
func (t Tally) Sure(least int) (*Table, []byte) {
	values := make(map[Hash]int8)
	for key, counts := range t {
		sum := 0
		for _, n := range counts {
			sum += n
		}
		for decision, n := range counts {
			if n >= least && float64(n) >= sureShare*float64(sum) {
				values[key] = int8(decision + 1)
			}
		}
	}
	return Exact(values)
}

// Decided is what a table that Sure made says of a key, if it is sure.
func (t *Table) Decided(key Hash) (decision int, sure bool) {
	v, sure := t.Get(key)
	return int(v) - 1, sure
}
