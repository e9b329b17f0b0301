//go:build !linux && !darwin && !freebsd

package cmd

// freeSpace isn't known here.
func freeSpace(string) (bytes uint64, ok bool) { return 0, false }
