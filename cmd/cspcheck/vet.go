package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// vetting is the flags of vet.
type vetting struct {
	syntaxOnly bool
	format     string
	maxErrors  int
}

func (a *app) vetCmd() *cobra.Command {
	v := &vetting{}
	cmd := &cobra.Command{
		Use:   "vet FILE...",
		Short: "Report the mistakes in scripts without exploring anything",
		Long: `Report every mistake in scripts that can be found without running them: in
their syntax, names and types, print statements included.

Text goes to standard error. --format json and --format sarif (SARIF 2.1.0,
for code scanning) write a document with all mistakes to standard output.`,
		Args: needs(1, many, "FILE..."),
		RunE: func(_ *cobra.Command, files []string) error { return a.vet(v, files) },
	}
	f := cmd.Flags()
	f.BoolVar(&v.syntaxOnly, "syntax-only", false, "stop after parsing")
	f.StringVar(&v.format, "format", "text", "how to print the mistakes: text, json or sarif")
	f.IntVar(&v.maxErrors, "max-errors", maxComplaints, "print the text of this many mistakes; 0: of all")
	return cmd
}

func (a *app) vet(v *vetting, files []string) error {
	var write func(cspm.Errors) error
	switch v.format {
	case "text":
		write = func(cspm.Errors) error { return nil }
	case "json":
		write = func(errs cspm.Errors) error { return writeJSON(a.stdout, newJSONVet(files, errs)) }
	case "sarif":
		write = func(errs cspm.Errors) error { return writeSARIF(a.stdout, errs) }
	default:
		return fmt.Errorf("--format %s: it is text, json or sarif", v.format)
	}
	if v.maxErrors < 0 {
		return fmt.Errorf("--max-errors %d: it cannot be negative", v.maxErrors)
	}
	errs := a.mistakes(v, files)
	a.complainUpTo(v.maxErrors, errs)
	return write(errs)
}

// mistakes returns the mistakes in files, each once, however many files
// include its place.
func (a *app) mistakes(v *vetting, files []string) cspm.Errors {
	var all cspm.Errors
	seen := map[string]bool{}
	for _, path := range files {
		name, src, err := a.source(path)
		errs := cspm.Errors{{Class: syntax.ParseClass, File: path}}
		if err != nil {
			errs[0].Msg = err.Error()
		} else {
			found, done := heeding(a.ctx, func() cspm.Errors {
				return cspm.Vet(name, src, cspm.Options{Open: readFile}, v.syntaxOnly)
			})
			if !done {
				return append(all, a.cancelled(name, "looked at")...)
			}
			errs = found
		}
		for _, e := range errs {
			if text := e.Error(); !seen[text] {
				seen[text] = true
				all = append(all, e)
			}
		}
	}
	return all
}

// The JSON form of what vet finds: docs/json.md.
type jsonVet struct {
	Version int         `json:"version"`
	Files   []string    `json:"files"`
	Errors  []jsonError `json:"errors"`
}

func newJSONVet(files []string, errs cspm.Errors) *jsonVet {
	v := &jsonVet{Version: jsonVersion, Files: files, Errors: []jsonError{}}
	if len(errs) > 0 {
		v.Errors = jsonErrors(errs)
	}
	return v
}
