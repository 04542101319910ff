package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
)

// showing is the flags of show.
type showing struct {
	format   string
	output   string
	graph    string
	pick     int
	notation string
	taus     bool
}

// A shownAs is a format of show.
type shownAs struct {
	name       string
	extensions []string
	lanes      bool // --notation and --reveal-taus say something
	graph      bool // --graph does
}

var shown = []shownAs{
	{"text", []string{"txt"}, true, false},
	{"json", []string{"json"}, false, false},
	{"html", []string{"html", "htm"}, true, false},
	{"sequence", nil, false, false},
	{"mermaid", []string{"mmd", "mermaid"}, false, false},
	{"plantuml", []string{"puml", "plantuml"}, false, false},
	{"dot", []string{"dot", "gv"}, false, true},
	{"svg", []string{"svg"}, false, true},
}

func (a *app) showCmd() *cobra.Command {
	var s showing
	cmd := &cobra.Command{
		Use:   "show TRACE.json",
		Short: "Render a saved counterexample in any format, without checking again",
		Long: `Render what check or refine saved with --format json, or a single
counterexample of it, without checking again; - is standard input.

The format is that of --format or of the name after -o: text (.txt), json,
html (a page to step through), sequence (a sequence diagram, as SVG), mermaid
(.mmd) and plantuml (.puml), or dot and svg (the graph that --graph chooses).
Of several counterexamples text and json have all; for the others one is
chosen with --pick, or by the line of its assertion: x.json:27.`,
		Example: "  cspcheck check --format json table.csp > table.json\n  cspcheck show table.json -o table.html\n  cspcheck show table.json:27 --format mermaid",
		Args:    needs(1, 1, "TRACE.json"),
		RunE: func(cmd *cobra.Command, args []string) error {
			as, err := s.as(cmd.Flags().Changed)
			if err != nil {
				return err
			}
			return a.show(&s, as, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&s.format, "format", "", "text, json, html, sequence, mermaid, plantuml, dot or svg")
	f.StringVarP(&s.output, "output", "o", "", "the `FILE` to write, instead of standard output")
	f.StringVar(&s.graph, "graph", "path", "which graph dot and svg draw: path, spec (that beside it) or waits (who waits for whom)")
	f.IntVar(&s.pick, "pick", 0, "show only the `N`th counterexample")
	addNotation(f, &s.notation)
	f.BoolVar(&s.taus, "reveal-taus", false, "show every τ, in traces too")
	return cmd
}

// as settles the format, and refuses what says nothing in it.
func (s *showing) as(changed func(string) bool) (shownAs, error) {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(s.output), "."))
	name := s.format
	if name == "" && s.output == "" {
		name = "text"
	}
	i := slices.IndexFunc(shown, func(f shownAs) bool {
		return f.name == name || name == "" && slices.Contains(f.extensions, ext)
	})
	switch {
	case i < 0 && name != "":
		return shownAs{}, fmt.Errorf("--format %s: it is text, json, html, sequence, mermaid, plantuml, dot or svg", name)
	case i < 0:
		return shownAs{}, fmt.Errorf("-o %s: the name must end in .txt, .json, .html, .mmd, .puml, .dot or .svg, or --format say what it is", s.output)
	}
	f := shown[i]
	for _, flag := range []string{"notation", "reveal-taus"} {
		if changed(flag) && !f.lanes {
			return f, fmt.Errorf("--%s says nothing in %s, but in text and html", flag, f.name)
		}
	}
	if changed("graph") && !f.graph {
		return f, fmt.Errorf("--graph says nothing in %s, but in dot and svg", f.name)
	}
	if !slices.Contains([]string{"path", "spec", "waits"}, s.graph) {
		return f, fmt.Errorf("--graph %s: it is path, spec or waits", s.graph)
	}
	if _, err := render.ParseNotation(s.notation); err != nil {
		return f, fmt.Errorf("--notation %s: it is csp, go or java", s.notation)
	}
	return f, nil
}

func (a *app) show(s *showing, as shownAs, path string) error {
	all, err := a.readSaved(path)
	if err != nil {
		return err
	}
	if s.pick != 0 || as.name != "text" && as.name != "json" {
		one, err := pick(all, s.pick, byNumber)
		if err != nil {
			return err
		}
		all = []*saved{one}
	}
	b, err := awaitBriefly(a, func() (*bytes.Buffer, error) { return a.showAs(s, as, all) })
	switch {
	case err != nil && a.ctx.Err() != nil:
		return explore.Cancelled(a.ctx)
	case err != nil:
		return errors.New(strings.TrimPrefix(err.Error(), "render: "))
	}
	return a.writeFile(b, s.output)
}

// showAs returns counterexamples in a format.
func (a *app) showAs(s *showing, as shownAs, all []*saved) (b *bytes.Buffer, err error) {
	b = &bytes.Buffer{}
	switch as.name {
	case "text":
		err = a.showText(b, s, all)
	case "json":
		err = showJSON(b, all)
	default:
		err = a.showOne(b, s, as.name, all[0].Counterexample)
	}
	return b, err
}

// showText writes all, with a title each if there are several.
func (a *app) showText(w io.Writer, s *showing, all []*saved) error {
	o := render.TextOptions{RevealTaus: s.taus, Notation: render.Notation(s.notation)}
	if s.output == "" {
		o.Width, o.Colour = a.screen()
	}
	if len(all) == 1 {
		return render.Text(w, all[0].Counterexample, o)
	}
	o.Width = max(o.Width-2, 0)
	for i, c := range all {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s\n\n", c.title())
		if err := render.Text(indented{w}, c.Counterexample, o); err != nil {
			return err
		}
	}
	return nil
}

// showJSON writes one as the counterexample that it is, and several as a list.
func showJSON(w io.Writer, all []*saved) error {
	var docs []*render.Document
	for _, c := range all {
		d, err := render.NewDocument(c.Counterexample)
		if err != nil {
			return err
		}
		docs = append(docs, d)
	}
	if len(docs) == 1 {
		return writeJSON(w, docs[0])
	}
	return writeJSON(w, docs)
}

// showOne writes a counterexample in one of the other formats.
func (a *app) showOne(w io.Writer, s *showing, format string, ce *explore.Counterexample) error {
	switch format {
	case "html":
		return render.HTML(a.ctx, w, ce, a.page(s.notation, s.taus))
	case "sequence":
		return render.SequenceSVG(w, ce)
	case "mermaid":
		return render.Mermaid(w, ce)
	case "plantuml":
		return render.PlantUML(w, ce)
	}
	draw := map[string]func(io.Writer, *explore.Counterexample) error{
		"path": render.PathDOT, "spec": render.SpecDOT, "waits": render.WaitsDOT,
	}[s.graph]
	switch {
	case s.graph == "spec" && ce.Spec == nil:
		return errors.New("--graph spec: nothing stands beside this behaviour")
	case s.graph == "waits" && !render.HasWaits(ce):
		return fmt.Errorf("--graph waits: nobody waits in a counterexample of this kind, %s", ce.Kind)
	}
	if format == "dot" {
		return draw(w, ce)
	}
	var dot bytes.Buffer
	if err := draw(&dot, ce); err != nil {
		return err
	}
	return render.SVG(a.ctx, w, dot.Bytes(), a.layouter(""))
}
