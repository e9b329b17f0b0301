package answer

import (
	"strings"
	"sync"
)

// memo remembers values by strings: between half of size and size of those that
// were asked for last. Reading one moves nothing, as it would in a list by
// recency; the memory of words is read thousands of times a question. It is
// safe for concurrent use.
type memo[V any] struct {
	size       int
	mu         sync.RWMutex
	young, old map[string]V
}

// longestKey bounds what is remembered, in bytes: hostile texts have long words.
const longestKey = 64

func newMemo[V any](size int) *memo[V] { return &memo[V]{size: size, young: map[string]V{}} }

func (m *memo[V]) get(key string) (v V, ok bool) {
	m.mu.RLock()
	v, ok = m.young[key]
	if ok {
		m.mu.RUnlock()
		return v, true
	}
	v, ok = m.old[key]
	m.mu.RUnlock()
	if ok {
		m.put(key, v) // it is asked for still
	}
	return v, ok
}

func (m *memo[V]) put(key string, v V) {
	if len(key) > longestKey {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.young) >= m.size/2 {
		m.old, m.young = m.young, make(map[string]V, m.size/2)
	}
	m.young[strings.Clone(key)] = v // key may be a piece of a long text
}
