package java

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// Names of events that are in several machines, behind the machine's name and
// a dot, and in the script specs/lib/java.csp.
const (
	illegalMonitorState = "throws.illegalMonitorState"
	deep                = "deep"          // one hold more than is counted
	lost                = "lost"          // a notification that nobody waits for
	woken               = "woken"         // a wait returns
	spuriously          = "spuriously"    // a thread leaves the wait set by itself
	most                = model.Most >> 6 // of what may be counted
)

// A sleeper is a thread that waits for something.
type sleeper struct {
	thread int // of the machine's threads
	holds  int // to be restored; 0: it has none yet
	set    int // the condition it waits for, or -1: it waits for the lock
}

// A line is sleepers one behind the other, as a value that can be compared:
// three runes each.
type line string

func (s sleeper) line() line {
	return line([]rune{rune(s.thread + 1), rune(s.holds + 1), rune(s.set + 2)})
}

func (l line) all() []sleeper {
	var out []sleeper
	rs := []rune(string(l))
	for ; len(rs) > 0; rs = rs[3:] {
		out = append(out, sleeper{int(rs[0]) - 1, int(rs[1]) - 1, int(rs[2]) - 2})
	}
	return out
}

func joined(all []sleeper) line {
	var l line
	for _, s := range all {
		l += s.line()
	}
	return l
}

// has reports whether a thread is in the line.
func (l line) has(thread int) bool {
	return slices.ContainsFunc(l.all(), func(s sleeper) bool { return s.thread == thread })
}

// without returns the line when a thread has left it.
func (l line) without(thread int) line {
	return joined(slices.DeleteFunc(l.all(), func(s sleeper) bool { return s.thread == thread }))
}

// sorted returns the line by threads: where nothing hangs on the order, lines
// that differ in it are one state.
func (l line) sorted() line {
	all := l.all()
	slices.SortFunc(all, func(a, b sleeper) int { return a.thread - b.thread })
	return joined(all)
}

// of returns those of the line that wait for a condition, in their order.
func (l line) of(set int) []sleeper {
	return slices.DeleteFunc(l.all(), func(s sleeper) bool { return s.set != set })
}

func (l line) text(threads []string) string {
	var names []string
	for _, s := range l.all() {
		names = append(names, threads[s.thread])
	}
	return "<" + strings.Join(names, ",") + ">"
}

// checkNames refuses names that are not told apart.
func checkNames(what, of string, names []string) error {
	seen := map[string]bool{}
	for _, name := range names {
		if name == "" || seen[name] {
			return fmt.Errorf("%s has two %s %q, or one without a name", of, what, name)
		}
		seen[name] = true
	}
	return nil
}

// checkCount refuses a number that is not in lo..most.
func checkCount(of, what string, n, lo int) error {
	if n < lo || n > most {
		return fmt.Errorf("%s has %d %s, which is not in %d..%d", of, n, what, lo, most)
	}
	return nil
}
