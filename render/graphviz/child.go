package graphviz

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// DefaultTimeout is how long a layout may take. The first of a user compiles
// Graphviz, which takes some 0.7 s, and more on a machine that is busy.
const DefaultTimeout = 20 * time.Second

// maxPicture is more than any picture worth looking at: 64 MB.
const maxPicture = 64 << 20

// A Child lays out in a process of its own, which reads DOT on its standard
// input and writes the image to its standard output. It is a
// render.Layouter.
type Child struct {
	Exe     string        // the program
	Args    []string      // before the format: ["layout"] runs Exe layout svg
	Timeout time.Duration // the process is killed after it; 0: DefaultTimeout
	DOTFile string        // where the DOT text is kept, for the error; "": Layout keeps it if it fails
}

// Program lays out with an installed dot, which makes good PNGs too.
func Program(exe string) *Child { return &Child{Exe: exe, Args: []string{"-T"}} }

// Layout implements render.Layouter. On failure nothing is written, and the
// error tells where the DOT text is and what can be done with it.
func (c *Child) Layout(ctx context.Context, dot []byte, format string, w io.Writer) error {
	if format != "svg" && format != "png" {
		return unknownFormat(format)
	}
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	args := append([]string(nil), c.Args...)
	if n := len(args); n > 0 && args[n-1] == "-T" { // dot wants them in one word
		args[n-1] += format
	} else {
		args = append(args, format)
	}
	cmd := exec.CommandContext(limited, c.Exe, args...)
	cmd.WaitDelay = time.Second // a grandchild may hold the pipes
	cmd.Stdin = bytes.NewReader(dot)
	out, complaint := &capped{max: maxPicture}, &capped{max: 4 << 10}
	cmd.Stdout, cmd.Stderr = out, complaint
	err := cmd.Run()

	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return c.failed(dot, format, fmt.Sprintf("the layout took more than %v", timeout), limited.Err())
	case err != nil:
		why := "the layout failed: " + err.Error()
		if s := strings.TrimSpace(complaint.String()); s != "" {
			why += ": " + s
		}
		return c.failed(dot, format, why, err)
	case out.over:
		return c.failed(dot, format, "the picture is larger than 64 MB", nil)
	case out.Len() == 0:
		return c.failed(dot, format, "the layout wrote nothing", nil)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// An Error says why there is no picture, and where the DOT text is.
type Error struct {
	Why     string
	Format  string
	DOTFile string // "" if it could not be kept
	Err     error
}

func (e *Error) Error() string {
	if e.DOTFile == "" {
		return e.Why
	}
	return fmt.Sprintf("%s; its DOT text is in %s: an installed Graphviz may do better (dot -T%s -O %s)",
		e.Why, e.DOTFile, e.Format, e.DOTFile)
}

func (e *Error) Unwrap() error { return e.Err }

func (c *Child) failed(dot []byte, format, why string, err error) error {
	e := &Error{Why: why, Format: format, DOTFile: c.DOTFile, Err: err}
	if e.DOTFile == "" {
		name, kept := keep(dot)
		if kept != nil {
			e.Err = errors.Join(err, kept)
		}
		e.DOTFile = name
	}
	return e
}

// keep writes dot to a temporary file for the user to try again.
func keep(dot []byte) (string, error) {
	f, err := os.CreateTemp("", "cspcheck-*.dot")
	if err != nil {
		return "", err
	}
	_, err = f.Write(dot)
	if err := errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// capped keeps the first max bytes and lets the rest go by.
type capped struct {
	bytes.Buffer
	max  int
	over bool
}

func (c *capped) Write(p []byte) (int, error) {
	if room := c.max - c.Len(); len(p) > room {
		c.over = true
		c.Buffer.Write(p[:max(0, room)])
	} else {
		c.Buffer.Write(p)
	}
	return len(p), nil
}
