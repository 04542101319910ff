package golang_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	. "github.com/cspcheck/cspcheck/model/golang"
)

var (
	programs  = flag.Int("programs", 60, "how many drawn programs are run for real")
	schedules = flag.Int("schedules", 100, "how often each is run, on one processor and on two")
)

// names returns the programs that are run: all rows, and drawn ones, which are the
// same each time.
func names() []string {
	var out []string
	for i := range rows {
		out = append(out, fmt.Sprint(i))
	}
	n := *programs
	if testing.Short() {
		n /= 6
	}
	for seed := range n {
		size := []string{"2.3", "3.3", "4.3", "3.5"}[seed%4]
		out = append(out, fmt.Sprintf("drawn.%s.%d", size, seed))
	}
	return out
}

// spaceOf searches a program; nil if it has runs without end, or is too large.
func spaceOf(t *testing.T, p *Program, options ...Option) *space {
	t.Helper()
	net, err := p.Network(options...)
	if err != nil {
		t.Fatalf("%v\n%v", err, p)
	}
	s := exploreAll(net, mostStates)
	if s == nil || s.limit != "" || !s.ends() {
		return nil
	}
	return s
}

// Whatever Go does when programs run, with many schedules, is something that
// the model does.
func TestTheModelAllowsWhatGoDoes(t *testing.T) {
	ran, left, all, ends := 0, 0, 0, map[string]int{}
	for _, name := range names() {
		p := program(name)
		s := spaceOf(t, p)
		if s == nil {
			left++
			continue
		}
		ran++
		for o, k := range observed(t, name, s) {
			all += k
			ends[o.End]++
			if !s.has(o) && !s.tried(t, p, o) {
				t.Errorf("%s: %v was observed %d times, and is no outcome of the model of\n%v", name, o, k, p)
			}
		}
	}
	t.Logf("%d programs, %d not run; %d runs; outcomes by their ends: %v", ran, left, all, ends)
	for _, end := range []string{"returned", "deadlock", "sendOnClosed", "notLocked", "negative"} {
		if ends[end] == 0 {
			t.Errorf("nothing ended with %s", end)
		}
	}
}

// observed runs a program with many schedules, on one processor and on two,
// until there were enough, or a few ended the process.
func observed(t *testing.T, name string, s *space) map[Outcome]int {
	t.Helper()
	many, batch, crashes := *schedules, *schedules, max(3, *schedules/30)
	if s.fatal() {
		many, batch = crashes, 1 // who is left over might end the process in a later run
	}
	out := map[Outcome]int{}
	for i, procs := range []int{1, 2} {
		for o, k := range runs(t, name, procs, i*many, (i+1)*many, batch, crashes) {
			out[o] += k
		}
	}
	return out
}

// tried reports whether an outcome is one if TryLock fails for no reason, as
// that of a RWMutex may while others come and go.
func (s *space) tried(t *testing.T, p *Program, o Outcome) bool {
	if text := p.String(); !strings.Contains(text, "sync.RWMutex") || !strings.Contains(text, ".TryLock()") {
		return false
	}
	lax := spaceOf(t, p, Spurious)
	return lax != nil && lax.has(o)
}

// Whatever the model of a small program does Go does, too, if goroutines go on
// in the right order, but for what package golang does not count on and Go never
// does (see ordinary).
func TestGoDoesWhatTheModelAllows(t *testing.T) {
	const most = 100 // outcomes
	had, left, all, never, tours := 0, 0, 0, 0, 0
	for _, name := range names() {
		p := program(name)
		s := spaceOf(t, p)
		if s == nil {
			left++
			continue
		}
		outcomes, paths, ok := s.outcomes(p, true, mostPoints)
		if !ok || len(outcomes) > most {
			left++
			continue
		}
		had++
		all += len(outcomes)
		any, _, _ := s.outcomes(p, false, mostPoints)
		never += len(any) - len(outcomes)
		tours += force(t, name, p, outcomes, paths)
	}
	t.Logf("%d programs, %d left out; %d outcomes, and %d that Go never has; %d paths through all steps", had, left, all, never, tours)
	if 5*never > all {
		t.Errorf("%d of %d outcomes are none of Go's", never, all+never)
	}
}

// A wait group that is used again before those who waited are gone panics. No
// order of operations makes that sure: it is the one that wakes up that panics.
func TestReuseIsSeen(t *testing.T) {
	for i, row := range rows {
		if row.name != reuse {
			continue
		}
		for first := 0; first < 10_000; first += 10 {
			for o := range runs(t, fmt.Sprint(i), 1, first, first+10, 10, 10) {
				if o.End == "reused" {
					return
				}
			}
		}
		t.Error("no run panics")
	}
}
