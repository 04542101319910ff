package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
)

// A saved counterexample was read from JSON, with the assertion that it is
// about, if that is known.
type saved struct {
	*explore.Counterexample
	assertion string // as written, or ""
	file      string
	line      int
}

// title tells one of several from the others.
func (s *saved) title() string {
	switch {
	case s.assertion == "":
		return fmt.Sprintf("%s of %s", s.Kind, s.Impl.Process)
	case s.line > 0:
		return fmt.Sprintf("%s:%d: %s", s.file, s.line, s.assertion)
	}
	return fmt.Sprintf("%s: %s", s.file, s.assertion)
}

// savedForm is any of the forms that hold counterexamples: what check, refine
// and show write with --format json, one result of it, or one counterexample.
type savedForm struct {
	Version *int `json:"version"`

	Results []savedForm `json:"results"`

	Assertion       string            `json:"assertion_string"`
	File            string            `json:"file"`
	Line            int               `json:"line"`
	Counterexamples []json.RawMessage `json:"counterexamples"`

	Impl json.RawMessage `json:"implementation_behaviour"`
}

// readSaved reads the counterexamples in a file, "-" being standard input. A
// name such as old.json:27 means those of the assertion in that line.
func (a *app) readSaved(path string) ([]*saved, error) {
	file, line := path, 0
	if before, after, ok := cutLast(path, ":"); ok && !exists(path) {
		if n, err := strconv.Atoi(after); err == nil && n > 0 {
			file, line = before, n
		}
	}
	name, text, err := a.savedText(file)
	if err != nil {
		return nil, err
	}
	all, err := awaitBriefly(a, func() ([]*saved, error) { return parseSaved(text) })
	if a.ctx.Err() != nil {
		return nil, explore.Cancelled(a.ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: there is no counterexample in it", name)
	}
	if line > 0 {
		all = slices.DeleteFunc(all, func(s *saved) bool { return s.line != line })
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: there is no counterexample in it for line %d", name, line)
	}
	return all, nil
}

// savedText reads what was saved. That may be larger than any script: 10 000
// steps at 200 roads not taken each are 160 MB.
func (a *app) savedText(file string) (name string, text []byte, err error) {
	name, in := "<stdin>", a.stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", nil, plainPathError(err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return "", nil, fmt.Errorf("%s is a directory", file)
		}
		name, in = file, f
	}
	text, err = io.ReadAll(io.LimitReader(in, maxSaved+1))
	switch {
	case err != nil:
		return name, nil, fmt.Errorf("%s: %w", name, plainPathError(err))
	case len(text) > maxSaved:
		return name, nil, fmt.Errorf("%s: it is larger than %s: save fewer results, with --run", name, humanize.IBytes(maxSaved))
	}
	return name, text, nil
}

// The most that is read of what was saved.
const maxSaved = 1 << 30

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func parseSaved(text []byte) ([]*saved, error) {
	text = bytes.TrimSpace(text)
	if len(text) > 0 && text[0] == '[' {
		var list []json.RawMessage
		if err := readJSON(text, &list); err != nil {
			return nil, err
		}
		var all []*saved
		for _, item := range list {
			some, err := parseSaved(item)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
		return all, nil
	}
	var form savedForm
	if err := readJSON(text, &form); err != nil {
		return nil, err
	}
	if form.Impl != nil {
		s, err := form.counterexample(text)
		return []*saved{s}, err
	}
	if form.Results == nil && form.Counterexamples == nil {
		return nil, errors.New("it is neither a result of check --format json nor a counterexample")
	}
	if v := form.Version; v != nil && *v != jsonVersion {
		return nil, fmt.Errorf("it is of version %d; this program reads version %d", *v, jsonVersion)
	}
	return form.all()
}

// all returns the counterexamples of a run, or of a result.
func (f *savedForm) all() ([]*saved, error) {
	var all []*saved
	for _, r := range f.Results {
		some, err := r.all()
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	for _, text := range f.Counterexamples {
		s, err := f.counterexample(text)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func (f *savedForm) counterexample(text []byte) (*saved, error) {
	ce, err := render.ReadJSON(bytes.NewReader(text))
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "render: "))
	}
	return &saved{ce, f.Assertion, f.File, f.Line}, nil
}

// readJSON reads one JSON value; a mistake says in which line it is.
func readJSON(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	err := d.Decode(v)
	if err == nil {
		if _, err := d.Token(); err != io.EOF {
			return errors.New("there is more than one JSON value in it")
		}
		return nil
	}
	at := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		return fmt.Errorf("it is neither a result of check --format json nor a counterexample: %q is a %s", kind.Field, kind.Value)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON in it is not complete")
	}
	if at >= 0 {
		return fmt.Errorf("line %d is no JSON: %w", 1+bytes.Count(text[:min(int(at), len(text))], []byte("\n")), err)
	}
	return err
}

// byNumber is how one of several is chosen where there is --pick.
const byNumber = "choose one with --pick, or write the line of its assertion after the file's name"

// pick returns one of several, counted from 1; n 0 is the only one. how says
// how to choose.
func pick(all []*saved, n int, how string) (*saved, error) {
	switch {
	case n == 0 && len(all) == 1:
		return all[0], nil
	case n >= 1 && n <= len(all):
		return all[n-1], nil
	}
	var b strings.Builder
	if n == 0 {
		fmt.Fprintf(&b, "there are %d counterexamples: %s", len(all), how)
	} else {
		fmt.Fprintf(&b, "--pick %d: there is only 1 to %d", n, len(all))
	}
	for i, s := range all {
		fmt.Fprintf(&b, "\n  %d  %s", i+1, s.title())
	}
	return nil, errors.New(b.String())
}
