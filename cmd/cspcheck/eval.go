package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/explore"
)

func (a *app) evalCmd() *cobra.Command {
	var s settings
	cmd := &cobra.Command{
		Use:     "eval FILE EXPR",
		Short:   "Print the value of an expression in the scope of a script",
		Example: "  cspcheck eval table.csp 'card({| picks |})'",
		Args:    needs(2, 2, "FILE EXPR"),
		RunE: func(_ *cobra.Command, args []string) error {
			limits, err := a.limits(&s)
			if err != nil {
				return err
			}
			options, err := a.options(&s)
			if err != nil {
				return err
			}
			script, errs := a.load(args[0], options)
			if errs != nil {
				a.complain(errs)
				return nil
			}
			a.watch.task()
			defer func() { a.tellStats(&s, args[1], explore.Stats{}) }()
			text, err := await(a, func() (string, error) { return script.Eval(a.ctx, limits, args[1]) })
			if err != nil {
				a.complain(err)
				return nil
			}
			_, err = fmt.Fprintln(a.stdout, text)
			return err
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return fmt.Errorf("%w; before an expression that begins with - write --: cspcheck eval FILE -- -7/2", plainFlagError(err))
	})
	s.addSet(cmd.Flags())
	s.addStats(cmd.Flags())
	cmd.Flags().StringVar(&s.maxMemory, "max-memory", "80%", "stop when the program holds this much memory; 0: no limit")
	cmd.Flags().DurationVar(&s.timeout, "timeout", 0, "stop after this time, such as 90s; 0: no limit")
	return cmd
}
