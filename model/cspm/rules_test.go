package cspm_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// A rule is a script, and what comes of it. In testdata/rules the scripts
// stand below lines that say so:
//
//	=== before            the script stands before the others of its file
//	=== fine              it loads, and what is asked for below comes out
//	=== type: is Bool     the class of a mistake and part of its message, a
//	                      line for each that is reported, in their order
//
// In a script that loads, each assertion says what to expect of it, and each
// print statement what it prints; where that is an error, its class and part
// of its message:
//
//	assert P [T= Q  --! fails after <a>
//	assert P :[deterministic]  --> limit: states
//	print f(1)  --> 2
//	print 1/0   --> eval: division
type rule struct {
	at     string // file and line
	want   []string
	script string
}

// sources are the scripts that the rules include, by their path.
var sources = map[string]string{
	"testdata/rules/part.csp":     "PART = 1\n",
	"testdata/rules/sub/part.csp": "include \"part.csp\"\nSUB = PART + 1", // beside the root
	"testdata/rules/half.csp":     "HALF = 1 +",
	"testdata/rules/clause.csp":   "f(0) = 1",
	"testdata/rules/itself.csp":   "include \"itself.csp\"",
}

func TestRules(t *testing.T) {
	all, err := filepath.Glob("testdata/rules/*.txt")
	if err != nil || len(all) == 0 {
		t.Fatalf("no rules: %v", err)
	}
	for _, file := range all {
		t.Run(filepath.Base(file), func(t *testing.T) {
			accepted, rejected := 0, 0
			for _, r := range readRules(t, file) {
				if r.want[0] == "fine" {
					accepted++
				} else {
					rejected++
				}
				r.check(t)
			}
			if accepted == 0 || rejected == 0 {
				t.Errorf("%d scripts are accepted, %d refused", accepted, rejected)
			}
			t.Logf("%d scripts are accepted, %d refused", accepted, rejected)
		})
	}
}

func readRules(t *testing.T, file string) []*rule {
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rules []*rule
	var before string
	var r *rule
	for i, line := range strings.SplitAfter(string(src), "\n") {
		want, isWant := strings.CutPrefix(line, "=== ")
		switch want = strings.TrimSpace(want); {
		case !isWant && r != nil:
			r.script += line
		case !isWant: // about the file
		case r != nil && r.script == "":
			r.want = append(r.want, want)
		default:
			r = &rule{at: fmt.Sprintf("%s:%d", file, i+1), want: []string{want}}
			rules = append(rules, r)
		}
	}
	if len(rules) > 0 && rules[0].want[0] == "before" {
		before, rules = rules[0].script, rules[1:]
	}
	for _, r := range rules {
		r.script = before + strings.TrimSuffix(r.script, "\n")
	}
	return rules
}

func (r *rule) check(t *testing.T) {
	t.Helper()
	s, err := cspm.Load("testdata/rules/rule.csp", []byte(r.script), cspm.Options{Open: func(path string) ([]byte, error) {
		if text, ok := sources[filepath.ToSlash(path)]; ok {
			return []byte(text), nil
		}
		return nil, os.ErrNotExist
	}})
	if r.want[0] == "fine" {
		if err != nil {
			t.Errorf("%s: %s", r.at, err)
			return
		}
		r.runPrints(t, s)
		r.runAsserts(t, s)
		return
	}
	errs, _ := cspm.AsErrors(err)
	if len(errs) != len(r.want) {
		t.Errorf("%s: %d mistakes, want %d: %s", r.at, len(errs), len(r.want), errs)
		return
	}
	for i, e := range errs {
		class, text, _ := strings.Cut(r.want[i], ": ")
		if string(e.Class) != class || !strings.Contains(e.Msg+"; "+e.Fix, text) || text == "" || e.Position().Line == 0 {
			t.Errorf("%s: %s, want %s", r.at, e, r.want[i])
		}
	}
}

// said returns what the script says comes out of what begins in a line.
func (r *rule) said(line int) (string, bool) {
	_, want, ok := strings.Cut(strings.Split(r.script, "\n")[line-1], " --> ")
	return strings.TrimSpace(want), ok
}

// is reports whether err is the error that is wanted.
func is(err error, want string) bool {
	errs, _ := cspm.AsErrors(err)
	class, text, ok := strings.Cut(want, ": ")
	return ok && len(errs) == 1 && string(errs[0].Class) == class && strings.Contains(errs[0].Msg+"; "+errs[0].Fix, text)
}

func (r *rule) runPrints(t *testing.T, s *cspm.Script) {
	t.Helper()
	for i := range s.Prints {
		p := &s.Prints[i]
		want, _ := r.said(p.At.Line)
		got, err := p.Run(context.Background(), explore.Limits{States: 10_000})
		if err != nil && is(err, want) {
			continue
		}
		if err != nil || got != want {
			t.Errorf("%s: %s is %s %v, want %s", r.at, p.Text, got, err, want)
		}
	}
}

func (r *rule) runAsserts(t *testing.T, s *cspm.Script) {
	t.Helper()
	for i := range s.Asserts {
		a := &s.Asserts[i]
		want, isError := r.said(a.At.Line)
		why, err := answer(a)
		switch {
		case isError && !is(err, want):
			t.Errorf("%s: %s: %v, want %s", r.at, a.Text, err, want)
		case !isError && (err != nil || why != ""):
			t.Errorf("%s: %s: %s %v", r.at, a.Text, why, err)
		}
	}
}

// answer holds an assertion against what it says to expect, and returns what
// is not so, or "".
func answer(a *cspm.Assertion) (why string, err error) {
	ctx, limits := context.Background(), explore.Limits{States: 100_000}
	in, err := a.Instance(ctx, limits)
	if err != nil {
		return "", err
	}
	q := deadlock.Question{
		Topic: deadlock.Topic(a.Kind), Model: deadlock.Model(a.Model),
		Spec: in.Spec, Impl: in.Impl, Trace: in.Trace,
	}
	v, err := deadlock.Ask(ctx, q, limits)
	if err != nil {
		return "", err
	}
	if a.Expect == nil {
		return "it does not say what to expect", nil
	}
	want := deadlock.Fails
	if a.Expect.Holds != a.Not {
		want = deadlock.Holds
	}
	if v.Answer != want {
		return string(v.Answer), nil
	}
	if !a.Expect.HasTrace {
		return "", nil
	}
	trace, err := a.Expected(ctx)
	if err != nil {
		return "", err
	}
	return deadlock.CheckTrace(ctx, q, v, trace, limits)
}
