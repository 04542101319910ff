package main

import (
	"fmt"
	"regexp"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// namedCounterexample returns the counterexample that --path names: a saved
// one if it is a file x.json, with or without a line, and otherwise that of
// the assertion whose text matches. A nil one has been complained of.
func (a *app) namedCounterexample(name string, script *cspm.Script, limits explore.Limits, progress string) (*explore.Counterexample, error) {
	if jsonName.MatchString(name) {
		all, err := a.readSaved(name)
		if err != nil {
			return nil, fmt.Errorf("--path: %w", err)
		}
		one, err := pick(all, 0, "write the line of its assertion after the file's name")
		if err != nil {
			return nil, fmt.Errorf("--path %s: %w", name, err)
		}
		return one.Counterexample, nil
	}
	pick, err := regexp.Compile(name)
	if err != nil {
		return nil, fmt.Errorf("--path: %v", err)
	}
	var found []*cspm.Assertion
	for i := range script.Asserts {
		if as := &script.Asserts[i]; pick.MatchString(as.Text) {
			found = append(found, as)
		}
	}
	switch {
	case len(found) == 0:
		return nil, fmt.Errorf("--path %s: none of the %d assertions matches, and it is no file x.json", name, len(script.Asserts))
	case len(found) > 1:
		return nil, fmt.Errorf("--path %s: %d assertions match; the first two are %s and %s", name, len(found), place(found[0]), place(found[1]))
	}
	as := found[0]
	r := a.ask(as, reductions{}, limits, a.meter(progress, task{as.Text, as.At.File, as.At.Line}))
	switch {
	case r.err != nil:
		a.complain(r.err)
		return nil, nil
	case r.verdict.Counterexample == nil:
		why := string(r.verdict.Answer)
		if r.verdict.Reason != "" {
			why += " (" + r.verdict.Reason + ")"
		}
		return nil, fmt.Errorf("--path: %s: %s: %s: there is no counterexample", place(as), as.Text, why)
	}
	return r.verdict.Counterexample, nil
}

var jsonName = regexp.MustCompile(`(?i)\.json(:\d+)?$`)
