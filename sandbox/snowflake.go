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

func isSnowflake(id string) bool {
	if len(id) < 15 || len(id) > 20 {
		return false
	}
	_, err := strconv.ParseUint(id, 10, 64)
	return err == nil
}
