package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/model/cspm"
)

func (a *app) typesCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "types FILE",
		Short: "Print the type of each name that a script declares",
		Long: `Print the type of each name that a script declares outside lets, one a line,
in the order of the text. Members of modules and instances stand with their
module: M::x. Types are written as in annotations.`,
		Args: needs(1, 1, "FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			script, errs := a.load(args[0], cspm.Options{Open: readFile})
			if errs != nil {
				a.complain(errs)
				return nil
			}
			var b strings.Builder
			for _, t := range script.Types() {
				fmt.Fprintf(&b, "%s :: %s\n", t.Name, t.Type)
			}
			_, err := fmt.Fprint(a.stdout, b.String())
			return err
		},
	}
}
