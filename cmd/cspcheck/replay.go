package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/render"
)

func (a *app) replayCmd() *cobra.Command {
	var s settings
	var n int
	cmd := &cobra.Command{
		Use:   "replay TRACE.json FILE",
		Short: "Say whether saved counterexamples still stand after an edit",
		Long: `Say whether counterexamples, saved by check or refine with --format json, still
stand in a script that has been edited since: whether the trace that the world
sees can still be performed, and still ends in the same way. Only the states
along the trace are searched, but for never stuck, no leak and starvation free.

A counterexample that is gone does not prove the assertion: check does.

Exit status: 0 none stands any more, 1 one still does, 2 the input is wrong or
the assertion is no longer there, 3 a limit was hit.`,
		Example: "  cspcheck check --format json table.csp > table.json\n  cspcheck replay table.json table.csp",
		Args:    needs(2, 2, "TRACE.json FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.replay(&s, n, args[0], args[1])
		},
	}
	cmd.Flags().IntVar(&n, "pick", 0, "replay only the `N`th counterexample")
	s.addSet(cmd.Flags())
	s.addLimits(cmd.Flags())
	s.addStats(cmd.Flags())
	return cmd
}

func (a *app) replay(s *settings, n int, trace, path string) error {
	if trace == "-" && path == "-" {
		return errors.New("only one of the two can be standard input")
	}
	limits, options, err := a.limitsAndOptions(s)
	if err != nil {
		return err
	}
	all, err := a.readSaved(trace)
	if err != nil {
		return err
	}
	if n != 0 {
		one, err := pick(all, n, byNumber)
		if err != nil {
			return err
		}
		all = []*saved{one}
	}
	script, errs := a.load(path, options)
	if errs != nil {
		a.complain(errs)
		return nil
	}
	asked := map[string]int{} // how often an assertion has been met in the trace
	for _, c := range all {
		a.replayOne(script, c, asked, limits, s)
	}
	return nil
}

// replayOne replays a counterexample and says what comes of it.
func (a *app) replayOne(script *cspm.Script, c *saved, asked map[string]int, limits explore.Limits, s *settings) {
	as, err := assertionOf(script, c, asked)
	if err != nil {
		fmt.Fprintf(a.stderr, "cspcheck: %s: %v\n", c.title(), err)
		a.worsen(bad)
		return
	}
	a.watch.task()
	defer func() { a.tellStats(s, place(as)+": "+as.Text, explore.Stats{}) }()
	m := a.meter(s.progress, task{as.Text, as.At.File, as.At.Line})
	seen := &lastSeen{meter: m}
	limits = seen.within(limits)
	why, err := await(a, func() (string, error) { return a.stands(as, c.Counterexample, limits) })
	seen.end()
	m.done(explore.Stats{})
	at := place(as)
	var l *explore.Limit
	switch {
	case errors.As(err, &l):
		fmt.Fprintf(a.stdout, "%s: %s: unknown (%s)\n", at, as.Text, l.Reason)
		a.worsen(unknown)
	case err != nil:
		fmt.Fprintf(a.stdout, "%s: %s: unknown (%s)\n", at, as.Text, reason(err))
		a.complain(as.Asked(err))
	case why != "":
		fmt.Fprintf(a.stdout, "%s: %s: gone: %s\n", at, as.Text, why)
	default:
		headline := string(c.Kind)
		if x, err := render.Explain(c.Counterexample); err == nil {
			headline = x.Headline
		}
		fmt.Fprintf(a.stdout, "%s: %s: still stands: %s\n", at, as.Text, headline)
		a.worsen(fails)
	}
}

// stands says why a counterexample no longer stands, or "".
func (a *app) stands(as *cspm.Assertion, ce *explore.Counterexample, limits explore.Limits) (string, error) {
	if why := unsupported(as.Assert); why != "" {
		return "", &explore.Limit{Reason: why}
	}
	q, err := a.question(as, limits)
	if err != nil {
		return "", err
	}
	return deadlock.Replay(a.ctx, q, ce, limits)
}

// assertionOf finds the assertion of a script that a counterexample is about:
// the one with the same text, of several the one that is as manieth; and if the
// text is not known, the only one about the process that it could be of.
func assertionOf(script *cspm.Script, c *saved, asked map[string]int) (*cspm.Assertion, error) {
	if c.assertion == "" {
		return onlyAssertion(script, c)
	}
	var found []*cspm.Assertion
	for i := range script.Asserts {
		if as := &script.Asserts[i]; as.Text == c.assertion {
			found = append(found, as)
		}
	}
	nth := asked[c.assertion]
	asked[c.assertion]++
	switch {
	case len(found) > 0:
		return found[min(nth, len(found)-1)], nil
	case c.line == 0: // of refine
		for _, m := range []syntax.Model{"T", "F", "FD"} {
			if spec, impl, ok := strings.Cut(c.assertion, " ["+string(m)+"= "); ok {
				return script.Refinement(spec, impl, m)
			}
		}
	}
	return nil, fmt.Errorf("%s has no such assertion any more", script.Name)
}

func onlyAssertion(script *cspm.Script, c *saved) (*cspm.Assertion, error) {
	var found []*cspm.Assertion
	for i := range script.Asserts {
		as := &script.Asserts[i]
		if deadlock.Shows(c.Kind, deadlock.Topic(as.Kind)) && strings.Contains(as.Text, c.Impl.Process) {
			found = append(found, as)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return nil, fmt.Errorf("it does not say of which assertion it is, and %s has %s about %s that it could be of: replay the whole result that check wrote",
		script.Name, plural(int64(len(found)), "assertion"), c.Impl.Process)
}
