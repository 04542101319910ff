package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/render"
)

// comparing is the flags of compare.
type comparing struct {
	settings
	run      string
	format   string
	quiet    bool
	taus     bool
	notation string
}

func (a *app) compareCmd() *cobra.Command {
	c := &comparing{}
	cmd := &cobra.Command{
		Use:   "compare FILE LEFT RIGHT",
		Short: "Tell two designs of one service apart",
		Long: `Compare two processes, both expressions in the scope of the script: are they
equal in traces, in stable failures, in failures and divergences? If not, what
can one do, or refuse, that the other does not, both ways. Events that only
one of them ever does are pointed out.

Beside each other stands what the assertions of the script say of each: an
assertion that mentions one of them in its own text is asked of it, and of the
other in its place. Those that mention both are about the two together, and
those that mention neither, if only by a definition that they use, have
nothing to put in place of: how many there are is said. What is expected of an
assertion ("--! fails") does not count here.

Exit status: 0 no difference, 1 they differ, 2 the script or the usage is
wrong, 3 no difference is found, but not all is known, because of a limit.`,
		Example: "  cspcheck compare specs/go/cache.csp CACHE CACHE_FIXED\n  cspcheck compare specs/buffer.csp 'BUFF(N, <>)' CHAIN",
		Args:    needs(3, 3, "FILE LEFT RIGHT"),
		RunE:    func(_ *cobra.Command, args []string) error { return a.compareDesigns(c, args[0], args[1], args[2]) },
	}
	f := cmd.Flags()
	f.StringVar(&c.run, "run", "", "of the assertions ask only those whose text matches `REGEXP`")
	f.StringVar(&c.format, "format", "text", "how to print the results: text or json")
	f.BoolVarP(&c.quiet, "quiet", "q", false, "print the verdicts without the counterexamples")
	addNotation(f, &c.notation)
	f.BoolVar(&c.taus, "reveal-taus", false, "show every τ of a counterexample, in traces too")
	c.addSet(f)
	c.addLimits(f)
	return cmd
}

// A comparison is what came of two designs.
type comparison struct {
	file    string
	names   [2]string
	models  []refinedBothWays
	only    [2][]string // events that only one ever does
	unseen  string      // why these are not known, or ""
	rows    []row
	both    int // assertions that mention both
	neither int
}

// refinedBothWays is whether each side is refined by the other in a model.
type refinedBothWays struct {
	model syntax.Model
	by    [2]*result // [0]: LEFT [= RIGHT, [1]: RIGHT [= LEFT
}

// A row is an assertion asked of both.
type row struct {
	text  string // with a hole
	at    syntax.Position
	sides [2]*result
}

// hole stands in the place of either design.
const hole = "…"

// equality is what both refinements come to.
func (m *refinedBothWays) equality() deadlock.Answer {
	l, r := m.by[0].verdict.Answer, m.by[1].verdict.Answer
	switch {
	case l == deadlock.Fails || r == deadlock.Fails:
		return deadlock.Fails
	case l == deadlock.Holds && r == deadlock.Holds:
		return deadlock.Holds
	}
	return deadlock.Unknown
}

func (a *app) compareDesigns(c *comparing, path, left, right string) error {
	if c.format != "text" && c.format != "json" {
		return fmt.Errorf("--format %s: it is text or json", c.format)
	}
	if _, err := render.ParseNotation(c.notation); err != nil {
		return fmt.Errorf("--notation %s: it is csp, go or java", c.notation)
	}
	pick, err := compilePick(c.run)
	if err != nil {
		return err
	}
	if err := c.exact("compare"); err != nil {
		return err
	}
	limits, err := a.limits(&c.settings)
	if err != nil {
		return err
	}
	options, err := a.options(&c.settings)
	if err != nil {
		return err
	}
	script, errs := a.load(path, options)
	if errs != nil {
		a.complain(errs)
		return nil
	}
	x := &comparer{app: a, comparing: c, script: script, limits: limits, comparison: comparison{file: script.Name, names: [2]string{left, right}}}
	for i, what := range []string{"left", "right"} {
		if x.designs[i], err = script.Design(what, x.names[i]); err != nil {
			a.complain(err)
			return nil
		}
	}
	for _, step := range []func() error{x.refinements, x.alphabets, func() error { return x.assertions(pick) }} {
		if err := step(); err != nil {
			a.complain(err)
			return nil
		}
	}
	a.worsen(x.verdict())
	if c.format == "json" {
		return writeJSON(a.stdout, x.json())
	}
	return x.text()
}

// A comparer compares.
type comparer struct {
	*app
	*comparing
	comparison
	script  *cspm.Script
	limits  explore.Limits
	designs [2]*cspm.Design
}

