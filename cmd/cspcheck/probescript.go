package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// probeHelp is the commands of a script, and of the terminal's prompt.
const probeHelp = `  N               do choice number N
  EVENT           do the choice that is this event
  back [N]        go back N steps; forward [N], forward again
  start, end      go to the beginning, or to the end of what is ahead
  random [N]      do N steps at random; 1 if N is left out
  until EVENT     go a shortest way to where EVENT, or one of a channel, happens
  load FILE       go along a saved counterexample or path: x.json or x.json:LINE
  save FILE       save the path so far, as JSON
  trace           print all visible events so far
  help            print this
  quit            stop`

// do carries out a command. It returns what there is to say besides the view,
// and whether to go on.
func (p *prober) do(ctx context.Context, line string) (said string, more bool, err error) {
	verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	if n, err := strconv.Atoi(verb); err == nil && rest == "" {
		return "", true, p.choose(n)
	}
	if takes, ok := probeArgs[verb]; ok {
		switch {
		case takes == noArg && rest != "":
			return "", true, fmt.Errorf("%s takes nothing: %q", verb, rest)
		case takes == needsArg && rest == "":
			return "", true, fmt.Errorf("%s needs %s", verb, map[bool]string{true: "an event or a channel", false: "the name of a file"}[verb == "until"])
		}
	}
	switch verb {
	case "back", "forward", "random":
		n := 1
		if rest != "" {
			if n, err = strconv.Atoi(rest); err != nil || n < 1 || n > mostRandom {
				return "", true, fmt.Errorf("%s takes a number from 1 to %d, not %q", verb, mostRandom, rest)
			}
		}
		switch verb {
		case "back":
			return "", true, p.back(n)
		case "forward":
			return "", true, p.forward(n)
		}
		done, err := p.walk(n)
		if err == nil && done < n {
			said = fmt.Sprintf("after %s nothing can happen", plural(int64(done), "random step"))
		}
		return said, true, err
	case "start":
		p.at = 0
		return "", true, p.arrive()
	case "end":
		p.at = len(p.path)
		return "", true, p.arrive()
	case "until":
		return "", true, p.until(ctx, rest)
	case "load":
		return "", true, p.load(rest)
	case "save":
		if err := p.save(rest); err != nil {
			return "", true, err
		}
		return fmt.Sprintf("saved %s in %s", plural(int64(p.at), "step"), rest), true, nil
	case "trace":
		tr := p.trace()
		for i := range tr {
			tr[i] = shortName(tr[i])
		}
		return "<" + strings.Join(tr, ", ") + ">", true, nil
	case "help":
		return probeHelp, true, nil
	case "quit":
		return "", false, nil
	}
	return "", true, p.chooseEvent(strings.TrimSpace(line))
}

// What commands take; those that are not here may take a number.
const (
	noArg = iota
	needsArg
)

var probeArgs = map[string]int{"start": noArg, "end": noArg, "trace": noArg, "help": noArg, "quit": noArg, "until": needsArg, "load": needsArg, "save": needsArg}

// The most steps of one command.
const mostRandom = 1_000_000

// probeScript carries out a script: a command a line, blank lines and what
// follows a # at the beginning of a line aside. It stops at the first that
// cannot be done, with the exit status that says why.
func (a *app) probeScript(p *prober, name string, in io.Reader) error {
	show := func() error {
		text, err := await(a, func() (string, error) {
			v, err := p.view()
			if err != nil {
				return "", err
			}
			return v.text(), nil
		})
		if err != nil {
			return err
		}
		_, err = io.WriteString(a.stdout, text)
		return err
	}
	if err := show(); err != nil {
		a.complain(err)
		return nil
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fmt.Fprintf(a.stdout, "> %s\n", shortName(line))
		before := p.arrived
		var said string
		more, err := await(a, func() (more bool, err error) {
			said, more, err = p.do(a.ctx, line)
			return more, err
		})
		if a.left.Err() != nil {
			return a.probeError(fmt.Sprintf("%s:%d: ", name, n), explore.Cancelled(a.ctx))
		}
		if said != "" {
			fmt.Fprintln(a.stdout, said)
		}
		if err == nil && p.arrived > before {
			err = show()
		}
		if err != nil {
			return a.probeError(fmt.Sprintf("%s:%d: ", name, n), err)
		}
		if !more {
			return nil
		}
	}
	return lines.Err()
}

// probeError is an error with where it came up, unless it is one of the
// CSPM script, which is complained of.
func (a *app) probeError(at string, err error) error {
	if _, ok := cspm.AsErrors(err); ok {
		a.complain(err)
		return nil
	}
	var l *explore.Limit
	if errors.As(err, &l) {
		a.complain(&explore.Limit{Reason: at + l.Reason})
		return nil
	}
	return errors.New(at + err.Error())
}
