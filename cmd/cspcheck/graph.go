package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
	"github.com/cspcheck/cspcheck/render/graphviz"
)

// graphing is the flags of graph.
type graphing struct {
	settings
	out    string
	format string
	path   string
	around string
	depth  int
}

// The formats of graph and network, by the endings of files.
var (
	graphFormats   = []string{"dot", "svg", "png", "aut", "json", "graphml"}
	networkFormats = []string{"dot", "svg", "png", "json"}
)

func (a *app) graphCmd() *cobra.Command {
	g := &graphing{}
	cmd := &cobra.Command{
		Use:   "graph FILE PROCESS",
		Short: "Write the state graph of a process",
		Long: `Write the state graph of a process as it is written: as DOT (.dot), as a
picture (.svg, or .png if Graphviz is installed), in the Aldebaran format that
CADP and mCRL2 read (.aut), as JSON (.json) or as GraphML (.graphml). Without
-o it goes to standard output, as DOT unless --format says otherwise.

--path draws a counterexample bold: a saved one (x.json, or x.json:LINE if
there are several in it), or that of the assertion whose text matches.

A picture has at most 500 states, unless --max-states says otherwise. Of a
large graph --around shows a part: the states within --depth transitions of a
state, given by its number; of the state after a trace, such as '<a, b>'; or
of any on the path.`,
		Example: `  cspcheck graph -o table.svg --path 'TABLE :.deadlock' specs/philosophers.csp TABLE
  cspcheck graph -o part.svg --around '<picks.0.0, picks.1.1>' --depth 1 specs/philosophers.csp TABLE`,
		Args: needs(2, 2, "FILE PROCESS"),
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := formatOf(g.format, g.out, graphFormats)
			if err != nil {
				return err
			}
			switch {
			case cmd.Flags().Changed("depth") && g.around == "":
				return errors.New("--depth is of --around: say around what")
			case g.depth < 0:
				return errors.New("--depth cannot be negative")
			case g.around == aroundPath && g.path == "":
				return errors.New("--around path needs --path")
			}
			g.format = format
			return a.graph(g, args[0], args[1])
		},
	}
	f := cmd.Flags()
	f.StringVarP(&g.out, "output", "o", "", "the `FILE` to write; its ending is the format")
	f.StringVar(&g.format, "format", "", "dot, svg, png, aut, json or graphml")
	f.StringVar(&g.path, "path", "", "draw a counterexample bold: `X` is x.json, x.json:LINE or a regular expression for an assertion")
	f.StringVar(&g.around, "around", "", "write only what is near `X`: a state's number, a trace such as '<a, b>', or path")
	f.IntVar(&g.depth, "depth", 2, "with --around: within so many transitions")
	g.addSet(f)
	g.addLimits(f)
	g.addStats(f)
	return cmd
}

// formatOf returns the format that is asked for: by name, by the ending of the
// file, or DOT.
func formatOf(format, out string, known []string) (string, error) {
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(out), "."))
	last := len(known) - 1
	switch {
	case format != "" && !slices.Contains(known, format):
		return "", fmt.Errorf("--format %s: it is %s or %s", format, strings.Join(known[:last], ", "), known[last])
	case format != "":
		return format, nil
	case out == "":
		return "dot", nil
	case !slices.Contains(known, ending):
		return "", fmt.Errorf("-o %s: the name must end in .%s or .%s", out, strings.Join(known[:last], ", ."), known[last])
	}
	return ending, nil
}

func isPicture(format string) bool { return format == "svg" || format == "png" }

