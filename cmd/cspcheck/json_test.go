package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The fields that docs/json.md promises are there under their names, and are
// lists rather than null where they are empty.
func TestJSON(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"all.csp": `channel a
P = a -> P
assert P :[deadlock free] --! holds
assert a -> STOP :[deadlock free] --! fails after <a>
assert P \ {a} :[divergence free]
assert P [R= P
assert STOP :[deadlock free] --! holds
assert (if 1 / 0 == 1 then P else P) :[deadlock free]
print 1 + 1
print 1 / 0
`,
		"bad.csp":   "P = Q\n",
		"few.csp":   "P = STOP\n",
		"empty.csp": "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	var stdout, stderr bytes.Buffer
	st := run(context.Background(), []string{"check", "--format", "json", "all.csp", "bad.csp", "few.csp", "empty.csp", "none.csp"}, strings.NewReader(""), &stdout, &stderr)
	if st != bad {
		t.Errorf("exit status %d, want %d", st, bad)
	}
	type object = map[string]any
	var got struct {
		Version  int
		Results  []object
		Errors   []object
		Warnings []string
		Prints   []object `json:"print_statement_results"`
	}
	dec := json.NewDecoder(&stdout)
	if err := dec.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if dec.More() {
		t.Error("there is more than one JSON value")
	}
	if got.Version != 1 || len(got.Results) != 6 || len(got.Errors) != 3 || len(got.Warnings) != 1 || len(got.Prints) != 2 {
		t.Fatalf("%+v", got)
	}
	var verdicts []string
	for _, r := range got.Results {
		for _, field := range []string{"assertion_string", "file", "line", "verdict", "expected", "visited_states", "visited_transitions", "visited_plys", "seconds", "counterexamples", "errors"} {
			if _, ok := r[field]; !ok {
				t.Errorf("%s: no %s", r["assertion_string"], field)
			}
		}
		if _, ok := r["counterexamples"].([]any); !ok {
			t.Errorf("%s: counterexamples are %v", r["assertion_string"], r["counterexamples"])
		}
		if _, ok := r["errors"].([]any); !ok {
			t.Errorf("%s: errors are %v", r["assertion_string"], r["errors"])
		}
		verdicts = append(verdicts, r["verdict"].(string))
	}
	if want := []string{"holds", "fails", "fails", "unknown", "fails", "unknown"}; !slices.Equal(verdicts, want) {
		t.Errorf("verdicts %v, want %v", verdicts, want)
	}
	if ce := got.Results[1]["counterexamples"].([]any)[0].(object); ce["type"] != "deadlock" || ce["version"] != 1. {
		t.Errorf("a counterexample of type %v, version %v", ce["type"], ce["version"])
	} else if trace := ce["implementation_behaviour"].(object)["trace"].([]any); len(trace) != 1 || trace[0] != "a" {
		t.Errorf("trace %v", trace)
	}
	if r := got.Results[1]; r["expected"] != "fails after <a>" || r["unmet"] != nil {
		t.Errorf("expected %v, unmet %v", r["expected"], r["unmet"])
	}
	if r := got.Results[2]; r["expected"] != nil || r["counterexamples"].([]any)[0].(object)["type"] != "divergence" {
		t.Errorf("%v", r)
	}
	if r := got.Results[3]; r["reason"] != "refinement [R= is not supported: revivals and refusal testing are not; [T=, [F= and [FD= are" {
		t.Errorf("reason %v", r["reason"])
	}
	if r := got.Results[4]; r["unmet"] == nil {
		t.Error("an expectation that is not met is not there")
	}
	if e := got.Results[5]["errors"].([]any); len(e) != 1 || e[0].(object)["class"] != "eval" || e[0].(object)["line"] != 8. {
		t.Errorf("errors %v", e)
	}
	if e := got.Errors[0]; e["class"] != "scope" || e["file"] != "bad.csp" || e["line"] != 1. || e["column"] != 5. {
		t.Errorf("error %v", e)
	}
	if e := got.Errors[1]; e["class"] != "parse" || e["file"] != "empty.csp" || e["line"] != nil {
		t.Errorf("error %v", e)
	}
	if e := got.Errors[2]; e["file"] != "none.csp" || e["line"] != nil {
		t.Errorf("error %v", e)
	}
	if p := got.Prints; p[0]["result"] != "2" || p[1]["result"] != nil || len(p[1]["errors"].([]any)) != 1 {
		t.Errorf("prints %v", p)
	}
}
