package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

func (a *app) refineCmd() *cobra.Command {
	c := &checking{}
	var model string
	cmd := &cobra.Command{
		Use:   "refine FILE SPEC IMPL",
		Short: "Check whether a process refines another",
		Long: `Check whether the process IMPL refines the process SPEC, both expressions in
the scope of the script, as an assertion SPEC [FD= IMPL in it would.`,
		Example: "  cspcheck refine --model T specs/buffer.csp 'QUEUE(<>)' CHAIN",
		Args:    needs(3, 3, "FILE SPEC IMPL"),
		RunE: func(_ *cobra.Command, args []string) error {
			if !slices.Contains([]string{"T", "F", "FD"}, model) {
				return fmt.Errorf("--model %s: it is T, F or FD", model)
			}
			return a.refine(c, syntax.Model(model), args[0], args[1], args[2])
		},
	}
	f := cmd.Flags()
	f.StringVar(&model, "model", "FD", "the semantic model: T (traces), F (stable failures) or FD (failures and divergences)")
	c.addReport(f)
	c.addSet(f)
	c.addLimits(f)
	c.addStats(f)
	c.addCheckpoint(f)
	return cmd
}

func (a *app) refine(c *checking, m syntax.Model, path, spec, impl string) error {
	run, err := a.newChecker(c, []string{path}, property{"the command", "refine"},
		property{"the model", string(m)}, property{"the specification", spec}, property{"the implementation", impl})
	if err != nil {
		return err
	}
	script, errs := run.load(path)
	if errs != nil {
		a.complain(errs)
		run.out.errors(path, errs)
		return run.out.finish()
	}
	as, err := script.Refinement(spec, impl, m)
	if err != nil {
		a.complain(err)
		run.out.errors(path, mustBeErrors(err))
		return run.out.finish()
	}
	run.check(as, 0, func() (*cspm.Assertion, error) { return as, nil })
	return run.out.finish()
}
