//go:build linux || darwin || freebsd

package cmd

import "golang.org/x/sys/unix"

// freeSpace is how many bytes the user may still write to the folder's disk.
func freeSpace(dir string) (bytes uint64, ok bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true
}
