//go:build !windows

package explore

import "os"

// makeScratch makes a file in a directory, and takes its name away.
func makeScratch(dir string) (scratch, error) {
	f, err := os.CreateTemp(dir, scratchName)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
