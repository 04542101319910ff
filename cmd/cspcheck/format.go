package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/aymanbagabas/go-udiff"
	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/format"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A layout says what fmt does with the result.
type layout struct{ diff, list, write bool }

func (a *app) fmtCmd() *cobra.Command {
	var l layout
	cmd := &cobra.Command{
		Use:   "fmt FILE...",
		Short: "Lay out scripts: blanks, indentation, line breaks",
		Long: `Lay out scripts: blanks, indentation, line breaks. The script stays the same,
with all its comments and brackets. Without a flag the result is printed; -
is standard input. Files that a script includes are left alone.

Exit status: 0 done, 1 -d shows a difference, 2 a file cannot be read, parsed
or written: what is wrong is said, and the other files are done.`,
		Example: "  cspcheck fmt -w *.csp\n  cspcheck fmt -d buffer.csp\n  test -z \"$(cspcheck fmt -l *.csp)\"",
		Args:    needs(1, many, "FILE..."),
		RunE: func(_ *cobra.Command, files []string) error {
			for _, path := range files {
				if path == "-" && l.write {
					return errors.New("fmt -w - makes no sense: standard input is no file to write to")
				}
			}
			for _, path := range files {
				if err := a.format(path, l); err != nil || a.ctx.Err() != nil {
					return err
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.BoolVarP(&l.diff, "diff", "d", false, "print what would change, as a diff")
	f.BoolVarP(&l.list, "list", "l", false, "print the names of the files that would change")
	f.BoolVarP(&l.write, "write", "w", false, "write the results to the files")
	return cmd
}

// format lays out one file. Its error is one of writing to stdout.
func (a *app) format(path string, l layout) error {
	name, src, err := a.source(path)
	if err != nil {
		a.complain(cspm.Errors{{Class: syntax.ParseClass, Msg: err.Error()}})
		return nil
	}
	var errs cspm.Errors
	out, done := heeding(a.ctx, func() (out []byte) {
		out, errs = format.Source(name, src)
		return out
	})
	if !done {
		a.complain(a.cancelled(name, "laid out"))
		return nil
	}
	if len(errs) > 0 {
		a.complain(errs)
		return nil
	}
	if !l.diff && !l.list && !l.write {
		_, err := a.stdout.Write(out)
		return err
	}
	if bytes.Equal(src, out) {
		return nil
	}
	if l.list {
		if _, err := fmt.Fprintln(a.stdout, name); err != nil {
			return err
		}
	}
	if l.write {
		if err := overwrite(path, out); err != nil {
			a.complain(cspm.Errors{{Class: syntax.ParseClass, Msg: err.Error()}})
			return nil
		}
	}
	if l.diff {
		a.worsen(fails)
		_, err := fmt.Fprintf(a.stdout, "diff %s.orig %s\n%s", name, name, unified(name, string(src), string(out)))
		return err
	}
	return nil
}

// overwrite replaces what is in a file, at once or not at all. The file keeps
// its mode, and a link to it stays one.
func overwrite(path string, text []byte) error {
	file, err := filepath.EvalSymlinks(path)
	if err != nil {
		return plainPathError(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		return plainPathError(err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file: fmt -w does not write to it", path)
	}
	if f, err := os.OpenFile(file, os.O_WRONLY, 0); err != nil {
		return plainPathError(err) // it may not be written, though its directory may
	} else if err := f.Close(); err != nil {
		return plainPathError(err)
	}
	return plainPathError(maybe.WriteFile(file, text, info.Mode()&fs.ModePerm))
}

// unified returns the difference between two texts of a file, line by line.
func unified(name, before, after string) string {
	text, err := udiff.ToUnified(name+".orig", name, before, udiff.Lines(before, after), udiff.DefaultContextLines)
	if err != nil {
		panic(fmt.Sprintf("the edits of %s do not fit it: %v", name, err))
	}
	return text
}