// put asks an assertion, of which nothing is expected.
func (x *comparer) put(as *cspm.Assertion) *result {
	r := x.ask(as, reductions{}, x.limits, x.meter(x.progress, task{as.Text, as.At.File, as.At.Line}))
	if r.err != nil {
		x.complain(r.err)
	}
	return r
}

func (x *comparer) refinements() error {
	for _, m := range []syntax.Model{"T", "F", "FD"} {
		both := refinedBothWays{model: m}
		for i := range both.by {
			as, err := x.script.Refinement(x.names[i], x.names[1-i], m)
			if err != nil {
				return err
			}
			both.by[i] = x.put(as)
		}
		x.models = append(x.models, both)
	}
	return nil
}

// alphabets finds the events that only one of them ever does. A limit that is
// hit there leaves them unknown.
func (x *comparer) alphabets() error {
	var seen [2]map[string]bool
	for i, name := range x.names {
		sys, err := x.script.Process(x.ctx, x.limits, name)
		if err == nil {
			seen[i], err = x.events(sys, name)
		}
		var l *explore.Limit
		switch {
		case errors.As(err, &l):
			x.unseen = l.Reason
			return nil
		case err != nil && statusOf(err) == unknown:
			x.unseen = "not supported"
			return nil
		case err != nil:
			return err
		}
	}
	for i := range seen {
		for e := range seen[i] {
			if !seen[1-i][e] {
				x.only[i] = append(x.only[i], e)
			}
		}
		slices.Sort(x.only[i])
	}
	return nil
}

// events returns the visible events that can ever happen.
func (x *comparer) events(sys explore.System, name string) (map[string]bool, error) {
	limits := x.limits
	m := x.meter(x.progress, task{What: name, File: x.file})
	limits.Progress = m.search
	seen := map[model.Event]bool{}
	search, err := explore.Run(x.ctx, sys, limits, func(v *explore.Visit) bool {
		for _, e := range v.Steps.Events {
			seen[e] = true
		}
		return true
	})
	m.done(search.Stats)
	names := map[string]bool{}
	for e := range seen {
		if e != model.Tau {
			names[sys.Events().Name(e)] = true
		}
	}
	return names, err
}

// assertions asks each that mentions one of the designs of both.
func (x *comparer) assertions(pick func(text string) bool) error {
	known := map[string]bool{} // the texts of rows
	for i := range x.script.Asserts {
		as := &x.script.Asserts[i]
		if !pick(as.Text) {
			continue
		}
		as.Expect = nil
		l, r := as.MentionsDesign(x.designs[0]), as.MentionsDesign(x.designs[1])
		switch {
		case l && r && x.names[0] != x.names[1]:
			x.both++
			continue
		case !l && !r:
			x.neither++
			continue
		}
		mine := 0
		if !l {
			mine = 1
		}
		text := as.Hole(x.designs[mine], hole)
		if known[text] {
			continue // it was asked of the other, and so of this
		}
		known[text] = true
		other, err := as.Instead(x.designs[mine], x.designs[1-mine])
		if err != nil {
			return as.Asked(err)
		}
		row := row{text: text, at: as.At}
		asked := [2]*cspm.Assertion{as, other}
		if mine == 1 {
			asked = [2]*cspm.Assertion{other, as}
		}
		for side := range asked {
			row.sides[side] = x.put(asked[side])
		}
		x.rows = append(x.rows, row)
	}
	return nil
}

// verdict is the exit status, errors aside.
func (x *comparison) verdict() status {
	st := holds
	if x.unseen != "" {
		st = unknown
	}
	for i := range x.models {
		st = st.worse(map[deadlock.Answer]status{deadlock.Holds: holds, deadlock.Fails: fails, deadlock.Unknown: unknown}[x.models[i].equality()])
	}
	for i := range x.rows {
		st = st.worse(x.rows[i].agreement())
	}
	return st
}

// agreement says whether the two sides of a row are alike.
func (r *row) agreement() status {
	l, m := r.sides[0].verdict.Answer, r.sides[1].verdict.Answer
	switch {
	case l == deadlock.Unknown || m == deadlock.Unknown:
		return unknown
	case l != m:
		return fails
	}
	return holds
}

// eventList is some events: {a, b and 3 more}.
func eventList(events []string) string {
	const most = 12
	var words []string
	for i, e := range events {
		if i == most && len(events) > most+1 {
			return fmt.Sprintf("{%s and %d more}", strings.Join(words, ", "), len(events)-most)
		}
		words = append(words, render.Short(e, 40))
	}
	return "{" + strings.Join(words, ", ") + "}"
}
