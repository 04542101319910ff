package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/render"
)

// Rules for what is no mistake in a script, and not the answer to a question.
const (
	undecidedRule   = "unknown"
	expectationRule = "expectation"
	warningRule     = "warning"
)

// checkRules are the questions, what else a result may be, and the classes of
// mistakes. An unknown is "open" in SARIF, and such have the level none.
var checkRules = slices.Concat([]sarifRule{
	{ruleOf(syntax.Refines), "A process that does not refine another.", sarif.LevelError},
	{ruleOf(syntax.DeadlockFree), "A process that can come to a state in which nothing can happen.", sarif.LevelError},
	{ruleOf(syntax.DivergenceFree), "A process that can go on for ever without a visible event.", sarif.LevelError},
	{ruleOf(syntax.Deterministic), "A process that may do an event, and may refuse it, after the same trace.", sarif.LevelError},
	{ruleOf(syntax.HasTrace), "A process that cannot do a trace.", sarif.LevelError},
	{ruleOf(syntax.RaceFree), "Two accesses to a shared variable that nothing orders.", sarif.LevelError},
	{ruleOf(syntax.NeverStuck), "A task that can never move again.", sarif.LevelError},
	{ruleOf(syntax.NoLeak), "A task that can never end when the main task has.", sarif.LevelError},
	{ruleOf(syntax.StarvationFree), "A task that waits and is passed over for ever.", sarif.LevelError},
	{ruleOf(syntax.BoundedBypass), "A task that others overtake too often.", sarif.LevelError},
	{ruleOf(syntax.NoPanic), "An event that must not happen.", sarif.LevelError},
	{ruleOf(syntax.NoLostNotification), "A wait without an end, after a notification that nobody waited for.", sarif.LevelError},
	{expectationRule, "An assertion that does not do what is expected of it.", sarif.LevelError},
	{undecidedRule, "An assertion that was not answered: a limit was hit, or something is not supported.", sarif.LevelNone},
	{warningRule, "What is no mistake, but probably not meant.", sarif.LevelWarning},
}, mistakeRules)

func ruleOf(k syntax.AssertKind) string { return strings.ReplaceAll(string(k), " ", "-") }

// sarifReport is for code scanning: what does not hold, at the line of its
// assertion. What holds, or fails as expected, is not in it.
type sarifReport struct {
	*app
	log    *sarifLog
	before *baseline
	told   map[string]bool // mistakes that are in the log
}

func newSARIFReport(a *app, c *checking) *sarifReport {
	return &sarifReport{app: a, log: newSARIFLog(checkRules), before: c.before, told: map[string]bool{}}
}

func (s *sarifReport) errors(path string, errs cspm.Errors) {
	for _, e := range errs {
		if e.Files == nil && e.File == "" {
			in := *e
			in.File, e = path, &in
		}
		if text := e.Error(); !s.told[text] {
			s.told[text] = true
			s.log.mistake(e)
		}
	}
}

func (s *sarifReport) warning(text string) { s.log.result(warningRule, text) }

func (s *sarifReport) print(p *cspm.Print, _ string, err error) { s.failed(p.At.File, err) }

// failed reports an evaluation that failed.
func (s *sarifReport) failed(file string, err error) {
	if errs, ok := cspm.AsErrors(err); ok {
		s.errors(file, errs)
	} else if err != nil {
		s.log.result(undecidedRule, err.Error()).WithKind("open")
	}
}

func (s *sarifReport) result(r *result) {
	s.failed(r.At.File, r.err)
	if _, ok := cspm.AsErrors(r.err); ok && r.verdict.Answer == deadlock.Unknown {
		return // the mistake is what there is to see
	}
	o := r.outcome()
	rule := ruleOf(r.Kind)
	switch o {
	case undecided:
		rule = undecidedRule
	case missed:
		rule = expectationRule
	case held, asExpected:
		if r.change != fixed {
			return
		}
	}
	text := r.Text + ": " + string(r.verdict.Answer) + r.more(o)
	ce := r.verdict.Counterexample
	if ce != nil {
		text += ". " + inWords(ce)
	}
	out := s.log.result(rule, text).AddLocation(assertionLocation(r))
	switch {
	case o == undecided:
		out.WithKind("open")
	case r.change == fixed:
		out.WithKind("pass").WithLevel(sarif.LevelNone)
	}
	if s.before != nil {
		out.WithBaselineState(map[change]string{isNew: "new", known: "unchanged", changed: "updated", fixed: "absent"}[r.change])
	}
	if ce != nil {
		for i, p := range culprits(ce) {
			if at := r.location(p.at); at != nil {
				out.AddRelatedLocation(at.WithID(i).WithMessage(sarif.NewTextMessage(p.text)))
			}
		}
	}
}

