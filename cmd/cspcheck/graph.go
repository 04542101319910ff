package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/render"
)

func (a *app) graphCmd() *cobra.Command {
	var s settings
	var out string
	cmd := &cobra.Command{
		Use:   "graph FILE PROCESS",
		Short: "Write the state graph of a process",
		Long: `Write the state graph of a process as it is written: as DOT (.dot), as a
picture (.svg), or in the Aldebaran format that CADP and mCRL2 read (.aut).
Without -o it is DOT on standard output.`,
		Example: "  cspcheck graph -o table.svg specs/philosophers.csp TABLE",
		Args:    needs(2, 2, "FILE PROCESS"),
		RunE: func(_ *cobra.Command, args []string) error {
			format := strings.ToLower(strings.TrimPrefix(filepath.Ext(out), "."))
			if out == "" {
				format = "dot"
			}
			if !slices.Contains([]string{"dot", "svg", "aut"}, format) {
				return fmt.Errorf("-o %s: the name must end in .dot, .svg or .aut", out)
			}
			return a.graph(&s, format, out, args[0], args[1])
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "the `FILE` to write: x.dot, x.svg or x.aut")
	s.addSet(cmd.Flags())
	s.addLimits(cmd.Flags())
	return cmd
}

func (a *app) graph(s *settings, format, out, path, process string) error {
	m := a.meter(s.progress, task{What: process, File: path})
	sys, limits, err := a.system(s, path, process)
	if sys == nil {
		m.done(explore.Stats{})
		return err
	}
	limits.Progress = m.search
	g := &render.Graph{Name: process}
	names := map[model.Event]string{}
	search, err := explore.Run(a.ctx, sys, limits, func(v *explore.Visit) bool {
		g.States = append(g.States, render.State{Deadlocked: len(v.Steps.Events) == 0})
		for i, e := range v.Steps.Events {
			name, ok := names[e]
			if !ok {
				name = sys.Events().Name(e)
				names[e] = name
			}
			g.Edges = append(g.Edges, render.Edge{From: v.State, To: int(v.Targets[i]), Event: name})
		}
		return true
	})
	m.done(search.Stats)
	if err != nil {
		var l *explore.Limit
		if errors.As(err, &l) {
			err = &explore.Limit{Reason: fmt.Sprintf("the graph is not complete: %s", l.Reason)}
		}
		a.complain(err)
		return nil
	}
	for _, e := range g.Edges {
		if e.Event == names[model.Tick] && names[model.Tick] != "" {
			g.States[e.To].Terminated = true
		}
	}
	return a.writeGraph(g, format, out)
}

// writeGraph writes a graph to a file, or to standard output.
func (a *app) writeGraph(g *render.Graph, format, out string) error {
	var b bytes.Buffer
	switch format {
	case "aut":
		h := render.AutHeader{Initial: g.Initial, Transitions: len(g.Edges), States: len(g.States)}
		if err := render.Aut(&b, h, slices.Values(g.Edges), render.CADP); err != nil {
			return err
		}
	case "svg":
		if err := g.Drawable(); err != nil {
			a.complain(&explore.Limit{Reason: err.Error()})
			return nil
		}
		var text bytes.Buffer
		if err := render.GraphDOT(&text, g); err != nil {
			return err
		}
		if err := a.layOut(&b, text.Bytes(), strings.TrimSuffix(out, filepath.Ext(out))+".dot"); err != nil {
			return err
		}
	default:
		if err := render.GraphDOT(&b, g); err != nil {
			return err
		}
	}
	if out == "" {
		_, err := io.Copy(a.stdout, &b)
		return err
	}
	return plainPathError(os.WriteFile(out, b.Bytes(), 0o644))
}
