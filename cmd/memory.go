package cmd

import (
	"math"
	"runtime/debug"
)

// workMemory is how much memory, in bytes, an import or a reindex takes before it collects
// garbage more often than it would. What it needs at once is less than half of that.
const workMemory = 320 << 20

// boundMemory has the garbage collector keep to workMemory, unless GOMEMLIMIT says
// otherwise, until restore is called.
func boundMemory() (restore func()) {
	before := debug.SetMemoryLimit(-1)
	if before == math.MaxInt64 {
		debug.SetMemoryLimit(workMemory)
	}
	return func() { debug.SetMemoryLimit(before) }
}
