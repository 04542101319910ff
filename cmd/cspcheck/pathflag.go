package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/render"
)

// savedCounterexample reads a counterexample that was saved: a document of its
// own, or one in the results of check --format json. Of several it is the one
// of the assertion in the line that follows the name, as in old.json:27.
func savedCounterexample(name string) (*explore.Counterexample, error) {
	file, line := name, 0
	if before, after, ok := cutLast(name, ":"); ok && !exists(name) {
		if n, err := strconv.Atoi(after); err == nil && n > 0 {
			file, line = before, n
		}
	}
	text, err := readFile(file)
	if err != nil {
		return nil, err
	}
	ce, err := counterexampleIn(text, line)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return ce, nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func counterexampleIn(text []byte, line int) (*explore.Counterexample, error) {
	var probe struct{ Results *json.RawMessage }
	if json.Unmarshal(text, &probe) != nil || probe.Results == nil {
		if line > 0 {
			return nil, errors.New("it has one counterexample, and no lines to choose from")
		}
		ce, err := render.ReadJSON(bytes.NewReader(text))
		if err == nil && ce.Kind == "" {
			err = errors.New("it is neither a result of check --format json nor a counterexample")
		}
		return ce, err
	}
	saved, err := readResults(text)
	if err != nil {
		return nil, err
	}
	var found []*render.Document
	var lines []string
	for _, r := range saved {
		if line > 0 && r.Line != line {
			continue
		}
		for _, d := range r.Counterexamples {
			found = append(found, d)
			lines = append(lines, fmt.Sprintf("%d (%s)", r.Line, shortName(r.AssertionString)))
		}
	}
	switch len(found) {
	case 0:
		return nil, errors.New("there is no counterexample in it" + map[bool]string{true: fmt.Sprintf(" for line %d", line)}[line > 0])
	case 1:
		return found[0].Counterexample()
	}
	return nil, fmt.Errorf("it has several counterexamples; write the line of the assertion after its name: %s", strings.Join(lines, ", "))
}

// namedCounterexample returns the counterexample that --path names: a saved
// one if it is a file x.json, with or without a line, and otherwise that of
// the assertion whose text matches. A nil one has been complained of.
func (a *app) namedCounterexample(name string, script *cspm.Script, limits explore.Limits, progress string) (*explore.Counterexample, error) {
	if jsonName.MatchString(name) {
		ce, err := savedCounterexample(name)
		if err != nil {
			return nil, fmt.Errorf("--path: %w", err)
		}
		return ce, nil
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
	r := a.ask(as, limits, a.meter(progress, task{as.Text, as.At.File, as.At.Line}))
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
