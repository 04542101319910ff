package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/render"
)

// A reporter prints results as they come, or at the end. What is wrong with
// the input has gone to stderr already.
type reporter interface {
	errors(path string, errs cspm.Errors)
	warning(text string)
	print(p *cspm.Print, text string, err error)
	result(r *result)
	finish() error
}

// textReport is for people.
type textReport struct {
	*app
	*checking
	width  int
	colour bool
	count  map[outcome]int
}

func newTextReport(a *app, c *checking) *textReport {
	t := &textReport{app: a, checking: c, count: map[outcome]int{}}
	t.width, t.colour = a.screen()
	return t
}

func (t *textReport) errors(string, cspm.Errors) {}
func (t *textReport) warning(string)             {}

func (t *textReport) print(p *cspm.Print, text string, err error) {
	if err == nil {
		fmt.Fprintf(t.stdout, "%s:%d: print %s: %s\n", syntax.Printable(p.At.File), p.At.Line, p.Text, text)
	}
}

func (t *textReport) result(r *result) {
	o := r.outcome()
	t.count[o]++
	fmt.Fprintf(t.stdout, "%s: %s: %s%s\n", syntax.Printable(place(r.Assertion)), r.Text, t.paint(string(r.verdict.Answer), r), syntax.Printable(r.more(o)+r.compared()))
	if n := r.verdict.Stats.States; n > 0 {
		depth := fmt.Sprintf(", depth %d", r.verdict.Stats.Depth)
		if r.composed() {
			depth = " of composed machines"
		}
		fmt.Fprintf(t.stdout, "  %s, %s%s%s\n", plural(n, "state"), plural(r.verdict.Stats.Transitions, "transition"), depth, reducedBy(r.verdict))
	} else if r.verdict.Reduced == deadlock.NoLoopPossible {
		fmt.Fprintf(t.stdout, "  without a search: %s\n", r.verdict.Reduced)
	}
	if r.verdict.Longer {
		fmt.Fprintln(t.stdout, "  a shortest counterexample may be shorter: --reduce none finds one")
	}
	if text := composition(r.verdict); text != "" && (t.verbose || r.asked.Compress == deadlock.CompressFirst) {
		fmt.Fprintf(t.stdout, "  %s\n", text)
	}
	if text := symmetries(r.verdict); text != "" {
		fmt.Fprintf(t.stdout, "  %s\n", text)
	}
	if ce := r.verdict.Counterexample; ce != nil && !t.quiet {
		if r.verdict.Answer == deadlock.Holds {
			fmt.Fprintln(t.stdout, "  witness:")
		}
		fmt.Fprintln(t.stdout)
		if err := render.Text(indented{t.stdout}, ce, render.TextOptions{Width: max(t.width-2, 0), Colour: t.colour, RevealTaus: t.taus, Notation: render.Notation(t.notation)}); err != nil {
			panic(err)
		}
		fmt.Fprintln(t.stdout)
	}
}

// composed reports whether the answer is by composition.
func (r *result) composed() bool {
	c := r.verdict.Composition
	return c != nil && c.Refused == ""
}

// paint colours a verdict.
func (t *textReport) paint(verdict string, r *result) string {
	if !t.colour {
		return verdict
	}
	colour := map[status]string{holds: "32", fails: "31", unknown: "33", bad: "33"}[r.status]
	return "\x1b[1;" + colour + "m" + verdict + "\x1b[0m"
}

func (t *textReport) finish() error {
	n, summary := tally(t.count)
	if n == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(t.stdout, "%s\n", summary); err != nil {
		return err
	}
	return t.before.write(t.stdout)
}