func (a *app) graph(g *graphing, path, process string) error {
	m := a.meter(g.progress, task{What: process, File: path})
	script, sys, limits, err := a.process(&g.settings, path, process)
	if sys == nil {
		m.done(explore.Stats{})
		return err
	}
	limits = limits.Begun()
	var told []explore.PathStep // what is to be bold
	if g.path != "" {
		ce, err := a.namedCounterexample(g.path, script, limits, g.progress)
		if ce == nil {
			m.done(explore.Stats{})
			return err
		}
		if told, err = retrace(a.ctx, sys, &ce.Impl, limits); err != nil {
			m.done(explore.Stats{})
			return a.pathError(err, process)
		}
	}
	r := newRecording(sys, g.depth)
	if err := a.aim(r, g, script, limits, told); err != nil {
		m.done(explore.Stats{})
		return err
	}
	if isPicture(g.format) && g.around == "" && limits.States == 0 {
		limits.States = render.MaxLaidOut
	}
	st, _, err := a.searched(limits, m, nil, func(limits explore.Limits) (*explore.Search, error) { return r.run(a.ctx, limits) })
	limits.Enter(explore.Telling)
	defer func() { a.tellStats(&g.settings, process, st) }()
	if err != nil {
		a.complain(g.incomplete(a.ctx, err, st))
		return nil
	}
	if r.center == nil && g.around != "" {
		return fmt.Errorf("--around %s: there are only %s", g.around, plural(st.States, "state"))
	}
	text, err := await(a, func() (*bytes.Buffer, error) {
		drawn := r.graph(process, g.around != "")
		if isPicture(g.format) && g.maxStates == 0 && len(drawn.States) > render.MaxLaidOut {
			return nil, g.tooLarge(fmt.Sprintf("%d states", len(drawn.States)))
		}
		return a.graphText(drawn, g.format, g.out)
	})
	switch {
	case err == nil:
		return a.writeFile(text, g.out)
	case a.ctx.Err() != nil:
		return cutShort(a.ctx, "the graph was not written", st)
	}
	return err
}

// pathError is why --path cannot be drawn.
func (a *app) pathError(err error, process string) error {
	var none *noPath
	if errors.As(err, &none) {
		return fmt.Errorf("--path: the counterexample is not one of %s: %w", process, err)
	}
	a.complain(err)
	return nil
}

// incomplete says why a graph is not complete.
func (g *graphing) incomplete(ctx context.Context, err error, st explore.Stats) error {
	if ctx.Err() != nil {
		return cutShort(ctx, "the graph is not complete", st)
	}
	var l *explore.Limit
	if !errors.As(err, &l) {
		return err
	}
	return g.tooLarge(l.Reason)
}

// tooLarge says what can be done about a graph that hit a limit.
func (g *graphing) tooLarge(limit string) error {
	hint := "show a part with --around and --depth, or compress the process (sbisim, normal)"
	if isPicture(g.format) {
		return &explore.Limit{Reason: fmt.Sprintf("%s are too many for a picture: %s; write .dot, .aut, .json or .graphml, or say with --max-states how many it may have",
			limit, hint)}
	}
	return &explore.Limit{Reason: fmt.Sprintf("the graph is not complete: %s; %s", limit, hint)}
}

// graphText returns a graph in a format; out is the name of its file, or "".
func (a *app) graphText(g *render.Graph, format, out string) (*bytes.Buffer, error) {
	var b bytes.Buffer
	var err error
	switch format {
	case "aut":
		if g.Initial < 0 {
			return nil, errors.New("the Aldebaran format has an initial state, and it is not in this part: take a larger --depth, or another format")
		}
		h := render.AutHeader{Initial: g.Initial, Transitions: len(g.Edges), States: len(g.States)}
		err = render.Aut(&b, h, slices.Values(g.Edges), render.CADP)
	case "json":
		err = render.GraphJSON(&b, g)
	case "graphml":
		err = render.GraphML(&b, g)
	default:
		err = a.draw(&b, format, out, func(w io.Writer) error { return render.GraphDOT(w, g) })
	}
	return &b, err
}

// draw writes DOT, or lays it out as a picture that is to be in a file.
func (a *app) draw(w io.Writer, format, out string, dot func(io.Writer) error) error {
	if format == "dot" {
		return dot(w)
	}
	var text bytes.Buffer
	if err := dot(&text); err != nil {
		return err
	}
	if format == "png" {
		return a.layOutPNG(w, text.Bytes())
	}
	return render.SVG(a.ctx, w, text.Bytes(), a.layouter(strings.TrimSuffix(out, filepath.Ext(out))+".dot"))
}

// layOutPNG lays out DOT by an installed Graphviz: the one that the program
// carries makes no good PNGs.
func (a *app) layOutPNG(w io.Writer, text []byte) error {
	dot, err := exec.LookPath("dot")
	if err != nil {
		return errors.New("a PNG needs an installed Graphviz (dot), and there is none; without it there is SVG")
	}
	return graphviz.Program(dot).Layout(a.ctx, text, "png", w)
}

// writeFile writes to a file, or to standard output if it has no name.
func (a *app) writeFile(b *bytes.Buffer, out string) error {
	if out == "" {
		_, err := io.Copy(a.stdout, b)
		return err
	}
	return plainPathError(os.WriteFile(out, b.Bytes(), 0o644))
}
