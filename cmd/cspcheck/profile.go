package main

import (
	"errors"
	"os"
	"runtime"
	"runtime/pprof"

	"github.com/spf13/cobra"
)

// profiles are where profiles of a run go, for `go tool pprof`.
type profiles struct {
	cpu, memory string
	file        *os.File // of the CPU profile, while it is taken
}

// add gives root and all its commands the flags.
func (p *profiles) add(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&p.cpu, "cpuprofile", "", "write a CPU profile to `FILE`, for go tool pprof")
	f.StringVar(&p.memory, "memprofile", "", "write a profile of the memory allocated to `FILE`, for go tool pprof")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return p.start() }
}

func (p *profiles) start() (err error) {
	if p.cpu == "" {
		return nil
	}
	if p.file, err = os.Create(p.cpu); err != nil {
		return err
	}
	return pprof.StartCPUProfile(p.file)
}

// stop writes what is to be written.
func (p *profiles) stop() error {
	var err error
	if p.file != nil {
		pprof.StopCPUProfile()
		err = p.file.Close()
	}
	if p.memory == "" {
		return err
	}
	f, e := os.Create(p.memory)
	if e != nil {
		return errors.Join(err, e)
	}
	runtime.GC() // the profile is of what was there at the last collection
	return errors.Join(err, pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
}
