package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/render"
)

// checking is the flags of check.
type checking struct {
	settings
	reductions
	keeping
	run    string
	render string
	format string
	quiet  bool
	taus   bool

	notation string
	baseline string    // the file
	before   *baseline // what is in it
}

func (a *app) checkCmd() *cobra.Command {
	c := &checking{}
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check every assertion of the scripts (the default)",
		Long: `Check every assertion of the scripts and show a counterexample where one fails.

A comment beside an assertion says what is expected of it: "--! holds",
"--! fails" or "--! fails after <a, b>", the trace being that of a shortest
counterexample. An expectation that is not met is a failure; an assertion
that fails as expected is none.

Questions about components stand in comments, "--! assert P :[never stuck]":
race free, never stuck, no leak, no panic, starvation free and bounded bypass.`,
		Example: "  cspcheck check specs/philosophers.csp\n  cspcheck check --run 'deadlock free' --render pictures --set N=7 table.csp",
		Args:    needs(1, many, "FILE..."),
		RunE:    func(_ *cobra.Command, files []string) error { return a.check(c, files) },
	}
	f := cmd.Flags()
	f.StringVar(&c.run, "run", "", "check only the assertions whose text matches `REGEXP`")
	c.addReport(f)
	c.addSet(f)
	c.addLimits(f)
	c.addStats(f)
	c.addCheckpoint(f)
	return cmd
}

// addReport adds the flags that say how results are shown.
func (c *checking) addReport(f *pflag.FlagSet) {
	f.StringVar(&c.render, "render", "", "write pictures of counterexamples to `DIR`")
	f.StringVar(&c.format, "format", "text", "how to print the results: text, json, junit, sarif or markdown")
	f.StringVar(&c.baseline, "baseline", "", "compare with the results of a run before, in `FILE` by --format json, and fail only for what is new")
	f.BoolVarP(&c.quiet, "quiet", "q", false, "print the verdicts without the counterexamples")
	addNotation(f, &c.notation)
	c.addReduce(f)
	f.BoolVar(&c.taus, "reveal-taus", false, "show every τ of a counterexample, in traces too")
}

// untold reports whether nothing of a counterexample is shown.
func (c *checking) untold() bool { return c.quiet && c.format == "text" && c.render == "" }

// addNotation adds the flag of lanes.
func addNotation(f *pflag.FlagSet, notation *string) {
	f.StringVar(notation, "notation", string(render.CSPNotation), "how lanes write communication: csp (c!v), go (c <- v) or java (c.put(v))")
}

// A result is what came of one assertion.
type result struct {
	*cspm.Assertion
	verdict *deadlock.Verdict // of the assertion as written, not included; never nil
	asked   deadlock.Question // without the not
	stats   *stats            // of --stats, or nil
	unmet   string            // how the expectation was missed, or ""
	err     error             // why there is no answer
	left    bool              // nobody waited for it
	status  status
	seconds float64
	change  change // against a baseline
}

// A checker asks assertions and shows what comes out.
type checker struct {
	*app
	limits   explore.Limits
	options  cspm.Options
	reduce   reductions
	before   *baseline
	progress string
	stats    bool
	format   string
	out      reporter
	pictures *pictures
	keep     *keeper // nil: nothing is kept
}

// newChecker returns one for some scripts. The properties say what is asked of
// them.
func (a *app) newChecker(c *checking, files []string, properties ...property) (*checker, error) {
	run := &checker{app: a, progress: c.progress, stats: c.stats, format: c.format}
	var err error
	if run.limits, err = a.limits(&c.settings); err != nil {
		return nil, err
	}
	if err := c.reductions.parse(); err != nil {
		return nil, err
	}
	run.reduce = c.reductions
	if run.options, err = a.options(&c.settings); err != nil {
		return nil, err
	}
	run.options.Brief = c.untold()
	properties = append(properties, property{"--reduce", c.text})
	if run.keep, err = a.newKeeper(&c.keeping, &c.settings, &run.options, files, properties...); err != nil {
		return nil, err
	}
	if _, err := render.ParseNotation(c.notation); err != nil {
		return nil, fmt.Errorf("--notation %s: it is csp, go or java", c.notation)
	}
	if c.before, err = a.newBaseline(c.baseline); err != nil {
		return nil, err
	}
	run.before = c.before
	if run.out = a.newReport(c); run.out == nil {
		return nil, fmt.Errorf("--format %s: it is text, json, junit, sarif or markdown", c.format)
	}
	run.pictures, err = a.newPictures(c)
	return run, err
}

