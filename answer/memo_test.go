package answer

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestMemoForgetsWhatIsNotAskedFor(t *testing.T) {
	m := newMemo[int](10)
	for i := range 100 {
		m.put(fmt.Sprint(i), i)
		if v, ok := m.get("0"); !ok || v != 0 {
			t.Fatalf("after %d others, what is asked for all the time is %d, %t", i, v, ok)
		}
		if v, ok := m.get(fmt.Sprint(i)); !ok || v != i {
			t.Fatalf("the newest is %d, %t, want %d", v, ok, i)
		}
		if n := len(m.young) + len(m.old); n > m.size {
			t.Fatalf("%d are remembered, %d allowed", n, m.size)
		}
	}
	if _, ok := m.get("1"); ok {
		t.Error("what nobody asked for is remembered after a hundred others")
	}
	long := strings.Repeat("x", longestKey+1)
	m.put(long, 1)
	if _, ok := m.get(long); ok {
		t.Error("a long word is remembered")
	}
}

func TestMemoIsConcurrent(t *testing.T) {
	m := newMemo[int](50)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 2000 {
				key := fmt.Sprint(i % 97)
				if v, ok := m.get(key); ok && v != i%97 {
					t.Errorf("%s is %d", key, v)
				}
				m.put(key, i%97)
			}
		})
	}
	all.Wait()
}
