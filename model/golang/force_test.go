package golang_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	. "github.com/cspcheck/cspcheck/model/golang"
)

// forceAll is what a child does to have each outcome for real, from a number
// on: it follows a shortest path to it, if need be again and again.
func forceAll(name string, first int) {
	p := program(name)
	net, err := p.Network()
	if err != nil {
		panic(err)
	}
	s := exploreAll(net, mostStates)
	outcomes, paths, _ := s.outcomes(p, true, mostPoints)
	if first == 0 {
		tourAll(p, s)
	}
	for i := first; i < len(outcomes); i++ {
		o := outcomes[i]
		end := o.End
		if end != "returned" && end != "deadlock" {
			end = "panic"
		}
		message, err := again(p, paths[i], end, func() { fmt.Printf("%d risks %s\n", i, o.End) })
		switch {
		case err != nil:
			fmt.Printf("%d %v: %v\n", i, o, err)
		case end == "panic" && endOf(message) != o.End:
			fmt.Printf("%d %v: %s\n", i, o, message)
		default:
			fmt.Printf("%d ok\n", i)
		}
	}
}

// again follows a path until that succeeds: a select takes any case that is
// ready, and a branch is any. If it is not that, it does not matter how often.
func again(p *Program, path []Move, end string, beware func()) (message string, err error) {
	tries := mostTries
	for try := uint64(0); tries > 0; try++ {
		if message, err = Force(p, path, end, try, beware); err == nil {
			return message, nil
		}
		if errors.Is(err, ErrOther) {
			tries--
		} else {
			tries -= mostTries / 5
		}
	}
	return "", err
}

// tourAll follows paths that have each step of the model in them.
func tourAll(p *Program, s *space) {
	tours, ok := s.tours(p, mostTours)
	if !ok {
		return
	}
	for _, path := range tours {
		_, err := again(p, path, "", nil)
		if err != nil {
			fmt.Printf("tour %v: %v\n", path, err)
			return
		}
	}
	fmt.Printf("tours %d\n", len(tours))
}

const (
	mostTours  = 200
	mostStates = 20_000
	mostPoints = 200_000
	mostTries  = 300
)

// force has a child follow the paths to all outcomes. Each must be had.
func force(t *testing.T, name string, p *Program, outcomes []Outcome, paths [][]Move) (tours int) {
	t.Helper()
	for i := 0; i < len(outcomes); {
		stdout, stderr, err := start(1, "force", name, fmt.Sprint(i))
		for sc := bufio.NewScanner(bytes.NewReader(stdout)); sc.Scan(); {
			number, what, _ := strings.Cut(sc.Text(), " ")
			at, convErr := strconv.Atoi(number)
			switch {
			case number == "tours":
				tours, _ = strconv.Atoi(what)
			case number == "tour":
				t.Errorf("%s: %s\nin\n%v", name, what, p)
			case convErr != nil || at != i:
				t.Fatalf("%s: the child says %q", name, sc.Text())
			case strings.HasPrefix(what, "risks "):
			case what == "ok":
				i++
			default:
				t.Errorf("%s: outcome %s\nafter %v in\n%v", name, what, paths[at], p)
				i++
			}
		}
		if i == len(outcomes) {
			return tours
		}
		if got := endOf(string(stderr)); err == nil || got != outcomes[i].End { // a fatal error
			t.Fatalf("%s: outcome %v: %v\n%s\nafter %v in\n%v", name, outcomes[i], err, stderr, paths[i], p)
		}
		i++
	}
	return tours
}