func (s *sarifReport) finish() error {
	if s.before != nil {
		for _, r := range s.before.gone() {
			if !r.wrong() {
				continue
			}
			place := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(sarifURI(r.File)))
			s.log.result(expectationRule, r.AssertionString+": the assertion is gone").WithKind("notApplicable").WithLevel(sarif.LevelNone).
				WithBaselineState("absent").AddLocation(sarif.NewLocationWithPhysicalLocation(place))
		}
	}
	return s.log.write(s.stdout)
}

// assertionLocation is where an assertion stands; of refine, the file.
func assertionLocation(r *result) *sarif.Location {
	return sarifLocation(&cspm.Error{Files: r.Files()}, r.At, r.Span)
}

// location is the place file:line:col, as counterexamples have it, or nil.
func (r *result) location(text string) *sarif.Location {
	at, ok := parsePosition(text)
	if !ok {
		return nil
	}
	p, ok := r.Files().Find(at)
	if !ok {
		return nil
	}
	col := utf16Column(r.Files().Line(p), at.Col)
	return sarif.NewLocationWithPhysicalLocation(sarif.NewPhysicalLocation().
		WithArtifactLocation(sarif.NewSimpleArtifactLocation(sarifURI(at.File))).
		WithRegion(sarif.NewRegion().WithStartLine(at.Line).WithStartColumn(col)))
}

// parsePosition reads file:line:col; the file may have colons in its name.
func parsePosition(text string) (syntax.Position, bool) {
	rest, col, ok := cutLast(text, ":")
	file, line, ok2 := cutLast(rest, ":")
	l, err := strconv.Atoi(line)
	c, err2 := strconv.Atoi(col)
	return syntax.Position{File: file, Line: l, Col: c}, ok && ok2 && err == nil && err2 == nil
}

// shortName is a name as it may stand within a message.
func shortName(s string) string { return render.Short(s, 120) }

// inWords says what a counterexample of ours shows, and why.
func inWords(ce *explore.Counterexample) string {
	said, err := render.Explain(ce)
	if err != nil {
		panic(err)
	}
	if why := said.Paragraph(); why != "" {
		return said.Headline + ". " + why
	}
	return said.Headline
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// A culprit is a place in a script that has to do with a counterexample.
type culprit struct{ at, text string }

// culprits are the prefixes that are blocked at its end and, where nobody
// waits, those of its last step, or of its loop; of a race, both accesses.
func culprits(ce *explore.Counterexample) []culprit {
	b := &ce.Impl
	name := func(c int) string { return shortName(b.Components[c].Name) }
	var out []culprit
	add := func(at, text string) {
		if c := (culprit{at, text}); at != "" && !slices.Contains(out, c) && len(out) < mostCulprits {
			out = append(out, c)
		}
	}
	did := func(parts []explore.Part, what string) {
		for _, p := range parts {
			add(p.At, name(p.Component)+" "+what+" "+shortName(p.Label))
		}
	}
	if ce.Race != nil {
		for _, x := range ce.Race.Accesses {
			did(x.Parts, map[bool]string{false: "reads here:", true: "writes here:"}[x.Writes])
		}
		return out
	}
	for _, w := range b.Waits {
		if w.Component >= len(b.Ends) {
			continue
		}
		for _, p := range b.Ends[w.Component].Offers {
			if p.Event == w.Event && p.Label == w.Label {
				add(p.At, name(w.Component)+" waits here for "+shortName(w.Event)+reasons(b, &w))
			}
		}
	}
	last := b.Steps[max(0, len(b.Steps)-1):]
	if b.Loop >= 0 {
		last = b.Steps[b.Loop:]
	}
	for i := range last {
		if len(out) == 0 || b.Loop >= 0 {
			did(last[i].Parts, map[bool]string{false: "does last", true: "does, again and again,"}[b.Loop >= 0])
		}
	}
	return out
}

// The most places that are told of a counterexample.
const mostCulprits = 100

// reasons says why a component waits: "; FORK(1) offers only putsdown.1.1".
func reasons(b *explore.Behaviour, w *explore.Wait) string {
	text := ""
	for _, f := range w.For {
		who := "nobody does it"
		if f.Component >= 0 {
			who = shortName(b.Components[f.Component].Name)
		}
		text += "; " + strings.TrimSpace(fmt.Sprintf("%s %s", who, shortName(f.Reason)))
	}
	return text
}