// check asks an assertion and shows what comes out.
// It is the n-th of the run; anew loads it again.
func (run *checker) check(as *cspm.Assertion, n int, anew func() (*cspm.Assertion, error)) {
	a := run.app
	if as.Kind == syntax.Refines && as.Model == "T" && as.Mentions("failure_watchdog") {
		a.warn(run.out, fmt.Sprintf("%s: what failure_watchdog waits for are refusals, which [T= does not see: ask DIV [F=", place(as)))
	}
	m := a.meter(run.progress, task{as.Text, as.At.File, as.At.Line})
	var r *result
	if run.keep != nil {
		r = run.keep.ask(as, n, anew, run, m)
	} else {
		r = a.ask(as, run.reduce, run.limits, m)
	}
	if why := r.verdict.Unreduced; why != "" {
		a.warn(run.out, fmt.Sprintf("%s: no partial order reduction, all states are searched: %s", place(as), why))
	}
	run.before.compare(r)
	a.worsen(r.status)
	if r.err != nil {
		a.complain(r.err)
	}
	a.watch.begin(explore.Telling)
	if run.stats {
		r.stats = newStats(&a.watch, r.verdict.Stats)
		r.stats.Composing = newComposeStats(r.verdict)
		a.watch.begin(explore.Telling)
	}
	run.out.result(r)
	run.pictures.add(a, r)
	if run.stats {
		r.stats.measure(&a.watch) // once more: results have been written
		if run.format != "json" {
			r.stats.write(a.stderr, place(as)+": "+as.Text)
		}
	}
}

// place returns where an assertion stands: file:line, or the file.
func place(as *cspm.Assertion) string {
	if as.At.Line == 0 {
		return as.At.File
	}
	return fmt.Sprintf("%s:%d", as.At.File, as.At.Line)
}

func (a *app) check(c *checking, files []string) error {
	var pick *regexp.Regexp
	if c.run != "" {
		var err error
		if pick, err = regexp.Compile(c.run); err != nil {
			return fmt.Errorf("--run: %v", err)
		}
	}
	run, err := a.newChecker(c, files, property{"the command", "check"}, property{"--run", c.run})
	if err != nil {
		return err
	}
	n := 0 // assertions
	for _, path := range files {
		script, errs := run.load(path)
		if errs == nil && script.Empty() {
			errs = cspm.Errors{{Class: syntax.ParseClass, Msg: script.Name + ": the file is empty, there is nothing to check"}}
		}
		if errs != nil {
			a.complain(errs)
			run.out.errors(path, errs)
			continue
		}
		run.before.read(script)
		ran := 0
		for i := range script.Asserts {
			as := &script.Asserts[i]
			if pick != nil && !pick.MatchString(as.Text) {
				run.before.skip(as)
				continue
			}
			ran++
			run.check(as, n, func() (*cspm.Assertion, error) {
				again, errs := run.load(path)
				if errs != nil { // the text is the same, but there may be no time
					return nil, errs
				}
				return &again.Asserts[i], nil
			})
			n++
		}
		if ran == 0 {
			a.warn(run.out, fmt.Sprintf("%s: %s", script.Name, nothing(len(script.Asserts), c.run)))
		}
		a.prints(script, run.limits, run.out) // last, as FDR has it
	}
	if run.before.unrelated() {
		a.warn(run.out, fmt.Sprintf("--baseline %s: nothing in it is about %s", c.baseline, strings.Join(files, ", ")))
	}
	return run.out.finish()
}

// load loads a script.
func (run *checker) load(path string) (*cspm.Script, cspm.Errors) {
	if run.keep != nil {
		return run.keep.load(path, run.options)
	}
	return run.app.load(path, run.options)
}

