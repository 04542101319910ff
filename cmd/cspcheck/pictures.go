package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
	"github.com/cspcheck/cspcheck/render/graphviz"
)

// pictures writes the pictures of counterexamples.
type pictures struct {
	dir  string
	used map[string]bool
	page render.HTMLOptions
}

// newPictures makes the directory of --render; without it there are no
// pictures.
func (a *app) newPictures(c *checking) (*pictures, error) {
	dir := c.render
	if dir == "" {
		return &pictures{}, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("--render: %w", plainPathError(err))
	}
	return &pictures{dir: dir, used: map[string]bool{}, page: a.page(c.notation, c.taus)}, nil
}

// page is how pages are made.
func (a *app) page(notation string, taus bool) render.HTMLOptions {
	return render.HTMLOptions{Notation: render.Notation(notation), RevealTaus: taus, Layouter: a.layouter("")}
}

// add writes the pictures of a result, if it has a counterexample: a page to
// step through, the sequence diagram, the path, that of the specification beside
// it if there is one and, if nothing can move at the end, or a task cannot, who
// waits for whom. The last three are written as DOT and as SVG.
func (p *pictures) add(a *app, r *result) {
	ce := r.verdict.Counterexample
	if p.dir == "" || ce == nil {
		return
	}
	base := p.base(r)
	_, done := heeding(a.left, func() bool {
		p.all(a, base, ce)
		return true
	})
	if why := explore.Cancelled(a.ctx); why != nil || !done {
		a.complain(&explore.Limit{Reason: fmt.Sprintf("--render: %s: perhaps not all pictures of %s are there", why.Reason, place(r.Assertion))})
	}
}

// all writes the pictures of a counterexample.
func (p *pictures) all(a *app, base string, ce *explore.Counterexample) {
	p.write(a, base+".html", func(w io.Writer) error { return render.HTML(a.ctx, w, ce, p.page) })
	p.write(a, base+"-sequence.svg", func(w io.Writer) error { return render.SequenceSVG(w, ce) })
	p.draw(a, base+"-path", func(w io.Writer) error { return render.PathDOT(w, ce) })
	if ce.Spec != nil {
		p.draw(a, base+"-spec", func(w io.Writer) error { return render.SpecDOT(w, ce) })
	}
	if render.HasWaits(ce) {
		p.draw(a, base+"-waits", func(w io.Writer) error { return render.WaitsDOT(w, ce) })
	}
}

// base returns the name of a result's pictures: philosophers-31.
func (p *pictures) base(r *result) string {
	file := strings.TrimSuffix(filepath.Base(r.At.File), filepath.Ext(r.At.File))
	first := strings.Trim(file, "<>")
	if r.At.Line > 0 {
		first = fmt.Sprintf("%s-%d", first, r.At.Line)
	}
	base := first
	for n := 2; p.used[base]; n++ {
		base = fmt.Sprintf("%s-%d", first, n)
	}
	p.used[base] = true
	return base
}

// write writes a picture that needs no layout.
func (p *pictures) write(a *app, name string, picture func(io.Writer) error) {
	if a.ctx.Err() != nil {
		return
	}
	var b bytes.Buffer
	err := picture(&b)
	if err == nil {
		err = plainPathError(os.WriteFile(filepath.Join(p.dir, name), b.Bytes(), 0o644))
	}
	p.failed(a, err)
}

// failed says what went wrong with a picture, if anything did; that nobody waits
// for it is told of all together.
func (p *pictures) failed(a *app, err error) {
	if err != nil && a.ctx.Err() == nil {
		fmt.Fprintf(a.stderr, "cspcheck: --render: %v\n", err)
		a.worsen(bad)
	}
}

func (p *pictures) draw(a *app, name string, dot func(io.Writer) error) {
	if a.ctx.Err() != nil {
		return
	}
	p.failed(a, func() error {
		var text bytes.Buffer
		if err := dot(&text); err != nil {
			return err
		}
		file := filepath.Join(p.dir, name+".dot")
		if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
			return plainPathError(err)
		}
		var svg bytes.Buffer
		if err := render.SVG(a.ctx, &svg, text.Bytes(), a.layouter(file)); err != nil {
			return err
		}
		return plainPathError(os.WriteFile(filepath.Join(p.dir, name+".svg"), svg.Bytes(), 0o644))
	}())
}

// A layouter is the Graphviz that the program carries, in a process of its own.
// file is where the DOT text is kept, if it is: complaints name it.
func (a *app) layouter(file string) render.Layouter {
	if _, err := os.Stat(file); err != nil {
		file = ""
	}
	exe, err := os.Executable()
	if err != nil {
		return noLayouter{err}
	}
	return &graphviz.Child{Exe: exe, Args: []string{layoutVerb}, DOTFile: file}
}

// noLayouter says why there is none.
type noLayouter struct{ error }

func (n noLayouter) Layout(context.Context, []byte, string, io.Writer) error { return n.error }

// layoutVerb is the hidden subcommand that lays out DOT.
const layoutVerb = "__layout"

func (a *app) layoutCmd() *cobra.Command {
	return &cobra.Command{
		Use:    layoutVerb + " FORMAT",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := io.ReadAll(a.stdin)
			if err != nil {
				return err
			}
			return graphviz.InProcess(text, args[0], a.stdout)
		},
	}
}
