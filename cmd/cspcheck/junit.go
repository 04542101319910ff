package main

import (
	"fmt"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/render"
)

// junitReport is for the test reports of build servers: a suite for each file,
// and in it a test for each assertion. What fails, or is not as expected, is a
// failure; an unknown or a mistake is an error, for a test that was not
// answered must not count as passed. Against a baseline, what does not count
// any more is skipped.
//
// Names are whole: they are what servers know a test by.
type junitReport struct {
	*app
	suites map[string]*junit.Testsuite
	order  []string
	time   map[string]float64 // seconds, by suite
}

func newJUnitReport(a *app) *junitReport {
	return &junitReport{app: a, suites: map[string]*junit.Testsuite{}, time: map[string]float64{}}
}

// suite returns the suite of a file.
func (j *junitReport) suite(file string) *junit.Testsuite {
	s, ok := j.suites[file]
	if !ok {
		name := render.Plain(file)
		s = &junit.Testsuite{ID: len(j.order), Name: name}
		j.suites[file] = s
		j.order = append(j.order, file)
	}
	return s
}

func (j *junitReport) errors(path string, errs cspm.Errors) {
	s := j.suite(path)
	s.AddTestcase(junit.Testcase{
		Name: "the script", Classname: s.Name, Time: seconds(0),
		Error: &junit.Result{Message: plainLine(errs[0].Error()), Type: "mistake", Data: details(errs)},
	})
}

// details is what stands on standard error of mistakes.
func details(errs cspm.Errors) string {
	var b strings.Builder
	for _, e := range errs {
		if e.Files != nil {
			b.WriteString(e.Detail())
		} else {
			b.WriteString(e.Error() + "\n")
		}
	}
	return plainText(b.String())
}

func (j *junitReport) warning(text string) {
	s := j.suite("")
	addOutput(&s.SystemErr, "warning: "+text)
}

func (j *junitReport) print(p *cspm.Print, text string, err error) {
	s := j.suite(p.At.File)
	if err != nil {
		s.AddTestcase(junit.Testcase{
			Name: render.Plain("print " + strings.Join(strings.Fields(p.Text), " ")), Classname: s.Name, Time: seconds(0),
			Error: &junit.Result{Message: plainLine(err.Error()), Type: "mistake", Data: plainText(err.Error())},
		})
		return
	}
	addOutput(&s.SystemOut, fmt.Sprintf("%s:%d: print %s: %s", p.At.File, p.At.Line, p.Text, text))
}

// addOutput adds a line to what a suite has put out.
func addOutput(out **junit.Output, line string) {
	if *out == nil {
		*out = &junit.Output{}
	}
	(*out).Data += plainText(line) + "\n"
}

func (j *junitReport) result(r *result) {
	s := j.suite(r.At.File)
	o := r.outcome()
	test := junit.Testcase{
		Name: render.Plain(r.Text), Classname: s.Name, Time: seconds(r.seconds),
		SystemOut: &junit.Output{Data: plainText(resultText(r, o))},
	}
	what := &junit.Result{
		Message: plainLine(place(r.Assertion) + ": " + string(r.verdict.Answer) + r.more(o) + r.compared()),
		Type:    strings.ReplaceAll(string(o), " ", "-"),
	}
	if ce := r.verdict.Counterexample; ce != nil {
		what.Data = counterexampleText(ce)
	}
	if r.err != nil {
		what.Data = plainText(r.err.Error())
		if errs, ok := cspm.AsErrors(r.err); ok {
			what.Data = details(errs)
		}
	}
	switch {
	case r.err != nil && r.status != holds:
		test.Error = what
	case o == held, o == asExpected:
		if what.Data != "" {
			test.SystemOut.Data += "\n" + what.Data
		}
	case r.status == holds:
		test.Skipped = what // as the baseline has it
	case o == undecided:
		test.Error = what
	default:
		test.Failure = what
	}
	s.AddTestcase(test)
	j.time[r.At.File] += r.seconds
}

// resultText is a result as text has it, without a counterexample that is
// shown elsewhere.
func resultText(r *result, o outcome) string {
	text := fmt.Sprintf("%s: %s: %s%s%s\n", place(r.Assertion), r.Text, r.verdict.Answer, r.more(o), r.compared())
	if st := r.verdict.Stats; st.States > 0 {
		text += fmt.Sprintf("%s, %s, depth %d\n", plural(st.States, "state"), plural(st.Transitions, "transition"), st.Depth)
	}
	return text
}

func (j *junitReport) finish() error {
	var all junit.Testsuites
	all.Name = "cspcheck"
	total := 0.
	for _, file := range j.order {
		s := j.suites[file]
		s.Time = seconds(j.time[file])
		total += j.time[file]
		all.AddSuite(*s)
	}
	all.Time = seconds(total)
	if _, err := fmt.Fprintln(j.stdout, `<?xml version="1.0" encoding="UTF-8"?>`); err != nil {
		return err
	}
	return all.WriteXML(j.stdout)
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }

// plainLine is text on one line in which nothing is a command.
func plainLine(s string) string { return render.Plain(strings.Join(strings.Fields(s), " ")) }

// plainText is the same of several lines.
func plainText(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = render.Plain(strings.TrimSuffix(lines[i], "\r"))
	}
	return strings.Join(lines, "\n")
}