// newReport returns the reporter of a format, or nil if there is none.
func (a *app) newReport(c *checking) reporter {
	switch c.format {
	case "text":
		return newTextReport(a, c)
	case "json":
		return newJSONReport(a, c)
	case "junit":
		return newJUnitReport(a)
	case "sarif":
		return newSARIFReport(a, c)
	case "markdown":
		return newMarkdownReport(a, c)
	}
	return nil
}

func nothing(asserts int, run string) string {
	if asserts == 0 {
		return "there are no assertions"
	}
	return fmt.Sprintf("none of the %d assertions matches --run %s", asserts, run)
}

// warn reports what is no error but probably not meant.
func (a *app) warn(out reporter, text string) {
	fmt.Fprintf(a.stderr, "warning: %s\n", text)
	out.warning(text)
}

// prints runs the print statements of a script.
func (a *app) prints(s *cspm.Script, limits explore.Limits, out reporter) {
	for i := range s.Prints {
		p := &s.Prints[i]
		text, err := await(a, func() (string, error) { return p.Run(a.ctx, limits) })
		if err != nil {
			a.complain(err)
		}
		out.print(p, text, err)
	}
}

// ask answers one assertion. What runs out of memory gives back what has been
// made of the script, and is asked once more if that was not all its own.
func (a *app) ask(as *cspm.Assertion, reduce reductions, limits explore.Limits, m meter) *result {
	start := time.Now()
	limits = limits.Begun()
	a.watch.task()
	r := a.attempt(as, reduce, limits, m)
	if r.ranOut(limits) {
		others := as.Forget()
		if a.lift() && others {
			if r = a.attempt(as, reduce, limits, m); r.ranOut(limits) {
				as.Forget()
				a.lift()
			}
		}
	}
	a.watch.end()
	m.done(r.verdict.Stats)
	r.seconds = time.Since(start).Seconds()
	return r
}

// attempt answers an assertion, unless nobody waits for that.
func (a *app) attempt(as *cspm.Assertion, reduce reductions, limits explore.Limits, m meter) *result {
	seen := &lastSeen{meter: m}
	limits = seen.within(limits)
	var r *result
	done := false
	if a.ctx.Err() == nil {
		r, done = heeding(a.left, func() *result { return a.asked(as, reduce, limits) })
	}
	last := seen.end()
	if !done {
		v := &deadlock.Verdict{Answer: deadlock.Unknown, Reason: seen.left(a.ctx), Stats: last}
		r = &result{Assertion: as, verdict: v, status: unknown, left: true}
	}
	r.asked.Spec, r.asked.Impl = nil, nil // they are large
	return r
}

// ranOut reports whether there is no answer for want of memory.
func (r *result) ranOut(limits explore.Limits) bool {
	why := explore.MemoryLimit(limits.Memory).Reason
	if limits.Memory == 0 || r.left || r.verdict.Answer != deadlock.Unknown {
		return false
	}
	errs, _ := cspm.AsErrors(r.err)
	return strings.HasPrefix(r.verdict.Reason, why) || slices.ContainsFunc(errs, func(e *cspm.Error) bool {
		return e.Class == syntax.Limit && strings.HasPrefix(e.Msg, why)
	})
}

// asked is ask as far as somebody waits for the answer.
func (a *app) asked(as *cspm.Assertion, reduce reductions, limits explore.Limits) *result {
	r := &result{Assertion: as, verdict: &deadlock.Verdict{Answer: deadlock.Unknown}}
	err := a.answer(r, limits, reduce)
	var l *explore.Limit
	switch {
	case errors.As(err, &l):
		r.verdict.Reason = l.Reason
	case err != nil:
		r.verdict.Reason, r.err = reason(err), as.Asked(err)
	case as.Expect != nil && r.verdict.Answer != deadlock.Unknown:
		limits.Enter(explore.Comparing)
		limits.Phase = nil
		r.err = a.compare(r, limits)
	}
	switch {
	case r.err != nil:
		r.status = statusOf(r.err)
	case r.verdict.Answer == deadlock.Unknown:
		r.status = unknown
	case as.Expect != nil && r.unmet != "" || as.Expect == nil && r.verdict.Answer == deadlock.Fails:
		r.status = fails
	}
	return r
}

// reason says why an error keeps an assertion from being answered.
func reason(err error) string {
	if errs, ok := cspm.AsErrors(err); ok && len(errs) > 0 {
		if at := errs[0].Position(); at.Line > 0 {
			return "there was an error at " + at.String()
		}
	}
	return "there was an error"
}

