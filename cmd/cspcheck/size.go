package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/render"
)

// sizing is the flags of size.
type sizing struct {
	settings
	params   []string
	run      string
	format   string
	out      string
	quiet    bool
	notation string
}

func (a *app) sizeCmd() *cobra.Command {
	z := &sizing{}
	cmd := &cobra.Command{
		Use:   "size FILE --param NAME=1..8 ...",
		Short: "Find the values of constants with which all assertions hold",
		Long: `Check the assertions of a script with every combination of values of some of
its top-level constants, and tell with which all hold; which of these are
minimal, so that with smaller values nothing holds; and the counterexample
just below each of them. What a larger value does is told of each parameter: that more
never hurts, that it never helps, or that neither is so. Of those that
hurt, the largest values are told, too.

A parameter is NAME=1..8, NAME=1,2,4 or both, NAME=1,2,4..6. What is expected
of an assertion ("--! fails") does not count here: the question is what
holds. Choose the assertions with --run.

Exit status: 0 some combination satisfies all, 1 none does, 2 the script or
the usage is wrong, with some values perhaps only, 3 of some combination it
is unknown, because of a limit.`,
		Example: "  cspcheck size specs/go/pool.csp --param W=1..4 --param N=1..6 --run 'POOL ;'\n  cspcheck size --set N=3 --param CAP=0..8 -o cap.svg pool.csp",
		Args:    needs(1, 1, "FILE --param NAME=1..8"),
		RunE:    func(_ *cobra.Command, args []string) error { return a.size(z, args[0]) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&z.params, "param", nil, "a top-level constant and its values: `NAME=1..8`")
	f.StringVar(&z.run, "run", "", "check only the assertions whose text matches `REGEXP`")
	f.StringVar(&z.format, "format", "text", "how to print the results: text or json")
	f.StringVarP(&z.out, "output", "o", "", "write a heat map, too, to `FILE`.svg")
	f.BoolVarP(&z.quiet, "quiet", "q", false, "print no counterexamples")
	addNotation(f, &z.notation)
	z.addSet(f)
	z.addLimits(f)
	return cmd
}

// A sizer goes through a grid.
type sizer struct {
	*app
	*sizing
	*grid
	name   string // of the script
	src    []byte
	picked []string        // the assertions
	told   map[string]bool // errors
}

func (a *app) size(z *sizing, path string) error {
	if z.format != "text" && z.format != "json" {
		return fmt.Errorf("--format %s: it is text or json", z.format)
	}
	if _, err := render.ParseNotation(z.notation); err != nil {
		return fmt.Errorf("--notation %s: it is csp, go or java", z.notation)
	}
	if z.out != "" && strings.ToLower(filepath.Ext(z.out)) != ".svg" {
		return fmt.Errorf("-o %s: the name must end in .svg", z.out)
	}
	params, err := parseParams(z.params, z.set)
	if err != nil {
		return err
	}
	pick, err := regexp.Compile(z.run)
	if err != nil {
		return fmt.Errorf("--run: %v", err)
	}
	s := &sizer{app: a, sizing: z, grid: newGrid(params), told: map[string]bool{}}
	if s.name, s.src, err = a.source(path); err != nil {
		a.complain(cspm.Errors{{Class: syntax.ParseClass, File: path, Msg: err.Error()}})
		return nil
	}
	if ok, err := s.all(pick); !ok {
		return err
	}
	a.worsen(s.verdict())
	if z.out != "" {
		var b bytes.Buffer
		if err := render.HeatMap(&b, s.heatMap()); err != nil {
			return err
		}
		if err := a.writeFile(&b, z.out); err != nil {
			return err
		}
	}
	if z.format == "json" {
		return writeJSON(a.stdout, s.json())
	}
	return s.text()
}

// verdict is the exit status of the whole, errors aside.
func (s *sizer) verdict() status {
	st := fails
	for i := range s.cells {
		switch c := &s.cells[i]; {
		case !c.known():
			return unknown
		case c.holds():
			st = holds
		}
	}
	return st
}

// all fills the grid. It reports whether that could be done at all.
func (s *sizer) all(pick *regexp.Regexp) (bool, error) {
	if err := s.settings.exact("size"); err != nil {
		return false, err
	}
	limits, err := s.app.limits(&s.settings)
	if err != nil {
		return false, err
	}
	for c := range s.cells {
		options, err := s.options(&s.settings)
		if err != nil {
			return false, err
		}
		for p := range s.grid.params {
			options.Set = append(options.Set, [2]string{s.grid.params[p].name, fmt.Sprint(s.value(c, p))})
		}
		script, errs := s.loadText(s.name, s.src, options)
		if c > 0 && s.ctx.Err() != nil {
			s.leaveFrom(c)
			break
		}
		if script == nil {
			s.complain(asParam(errs, s.grid.params))
			return false, nil // values do not matter to it
		}
		var asserts []*cspm.Assertion
		for i := range script.Asserts {
			if as := &script.Asserts[i]; pick.MatchString(as.Text) {
				asserts = append(asserts, as)
			}
		}
		if len(asserts) == 0 {
			return false, fmt.Errorf("%s: %s", script.Name, nothing(len(script.Asserts), s.run))
		}
		if c == 0 {
			for _, as := range asserts {
				s.picked = append(s.picked, as.Text)
			}
		}
		x := &s.cells[c]
		x.answer = deadlock.Holds
		for _, as := range asserts {
			as.Expect = nil
			m := s.meter(s.progress, task{fmt.Sprintf("%d/%d %s", c+1, len(s.cells), s.grid.name(c)), as.At.File, as.At.Line})
			r := s.ask(as, reductions{}, limits, m)
			s.note(x, r)
		}
	}
	return true, nil
}

// leaveFrom leaves the cells from c on unknown: the run is at its end.
func (s *sizer) leaveFrom(c int) {
	why := explore.Cancelled(s.ctx).Reason
	for ; c < len(s.cells); c++ {
		s.cells[c].answer = deadlock.Holds // until it is noted
		for range s.picked {
			s.note(&s.cells[c], &result{verdict: &deadlock.Verdict{Answer: deadlock.Unknown, Reason: why}})
		}
	}
}

// asParam has errors about --set be about --param, where that set it.
func asParam(errs cspm.Errors, params []param) cspm.Errors {
	for i, e := range errs {
		for _, p := range params {
			if rest, ok := strings.CutPrefix(e.Msg, "--set "+p.name+":"); ok {
				changed := *e
				changed.Msg = "--param " + p.name + ":" + rest
				errs[i] = &changed
			}
		}
	}
	return errs
}

// note puts an answer into a cell.
func (s *sizer) note(x *cell, r *result) {
	if r.err != nil {
		if text := r.err.Error(); !s.told[text] {
			s.told[text] = true
			s.complain(r.err)
		}
		s.worsen(r.status)
	}
	answer := r.verdict.Answer
	x.answers = append(x.answers, answer)
	switch {
	case answer == deadlock.Fails:
		x.answer = deadlock.Fails // whatever the others come to
		if x.worst == nil {
			x.worst = r
		}
	case answer == deadlock.Unknown:
		if x.answer == deadlock.Holds {
			x.answer, x.reason = deadlock.Unknown, r.verdict.Reason
		}
		x.broken = x.broken || r.err != nil && r.status == bad
	}
}

// failing is how many assertions fail.
func (c *cell) failing() (n int) {
	for _, answer := range c.answers {
		if answer == deadlock.Fails {
			n++
		}
	}
	return n
}