// reducedBy says behind the figures of a search how they were kept small.
func reducedBy(v *deadlock.Verdict) string {
	if v.Reduced == "" {
		return ""
	}
	return " (" + v.Reduced + ")"
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// indented puts two blanks before each line that is not empty.
type indented struct {
	w interface{ Write([]byte) (int, error) }
}

func (i indented) Write(b []byte) (int, error) {
	for _, line := range strings.SplitAfter(string(b), "\n") {
		if line != "" && line != "\n" {
			line = "  " + line
		}
		if _, err := i.w.Write([]byte(line)); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// The JSON form of a run: docs/json.md.
type (
	jsonReport struct {
		*app         `json:"-"`
		Version      int          `json:"version"`
		Results      []jsonResult `json:"results"`
		Errors       []jsonError  `json:"errors"`
		Warnings     []string     `json:"warnings"`
		PrintResults []jsonPrint  `json:"print_statement_results"`

		Baseline *jsonBaseline `json:"baseline,omitempty"`
		baseline *baseline
	}
	jsonResult struct {
		AssertionString string             `json:"assertion_string"`
		File            string             `json:"file"`
		Line            int                `json:"line"`
		Verdict         string             `json:"verdict"`
		Reason          string             `json:"reason,omitempty"` // of an unknown
		Expected        *string            `json:"expected"`
		Unmet           string             `json:"unmet,omitempty"`
		Change          change             `json:"change,omitempty"` // against a baseline
		States          int64              `json:"visited_states"`
		Transitions     int64              `json:"visited_transitions"`
		Plys            int64              `json:"visited_plys"`
		Reduction       string             `json:"reduction,omitempty"`          // "stubborn sets", of a search that did not visit all states
		NotShortest     bool               `json:"not_shortest,omitempty"`       // the counterexample need not be a shortest one
		Unreduced       string             `json:"not_reduced,omitempty"`        // why the search could not be reduced as asked
		Symmetry        *jsonSymmetry      `json:"symmetry,omitempty"`           // if it was asked for
		Missed          float64            `json:"missed_probability,omitempty"` // with --store hashed
		Composition     *jsonComposition   `json:"composition,omitempty"`        // if the network was to be composed
		Seconds         float64            `json:"seconds"`
		Stats           *stats             `json:"stats,omitempty"` // with --stats
		Counterexamples []*render.Document `json:"counterexamples"`
		Errors          []jsonError        `json:"errors"`
	}
	jsonError struct {
		Class string `json:"class"`
		File  string `json:"file"`
		jsonRange
		Message string     `json:"message"`
		Fix     string     `json:"fix,omitempty"`
		Notes   []jsonNote `json:"notes,omitempty"`
	}
	jsonNote struct {
		File string `json:"file"`
		jsonRange
		Message string `json:"message"`
	}
	jsonRange struct {
		Line      int `json:"line,omitempty"`
		Column    int `json:"column,omitempty"`
		EndLine   int `json:"end_line,omitempty"`
		EndColumn int `json:"end_column,omitempty"`
	}
	jsonPrint struct {
		Statement string      `json:"statement"`
		File      string      `json:"file"`
		Line      int         `json:"line"`
		Result    *string     `json:"result"`
		Errors    []jsonError `json:"errors"`
	}
)

// jsonVersion is the version of the form; within it fields are only added.
const jsonVersion = 1

func newJSONReport(a *app, c *checking) *jsonReport {
	return &jsonReport{
		app: a, baseline: c.before, Version: jsonVersion,
		Results: []jsonResult{}, Errors: []jsonError{}, Warnings: []string{}, PrintResults: []jsonPrint{},
	}
}

func (j *jsonReport) errors(path string, errs cspm.Errors) {
	for _, e := range jsonErrors(errs) {
		if e.File == "" {
			e.File = path
		}
		j.Errors = append(j.Errors, e)
	}
}

func (j *jsonReport) warning(text string) { j.Warnings = append(j.Warnings, text) }

func (j *jsonReport) print(p *cspm.Print, text string, err error) {
	out := jsonPrint{Statement: p.Text, File: p.At.File, Line: p.At.Line, Errors: jsonErrors(err)}
	if err == nil {
		out.Result = &text
	}
	j.PrintResults = append(j.PrintResults, out)
}

func (j *jsonReport) result(r *result) { j.Results = append(j.Results, newJSONResult(r)) }

func newJSONResult(r *result) jsonResult {
	v := r.verdict
	out := jsonResult{
		AssertionString: r.Text, File: r.At.File, Line: r.At.Line, Verdict: string(v.Answer), Reason: v.Reason, Unmet: r.unmet, Change: r.change,
		States: v.Stats.States, Transitions: v.Stats.Transitions, Symmetry: newJSONSymmetry(v), Composition: newJSONComposition(v), Missed: v.Doubt(), Seconds: r.seconds, Stats: r.stats,
		Reduction: v.Reduced, NotShortest: v.Longer, Unreduced: v.Unreduced,
		Counterexamples: []*render.Document{}, Errors: jsonErrors(r.err),
	}
	if v.Stats.States > 0 && !r.composed() {
		out.Plys = v.Stats.Depth + 1
	}
	if r.Expect != nil {
		text := r.expected()
		out.Expected = &text
	}
	if v.Counterexample != nil {
		d, err := render.NewDocument(v.Counterexample)
		if err != nil {
			panic(err)
		}
		out.Counterexamples = append(out.Counterexamples, d)
	}
	return out
}

// expected is what is expected of an assertion, as text.
func (r *result) expected() string {
	switch e := r.Expect; {
	case e.Holds:
		return "holds"
	case e.HasTrace:
		return "fails after <" + strings.TrimSpace(e.Trace) + ">"
	}
	return "fails"
}

// mustBeErrors returns err as the mistakes in a script that it must be.
func mustBeErrors(err error) cspm.Errors {
	errs, ok := cspm.AsErrors(err)
	if !ok {
		panic(err)
	}
	return errs
}

// jsonErrors returns the mistakes that err is made of, or the error itself.
func jsonErrors(err error) []jsonError {
	out := []jsonError{}
	if err == nil {
		return out
	}
	errs, ok := cspm.AsErrors(err)
	if !ok {
		return append(out, jsonError{Class: "limit", Message: err.Error()})
	}
	for _, e := range errs {
		je := jsonError{Class: string(e.Class), File: e.Position().File, jsonRange: newJSONRange(e, e.Span), Message: e.Msg, Fix: e.Fix}
		for _, n := range e.Places() {
			at, _ := e.Range(n.Span)
			je.Notes = append(je.Notes, jsonNote{at.File, newJSONRange(e, n.Span), n.Msg})
		}
		out = append(out, je)
	}
	return out
}

func newJSONRange(e *cspm.Error, s syntax.Span) jsonRange {
	start, end := e.Range(s)
	return jsonRange{start.Line, start.Col, end.Line, end.Col}
}

func (j *jsonReport) finish() error {
	j.Baseline = j.baseline.json()
	return writeJSON(j.stdout, j)
}

// writeJSON writes v, laid out.
func writeJSON(w io.Writer, v any) error { return render.WriteJSON(w, v, false) }
