package sandbox

import (
	"strconv"
	"sync/atomic"
	"time"
)

// snowflakes makes ids that grow, unique in this process: milliseconds since
// Discord's epoch (the first second of 2015) above 22 bits of a counter.
type snowflakes struct{ count atomic.Uint64 }

const discordEpoch = 1420070400000

func (s *snowflakes) next() string {
	ms := uint64(time.Now().UnixMilli() - discordEpoch)
	return strconv.FormatUint(ms<<22|s.count.Add(1)&(1<<22-1), 10)
}