// answer puts the question and the verdict into r.
func (a *app) answer(r *result, limits explore.Limits, reduce reductions) error {
	as := r.Assertion
	if why := unsupported(as.Assert); why != "" {
		r.verdict.Reason = why
		return nil
	}
	var err error
	if r.asked, err = a.question(as, limits); err != nil {
		return err
	}
	reduce.apply(&r.asked, as)
	v, err := deadlock.Ask(a.ctx, r.asked, limits)
	if err != nil {
		return err
	}
	r.verdict = v
	// What shows that an assertion fails shows that its negation holds.
	switch {
	case as.Not && v.Answer == deadlock.Holds:
		v.Answer = deadlock.Fails
	case as.Not && v.Answer == deadlock.Fails:
		v.Answer = deadlock.Holds
	}
	return nil
}

// question is what an assertion asks, without the not.
func (a *app) question(as *cspm.Assertion, limits explore.Limits) (q deadlock.Question, err error) {
	in, err := as.Instance(a.ctx, limits)
	if err != nil {
		return q, err
	}
	q = deadlock.Question{
		Topic: deadlock.Topic(as.Kind), Model: deadlock.Model(as.Model),
		Spec: in.Spec, Impl: in.Impl, Trace: in.Trace, Events: in.Events,
		Fairness: deadlock.Fairness(as.Fairness), Bound: in.Bound,
	}
	for _, v := range in.Variables {
		q.Variables = append(q.Variables, deadlock.Variable{Name: v.Name, Reads: v.Reads, Writes: v.Writes})
	}
	for _, n := range in.Notifications {
		q.Notifications = append(q.Notifications, deadlock.Notification{Name: n.Name, Vain: n.Vain, Waits: n.Waits, Ends: n.Ends})
	}
	if cspm.OfTasks(as.Kind) {
		sys, ok := in.Impl.(explore.Composed)
		if !ok {
			return q, &explore.Limit{Reason: fmt.Sprintf("%s is asked of the components of a network, and the terms have none that last", as.Kind)}
		}
		for _, p := range in.Places {
			q.Tasks = append(q.Tasks, deadlock.TaskAt(sys, p))
		}
	}
	return q, nil
}

// compare holds the verdict against the expectation.
func (a *app) compare(r *result, limits explore.Limits) error {
	e, found := r.Expect, r.verdict.Counterexample
	want := deadlock.Fails
	if e.Holds {
		want = deadlock.Holds
	}
	switch {
	case r.verdict.Answer != want:
		r.unmet = fmt.Sprintf("it was expected that it %s", want)
		return nil
	case !e.HasTrace:
		return nil
	case found == nil:
		r.unmet = "the negated assertion holds: there is no trace after which it fails"
		return nil
	}
	trace, err := r.Expected(a.ctx)
	if err != nil {
		return err
	}
	why, err := deadlock.CheckTrace(a.ctx, r.asked, r.verdict, trace, limits)
	if err != nil {
		return err
	}
	if why != "" {
		r.unmet = fmt.Sprintf("the expected trace <%s> is not that of a shortest counterexample: %s", strings.Join(trace, ", "), why)
	}
	return nil
}

// unsupported returns why an assertion cannot be answered, or "".
func unsupported(as *syntax.Assert) string {
	switch {
	case as.Kind == syntax.Refines && !slices.Contains([]syntax.Model{"T", "F", "FD"}, as.Model):
		return fmt.Sprintf("refinement [%s= is not supported: revivals and refusal testing are not; [T=, [F= and [FD= are", as.Model)
	case (as.Kind == syntax.DeadlockFree || as.Kind == syntax.Deterministic) && !slices.Contains([]syntax.Model{syntax.NoModel, "F", "FD"}, as.Model):
		return fmt.Sprintf("%s [%s] is not supported: [F] and [FD] are", as.Kind, as.Model)
	case as.Kind == syntax.HasTrace && as.Model != syntax.NoModel && as.Model != "T":
		return fmt.Sprintf("has trace [%s] is not supported: whether there is a trace is a question in T", as.Model)
	}
	return ""
}
