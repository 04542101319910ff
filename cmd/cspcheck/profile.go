package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"

	"github.com/spf13/cobra"
)

// profiles are where profiles of a run go, for `go tool pprof`.
type profiles struct {
	cpu, memory string
	cpuFile     *os.File // while it is taken
	memoryFile  *os.File // to be written to at the end
}

// add gives root and all its commands the flags.
func (p *profiles) add(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&p.cpu, "cpuprofile", "", "write a CPU profile to `FILE`, for go tool pprof")
	f.StringVar(&p.memory, "memprofile", "", "write a profile of the memory allocated to `FILE`, for go tool pprof")
}

// start makes the files, so that a run is not for nothing.
func (p *profiles) start() (err error) {
	if p.cpu != "" && filepath.Clean(p.cpu) == filepath.Clean(p.memory) {
		return fmt.Errorf("--cpuprofile and --memprofile: one file, %s, cannot have both", p.cpu)
	}
	if p.memory != "" {
		if p.memoryFile, err = os.Create(p.memory); err != nil {
			return fmt.Errorf("--memprofile: %w", err)
		}
	}
	if p.cpu == "" {
		return nil
	}
	if p.cpuFile, err = os.Create(p.cpu); err != nil {
		return fmt.Errorf("--cpuprofile: %w", err)
	}
	return pprof.StartCPUProfile(p.cpuFile)
}

// stop writes what is to be written.
func (p *profiles) stop() error {
	var err error
	if p.cpuFile != nil {
		pprof.StopCPUProfile()
		err = p.cpuFile.Close()
	}
	if p.memoryFile == nil {
		return err
	}
	runtime.GC() // the profile is of what was there at the last collection
	return errors.Join(err, pprof.Lookup("allocs").WriteTo(p.memoryFile, 0), p.memoryFile.Close())
}
