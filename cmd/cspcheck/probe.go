package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/explore"
)

// probing is the flags of probe.
type probing struct {
	settings
	script string
	load   string
	seed   uint64
}

func (a *app) probeCmd() *cobra.Command {
	p := &probing{}
	cmd := &cobra.Command{
		Use:   "probe FILE PROCESS",
		Short: "Step through a process",
		Long: `Step through a process in the terminal: the events that can happen are
numbered; choose one, go back and forward, walk at random, run until an event,
load a counterexample and go on from its end, save the path. The present state
of each component is shown, those that have just moved marked.

Without a terminal, --script reads the same from a file, or from standard
input if it is -: a command a line.

` + probeHelp,
		Example: "  cspcheck probe specs/philosophers.csp TABLE\n  printf 'random 3\\nback\\n' | cspcheck probe --seed 7 --script - specs/philosophers.csp TABLE",
		Args:    needs(2, 2, "FILE PROCESS"),
		RunE:    func(_ *cobra.Command, args []string) error { return a.probe(p, args[0], args[1]) },
	}
	f := cmd.Flags()
	f.StringVar(&p.script, "script", "", "read commands from `FILE`; -: from standard input")
	f.StringVar(&p.load, "load", "", "begin at the end of a saved counterexample or path: `X` is x.json or x.json:LINE")
	f.Uint64Var(&p.seed, "seed", 1, "of random steps: the same ones for the same number")
	p.addSet(f)
	p.addLimits(f)
	p.addStats(f)
	return cmd
}

func (a *app) probe(o *probing, path, process string) error {
	if o.script == "-" && path == "-" {
		return errors.New("standard input cannot be both the CSPM script and that of --script")
	}
	if o.script == "" && !(isTerminal(a.stdout) && a.stdin == io.Reader(os.Stdin) && isTerminal(os.Stdin)) {
		return errors.New("probe needs a terminal; without one, --script FILE reads what to do")
	}
	var script io.Reader = a.stdin
	name := "<stdin>"
	if o.script != "" && o.script != "-" {
		f, err := os.Open(o.script)
		if err != nil {
			return fmt.Errorf("--script: %w", plainPathError(err))
		}
		defer f.Close()
		script, name = f, o.script
	}
	m := a.meter(o.progress, task{What: process, File: path})
	_, sys, limits, err := a.process(&o.settings, path, process)
	m.done(explore.Stats{})
	if sys == nil {
		return err
	}
	p, err := newProber(a.ctx, sys, limits, o.seed)
	if err != nil {
		a.complain(err)
		return nil
	}
	p.saved = a.readSaved
	a.tellStats(&o.settings, process, explore.Stats{})
	if o.load != "" {
		if err := p.load(o.load); err != nil {
			return a.probeError("--load: ", err)
		}
	}
	if o.script == "" {
		return a.probeTerminal(p, process)
	}
	return a.probeScript(p, name, script)
}
